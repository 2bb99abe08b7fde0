"""Claims, documents and judgements as Parquet (https://parquet.apache.org), for DuckDB, pandas, polars and Spark.

The columns are those of `kg.store.exchange_columns`. A file says `kg.formats.EXCHANGE` under the key ``kg``. Beside
claims, a folder has ``documents.parquet`` and ``judgements.parquet``.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import formats
from kg.export.dated import DatedClaim, dated_claims
from kg.model import Claim, Document
from kg.settings import today as current_day
from kg.store import Store
from kg.store.columns import NO_VALIDITY, Validity, arrow
from kg.store.exchange_columns import Word, documents_table, exchange_table, words_table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CLAIMS", "DOCUMENTS", "JUDGEMENTS", "write_claims", "write_documents", "write_judgements"]

CLAIMS, DOCUMENTS, JUDGEMENTS = "claims.parquet", "documents.parquet", "judgements.parquet"
_ROWS = 1 << 14
"""Rows made at once: a group of the file each."""


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
    validity = {dated.claim.id: _validity(dated) for dated in batch}
    return exchange_table([dated.claim for dated in batch], lambda id_: validity.get(id_, NO_VALIDITY))


def _validity(dated: DatedClaim) -> Validity:
    period = dated.period
    return NO_VALIDITY if period is None else (period.first or dt.date.min, period.last)


def write_documents(documents: Iterable[Document], out: BinaryIO) -> None:
    """Write what is known of documents but for their texts, of which it tells hash and length."""
    _write(map(documents_table, _batches(iter(documents))), documents_table([]), out, {})


def write_judgements(store: Store, out: BinaryIO) -> None:
    """Write what people say: of claims and documents, in the order of these, then of who is whom."""
    _write(map(words_table, _batches(_words(store))), words_table([]), out, {})


def _words(store: Store) -> Iterator[Word]:
    for document in sorted(store.document_ids()):
        yield from store.reading(document).words
    yield from store.identities.judgements
