"""The columns of a store, kept beside its index: derived from the journal, never edited.

The file is a line with a checksum and two Arrow streams, the claims and the documents, mapped into memory. It
stands at a commit; whoever asks after a later one, reader or writer, reads the documents that came or changed
since, and writes the file anew, aside and then in its place. A file that is missing, damaged, of another schema or
not to be written is no loss.
"""

import contextlib
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import formats
from kg.errors import MissingExtra
from kg.model import Claim, Document, Entity
from kg.store.columns import NO_VALIDITY, Columns, Validity, arrow, documents_of, is_exact, table_of
from kg.store.index import Index, schema_version
from kg.store.journal import Journal
from kg.store.journal_format import Position
from kg.store.json_codec import claim_from, document_from
from kg.store.replay import changed_documents

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ColumnCache"]

_HEAD = 64
"""Bytes before the streams, which Arrow wants aligned to as many."""
_STAND = b"stand"
_WORTH = 100_000
"""Quads of an index, forty a claim, from which on a scan in SPARQL takes longer than to load the libraries."""
_STALE = 600.0
"""Seconds after which what somebody writes aside is what a crash left."""


@dataclass(slots=True)
class ColumnCache:
    """The file that keeps columns; without a path they are kept in memory."""

    path: Path | None = None
    _found: tuple[str, Columns] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        """Let go of what is held in memory."""
        self._found = None

    def at(self, journal: Journal, index: Index) -> Columns:
        """Return the columns of what a journal says in the end; raise `MissingExtra` without pyarrow."""
        arrow()
        stand = _version(journal.end, index)
        # Threads may share a store.
        with self._lock:
            if self._found is None or self._found[0] != stand:
                self._found = stand, self._up_to_date(stand, journal, index)
            return self._found[1]

    def get_if_worthwhile(self, journal: Journal, index: Index, *, make: bool) -> Columns | None:
        """Return the columns where scans gain by them, None elsewhere.

        A few claims are scanned in SPARQL before Arrow is loaded; columns that cannot be kept are not made for
        one scan. Without `make`, they must stand ready.
        """
        if index.size < _WORTH or not (self._is_kept() or (make and self._can_be_kept())):
            return None
        try:
            if make or self._ready(_version(journal.end, index)):
                return self.at(journal, index)
        except MissingExtra:
            pass
        return None

    def _is_kept(self) -> bool:
        return self._found is not None or (self.path is not None and self.path.is_file())

    def _can_be_kept(self) -> bool:
        return self.path is None or os.access(self.path.parent, os.W_OK)

    def _ready(self, stand: str) -> bool:
        with self._lock:
            if self._found is None and self.path is not None:
                self._found = _from_file(self.path)
            return self._found is not None and self._found[0] == stand

    def _up_to_date(self, stand: str, journal: Journal, index: Index) -> Columns:
        cached = self._found or (None if self.path is None else _from_file(self.path))
        if cached is not None and cached[0] == stand:
            return cached[1]
        changed = None if cached is None else _changed(cached[0], journal, index)
        columns = (
            _made(journal, index)
            if cached is None or changed is None
            else _followed(cached[1], changed, journal, index)
        )
        if self.path is not None:
            # In a folder that cannot be written, or on a full disk, memory serves.
            with contextlib.suppress(OSError):
                _write(self.path, stand, columns)
        return columns


def _version(position: Position, index: Index) -> str:
    return f"{formats.COLUMNS} {schema_version()} {index.iris.base} {position.sequence} {position.hash}"


def _changed(stand: str, journal: Journal, index: Index) -> set[str] | None:
    """Return the documents that changed since, or None where the columns are not of this journal."""
    sequence, _, digest = stand.partition(f"{index.iris.base} ")[2].partition(" ")
    if not sequence.isdecimal() or stand != _version(position := Position(int(sequence), digest), index):
        return None
    return changed_documents(journal, position)


# ---------------------------------------------------------------------------------- making
def _made(journal: Journal, index: Index) -> Columns:
    entities = {entity.id: entity for entity in index.entities()}
    validity = index.validity()
    return _columns(
        *_read(index.documents(), journal, index, entities.__getitem__, lambda id_: validity.get(id_, NO_VALIDITY))
    )


def _columns(claims: "pa.Table", documents: "pa.Table") -> Columns:
    return Columns(claims, documents, is_exact(claims))


def _read(
    ids: Iterable[str],
    journal: Journal,
    index: Index,
    describe: Callable[[str], Entity],
    validity: Callable[[str], Validity],
) -> tuple["pa.Table", "pa.Table"]:
    """Return the claims and the documents of these ids, in their order; what is not there any more is left out."""
    documents: list[Document] = []

    def claims() -> Iterator[Claim]:
        for id_ in ids:
            place = index.place(id_)
            if place is None:
                continue
            record = journal.read(place.span, judged=False)
            documents.append(document_from(record["document"]))
            claims_ = [claim_from(item, lambda entity: describe(entity.id), checked=False) for item in record["claims"]]
            yield from sorted(claims_, key=lambda c: (c.evidence[0].start, c.relation, c.subject.id, c.id))

    table = table_of(claims(), validity)
    return table, documents_of(documents)


def _followed(cached: Columns, changed: set[str], journal: Journal, index: Index) -> Columns:
    """Replace the rows of documents that changed.

    What they name may be called otherwise in other rows too, and an end that they report changes when others hold.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    gone = pc.is_in(cached.claims["document"], pa.array(sorted(changed), pa.string()))
    stays, old = cached.claims.filter(pc.invert(gone)), cached.claims.filter(gone)
    new, documents = _read(sorted(changed), journal, index, index.describer(), index.validity_of)
    named = {id_ for table in (old, new) for end in ("subject_id", "object_id") for id_ in table[end].to_pylist()}
    stays = _revalidated(_renamed(stays, named - {None}, index), pa.concat_tables([old, new]), index)
    claims = pa.concat_tables([stays, new])
    unchanged = cached.documents.filter(
        pc.invert(pc.is_in(cached.documents["id"], pa.array(sorted(changed), pa.string())))
    )
    documents = pa.concat_tables([unchanged, documents])
    # The sort is stable, and within a document the rows are in order already.
    return _columns(_sorted(claims, "document"), _sorted(documents, "id"))


def _sorted(table: "pa.Table", column: str) -> "pa.Table":
    import pyarrow.compute as pc

    # One piece each: a table that was brought up to date often would fall into many.
    return table.take(pc.sort_indices(table, sort_keys=[(column, "ascending")])).combine_chunks()


def _renamed(claims: "pa.Table", ids: set[str], index: Index) -> "pa.Table":
    """Return claims in which these entities are called what the index calls them now."""
    import pyarrow as pa
    import pyarrow.compute as pc

    describe = index.describer()
    named = sorted(set(ids) & {*claims["subject_id"].unique().to_pylist(), *claims["object_id"].unique().to_pylist()})
    entities: list[Entity] = [describe(id_) for id_ in named]
    for end in ("subject", "object"):
        place = pc.index_in(claims[f"{end}_id"], pa.array(named, pa.string()))
        for column, values in ((end, [e.name for e in entities]), (f"{end}_type", [e.type for e in entities])):
            now = pc.take(pa.array(values, pa.string()), place)
            at = claims.schema.get_field_index(column)
            claims = claims.set_column(at, column, pc.coalesce(now, claims[column]))
    return claims


def _revalidated(claims: "pa.Table", changed: "pa.Table", index: Index) -> "pa.Table":
    """Return claims with the days on which they hold now, for those of relationships of which `changed` speak."""
    import pyarrow as pa
    import pyarrow.compute as pc

    touched = pa.concat_tables([_keys(changed, "subject_id", "object_id"), _keys(changed, "object_id", "subject_id")])
    keys = _keys(claims, "subject_id", "object_id")["key"].combine_chunks()
    at = pc.is_in(keys, touched["key"].combine_chunks())
    days = [index.validity_of(id_) for id_ in claims["claim"].filter(at).to_pylist()]
    for side, column in enumerate(("valid_from", "valid_until")):
        values = [pair[side] for pair in days]
        place = claims.schema.get_field_index(column)
        now = pc.replace_with_mask(claims[column].combine_chunks(), at, pa.array(values, pa.date32()))
        claims = claims.set_column(place, claims.schema.field(place), now)
    return claims


def _keys(claims: "pa.Table", first: str, second: str) -> "pa.Table":
    """Return what claims between entities speak of, one way round, as text; null for figures."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pa.table({"key": pc.binary_join_element_wise(claims["relation"], claims[first], claims[second], "\n")})


# ---------------------------------------------------------------------------------- the file
def _head(body: Any) -> bytes:
    return f"{formats.COLUMNS} {zlib.crc32(body):08x} {len(body)}".encode().ljust(_HEAD - 1) + b"\n"


def _from_file(path: Path) -> tuple[str, Columns] | None:
    """Return what the file holds and where it stands; None where it is missing or damaged."""
    pa = arrow()
    try:
        with pa.memory_map(str(path)) as file:
            whole = file.read_buffer()
        body = whole.slice(_HEAD)
        if whole.slice(0, _HEAD).to_pybytes() != _head(memoryview(body)):
            return None
        source = pa.BufferReader(body)
        claims, documents = (pa.ipc.open_stream(source).read_all() for _ in range(2))
        stand = claims.schema.metadata[_STAND].decode()
    except (OSError, KeyError, ValueError, pa.ArrowException):
        return None
    return stand, _columns(claims.replace_schema_metadata(), documents)


def _write(path: Path, stand: str, columns: Columns) -> None:
    import pyarrow as pa

    for part in path.parent.glob(f"{path.name}.*.part"):
        if time.time() - part.stat().st_mtime > _STALE:
            part.unlink(missing_ok=True)
    sink = pa.BufferOutputStream()
    for table in (columns.claims.replace_schema_metadata({_STAND: stand.encode()}), columns.documents):
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
    body = sink.getvalue()
    part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with part.open("wb") as file:
            file.write(_head(memoryview(body)))
            file.write(body)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
