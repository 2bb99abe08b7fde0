"""Relationships: what stands between two entities at a date, on what terms, and which claims contradict it.

A relationship is all that sources say of one relation between two entities. It stands as its firmest facts do: as a
fact where one is asserted and not over, else as announced, planned, conditional or reported. Where sources differ
nothing is chosen: a share lies between the least and the greatest that is said, and from zero where a source denies
the relationship.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from kg.dates import first_day, last_day, same_date
from kg.facts.as_of import NO_CUTOFF, AsOf
from kg.facts.fact import Fact, Standing, claims_of, fact_of_one, gather, standing_by_key
from kg.facts.interval import UNKNOWN, Interval
from kg.facts.money import Money
from kg.facts.periods import begin_of, covers, end_of
from kg.facts.tristate import TriState, any_of
from kg.garbage import seldom_collected
from kg.model import Claim, Entity, Modality

__all__ = ["STANDING_MODALITIES", "Relationship", "relationships", "share_of", "span_of"]

STANDING_MODALITIES = (
    Modality.ASSERTED,
    Modality.ANNOUNCED,
    Modality.PLANNED,
    Modality.CONDITIONAL,
    Modality.HEDGED,
)
"""The modalities in which a relationship stands, the firmest first; past, ended and denied it does not."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """What is said of one relation between two entities, as of a date.

    `modality` is that of its firmest facts. `facts` are those that stand, the firmest first; `contradicting` are
    claims that deny it or report an end no later than it was asserted. Who ceases to be the only one goes on, as not
    exclusive. Of a symmetric relation the ends have no order.
    """

    subject: Entity
    relation: str
    object: Entity
    modality: Modality
    facts: tuple[Fact, ...]
    contradicting: tuple[Fact, ...] = ()

    @property
    def is_fact(self) -> bool:
        """Whether it is asserted and not over."""
        return self.modality is Modality.ASSERTED

    @property
    def holds(self) -> TriState:
        """Whether it is a fact on the day asked; UNDECIDED where the bounds of its dates leave that open."""
        return any_of(fact.holds for fact in self.facts)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that say it, the firmest first, then those against it."""
        return claims_of(*(fact.claims for fact in (*self.facts, *self.contradicting)))

    def share(self, of: Collection[str | None]) -> Interval | None:
        """Return its percentage as a fraction of 0–1, of what is in `of` (None: of nobody says what); None if unsaid.

        Only its firmest facts count, and of figures of several dates the latest; what is held through others counts
        where nothing is told of what is held directly. Where they differ the interval holds all of them, and 0 where
        the relationship itself is contradicted.
        """
        if len(self.facts) == 1 and not self.contradicting:
            return share_of(self.facts[0]) if self.facts[0].qualifiers.percent_of in of else None
        interval: Interval | None = None
        for share in self._shares(of):
            interval = share if interval is None else interval.hull(share)
        if interval is not None and self.contradicting:
            interval = interval.hull(Interval.exactly(0.0))
        return interval

    def excludes_itself(self, of: Collection[str | None]) -> bool:
        """Whether sources give shares for it, of one date, that cannot all be right."""
        if len(self.facts) == 1:
            return False
        return any(first.meet(second) is None for first, second in combinations(self._shares(of), 2))

    def money(self) -> tuple[Money, ...]:
        """Return its sums, one a currency, in order of currency.

        Separate deals are added up, differing sums are a range. The firmest facts that give a sum count; currencies
        are never added to each other.
        """
        facts = [fact for fact in self.facts if fact.qualifiers.amount is not None and fact.qualifiers.currency]
        facts = [fact for fact in facts if fact.modality is facts[0].modality]
        sums: dict[str, Money] = {}
        for deal in _deals(facts):
            amounts = [fact.qualifiers.amount for fact in deal if fact.qualifiers.amount is not None]
            money = Money(min(amounts), max(amounts), str(deal[0].qualifiers.currency))
            sums[money.currency] = sums[money.currency].plus(money) if money.currency in sums else money
        return tuple(sums[currency] for currency in sorted(sums))

    def _shares(self, of: Collection[str | None]) -> list[Interval]:
        """Return what its firmest facts tell of its share, of figures of several dates the latest."""
        firmest = (fact for fact in self.facts if fact.modality is self.modality)
        facts = [fact for fact in firmest if fact.qualifiers.percent_of in of and share_of(fact) is not None]
        # What is held through others stands beside what is held directly: it neither adds to it nor contradicts it.
        facts = [fact for fact in facts if not fact.qualifiers.indirect] or facts
        return [share for fact in _latest(facts) if (share := share_of(fact)) is not None]


@seldom_collected()
def relationships(
    claims: Iterable[Claim],
    as_of: AsOf = NO_CUTOFF,
    *,
    relations: Iterable[str] | None = None,
    modalities: Iterable[Modality] = STANDING_MODALITIES,
) -> tuple[Relationship, ...]:
    """Gather claims between entities into relationships, as of a date, in order of relations and ends.

    Only those that stand are returned: in one of `modalities`, of `relations` (all by default). Figures, which have
    no second entity, make none.
    """
    wanted = None if relations is None else set(relations)
    between = (c for c in claims if isinstance(c.object, Entity) and (wanted is None or c.relation in wanted))
    allowed, day = set(modalities), as_of.day
    found = (_relationship(group, day) for group in standing_by_key(between, as_of))
    return tuple(sorted((each for each in found if each is not None and each.modality in allowed), key=_order))


def _order(relationship: Relationship) -> tuple[str, str, str]:
    return relationship.relation, relationship.subject.id, relationship.object.id


def _relationship(standings: Sequence[Standing], day: dt.date | None) -> Relationship | None:
    """Return what stands of one relation between two entities; None where nothing does."""
    if len(standings) == 1:
        return _relationship_of_one(standings[0])
    reports = [s for s in standings if s.claim.modality is Modality.ENDED and s.modality is Modality.ENDED]
    endings = [fact for fact in gather(reports) if _has_come(fact, day)]
    standing = gather(s for s in standings if s.modality in STANDING_MODALITIES)
    facts = sorted((_loosened(f, endings) for f in standing), key=lambda f: STANDING_MODALITIES.index(f.modality))
    if not facts:
        return None
    opposed = [*gather(s for s in standings if s.modality is Modality.DENIED), *endings]
    contradicting = [fact for fact in opposed if any(covers(fact.qualifiers, f.qualifiers) for f in facts)]
    end = facts[0].object
    if not isinstance(end, Entity):
        return None
    return Relationship(facts[0].subject, facts[0].relation, end, facts[0].modality, tuple(facts), tuple(contradicting))


def _relationship_of_one(standing: Standing) -> Relationship | None:
    """Return what a single claim makes: it is told by nobody else, and contradicted by nobody."""
    claim = standing.claim
    if standing.modality not in STANDING_MODALITIES or not isinstance(claim.object, Entity):
        return None
    return Relationship(claim.subject, claim.relation, claim.object, standing.modality, (fact_of_one(standing),))


def _has_come(fact: Fact, day: dt.date | None) -> bool:
    """Whether an end lies before a day."""
    dates = [date for claim in fact.claims if (date := end_of(claim)) is not None]
    return day is None or not dates or min(dates) < day


def _loosened(fact: Fact, endings: Sequence[Fact]) -> Fact:
    """Return a fact as not exclusive, where a later source reports that it is exclusive no more."""
    over = [
        ending
        for ending in endings
        if ending.qualifiers.exclusive and covers(ending.qualifiers, fact.qualifiers) and ending.is_later_than(fact)
    ]
    if not over:
        return fact
    claims = claims_of(fact.claims, *(ending.claims for ending in over))
    return replace(fact, qualifiers=replace(fact.qualifiers, exclusive=False), claims=claims)


def share_of(fact: Fact) -> Interval | None:
    """Return the percentage of a fact, or its bounds, as fractions; None where it tells none.

    Bounds in the wrong order are taken for those that they are: both have been told.
    """
    qualifiers = fact.qualifiers
    low = qualifiers.percent if qualifiers.percent is not None else qualifiers.percent_min
    high = qualifiers.percent if qualifiers.percent is not None else qualifiers.percent_max
    if low is None and high is None:
        return None
    bounds = (
        UNKNOWN.low if low is None else float(low / Decimal(100)),
        UNKNOWN.high if high is None else float(high / Decimal(100)),
    )
    return Interval(min(bounds), max(bounds))


def _latest(facts: Sequence[Fact]) -> list[Fact]:
    """Leave out figures that one of a later date has overtaken; the date of a source alone overtakes nothing."""
    dates = [fact.qualifiers.as_of or fact.qualifiers.start for fact in facts]
    return [
        fact
        for fact, date in zip(facts, dates, strict=True)
        if date is None or not any(other and last_day(date) < first_day(other) for other in dates)
    ]


def _deals(facts: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Yield sums that are of one deal, of one currency.

    Sums of two dates that part them are of two deals. What else differs is one deal, told differently; so is what
    agrees with two deals, since it may be either, and is not to be counted beside them.
    """
    deals: list[list[Fact]] = []
    for fact in facts:
        alike = [deal for deal in deals if any(_may_be_one(fact, other) for other in deal)]
        deals = [deal for deal in deals if deal not in alike]
        deals.append([fact, *(other for deal in alike for other in deal)])
    yield from deals


def _may_be_one(first: Fact, second: Fact) -> bool:
    mine, yours = first.qualifiers, second.qualifiers
    dates = mine.start or mine.as_of, yours.start or yours.as_of
    apart = dates[0] is not None and dates[1] is not None and not same_date(dates[0], dates[1])
    return mine.currency == yours.currency and not apart


def span_of(relationship: Relationship) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day on which a relationship may hold; None where nobody says."""
    firsts = [day for fact in relationship.facts for claim in fact.claims if (day := begin_of(claim)) is not None]
    # What is told to be exclusive no more goes on.
    lasting = [
        [claim for claim in fact.claims if not (claim.modality is Modality.ENDED and claim.qualifiers.exclusive)]
        for fact in relationship.facts
    ]
    lasts = [max((day for c in claims if (day := end_of(c)) is not None), default=None) for claims in lasting if claims]
    is_open = not lasts or None in lasts
    return min(firsts, default=None), None if is_open else max(day for day in lasts if day is not None)
