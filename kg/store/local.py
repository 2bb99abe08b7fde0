"""A store on this machine: a journal, which is the truth, and its index, which is asked."""

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar

import pyoxigraph as ox

from kg.dates import utc_now
from kg.errors import StoreError, unknown_document
from kg.judgements import Identities, IdentityJudgement, affected
from kg.model import Claim, Document, Entity, Outcome
from kg.store.api import NO_BINDINGS, CommitResult, DocumentClaims
from kg.store.bookkeeping import JournalPlace
from kg.store.column_cache import ColumnCache
from kg.store.columns import Columns
from kg.store.index import Index
from kg.store.journal import Journal
from kg.store.journal_format import Span
from kg.store.json_codec import claim_from, document_from
from kg.store.judgement_codec import identity_record
from kg.store.judging import extended, heeding
from kg.store.near_duplicates import NearDuplicateIndex, NearDuplicates
from kg.store.plan import DocumentChange
from kg.store.replay import placed, reading_from, reading_record, recorded
from kg.store.selection import EVERYTHING, Selection
from kg.store.sparql import ALL, Scope, damaged, graph_node
from kg.store.text_cache import TextCache
from kg.store.text_index import TextIndex
from kg.store.user_graphs import GraphDelta, UpdateResult, replaced, updated
from kg.store.validation import check_claims, compared, fingerprint, place_order, selected, stamped

if TYPE_CHECKING:
    import pyarrow as pa
    import rdflib

__all__ = ["LocalStore"]

_T = TypeVar("_T")
_Spans: TypeAlias = tuple[Span, ...]


@dataclass(slots=True)
class LocalStore:
    """A journal with its index; made by `kg.store.open_store`.

    `notes` tell what was mended at opening, `read_only_reason` says why it takes no commit, `release` lets go
    of its files and locks, `near_duplicate_index` is where copies are kept, `column_cache` where columns are,
    `text_cache` where the index of texts is; `is_damaged` tells whether the index's files are not what was written,
    `selection` to what another has been narrowed to make it.
    """

    journal: Journal
    index: Index
    clock: Callable[[], str] = utc_now
    notes: tuple[str, ...] = ()
    read_only_reason: str | None = None
    release: Callable[[], None] | None = None
    near_duplicate_index: NearDuplicateIndex = field(default_factory=NearDuplicateIndex, repr=False)
    column_cache: ColumnCache = field(default_factory=ColumnCache, repr=False)
    text_cache: TextCache = field(default_factory=TextCache, repr=False)
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
        self.text_cache.close()
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

    # ------------------------------------------------------------------------------ reading
    def holds(self, document: str) -> bool:
        """Whether the store has a document of this id."""
        return self.index.place(document) is not None

    def document_ids(self, prefix: str = "") -> Iterator[str]:
        """Yield the ids of the documents that begin so."""
        return (id_ for id_ in self.index.document_ids() if id_.startswith(prefix))

    def documents(self) -> Iterator[Document]:
        """Yield the documents with their texts, in order of id."""
        for id_ in self.index.documents():
            yield self.document(id_)

    def document(self, id_: str) -> Document:
        """Return a document."""
        return document_from(self.journal.read(self._place(id_).span, judged=False)["document"])

    def _place(self, id_: str) -> JournalPlace:
        place = self.index.place(id_)
        if place is None:
            raise unknown_document(id_, self.index.documents())
        return place

    def _read(self, place: JournalPlace) -> DocumentClaims:
        return reading_from(self.journal.read(place.span))

    def reading(self, document: str) -> DocumentClaims:
        """Return what a document's reader said of it."""
        return self._read(self._place(document))

    def claims(
        self, *, document: str | None = None, entity: str | None = None, ids: Iterable[str] | None = None
    ) -> Iterator[Claim]:
        """Yield the current claims."""
        describe = self.index.describer()
        about = self._wanted(entity, ids)
        if about is None:
            named = self.index.documents() if document is None else [document]
        else:
            named = sorted(about) if document is None else [document]
        for id_ in named:
            place = self._place(id_)
            claim_ids = None if about is None else about.get(id_, set())
            yield from self._claims(place, lambda entity_: describe(entity_.id), claim_ids)

    def _wanted(self, entity: str | None, ids: Iterable[str] | None) -> Mapping[str, set[str]] | None:
        """Return the ids of the claims asked for, by document; None where all are."""
        if ids is None:
            return None if entity is None else self.index.claims_about(entity)
        by_document: defaultdict[str, set[str]] = defaultdict(set)
        about = None if entity is None else set().union(*self.index.claims_about(entity).values())
        for id_ in ids:
            document = self.index.document_of(id_)
            if document is not None and (about is None or id_ in about):
                by_document[document].add(id_)
        return by_document

    def _claims(
        self, place: JournalPlace, known_as: Callable[[Entity], Entity], claim_ids: AbstractSet[str] | None
    ) -> Iterator[Claim]:
        records = self.journal.read(place.span, judged=False)["claims"]
        claims = (claim_from(r, known_as, checked=False) for r in records if claim_ids is None or r["id"] in claim_ids)
        yield from sorted(claims, key=place_order)

    def candidates(
        self,
        *,
        document: str | None = None,
        entity: str | None = None,
        outcomes: Collection[Outcome] | None = None,
    ) -> Iterator[Claim]:
        """Yield the claims that the gate did not admit, out of the journal."""
        ids = self.index.documents_with_candidates(entity)
        if document is not None:
            self._place(document)
            ids = [id_ for id_ in ids if id_ == document]
        for id_ in ids:
            records = self.journal.read(self._place(id_).span, judged=False)["candidates"]
            candidates = (claim_from(record, checked=False) for record in records)
            yield from sorted(selected(candidates, entity, outcomes), key=place_order)

    def claim(self, id_: str) -> Claim:
        """Return a current claim."""
        document = self.index.document_of(id_)
        if document is None:
            raise StoreError(f"the store holds no claim '{id_}'; 'kg export --format jsonl' lists them")
        describe = self.index.describer()
        return next(self._claims(self._place(document), lambda entity: describe(entity.id), {id_}))

    def history(self, until: str | None = None) -> Iterator[Claim]:
        """Yield every claim ever recorded, in the order of recording, with its entities as they were then called."""
        yield from recorded(self.journal, until)

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id."""
        return self.index.entities()

    def near_duplicates(self) -> NearDuplicates:
        """Return which documents are copies of which."""
        stands = self.journal.end
        return self.near_duplicate_index.at(
            f"{stands.sequence} {stands.hash}", self.index.fingerprints, lambda id_: self.document(id_).text
        )

    def claims_table(self) -> "pa.Table":
        """Return the current claims as an Arrow table."""
        return self.column_cache.at(self.journal, self.index).claims

    def columns(self, *, make: bool = True) -> Columns | None:
        """Return what scans are answered from."""
        return self.column_cache.get_if_worthwhile(self.journal, self.index, make=make)

    def text_index(self) -> TextIndex:
        """Return the index of texts."""
        return self.text_cache.at(self.journal, self.index)

    def query(self, sparql: str, bindings: Mapping[str, Any] = NO_BINDINGS, *, scope: Scope = ALL) -> Any:
        """Answer SPARQL 1.1."""
        return self.index.query(sparql, bindings, scope)

    def dataset(self) -> "rdflib.Dataset":
        """Return the graph as an `rdflib.Dataset` over the same data."""
        import rdflib
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(store=OxigraphStore(store=self.index.store), default_union=True)

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield all data, or one graph's."""
        return self.index.quads() if graph is None else self.index.graph(graph_node(graph))
