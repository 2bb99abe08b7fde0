"""The RDF index over the journal: a pyoxigraph store that can be made again at any time.

Documents' graphs hold claims; the default graph holds what follows from them: an edge for every
relation with a live claim, one description for every entity. One graph more describes the store
itself (which commit it stands at), so that bookkeeping and data change in one transaction.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.model import Claim, Entity
from kg.ontology import ontology
from kg.store.api import Reading
from kg.store.codec import Names, claims_from, document_quads, term
from kg.store.journal import Position
from kg.store.sparql import ask

__all__ = ["Change", "Index", "State"]

_TYPE, _LABEL, _ALTERNATIVE = term("rdf:type"), term("rdfs:label"), term("skos:altLabel")
_SUBJECT, _OBJECT, _CLAIM, _EVIDENCE = term("rdf:subject"), term("rdf:object"), term("kg:Claim"), term("kg:evidence")
_SELECTOR, _COMMIT = term("oa:hasSelector"), term("kg:commit")
_READER, _LINE = term("kg:reader"), term("kg:journalLine")
_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class State:
    """Where the index stands: the last commit in it, and how many quads it then held."""

    sequence: int = 0
    hash: str = ""
    quads: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit does to the index: readings that replace their documents', documents withdrawn."""

    position: Position
    readings: tuple[Reading, ...]
    forgotten: tuple[str, ...] = ()


class Index:
    """The graph of a store."""

    def __init__(self, store: ox.Store, names: Names) -> None:
        self.store = store
        self.names = names
        self._about = ox.NamedNode(f"{names.base}store")

    # ------------------------------------------------------------------------------ bookkeeping
    def state(self) -> State:
        """Return where the index stands; an index that no commit has reached stands at 0."""
        marks = [said.split() for said in self._objects(self._about, _COMMIT, self._about)]
        found = [State(int(sequence), digest, int(quads)) for sequence, digest, quads in marks]
        return max(found, key=lambda state: state.sequence, default=State())

    def is_whole(self) -> bool:
        """Whether the store holds as many quads as its last commit left in it."""
        return len(self.store) == self.state().quads

    def reader_of(self, document: str) -> str | None:
        """Return what read a document, or None where the index does not hold it."""
        return self._said(document, _READER)

    def line_of(self, document: str) -> int | None:
        """Return where in the journal a document's reading stands."""
        said = self._said(document, _LINE)
        return None if said is None else int(said)

    def _said(self, document: str, predicate: ox.NamedNode) -> str | None:
        node = self.names.document(document)
        return next(self._objects(node, predicate, self._about), None)

    def _objects(self, subject: Any, predicate: ox.NamedNode, graph: Any) -> Iterator[str]:
        """Yield the values that a graph gives; the store holds no blank nodes and no quoted triples."""
        for quad in self.store.quads_for_pattern(subject, predicate, None, graph):
            if isinstance(quad.object, ox.Literal | ox.NamedNode):
                yield quad.object.value

    def _subjects(self, predicate: ox.NamedNode, graph: Any, kind: str = "") -> list[str]:
        """Return the ids of what a graph says something of, sorted."""
        nodes = (quad.subject for quad in self.store.quads_for_pattern(None, predicate, None, graph))
        return sorted(self.names.id_of(node, kind) for node in nodes if isinstance(node, ox.NamedNode))

    def document_ids(self) -> list[str]:
        """Return the ids of the documents, sorted."""
        return self._subjects(_LINE, self._about, "document/")

    # ------------------------------------------------------------------------------ changing
    def apply(self, change: Change) -> tuple[int, int]:
        """Bring the index to a commit in one transaction; return how many edges came and went."""
        old, new = self._graphs(change)
        edges_old = self._edges(claims_from(old, self.names, self._stub))
        edges_new = self._edges(claim for reading in change.readings for claim in reading.claims)
        gone = {edge for edge in edges_old - edges_new if not self._is_supported(edge, change)}
        come = {edge for edge in edges_new if edge not in self.store}
        by_entity = self._spelt(old, new)
        for entity, spelt in by_entity.items():
            old.update(self._description(entity))
            new.update(self._described(entity, change, spelt))
        added = {quad for quad in new - old if quad not in self.store} | come
        removed = (old - new) | gone
        mark = f"{change.position.sequence} {change.position.hash} {len(self.store) + len(added) - len(removed) + 1}"
        added.add(ox.Quad(self._about, _COMMIT, ox.Literal(mark), self._about))
        self._write(removed, added)
        return len(come), len(gone)

    @staticmethod
    def _spelt(old: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> Mapping[Any, list[ox.Quad]]:
        """Return what the new graphs say of each entity that the old or the new ones name."""
        said: defaultdict[Any, list[ox.Quad]] = defaultdict(list)
        for quad in old:
            if quad.predicate == _ALTERNATIVE:
                said[quad.subject] = []
        named = {quad.subject for quad in new if quad.predicate == _ALTERNATIVE}
        for quad in new:
            if quad.subject in named:
                said[quad.subject].append(quad)
        return said

    def _graphs(self, change: Change) -> tuple[set[ox.Quad], set[ox.Quad]]:
        old: set[ox.Quad] = set()
        new: set[ox.Quad] = set()
        for id_ in (*change.forgotten, *(reading.document.id for reading in change.readings)):
            node = self.names.document(id_)
            old.update(self.store.quads_for_pattern(None, None, None, node))
            old.update(self.store.quads_for_pattern(node, None, None, self._about))
        for reading in change.readings:
            node = self.names.document(reading.document.id)
            new.update(document_quads(reading.document, reading.claims, self.names))
            new.add(ox.Quad(node, _READER, ox.Literal(reading.reader), self._about))
            new.add(ox.Quad(node, _LINE, ox.Literal(str(change.position.offset)), self._about))
        return old, new

    def _edges(self, claims: Iterable[Claim]) -> set[ox.Quad]:
        return {edge for claim in claims if claim.is_live and (edge := self._edge(claim)) is not None}

    def _stub(self, id_: str) -> Entity:
        """An entity of which only the id matters."""
        return Entity(id_, id_, "Entity")

    def _edge(self, claim: Claim) -> ox.Quad | None:
        if not isinstance(claim.object, Entity):
            return None
        relation = ox.NamedNode(ontology().relation(claim.relation).iri)
        return ox.Quad(self.names.entity(claim.subject.id), relation, self.names.entity(claim.object.id), _DEFAULT)

    def _is_supported(self, edge: ox.Quad, change: Change) -> bool:
        """Whether a live claim of a document that the change does not touch supports the edge."""
        graphs = self._touched(change)
        ends = ((_SUBJECT, edge.subject), (_OBJECT, edge.object))
        from_, to = ({q.subject for q in self.store.quads_for_pattern(None, p, n, None)} for p, n in ends)
        for claim in (c for node in from_ & to for c in claims_from(self.of_claim(node), self.names, self._stub)):
            if self.names.document(claim.document) not in graphs and claim.is_live and self._edge(claim) == edge:
                return True
        return False

    def _touched(self, change: Change) -> set[ox.NamedNode]:
        """The graphs that a change replaces or takes away."""
        ids = (*change.forgotten, *(reading.document.id for reading in change.readings))
        return {self.names.document(id_) for id_ in ids}

    def _description(self, entity: Any) -> Iterator[ox.Quad]:
        """What the default graph says of an entity beside its edges."""
        for quad in self.store.quads_for_pattern(entity, None, None, _DEFAULT):
            if quad.predicate in _describes():
                yield quad

    def _described(self, entity: Any, change: Change, spelt: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """What the default graph should say of an entity after the change; nothing when nobody names it."""
        elsewhere = {_DEFAULT, self._about, *self._touched(change)}
        kept = (q for q in self.store.quads_for_pattern(entity, None, None, None) if q.graph_name not in elsewhere)
        here = [*kept, *spelt]
        spellings = Counter(_value(q) for q in here if q.predicate == _ALTERNATIVE)
        if not spellings:
            return
        company = ontology().companies.get(self.names.id_of(entity))
        label = company.name if company else min(spellings, key=lambda name: (-spellings[name], name))
        yield ox.Quad(entity, _LABEL, ox.Literal(label), _DEFAULT)
        yield from (ox.Quad(entity, _TYPE, q.object, _DEFAULT) for q in here if q.predicate == _TYPE)
        for name, value in (company.identifiers if company else {}).items():
            yield ox.Quad(entity, term(f"kg:{name}"), ox.Literal(value), _DEFAULT)
            if name == "qid":
                item = ox.NamedNode(f"http://www.wikidata.org/entity/{value}")
                yield ox.Quad(entity, term("skos:exactMatch"), item, _DEFAULT)

    def _write(self, removed: set[ox.Quad], added: set[ox.Quad]) -> None:
        if removed:
            parts = [f"DELETE DATA {{ {_data(removed)} }}", f"INSERT DATA {{ {_data(added)} }}"]
            self.store.update(" ;\n".join(parts))
        else:
            self.store.extend(added)

    # ------------------------------------------------------------------------------ reading
    def claims(self, document: str | None, entity: str | None) -> Iterator[Claim]:
        """Yield claims of a document, on an entity, or all; in order of document and place."""
        describe = self.describer()
        if entity is not None:
            node = self.names.entity(entity)
            places = (_SUBJECT, _OBJECT)
            found = {q.subject for p in places for q in self.store.quads_for_pattern(None, p, node, None)}
            quads = [quad for claim in found for quad in self.of_claim(claim)]
            claims = claims_from(quads, self.names, describe)
            yield from (claim for claim in claims if document in {None, claim.document})
            return
        for id_ in self.document_ids() if document is None else [document]:
            quads = list(self.store.quads_for_pattern(None, None, None, self.names.document(id_)))
            yield from claims_from(quads, self.names, describe)

    def claim(self, id_: str) -> Iterator[Claim]:
        """Yield the claim of that id, if it is here."""
        yield from claims_from(self.of_claim(self.names.claim(id_)), self.names, self.describer())

    def of_claim(self, claim: Any) -> Iterator[ox.Quad]:
        """Yield the quads of one claim, its evidence included."""
        nodes = [claim]
        for node in nodes:
            for quad in self.store.quads_for_pattern(node, None, None, None):
                yield quad
                if quad.predicate in {_EVIDENCE, _SELECTOR}:
                    nodes.append(quad.object)

    def describer(self) -> Callable[[str], Entity]:
        """Return a function from an entity's id to the entity, which remembers what it was asked."""
        classes = {known.iri: name for name, known in ontology().classes.items()}

        @functools.cache
        def describe(id_: str) -> Entity:
            node = self.names.entity(id_)
            label = next(self._objects(node, _LABEL, _DEFAULT), id_)
            kind = classes.get(next(self._objects(node, _TYPE, _DEFAULT), ""), "Entity")
            return Entity(id_, label, kind, tuple(sorted(set(self._objects(node, _ALTERNATIVE, None)))))

        return describe

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id."""
        describe = self.describer()
        yield from (describe(id_) for id_ in self._subjects(_LABEL, _DEFAULT))

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all data, without the bookkeeping."""
        for quad in self.store.quads_for_pattern(None, None, None, None):
            if quad.graph_name != self._about:
                yield quad

    def query(self, sparql: str, bindings: Mapping[str, Any]) -> Any:
        """Answer SPARQL 1.1; see `kg.store.api.Store.query`."""
        return ask(self.store, sparql, bindings)


@functools.cache
def _describes() -> frozenset[ox.NamedNode]:
    """The predicates of an entity's description."""
    identifiers = (ox.NamedNode(known.iri) for known in ontology().identifiers.values())
    return frozenset({_LABEL, _TYPE, term("skos:exactMatch"), *identifiers})


def _value(quad: ox.Quad) -> str:
    return quad.object.value if isinstance(quad.object, ox.Literal | ox.NamedNode) else ""


def _data(quads: Iterable[ox.Quad]) -> str:
    lines = []
    for quad in quads:
        triple = f"{quad.subject} {quad.predicate} {quad.object} ."
        lines.append(triple if quad.graph_name == _DEFAULT else f"GRAPH {quad.graph_name} {{ {triple} }}")
    return "\n".join(lines)
