"""Claims as a table, one line a claim: CSV for spreadsheets, a pandas DataFrame for notebooks."""

import csv
import io
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from kg.errors import MissingExtra
from kg.facts.periods import is_live
from kg.model import Claim, Entity, Qualifiers
from kg.query.rendering import guarded

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "frame", "write_csv"]

_Value: TypeAlias = str | Decimal | float | int | bool | None

_TERMS = tuple(f.name for f in fields(Qualifiers))
_NUMBERS = ("value", "amount", "percent", "percent_min", "percent_max", "quantity", "confidence")

COLUMNS = (
    *("subject", "subject_id", "subject_type", "relation", "object", "object_id", "object_type", "value", "unit"),
    *("modality", "fact", *_TERMS, "known_from", "document", "lang", "from", "to", "quote"),
    *("recorded_at", "retracted_at", "method", "confidence", "claim"),
)
"""The columns, in order. `value` and `unit` are those of a company figure, which has no object;
`from` and `to` are the offsets of the first quote in its document."""


def _row(claim: Claim) -> tuple[_Value, ...]:
    first, end = claim.evidence[0], claim.object
    object_: tuple[_Value, ...] = (
        (end.name, end.id, end.type, None, None) if isinstance(end, Entity) else (None, None, None, end.value, end.unit)
    )
    return (
        *(claim.subject.name, claim.subject.id, claim.subject.type, claim.relation, *object_),
        *(claim.modality.value, is_live(claim), *(getattr(claim.qualifiers, name) for name in _TERMS)),
        *(claim.known_from, claim.document, first.lang, first.start, first.end),
        " … ".join(evidence.quote for evidence in claim.evidence),
        *(claim.recorded_at, claim.retracted_at, claim.method, claim.confidence, claim.id),
    )


def write_csv(claims: Iterable[Claim], out: BinaryIO, *, exact: bool = False) -> tuple[str, ...]:
    """Write claims as CSV (RFC 4180, UTF-8), one line each, every term in a column of its own.

    A text that a spreadsheet would run as a formula is written after an apostrophe (see
    `kg.query.rendering.guarded`, undone by `unguarded`); `exact` leaves every text as it is.
    """
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for claim in claims:
            writer.writerow([_plain(value, exact=exact) for value in _row(claim)])
    finally:
        text.detach()
    return ()


def _plain(value: _Value, *, exact: bool) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case str():
            return value if exact else guarded(value)
    return str(value)


def frame(claims: Iterable[Claim]) -> "pd.DataFrame":
    """Return claims as a pandas DataFrame with the columns of `COLUMNS`, indexed by claim.

    Numbers are floats, exact up to 15 digits; dates stay partial, and so stay text.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtra("pandas is not installed: pip install 'kg[notebook]'") from error
    table = pd.DataFrame([_row(claim) for claim in claims], columns=list(COLUMNS))
    for name in _NUMBERS:
        table[name] = pd.to_numeric(table[name]).astype("float64")
    return table.set_index("claim")
