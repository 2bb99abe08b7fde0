"""What the default graph says of an entity: a function of what the current documents call it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.model import Entity
from kg.ontology import ontology
from kg.store.names import Names, class_node, term

__all__ = ["Tallies", "Tally", "description"]

_TYPE, _LABEL, _SPELLING = term("rdf:type"), term("rdfs:label"), term("skos:altLabel")
_MATCH = term("skos:exactMatch")
_WIKIDATA = "http://www.wikidata.org/entity/"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents give an entity which name, which spellings, which class."""

    names: Counter[str] = field(default_factory=Counter)
    spellings: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)

    def add(self, entity: Entity, count: int) -> None:
        """Count what one document calls the entity; -1 takes it back."""
        self.names[entity.name] += count
        self.types[entity.type] += count
        for spelling in entity.aliases:
            self.spellings[spelling] += count

    def with_counts(self, counts: Iterable[tuple[Entity, int]]) -> "Tally":
        """Return the tally after more documents, or fewer."""
        tally = Tally(Counter(self.names), Counter(self.spellings), Counter(self.types))
        for entity, count in counts:
            tally.add(entity, count)
        return tally


@dataclass(frozen=True, slots=True)
class Tallies:
    """The tallies of a store's entities: `recall` reads one from the index when it is first needed."""

    recall: Callable[[str], Tally]
    _known: dict[str, Tally] = field(default_factory=dict)

    def of(self, id_: str) -> Tally:
        """Return the tally of an entity."""
        if id_ not in self._known:
            self._known[id_] = self.recall(id_)
        return self._known[id_]

    def put(self, id_: str, tally: Tally) -> None:
        """Remember an entity's new tally."""
        self._known[id_] = tally

    def ids(self) -> Iterator[str]:
        """Yield the ids of the entities tallied so far, sorted."""
        yield from sorted(self._known)


def _commonest(counted: Counter[str]) -> str | None:
    """The value counted most often, ties by sort order: no order of reading changes it."""
    return min((value for value, count in counted.items() if count > 0), key=lambda v: (-counted[v], v), default=None)


def description(id_: str, tally: Tally, names: Names) -> Iterator[ox.Quad]:
    """Yield an entity's class, its one label, its spellings and identifiers; nothing when no document names it.

    The label is the registry's, or the name that most documents give.
    """
    name, type_ = _commonest(tally.names), _commonest(tally.types)
    if name is None or type_ is None:
        return
    node, company = names.entity(id_), ontology().companies.get(id_)
    yield ox.Quad(node, _LABEL, ox.Literal(company.name if company else name))
    yield ox.Quad(node, _TYPE, class_node(company.type if company else type_))
    for spelling in sorted(tally.spellings):
        if tally.spellings[spelling] > 0:
            yield ox.Quad(node, _SPELLING, ox.Literal(spelling))
    for kind, value in (company.identifiers if company else {}).items():
        yield ox.Quad(node, ox.NamedNode(ontology().identifiers[kind].iri), ox.Literal(value))
        if kind == "qid":
            yield ox.Quad(node, _MATCH, ox.NamedNode(_WIKIDATA + value))
