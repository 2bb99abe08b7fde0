"""Reading what a journal and its index hold: documents, claims, candidates, records, entities, answers."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import StoreError, unknown_document
from kg.model import Claim, Document, Entity, Outcome, Tier
from kg.resolve import RegisterRecord
from kg.store.api import NO_BINDINGS, DocumentClaims, PastRecords
from kg.store.bookkeeping import JournalPlace
from kg.store.column_cache import ColumnCache
from kg.store.columns import Columns
from kg.store.index import Index
from kg.store.journal import Journal
from kg.store.json_codec import claim_from, document_from
from kg.store.near_duplicates import NearDuplicateIndex, NearDuplicates, rows_among
from kg.store.record_codec import record_from
from kg.store.register_index import RegisterIndex
from kg.store.replay import past_records, reading_from, recorded
from kg.store.searches import Searches
from kg.store.sparql import ALL, Scope, graph_node
from kg.store.text_index import TextIndex
from kg.store.validation import place_order, selected

if TYPE_CHECKING:
    import pyarrow as pa
    import rdflib

__all__ = ["LocalReader"]


@dataclass(slots=True)
class LocalReader:
    """A journal with its index, for reading; `kg.store.local` adds what writes.

    `near_duplicate_index` is where copies are kept, `column_cache` where columns are, `searches` where the
    indexes are that are searched.
    """

    journal: Journal
    index: Index
    near_duplicate_index: NearDuplicateIndex = field(default_factory=NearDuplicateIndex, repr=False)
    column_cache: ColumnCache = field(default_factory=ColumnCache, repr=False)
    searches: Searches = field(default_factory=Searches, repr=False)

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

    def records(self, *, document: str | None = None, entity: str | None = None) -> Iterator[RegisterRecord]:
        """Yield what registers say of entities."""
        ids = self.index.documents_with_records(entity) if document is None or entity is not None else [document]
        for id_ in ids if document is None else [id_ for id_ in ids if id_ == document]:
            told = self.journal.read(self._place(id_).span, judged=False).get("records", ())
            yield from (one for one in map(record_from, told) if entity in {None, one.entity.id})

    def claim(self, id_: str) -> Claim:
        """Return a current claim."""
        document = self.index.document_of(id_)
        if document is None:
            raise StoreError(f"the store holds no claim '{id_}'; 'kg export --format jsonl' lists them")
        describe = self.index.describer()
        return next(self._claims(self._place(document), lambda entity: describe(entity.id), {id_}))

    def history(self, until: str | None = None, known: str | None = None) -> Iterator[Claim]:
        """Yield every claim ever recorded, in the order of recording, with its entities as they were then called."""
        yield from recorded(self.journal, until, known)

    def past_records(self, until: str | None = None, known: str | None = None) -> PastRecords:
        """Yield what registers said of entities, with the documents that say it."""
        return past_records(self.journal, until, known)

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id."""
        return self.index.entities()

    def near_duplicates(self) -> NearDuplicates:
        """Return which documents are copies of which."""
        stands = self.journal.end
        return self.near_duplicate_index.at(
            f"{stands.sequence} {stands.hash}", self._fingerprints, lambda id_: self.document(id_).text
        )

    def _fingerprints(self) -> dict[str, str]:
        """Return the fingerprints of the documents that may be copies: the records of a register are alike by form.

        A document of that tier that is a file of its own may be a copy, in whatever folder it lies.
        """
        rows = rows_among(self.index.documents_of_tier(Tier.REGISTER), self.document)
        return {id_: fingerprint for id_, fingerprint in self.index.fingerprints().items() if id_ not in rows}

    def claims_table(self) -> "pa.Table":
        """Return the current claims as an Arrow table."""
        return self.column_cache.at(self.journal, self.index).claims

    def columns(self, *, make: bool = True) -> Columns | None:
        """Return what scans are answered from."""
        return self.column_cache.get_if_worthwhile(self.journal, self.index, make=make)

    def text_index(self) -> TextIndex:
        """Return the index of texts."""
        return self.searches.texts.at(self.journal, self.index)

    def register_index(self) -> RegisterIndex:
        """Return the index of what registers say."""
        return self.searches.registers.at(self.journal, self.index)

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
