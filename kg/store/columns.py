"""Claims as columns: one Arrow table, a row a claim, every term typed, for scans and aggregates.

`table_of` makes it out of any claims. Its columns, in order; what a source does not say is null:

==================================== ===========================================================================
claim                                the claim's id
document                             the id of the document that says it
subject_id, subject, subject_type    the entity's id, its name, its class
relation                             the relation's name: "holds-stake"
object_id, object, object_type       the other entity; null where a company's figure stands
value, value_text, unit              the figure, and its currency or what it counts
modality                             "asserted", "planned", …
valid_from, valid_until              the days on which it states a fact, by all claims of its relationship; null where
                                     it never does, or where the end is open; 0001-01-01 where nobody says since when
amount, amount_text, currency        a sum, in single units of an ISO 4217 currency
amount_min, amount_max, …_text       its bounds, where the source gives these
percent, percent_text                a share, 0–100; so are percent_min and percent_max, its bounds
percent_of                           of what: capital, votes, revenue, cost
quantity, quantity_text, goods       how many of what
exclusive                            whether it is said to be exclusive, or not to be
indirect                             whether it is said to be through others, or not to be
start, start_first, start_last       a partial date (2024, 2025-01, 2025-01-31), the first and the last of its days
end, end_first, end_last             the same
as_of, as_of_first, as_of_last       the same
duration                             an ISO 8601 duration in its shortest spelling: P1Y6M
duration_months, duration_days       the same as numbers
as_printed                           the figure as the source prints it
known_from, …_first, …_last          when the source appeared, a partial date
recorded_at                          when the store took it in, UTC
method, confidence                   what read it; a probability
quote, lang                          the first sentence that says it, to the letter, and its language
evidence_start, evidence_end         where that stands in the document's text, in characters
evidence                             all places: document, start, end, quote, lang
==================================== ===========================================================================

A number is a decimal of 26 digits before the point and 12 after it, exact; where one has more, it is null and
``…_text``, which is always exact, has it alone.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.dates import canonical_duration, duration_parts, first_day, last_day
from kg.errors import MissingExtra
from kg.facts import periods
from kg.model import BOOLEAN_QUALIFIERS, NUMERIC_QUALIFIERS, Claim, Document, Entity

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["NO_VALIDITY", "Columns", "Validity", "arrow", "documents_of", "is_exact", "table_of"]

Validity = tuple[dt.date | None, dt.date | None]
"""The columns valid_from and valid_until of a claim."""
NO_VALIDITY: Validity = (None, None)

_ROWS = 1 << 14
"""Rows made at once."""
_DATES = ("start", "end", "as_of")
_BEFORE, _AFTER = 26, 12
_EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Columns:
    """What scans are answered from: the current claims (see the module), and the documents.

    A document has id, lang, title, url, published. `is_exact` is whether every number of a claim is a decimal.
    """

    claims: "pa.Table"
    documents: "pa.Table"
    is_exact: bool


def arrow() -> Any:
    """Return pyarrow; raise `MissingExtra` where it is not installed."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtra("the table of claims needs Arrow: pip install 'kg[columns]'") from error
    return pa


def table_of(claims: Iterable[Claim], validity: Callable[[str], Validity] | None = None) -> "pa.Table":
    """Return claims as an Arrow table, in their order; the module tells its columns.

    `validity` gives, by a claim's id, the days on which it states a fact. Without it they follow from `claims`, which
    then have to be all claims of their relationships. Raises `MissingExtra` where pyarrow is not installed.
    """
    pa = arrow()
    if validity is None:
        claims = tuple(claims)
        validity = _validity_of(claims)
    stream = iter(claims)
    schema = _schema()
    batches = []
    while batch := list(islice(stream, _ROWS)):
        columns = zip(*(tuple(_row(claim, validity(claim.id))) for claim in batch), strict=True)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=False)]
        batches.append(pa.record_batch([*arrays, _evidence([claim.evidence for claim in batch])], schema=schema))
    return pa.Table.from_batches(batches, schema)


def _validity_of(claims: Sequence[Claim]) -> Callable[[str], Validity]:
    validity = {id_: (period.first or dt.date.min, period.last) for id_, period in periods(claims).items()}
    return lambda id_: validity.get(id_, NO_VALIDITY)


def documents_of(documents: Iterable[Document]) -> "pa.Table":
    """Return documents as an Arrow table, without their texts."""
    pa = arrow()
    names = ("id", "lang", "title", "url", "published")
    rows = [{name: getattr(document, name) for name in names} for document in documents]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names]))


def is_exact(claims: "pa.Table") -> bool:
    """Tell whether every number of a table of claims is there as a decimal."""
    return all(claims[name].null_count == claims[f"{name}_text"].null_count for name in ("value", *NUMERIC_QUALIFIERS))


def _fits(value: Decimal | None) -> bool:
    """Tell whether a number can be a decimal of the table."""
    if value is None:
        return True
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_AFTER and value.adjusted() < _BEFORE


@functools.cache
def _schema() -> "pa.Schema":
    pa = arrow()
    text, day, number = pa.string(), pa.date32(), pa.decimal128(_BEFORE + _AFTER, _AFTER)
    place = pa.struct([("document", text), ("start", pa.int32()), ("end", pa.int32()), ("quote", text), ("lang", text)])
    kinds: dict[str, Any] = {"value": number, "valid_from": day, "valid_until": day}
    kinds |= dict.fromkeys(BOOLEAN_QUALIFIERS, pa.bool_())
    kinds |= dict.fromkeys(NUMERIC_QUALIFIERS, number)
    kinds |= {f"{name}_{side}": day for name in (*_DATES, "known_from") for side in ("first", "last")}
    kinds |= dict.fromkeys(("duration_months", "duration_days", "evidence_start", "evidence_end"), pa.int32())
    kinds |= {"recorded_at": pa.timestamp("s", "UTC"), "confidence": pa.float64(), "evidence": pa.list_(place)}
    return pa.schema([(name, kinds.get(name, text)) for name in _NAMES])


def _names() -> Iterator[str]:
    yield from ("claim", "document", "subject_id", "subject", "subject_type", "relation")
    yield from ("object_id", "object", "object_type", "value", "value_text", "unit")
    yield from ("modality", "valid_from", "valid_until")
    for name in NUMERIC_QUALIFIERS:
        yield from (name, f"{name}_text")
    yield from ("currency", "percent_of", "goods", *BOOLEAN_QUALIFIERS)
    for name in (*_DATES, "known_from"):
        yield from (name, f"{name}_first", f"{name}_last")
    yield from ("duration", "duration_months", "duration_days", "as_printed", "recorded_at", "method", "confidence")
    yield from ("quote", "lang", "evidence_start", "evidence_end", "evidence")


_NAMES = tuple(_names())


def _row(claim: Claim, validity: Validity) -> Iterator[Any]:
    """Yield what the columns but the last hold of a claim, in their order."""
    subject, object_, qualifiers, first = claim.subject, claim.object, claim.qualifiers, claim.evidence[0]
    yield from (claim.id, first.document, subject.id, subject.name, subject.type, claim.relation)
    if isinstance(object_, Entity):
        yield from (object_.id, object_.name, object_.type, None, None, None)
    else:
        yield from (None, None, None, *_number(object_.value), object_.unit)
    yield from (claim.modality.value, *validity)
    for name in NUMERIC_QUALIFIERS:
        yield from _number(getattr(qualifiers, name))
    yield from (qualifiers.currency, qualifiers.percent_of, qualifiers.goods)
    yield from (getattr(qualifiers, name) for name in BOOLEAN_QUALIFIERS)
    for date in (qualifiers.start, qualifiers.end, qualifiers.as_of, claim.known_from):
        yield from _days(date)
    yield from _span(qualifiers.duration)
    yield from (qualifiers.as_printed, _moment(claim.recorded_at), claim.method, claim.confidence)
    yield from (first.quote, first.lang, first.start, first.end)


def _number(value: Decimal | None) -> tuple[Decimal | None, str | None]:
    if value is None:
        return None, None
    return value if _fits(value) else None, str(value)


@functools.lru_cache(maxsize=1 << 14)
def _days(date: str | None) -> tuple[str | None, int | None, int | None]:
    """Return a partial date with its first and last day, as days since 1970."""
    if date is None:
        return None, None, None
    return date, first_day(date).toordinal() - _EPOCH, last_day(date).toordinal() - _EPOCH


@functools.lru_cache(maxsize=1 << 10)
def _span(duration: str | None) -> tuple[str | None, int | None, int | None]:
    if duration is None:
        return None, None, None
    return canonical_duration(duration), *duration_parts(duration)


@functools.lru_cache(maxsize=1 << 10)
def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _evidence(places: Sequence[Sequence[Any]]) -> "pa.Array":
    """Return the places of claims as a list a claim: made out of whole columns, which is ten times faster."""
    pa = arrow()
    kind = _schema().field("evidence").type
    offsets = [0]
    for of_claim in places:
        offsets.append(offsets[-1] + len(of_claim))
    flat = [place for of_claim in places for place in of_claim]
    columns = [
        pa.array([getattr(place, kind.value_type.field(at).name) for place in flat], kind.value_type.field(at).type)
        for at in range(kind.value_type.num_fields)
    ]
    values = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values, type=kind)
