"""How concentrated a company's customers or suppliers are, and on whom it hangs.

Most sources name a customer or two and are silent about the rest, so the Herfindahl–Hirschman index, the sum of the
squared shares, is a range: at the least the rest is spread over very many, at the most it is one partner's. In points
(one per cent squared is one point) it runs from 0 to 10,000.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.analysis.deals.herfindahl import hhi
from kg.analysis.deals.relations import visible_company
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.dates import first_day, last_day, same_date
from kg.errors import QueryError, did_you_mean
from kg.facts import (
    STANDING_MODALITIES,
    AsOf,
    Fact,
    Interval,
    Relationship,
    TriState,
    claims_of,
    facts_of,
    relationships,
    share_of,
    visible_claims,
)
from kg.facts.interval import TOLERANCE
from kg.model import Claim, Entity, Modality
from kg.query.as_of import or_today

__all__ = ["FACTS", "Concentration", "Customer", "Partner", "concentration", "largest_customers"]

FACTS = (Modality.ASSERTED,)
"""What counts by default; with them count shares of a period that is over, as it holds of that period."""

_OVER = (Modality.PAST, Modality.ENDED)
_FIRMEST = (Modality.ASSERTED, *_OVER, *STANDING_MODALITIES[1:])
_BASES = ("revenue", "cost")
_HIGH, _MODERATE = 1800, 1000  # points: https://www.justice.gov/atr/herfindahl-hirschman-index
_FINEST = 0.001


@dataclass(frozen=True, slots=True)
class Partner:
    """A customer or supplier and its share.

    `share` is what the shares of all partners leave possible, `said` what sources say of this one: None where it is
    named without a share. `told` are the claims on this one, `others` those on the shares that narrow its own.
    """

    entity: Entity
    share: Interval
    stated: Interval | None
    modality: Modality
    own_claims: tuple[Claim, ...]
    limiting_claims: tuple[Claim, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that make its share: those on itself first."""
        return claims_of(self.own_claims, self.limiting_claims)


@dataclass(frozen=True, slots=True)
class Concentration:
    """The shares of a company's customers in its revenue, or of its suppliers in its cost, in one period.

    `period` is the date of the figures as sources give it, None for figures without one. `hhi` is in points of
    0–10,000, `known` the share that the partners with a share account for. Where `over` is set the shares add up to
    more than the whole, and the bounds allow for every way to cut the excess from any of them.
    """

    company: Entity
    basis: str
    period: str | None
    partners: tuple[Partner, ...]
    hhi: Interval
    known: Interval
    over: bool = False

    @property
    def modality(self) -> Modality:
        """That of its weakest share."""
        return max((partner.modality for partner in self.partners if partner.stated), key=_FIRMEST.index)

    @property
    def level(self) -> str:
        """Its class by the scale of the United States' merger guidelines of 2023, or undecided.

        Over 1,800 points is highly concentrated, over 1,000 moderately. The guidelines class markets; here the scale
        only helps to read a number.
        """
        highly, moderately = self.hhi.above(_HIGH), self.hhi.above(_MODERATE)
        if highly is TriState.TRUE:
            return "highly concentrated"
        if moderately is TriState.FALSE:
            return "not concentrated"
        return "moderately concentrated" if (moderately, highly) == (TriState.TRUE, TriState.FALSE) else "undecided"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of all partners."""
        return claims_of(*(partner.own_claims for partner in self.partners))

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield one line."""
        yield {
            "company": self.company,
            "of": self.basis,
            "period": self.period,
            "hhi_low": round(self.hhi.low, 1),
            "hhi_high": round(self.hhi.high, 1),
            "level": self.level,
            "known": self.known,
            "largest": self.partners[0].entity,
            "largest_share": self.partners[0].share,
            "partners": len(self.partners),
            "modality": str(self.modality),
            "claims": self.claims,
        }


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer that makes, or may make, a threshold of a supplier's revenue in a period."""

    supplier: Entity
    customer: Entity
    period: str | None
    share: Interval
    answer: TriState
    modality: Modality
    claims: tuple[Claim, ...]

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield one line."""
        yield {
            "supplier": self.supplier,
            "customer": self.customer,
            "period": self.period,
            "share": self.share,
            "answer": self.answer,
            "modality": str(self.modality),
            "claims": self.claims,
        }


@accepts_old_names
def concentration(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    basis: str = "revenue",
    others_below: float | None = None,
    modalities: Collection[Modality] = FACTS,
    as_of: AsOf | None = None,
) -> Result[Concentration]:
    """Return how concentrated revenue is on customers, or cost on suppliers, by company and period.

    `others_below` says that everybody whose share is not told has less than this, a fraction of 0.001–1: 0.10 for a
    company that names all customers of 10 % or more. Partners that are named as facts without a share, and of no
    other period, are listed with what the others leave. Raises `QueryError` for another `basis` than revenue and cost.
    """
    _check(basis, others_below)
    as_of, claims = or_today(as_of), tuple(claims)
    company_id = visible_company(claims, company, as_of)
    supplies = relationships(claims, as_of, relations=("supplies",))
    allowed = {*modalities, *(_OVER if Modality.ASSERTED in modalities else ())}
    stated = [
        share
        for share in _stated_shares(visible_claims(claims, as_of), supplies, basis)
        if company_id in {None, share.company.id}
    ]
    groups: dict[tuple[str, str | None], list[_StatedShare]] = defaultdict(list)
    for share in stated:
        if share.modality in allowed:
            groups[share.company.id, share.period].append(share)
    facts: dict[str, list[Relationship]] = defaultdict(list)
    for relationship in supplies:
        if relationship.is_fact and company_id in {None, _ends(relationship, basis)[0].id}:
            facts[_ends(relationship, basis)[0].id].append(relationship)
    rows = [_row(group, facts.get(company, ()), basis, others_below) for (company, _), group in groups.items()]
    rows.sort(key=lambda row: (-row.hhi.low, -row.hhi.high, row.company.name, row.company.id, row.period or ""))
    silent = facts.keys() - {row.company.id for row in rows}
    notes = _notes(rows, basis, left_out=sum(share.modality not in allowed for share in stated), silent=len(silent))
    title = f"Concentration of {basis}: the sum of squared shares, in points of 0 to 10,000"
    return Result("concentration", title, tuple(rows), tuple(notes), shape="bars")


def _check(basis: str, others_below: float | None) -> None:
    if basis not in _BASES:
        raise QueryError(f"no concentration of '{basis}': ask for revenue or cost.{did_you_mean(basis, _BASES)}")
    if others_below is not None and not _FINEST <= others_below <= 1:
        raise QueryError(f"others_below {others_below} lies outside {_FINEST}–1: write 10 % as 0.10")


@accepts_old_names
def largest_customers(
    claims: Iterable[Claim], company: str | None = None, *, threshold: float = 0.10, as_of: AsOf | None = None
) -> Result[Customer]:
    """Return the customers that make, or may make, at least `threshold` of a supplier's revenue, by period.

    Companies that report to the SEC name those of 10 % (ASC 280-10-50-42; Regulation S-K, Item 101). There customers
    under common control count as one; here each stands for itself. Raises `QueryError` for a threshold outside 0–1.
    """
    as_of = or_today(as_of)
    if not 0 < threshold <= 1:
        raise QueryError(f"the threshold {threshold} lies outside 0–1: write 10 % as 0.10")
    result = concentration(claims, company, as_of=as_of)
    rows = [
        Customer(row.company, partner.entity, row.period, partner.share, answer, partner.modality, partner.claims)
        for row in result
        for partner in row.partners
        if (answer := partner.share.at_least(threshold)) is not TriState.FALSE
    ]
    rows.sort(key=lambda row: (row.answer is not TriState.TRUE, -row.share.low, -row.share.high))
    title = f"Customers of at least {threshold:.0%} of a supplier's revenue"
    return Result("customers", title, tuple(rows), result.notes, shape="bars")


@dataclass(frozen=True, slots=True)
class _StatedShare:
    """A share that a fact gives, in one period."""

    company: Entity
    partner: Entity
    period: str | None
    share: Interval
    modality: Modality
    claims: tuple[Claim, ...]


def _ends(supply: Relationship | Fact, basis: str) -> tuple[Entity, Entity]:
    """Return whose shares they are, and the partner."""
    return (supply.subject, _other(supply)) if basis == "revenue" else (_other(supply), supply.subject)


def _other(supply: Relationship | Fact) -> Entity:
    assert isinstance(supply.object, Entity)  # noqa: S101 - nothing supplies a figure
    return supply.object


def _period(date: str | None) -> str | None:
    """Return the year for its last month or day: figures of a year are given as of either."""
    return date[:4] if date and date[4:] in {"-12", "-12-31"} else date


def _stated_shares(claims: Iterable[Claim], supplies: Iterable[Relationship], basis: str) -> Iterator[_StatedShare]:
    """Yield the shares that sources give, by period; one without a period counts while the relationship stands."""
    facts = facts_of(claim for claim in claims if claim.relation == "supplies" and isinstance(claim.object, Entity))
    standing = {claim.id for relationship in supplies for fact in relationship.facts for claim in fact.claims}
    denials: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.modality is Modality.DENIED and fact.qualifiers.percent_of in {basis, None}:
            denials[fact.subject.id, _other(fact).id].append(fact)
    for fact in facts:
        share = share_of(fact) if fact.qualifiers.percent_of == basis else None
        if share is None or fact.modality is Modality.DENIED:
            continue
        company, partner = _ends(fact, basis)
        dated = {_period(claim.qualifiers.as_of) for claim in fact.claims}
        periods: list[str | None] = [*sorted(filter(None, dated))]
        for period in periods or [None]:
            if period is None and not standing.issuperset(claim.id for claim in fact.claims):
                continue
            contradicting = [d for d in denials.get((fact.subject.id, _other(fact).id), ()) if _same(d, period)]
            bounds = share.hull(Interval.exactly(0.0)) if contradicting else share
            behind = claims_of(fact.claims, *(d.claims for d in contradicting))
            yield _StatedShare(company, partner, period, bounds, fact.modality, behind)


def _same(fact: Fact, period: str | None) -> bool:
    date = fact.qualifiers.as_of
    return date is None or period is None or same_date(date, period)


def _row(
    stated: Sequence[_StatedShare], facts: Iterable[Relationship], basis: str, others_below: float | None
) -> Concentration:
    first = stated[0]
    by_partner: dict[str, Partner] = {}
    for entry in sorted(stated, key=lambda entry: (_FIRMEST.index(entry.modality), entry.partner.id)):
        previous = by_partner.get(entry.partner.id)
        if previous is None:
            by_partner[entry.partner.id] = Partner(
                entry.partner, entry.share, entry.share, entry.modality, entry.claims
            )
        elif previous.stated and previous.modality is entry.modality:
            share = previous.stated.hull(entry.share)
            claims = claims_of(previous.own_claims, entry.claims)
            by_partner[entry.partner.id] = Partner(entry.partner, share, share, entry.modality, claims)
    shares = [entry.share for entry in by_partner.values()]
    taken = claims_of(*(entry.own_claims for entry in by_partner.values() if entry.share.low > 0))
    excess = max(0.0, math.fsum(share.low for share in shares) - 1)
    over = excess > TOLERANCE
    shares = [Interval(max(0.0, share.low - excess), share.high) for share in shares]
    rest = max(0.0, 1 - math.fsum(share.low for share in shares))
    shares = [Interval(share.low, min(share.high, share.low + rest)) for share in shares]
    partners = [
        replace(entry, share=share, limiting_claims=() if share == entry.stated else taken)
        for entry, share in zip(by_partner.values(), shares, strict=True)
    ]
    left = Interval(0.0, rest if others_below is None else min(rest, others_below))
    narrows = taken if left.high == rest else ()
    for relationship in facts:
        _, partner = _ends(relationship, basis)
        if partner.id not in by_partner and _may_hold(relationship, first.period):
            partners.append(Partner(partner, left, None, relationship.modality, relationship.claims, narrows))
    partners.sort(key=_rank)
    known_share = Interval(1 - rest, min(1.0, math.fsum(share.high for share in shares)))
    return Concentration(
        first.company, basis, first.period, tuple(partners), hhi(shares, others_below), known_share, over
    )


def _rank(partner: Partner) -> tuple[bool, float, float, str, str]:
    return partner.stated is None, -partner.share.low, -partner.share.high, partner.entity.name, partner.entity.id


def _may_hold(relationship: Relationship, period: str | None) -> bool:
    """Whether sources leave open that it held in a period: by start and end, and by the dates of figures."""
    return period is None or any(
        (qualifiers.as_of is None or same_date(qualifiers.as_of, period))
        and not (qualifiers.start and first_day(qualifiers.start) > last_day(period))
        and not (qualifiers.end and last_day(qualifiers.end) < first_day(period))
        for qualifiers in (fact.qualifiers for fact in relationship.facts)
    )


def _notes(rows: Iterable[Concentration], basis: str, *, left_out: int, silent: int) -> Iterator[str]:
    for row in rows:
        if row.over:
            phrases = [
                f"{partner.entity.name} {100 * partner.stated.low:.6g} % ({_documents(partner)})"
                for partner in row.partners
                if partner.stated
            ]
            when = f" in {row.period}" if row.period else ""
            yield f"shares of {basis} of {row.company.name}{when} add up to more than 100 %: {'; '.join(phrases)}"
    if left_out:
        yield f"{left_out} shares are planned, announced or reported, and do not count as facts"
    if silent:
        whose = "customers" if basis == "revenue" else "suppliers"
        yield f"{silent} companies have {whose} of which no source gives a share of {basis}"


def _documents(partner: Partner) -> str:
    return ", ".join(sorted({claim.document for claim in partner.own_claims}))
