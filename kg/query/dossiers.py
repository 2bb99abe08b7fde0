"""Everything that the sources say of one entity, or of two: facts, then what is no fact, then disputes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kg.facts import Dispute, Fact, disputes_of, facts_of
from kg.model import Claim, Entity, Modality
from kg.ontology import ontology
from kg.query.entity_lookup import find_entity
from kg.query.independent_sources import near_duplicates_of
from kg.store import NearDuplicates, Store

__all__ = ["Direction", "Dossier", "Group", "between", "dossier"]

_APART = (
    Modality.ANNOUNCED,
    Modality.PLANNED,
    Modality.CONDITIONAL,
    Modality.HEDGED,
    Modality.PAST,
    Modality.ENDED,
    Modality.DENIED,
)


class Direction(StrEnum):
    """On which side of a relation the entity of a dossier stands."""

    OUT = "out"
    BOTH = "both"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one relation in one direction."""

    relation: str
    direction: Direction
    lines: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of `entity`, or, where `other` is given, between the two.

    `facts` come from asserted claims that have not ended. `apart` is all else, a group list for
    each modality: what is planned, reported, denied or over is no fact. `copies` tells which documents are
    one source; None where that cannot be told.
    """

    entity: Entity
    other: Entity | None
    facts: tuple[Group, ...]
    apart: tuple[tuple[Modality, tuple[Group, ...]], ...]
    disputes: tuple[Dispute, ...]
    near_duplicates: NearDuplicates | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no source says anything."""
        return not self.facts and not self.apart

    @property
    def documents(self) -> tuple[str, ...]:
        """All sources, each once, in order of name."""
        groups = [*self.facts, *(group for _, apart in self.apart for group in apart)]
        return tuple(sorted({name for group in groups for line in group.lines for name in line.documents}))


def dossier(store: Store, name: str) -> Dossier:
    """Return all that the sources say of the entity called `name` (see `find_entity`)."""
    entity = find_entity(store, name)
    return _gather(entity, None, store.claims(entity=entity.id), near_duplicates_of(store))


def between(store: Store, name: str, other_name: str) -> Dossier:
    """Return all that the sources say of two entities at once, seen from the first."""
    entity, other = find_entity(store, name), find_entity(store, other_name)
    ends = {entity.id, other.id}
    found = (c for c in store.claims(entity=entity.id) if isinstance(c.object, Entity))
    both = [c for c in found if isinstance(c.object, Entity) and {c.subject.id, c.object.id} == ends]
    return _gather(entity, other, both, near_duplicates_of(store))


def _gather(entity: Entity, other: Entity | None, claims: Iterable[Claim], copies: NearDuplicates | None) -> Dossier:
    lines = facts_of(claims)
    return Dossier(
        entity=entity,
        other=other,
        facts=_groups(entity, [line for line in lines if line.is_fact]),
        apart=tuple(
            (modality, groups)
            for modality in _APART
            if (groups := _groups(entity, [line for line in lines if line.modality is modality]))
        ),
        disputes=disputes_of(lines),
        near_duplicates=copies,
    )


def _groups(entity: Entity, lines: Sequence[Fact]) -> tuple[Group, ...]:
    found: dict[tuple[str, Direction], list[Fact]] = defaultdict(list)
    for line in lines:
        if ontology().relation(line.relation).symmetric:
            direction = Direction.BOTH
        else:
            direction = Direction.OUT if line.subject.id == entity.id else Direction.IN
        found[line.relation, direction].append(line)
    relations, sides = list(ontology().relations), list(Direction)
    ordered = sorted(found, key=lambda key: (relations.index(key[0]), sides.index(key[1])))
    return tuple(Group(*key, tuple(found[key])) for key in ordered)
