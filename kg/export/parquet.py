"""Claims, documents and judgements as Parquet (https://parquet.apache.org), for DuckDB, pandas, polars and Spark.

A table of claims has the columns of `kg.store.columns`, and those that a claim needs to come back whole:

================================ ===================================================================================
retracted_at, outcome, reasons   when it was withdrawn; what the gate decided, and why
duration_text                    the duration as the source's reader wrote it: P18M, where the column has P1Y6M
subject_aliases, object_aliases  the spellings that sources use
subject_identifiers, object_…    what they identify the ends by, each as "kind:value"
================================ ===================================================================================

A file says `kg.formats.EXCHANGE` under the key ``kg``. Beside claims, a folder has ``documents.parquet`` (all but the
texts, with their hashes and lengths) and ``judgements.parquet``: what people say of claims, documents and of who is
whom, with the whole record as JSON.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import formats
from kg.export.dated import DatedClaim, dated_claims
from kg.judgements import Closing, IdentityJudgement, Judgement
from kg.model import Claim, Document, Entity
from kg.settings import today as current_day
from kg.store import Store
from kg.store.closing_codec import closing_record
from kg.store.columns import NO_VALIDITY, Validity, arrow, table_of
from kg.store.judgement_codec import identity_record, judgement_record

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CLAIMS", "DOCUMENTS", "JUDGEMENTS", "write_claims", "write_documents", "write_judgements"]

CLAIMS, DOCUMENTS, JUDGEMENTS = "claims.parquet", "documents.parquet", "judgements.parquet"
_ROWS = 1 << 14
"""Rows made at once: a group of the file each."""
_TEXT_COLUMNS = ("retracted_at", "outcome", "duration_text")
_LIST_COLUMNS = ("reasons", "subject_aliases", "object_aliases", "subject_identifiers", "object_identifiers")
_OF_DOCUMENT = ("id", "lang", "title", "url", "published", "tier", "sha256")
_OF_JUDGEMENT = ("id", "kind", "document", "claim", "verdict", "part", "author", "at", "undoes", "record")


def write_claims(
    claims: Iterable[Claim], out: BinaryIO, *, today: dt.date | None = None, selection: str | None = None
) -> tuple[str, ...]:
    """Write claims as one Parquet file, some thousand rows at a time; raise `MissingExtra` without pyarrow."""
    day = today or current_day()
    stream = dated_claims(claims, day)
    tables = (_claims_table(batch) for batch in _batches(stream))
    _write(tables, _claims_table([]), out, {"today": day.isoformat(), "selection": selection})
    return ()


def _batches(stream: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(stream, _ROWS)):
        yield batch


def _write(tables: Iterable["pa.Table"], empty: "pa.Table", out: BinaryIO, told: dict[str, str | None]) -> None:
    arrow()
    import pyarrow.parquet as pq

    said = {"kg": formats.EXCHANGE} | {name: value for name, value in told.items() if value is not None}
    schema = empty.schema.with_metadata(said)
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table.replace_schema_metadata(said))


def _claims_table(batch: list[DatedClaim]) -> "pa.Table":
    pa = arrow()
    validity = {dated.claim.id: _validity(dated) for dated in batch}
    claims = [dated.claim for dated in batch]
    table = table_of(claims, lambda id_: validity.get(id_, NO_VALIDITY))
    rows = [_row(claim) for claim in claims]
    for at, name in enumerate((*_TEXT_COLUMNS, *_LIST_COLUMNS)):
        kind = pa.string() if name in _TEXT_COLUMNS else pa.list_(pa.string())
        table = table.append_column(name, pa.array([row[at] for row in rows], kind))
    return table


def _validity(dated: DatedClaim) -> Validity:
    period = dated.period
    return NO_VALIDITY if period is None else (period.first or dt.date.min, period.last)


def _row(claim: Claim) -> tuple[Any, ...]:
    """Return what the columns of a claim that `kg.store.columns` does not have hold of it."""
    object_ = claim.object
    other = object_ if isinstance(object_, Entity) else None
    return (
        *(claim.retracted_at, claim.outcome.value, claim.qualifiers.duration, list(claim.reasons)),
        *(list(claim.subject.aliases), None if other is None else list(other.aliases)),
        *(_identifiers(claim.subject), None if other is None else _identifiers(other)),
    )


def _identifiers(entity: Entity) -> list[str]:
    return [f"{kind}:{value}" for kind, value in entity.identifiers]


def write_documents(documents: Iterable[Document], out: BinaryIO) -> None:
    """Write what is known of documents but for their texts, of which it tells hash and length."""
    pa = arrow()
    schema = pa.schema([*((name, pa.string()) for name in _OF_DOCUMENT), ("characters", pa.int64())])

    def rows(batch: list[Document]) -> Any:
        told = [{name: getattr(document, name) for name in _OF_DOCUMENT} for document in batch]
        lengths = [{"characters": len(document.text)} for document in batch]
        return pa.Table.from_pylist([row | length for row, length in zip(told, lengths, strict=True)], schema)

    _write(map(rows, _batches(iter(documents))), rows([]), out, {})


def write_judgements(store: Store, out: BinaryIO) -> None:
    """Write what people say: of claims and documents, in the order of these, then of who is whom."""
    pa = arrow()
    schema = pa.schema([(name, pa.string()) for name in _OF_JUDGEMENT])

    def rows(batch: list[dict[str, str | None]]) -> Any:
        return pa.Table.from_pylist(batch, schema)

    _write(map(rows, _batches(_words(store))), rows([]), out, {})


def _words(store: Store) -> Iterator[dict[str, str | None]]:
    for document in sorted(store.document_ids()):
        for word in store.reading(document).words:
            yield _closing(word) if isinstance(word, Closing) else _judgement(word)
    for judgement in store.identities.judgements:
        told: dict[str, str | None] = {
            "kind": "identity",
            "verdict": judgement.verdict.value,
            "record": _json(identity_record(judgement)),
        }
        yield _said(judgement) | told


def _said(word: Judgement | Closing | IdentityJudgement) -> dict[str, str | None]:
    return {"id": word.id, "author": word.author, "at": word.at, "undoes": word.undoes}


def _judgement(word: Judgement) -> dict[str, str | None]:
    part = None if word.part is None else word.part.value
    told = {"document": word.document, "claim": word.claim.id, "verdict": word.verdict.value, "part": part}
    return _said(word) | told | {"kind": "claim", "record": _json(judgement_record(word))}


def _closing(word: Closing) -> dict[str, str | None]:
    return _said(word) | {"kind": "closing", "document": word.document, "record": _json(closing_record(word))}


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)
