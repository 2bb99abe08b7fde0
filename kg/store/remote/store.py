"""A store behind someone else's SPARQL endpoint, which holds a graph of kg's or is to hold one."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from kg.errors import InvalidRecord, QueryError, StoreError, TextsMissing, unknown_document
from kg.judgements import Identities, IdentityJudgement, affected
from kg.model import Claim, Document, Entity, Outcome
from kg.resolve import RegisterRecord
from kg.settings import setting
from kg.store.api import NO_BINDINGS, CommitResult, DocumentClaims, PastRecords
from kg.store.columns import table_of
from kg.store.iris import IriScheme, term
from kg.store.judging import extended
from kg.store.near_duplicates import NearDuplicateIndex, NearDuplicates
from kg.store.rdf_decode import claims_from, mentions_from
from kg.store.register_index import RegisterIndex
from kg.store.remote.graph import RemoteGraph
from kg.store.remote.graph_writer import HALF, GraphWriter
from kg.store.remote.http import sanitize
from kg.store.remote.snapshots import Snapshots, comparable
from kg.store.remote.sparql_client import batches
from kg.store.selection import EVERYTHING, Selection
from kg.store.sparql import ALL, Scope, graph_node
from kg.store.text_index import TextIndex
from kg.store.user_graphs import UpdateResult
from kg.store.validation import fingerprint, place_order, selected

if TYPE_CHECKING:
    import pyarrow as pa
    import rdflib

__all__ = ["RemoteStore", "near_duplicate_index"]

_SUBJECT = term("rdf:subject")
_ENDS = {_SUBJECT, term("rdf:object")}
_NOT_OURS = "graphs of your own at {} are changed there: send it the update itself"
_TOGETHER = 50
"""Documents whose claims or texts are fetched in one go."""


@dataclass(slots=True)
class RemoteStore:
    """A graph behind an endpoint; made by `kg.store.open_store` for an address.

    What kg writes there keeps the documents' texts too, in a graph of its own beside theirs: whoever may ask the
    endpoint may read them. A graph that was loaded there from an export has none; its documents have an empty text.
    """

    graph: RemoteGraph
    writer: GraphWriter
    clock: Callable[[], str]
    notes: tuple[str, ...] = ()
    read_only_reason: str | None = None
    near_duplicate_index: NearDuplicateIndex = field(default_factory=NearDuplicateIndex, repr=False)
    snapshots: Snapshots = field(default_factory=Snapshots, repr=False)

    @property
    def iris(self) -> IriScheme:
        """The IRIs of the store."""
        return self.graph.iris

    @property
    def base(self) -> str:
        """The IRI below which entities, claims and documents are named."""
        return self.iris.base

    @property
    def today(self) -> dt.date:
        """The day for which the edges stand."""
        return self.writer.day

    @property
    def selection(self) -> Selection:
        """It is whole."""
        return EVERYTHING

    def set_day(self, day: dt.date) -> None:
        """Move the edges to another day."""
        if day != self.today:
            self._check_writable()
            self.writer.set_day(day)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection; whoever asks again makes a new one."""
        self.read_only_reason = "the store is closed: open it again"
        self.near_duplicate_index.close()
        self.graph.client.transport.close()

    # ------------------------------------------------------------------------------ writing
    @property
    def identities(self) -> Identities:
        """Who is whom, by what people said."""
        return self.graph.identities()

    def commit(
        self, readings: Iterable[DocumentClaims] = (), identities: Iterable[IdentityJudgement] = ()
    ) -> CommitResult:
        """Take in readings: all or none where one request holds them, else as `kg.store.remote.graph_writer` tells."""
        self._check_writable()
        before = self.identities
        told, after = extended(before, identities, self.iris)
        by_document = {reading.document.id: reading for reading in readings}
        if told:
            ids, documents = affected(before, after)
            touched = self.graph.naming(ids) | {id_ for id_ in documents if self.holds(id_)}
            by_document = {id_: self.reading(id_) for id_ in sorted(touched)} | by_document
        return self.writer.commit(by_document.values(), self.clock(), before, after)

    def forget(self, document: str) -> CommitResult:
        """Withdraw a document."""
        self._check_writable()
        if not self.holds(document):
            self._check_known(document)
        return self.writer.forget(document, self.clock())

    def update(self, sparql: str, *, scope: Scope = ALL) -> UpdateResult:
        """Refuse: what is the user's own at an endpoint is changed there, by its own clients."""
        del sparql, scope
        raise StoreError(_NOT_OURS.format(self.graph.client.host))

    def replace_graph(self, graph: str, triples: Iterable[ox.Triple]) -> UpdateResult:
        """Refuse, as `update` does."""
        del graph, triples
        raise StoreError(_NOT_OURS.format(self.graph.client.host))

    def _check_writable(self) -> None:
        if self.read_only_reason is not None:
            raise StoreError(self.read_only_reason)

    def is_current(self, document: Document, reader: str) -> bool:
        """Whether the store holds this document as this reader read it."""
        return self.graph.has_status(document.id, fingerprint(document, reader))

    # ------------------------------------------------------------------------------ reading
    def holds(self, document: str) -> bool:
        """Whether the store has a document of this id."""
        return self.graph.holds(document)

    def document_ids(self, prefix: str = "") -> Iterator[str]:
        """Yield the ids of the documents that begin so."""
        return (id_ for id_ in self.graph.documents() if id_.startswith(prefix))

    def documents(self) -> Iterator[Document]:
        """Yield the documents, with their texts where kg wrote them, in order of id."""
        return self.graph.documents_said(self.graph.documents())

    def document(self, id_: str) -> Document:
        """Return a document; its text is empty where the endpoint has none."""
        document = next(self.graph.documents_said([id_]), None)
        if document is None:
            self._check_known(id_)
            raise StoreError(f"{self.graph.client.host} lists '{id_}' and does not say what it is: try again")
        return document

    def _check_known(self, id_: str) -> None:
        documents = self.graph.documents()
        if id_ not in documents:
            raise unknown_document(id_, documents)

    def reading(self, document: str) -> DocumentClaims:
        """Return what a document's reader said of it, with entities as the document calls them."""
        ((_, quads),) = self.graph.graphs([document])
        mentions = mentions_from(quads, self.iris)
        claims = tuple(self._decoded(quads, mentions.__getitem__))
        reader, mark = self.graph.reader_of(document), self.graph.candidate_status(document)
        return self.graph.with_words(DocumentClaims(self.document(document), claims, reader), mark)

    def claims(
        self, *, document: str | None = None, entity: str | None = None, ids: Iterable[str] | None = None
    ) -> Iterator[Claim]:
        """Yield the current claims."""
        if document is not None and not self.holds(document):
            self._check_known(document)
        if entity is None and ids is None:
            documents = self.graph.documents() if document is None else [document]
            for some in batches(documents, _TOGETHER):
                yield from self._told(quads for _, quads in self.graph.graphs(some))
            return
        for nodes in self._together(self._wanted(document, entity, ids)):
            yield from self._told(self.graph.closures(nodes))

    def _wanted(
        self, document: str | None, entity: str | None, ids: Iterable[str] | None
    ) -> Mapping[ox.NamedNode, str]:
        """Return the nodes of the claims asked for, with their documents."""
        about = None if entity is None else self.graph.claims_about(entity)
        documents = about if ids is None else self.graph.claims_of(ids)
        return {
            node: id_
            for node, id_ in (documents or {}).items()
            if document in {None, id_} and (about is None or node in about)
        }

    @staticmethod
    def _together(nodes: Mapping[ox.NamedNode, str]) -> Iterator[list[ox.NamedNode]]:
        """Yield claims' nodes, those of some documents at a time, in the order of the documents."""
        of: defaultdict[str, list[ox.NamedNode]] = defaultdict(list)
        for node, id_ in nodes.items():
            of[id_].append(node)
        for some in batches(sorted(of), _TOGETHER):
            yield [node for id_ in some for node in of[id_]]

    def _told(self, parts: Iterable[list[ox.Quad]]) -> list[Claim]:
        """Return the claims that quads say, in order of document and place, with entities as the graph has them."""
        quads = [quad for part in parts for quad in part]
        ends = (quad.object for quad in quads if quad.predicate in _ENDS and isinstance(quad.object, ox.NamedNode))
        self.graph.describe(self.iris.id_of(node) for node in ends)
        claims = self._decoded(quads, self.graph.entity)
        nodes = {self.iris.claim(claim.id) for claim in claims}
        for quad in quads:
            if quad.predicate == _SUBJECT and quad.subject not in nodes:
                raise InvalidRecord(
                    f"{quad.subject} says other things than when it was written: a commit broke off, or the endpoint"
                    " changes what it is given; read its document again"
                )
        return claims

    def _decoded(self, quads: Iterable[ox.Quad], entity: Callable[[str], Entity]) -> list[Claim]:
        try:
            return list(claims_from(quads, self.iris, entity))
        except HALF as error:
            message = sanitize(str(error))
            raise InvalidRecord(
                f"a claim at {self.graph.client.host} is not whole ({message}): read its document again"
            ) from error

    def candidates(
        self,
        *,
        document: str | None = None,
        entity: str | None = None,
        outcomes: Collection[Outcome] | None = None,
    ) -> Iterator[Claim]:
        """Yield the claims that the gate did not admit."""
        if document is not None and not self.holds(document):
            self._check_known(document)
        ids = self.graph.documents_with_candidates(entity)
        for some in batches([id_ for id_ in ids if document in {None, id_}], _TOGETHER):
            candidates = selected(self.graph.candidates(some), entity, outcomes)
            yield from sorted(candidates, key=lambda c: (c.document, *place_order(c)))

    def records(self, *, document: str | None = None, entity: str | None = None) -> Iterator[RegisterRecord]:
        """Yield what registers say of entities."""
        ids = [id_ for id_ in self.graph.documents_with_records(entity) if document in {None, id_}]
        for _, told in self.graph.records(ids):
            yield from (one for one in told if entity in {None, one.entity.id})

    def claim(self, id_: str) -> Claim:
        """Return a current claim."""
        claim = next(self.claims(ids=[id_]), None)
        if claim is None:
            raise StoreError(f"the store holds no claim '{id_}'; 'kg export --format jsonl' lists them")
        return claim

    def history(self, until: str | None = None, known: str | None = None) -> Iterator[Claim]:  # noqa: ARG002 - as below
        """Yield every claim ever recorded, in the order of recording, its entities as its document calls them."""
        claims = list(self.graph.withdrawn())
        for _, quads in self.graph.graphs(self.graph.documents()):
            mentions = mentions_from(quads, self.iris)
            claims += self._decoded(quads, mentions.__getitem__)
        yield from sorted(claims, key=lambda c: (c.recorded_at or "", c.document, c.evidence[0].start, c.id))

    def past_records(self, until: str | None = None, known: str | None = None) -> PastRecords:  # noqa: ARG002 - no past
        """Yield what registers say of entities now, with the documents that say it."""
        return self.graph.records_with_documents()

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id."""
        return self.graph.described(self.graph.entities())

    def near_duplicates(self) -> NearDuplicates:
        """Return which documents are copies of which; raise `TextsMissing` where the endpoint has not all texts.

        All texts are fetched, once for each opening; where KG_CACHE names a folder, what was found is kept there.
        """
        fingerprints = self.graph.fingerprints()
        if set(self.graph.documents()) - fingerprints.keys():
            raise TextsMissing(f"{self.graph.client.host} has not the text of every document: copies cannot be told")
        fingerprints = comparable(self, fingerprints)
        stand = " ".join(sorted(f"{id_}={fingerprint}" for id_, fingerprint in fingerprints.items()))
        return self.near_duplicate_index.at(
            hashlib.sha256(stand.encode()).hexdigest(), lambda: fingerprints, lambda id_: self.document(id_).text
        )

    def text_index(self) -> TextIndex:
        """Return the index of texts, in memory; raise `TextsMissing` where the endpoint has not all texts.

        All texts are fetched: at the first asking, and again when documents or judgements have changed.
        """
        return self.snapshots.texts(self)

    def register_index(self) -> RegisterIndex:
        """Return the index of what registers say, in memory, made as that of texts is."""
        return self.snapshots.registers(self)

    def claims_table(self) -> "pa.Table":
        """Return the current claims as an Arrow table, all fetched."""
        return table_of(self.claims())

    def columns(self, *, make: bool = True) -> None:
        """Return None: the endpoint is asked, which is there to scan."""
        del make

    def query(self, sparql: str, bindings: Mapping[str, Any] = NO_BINDINGS, *, scope: Scope = ALL) -> Any:
        """Answer SPARQL 1.1, as far as the endpoint does."""
        if scope != ALL:
            raise QueryError("a graph behind an endpoint is asked as a whole: name its graphs in the query, by FROM")
        return self.graph.client.query(sparql, bindings)

    def dataset(self) -> "rdflib.Dataset":
        """Return the graph as an `rdflib.Dataset`, fetched as it is now."""
        import rdflib
        from oxrdflib import OxigraphStore

        store = ox.Store()
        store.extend(self.quads())
        return rdflib.Dataset(store=OxigraphStore(store=store), default_union=True)

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield all data, or one graph's."""
        if graph is not None:
            node = graph_node(graph)
            yield from (quad for quad in self.quads() if quad.graph_name == node)
            return
        for _, quads in self.graph.graphs(self.graph.documents()):
            yield from quads
        yield from self.graph.identity_graph()
        yield from self.graph.edges()
        yield from self.graph.all_marks()
        yield from self.graph.descriptions(self.graph.entities())


def near_duplicate_index(url: str) -> NearDuplicateIndex:
    """Return where the copies of an endpoint's documents are kept: in the folder KG_CACHE, else in memory."""
    folder = setting("KG_CACHE")
    if not folder:
        return NearDuplicateIndex()
    return NearDuplicateIndex(Path(folder) / f"copies-{hashlib.sha256(url.encode()).hexdigest()[:16]}.db")
