"""What sources say of one relationship that cannot all be right, side by side; nothing is overwritten.

Two facts are at odds where one is asserted, planned or reported and the other denies it, or reports its end and is
no later; and where both are asserted, planned or reported and give other figures, another length, another start or
end, or call it exclusive and not exclusive. Figures that are roundings of each other and partial dates that contain
each other are not at odds.

What lies apart in time is a development and no dispute: figures as of other dates, terms of another start or of a
period that was over before the other began, and an end that was told after the assertion. The dates on which sources
appeared part nothing: 100 bn in autumn and 30 bn in winter is a dispute. A share or a company's figure that is planned
is not at odds with the present one, since a plan is to change it; a sum that is planned is, with the sum that came of
it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from kg.dates import duration_parts, first_day, last_day, may_be_same_date, same_date
from kg.facts.fact import Fact
from kg.facts.numbers import same_number
from kg.facts.tiers import tier_rank
from kg.model import Figure, Modality, Qualifiers, Tier

__all__ = ["Dispute", "disputes_by_tier", "disputes_of"]

_AHEAD = frozenset({Modality.ANNOUNCED, Modality.PLANNED, Modality.CONDITIONAL})
_FOR = _AHEAD | {Modality.ASSERTED, Modality.HEDGED}
_RECURRING = frozenset({"invests-in", "lends-to", "supplies"})
"""What a company may do to another more than once: another start is then another deal, unless a figure is the same."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Facts on the same relationship of which each is at odds with another, the newest last.

    `differs` names what they differ in: percent, amount, quantity, duration, exclusive, start, end, figure,
    modality. A fact is as new as its latest source, and of two then the one that was told first is older; facts
    whose sources have no date come first.
    """

    facts: tuple[Fact, ...]
    differs: tuple[str, ...]


def disputes_of(facts: Iterable[Fact]) -> tuple[Dispute, ...]:
    """Return the disputes among facts, in the order in which their first facts come."""
    groups: defaultdict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.key].append(fact)
    return tuple(dispute for group in groups.values() if (dispute := _dispute(group)) is not None)


def disputes_by_tier(disputes: Iterable[Dispute], tiers: Mapping[str, Tier]) -> tuple[Dispute, ...]:
    """Return disputes with their facts in the order of tiers: registers first, what nobody says the tier of last.

    A fact is of the firmest tier among its documents; of one tier the newest fact stands last. `tiers` are those of
    documents, by id.
    """
    return tuple(
        replace(dispute, facts=tuple(sorted(dispute.facts, key=lambda fact: _firmest(fact, tiers))))
        for dispute in disputes
    )


def _firmest(fact: Fact, tiers: Mapping[str, Tier]) -> int:
    return min(tier_rank(tiers.get(document)) for document in fact.documents)


def _dispute(facts: Sequence[Fact]) -> Dispute | None:
    disputed, differs = set(), set()
    for first, second in combinations(range(len(facts)), 2):
        differences = set(_differences(facts[first], facts[second]))
        if differences:
            disputed |= {first, second}
            differs |= differences
    if not disputed:
        return None
    return Dispute(tuple(sorted((facts[at] for at in disputed), key=_newness)), tuple(sorted(differs)))


def _newness(fact: Fact) -> tuple[dt.date, dt.date, str]:
    if fact.known_from is None or fact.known_last is None:
        return dt.date.min, dt.date.min, fact.claims[0].id
    return last_day(fact.known_last), first_day(fact.known_from), fact.claims[0].id


def _differences(first: Fact, second: Fact) -> Iterator[str]:
    """Yield what two facts cannot both be right in."""
    if _contradicts(first, second) or _contradicts(second, first):
        yield "modality"
    if {first.modality, second.modality} <= _FOR and not _as_of_other_dates(first, second):
        yield from _differing_terms(first, second)


def _contradicts(first: Fact, second: Fact) -> bool:
    """Tell whether the first denies what the second says, or reports its end and is no later."""
    if first.modality is Modality.DENIED:
        return second.modality in _FOR and not _apart(first, second)
    has_ended = any(claim.modality is Modality.ENDED for claim in first.claims)
    return has_ended and second.is_fact and not first.is_later_than(second) and not _apart(first, second)


def _as_of_other_dates(first: Fact, second: Fact) -> bool:
    mine, yours = first.qualifiers.as_of, second.qualifiers.as_of
    return mine is not None and yours is not None and not same_date(mine, yours)


def _apart(first: Fact, second: Fact) -> bool:
    """Tell whether two facts speak of different times."""
    mine, yours = first.qualifiers, second.qualifiers
    if _as_of_other_dates(first, second) or not may_be_same_date(mine.start, yours.start):
        return True
    periods = ((mine.end, yours.start), (yours.end, mine.start))
    return any(end and start and last_day(end) < first_day(start) for end, start in periods)


def _differing_terms(first: Fact, second: Fact) -> Iterator[str]:
    """Yield the terms at odds; other figures of another time belong to another deal."""
    mine, yours = first.qualifiers, second.qualifiers
    if {mine.indirect, yours.indirect} == {True, False}:
        # What is held directly stands beside what is held through others.
        return
    modalities = {first.modality, second.modality}
    now_and_later = Modality.ASSERTED in modalities and bool(modalities & _AHEAD)
    terms = list(_differing_sums(first, second))
    if not now_and_later:
        terms += _differing_levels(first, second)
    if mine.exclusive is not None and yours.exclusive is not None and mine.exclusive != yours.exclusive:
        terms.append("exclusive")
    if terms:
        yield from () if _apart(first, second) else terms
    elif not now_and_later and (first.relation not in _RECURRING or _share_figure(first, second)):
        if not may_be_same_date(mine.start, yours.start):
            yield "start"
        elif not may_be_same_date(mine.end, yours.end):
            yield "end"


def _share_figure(first: Fact, second: Fact) -> bool:
    mine, yours = first.qualifiers, second.qualifiers
    pairs = ((mine.amount, yours.amount), (mine.percent, yours.percent), (mine.quantity, yours.quantity))
    return any(a is not None and b is not None for a, b in pairs)


def _differing_sums(first: Fact, second: Fact) -> Iterator[str]:
    mine, yours = first.qualifiers, second.qualifiers
    if (mine.currency or yours.currency) == (yours.currency or mine.currency) and _differing_amounts(mine, yours):
        yield "amount"
    same_goods = (mine.goods or "").casefold() == (yours.goods or "").casefold()
    if same_goods and _differ(mine.quantity, yours.quantity):
        yield "quantity"
    if mine.duration and yours.duration and duration_parts(mine.duration) != duration_parts(yours.duration):
        yield "duration"


def _differing_levels(first: Fact, second: Fact) -> Iterator[str]:
    mine, yours = first.qualifiers, second.qualifiers
    figures = [fact.object.value for fact in (first, second) if isinstance(fact.object, Figure)]
    if figures and not same_number(*figures):
        yield "figure"
    if (mine.percent_of or yours.percent_of) != (yours.percent_of or mine.percent_of):
        return
    if mine.percent is not None and yours.percent is not None:
        outside = not same_number(mine.percent, yours.percent)
    else:
        (low, high), (floor, ceiling) = _range(first), _range(second)
        outside = low > ceiling or floor > high
    if outside:
        yield "percent"


def _differing_amounts(mine: Qualifiers, yours: Qualifiers) -> bool:
    """Whether two sums, or a sum and bounds, cannot both be right."""
    if mine.amount is not None and yours.amount is not None:
        return not same_number(mine.amount, yours.amount)
    (low, high), (floor, ceiling) = _amounts(mine), _amounts(yours)
    return _exceeds(low, ceiling) or _exceeds(floor, high)


def _amounts(qualifiers: Qualifiers) -> tuple[Decimal | None, Decimal | None]:
    exact = qualifiers.amount
    return (qualifiers.amount_min, qualifiers.amount_max) if exact is None else (exact, exact)


def _exceeds(low: Decimal | None, high: Decimal | None) -> bool:
    return low is not None and high is not None and low > high and not same_number(low, high)


def _differ(first: Decimal | None, second: Decimal | None) -> bool:
    return first is not None and second is not None and not same_number(first, second)


def _range(fact: Fact) -> tuple[Decimal, Decimal]:
    qualifiers = fact.qualifiers
    low = qualifiers.percent if qualifiers.percent is not None else qualifiers.percent_min
    high = qualifiers.percent if qualifiers.percent is not None else qualifiers.percent_max
    return Decimal(0) if low is None else low, Decimal(100) if high is None else high
