"""A store on this machine: a journal, which is the truth, and its index, which is asked."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self, TypeAlias, TypeVar

import pyoxigraph as ox

from kg.dates import utc_now
from kg.errors import StoreError
from kg.judgements import Identities, IdentityJudgement, affected
from kg.model import Document
from kg.store.api import CommitResult, DocumentClaims
from kg.store.journal_format import Span
from kg.store.judgement_codec import identity_record
from kg.store.judging import extended, heeding
from kg.store.local_reader import LocalReader
from kg.store.plan import DocumentChange
from kg.store.replay import placed, reading_record
from kg.store.selection import EVERYTHING, Selection
from kg.store.sparql import ALL, Scope, damaged
from kg.store.user_graphs import GraphDelta, UpdateResult, replaced, updated
from kg.store.validation import check_claims, compared, fingerprint, stamped

__all__ = ["LocalStore"]

_T = TypeVar("_T")
_Spans: TypeAlias = tuple[Span, ...]


@dataclass(slots=True)
class LocalStore(LocalReader):
    """A journal with its index; made by `kg.store.open_store`.

    `notes` tell what was mended at opening, `read_only_reason` says why it takes no commit, `release` lets go
    of its files and locks; `is_damaged` tells whether the index's files are not what was written, `selection` to what
    another has been narrowed to make it.
    """

    clock: Callable[[], str] = utc_now
    notes: tuple[str, ...] = ()
    read_only_reason: str | None = None
    release: Callable[[], None] | None = None
    is_damaged: Callable[[], bool] = field(default=lambda: False, repr=False)
    selection: Selection = EVERYTHING

    @property
    def base(self) -> str:
        """The IRI below which entities, claims and documents are named."""
        return self.index.iris.base

    @property
    def today(self) -> dt.date:
        """The day for which the edges stand."""
        return self.index.day

    def set_day(self, day: dt.date) -> None:
        """Move the edges to another day."""
        if day == self.today:
            return
        if self.read_only_reason is not None:
            raise StoreError(self.read_only_reason)
        try:
            self.index.set_day(day)
        except (OSError, RuntimeError) as error:
            raise damaged(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and locks."""
        self.journal.close()
        self.near_duplicate_index.close()
        self.column_cache.close()
        self.searches.close()
        self.read_only_reason = "the store is closed: open it again"
        with contextlib.suppress(OSError):
            # Only the next opening's speed is at stake.
            self.index.settle()
            self.index.merge()
        self.index.let_go()
        if self.release is not None:
            self.release()
            self.release = None

    # ------------------------------------------------------------------------------ writing
    @property
    def identities(self) -> Identities:
        """Who is whom, by what people said."""
        return self.index.identities

    def commit(
        self, readings: Iterable[DocumentClaims] = (), identities: Iterable[IdentityJudgement] = ()
    ) -> CommitResult:
        """Take in readings and what is said of who is whom, all or none."""
        now = self.clock()
        by_document = {reading.document.id: reading for reading in readings}
        told, after = extended(self.identities, identities, self.index.iris)
        if told:
            ids, documents = affected(self.identities, after)
            touched = self.index.naming(ids) | {id_ for id_ in documents if self.holds(id_)}
            by_document = {id_: self.reading(id_) for id_ in sorted(touched)} | by_document
        found = (self._change(reading, now, after) for reading in by_document.values())
        changes = [change for change in found if change is not None]
        counts = CommitResult(documents=len(changes), unchanged=len(by_document) - len(changes))
        return self._commit(now, changes, counts, told) if changes or told else counts

    def forget(self, document: str) -> CommitResult:
        """Withdraw a document."""
        change = DocumentChange(document, self._read(self._place(document)), None)
        return self._commit(self.clock(), [change], CommitResult(documents=1))

    def update(self, sparql: str, *, scope: Scope = ALL) -> UpdateResult:
        """Change graphs of one's own by SPARQL 1.1 Update, the whole request or nothing of it."""
        return self._annotate(updated(self.index.store, sparql, self.index.iris, scope))

    def replace_graph(self, graph: str, triples: Iterable[ox.Triple]) -> UpdateResult:
        """Make a graph of one's own hold these triples and no others; none removes it."""
        return self._annotate(replaced(self.index.store, graph, triples, self.index.iris))

    def _annotate(self, change: GraphDelta) -> UpdateResult:
        if change.added or change.removed:
            self._written(
                lambda: self.journal.append(self.clock(), [], own=change.delta),
                lambda _: self.index.annotate(set(change.added), set(change.removed), self.journal.end),
            )
        return UpdateResult(len(change.added), len(change.removed))

    def _change(self, reading: DocumentClaims, now: str, identities: Identities) -> DocumentChange | None:
        """Return what a reading changes; claims known before keep the time when they were first recorded."""
        place = self.index.place(reading.document.id)
        if place is None and not identities and _is_bare(reading):
            check_claims(reading, self.index.iris)
            return DocumentChange(reading.document.id, None, reading)
        old = None if place is None else self._read(place)
        new = stamped(heeding(reading, old, identities), old, now)
        is_same = old is not None and compared(new) == compared(old)
        if place and is_same and place.fingerprint == fingerprint(reading.document, reading.reader):
            return None
        check_claims(reading, self.index.iris)
        check_claims(new, self.index.iris)
        return DocumentChange(reading.document.id, old, new)

    def _commit(
        self, now: str, changes: Sequence[DocumentChange], counts: CommitResult, told: Sequence[IdentityJudgement] = ()
    ) -> CommitResult:
        readings = [reading_record(change.new) for change in changes if change.new is not None]
        forgotten = [change.document for change in changes if change.new is None]
        come, gone = self._written(
            lambda: self.journal.append(now, readings, forgotten, identities=list(map(identity_record, told))),
            lambda spans: self.index.change(placed(changes, spans), self.journal.end, told),
        )
        return replace(
            counts,
            claims=sum(change.counts[0] for change in changes),
            retracted=sum(change.counts[1] for change in changes),
            edges_added=come,
            edges_removed=gone,
        )

    def _written(self, append: Callable[[], _Spans], follow: Callable[[_Spans], _T]) -> _T:
        """Append to the journal, and bring the index after it."""
        if self.read_only_reason is not None:
            raise StoreError(self.read_only_reason)
        # Said before, so that whatever comes between, an interrupt too, leaves a store that takes no more.
        self.read_only_reason = "the index lags behind the journal: open the store again, and it catches up"
        try:
            spans = append()
        except StoreError:
            self.read_only_reason = None
            raise
        try:
            result = follow(spans)
        except (OSError, RuntimeError, SyntaxError, ValueError) as error:
            message = " ".join(str(error).split())
            raise StoreError(
                f"what was committed is safe in the journal; the index could not follow: {message}"
            ) from error
        self.read_only_reason = None
        return result

    def is_current(self, document: Document, reader: str) -> bool:
        """Whether the store holds this document as this reader read it."""
        place = self.index.place(document.id)
        return place is not None and place.fingerprint == fingerprint(document, reader)

    def read_through(self) -> None:
        """Read the files whole, which opening does not; raise `JournalDamaged` or `StoreError` where one is damaged."""
        self.journal.verify()
        if self.is_damaged():
            raise damaged(OSError("a file of it is not what was written"))


def _is_bare(reading: DocumentClaims) -> bool:
    """Whether a reading says nothing that could be judged, or be recorded at a time: a register's record of itself."""
    return not (reading.claims or reading.candidates or reading.words or reading.as_read) and all(
        record.read is None for record in reading.records
    )
