"""What in an index is not as its journal makes it, graph by graph.

A graph is compared as text first, which a store writes and a set takes in many times as fast as quads are made; only
of a graph that differs are quads compared, to name what of it does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from kg.facts import TriState, relationship_key
from kg.facts.periods import Key, own_period
from kg.model import Claim, Entity
from kg.ontology import PREFIXES
from kg.store.api import DocumentClaims
from kg.store.bookkeeping import RECORD, JournalPlace, identity_quads
from kg.store.derived import ENDING, derived, edge, marks_text, today_quad
from kg.store.iris import IriScheme
from kg.store.label_counts import LabelCounts, LabelCountsIndex, described_text
from kg.store.local import LocalStore
from kg.store.rdf_decode import mentioned
from kg.store.rdf_encode import document_text
from kg.store.replay import beside
from kg.store.sparql import damaged

__all__ = ["Comparison", "shortened"]

_OTHERWISE = "the index says other things of it than the journal does"


def shortened(node: Any, base: str) -> str:
    """Return an IRI as its prefixed name, or as its id in the store; a literal as its text."""
    if not isinstance(node, ox.NamedNode):
        return str(node.value)
    for prefix in ("kg", "rdf", "rdfs", "oa"):
        if node.value.startswith(PREFIXES[prefix]):
            return f"{prefix}:{node.value.removeprefix(PREFIXES[prefix])}"
    return str(node.value.removeprefix(base))


class Comparison:
    """An index beside its journal: each reading is compared as it comes, what follows from all of them in the end.

    `closed` are the relationships of which a claim reports an end. Each yields foci and what is wrong with them. A
    `copy` takes in what is compared as text.
    """

    def __init__(self, store: LocalStore, closed: frozenset[Key], copy: ox.Store | None = None) -> None:
        self._copy = copy
        self._store, self._index, self._iris = store, store.index, store.index.iris
        self._closed, self._in_closed = closed, list[Claim]()
        self._counts = LabelCountsIndex(lambda _: LabelCounts())
        self._held: set[str] = set()
        self._lines = {f"{today_quad(self._index.day, self._iris)} ."}

    def of_reading(self, place: JournalPlace, reading: DocumentClaims) -> Iterator[tuple[str, str]]:
        """Yield what the index has otherwise of a reading."""
        id_ = reading.document.id
        self._held.add(id_)
        if not self._index.keeps(place, reading):
            yield id_, "the index has another reading of the document than the journal"
        entities = mentioned(reading.claims, reading.records).values()
        graph = self._iris.document(id_)
        text = document_text(reading, entities, self._iris)
        yield from self._unlike(graph, text.replace(f" {graph} .\n", " .\n").split("\n"))
        for entity in entities:
            self._counts.of(entity.id).add(entity, 1)
        self._follow(reading.claims)

    def _follow(self, claims: Iterable[Claim]) -> None:
        """Take up what follows from claims: where none reports an end each has its own period, and none is kept."""
        day = self._index.day
        for claim in claims:
            if not isinstance(claim.object, Entity):
                continue
            if relationship_key(claim) in self._closed:
                self._in_closed.append(claim)
                continue
            period = own_period(claim)
            self._lines.update(marks_text(claim, period, self._iris, day).split("\n"))
            if period is not None and period.holds_on(day) is not TriState.FALSE:
                self._lines.add(f"{edge(claim, self._iris)} .")

    def of_whole(self) -> Iterator[tuple[str, str]]:
        """Yield what the index has otherwise of what follows from all readings, and of what stands beside them."""
        index, iris = self._index, self._iris
        if index.position() != self._store.journal.end or index.size != len(index.store):
            yield iris.store.value, "the index stands at another commit than the journal, or has lost or gained quads"
        for id_ in self._counts.ids():
            self._lines.update(described_text(id_, self._counts.of(id_).description(), iris).split("\n"))
        facts = derived(self._in_closed, iris, index.day)
        endings = {quad for quad in facts.marks if quad.predicate == ENDING}
        self._lines.update(f"{quad} ." for quad in (*facts.edges, *(facts.marks - endings)))
        yield from _differing(endings, set(index.store.quads_for_pattern(None, ENDING, None, iris.store)), iris)
        yield from self._unlike(ox.DefaultGraph(), self._lines)
        yield from self._beside()

    def _unlike(self, graph: Any, expected: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the subjects of which a graph says more or less than it should, in lines of N-Triples."""
        lines = set(expected)
        try:
            written = self._index.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b""
        except (OSError, RuntimeError) as error:
            raise damaged(error) from error
        if self._copy is not None:
            self._copy.bulk_load(written, ox.RdfFormat.N_TRIPLES, to_graph=graph, lenient=True)
        if {*written.decode().split("\n"), ""} == {*lines, ""}:
            return
        triples = ox.parse("\n".join(lines), ox.RdfFormat.N_TRIPLES)
        quads = {ox.Quad(one.subject, one.predicate, one.object, graph) for one in triples}
        yield from _differing(quads, set(self._index.graph(graph)), self._iris)

    def _beside(self) -> Iterator[tuple[str, str]]:
        index, iris = self._index, self._iris
        besides = beside(self._store.journal)
        annotated: defaultdict[Any, set[ox.Quad]] = defaultdict(set)
        for quad in besides.own | identity_quads(besides.identities, iris, iris.store):
            annotated[quad.graph_name].add(quad)
        records = set(index.store.quads_for_pattern(None, RECORD, None, iris.store))
        yield from _differing(annotated.pop(iris.store, set()), records, iris)
        for graph, quads in annotated.items():
            yield from _differing(quads, set(index.graph(graph)), iris)
        expected = {iris.document(id_) for id_ in self._held} | {iris.store, iris.ontology} | set(annotated)
        for graph in index.graphs():
            if graph not in expected:
                yield str(graph), "the journal knows no document of this graph"


def _differing(expected: set[ox.Quad], present: set[ox.Quad], iris: IriScheme) -> Iterator[tuple[str, str]]:
    for focus in sorted({shortened(quad.subject, iris.base) for quad in present ^ expected}):
        yield focus, _OTHERWISE
