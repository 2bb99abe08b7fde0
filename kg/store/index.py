"""The RDF index over the journal: a pyoxigraph store that can be made again at any time.

Documents' graphs hold claims and mentions. The default graph holds what follows from them: when each claim states a
fact, an edge for every relationship that is a fact on the day the index stands at, a description of every entity. Two
graphs more hold the schema, for its labels, and the bookkeeping (which commit the index stands at, where in the
journal each document's reading is), so that bookkeeping and data change in one transaction.

A symmetric relation has one edge, the way round that the claim has it: ask for
``?a kg:competesWith|^kg:competesWith ?b``.
"""

import datetime as dt
import functools
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import pyoxigraph as ox

from kg import formats
from kg.errors import StoreError
from kg.model import Entity
from kg.ontology import ontology, turtle
from kg.store.api import DocumentClaims
from kg.store.bookkeeping import NAMES, READING, JournalPlace, kept
from kg.store.bulk_loader import BulkLoader
from kg.store.columns import Validity
from kg.store.day_change import day_change
from kg.store.derived import FROM, UNTIL, today_quad
from kg.store.iris import IriScheme, term
from kg.store.journal_format import Position
from kg.store.label_counts import LabelCounts, LabelCountsIndex
from kg.store.plan import DocumentChange, Plan, Planner
from kg.store.sparql import ALL, Scope, ask, damaged, data

__all__ = ["BATCH", "MANY", "Index", "schema_version"]

_TYPE, _LABEL, _SPELLING = term("rdf:type"), term("rdfs:label"), term("skos:altLabel")
_SUBJECT, _OBJECT = term("rdf:subject"), term("rdf:object")
_STANDS_AT = term("dcterms:identifier")
_DEFAULT = ox.DefaultGraph()
_UNSETTLED = 50_000
BATCH = 256
"""Documents read again whose quads are held in memory at once."""
MANY = 64
"""New documents from which on files are loaded beside the tables, three times as fast and in no transaction."""
_NO_TEXTS: Mapping[ox.NamedNode, str] = {}


@functools.cache
def schema_version() -> str:
    """What an index depends on beside the journal: its format, the ontology, the registry."""
    parts = [formats.INDEX, turtle("kg.ttl"), turtle("registry.ttl")]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{formats.INDEX}+{digest[:16]}"


class Index:
    """The graph of a store; `size` is its number of quads, where that is known."""

    def __init__(self, store: ox.Store, iris: IriScheme, size: int | None = None) -> None:
        self._store: ox.Store | None = store
        self.iris = iris
        self._counted = size
        self._unsettled = 0
        self._day: dt.date | None = None
        self._planner = Planner(store, iris)

    @property
    def size(self) -> int:
        """The number of quads."""
        return self._size

    @property
    def store(self) -> ox.Store:
        """The store that holds the graph; raise `StoreError` when it has been let go."""
        if self._store is None:
            raise StoreError("the store is closed: open it again")
        return self._store

    def let_go(self) -> None:
        """Let go of the files: RocksDB closes them when nothing refers to the store any more."""
        self._store = None
        # The planner would live on until the garbage is collected: it knows itself, through its label counts.
        self._planner.store = ox.Store()

    # ------------------------------------------------------------------------------ bookkeeping
    @property
    def _size(self) -> int:
        # Counted when first asked for: it takes a walk over all, and who only asks questions need not know.
        if self._counted is None:
            self._counted = len(self.store)
        return self._counted

    @_size.setter
    def _size(self, size: int) -> None:
        self._counted = size

    def begin(self, day: dt.date) -> None:
        """Give an empty index its schema, and the day for which its edges are to stand; it holds no commit yet."""
        self.store.load(turtle("kg.ttl").encode(), ox.RdfFormat.TURTLE, to_graph=self.iris.ontology)
        self.store.add(today_quad(day, self.iris))
        self._day = day
        self._size = len(self.store)

    @property
    def day(self) -> dt.date:
        """The day for which its edges stand."""
        if self._day is None:
            pattern = today_quad(dt.date.min, self.iris)
            quad = next(self._found(pattern.subject, pattern.predicate, None, _DEFAULT))
            self._day = dt.date.fromisoformat(_value(quad))
        return self._day

    def set_day(self, day: dt.date) -> bool:
        """Move the edges to another day, in one transaction; return whether that was another."""
        if day == self.day:
            return False
        added, removed = day_change(self.store, self.iris, self.day, day)
        self._write(added, removed, self.position())
        self._day = day
        return True

    def position(self) -> Position | None:
        """Return the commit that the index stands at; None where it is not whole, or of another schema."""
        mark = next(self._marks(), None)
        if mark is None:
            return None
        sequence, digest, size, schema = _value(mark).split(" ")
        if int(size) != self._size or schema != schema_version():
            return None
        return Position(int(sequence), digest.strip("-"))

    def trust(self) -> None:
        """Take the number of quads from the mark, without a count: the files stand as they were closed."""
        self._counted = next((int(_value(mark).split(" ")[2]) for mark in self._marks()), None)

    def stand(self, position: Position) -> None:
        """Say that the index holds all commits up to a position."""
        self._write(set(), set(), position)

    def _marks(self) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(self.iris.store, _STANDS_AT, None, self.iris.store)

    def place(self, document: str) -> JournalPlace | None:
        """Return where a document's reading stands, or None where the index has no such document."""
        quad = next(self._places(self.iris.document(document)), None)
        return None if quad is None else JournalPlace.parsed(_value(quad))

    def _places(self, document: ox.NamedNode | None) -> Iterator[ox.Quad]:
        return self._found(document, READING, None, self.iris.store)

    def fingerprints(self) -> dict[str, str]:
        """Return the fingerprint of each document's reading, by its id."""
        quads = self._places(None)
        return {self.iris.id_of(quad.subject, "document/"): _value(quad).rpartition(" ")[2] for quad in quads}

    def documents(self) -> list[str]:
        """Return the ids of the documents, sorted."""
        return sorted(self.iris.id_of(quad.subject, "document/") for quad in self._places(None))

    # ------------------------------------------------------------------------------ changing
    def change(
        self, changes: Sequence[tuple[DocumentChange, JournalPlace | None]], position: Position
    ) -> tuple[int, int]:
        """Carry out changes of documents, whose new readings stand at places; return the edges come and gone.

        A small change is one transaction. While a large one lasts, the index counts as not whole.
        """
        new = [(place, change.new) for change, place in changes if place and change.new and change.old is None]
        come = gone = 0
        if len(new) >= MANY:
            changes = [pair for pair in changes if pair[0].old is not None]
            come, gone = self._load(new, self._planner.label_counts, None if changes else position)
        for start in range(0, len(changes), BATCH):
            batch = changes[start : start + BATCH]
            plan = self._planner.plan([change for change, _ in batch], self.day)
            self._apply(plan, batch, position if start + BATCH >= len(changes) else None)
            come, gone = come + plan.edges_added, gone + plan.edges_removed
        return come, gone

    def _load(
        self, new: Iterable[tuple[JournalPlace, DocumentClaims]], counts: LabelCountsIndex, position: Position | None
    ) -> tuple[int, int]:
        """Load documents that the index does not have; return the number of edges that came and went."""
        # The mark is taken away: who is killed now leaves an index that is made again.
        self._write(set(), set(), None)
        with BulkLoader(self.store, self.iris, counts, self.day) as bulk:
            bulk.documents((kept(place, reading, self.iris), reading) for place, reading in new)
            added, removed = bulk.descriptions()
            self._size += bulk.size
            come, gone = bulk.settle(added, removed)
        self._write(added, removed, position)
        return come, gone

    def _apply(
        self, plan: Plan, changes: Sequence[tuple[DocumentChange, JournalPlace | None]], position: Position | None
    ) -> None:
        added, removed = set(plan.added), set(plan.removed)
        for change, place in changes:
            removed.update(self._kept(self.iris.document(change.document)))
            if place is not None and change.new is not None:
                added.update(kept(place, change.new, self.iris))
        dropped = [self.iris.document(change.document) for change, place in changes if place is None]
        self._write(added, removed, position, plan.texts, dropped)
        self._planner.carried_out(plan)

    def rebuild(
        self, readings: Iterable[tuple[JournalPlace, DocumentClaims]], user_quads: set[ox.Quad], position: Position
    ) -> None:
        """Fill an index that has only begun with what a journal says in the end: readings, quads of own graphs."""
        self._load(readings, LabelCountsIndex(lambda _: LabelCounts()), None)
        self._write(user_quads, set(), position)

    def annotate(self, added: set[ox.Quad], removed: set[ox.Quad], position: Position) -> None:
        """Change graphs of the user's own."""
        added, removed = {q for q in added if q not in self.store}, {q for q in removed if q in self.store}
        left = {quad.graph_name for quad in removed} - {quad.graph_name for quad in added}
        emptied = [g for g in left if all(q in removed for q in self._found(None, None, None, g))]
        self._write(added, removed, position, dropped=cast("list[ox.NamedNode]", emptied))

    def _write(
        self,
        added: set[ox.Quad],
        removed: set[ox.Quad],
        position: Position | None,
        texts: Mapping[ox.NamedNode, str] = _NO_TEXTS,
        dropped: Iterable[ox.NamedNode] = (),
    ) -> None:
        removed = removed | set(self._marks())
        size = self._size + len(added) - len(removed) + sum(text.count("\n") for text in texts.values())
        if position is not None:
            size += 1
            mark = f"{position.sequence} {position.hash or '-'} {size} {schema_version()}"
            added = added | {ox.Quad(self.iris.store, _STANDS_AT, ox.Literal(mark), self.iris.store)}
        # One request is one transaction: https://www.w3.org/TR/sparql11-update/#updateLanguage. Who is killed
        # here leaves an index that is behind and catches up, not one to make again.
        inside = (f"GRAPH {graph} {{ {_triples(text, graph)} }}" for graph, text in texts.items())
        parts = [f"DELETE DATA {{ {data(removed)} }}", f"INSERT DATA {{ {data(added)} {' '.join(inside)} }}"]
        # An emptied graph would still be listed.
        parts += [f"DROP SILENT GRAPH {graph}" for graph in dropped]
        self.store.update(" ;\n".join(parts))
        self._unsettled += abs(size - self._size) + len(removed)
        self._size = size
        if self._unsettled > _UNSETTLED:
            self.settle()

    def settle(self) -> None:
        """Write what RocksDB only has in its log to its tables: whoever opens it next need not replay the log."""
        if self._unsettled:
            self.store.flush()
            self._unsettled = 0

    def _kept(self, document: ox.NamedNode) -> Iterator[ox.Quad]:
        return self._found(document, None, None, self.iris.store)

    def keeps(self, place: JournalPlace, reading: DocumentClaims) -> bool:
        """Whether the bookkeeping says of a reading what it should."""
        return set(self._kept(self.iris.document(reading.document.id))) == kept(place, reading, self.iris)

    def documents_with_candidates(self, entity: str | None = None) -> list[str]:
        """Return the ids, sorted, of the documents with claims that were not admitted: all, or those on an entity."""
        about = None if entity is None else ox.Literal(entity)
        quads = self._found(None, NAMES, about, self.iris.store)
        return sorted({self.iris.id_of(quad.subject, "document/") for quad in quads})

    # ------------------------------------------------------------------------------ reading
    def _found(self, *pattern: Any) -> Iterator[ox.Quad]:
        try:
            yield from self.store.quads_for_pattern(*pattern)
        except (OSError, RuntimeError) as error:
            raise damaged(error) from error

    def claims_about(self, entity: str) -> Mapping[str, set[str]]:
        """Return the ids of the claims that name an entity, by document."""
        node = self.iris.entity(entity)
        claims: defaultdict[str, set[str]] = defaultdict(set)
        for place in (_SUBJECT, _OBJECT):
            for quad in self._found(None, place, node, None):
                claims[self.iris.id_of(quad.graph_name, "document/")].add(self.iris.id_of(quad.subject, "claim/"))
        return claims

    def document_of(self, claim: str) -> str | None:
        """Return the document that a claim stands in, or None where there is no such claim."""
        quads = self._found(self.iris.claim(claim), _SUBJECT, None, None)
        return next((self.iris.id_of(quad.graph_name, "document/") for quad in quads), None)

    def describer(self) -> Callable[[str], Entity]:
        """Return a function from an entity's id to the entity, which remembers what it was asked."""
        classes = {class_.iri: name for name, class_ in ontology().classes.items()}

        @functools.cache
        def describe(id_: str) -> Entity:
            texts: defaultdict[ox.NamedNode, list[str]] = defaultdict(list)
            for quad in self._found(self.iris.entity(id_), None, None, _DEFAULT):
                texts[quad.predicate].append(_value(quad))
            return Entity(id_, texts[_LABEL][0], classes[texts[_TYPE][0]], tuple(sorted(texts[_SPELLING])))

        return describe

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id; three scans take a tenth of the time of looking up each."""
        text: dict[ox.NamedNode, defaultdict[str, list[str]]] = {}
        for predicate in (_LABEL, _TYPE, _SPELLING):
            by_iri: defaultdict[str, list[str]] = defaultdict(list)
            for quad in self._found(None, predicate, None, _DEFAULT):
                by_iri[cast("ox.NamedNode", quad.subject).value].append(_value(quad))
            text[predicate] = by_iri
        classes = {class_.iri: name for name, class_ in ontology().classes.items()}
        for id_, iri in sorted((self.iris.id_of(ox.NamedNode(iri)), iri) for iri in text[_LABEL]):
            yield Entity(id_, text[_LABEL][iri][0], classes[text[_TYPE][iri][0]], tuple(sorted(text[_SPELLING][iri])))

    def validity(self) -> dict[str, Validity]:
        """Return on which days each claim states a fact, by its id: the first, and the last where there is one."""
        quads = (self._found(None, date, None, _DEFAULT) for date in (FROM, UNTIL))
        firsts, lasts = ({self.iris.id_of(quad.subject, "claim/"): _day(quad) for quad in each} for each in quads)
        return {id_: (first, lasts.get(id_)) for id_, first in firsts.items()}

    def validity_of(self, claim: str) -> Validity:
        """Return on which days a claim states a fact; two times None where it never does."""
        node = self.iris.claim(claim)
        first, last = (next(self._found(node, date, None, _DEFAULT), None) for date in (FROM, UNTIL))
        return None if first is None else _day(first), None if last is None else _day(last)

    def graphs(self) -> Iterator[Any]:
        """Yield the names of the graphs."""
        try:
            yield from self.store.named_graphs()
        except (OSError, RuntimeError) as error:
            raise damaged(error) from error

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all data, without the schema and the bookkeeping."""
        excluded = {self.iris.store, self.iris.ontology}
        return (q for q in self._found(None, None, None, None) if q.graph_name not in excluded)

    def graph(self, name: Any) -> Iterator[ox.Quad]:
        """Yield the quads of one graph; the bookkeeping is nobody's to read."""
        return iter(()) if name == self.iris.store else self._found(None, None, None, name)

    def query(self, sparql: str, bindings: Mapping[str, Any], scope: Scope = ALL) -> Any:
        """Answer SPARQL 1.1; see `kg.store.api.Store.query`."""
        return ask(self.store, sparql, bindings, scope, self.iris.base)


def _day(quad: ox.Quad) -> dt.date:
    return dt.date.fromisoformat(_value(quad))


def _value(quad: ox.Quad) -> str:
    return cast("ox.NamedNode | ox.Literal", quad.object).value


def _triples(nquads: str, graph: ox.NamedNode) -> str:
    """Lines of N-Quads, all of one graph, without its name; a line's end stands in no literal."""
    return nquads.replace(f" {graph} .\n", " .\n")
