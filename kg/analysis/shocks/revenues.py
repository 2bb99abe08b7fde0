"""How large companies are by revenue, and what shares come to of many companies together, weighted by it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.analysis.renamed import accepts_old_names
from kg.dates import last_day
from kg.facts import AsOf, Fact, Interval, Money, claims_of, facts_of, visible_claims
from kg.model import Claim, Entity, Figure, Modality
from kg.query.as_of import or_today

__all__ = ["Revenue", "overall", "revenues"]


@dataclass(frozen=True, slots=True)
class Revenue:
    """A company's latest revenue, a range where sources are at odds, and the claims that tell it."""

    amount: Money
    claims: tuple[Claim, ...]


@accepts_old_names
def revenues(claims: Iterable[Claim], as_of: AsOf | None = None) -> dict[str, Revenue]:
    """Return the latest revenue that is asserted of each company, by its id.

    A company whose latest figures are in several currencies is left out; so is what has no figure.
    """
    as_of = or_today(as_of)
    dated_facts: dict[str, list[tuple[dt.date, Fact]]] = defaultdict(list)
    for fact in facts_of(claim for claim in visible_claims(claims, as_of) if claim.relation == "revenue"):
        if fact.modality is Modality.ASSERTED:
            date = fact.qualifiers.as_of or fact.qualifiers.start or fact.known_from
            dated_facts[fact.subject.id].append((dt.date.min if date is None else last_day(date), fact))
    sizes = {}
    for company, dated in dated_facts.items():
        latest = max(day for day, _ in dated)
        newest = [fact for day, fact in dated if day == latest]
        figures = [fact.object for fact in newest if isinstance(fact.object, Figure)]
        if len({figure.unit for figure in figures}) == 1:
            values = [figure.value for figure in figures]
            amount = Money(min(values), max(values), figures[0].unit)
            sizes[company] = Revenue(amount, claims_of(*(fact.claims for fact in newest)))
    return sizes


def overall(shares: Mapping[Entity, Interval], sizes: Mapping[str, Money]) -> Interval | str:
    """Return the mean of the companies' shares, weighted by their sizes; where that is not known, why not."""
    lacking = [company for company in shares if company.id not in sizes]
    if lacking:
        return f"it needs the revenue of all {len(shares)} companies, and {len(lacking)} of them are not known"
    units = sorted({sizes[company.id].currency for company in shares})
    if len(units) != 1:
        return f"revenues are in {' and '.join(units)}, which are not added up"
    bounds = [(float(sizes[company.id].low), float(sizes[company.id].high)) for company in shares]
    if not any(high > 0 for _, high in bounds):
        return "nobody has any revenue"
    low = min(_means([share.low for share in shares.values()], bounds))
    return Interval(low, max(_means([share.high for share in shares.values()], bounds)))


def _means(values: Sequence[float], sizes: Sequence[tuple[float, float]]) -> Iterator[float]:
    """Yield means weighted by sizes within bounds, among them the least and the greatest that there are.

    The mean moves one way in each size: those of values below an extreme are at one bound, those above at the other.
    """
    order = sorted(range(len(values)), key=values.__getitem__)
    for cut in range(len(order) + 1):
        for below, above in ((0, 1), (1, 0)):
            chosen = [(values[at], sizes[at][below if place < cut else above]) for place, at in enumerate(order)]
            total = sum(size for _, size in chosen)
            if total > 0:
                yield sum(value * size for value, size in chosen) / total
