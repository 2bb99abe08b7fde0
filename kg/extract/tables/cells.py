"""Figures and dates in the cells of a table, each with where it is printed and where its unit stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.extract.dates import dates
from kg.extract.figures import bound_before, bound_behind, figures
from kg.extract.lexicon import Lexicon
from kg.extract.numerals import number_of
from kg.extract.plain import plain
from kg.extract.tables.grid import Cell
from kg.extract.units import figure_with_unit

__all__ = ["CellFigure", "amount_in", "date_in", "percent_in"]

_NUMBER = r"\d[\d.,\s\u00a0\u202f]*\d|\d"
_MARK = r"(?:\s*(?:\(\d{1,2}\)|\([a-z]\)|\[\w{1,2}\]|[*†‡§¹²³]))*"
_PERCENT = re.compile(
    rf"(?:(?:[~≈]|c\.|ca\.?|circa|approx\.?|approximately|about|env(?:iron|\.)?)\s*)?"
    rf"(?P<before>[<≤>≥]|[^\W\d_]+(?: [^\W\d_]+){{0,2}})?\s*(?P<n>{_NUMBER})\s?"
    rf"(?P<p>%|percent|per cent|pour cent)?(?P<more>\s?\+)?(?P<behind> [^\W\d_]+ [^\W\d_]+)?{_MARK}",
    re.IGNORECASE,
)
_SIGNS = {"<": "max", "≤": "max", ">": "min", "≥": "min"}
_AMOUNT = re.compile(rf"(?P<before>[^\d()]{{0,6}}?)\s*(?P<n>{_NUMBER})\s*(?P<after>[^\d()]*){_MARK}")
_LONGEST, _LONGEST_CAPTION = 80, 1000
"""Characters of the longest cell with a figure, and of the longest text that is looked through for a date."""
# A year that is all of a cell, or stands apart at its end: "Customers of CoreWeave, 2024", "Shareholders (2023)".
_YEAR = re.compile(r"(?:.*[,(]\s*)?((?:19|20)\d\d)\)?")
# A month as lists of deals have it: "Nov-24" is November 2024.
_SHORT_DATE = re.compile(r"(?P<month>[^\W\d_]{3,5})\.?[-'’](?P<year>\d\d)")


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A figure: its value, bound and currency, the place where it is printed, those of the unit where that is apart."""

    value: Decimal
    place: tuple[int, int]
    units: tuple[tuple[int, int], ...] = ()
    currency: str | None = None
    bound: str = ""


def percent_in(cell: Cell, beside: Cell | None, heads: Sequence[Cell], lexicon: Lexicon) -> CellFigure | None:
    """Return the percentage of a cell; None where it holds none, or what its number counts is not told.

    Args:
        cell: the cell.
        beside: the one to its right, which may hold the sign.
        heads: the cells that may tell the unit, the nearest first.
        lexicon: that of the language.

    """
    match = _PERCENT.fullmatch(cell.text) if len(cell.text) <= _LONGEST else None
    if match is None:
        return None
    bound = _bound(match, lexicon)
    if bound is None:
        return None
    start, end = cell.start + match.start("n"), cell.start + match.end("n")
    value = number_of(plain(match["n"]), lexicon)
    if match["p"] and value is not None:
        return CellFigure(value, (start, cell.start + match.end("p")), bound=bound) if value <= _HUNDRED else None
    for unit in [beside] if beside is not None and beside.text[:1] == "%" else heads:
        figure = figure_with_unit(match["n"], "percent", [unit.text], lexicon)
        if figure is not None:
            return CellFigure(figure.value, (start, end), ((unit.start, unit.end),), bound=bound)
    return None


_HUNDRED = Decimal(100)


def _bound(match: re.Match[str], lexicon: Lexicon) -> str | None:
    """Whether a percentage is the least ("min") or the most; None where words beside it are not understood."""
    before, behind = match["before"] or "", match["behind"] or ""
    said = _SIGNS.get(before) or bound_before(before, lexicon) or bound_behind(behind)
    if (before or behind) and not said:
        return None
    return "min" if match["more"] else said


def amount_in(cell: Cell, before: Cell | None, heads: Sequence[Cell], lexicon: Lexicon) -> CellFigure | None:
    """Return the sum of money in a cell; None where it holds none, or its currency or scale is not told.

    `before` is the cell to its left, which may hold the sign of the currency; the others are as in `percent_in`.
    """
    match = _AMOUNT.fullmatch(cell.text) if len(cell.text) <= _LONGEST else None
    if match is None:
        return None
    printed = [figure for figure in figures(plain(cell.text), lexicon.lang) if figure.kind == "amount"]
    bare = number_of(plain(match["n"]), lexicon, scaled=False)
    if len(printed) > 1 or (printed and printed[0].bound) or bare is None:
        return None
    place = (cell.start + match.start("n"), cell.start + match.end("n"))
    if printed and printed[0].value != bare:
        # It has a scale of its own: "$1.2 billion".
        place = (cell.start + printed[0].start, cell.start + printed[0].end)
        return CellFigure(printed[0].value, place, currency=printed[0].unit)
    signed = [cell] if match["before"].strip() or match["after"].strip() else []
    signed += [before] if before is not None and not any(char.isalnum() for char in before.text) else []
    unscaled = None
    for count in range(len(heads) + 1):
        units = [*signed, *heads[:count]]
        figure = figure_with_unit(match["n"], "amount", [unit.text for unit in units], lexicon)
        if figure is None:
            continue
        told = CellFigure(figure.value, place, tuple((unit.start, unit.end) for unit in units), figure.unit)
        if figure.value != bare:
            return told
        unscaled = unscaled or told
    return unscaled


def date_in(cell: Cell, lexicon: Lexicon, published: str | None) -> str | None:
    """Return the date of a cell, a partial one kept partial, where it holds just one."""
    if len(cell.text) > _LONGEST_CAPTION:
        return None
    short = _SHORT_DATE.fullmatch(cell.text)
    text = f"{short['month']} 20{short['year']}" if short else cell.text
    found = {date.iso for date in dates(plain(text), lexicon.lang, published)}
    year = _YEAR.fullmatch(cell.text)
    found |= {year[1]} if year and not found else set()
    return found.pop() if len(found) == 1 else None
