"""Results as tables: in words for people, in numbers for programs, as DataFrames for notebooks.

For programs a share stands in two columns, its bounds as fractions, a sum in three, its bounds and its currency, an
entity in two, its name and its id. A line ends with its evidence: the first claim's document and sentence, that
claim, and the ids of all claims that made it.
"""

import datetime as dt
import html
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from kg.analysis.records import ResultData, Row
from kg.errors import MissingExtra
from kg.facts import Interval, Money, TriState
from kg.facts.interval import TOLERANCE
from kg.model import Claim, Entity
from kg.ontology import BASE, ontology
from kg.store.iris import IriScheme
from kg.tables.table import Kind, Table
from kg.wording.printable import printable
from kg.wording.terms import money, number

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "EVIDENCE",
    "as_html",
    "cells_of",
    "columns_and_rows",
    "frame",
    "in_words",
    "lines_of_cells",
    "share_in_words",
    "table",
]

EVIDENCE = ("document", "sentence", "claim", "claims")
"""The columns with which a line ends."""
_DIGITS = 12
_FIGURES = 3
_WHOLE_FROM = 100
_SHOWN = 50
_HUNDRED = Decimal(100)
_UNKNOWN: Mapping[str, str] = {"en": "unknown", "fr": "inconnu"}
_ANSWERS: Mapping[str, Mapping[TriState, str]] = {
    "en": {answer: answer.value for answer in TriState},
    "fr": {TriState.TRUE: "oui", TriState.FALSE: "non", TriState.UNDECIDED: "indécis"},
}
_OWN: Mapping[str, str] = {"quote": "sentence"}


def lines_of_cells(result: ResultData[Any]) -> tuple[tuple[str, ...], list[dict[str, Any]]]:
    """Return the columns of a result in the order in which its rows give them, and its lines by column.

    The evidence is no column, but in each line; a row may say itself which sentence it is.
    """
    rows = [cells for row in result for cells in cells_of(row)]
    names = dict.fromkeys(name for line in rows for name in line if name not in EVIDENCE)
    return tuple(names), rows


def cells_of(row: Row) -> list[dict[str, Any]]:
    """Return the lines of a row by column, each with its evidence."""
    rows: list[dict[str, Any]] = []
    for cells in row.cells():
        named = {_OWN.get(name, name.replace(" ", "_")): value for name, value in cells.items()}
        rows.append(named | _first_sentence(named))
    return rows


def columns_and_rows(result: ResultData[Any]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return a result as columns and rows of plain values: text, int, float, Decimal, bool, None.

    Floats are rounded to twelve figures, what lies below is noise of the computation.
    """
    names, lines = lines_of_cells(result)
    parts = {name: _parts(name, [line.get(name) for line in lines]) for name in names}
    columns = (*itertools.chain(*parts.values()), *(EVIDENCE if lines else ()))
    rows = []
    for line in lines:
        evidence = {name: line[name] for name in EVIDENCE if name in line}
        for name in names:
            evidence |= _split(name, line.get(name))
        rows.append(tuple(evidence.get(column) for column in columns))
    return columns, rows


def _parts(name: str, values: Iterable[Any]) -> tuple[str, ...]:
    """Return the columns that a column takes; one that says nothing keeps its name."""
    return tuple(dict.fromkeys(part for value in values if value is not None for part in _split(name, value))) or (
        name,
    )


def _split(name: str, value: Any) -> dict[str, Any]:
    """Return the columns that a value takes, and what stands in them."""
    match value:
        case Interval():
            return {f"{name}_low": _rounded(value.low), f"{name}_high": _rounded(value.high)}
        case Money():
            return {f"{name}_low": value.low, f"{name}_high": value.high, f"{name}_currency": value.currency}
        case Entity():
            return {name: value.name, f"{name}_id": value.id}
        case float():
            return {name: _rounded(value)}
    return {name: str(value) if isinstance(value, Enum | dt.date) else value}


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _first_sentence(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the evidence of a line: `claims` become their ids."""
    claims: Sequence[Claim] = line.get("claims", ())
    if not claims:
        return {"claims": None}
    told = {"document": claims[0].document, "sentence": claims[0].evidence[0].quote}
    own = {name: line[name] for name in told if line.get(name) is not None}
    return told | own | {"claim": claims[0].id, "claims": " ".join(claim.id for claim in claims)}


def frame(result: ResultData[Any]) -> "pd.DataFrame":
    """Return a result as a pandas DataFrame, with the columns of `columns_and_rows`; sums of money are floats."""
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtra("tables need pandas: pip install 'kg[analysis]'") from error
    columns, rows = columns_and_rows(result)
    plain = [[float(value) if isinstance(value, Decimal) else value for value in row] for row in rows]
    return pd.DataFrame(plain, columns=list(columns))


def table(result: ResultData[Any], *, words: bool, base: str = BASE, lang: str = "en") -> Table:
    """Return a result as a table for `kg.tables.rendering`: in words of `lang` for people, or in numbers."""
    if words:
        names, lines = lines_of_cells(result)
        columns = (*names, *(name for name in EVIDENCE if name != "claim" and lines))
        rows = [[*(in_words(name, line.get(name), lang) for name in names), *_cited(line)] for line in lines]
        return Table(columns, [tuple(row) for row in rows], result.title, base)
    columns, plain = columns_and_rows(result)
    if "claim" in columns:
        at, iris = columns.index("claim"), IriScheme(base)
        plain = [(*row[:at], row[at] and iris.claim(row[at]).value, *row[at + 1 :]) for row in plain]
    return Table(columns, plain, result.title, base, {"claim": Kind.IRI})


def _cited(line: Mapping[str, Any]) -> Iterator[str | None]:
    """Yield a line's source and sentence, and how many claims made it."""
    yield from (
        line.get("document"),
        line.get("sentence"),
        str(len(line["claims"].split())) if line.get("claims") else None,
    )


# ---------------------------------------------------------------------------------- words
def in_words(name: str, value: Any, lang: str = "en") -> str | None:  # noqa: PLR0911 - one for each kind of value
    """Return a value as people read it: "62 %", "20–40 %", "11.9 bn USD", "unknown"; None for nothing."""
    match value:
        case None:
            return None
        case Interval():
            return share_in_words(value, lang)
        case Money():
            low, high = (money(amount, None, lang, short=True) for amount in (value.low, value.high))
            return f"{low if low == high else f'{low}–{high}'} {value.currency}"
        case Entity():
            return value.name
        case TriState():
            return _ANSWERS[lang][value]
        case bool():
            return _ANSWERS[lang][TriState.TRUE if value else TriState.FALSE]
        case int() | float() | Decimal():
            return _number(value, lang)
    vocabularies = {"relation": ontology().relations, "modality": ontology().modalities, "tier": ontology().tiers}
    terms: Mapping[str, Any] = (vocabularies | {"type": ontology().classes}).get(name, {})
    return terms[str(value)].label[lang] if str(value) in terms else str(value)


def share_in_words(share: Interval, lang: str = "en") -> str:
    """Return a share as people read it, in per cent: three figures, and more where fewer would mislead.

    What is not a whole number of per cent is not shown as one, nor a range as a number: 50.0001 % is more than half.

    >>> [share_in_words(Interval(*each)) for each in ((0.62, 0.62), (0.2, 0.4), (0, 1), (1 / 3, 1 / 3))]
    ['62 %', '20–40 %', 'unknown', '33.3 %']
    >>> share_in_words(Interval.exactly(0.500001)), share_in_words(Interval(0.2, math.inf))
    ('50.0001 %', '≥ 20 %')
    """
    if share.low <= 0 and share.high >= 1:
        return _UNKNOWN[lang]
    if math.isinf(share.high):
        return "∞" if math.isinf(share.low) else f"≥ {_percent(share.low, lang)} %"
    low, high = _percent(share.low, lang), _percent(share.high, lang)
    if share.is_exact:
        return f"{high} %"
    return f"{low}–{high} %" if low != high else f"{_percent(share.low, lang, 9)}–{_percent(share.high, lang, 9)} %"


def _percent(fraction: float, lang: str, figures: int = _FIGURES) -> str:
    for places in range(figures, _DIGITS + 1):
        percent = Context(prec=places, rounding=ROUND_HALF_UP).create_decimal(repr(round(fraction * 100, _DIGITS)))
        is_whole = percent == percent.to_integral_value()
        if not is_whole or abs(float(percent / _HUNDRED) - fraction) <= TOLERANCE:
            break
    return number(percent, lang)


def _number(value: float | Decimal, lang: str) -> str:
    """Return a number in three figures, or whole from a hundred on."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite() or (exact and abs(exact.adjusted()) > _DIGITS):
        return f"{value:.2e}"
    if isinstance(value, int):
        return number(exact, lang)
    if abs(exact) >= _WHOLE_FROM:
        return number(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP), lang)
    return number(Context(prec=_FIGURES, rounding=ROUND_HALF_UP).plus(exact), lang)


def as_html(result: ResultData[Any], *, lang: str = "en") -> str:
    """Return a result as a small HTML table for notebooks, every text escaped; of many lines the first fifty."""
    shown = table(result, words=True, lang=lang)
    columns = [at for at, _ in enumerate(shown.columns) if any(row[at] is not None for row in shown.rows)]
    head = "".join(f"<th>{_escaped(shown.columns[at])}</th>" for at in columns)
    rows = [[_escaped(row[at]) for at in columns] for row in shown.rows[:_SHOWN]]
    body = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
    more = len(shown) - len(rows)
    notes = [*([f"{more} more lines: see table()"] if more > 0 else []), *result.notes]
    listed = f"<ul>{''.join(f'<li>{_escaped(note)}</li>' for note in notes)}</ul>" if notes else ""
    whole = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if rows else "<p>no rows</p>"
    return f"<p><b>{_escaped(result.title)}</b></p>{whole}{listed}"


def _escaped(value: object) -> str:
    return "" if value is None else html.escape(printable(str(value)))
