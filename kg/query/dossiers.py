"""Everything that the sources say of one entity, or of two: facts, then what is no fact, then disputes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain

from kg.errors import UnknownEntity
from kg.facts import (
    AsOf,
    Dispute,
    Fact,
    TierSaying,
    TriState,
    disputes_by_tier,
    disputes_of,
    facts_of,
    sayings_by_tier,
    visible_claims,
)
from kg.facts.periods import Key
from kg.judgements import Opinion, Share
from kg.model import Claim, Entity, Evidence, Modality, Outcome, Tier
from kg.ontology import ontology
from kg.places import Place
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_named
from kg.query.independent_sources import near_duplicates_of
from kg.query.judged import company_share
from kg.query.opinions import opinions_on
from kg.query.places import places_on
from kg.query.recorded import claims_then, entity_then, recorded_then
from kg.query.registers import RegisterFact, register_facts, tiers_of
from kg.store import EVERYTHING, NearDuplicates, Selection, Store, whole_of

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
    """The facts of one relation in one direction, those that are undecided last."""

    relation: str
    direction: Direction
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of `entity`, or, where `other` is given, between the two.

    `facts` are what holds as of `as_of`. `apart` is all else, groups for each modality: what is planned, reported,
    denied or over is no fact. `candidates` are claims that were not admitted, where they were asked for, and
    `count_to_review` says how many are to review besides. `selection` is what the graph was narrowed to.
    `near_duplicates` tells which documents are one source; None where that cannot be told. `opinions` is what people
    say of its claims, by the claim's id. `judged` is how many of the entity's claims are right, of those that were
    drawn at random and judged; None for two entities. `places` tells where in their files quotes stand. `registers` is
    what registers say of the entities themselves, a record a line, and `tiers` what kind of source documents are.
    """

    entity: Entity
    other: Entity | None
    facts: tuple[Group, ...]
    apart: tuple[tuple[Modality, tuple[Group, ...]], ...]
    disputes: tuple[Dispute, ...]
    as_of: AsOf
    near_duplicates: NearDuplicates | None = None
    candidates: tuple[Claim, ...] = ()
    count_to_review: int = 0
    opinions: Mapping[str, tuple[Opinion, ...]] = field(default_factory=dict)
    selection: Selection = EVERYTHING
    judged: Share | None = None
    places: Mapping[Evidence, tuple[Place, ...]] = field(default_factory=dict)
    registers: tuple[RegisterFact, ...] = ()
    tiers: Mapping[str, Tier] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether no source says anything of ties."""
        return not self.facts and not self.apart and not self.candidates

    @property
    def sayings_by_tier(self) -> Mapping[Key, tuple[TierSaying, ...]]:
        """What registers, filings, news … say of one relationship, side by side, where several of them speak of it."""
        return sayings_by_tier(self._all_facts(), self.tiers)

    @property
    def count_undecided(self) -> int:
        """How many facts are undecided: the bounds of their dates leave open whether they hold."""
        return sum(fact.holds is TriState.UNDECIDED for group in self.facts for fact in group.facts)

    @property
    def documents(self) -> tuple[str, ...]:
        """All sources, each once, in order of name."""
        return tuple(sorted({name for fact in self._all_facts() for name in fact.documents}))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims that it tells of, those that were not admitted last."""
        return (*(claim for fact in self._all_facts() for claim in fact.claims), *self.candidates)

    def _all_facts(self) -> Iterator[Fact]:
        groups = (*self.facts, *(group for _, apart in self.apart for group in apart))
        return (fact for group in groups for fact in group.facts)


def dossier(store: Store, name: str, *, as_of: AsOf | None = None, outcomes: Collection[Outcome] = ()) -> Dossier:
    """Return all that the sources say of the entity called `name` (see `find_entity`), as of some dates.

    `as_of` is today by default; `outcomes` are those of candidates to tell too. Raises `UnknownEntity` with the nearest
    names, and `QueryError` where the name may be any of several.
    """
    as_of = or_today(as_of)
    past = recorded_then(store, as_of)
    entity = _found(store, name, outcomes, past)
    claims = list(claims_then(store, entity.id, past, as_of.known))
    gathered = _gather((entity, None), claims, near_duplicates_of(store), as_of)
    # Of a part, too, all counts that was judged in its documents: what was called wrong is not in it.
    whole = whole_of(store)
    judged = chain(claims, whole.claims(entity=entity.id), whole.candidates(entity=entity.id))
    share = company_share(store, entity.id, (c for c in judged if store.holds(c.document)), gathered.as_of)
    return _completed(replace(gathered, judged=share), store, outcomes)


def between(
    store: Store, name: str, other_name: str, *, as_of: AsOf | None = None, outcomes: Collection[Outcome] = ()
) -> Dossier:
    """Return all that the sources say of two entities at once, seen from the first, as of some dates.

    `as_of` and `outcomes` are as in `dossier`. Raises what that raises.
    """
    as_of = or_today(as_of)
    past = recorded_then(store, as_of)
    first, second = (_found(store, text, outcomes, past) for text in (name, other_name))
    ids = {first.id, second.id}
    claims = [c for c in claims_then(store, first.id, past, as_of.known) if {entity.id for entity in c.entities} == ids]
    gathered = _gather((first, second), claims, near_duplicates_of(store), as_of)
    return _completed(gathered, store, outcomes)


def _found(store: Store, name: str, outcomes: Collection[Outcome], past: Sequence[Claim] | None) -> Entity:
    if past is not None:
        with suppress(UnknownEntity):
            return entity_then(store, name, past)
    return find_named(store, name, candidates=bool(set(outcomes) - {Outcome.ADMITTED}))


def _completed(dossier: Dossier, store: Store, outcomes: Collection[Outcome]) -> Dossier:
    """Return a dossier with what was not admitted of what it is about, as far as it was visible then, and opinions."""
    ids = {dossier.entity.id} | ({dossier.other.id} if dossier.other else set())
    candidates = [
        claim
        for claim in visible_claims(store.candidates(entity=dossier.entity.id), dossier.as_of)
        if ids <= {entity.id for entity in claim.entities}
    ]
    told = tuple(claim for claim in candidates if claim.outcome in outcomes)
    dossier = _with_registers(dossier, store)
    # What was to review has no history: how much that was at an earlier date is not known.
    others = [] if dossier.as_of.recorded else [claim for claim in candidates if claim.outcome not in outcomes]
    besides = sum(claim.outcome is Outcome.TO_REVIEW for claim in others)
    whole = replace(dossier, candidates=told, count_to_review=besides, selection=store.selection)
    opinions = opinions_on(store, whole.claims, dossier.as_of)
    return replace(whole, opinions=opinions, places=places_on(store, whole.claims))


def _with_registers(dossier: Dossier, store: Store) -> Dossier:
    """Return a dossier with what registers say, its disputes in the order of tiers."""
    ends = [end for end in (dossier.entity, dossier.other) if end is not None]
    told = {end.id: register_facts(store, end.id, dossier.as_of) for end in ends}
    entity, *others = (_with_identifiers(end, [fact.record.entity for fact in told[end.id]]) for end in ends)
    tiers = tiers_of(store, (claim.document for claim in dossier.claims))
    return replace(
        dossier,
        entity=entity,
        other=others[0] if others else None,
        registers=tuple(chain.from_iterable(told.values())),
        tiers=tiers,
        disputes=disputes_by_tier(dossier.disputes, tiers),
    )


def _with_identifiers(entity: Entity, told_as: Iterable[Entity]) -> Entity:
    """Return an entity with what sources identify it by."""
    told = {pair for end in told_as if end.id == entity.id for pair in end.identifiers}
    return replace(entity, identifiers=tuple(sorted({*entity.identifiers, *told})))


def _gather(
    ends: tuple[Entity, Entity | None], claims: Iterable[Claim], near_duplicates: NearDuplicates | None, as_of: AsOf
) -> Dossier:
    claims, (first, second) = tuple(claims), ends
    ends_told = [end for claim in claims for end in claim.entities]
    entity, other = _with_identifiers(first, ends_told), second and _with_identifiers(second, ends_told)
    facts = facts_of(claims, as_of)
    return Dossier(
        entity=entity,
        other=other,
        facts=_groups(entity, [fact for fact in facts if fact.is_fact]),
        apart=tuple(
            (modality, groups)
            for modality in _APART
            if (groups := _groups(entity, [fact for fact in facts if fact.modality is modality]))
        ),
        disputes=disputes_of(facts),
        as_of=as_of,
        near_duplicates=near_duplicates,
    )


def _groups(entity: Entity, facts: Sequence[Fact]) -> tuple[Group, ...]:
    groups: dict[tuple[str, Direction], list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda fact: fact.holds is TriState.UNDECIDED):
        if ontology().relation(fact.relation).symmetric:
            direction = Direction.BOTH
        else:
            direction = Direction.OUT if fact.subject.id == entity.id else Direction.IN
        groups[fact.relation, direction].append(fact)
    relations, directions = list(ontology().relations), list(Direction)
    keys = sorted(groups, key=lambda key: (relations.index(key[0]), directions.index(key[1])))
    return tuple(Group(*key, tuple(groups[key])) for key in keys)
