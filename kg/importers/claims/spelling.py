"""How cells may be spelt: decimal commas, days first, words of either language; what is not known stays as it is.

Whoever opens an export in a spreadsheet and saves it gets another file: in French with ``12,5``, ``11/03/2025`` and
``VRAI``. Each such spelling has one meaning, and that is what a claim takes; a cell that has none is left to the
reading of fields, which names it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kg.dates import is_partial_date
from kg.documents.dates import parse_date
from kg.importers.edges.rows import RawRow
from kg.model import BOOLEAN_QUALIFIERS, NUMERIC_QUALIFIERS
from kg.ontology import Term, ontology
from kg.wording.printable import unguarded

__all__ = ["plain_row"]

_NUMBERS = ("share", "value", *NUMERIC_QUALIFIERS)
_DATES = ("start", "end", "as_of", "known_from")
# Between thousands: a space of any width, or an apostrophe, as the Swiss write; never a point or a comma.
_GROUPED = re.compile(r"([+-]?)([0-9]{1,3}(?:[ \u00a0\u2009\u202f'’][0-9]{3})+|[0-9]+)((?:[.,][0-9]+)?)")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]{1,4})?")
_DAY_FIRST = re.compile(r"(?:([0-9]{1,2})[/.])?([0-9]{1,2})[/.]([0-9]{4})")
_MONTH_SHORT = re.compile(r"([^\W\d_]{3,9})\.?-([0-9]{2})")
_CENTURY_TURNS = 69
"""Years of two digits below it are of this century, as POSIX has it."""
_TRUTH = {"vrai": "true", "oui": "yes", "faux": "false", "non": "no"}


def plain_row(row: RawRow, *, is_comma: bool) -> RawRow:
    """Return a row whose cells are spelt as `kg.importers.edges.fields` reads them.

    With `is_comma` a comma is the decimal mark, and days stand before months.

    >>> row = RawRow(1, {"percent": "12,5 %", "start": "11/03/2025", "modality": "prévu"}, {}, "", 0)
    >>> plain_row(row, is_comma=True).values
    {'percent': '12.5%', 'start': '2025-03-11', 'modality': 'planned'}

    """
    values = {name: unguarded(value) if isinstance(value, str) else value for name, value in row.values.items()}
    for names, meaning in _meanings(is_comma=is_comma):
        for name in names:
            if isinstance(values.get(name), str):
                values[name] = meaning(values[name].strip())
    return replace(row, values=values)


def _meanings(*, is_comma: bool) -> tuple[tuple[tuple[str, ...], Callable[[str], Any]], ...]:
    known = ontology()
    return (
        (_NUMBERS, lambda text: _number(text, is_comma=is_comma)),
        (_DATES, lambda text: _date(text, is_comma=is_comma)),
        (BOOLEAN_QUALIFIERS, lambda text: _TRUTH.get(text.casefold(), text)),
        (("relation",), lambda text: _named(text, known.relations)),
        (("modality",), lambda text: _named(text, known.modalities)),
        (("tier",), lambda text: _named(text, known.tiers)),
    )


def _named(text: str, terms: Mapping[str, Term]) -> str:
    """Return the name of a term that is called by its label in either language."""
    word = text.casefold()
    return next(
        (name for name, term in terms.items() if word in {label.casefold() for label in term.label.values()}), text
    )


def _number(text: str, *, is_comma: bool) -> str:
    number, sign = text.removesuffix("%").strip(), "%" if text.endswith("%") else ""
    match = _GROUPED.fullmatch(number)
    if match and (is_comma or "," not in number):
        digits = "".join(char for char in match[2] if char.isdigit())
        return f"{match[1]}{digits}{match[3].replace(',', '.')}{sign}"
    if is_comma and _COMMA.fullmatch(number):
        return number.replace(",", ".") + sign
    return text


def _date(text: str, *, is_comma: bool) -> str:
    if is_partial_date(text):
        return text
    match = _DAY_FIRST.fullmatch(text) if is_comma else None
    if match:
        parts = (match[3], match[2].zfill(2), *([match[1].zfill(2)] if match[1] else []))
        return "-".join(parts) if is_partial_date("-".join(parts)) else text
    short = _MONTH_SHORT.fullmatch(text) if is_comma else None
    if short:
        century = 20 if int(short[2]) < _CENTURY_TURNS else 19
        return parse_date(f"{short[1]} {century}{short[2]}") or text
    return parse_date(text) or text
