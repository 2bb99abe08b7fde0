"""Facts: claims that agree, with all their sources.

Two claims agree when nothing that one says is against what the other says, and each gives the figures that the
other gives: who names no percentage vouches for none. Figures agree when one is the other, rounded; dates when
one contains the other, as 2025 does 2025-03. Agreement does not carry over: "supplies" agrees with "until 2026"
and with "until 2030", which do not agree. What agrees with two that do not is therefore a fact of its own, so
that the facts are the same whatever the order of the claims.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal

from kg.dates import duration_parts, first_day, last_day, same_date
from kg.facts.as_of import NO_CUTOFF, AsOf, has_begun, visible_claims
from kg.facts.numbers import finest, same_number
from kg.facts.periods import Key, Period, modality_on, periods, periods_of_one, relationship_key
from kg.facts.tristate import TriState, any_of
from kg.model import NUMERIC_QUALIFIERS, Claim, Entity, Figure, Modality, Qualifiers, claim_order
from kg.ontology import ontology
from kg.wording.terms import figure, terms

__all__ = ["Fact", "Standing", "claims_of", "fact_of_one", "facts_of", "gather", "standing_by_key", "standing_of"]

_AHEAD = (Modality.ANNOUNCED, Modality.PLANNED)
"""Two ways to say what is to come; the firmer first."""
_DATES = ("start", "end", "as_of")
_WORDS = ("currency", "percent_of", "exclusive", "indirect")


@dataclass(frozen=True, slots=True)
class Fact:
    """What one or more sources say that agree: the same ends and relation, modality, and terms that agree.

    `modality` is how it stands on the day asked: ended for what was asserted and is over, announced for what lies
    ahead; announced and planned are one fact, which is announced. `holds` tells whether it is a fact on that day:
    UNDECIDED where the bounds of its dates leave that open. `qualifiers` are what the claims say together, each term
    as precisely as one of them says it, as is a figure in the place of the object. `claims` are ordered by the date
    from which they are known.
    """

    subject: Entity
    relation: str
    object: Entity | Figure
    modality: Modality
    qualifiers: Qualifiers
    claims: tuple[Claim, ...]
    holds: TriState = TriState.FALSE

    @property
    def is_fact(self) -> bool:
        """Whether it is asserted, and not over."""
        return self.modality is Modality.ASSERTED

    @property
    def key(self) -> Key:
        """What it speaks of: the relation and its ends."""
        return relationship_key(self.claims[0])

    @property
    def known_from(self) -> str | None:
        """The earliest publication date among the sources, if any has one."""
        return min((claim.known_from for claim in self.claims if claim.known_from), default=None)

    @property
    def known_last(self) -> str | None:
        """The latest publication date among the sources, if any has one; a month may be as late as its last day."""
        return max((claim.known_from for claim in self.claims if claim.known_from), key=last_day, default=None)

    @property
    def documents(self) -> tuple[str, ...]:
        """The documents that say it, each once."""
        return tuple(dict.fromkeys(claim.document for claim in self.claims))

    @property
    def modalities(self) -> frozenset[Modality]:
        """How it stands: its modality; of what lies ahead also how its claims say so, announced or planned."""
        ahead = {claim.modality for claim in self.claims if claim.modality in _AHEAD}
        return frozenset({self.modality, *ahead}) if self.modality in _AHEAD else frozenset({self.modality})

    def terms(self, lang: str = "en") -> str:
        """Return the terms in words of English or French; those of a figure begin with the figure itself."""
        words = terms(self.qualifiers, lang)
        if isinstance(self.object, Figure):
            return " ".join(filter(None, (figure(self.object, lang), words)))
        return words

    def other(self, entity: Entity) -> Entity | Figure:
        """Return the end that is not `entity`."""
        return self.object if self.subject.id == entity.id else self.subject

    def is_later_than(self, other: "Fact") -> bool:
        """Tell whether all its sources are known to have appeared after all sources of another fact."""
        if self.known_from is None or other.known_last is None:
            return False
        undated = any(claim.known_from is None for claim in (*self.claims, *other.claims))
        return not undated and last_day(other.known_last) < first_day(self.known_from)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands on a day: its modality then, and whether it holds as a fact."""

    claim: Claim
    modality: Modality
    holds: TriState


def claims_of(*groups: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims of some groups, each once, in their order."""
    return tuple({claim.id: claim for group in groups for claim in group}.values())


def standing_of(claims: Iterable[Claim], as_of: AsOf = NO_CUTOFF) -> tuple[Standing, ...]:
    """Return how the claims that can be seen as of a date stand then, each once, in their order.

    Of a claim that was recorded twice, the first record counts. Give all claims of a relationship: what one source
    reports of its end decides how the others stand.
    """
    visible = _first_records(claims, as_of)
    spans = periods(visible)
    return tuple(_standings(visible, spans, as_of))


def standing_by_key(claims: Iterable[Claim], as_of: AsOf = NO_CUTOFF) -> Iterator[list[Standing]]:
    """Yield the same, relationship by relationship; `claims` are between entities."""
    groups: defaultdict[Key, list[Claim]] = defaultdict(list)
    for claim in _first_records(claims, as_of):
        groups[relationship_key(claim)].append(claim)
    for group in groups.values():
        yield list(_standings(group, periods_of_one(group), as_of))


def _first_records(claims: Iterable[Claim], as_of: AsOf) -> Collection[Claim]:
    visible: dict[str, Claim] = {}
    # What is true from later on takes no part on the valid clock, but the end that it reports does.
    for claim in visible_claims(claims, replace(as_of, valid=None)):
        known = visible.setdefault(claim.id, claim)
        if known is not claim and _age(claim) < _age(known):
            visible[claim.id] = claim
    return visible.values()


def _standings(claims: Iterable[Claim], spans: Mapping[str, Period], as_of: AsOf) -> Iterator[Standing]:
    """Yield how those of some claims that have begun stand; `spans` are their periods."""
    begun_by, day = None if as_of.valid is None else last_day(as_of.valid), as_of.day
    for claim in claims:
        if begun_by is None or has_begun(claim, begun_by):
            yield _standing(claim, spans.get(claim.id), day)


def _age(claim: Claim) -> tuple[str, str]:
    return claim.recorded_at or "", claim.known_from or "9999"


def _standing(claim: Claim, period: Period | None, day: dt.date | None) -> Standing:
    modality = modality_on(claim, period, day)
    holds = TriState.FALSE
    if modality is Modality.ASSERTED:
        # A figure holds until a later one takes its place; without a cut-off no date is asked.
        holds = TriState.TRUE if day is None or period is None else period.holds_on(day)
    return Standing(claim, modality, holds)


def facts_of(claims: Iterable[Claim], as_of: AsOf = NO_CUTOFF) -> tuple[Fact, ...]:
    """Gather claims that agree into facts as they stand at a date, in the order of relations, then of what they say.

    Withdrawn claims are left out. The wording of figures, and what the goods are called, does not count.
    """
    return gather(standing_of(claims, as_of))


def gather(standings: Iterable[Standing]) -> tuple[Fact, ...]:
    """Gather claims that agree, as they stand, into facts."""
    groups: defaultdict[tuple[object, ...], defaultdict[_Terms, list[Standing]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for standing in standings:
        modality = _AHEAD[0] if standing.modality in _AHEAD else standing.modality
        groups[*relationship_key(standing.claim), modality][_terms(standing.claim)].append(standing)
    facts = [_fact(group) for alternatives in groups.values() for group in _agreeing(alternatives)]
    # Most relationships have one fact, and there are many of them.
    return tuple(facts) if len(facts) < 2 else tuple(sorted(facts, key=_rank))  # noqa: PLR2004


_Terms = tuple[tuple[str, object], ...]


def _terms(claim: Claim) -> _Terms:
    """Return the terms of a claim that count, by name; a figure in the place of the object is one term more."""
    given: dict[str, object] = dict(claim.qualifiers.terms())
    given.pop("as_printed", None)
    given.pop("goods", None)
    if claim.qualifiers.duration is not None:
        given["duration"] = duration_parts(claim.qualifiers.duration)
    if isinstance(claim.object, Figure):
        given["figure"] = claim.object.value
    return tuple(given.items())


def _agree(first: Mapping[str, object], second: Mapping[str, object]) -> bool:
    for name in (*NUMERIC_QUALIFIERS, "figure"):
        mine, yours = first.get(name), second.get(name)
        if (mine is None) is not (yours is None):
            return False
        if isinstance(mine, Decimal) and isinstance(yours, Decimal) and not same_number(mine, yours):
            return False
    for name in (*_WORDS, "duration"):
        if name in first and name in second and first[name] != second[name]:
            return False
    return all(same_date(str(first[name]), str(second[name])) for name in _DATES if name in first and name in second)


def _agreeing(alternatives: Mapping[_Terms, Sequence[Standing]]) -> Iterator[list[Standing]]:
    """Yield the claims of each fact.

    Sets of terms are joined where they agree. Whatever joins two that do not agree stands alone; without these, those
    that are connected all agree with each other. A set of terms is a bit of a number.
    """
    if len(alternatives) == 1:
        yield from (list(standings) for standings in alternatives.values())
        return
    terms = [dict(each) for each in alternatives]
    agreeing = [0] * len(terms)
    for at, first in enumerate(terms):
        agreeing[at] |= 1 << at
        for beyond in range(at + 1, len(terms)):
            if _agree(first, terms[beyond]):
                agreeing[at] |= 1 << beyond
                agreeing[beyond] |= 1 << at
    between = sum(1 << at for at, near in enumerate(agreeing) if any(near & ~agreeing[bit] for bit in _bits(near)))
    groups: defaultdict[int, list[Standing]] = defaultdict(list)
    for at, standings in enumerate(alternatives.values()):
        alone = between >> at & 1
        groups[1 << at if alone else agreeing[at] & ~between] += standings
    yield from groups.values()


def _bits(number: int) -> Iterator[int]:
    while number:
        yield (number & -number).bit_length() - 1
        number &= number - 1


def fact_of_one(standing: Standing) -> Fact:
    """Return the fact that a single claim makes, between entities: what `gather` makes of it."""
    claim, holds = standing.claim, standing.holds
    return Fact(claim.subject, claim.relation, claim.object, standing.modality, claim.qualifiers, (claim,), holds)


def _fact(standings: Sequence[Standing]) -> Fact:
    claims = tuple(sorted((standing.claim for standing in standings), key=claim_order))
    first = claims[0]
    end = first.object
    if isinstance(end, Figure):
        end = Figure(finest([claim.object.value for claim in claims if isinstance(claim.object, Figure)]), end.unit)
    modalities = [standing.modality for standing in standings]
    return Fact(
        subject=first.subject,
        relation=first.relation,
        object=end,
        modality=min(modalities, key=lambda modality: _AHEAD.index(modality) if modality in _AHEAD else 0),
        qualifiers=_together([claim.qualifiers for claim in claims]),
        claims=claims,
        holds=any_of(standing.holds for standing in standings),
    )


def _together(given: Sequence[Qualifiers]) -> Qualifiers:
    """Return what qualifiers that agree say together; the wording of a figure is that of the claim that gives it so."""
    if len(given) == 1:
        return given[0]
    terms: dict[str, object] = {}
    for name in (field.name for field in fields(Qualifiers) if field.name != "as_printed"):
        values = [value for each in given if (value := getattr(each, name)) is not None]
        if not values:
            continue
        terms[name] = values[0]
        if name in NUMERIC_QUALIFIERS:
            terms[name] = finest(values)
        elif name in _DATES:
            terms[name] = max(values, key=len)
    numbers = [(name, terms.get(name)) for name in NUMERIC_QUALIFIERS]
    printed = [each for each in given if each.as_printed and all(getattr(each, name) == v for name, v in numbers)]
    return Qualifiers(**terms | ({"as_printed": printed[0].as_printed} if printed else {}))  # type: ignore[arg-type]


@functools.cache
def _order_of_relations() -> Mapping[str, int]:
    return {name: at for at, name in enumerate(ontology().relations)}


def _nearest_amount(qualifiers: Qualifiers) -> Decimal:
    return qualifiers.amount or qualifiers.amount_max or qualifiers.amount_min or Decimal(0)


def _rank(fact: Fact) -> tuple[int, Decimal, Decimal, str, str]:
    qualifiers = fact.qualifiers
    percent = qualifiers.percent or qualifiers.percent_max or qualifiers.percent_min or Decimal(0)
    other = fact.object.name if isinstance(fact.object, Entity) else ""
    place, amount = _order_of_relations()[fact.relation], _nearest_amount(qualifiers)
    return place, -percent, -amount, f"{fact.subject.name}\n{other}", fact.claims[0].id
