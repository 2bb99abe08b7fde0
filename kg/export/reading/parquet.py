"""The claims of Parquet files that kg wrote: one of claims, or a folder with documents beside them."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from kg.errors import DocumentError, InvalidRecord, OntologyError
from kg.export.parquet import CLAIMS, DOCUMENTS
from kg.export.reading.contract import check_format
from kg.export.reading.rows import document_of
from kg.importers.contract import RecordReject
from kg.model import NUMERIC_QUALIFIERS, Claim, Document, Entity, Evidence, Figure, Modality, Outcome, Qualifiers
from kg.ontology import ontology
from kg.store.columns import arrow

__all__ = ["ParquetFile", "claim_of"]

_ROWS = 1 << 12
_PLAIN = tuple(name for name in Qualifiers.__dataclass_fields__ if name not in {*NUMERIC_QUALIFIERS, "duration"})


class ParquetFile:
    """A file of claims, or a folder with `CLAIMS` and `DOCUMENTS`: see `kg.export.reading.contract`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._documents: dict[str, Document] = {}

    def document(self, id_: str) -> Document | None:
        """Return what the folder tells of a document."""
        return self._documents.get(id_)

    def notes(self) -> Iterator[str]:
        """Yield nothing: further columns are the user's own."""
        return iter(())

    def claims(self) -> Iterator[Claim | RecordReject]:
        """Yield the claims that the rows are; raise `MissingExtra` without pyarrow."""
        path = self._path
        if path.is_dir():
            path = path / CLAIMS
            for _, row in _rows(self._path / DOCUMENTS, ("id", "lang", "title", "url", "published", "tier")):
                self._documents[str(row["id"])] = self._document(row)
        for number, row in _rows(path, ("claim", "subject_id", "relation", "evidence", "outcome")):
            try:
                yield claim_of(row)
            except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError, OntologyError) as error:
                yield RecordReject(number, None, "claim", str(row.get("claim")), f"– {error}")

    def _document(self, row: Mapping[str, Any]) -> Document:
        try:
            return document_of(str(row["id"]), row)
        except InvalidRecord as error:
            raise DocumentError(f"{self._path / DOCUMENTS}: {error}") from error


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows of a file, counted from 1, some thousand in memory at once."""
    number = 0
    with _translated(path) as file:
        told = file.schema_arrow.metadata or {}
        check_format(path, (told.get(b"kg") or b"").decode(errors="replace"), "a Parquet file")
        if missing := sorted(set(needed) - set(file.schema_arrow.names)):
            raise DocumentError(f"{path} has no column {', '.join(missing)}: export it again")
        batches = file.iter_batches(_ROWS)
        while True:
            with _errors(path):
                batch = next(batches, None)
                rows = [] if batch is None else batch.to_pylist()
            if batch is None:
                return
            for row in rows:
                number += 1
                yield number, row


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Tell in one line what pyarrow says of a damaged file."""
    pa = arrow()
    try:
        yield
    except (pa.ArrowException, OSError, OverflowError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise DocumentError(f"{path} cannot be read as Parquet: {reason}") from error


@contextmanager
def _translated(path: Path) -> Iterator[Any]:
    arrow()
    import pyarrow.parquet as pq

    with _errors(path):
        file = pq.ParquetFile(path)
    with file:
        yield file


def claim_of(row: Mapping[str, Any]) -> Claim:
    """Return the claim that a row is; raise what a row that is none brings about, as `InvalidRecord` or `KeyError`."""
    told = {name: value for name, value in row.items() if value is not None}
    numbers = {name: Decimal(told[f"{name}_text"]) for name in NUMERIC_QUALIFIERS if f"{name}_text" in told}
    terms = numbers | {name: told[name] for name in _PLAIN if name in told}
    if "duration_text" in told:
        terms["duration"] = told["duration_text"]
    moment = told.get("recorded_at")
    claim = Claim(
        _entity(told, "subject"),
        told["relation"],
        _entity(told, "object") if "object_id" in told else Figure(Decimal(told["value_text"]), told["unit"]),
        Modality(told["modality"]),
        tuple(Evidence(**place) for place in told["evidence"]),
        Qualifiers(**terms),
        known_from=told.get("known_from"),
        recorded_at=None if moment is None else _moment(moment),
        retracted_at=told.get("retracted_at"),
        method=told["method"],
        confidence=told["confidence"],
        outcome=Outcome(told["outcome"]),
        reasons=tuple(told.get("reasons", ())),
    )
    ontology().relation(claim.relation)
    if claim.id != told["claim"]:
        raise InvalidRecord(f"it says what claim {claim.id} would: it was changed after it was written")
    return claim


def _moment(moment: dt.datetime) -> str:
    """Return a moment as text; one without a zone, as DuckDB and Spark may write it, is one of UTC."""
    there = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    return f"{there:%Y-%m-%dT%H:%M:%SZ}"


def _entity(told: Mapping[str, Any], end: str) -> Entity:
    pairs = (pair.partition(":") for pair in told.get(f"{end}_identifiers", ()))
    identifiers = tuple((kind, value) for kind, _, value in pairs)
    aliases = tuple(told.get(f"{end}_aliases", ()))
    return Entity(told[f"{end}_id"], told[end], told[f"{end}_type"], aliases, identifiers)
