"""The RDF index over the journal: a pyoxigraph store that can be made again at any time.

Documents' graphs hold claims and mentions; the default graph holds what follows from them: an edge
for every relation with a live claim, one description for every entity. Two graphs more hold the
schema, for its labels, and the bookkeeping (which commit the index stands at, where in the journal
each document's reading is), so that bookkeeping and data change in one transaction.

A symmetric relation has one edge, the way round that the claim has it: ask for
``?a kg:competesWith|^kg:competesWith ?b``.
"""

import functools
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.model import Entity
from kg.ontology import ontology, turtle
from kg.store.api import Reading
from kg.store.codec import mentioned
from kg.store.graph import edges, graphs
from kg.store.lines import Position, Span
from kg.store.names import Names, term
from kg.store.plan import Change, Plan, Planner
from kg.store.sparql import ask, damaged, data
from kg.store.tally import Tallies, Tally, description

__all__ = ["BATCH", "Index", "Place", "schema_version"]

_TYPE, _LABEL, _SPELLING = term("rdf:type"), term("rdfs:label"), term("skos:altLabel")
_NAME, _KIND, _BODY = term("skos:prefLabel"), term("dcterms:type"), term("oa:hasBody")
_SUBJECT, _OBJECT, _EVIDENCE, _SELECTOR = (
    term(name) for name in ("rdf:subject", "rdf:object", "kg:evidence", "oa:hasSelector")
)
_STANDS_AT, _READING = term("dcterms:identifier"), term("dcterms:isVersionOf")
_DEFAULT = ox.DefaultGraph()
_CODEC = "1"
_UNSETTLED = 50_000
BATCH = 256
"""Documents whose quads are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document's reading stands in the journal, and the fingerprint of what was read by whom."""

    span: Span
    fingerprint: str


@functools.cache
def schema_version() -> str:
    """What an index depends on beside the journal: the codec, the ontology, the registry."""
    parts = [_CODEC, turtle("kg.ttl"), turtle("registry.ttl")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


class Index:
    """The graph of a store."""

    def __init__(self, store: ox.Store, names: Names) -> None:
        self._store: ox.Store | None = store
        self.names = names
        self._size = len(store)
        self._unsettled = 0
        self._planner = Planner(store, names)

    @property
    def store(self) -> ox.Store:
        """The store that holds the graph; raise `StoreError` when it has been let go."""
        if self._store is None:
            raise StoreError("the store is closed: open it again")
        return self._store

    def let_go(self) -> None:
        """Let go of the files: RocksDB closes them when nothing refers to the store any more."""
        self._store = None
        # The planner would live on until the garbage is collected: it knows itself, through its tallies.
        self._planner.store = ox.Store()

    # ------------------------------------------------------------------------------ bookkeeping
    def begin(self) -> None:
        """Give an empty index its schema; it stands nowhere until `stand`."""
        self.store.load(turtle("kg.ttl").encode(), ox.RdfFormat.TURTLE, to_graph=self.names.ontology)
        self._size = len(self.store)

    def position(self) -> Position | None:
        """Return the commit that the index stands at; None where it is not whole, or of another schema."""
        mark = next(self._marks(), None)
        if mark is None:
            return None
        sequence, digest, size, schema = _value(mark).split(" ")
        if int(size) != self._size or schema != schema_version():
            return None
        return Position(int(sequence), digest.strip("-"))

    def stand(self, position: Position) -> None:
        """Say that the index holds all commits up to a position."""
        self._write(set(), set(), position)

    def _marks(self) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(self.names.store, _STANDS_AT, None, self.names.store)

    def place(self, document: str) -> Place | None:
        """Return where a document's reading stands, or None where the index has no such document."""
        quad = next(self._places(self.names.document(document)), None)
        if quad is None:
            return None
        start, length, fingerprint = _value(quad).split(" ")
        return Place(Span(int(start), int(length)), fingerprint)

    def _places(self, document: ox.NamedNode | None) -> Iterator[ox.Quad]:
        return self._found(document, _READING, None, self.names.store)

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each document's reading, by its id."""
        quads = self._places(None)
        return {self.names.id_of(quad.subject, "document/"): _value(quad).rpartition(" ")[2] for quad in quads}

    def documents(self) -> list[str]:
        """Return the ids of the documents, sorted."""
        return sorted(self.names.id_of(quad.subject, "document/") for quad in self._places(None))

    # ------------------------------------------------------------------------------ changing
    def change(self, changes: Sequence[tuple[Change, Place | None]], position: Position) -> tuple[int, int]:
        """Carry out changes of documents, whose new readings stand at places; return the edges come and gone.

        A small change is one transaction. While a large one lasts, the index counts as not whole.
        """
        come = gone = 0
        for start in range(0, len(changes), BATCH):
            batch = changes[start : start + BATCH]
            plan = self._planner.plan([change for change, _ in batch])
            self._apply(plan, batch, position if start + BATCH >= len(changes) else None)
            come, gone = come + plan.edges_added, gone + plan.edges_removed
        return come, gone

    def _apply(self, plan: Plan, changes: Sequence[tuple[Change, Place | None]], position: Position | None) -> None:
        added, removed = set(plan.added), set(plan.removed)
        for change, place in changes:
            removed.update(self._places(self.names.document(change.document)))
            if place is not None:
                added.add(self._place_quad(change.document, place))
        dropped = [self.names.document(change.document) for change, place in changes if place is None]
        self._write(added, removed, position, dropped)
        self._planner.carried_out(plan)

    def rebuild(self, readings: Iterable[tuple[Place, Reading]], position: Position) -> None:
        """Fill an index that has only begun with the current readings of a journal."""
        found: set[ox.Quad] = set()
        tallies = Tallies(lambda _: Tally())
        for batch in _batches(readings):
            quads = graphs((reading for _, reading in batch), self.names)
            quads.update(self._place_quad(reading.document.id, place) for place, reading in batch)
            found |= edges((reading for _, reading in batch), self.names)
            for _, reading in batch:
                for entity in mentioned(reading.claims).values():
                    tallies.of(entity.id).add(entity, 1)
            self._load(quads)
        self._load(found)
        self._load({quad for id_ in tallies.ids() for quad in description(id_, tallies.of(id_), self.names)})
        self.stand(position)

    def _load(self, quads: set[ox.Quad]) -> None:
        self.store.bulk_load(ox.serialize(quads, format=ox.RdfFormat.N_QUADS), ox.RdfFormat.N_QUADS)
        self._size += len(quads)

    def _write(
        self,
        added: set[ox.Quad],
        removed: set[ox.Quad],
        position: Position | None,
        dropped: Iterable[ox.NamedNode] = (),
    ) -> None:
        removed = removed | set(self._marks())
        size = self._size + len(added) - len(removed)
        if position is not None:
            size += 1
            said = f"{position.sequence} {position.hash or '-'} {size} {schema_version()}"
            added = added | {ox.Quad(self.names.store, _STANDS_AT, ox.Literal(said), self.names.store)}
        # One request is one transaction: https://www.w3.org/TR/sparql11-update/#updateLanguage. Who is killed
        # here leaves an index that is behind and catches up, not one to make again.
        parts = [f"DELETE DATA {{ {data(removed)} }}", f"INSERT DATA {{ {data(added)} }}"]
        # An emptied graph would still be listed.
        parts += [f"DROP SILENT GRAPH {graph}" for graph in dropped]
        self.store.update(" ;\n".join(parts))
        self._size = size
        self._unsettled += len(added) + len(removed)
        if self._unsettled > _UNSETTLED:
            self.settle()

    def settle(self) -> None:
        """Write what RocksDB only has in its log to its tables: whoever opens it next need not replay the log."""
        if self._unsettled:
            self.store.flush()
            self._unsettled = 0

    def _place_quad(self, document: str, place: Place) -> ox.Quad:
        said = ox.Literal(f"{place.span.start} {place.span.length} {place.fingerprint}")
        return ox.Quad(self.names.document(document), _READING, said, self.names.store)

    # ------------------------------------------------------------------------------ reading
    def _found(self, *pattern: Any) -> Iterator[ox.Quad]:
        try:
            yield from self.store.quads_for_pattern(*pattern)
        except (OSError, RuntimeError) as error:
            raise damaged(error) from error

    def claims_about(self, entity: str) -> Mapping[str, set[str]]:
        """Return the ids of the claims that name an entity, by document."""
        node = self.names.entity(entity)
        found: defaultdict[str, set[str]] = defaultdict(set)
        for place in (_SUBJECT, _OBJECT):
            for quad in self._found(None, place, node, None):
                found[self.names.id_of(quad.graph_name, "document/")].add(self.names.id_of(quad.subject, "claim/"))
        return found

    def document_of(self, claim: str) -> str | None:
        """Return the document that a claim stands in, or None where there is no such claim."""
        quads = self._found(self.names.claim(claim), _SUBJECT, None, None)
        return next((self.names.id_of(quad.graph_name, "document/") for quad in quads), None)

    def describer(self) -> Callable[[str], Entity]:
        """Return a function from an entity's id to the entity, which remembers what it was asked."""
        classes = {known.iri: name for name, known in ontology().classes.items()}

        @functools.cache
        def describe(id_: str) -> Entity:
            said: defaultdict[ox.NamedNode, list[str]] = defaultdict(list)
            for quad in self._found(self.names.entity(id_), None, None, _DEFAULT):
                said[quad.predicate].append(_value(quad))
            return Entity(id_, said[_LABEL][0], classes[said[_TYPE][0]], tuple(sorted(said[_SPELLING])))

        return describe

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id."""
        quads = self._found(None, _LABEL, None, _DEFAULT)
        yield from map(self.describer(), sorted(self.names.id_of(quad.subject) for quad in quads))

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all data, without the schema and the bookkeeping."""
        own = {self.names.store, self.names.ontology}
        return (q for q in self._found(None, None, None, None) if q.graph_name not in own)

    def graph(self, name: Any) -> Iterator[ox.Quad]:
        """Yield the quads of one graph."""
        return self._found(None, None, None, name)

    def query(self, sparql: str, bindings: Mapping[str, Any]) -> Any:
        """Answer SPARQL 1.1; see `kg.store.api.Store.query`."""
        return ask(self.store, sparql, bindings)


def _batches(readings: Iterable[tuple[Place, Reading]]) -> Iterator[list[tuple[Place, Reading]]]:
    stream = iter(readings)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _value(quad: ox.Quad) -> str:
    return cast("ox.NamedNode | ox.Literal", quad.object).value
