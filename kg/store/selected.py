"""A part of a store, asked as the whole is: by view, export, analysis, questions and dossiers alike.

Claims are passed on one by one. What needs a graph, SPARQL and RDF, is answered by one that is made of the selected
claims alone, in memory and once: so an edge that only left-out claims support is not in it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

import pyoxigraph as ox

from kg.errors import StoreError, UnknownDocument
from kg.judgements import Identities, IdentityJudgement
from kg.model import Claim, Document, Entity, Outcome, Tier
from kg.ontology import ontology
from kg.reasons import Reason
from kg.resolve import RegisterRecord
from kg.store.api import NO_BINDINGS, CommitResult, DocumentClaims, PastRecords, Store
from kg.store.columns import Columns, table_of
from kg.store.index import Index
from kg.store.iris import IriScheme, term
from kg.store.judging import reading_now
from kg.store.local import LocalStore
from kg.store.memory_journal import MemoryJournal
from kg.store.near_duplicates import NearDuplicates
from kg.store.replay import make, reading_record
from kg.store.selection import Selection
from kg.store.sparql import ALL, Scope
from kg.store.user_graphs import UpdateResult

if TYPE_CHECKING:
    import pyarrow as pa
    import rdflib

    from kg.store.register_index import RegisterIndex
    from kg.store.text_index import TextIndex

__all__ = ["SelectedStore", "select", "whole_of"]

_TIERS = "SELECT ?id ?tier { GRAPH ?document { ?document kg:tier ?tier ; schema:identifier ?id } }"
_READ_ONLY = "a selection is for reading: change the whole graph"
_BATCH = 500


def select(store: Store, selection: Selection) -> Store:
    """Return what is left of a store; the store itself where that is all."""
    return SelectedStore(store, selection) if selection.narrows else store


def whole_of(store: Store) -> Store:
    """Return the store that another is a part of; itself where it is no part."""
    while isinstance(store, SelectedStore):
        store = store.store
    return store


@dataclass(slots=True)
class SelectedStore:
    """What is left of `store`; graphs of the user's own, and what people said of claims, are left out of its RDF."""

    store: Store
    selection: Selection
    _tiers: Mapping[str, Tier] | None = field(default=None, init=False, repr=False)
    _graph: LocalStore | None = field(default=None, init=False, repr=False)
    _texts: "TextIndex | None" = field(default=None, init=False, repr=False)
    _registers: "RegisterIndex | None" = field(default=None, init=False, repr=False)
    _stand: object = field(default=None, init=False, repr=False)

    @property
    def base(self) -> str:
        """The IRI below which things are named."""
        return self.store.base

    @property
    def today(self) -> dt.date:
        """The day for which the edges stand."""
        return self.store.today

    @property
    def notes(self) -> tuple[str, ...]:
        """What the whole store has to say."""
        return self.store.notes

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of its own graph; the whole store stays open for who opened it."""
        if self._graph is not None:
            self._graph.close()
            self._graph = None

    # ------------------------------------------------------------------------------ writing
    def set_day(self, day: dt.date) -> None:
        """Refuse: a selection is for reading."""
        self._refuse(day)

    def commit(
        self, readings: Iterable[DocumentClaims] = (), identities: Iterable[IdentityJudgement] = ()
    ) -> CommitResult:
        """Refuse: a selection is for reading."""
        return self._refuse(readings, identities)

    def forget(self, document: str) -> CommitResult:
        """Refuse: a selection is for reading."""
        return self._refuse(document)

    def update(self, sparql: str, *, scope: Scope = ALL) -> UpdateResult:
        """Refuse: a selection is for reading."""
        return self._refuse(sparql, scope)

    def replace_graph(self, graph: str, triples: Iterable[ox.Triple]) -> UpdateResult:
        """Refuse: a selection is for reading."""
        return self._refuse(graph, triples)

    def _refuse(self, *_: object) -> NoReturn:
        raise StoreError(_READ_ONLY)

    # ------------------------------------------------------------------------------ claims
    @property
    def identities(self) -> Identities:
        """Who is whom in the whole store."""
        return self.store.identities

    def is_current(self, document: Document, reader: str) -> bool:
        """Whether the whole store holds this document as this reader read it."""
        return self.store.is_current(document, reader)

    def holds(self, document: str) -> bool:
        """Whether the store has a document, of the tiers that are left."""
        tier = self._tiers_by_document().get(document)
        return self.store.holds(document) and self._is_left(tier)

    def document_ids(self, prefix: str = "") -> Iterator[str]:
        """Yield the ids of the documents, of the tiers that are left, that begin so."""
        return (i for i in self.store.document_ids(prefix) if self._is_left(self._tiers_by_document().get(i)))

    def documents(self) -> Iterator[Document]:
        """Yield the documents of the tiers that are left."""
        return (document for document in self.store.documents() if self._is_left(document.tier))

    def document(self, id_: str) -> Document:
        """Return a document; raise `UnknownDocument` for one of a tier that is left out, too."""
        return self._checked(self.store.document(id_))

    def _is_left(self, tier: Tier | None) -> bool:
        return not self.selection.tiers or tier in self.selection.tiers

    def _checked(self, document: Document) -> Document:
        if not self._is_left(document.tier):
            raise UnknownDocument(f"document '{document.id}' is left out here; {self.selection.words()}")
        return document

    def reading(self, document: str) -> DocumentClaims:
        """Return what is left of what a document's reader said of it; raise `UnknownDocument` as `document` does."""
        whole = self.store.reading(document)
        self._checked(whole.document)
        claims, candidates = (tuple(self._left(claims)) for claims in (whole.claims, whole.candidates))
        return replace(whole, claims=claims, candidates=candidates)

    def claims(
        self, *, document: str | None = None, entity: str | None = None, ids: Iterable[str] | None = None
    ) -> Iterator[Claim]:
        """Yield the current claims that are left."""
        return self._left(self.store.claims(document=document, entity=entity, ids=ids))

    def candidates(
        self, *, document: str | None = None, entity: str | None = None, outcomes: Collection[Outcome] | None = None
    ) -> Iterator[Claim]:
        """Yield the claims that were not admitted, as far as they are left."""
        return self._left(self.store.candidates(document=document, entity=entity, outcomes=outcomes))

    def records(self, *, document: str | None = None, entity: str | None = None) -> Iterator[RegisterRecord]:
        """Yield what registers of the tiers that are left say of entities."""
        for id_ in self.store.document_ids() if document is None else [document]:
            if self._is_left(self._tiers_by_document().get(id_)):
                yield from self.store.records(document=id_, entity=entity)

    def claim(self, id_: str) -> Claim:
        """Return a current claim; raise `StoreError` where it is left out."""
        claim = next(self._left([self.store.claim(id_)]), None)
        if claim is None:
            raise StoreError(f"claim '{id_}' is left out here; {self.selection.words()}")
        return claim

    def history(self, until: str | None = None, known: str | None = None) -> Iterator[Claim]:
        """Yield every claim ever recorded that is left, by what is accepted, and the tiers, of now."""
        if until is None:
            return self._left(self.store.history(known=known))
        # A claim that was confirmed once and is called wrong by now has a withdrawn life that says it is accepted.
        wrong = {claim.id for claim in self.store.candidates() if Reason.REJECTED in claim.reasons}
        left = {claim.id for claim in self._left(self.store.history(known=known))} - wrong
        return (claim for claim in self.store.history(until, known) if claim.id in left)

    def past_records(self, until: str | None = None, known: str | None = None) -> PastRecords:
        """Yield what registers of the tiers that are left said of entities."""
        return (told for told in self.store.past_records(until, known) if self._is_left(told[0].tier))

    def entities(self) -> Iterator[Entity]:
        """Yield the entities that the claims name, in order of id."""
        named = {record.entity.id: record.entity for record in self.records()}
        named |= {entity.id: entity for claim in self.claims() for entity in claim.entities}
        yield from (named[id_] for id_ in sorted(named))

    def near_duplicates(self) -> NearDuplicates:
        """Return which documents are copies of which."""
        return self.store.near_duplicates()

    def text_index(self) -> "TextIndex":
        """Return the index of the texts of the documents that are left, with the claims that are."""
        from kg.store.text_index import TextIndex

        self._follow()
        if self._texts is None:
            self._texts, identities = TextIndex(), self.identities
            readings = (reading_now(self, document.id, identities) for document in self.documents())
            self._texts.change((), readings, many=True)
        return self._texts

    def register_index(self) -> "RegisterIndex":
        """Return the index of what the registers of the tiers that are left say."""
        from kg.store.register_index import RegisterIndex

        self._follow()
        if self._registers is None:
            self._registers = RegisterIndex()
            readings = (self.reading(id_) for id_ in self.document_ids())
            self._registers.change((), (one for one in readings if one.records), many=True)
        return self._registers

    def claims_table(self) -> "pa.Table":
        """Return the claims that are left as an Arrow table."""
        return table_of(self.claims())

    def columns(self, *, make: bool = True) -> Columns | None:  # noqa: ARG002 - as a store has it
        """Return None: SPARQL answers."""
        return None

    def _left(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        tiers = self._tiers_by_document()
        return (claim for claim in claims if self.selection.takes(claim, tiers.get(claim.document)))

    def _follow(self) -> None:
        """Let go of what was made of an earlier state; an endpoint has no mark of its state, and stays a snapshot."""
        journal = getattr(self.store, "journal", None)
        stand = self.store.today, None if journal is None else journal.end
        if self._stand != stand:
            self._stand, self._tiers, self._graph, self._texts, self._registers = stand, None, None, None, None

    def _tiers_by_document(self) -> Mapping[str, Tier]:
        self._follow()
        if self._tiers is None:
            names = {term_.iri: Tier(name) for name, term_ in ontology().tiers.items()}
            rows = self.store.query(_TIERS)
            self._tiers = {row["id"].value: names[row["tier"].value] for row in rows if row["tier"].value in names}
        return self._tiers

    # ------------------------------------------------------------------------------ the graph
    def query(self, sparql: str, bindings: Mapping[str, Any] = NO_BINDINGS, *, scope: Scope = ALL) -> Any:
        """Answer SPARQL 1.1 over the claims that are left, and their edges."""
        return self._narrowed().query(sparql, bindings, scope=scope)

    def dataset(self) -> "rdflib.Dataset":
        """Return the graph of the claims that are left."""
        return self._narrowed().dataset()

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield all data of the claims that are left, or one graph's."""
        return self._narrowed().quads(graph)

    def _narrowed(self) -> LocalStore:
        self._follow()
        if self._graph is None:
            iris = IriScheme(self.base)
            journal, index = MemoryJournal({"base": self.base}), Index(ox.Store(), iris)
            readings = self._readings()
            while batch := [reading_record(reading) for reading in islice(readings, _BATCH)]:
                journal.append("1970-01-01T00:00:00Z", batch)
            make(journal, index, self.today)
            words = ox.Literal(self.selection.words())
            index.store.add(ox.Quad(ox.NamedNode(self.base), term("kg:selection"), words, ox.DefaultGraph()))
            self._graph = LocalStore(journal, index, read_only_reason=_READ_ONLY)
        return self._graph

    def _readings(self) -> Iterator[DocumentClaims]:
        """Yield the documents that have a claim left, each with these, without what people said of them."""
        by_document: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims():
            by_document[claim.document].append(claim)
        recorded = {id_ for id_ in self.store.document_ids() if next(self.records(document=id_), None) is not None}
        for id_ in sorted({*by_document, *recorded}):
            records = tuple(self.records(document=id_))
            yield DocumentClaims(self.store.document(id_), tuple(by_document[id_]), records=records)
