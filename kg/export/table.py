"""Claims as a table, one line a claim: CSV for spreadsheets, a pandas DataFrame for notebooks."""

import csv
import datetime as dt
import io
from collections.abc import Collection, Iterable
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from kg.errors import MissingExtra
from kg.export.dated import DatedClaim, dated_claims
from kg.facts import TriState
from kg.model import NUMERIC_QUALIFIERS, Claim, Entity, Qualifiers
from kg.settings import today as current_day
from kg.tables.rendering import guarded

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "frame", "write_csv"]

_Value: TypeAlias = str | Decimal | float | int | bool | None

_TERMS = tuple(f.name for f in fields(Qualifiers))
_NUMBERS = ("value", *NUMERIC_QUALIFIERS, "confidence")

COLUMNS = (
    *("subject", "subject_id", "subject_type", "relation", "object", "object_id", "object_type", "value", "unit"),
    *("modality", "fact", *_TERMS, "known_from", "document", "lang", "from", "to", "quote"),
    *("recorded_at", "retracted_at", "method", "confidence", "claim"),
    *("valid_from", "valid_until", "undecided", "today", "outcome", "reasons"),
)
"""The columns, in order. `value` and `unit` are those of a company figure, which has no object;
`from` and `to` are the offsets of the first quote in its document. `fact` says whether it holds on the day `today`,
`undecided` that the bounds of its dates leave that open; `valid_from` and `valid_until` are the first and the last day
on which it does (0001-01-01 where nobody says since when; both are empty where it never does, and of figures)."""


def _row(dated: DatedClaim, day: dt.date) -> tuple[_Value, ...]:
    claim = dated.claim
    first, end = claim.evidence[0], claim.object
    object_: tuple[_Value, ...] = (
        (end.name, end.id, end.type, None, None) if isinstance(end, Entity) else (None, None, None, end.value, end.unit)
    )
    return (
        *(claim.subject.name, claim.subject.id, claim.subject.type, claim.relation, *object_),
        *(claim.modality.value, dated.is_fact, *(getattr(claim.qualifiers, name) for name in _TERMS)),
        *(claim.known_from, claim.document, first.lang, first.start, first.end),
        claim.quote,
        *(claim.recorded_at, claim.retracted_at, claim.method, claim.confidence, claim.id),
        *(dated.valid_from, dated.valid_until, dated.holds is TriState.UNDECIDED, day.isoformat()),
        *(claim.outcome.value, " ".join(claim.reasons) or None),
    )


def write_csv(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    out: BinaryIO,
    *,
    exact: bool = False,
    today: dt.date | None = None,
    only: Collection[str] | None = None,
    selection: str | None = None,
) -> tuple[str, ...]:
    """Write claims as CSV (RFC 4180, UTF-8), one line each, every term in a column of its own.

    `claims` are all of their relationships; `today` is the day on which it is decided what holds. `only` are the ids of
    those to write, where that is not all. What the claims were narrowed to, `selection`, is a column more.

    A text that a spreadsheet would run as a formula is written after an apostrophe (see
    `kg.tables.rendering.guarded`, undone by `unguarded`); `exact` leaves every text as it is.
    """
    day = today or current_day()
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        more = () if selection is None else (selection,)
        writer.writerow((*COLUMNS, *(("selection",) if more else ())))
        for dated in dated_claims(claims, day):
            if only is not None and dated.claim.id not in only:
                continue
            writer.writerow([_plain(value, exact=exact) for value in (*_row(dated, day), *more)])
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


def frame(claims: Iterable[Claim], *, today: dt.date | None = None, selection: str | None = None) -> "pd.DataFrame":
    """Return claims as a pandas DataFrame with the columns of `COLUMNS`, indexed by claim.

    `claims` are all of their relationships; `today` is the day on which it is decided what holds. Numbers are floats,
    exact up to 15 digits; dates stay partial, and so stay text.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtra("pandas is not installed: pip install 'kg[notebook]'") from error
    day = today or current_day()
    table = pd.DataFrame([_row(dated, day) for dated in dated_claims(claims, day)], columns=list(COLUMNS))
    for name in _NUMBERS:
        table[name] = pd.to_numeric(table[name]).astype("float64")
    if selection is not None:
        table["selection"] = selection
    return table.set_index("claim")
