"""Everything that the sources say of one entity, or of two: facts, then what is no fact, then disputes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from kg.model import Claim, Entity, Figure, Modality, Qualifiers
from kg.ontology import ontology
from kg.query.names import find_entity
from kg.query.terms import figure, terms
from kg.store import Store

__all__ = ["Direction", "Dispute", "Dossier", "Group", "Line", "between", "dossier", "lines_of"]

_APART = (
    Modality.ANNOUNCED,
    Modality.PLANNED,
    Modality.CONDITIONAL,
    Modality.HEDGED,
    Modality.PAST,
    Modality.ENDED,
    Modality.DENIED,
)
_AGAINST = frozenset({Modality.DENIED, Modality.ENDED})


class Direction(StrEnum):
    """On which side of a relation the entity of a dossier stands."""

    OUT = "out"
    BOTH = "both"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Line:
    """One saying of one or more sources that agree: the same ends, relation, modality and terms.

    `modality` is ended for what was asserted with an end that has passed. `qualifiers` are those
    of the claim that says most. `claims` are ordered by the date from which they are known.
    """

    subject: Entity
    relation: str
    object: Entity | Figure
    modality: Modality
    qualifiers: Qualifiers
    claims: tuple[Claim, ...]

    @property
    def is_fact(self) -> bool:
        """Whether it is asserted, and has not ended."""
        return self.modality is Modality.ASSERTED

    @property
    def known_from(self) -> str | None:
        """The earliest publication date among the sources, if any has one."""
        return min((claim.known_from for claim in self.claims if claim.known_from), default=None)

    @property
    def documents(self) -> tuple[str, ...]:
        """The sources, each once."""
        return tuple(dict.fromkeys(claim.document for claim in self.claims))

    def other(self, entity: Entity) -> Entity | Figure:
        """Return the end that is not `entity`."""
        return self.object if self.subject.id == entity.id else self.subject

    def terms(self, lang: str = "en") -> str:
        """Return the terms in words; those of a figure begin with the figure itself."""
        words = terms(self.qualifiers, lang)
        if isinstance(self.object, Figure):
            return " ".join(filter(None, (figure(self.object, lang), words)))
        return words


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one relation in one direction."""

    relation: str
    direction: Direction
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Lines on the same two ends and relation that cannot all be right, side by side."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of `entity`, or, where `other` is given, between the two.

    `facts` come from asserted claims that have not ended. `apart` is all else, a group list for
    each modality: what is planned, reported, denied or over is no fact.
    """

    entity: Entity
    other: Entity | None
    facts: tuple[Group, ...]
    apart: tuple[tuple[Modality, tuple[Group, ...]], ...]
    disputes: tuple[Dispute, ...]

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
    return _gather(entity, None, store.claims(entity=entity.id))


def between(store: Store, name: str, other_name: str) -> Dossier:
    """Return all that the sources say of two entities at once, seen from the first."""
    entity, other = find_entity(store, name), find_entity(store, other_name)
    ends = {entity.id, other.id}
    found = (c for c in store.claims(entity=entity.id) if isinstance(c.object, Entity))
    both = [c for c in found if isinstance(c.object, Entity) and {c.subject.id, c.object.id} == ends]
    return _gather(entity, other, both)


def _gather(entity: Entity, other: Entity | None, claims: Iterable[Claim]) -> Dossier:
    lines = lines_of(claims)
    return Dossier(
        entity=entity,
        other=other,
        facts=_groups(entity, [line for line in lines if line.is_fact]),
        apart=tuple(
            (modality, groups)
            for modality in _APART
            if (groups := _groups(entity, [line for line in lines if line.modality is modality]))
        ),
        disputes=_disputes(lines),
    )


def lines_of(claims: Iterable[Claim]) -> tuple[Line, ...]:
    """Gather claims that agree into lines, in the order of relations, then of what they say.

    Two claims agree when they differ in nothing but the source, the wording of the figure and of
    the goods. Retracted claims are left out.
    """
    agreeing: dict[tuple[object, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.retracted_at is None:
            said = replace(claim.qualifiers, as_printed=None, goods=None)
            agreeing[*_ends(claim), _modality(claim), said].append(claim)
    lines = [_line(group) for group in agreeing.values()]
    order = list(ontology().relations)
    return tuple(sorted(lines, key=lambda line: (order.index(line.relation), *_rank(line))))


def _ends(claim: Claim) -> tuple[str, frozenset[object] | tuple[object, ...]]:
    """Return the relation and the ends, without order where the relation has none."""
    ends = tuple(end.id if isinstance(end, Entity) else end for end in (claim.subject, claim.object))
    return claim.relation, frozenset(ends) if ontology().relation(claim.relation).symmetric else ends


def _modality(claim: Claim) -> Modality:
    has_ended = claim.modality is Modality.ASSERTED and not claim.is_live
    return Modality.ENDED if has_ended else claim.modality


def _line(claims: Sequence[Claim]) -> Line:
    ordered = sorted(claims, key=lambda claim: (claim.known_from or "9999", claim.document, claim.evidence[0].start))
    fullest = max(ordered, key=lambda claim: len(claim.qualifiers.said()))
    return Line(
        subject=ordered[0].subject,
        relation=ordered[0].relation,
        object=ordered[0].object,
        modality=_modality(ordered[0]),
        qualifiers=fullest.qualifiers,
        claims=tuple(ordered),
    )


def _rank(line: Line) -> tuple[Decimal, Decimal, str, str]:
    said = line.qualifiers
    percent = said.percent or said.percent_max or said.percent_min or Decimal(0)
    other = line.object.name if isinstance(line.object, Entity) else ""
    return -percent, -(said.amount or Decimal(0)), f"{line.subject.name}\n{other}", line.claims[0].id


def _groups(entity: Entity, lines: Sequence[Line]) -> tuple[Group, ...]:
    found: dict[tuple[str, Direction], list[Line]] = defaultdict(list)
    for line in lines:
        if ontology().relation(line.relation).symmetric:
            direction = Direction.BOTH
        else:
            direction = Direction.OUT if line.subject.id == entity.id else Direction.IN
        found[line.relation, direction].append(line)
    relations, sides = list(ontology().relations), list(Direction)
    ordered = sorted(found, key=lambda key: (relations.index(key[0]), sides.index(key[1])))
    return tuple(Group(*key, tuple(found[key])) for key in ordered)


def _disputes(lines: Sequence[Line]) -> tuple[Dispute, ...]:
    by_ends: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        relation, ends = _ends(line.claims[0])
        key = line.subject.id if isinstance(line.object, Figure) else ends
        by_ends[relation, key].append(line)
    return tuple(Dispute(odd) for group in by_ends.values() if (odd := _at_odds(group)))


def _at_odds(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of one relation between the same ends that cannot all be right."""
    facts = [line for line in lines if line.is_fact]
    against = [line for line in lines if line.modality in _AGAINST]
    odd = set()
    for first in facts:
        for second in facts:
            if _differ(first, second):
                odd |= {first, second}
    if facts and against:
        odd |= {*facts, *against}
    return tuple(line for line in lines if line in odd)


def _differ(first: Line, second: Line) -> bool:
    """Tell whether two lines give one figure two values: of the same kind, not of different dates."""
    one, two = first.qualifiers, second.qualifiers
    if one.as_of and two.as_of and one.as_of != two.as_of:
        return False
    if isinstance(first.object, Figure) and isinstance(second.object, Figure):
        return first.object.unit == second.object.unit and first.object.value != second.object.value
    percents = one.percent is not None and two.percent is not None and one.percent_of == two.percent_of
    amounts = one.amount is not None and two.amount is not None and one.currency == two.currency
    return (percents and one.percent != two.percent) or (amounts and one.amount != two.amount)
