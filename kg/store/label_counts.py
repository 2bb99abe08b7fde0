"""What the default graph says of an entity: a function of what the current documents call it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

import pyoxigraph as ox

from kg.identifiers import identifier_iri
from kg.model import Entity
from kg.ontology import ontology
from kg.store.iris import IriScheme, class_node, term, text_term

__all__ = [
    "Description",
    "LabelCounts",
    "LabelCountsIndex",
    "described",
    "described_text",
    "description",
    "identifiers_told",
]

_T = TypeVar("_T", str, tuple[str, str])
_TYPE, _LABEL, _SPELLING, _MATCH = (
    str(term(name)) for name in ("rdf:type", "rdfs:label", "skos:altLabel", "skos:exactMatch")
)

Description: TypeAlias = tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...]]
"""What documents call an entity, taken together: its name, its class, its spellings, its identifiers."""


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """How many documents give an entity which name, which spellings, which class, which identifiers."""

    names: Counter[str] = field(default_factory=Counter)
    spellings: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    identifiers: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, entity: Entity, count: int) -> None:
        """Count what one document calls the entity; -1 takes it back."""
        self.names[entity.name] += count
        self.types[entity.type] += count
        for spelling in entity.aliases:
            self.spellings[spelling] += count
        for identifier in entity.identifiers:
            self.identifiers[identifier] += count

    def description(self) -> Description | None:
        """Return the commonest name and class with all spellings, sorted; None when no document names the entity."""
        keys = {value for _, value in self.identifiers}
        # Who refers to an entity by its key alone gives it no name.
        names = {name: count for name, count in self.names.items() if name not in keys}
        name, type_ = _commonest(names) or _commonest(self.names), _commonest(self.types)
        if name is None or type_ is None:
            return None
        return name, type_, _present(self.spellings), _present(self.identifiers)

    def with_counts(self, counts: Iterable[tuple[Entity, int]]) -> "LabelCounts":
        """Return the label counts after more documents, or fewer."""
        names, spellings, types = (Counter(counter) for counter in (self.names, self.spellings, self.types))
        label_counts = LabelCounts(names, spellings, types, Counter(self.identifiers))
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

    def trim(self, most: int = 0) -> None:
        """Let go of all label counts where there are more than some: they are read from the index again."""
        if len(self._known) > most:
            self._known.clear()


def _present(counted: Counter[_T]) -> tuple[_T, ...]:
    """Return what is counted at all, sorted."""
    return tuple(sorted(value for value, count in counted.items() if count > 0))


def _commonest(counted: Mapping[str, int]) -> str | None:
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
    return ox.parse(described_text(id_, description, iris), ox.RdfFormat.N_QUADS)


def described_text(id_: str, description: Description | None, iris: IriScheme) -> str:
    """Return the description of an entity that documents call so as N-Quads, a line each."""
    if description is None:
        return ""
    name, type_, spellings, identifiers = description
    node, company = str(iris.entity(id_)), ontology().company(id_)
    lines = [
        f"{node} {_LABEL} {text_term(company.name if company else name)} .\n",
        f"{node} {_TYPE} {class_node(company.type if company else type_)} .\n",
    ]
    lines += [f"{node} {_SPELLING} {text_term(spelling)} .\n" for spelling in spellings]
    for kind, value in ontology().identifiers_of(id_, identifiers):
        lines.append(f"{node} <{ontology().identifiers[kind].iri}> {text_term(value)} .\n")
        if (item := identifier_iri(kind, value)) is not None:
            lines.append(f"{node} {_MATCH} {ox.NamedNode(item)} .\n")
    return "".join(lines)


def identifiers_told(id_: str, values: Mapping[ox.NamedNode, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Return what documents identify an entity by, out of its description, which has the registry's keys, too."""
    company = ontology().company(id_)
    registered = company.identifiers if company else {}
    kinds = {kind: ox.NamedNode(term_.iri) for kind, term_ in ontology().identifiers.items()}
    pairs = {(kind, value) for kind, predicate in kinds.items() for value in values.get(predicate, ())}
    return tuple(sorted(pair for pair in pairs if registered.get(pair[0]) != pair[1]))
