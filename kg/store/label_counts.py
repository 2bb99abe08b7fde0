"""What the default graph says of an entity: a function of what the current documents call it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import pyoxigraph as ox

from kg.model import Entity
from kg.ontology import ontology
from kg.store.iris import IriScheme, class_node, term

__all__ = ["Description", "LabelCounts", "LabelCountsIndex", "described", "description"]

_TYPE, _LABEL, _SPELLING = term("rdf:type"), term("rdfs:label"), term("skos:altLabel")
_MATCH = term("skos:exactMatch")
_WIKIDATA = "http://www.wikidata.org/entity/"

Description: TypeAlias = tuple[str, str, tuple[str, ...]]
"""What documents call an entity, taken together: its name, its class, its spellings."""


@dataclass(frozen=True, slots=True)
class LabelCounts:
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

    def description(self) -> Description | None:
        """Return the commonest name and class with all spellings, sorted; None when no document names the entity."""
        name, type_ = _commonest(self.names), _commonest(self.types)
        if name is None or type_ is None:
            return None
        return name, type_, tuple(sorted(spelling for spelling, count in self.spellings.items() if count > 0))

    def with_counts(self, counts: Iterable[tuple[Entity, int]]) -> "LabelCounts":
        """Return the label counts after more documents, or fewer."""
        label_counts = LabelCounts(Counter(self.names), Counter(self.spellings), Counter(self.types))
        for entity, count in counts:
            label_counts.add(entity, count)
        return label_counts


@dataclass(frozen=True, slots=True)
class LabelCountsIndex:
    """The label counts of a store's entities: `recall` reads one from the index when it is first needed."""

    recall: Callable[[str], LabelCounts]
    _known: dict[str, LabelCounts] = field(default_factory=dict)

    def of(self, id_: str) -> LabelCounts:
        """Return the label counts of an entity."""
        if id_ not in self._known:
            self._known[id_] = self.recall(id_)
        return self._known[id_]

    def put(self, id_: str, counts: LabelCounts) -> None:
        """Remember an entity's new label counts."""
        self._known[id_] = counts

    def ids(self) -> Iterator[str]:
        """Yield the ids of the entities tallied so far, sorted."""
        yield from sorted(self._known)


def _commonest(counted: Counter[str]) -> str | None:
    """The value counted most often, ties by sort order: no order of reading changes it."""
    if len(counted) == 1:
        [(value, count)] = counted.items()
        return value if count > 0 else None
    return min((value for value, count in counted.items() if count > 0), key=lambda v: (-counted[v], v), default=None)


def description(id_: str, counts: LabelCounts, iris: IriScheme) -> Iterator[ox.Quad]:
    """Yield an entity's class, its one label, its spellings and identifiers; nothing when no document names it.

    The label is the registry's, or the name that most documents give.
    """
    return described(id_, counts.description(), iris)


def described(id_: str, description: Description | None, iris: IriScheme) -> Iterator[ox.Quad]:
    """Yield the description of an entity that documents call so."""
    if description is None:
        return
    name, type_, spellings = description
    node, company = iris.entity(id_), ontology().companies.get(id_)
    yield ox.Quad(node, _LABEL, ox.Literal(company.name if company else name))
    yield ox.Quad(node, _TYPE, class_node(company.type if company else type_))
    for spelling in spellings:
        yield ox.Quad(node, _SPELLING, ox.Literal(spelling))
    for kind, value in (company.identifiers if company else {}).items():
        yield ox.Quad(node, ox.NamedNode(ontology().identifiers[kind].iri), ox.Literal(value))
        if kind == "qid":
            yield ox.Quad(node, _MATCH, ox.NamedNode(_WIKIDATA + value))
