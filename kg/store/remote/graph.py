"""The graph as an endpoint holds it, read in pieces that every engine answers whole.

All patterns
begin with VALUES, which every engine plans well. Edges and what is said of entities are read out of the union of
all graphs, and may stand in whichever graph an engine or a loader put them.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.errors import StoreError
from kg.model import Entity
from kg.ontology import ontology
from kg.store.derived import DATES, TODAY, UNDECIDED
from kg.store.iris import term
from kg.store.label_counts import LabelCounts, identifiers_told
from kg.store.rdf_decode import IDENTIFIER, identifier_from
from kg.store.remote.bookkeeping import Bookkeeping
from kg.store.remote.paging import as_written
from kg.store.remote.sparql_client import batches, listed, number

__all__ = ["RemoteGraph"]

_AT_ONCE = 150
"""Terms in VALUES, in one request."""

_LABEL, _TYPE, _SPELLING = term("rdfs:label"), term("rdf:type"), term("skos:altLabel")
_MATCH, _BODY = term("skos:exactMatch"), term("oa:hasBody")
_MARKS = ", ".join(map(str, (*DATES, UNDECIDED)))
_DEFAULT = ox.DefaultGraph()


@dataclass(slots=True)
class RemoteGraph(Bookkeeping):
    """Reads an endpoint's graph under a base."""

    _described: dict[str, Entity] = field(default_factory=dict)

    @property
    def derived(self) -> ox.NamedNode:
        """The graph of edges and entities: not every engine has a default graph of its own."""
        return self.iris.derived

    def documents(self) -> list[str]:
        """Return the ids of the documents, sorted."""
        nodes = self.paged("GRAPH ?it { ?it a schema:NewsArticle }", f"{self.iris.base}document/")
        return sorted(self.iris.id_of(ox.NamedNode(iri), "document/") for iri in nodes)

    def holds(self, document: str) -> bool:
        """Whether there is a document of this id."""
        node = self.iris.document(document)
        return self.client.says(f"ASK {{ GRAPH {node} {{ {node} a schema:NewsArticle }} }}")

    def graphs(self, ids: Iterable[str]) -> Iterator[tuple[str, list[ox.Quad]]]:
        """Yield documents' graphs, in the order of ids; those that there are not are empty."""
        for page in batches(ids, _AT_ONCE):
            nodes = {self.iris.document(id_): id_ for id_ in page}
            counts = {
                nodes[row["g"]]: number(row["n"], self.client.host)
                for row in self.client.rows(
                    f"SELECT ?g (COUNT(*) AS ?n) {{ VALUES ?g {{ {listed(nodes)} }} GRAPH ?g {{ ?s ?p ?o }} }}"
                    " GROUP BY ?g"
                )
            }
            for some in _by_size(page, counts, self.client.engine.rows):
                yield from self._graphs(some, counts)

    def _graphs(self, ids: list[str], counts: Mapping[str, int]) -> Iterator[tuple[str, list[ox.Quad]]]:
        nodes = {self.iris.document(id_): id_ for id_ in ids}
        by_document: dict[str, list[ox.Quad]] = {id_: [] for id_ in ids}
        if any(counts.get(id_) for id_ in ids):
            for quad in self.quads(
                self.client.rows(f"SELECT ?g ?s ?p ?o {{ VALUES ?g {{ {listed(nodes)} }} GRAPH ?g {{ ?s ?p ?o }} }}")
            ):
                by_document[nodes[quad.graph_name]].append(quad)  # type: ignore[index]
        for id_, quads in by_document.items():
            self.complete(quads, counts.get(id_, 0))
            yield id_, quads

    # ------------------------------------------------------------------------------ claims
    def claims_about(self, entity: str) -> dict[ox.NamedNode, str]:
        """Return the nodes of the claims that name an entity, with their documents."""
        node = self.iris.entity(entity)
        documents = {}
        for end in ("subject", "object"):
            for row in self.whole("?g ?claim", f"VALUES ?e {{ {node} }} GRAPH ?g {{ ?claim rdf:{end} ?e }}"):
                documents[row["claim"]] = self.iris.id_of(row["g"], "document/")
        return documents

    def naming(self, entities: Iterable[str]) -> set[str]:
        """Return the documents that name an entity of these ids: in claims, records, candidates, or what was read."""
        ids = sorted(entities)
        documents = self.documents_keeping(ids)
        for some in batches(map(self.iris.entity, ids), _AT_ONCE):
            mentions = self.whole("?g", f"VALUES ?e {{ {listed(some)} }} GRAPH ?g {{ ?mention {_BODY} ?e }}")
            documents.update(self.iris.id_of(row["g"], "document/") for row in mentions)
        return documents

    def claims_of(self, ids: Iterable[str]) -> dict[ox.NamedNode, str]:
        """Return the nodes of the claims of these ids that there are, with their documents."""
        documents = {}
        for some in batches((self.iris.claim(id_) for id_ in ids), _AT_ONCE):
            pattern = f"VALUES ?claim {{ {listed(some)} }} GRAPH ?g {{ ?claim rdf:subject ?s }}"
            for row in self.whole("?g ?claim", pattern):
                documents[row["claim"]] = self.iris.id_of(row["g"], "document/")
        return documents

    def closures(self, claims: Iterable[ox.NamedNode]) -> Iterator[list[ox.Quad]]:
        """Yield all that is said of claims and of their evidence, some claims at a time."""
        for some in batches(claims, _AT_ONCE // 5):
            nodes = set(some)
            for path in ("kg:evidence", "kg:evidence/oa:hasSelector"):
                rows = self.client.rows(
                    f"SELECT ?node {{ VALUES ?claim {{ {listed(some)} }} GRAPH ?g {{ ?claim {path} ?node }} }}"
                )
                nodes |= {row["node"] for row in rows}
            quads: list[ox.Quad] = []
            for part in batches(nodes, _AT_ONCE):
                pattern = f"VALUES ?s {{ {listed(part)} }} GRAPH ?g {{ ?s ?p ?o }}"
                quads += self.quads(self.whole("?g ?s ?p ?o", pattern))
            yield quads

    # ------------------------------------------------------------------------------ entities
    def entities(self) -> list[str]:
        """Return the ids of the entities, sorted."""
        classes = ", ".join(f"<{class_.iri}>" for class_ in ontology().classes.values())
        nodes = self.paged(f"?it a ?class FILTER(?class IN ({classes}))", self.iris.base)
        return sorted(self.iris.id_of(ox.NamedNode(iri)) for iri in nodes)

    def describe(self, ids: Iterable[str]) -> None:
        """Fetch what is said of entities, so that `entity` knows them."""
        for some in batches((id_ for id_ in dict.fromkeys(ids) if id_ not in self._described), _AT_ONCE):
            values: dict[str, dict[ox.NamedNode, set[str]]] = {id_: defaultdict(set) for id_ in some}
            for quad in self.descriptions(some):
                values[self.iris.id_of(quad.subject)][quad.predicate].add(quad.object.value)  # type: ignore[union-attr]
            self._described |= {id_: self._entity(id_, facts) for id_, facts in values.items() if facts}

    def _entity(self, id_: str, values: Mapping[ox.NamedNode, set[str]]) -> Entity:
        classes = {class_.iri: name for name, class_ in ontology().classes.items()}
        types = sorted(classes[iri] for iri in values.get(_TYPE, ()) if iri in classes)
        if len(types) > 1:
            raise StoreError(
                f"{self.client.host} says that '{id_}' is {' and '.join(types)}: turn its inference off"
                " (GraphDB: KG_ENGINE=graphdb, or ?infer=false after its address)"
            )
        if not types or not values.get(_LABEL):
            raise StoreError(f"{self.client.host} does not say what '{id_}' is: the graph there is not whole")
        spellings = tuple(sorted(values.get(_SPELLING, ())))
        return Entity(id_, min(values[_LABEL]), types[0], spellings, identifiers_told(id_, values))

    def entity(self, id_: str) -> Entity:
        """Return an entity as the graph describes it."""
        self.describe([id_])
        if id_ not in self._described:
            raise StoreError(
                f"{self.client.host} says nothing of '{id_}': edges and entities must be in a graph it answers from"
            )
        return self._described[id_]

    def described(self, ids: Iterable[str]) -> Iterator[Entity]:
        """Yield entities as the graph describes them; they are fetched together."""
        self.describe(wanted := list(ids))
        return map(self.entity, wanted)

    def forget_entities(self) -> None:
        """Forget what was fetched: the graph has changed."""
        self._described.clear()

    def descriptions(self, ids: Iterable[str]) -> Iterator[ox.Quad]:
        """Yield what is said of entities, but for their edges."""
        predicates_ = [_LABEL, _TYPE, _SPELLING, _MATCH]
        predicates_ += [ox.NamedNode(identifier.iri) for identifier in ontology().identifiers.values()]
        predicates = ", ".join(map(str, predicates_))
        for some in batches((self.iris.entity(id_) for id_ in ids), _AT_ONCE):
            pattern = f"VALUES ?s {{ {listed(some)} }} ?s ?p ?o FILTER(?p IN ({predicates}))"
            for row in self.whole("?s ?p ?o", pattern):
                # What stands for what, in the graph of identities, is no description.
                if row["p"] != _MATCH or not row["o"].value.startswith(self.iris.base):
                    yield ox.Quad(row["s"], row["p"], row["o"], _DEFAULT)

    def edges(self) -> Iterator[ox.Quad]:
        """Yield the edges."""
        for relation in ontology().relations.values():
            for row in self.whole("?s ?o", f"?s <{relation.iri}> ?o FILTER(isIRI(?o))"):
                yield ox.Quad(row["s"], ox.NamedNode(relation.iri), row["o"], _DEFAULT)

    def present(self, edges: Iterable[ox.Quad]) -> set[ox.Quad]:
        """Return those of some edges that there are."""
        edges_ = set()
        for some in batches(edges, _AT_ONCE):
            values = " ".join(f"({quad.triple.subject} {quad.predicate} {quad.object})" for quad in some)
            for row in self.client.rows(f"SELECT ?s ?p ?o {{ VALUES (?s ?p ?o) {{ {values} }} ?s ?p ?o }}"):
                edges_.add(ox.Quad(row["s"], row["p"], row["o"], _DEFAULT))
        return edges_

    def marks(self, claims: Iterable[ox.NamedNode]) -> set[ox.Quad]:
        """Return what there is of when claims state a fact, and of whether that is undecided."""
        quads = set()
        for some in batches(claims, _AT_ONCE):
            pattern = f"VALUES ?s {{ {listed(some)} }} ?s ?p ?o FILTER(?p IN ({_MARKS}))"
            for row in self.whole("?s ?p ?o", pattern):
                quads.add(ox.Quad(row["s"], row["p"], as_written(row["p"], row["o"]), _DEFAULT))
        return quads

    def today(self) -> dt.date | None:
        """Return the day for which the edges stand; None where nothing says."""
        base = ox.NamedNode(self.iris.base)
        rows = self.client.rows(f"SELECT ?day {{ VALUES ?s {{ {base} }} ?s {TODAY} ?day }} LIMIT 1")
        return next((dt.date.fromisoformat(row["day"].value) for row in rows), None)

    def claims_between(self, first: dt.date, last: dt.date) -> list[ox.NamedNode]:
        """Return the claims that have a bound of their period from one day to another."""
        within = f'FILTER(STR(?day) >= "{first}" && STR(?day) <= "{last}")'
        rows = self.whole("?claim", f"VALUES ?p {{ {listed(DATES)} }} ?claim ?p ?day {within}")
        return [row["claim"] for row in rows]

    def all_claims(self) -> list[ox.NamedNode]:
        """Return all claims."""
        return [row["claim"] for row in self.whole("?claim", "GRAPH ?g { ?claim a kg:Claim }")]

    def all_marks(self) -> Iterator[ox.Quad]:
        """Yield when claims state a fact, what is undecided, and the day for which the edges stand."""
        for predicate in (*DATES, UNDECIDED, TODAY):
            for row in self.whole("?s ?o", f"?s {predicate} ?o"):
                yield ox.Quad(row["s"], predicate, as_written(predicate, row["o"]), _DEFAULT)

    def claims_for(self, edges: Iterable[ox.Quad]) -> dict[ox.NamedNode, str]:
        """Return the nodes of the claims that say what edges do, with their documents."""
        documents = {}
        for some in batches(edges, _AT_ONCE):
            values = " ".join(f"({quad.subject} {quad.predicate} {quad.object})" for quad in some)
            pattern = (
                f"VALUES (?s ?p ?o) {{ {values} }}"
                " GRAPH ?g { ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }"
            )
            for row in self.whole("?g ?claim", pattern):
                documents[row["claim"]] = self.iris.id_of(row["g"], "document/")
        return documents

    def label_counts(self, ids: Iterable[str], without: Iterable[str]) -> dict[str, LabelCounts]:
        """Count what the documents call entities, all but some documents; the endpoint does the counting."""
        by_entity: defaultdict[str, LabelCounts] = defaultdict(LabelCounts)
        classes = {class_.iri: name for name, class_ in ontology().classes.items()}
        excluded = ", ".join(str(self.iris.document(id_)) for id_ in without)
        for some in batches((self.iris.entity(id_) for id_ in ids), _AT_ONCE):
            for row in self.client.rows(
                f"SELECT ?e ?p ?o (COUNT(?m) AS ?n) {{ VALUES ?e {{ {listed(some)} }}"
                " GRAPH ?g { ?m oa:hasBody ?e ; ?p ?o }"
                " FILTER(?p IN (skos:prefLabel, skos:altLabel, dcterms:type, schema:identifier))"
                f" FILTER(?g NOT IN ({excluded})) }}"
                " GROUP BY ?e ?p ?o"
            ):
                counts, value = by_entity[self.iris.id_of(row["e"])], row["o"].value
                count = number(row["n"], self.client.host)
                if row["p"] == IDENTIFIER:
                    counts.identifiers[identifier_from(value)] += count
                    continue
                counters = {"prefLabel": counts.names, "altLabel": counts.spellings, "type": counts.types}
                counter: Counter[str] = counters[row["p"].value.rpartition("/")[2].rpartition("#")[2]]
                counter[classes[value] if counter is counts.types else value] += count
        return by_entity


def _by_size(ids: Iterable[str], counts: Mapping[str, int], most: int) -> Iterator[list[str]]:
    """Yield documents together whose graphs fit into one answer; one that does not stands alone."""
    some: list[str] = []
    size = 0
    for id_ in ids:
        if some and size + counts.get(id_, 0) > most:
            yield some
            some, size = [], 0
        some.append(id_)
        size += counts.get(id_, 0)
    if some:
        yield some
