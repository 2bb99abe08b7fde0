"""What can be read out of an index: claims and their documents, entities, days, graphs, answers."""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.model import Entity, Tier
from kg.ontology import ontology
from kg.store.bookkeeping import HIDDEN, NAMES
from kg.store.columns import Validity
from kg.store.derived import FROM, UNTIL
from kg.store.iris import IriScheme, term
from kg.store.label_counts import identifiers_told
from kg.store.sparql import ALL, Scope, ask, damaged

__all__ = ["IndexReader"]

_TYPE, _LABEL, _SPELLING = term("rdf:type"), term("rdfs:label"), term("skos:altLabel")
_SUBJECT, _OBJECT = term("rdf:subject"), term("rdf:object")
_BODY, _ABOUT, _RECORD = term("oa:hasBody"), term("kg:about"), term("kg:RegisterRecord")
_DEFAULT = ox.DefaultGraph()


class IndexReader:
    """Reads the graph of a store."""

    def __init__(self, store: ox.Store, iris: IriScheme) -> None:
        self._store: ox.Store | None = store
        self.iris = iris

    @property
    def store(self) -> ox.Store:
        """The store that holds the graph; raise `StoreError` when it has been let go."""
        if self._store is None:
            raise StoreError("the store is closed: open it again")
        return self._store

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
                # What others say about statements is no description.
                if not isinstance(quad.object, ox.Triple):
                    texts[quad.predicate].append(_value(quad))
            spellings = tuple(sorted(texts[_SPELLING]))
            return Entity(id_, texts[_LABEL][0], classes[texts[_TYPE][0]], spellings, identifiers_told(id_, texts))

        return describe

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id; scans take a tenth of the time of looking up each."""
        text: dict[ox.NamedNode, defaultdict[str, list[str]]] = {}
        identifiers = [ox.NamedNode(term_.iri) for term_ in ontology().identifiers.values()]
        for predicate in (_LABEL, _TYPE, _SPELLING, *identifiers):
            by_iri: defaultdict[str, list[str]] = defaultdict(list)
            for quad in self._found(None, predicate, None, _DEFAULT):
                by_iri[cast("ox.NamedNode", quad.subject).value].append(_value(quad))
            text[predicate] = by_iri
        classes = {class_.iri: name for name, class_ in ontology().classes.items()}
        for id_, iri in sorted((self.iris.id_of(ox.NamedNode(iri)), iri) for iri in text[_LABEL]):
            told = identifiers_told(id_, {one: text[one][iri] for one in identifiers if iri in text[one]})
            spellings = tuple(sorted(text[_SPELLING][iri]))
            yield Entity(id_, text[_LABEL][iri][0], classes[text[_TYPE][iri][0]], spellings, told)

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

    def documents_with_candidates(self, entity: str | None = None) -> list[str]:
        """Return the ids, sorted, of the documents with claims that were not admitted: all, or those on an entity."""
        about = None if entity is None else ox.Literal(entity)
        quads = self._found(None, NAMES, about, self.iris.store)
        return sorted({self.iris.id_of(quad.subject, "document/") for quad in quads})

    def documents_of_tier(self, tier: Tier) -> Iterator[str]:
        """Yield the ids of the documents of a tier, in no order."""
        return self._documents_of(self._found(None, term("kg:tier"), ox.NamedNode(ontology().tiers[tier].iri), None))

    def _documents_of(self, quads: Iterable[ox.Quad]) -> Iterator[str]:
        """Yield the documents in whose graphs quads stand; a graph of the user's own may say the like."""
        graphs = self.iris.document("").value
        for quad in quads:
            name = quad.graph_name
            if isinstance(name, ox.NamedNode) and name.value.startswith(graphs):
                yield self.iris.id_of(name, "document/")

    def documents_with_records(self, entity: str | None = None) -> list[str]:
        """Return the ids, sorted, of the documents with a register's records: all, or those on an entity."""
        about = (_TYPE, _RECORD) if entity is None else (_ABOUT, self.iris.entity(entity))
        return sorted(set(self._documents_of(self._found(None, *about, None))))

    def naming(self, entities: Iterable[str]) -> set[str]:
        """Return the ids of the documents that name an entity: in claims, records, candidates, or what was read."""
        documents: set[str] = set()
        for id_ in entities:
            documents.update(self._documents_of(self._found(None, _BODY, self.iris.entity(id_), None)))
            for predicate in (NAMES, HIDDEN):
                quads = self._found(None, predicate, ox.Literal(id_), self.iris.store)
                documents.update(self.iris.id_of(quad.subject, "document/") for quad in quads)
        return documents


def _day(quad: ox.Quad) -> dt.date:
    return dt.date.fromisoformat(_value(quad))


def _value(quad: ox.Quad) -> str:
    return cast("ox.NamedNode | ox.Literal", quad.object).value
