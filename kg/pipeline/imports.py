"""Imports: what an importer gives, committed to a store chunk by chunk, so that an interruption costs little."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from kg.dates import first_day, last_day
from kg.facts.periods import begin_of
from kg.garbage import seldom_collected
from kg.importers.contract import Chunk, Importer, Register, Reject
from kg.model import Document, Modality
from kg.pipeline.earlier_names import with_earlier_names
from kg.pipeline.seen import Seen
from kg.store import DocumentClaims, Store

__all__ = ["ImportReport", "import_claims", "import_register"]

_BATCH = 8
"""Chunks of a list in one commit."""
_MOST = 0.1
"""What part of the records held a file may lack, and be taken for whole: between two days few leave a register."""
_RECORDS = 1 << 14
"""Records of a register in one commit: what an interruption can cost."""


@dataclass(slots=True)
class ImportReport:
    """What an import did to a store.

    `rows` counts those of the list, `bad_rows` those that do not hold. Chunks are written, left alone (`unchanged`) or
    `forgotten`, where the list no longer has them. `claims` came, and `retracted` went; `records` of entities were
    written. `kept` counts what a file lacks and was not withdrawn, since it may not be whole; `held` is how
    many records there were, where that was why. `undated` counts the facts of a register of which nothing says since
    when they hold, nor when they were known: they hold on every day.
    """

    rows: int = 0
    bad_rows: int = 0
    written: int = 0
    unchanged: int = 0
    forgotten: int = 0
    claims: int = 0
    retracted: int = 0
    records: int = 0
    kept: int = 0
    held: int = 0
    undated: int = 0


def _ignore(_: Reject) -> None:
    """Take no notice."""


def import_claims(store: Store, importer: Importer, on_reject: Callable[[Reject], None] = _ignore) -> ImportReport:
    """Take a list into the store, and tell what it changed.

    Rows that do not hold are given to `on_reject` and left out, the others are imported. Chunks that the store holds
    already are left alone, so an interrupted import goes on where it was; a list that became shorter loses its last
    chunks. Raises what the importer raises for a list that is none, before anything is written.
    """
    writer = _Writer(store, on_reject, _BATCH)
    chunks = sum(1 for _ in writer.taken(importer.chunks()))
    for surplus in map(importer.document_id, itertools.count(chunks + 1)):
        if not store.holds(surplus):
            break
        writer.forget(surplus)
    return writer.report


def import_register(
    store: Store, register: Register, on_reject: Callable[[Reject], None] = _ignore, *, withdraw: bool = False
) -> ImportReport:
    """Take a register's file into the store, and tell what it changed.

    As `import_claims`, but by record: those that the store holds already, or in a later state, are left alone. Those
    that it holds and the file has no longer are withdrawn, but for the later ones. They are `kept` where the file is
    not sure to be whole: it has only changes, a record of it does not hold, or it lacks more than a tenth of what is
    held. With `withdraw` the user says that it is, and such a part goes too.
    """
    writer = _Writer(store, on_reject, _RECORDS, is_register=True)
    with Seen() as seen, seldom_collected():
        for document in writer.taken(register.chunks()):
            if not register.is_delta and document is not None:
                seen.add(document)
        if not register.is_delta:
            writer.withdraw(seen, register.prefix, is_asked=withdraw)
    return writer.report


@dataclass(slots=True)
class _Writer:
    """Commits what is new of a list, some chunks at a time, and keeps the report."""

    store: Store
    on_reject: Callable[[Reject], None]
    batch: int
    is_register: bool = False
    latest: str | None = None
    report: ImportReport = field(default_factory=ImportReport)
    _pending: list[DocumentClaims] = field(default_factory=list)

    def taken(self, chunks: Iterator[Chunk]) -> Iterator[str | None]:
        """Take in chunks; yield the id of each one's document, or None for one of which nothing holds."""
        for chunk in chunks:
            self._take(chunk)
            yield None if chunk.document is None else chunk.document.id
        self._commit()

    def forget(self, document: str) -> None:
        """Withdraw a chunk that the list no longer has."""
        self.report.retracted += self.store.forget(document).retracted
        self.report.forgotten += 1

    def withdraw(self, seen: Seen, prefix: str, *, is_asked: bool) -> None:
        """Withdraw what a whole file of a register lacks of what is held, but for what came later."""
        # A graph may have millions of documents, and finding those of a source goes through all: once.
        count = itertools.count()
        ids = (id_ for id_, _ in zip(self.store.document_ids(prefix), count, strict=False))
        gone = [id_ for id_ in seen.missing(ids) if not self._is_later(id_)]
        held = next(count)
        is_much = len(gone) > held * _MOST and not is_asked
        if self.report.bad_rows or not self.report.rows or is_much:
            self.report.kept, self.report.held = len(gone), held if is_much else 0
            return
        for id_ in gone:
            self.forget(id_)

    def _is_later(self, id_: str) -> bool:
        """Whether a record is of a later day than all of the file."""
        published, latest = self.store.document(id_).published, self.latest
        return published is not None and latest is not None and first_day(published) > last_day(latest)

    def _take(self, chunk: Chunk) -> None:
        self.report.rows += chunk.rows
        self.report.bad_rows += len({reject.row for reject in chunk.rejected})
        for reject in chunk.rejected:
            self.on_reject(reject)
        if chunk.document is None:
            return
        self.latest = max(filter(None, (self.latest, chunk.document.published)), default=None)
        if self.store.holds(chunk.document.id) and (
            self.store.is_current(chunk.document, chunk.reader) or self._is_older(chunk.document)
        ):
            self.report.unchanged += 1
            return
        records = with_earlier_names(self.store, chunk) if self.is_register else chunk.records
        if self.is_register:
            undated = (
                claim for claim in chunk.claims if claim.modality is Modality.ASSERTED and begin_of(claim) is None
            )
            self.report.undated += sum(1 for _ in undated)
        self._pending.append(DocumentClaims(chunk.document, chunk.claims, chunk.reader, records=records))
        if len(self._pending) == self.batch:
            self._commit()

    def _is_older(self, document: Document) -> bool:
        """Whether the store has a later state of a register's record: files of changes may come in any order."""
        if not self.is_register or document.published is None:
            return False
        held = self.store.document(document.id).published
        return held is not None and last_day(document.published) < first_day(held)

    def _commit(self) -> None:
        if not self._pending:
            return
        result = self.store.commit(self._pending)
        self.report.written += len(self._pending)
        self.report.records += sum(len(reading.records) for reading in self._pending)
        self.report.claims += result.claims
        self.report.retracted += result.retracted
        self._pending.clear()
