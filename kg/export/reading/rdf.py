"""The claims of RDF that kg wrote, or that another program wrote again: 1.1 or 1.2, in any order and serialisation."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from kg.errors import DocumentError, InvalidRecord, OntologyError
from kg.export.quad_order import by_graph
from kg.export.reifiers import as_reification
from kg.importers.contract import RecordReject
from kg.model import Claim, Document, Entity
from kg.store.index_reader import IndexReader
from kg.store.iris import IriScheme, term
from kg.store.rdf_decode import claims_from, document_from
from kg.store.validation import place_order

__all__ = ["SERIALISATIONS", "RdfFile"]

SERIALISATIONS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
"""The serialisations by the endings of their files."""
_TYPE, _ARTICLE = term("rdf:type"), term("schema:NewsArticle")
_DOCUMENT, _EVIDENCE, _SELECTOR = (term(name) for name in ("kg:document", "kg:evidence", "oa:hasSelector"))
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
_MANY = 1 << 26
"""Bytes of a file that is loaded on disk rather than in memory."""


class RdfFile:
    """A file of RDF: see `kg.export.reading.contract`. It is loaded into a store of its own, for its order is free."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._documents: dict[str, Document] = {}

    def document(self, id_: str) -> Document | None:
        """Return what the graph of a document tells of it."""
        return self._documents.get(id_)

    def notes(self) -> Iterator[str]:
        """Yield nothing: further statements are the user's own."""
        return iter(())

    def claims(self) -> Iterator[Claim | RecordReject]:
        """Yield the claims, document by document, in the order of their places."""
        with tempfile.TemporaryDirectory() as folder:
            store = ox.Store(folder) if self._path.stat().st_size > _MANY else ox.Store()
            self._load(store)
            articles = sorted(filter(_is_named, store.quads_for_pattern(None, _TYPE, _ARTICLE)), key=by_graph)
            if not articles:
                raise DocumentError(f"{self._path} is RDF without a document of kg: kg reads back what kg export wrote")
            graph: _Graph | None = None
            number = 0
            for article in articles:
                document = self._document(store, article)
                graph = graph or _Graph.of(store, article.subject, document.id, self._path)
                for found in graph.claims(document.id, article.graph_name):
                    number += 1
                    yield found if isinstance(found, Claim) else RecordReject(number, None, "claim", *found)

    def _load(self, store: ox.Store) -> None:
        try:
            store.bulk_load(path=str(self._path), format=SERIALISATIONS[self._path.suffix.lower()])
        except (OSError, ValueError, SyntaxError) as error:
            reason = " ".join(str(error).split())[:160]
            raise DocumentError(f"{self._path} cannot be read as RDF: {reason}") from error

    def _document(self, store: ox.Store, article: ox.Quad) -> Document:
        about = _plain(store.quads_for_pattern(article.subject, None, None, article.graph_name))
        try:
            document = document_from(about)
        except InvalidRecord as error:
            raise DocumentError(f"{self._path}: {error}") from error
        self._documents[document.id] = document
        return document


def _plain(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield what is no statement about statements: kg says nothing of these but what a claim reifies."""
    return (quad for quad in quads if not isinstance(quad.object, ox.Triple))


def _nodes(quads: Iterable[ox.Quad], predicate: ox.NamedNode) -> Iterator[ox.NamedNode | ox.BlankNode]:
    """Yield the objects of a predicate of which something can be said: a text is none."""
    for quad in quads:
        if quad.predicate == predicate and isinstance(quad.object, ox.NamedNode | ox.BlankNode):
            yield quad.object


def _is_named(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.NamedNode)


@dataclass(frozen=True, slots=True)
class _Graph:
    """The claims of a store of quads, whose IRIs are of some scheme."""

    store: ox.Store
    iris: IriScheme
    describe: Callable[[str], Entity]

    @classmethod
    def of(cls, store: ox.Store, article: object, document: str, path: Path) -> "_Graph":
        """Return the graph, whose base is told by the IRI of one of its documents."""
        iri = str(getattr(article, "value", ""))
        at = next((i for i in _places(iri, "document/") if unquote(iri[i + len("document/") :]) == document), None)
        if at is None:
            raise DocumentError(f"{path}: the document <{iri}> is not named after its identifier '{document}'")
        iris = IriScheme(iri[:at])
        return cls(store, iris, IndexReader(store, iris).describer())

    def claims(self, document: str, graph: GraphName) -> Iterator[Claim | tuple[str, str]]:
        """Yield a document's claims by place; of one that does not hold, its id and the reason."""
        nodes = {quad.subject for quad in self.store.quads_for_pattern(None, _DOCUMENT, ox.Literal(document), graph)}
        claims, bad = [], []
        for node in nodes:
            id_ = self.iris.id_of(node, "claim/")
            try:
                [claim] = claims_from(self._about(node, graph), self.iris, self.describe)
            except (InvalidRecord, OntologyError, LookupError, ValueError, ArithmeticError) as error:
                bad.append((id_, f"– {error}"))
                continue
            if claim.id == id_:
                claims.append(claim)
            else:
                bad.append((id_, f"says what claim {claim.id} would: it was changed after it was written"))
        yield from sorted(claims, key=place_order)
        yield from sorted(bad)

    def _about(self, node: Any, graph: GraphName) -> Iterator[ox.Quad]:
        """Yield what is said of a claim, of its evidence and where that stands, as RDF 1.1 says it."""
        about = list(_plain(as_reification(self.store.quads_for_pattern(node, None, None, graph))))
        yield from about
        for place in _nodes(about, _EVIDENCE):
            of_place = list(_plain(self.store.quads_for_pattern(place, None, None, graph)))
            yield from of_place
            for selector in _nodes(of_place, _SELECTOR):
                yield from _plain(self.store.quads_for_pattern(selector, None, None, graph))


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
