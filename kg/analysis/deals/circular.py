"""Circular deals: companies in a circle, each passing money or value to the next.

A loop is made of legs, and a leg of a relationship. At least one leg is capital and at least one commercial; no
company and no relationship occurs twice in a loop.

=====================  ====================  ================================================================
vendor financing       capital is put in     Nvidia holds a stake in CoreWeave, which buys Nvidia's chips
revenue share          the same              what comes back are shares of revenue, and no payments for goods
customer's stake       capital is received   OpenAI pays CoreWeave and is to receive shares of CoreWeave
mixed                  both                  of three and more companies
=====================  ====================  ================================================================

A loop is what the sources describe. Whether any deal was made because of another they may say, and this does not.
"""

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count, product
from typing import Any

from kg.analysis.deals.loops import CAPITAL, TRADE, near, typed_loops
from kg.analysis.deals.relations import LEGS, Flow, visible_company
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import QueryError
from kg.facts import (
    STANDING_MODALITIES,
    AsOf,
    Interval,
    Money,
    Relationship,
    TriState,
    claims_of,
    relationships,
    span_of,
)
from kg.model import Claim, Entity, Modality
from kg.query.as_of import or_today

__all__ = ["Leg", "Loop", "circular_deals"]


_TOGETHER = (TriState.TRUE, TriState.UNDECIDED, TriState.FALSE)


@dataclass(frozen=True, slots=True)
class Leg:
    """One relationship as a flow from `payer` to `payee`.

    `amounts` are the sums of the relationship, one a currency. They are those of the contract, the purchase or the
    loan as told, for its whole length, whether or not they were paid.
    """

    payer: Entity
    payee: Entity
    relationship: Relationship
    kind: Flow
    amounts: tuple[Money, ...] = field(init=False, compare=False)
    span: tuple[dt.date | None, dt.date | None] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what every loop through this leg asks for."""
        # What was put into a company is not what its shares are worth to who holds them.
        is_price = self.kind is Flow.OWNED_BY and self.relationship.relation == "invests-in"
        object.__setattr__(self, "amounts", () if is_price else self.relationship.money())
        object.__setattr__(self, "span", span_of(self.relationship))

    @property
    def amount_modality(self) -> Modality | None:
        """How the sums are said, which may be less firm than the relationship; None where there is none."""
        modalities = (
            fact.modality
            for fact in self.relationship.facts
            if fact.qualifiers.amount is not None and fact.qualifiers.currency
        )
        return next(modalities, None)

    @property
    def share(self) -> Interval | None:
        """The share of the capital that the relationship is about; None where nobody says, or it is no stake."""
        return self.relationship.share(("capital", None)) if self.kind.is_capital else None

    @property
    def terms(self) -> str:
        """The terms as the firmest facts give them, in words."""
        phrases = (fact.terms() for fact in self.relationship.facts if fact.modality is self.relationship.modality)
        return "; ".join(dict.fromkeys(filter(None, phrases)))

    @property
    def says_start(self) -> bool:
        """Whether a source gives the first day, which else is the date of a figure or of the source itself."""
        return all(claim.qualifiers.start for fact in self.relationship.facts for claim in fact.claims)


@dataclass(frozen=True, slots=True)
class Loop:
    """Legs of which each begins where the one before ends, and the first where the last ends.

    The first leg puts capital in; of a customer's stake it is the payment.
    """

    legs: tuple[Leg, ...]

    @property
    def kind(self) -> str:
        """What kind of circle it is: see the head of this module."""
        capital = {leg.kind for leg in self.legs if leg.kind.is_capital}
        if len(capital) > 1:
            return "mixed"
        if Flow.OWNED_BY in capital:
            return "customer's stake"
        return "vendor financing" if any(leg.kind is Flow.PAYS for leg in self.legs) else "revenue share"

    @property
    def modality(self) -> Modality:
        """That of its weakest leg: a loop with a planned leg is planned."""
        return max((leg.relationship.modality for leg in self.legs), key=STANDING_MODALITIES.index)

    @property
    def overlap(self) -> tuple[dt.date | None, dt.date | None] | None:
        """The first and the last day on which all legs may hold at once; None where there is none.

        A leg holds from its start, else from the date of its figure, else from when it was known; a bound is None
        where nobody says.
        """
        first = max((leg.span[0] for leg in self.legs if leg.span[0]), default=None)
        last = min((leg.span[1] for leg in self.legs if leg.span[1]), default=None)
        return None if first and last and first > last else (first, last)

    @property
    def together(self) -> TriState:
        """Whether all legs hold at once; undecided where a source tells too late, or not at all, when one began."""
        if self.overlap is not None:
            return TriState.TRUE if all(leg.span[0] for leg in self.legs) else TriState.UNDECIDED
        over = min(leg.span[1] for leg in self.legs if leg.span[1])
        late = [leg for leg in self.legs if leg.span[0] and leg.span[0] > over]
        return TriState.FALSE if any(leg.says_start for leg in late) else TriState.UNDECIDED

    @property
    def returned(self) -> Interval | None:
        """The share of the first leg's money that comes back if all sums are paid in full, at most 1.

        It is the least of the other legs' sums over the first leg's. None, for not known, where a leg has no sum,
        or legs have sums of different currencies.
        """
        if any(len(leg.amounts) != 1 for leg in self.legs):
            return None
        first, *rest = (leg.amounts[0] for leg in self.legs)
        if not first.high or any(sum_.currency != first.currency for sum_ in rest):
            return None
        low, high = min(sum_.low for sum_ in rest), min(sum_.high for sum_ in rest)
        return Interval(_part(low, first.high), _part(high, first.low))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of all legs."""
        return claims_of(*(leg.relationship.claims for leg in self.legs))

    def __str__(self) -> str:
        names = [leg.payer.name for leg in self.legs]
        return " → ".join([*names, names[0]])

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield a line a leg; one with sums in several currencies takes a line for each."""
        first, last = self.overlap or (None, None)
        whole = {
            "returned": self.returned,
            "together": self.together,
            "overlap_from": str(first) if first else None,
            "overlap_to": str(last) if last else None,
        }
        for at, leg in enumerate(self.legs, 1):
            modality = leg.amount_modality
            for amount in leg.amounts or (None,):
                yield {
                    "loop": str(self),
                    "loop_kind": self.kind,
                    "leg": at,
                    "kind": str(leg.kind),
                    "payer": leg.payer,
                    "payee": leg.payee,
                    "relation": leg.relationship.relation,
                    "amount": amount,
                    "amount_modality": None if modality in {None, leg.relationship.modality} else str(modality),
                    "share": leg.share,
                    "terms": leg.terms or None,
                    "modality": str(leg.relationship.modality),
                    **whole,
                    "claims": leg.relationship.claims,
                }


@accepts_old_names
def circular_deals(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    max_length: int = 4,
    modalities: Collection[Modality] = STANDING_MODALITIES,
    limit: int = 1000,
    as_of: AsOf | None = None,
) -> Result[Loop]:
    """Return the circular deals of 2 to `max_length` companies, all or those of one company.

    Where several relationships serve one leg, each is a loop of its own. First come those whose weakest leg is the
    firmest; then those whose legs hold at once, by the share that comes back, by the sum of the first leg (sums of one
    currency stand together), by the number of legs, by name. At most `limit` are listed; a note counts the rest.
    Raises `QueryError` where `max_length` or `limit` is too small, `UnknownEntity` where nothing is called `company`.
    """
    as_of = or_today(as_of)
    if max_length < 2 or limit < 1:  # noqa: PLR2004 - a circle takes two
        raise QueryError(f"no loop of {max_length} companies, {limit} of them: give max_length from 2 and limit from 1")
    claims = tuple(claims)
    company_id = visible_company(claims, company, as_of)
    standing = relationships(claims, as_of, relations=LEGS, modalities=modalities)
    legs, numbers = _legs(standing), count()
    loops = (loop for loop, _ in zip(_loops(legs, max_length, company_id), numbers, strict=False))
    rows = tuple(heapq.nsmallest(limit, loops, key=_rank))
    title = f"Circular deals of up to {max_length} companies"
    notes = _notes(rows, left_out=next(numbers) - len(rows), selves=sum(t.subject.id == t.object.id for t in standing))
    return Result("circular", title, rows, tuple(notes), shape="graph")


def _legs(standing: Iterable[Relationship]) -> dict[tuple[str, str], list[Leg]]:
    """Return the legs by payer and payee."""
    legs: dict[tuple[str, str], list[Leg]] = defaultdict(list)
    for relationship in standing:
        for flow, forth in LEGS[relationship.relation] if relationship.subject.id != relationship.object.id else ():
            payer, payee = (
                (relationship.subject, relationship.object) if forth else (relationship.object, relationship.subject)
            )
            legs[payer.id, payee.id].append(Leg(payer, payee, relationship, flow))
    return legs


def _loops(legs: Mapping[tuple[str, str], Sequence[Leg]], max_length: int, through: str | None) -> Iterator[Loop]:
    kinds = {pair: _kinds(each) for pair, each in legs.items()}
    for circle in typed_loops(kinds if through is None else near(kinds, through, max_length), max_length):
        if through is not None and through not in circle:
            continue
        for chosen in product(*(legs[pair] for pair in zip(circle, circle[1:] + circle[:1], strict=True))):
            if len({leg.kind.is_capital for leg in chosen}) > 1:
                yield Loop(_from_first(chosen))


def _kinds(legs: Iterable[Leg]) -> int:
    kinds = 0
    for leg in legs:
        kinds |= CAPITAL if leg.kind.is_capital else TRADE
    return kinds


def _from_first(legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """Turn a circle so that it begins with the capital that is put in, else with the payment."""
    for flow in (Flow.FINANCES, Flow.PAYS, Flow.SHARES_REVENUE):
        starts = [at for at, leg in enumerate(legs) if leg.kind is flow]
        if starts:
            # Of several in a row the one that nothing of its kind precedes.
            at = min(starts, key=lambda at: (legs[at - 1].kind is flow, legs[at].payer.id))
            return (*legs[at:], *legs[:at])
    return tuple(legs)


def _part(some: Decimal, whole: Decimal) -> float:
    return float(some / whole) if some < whole else 1.0


def _rank(loop: Loop) -> tuple[object, ...]:
    returned, amounts = loop.returned, loop.legs[0].amounts
    smallness = (-returned.low, -returned.high) if returned else (1.0, 1.0)
    return (
        STANDING_MODALITIES.index(loop.modality),
        _TOGETHER.index(loop.together),
        *smallness,
        (amounts[0].currency, -amounts[0].low, -amounts[0].high) if amounts else ("~",),
        len(loop.legs),
        tuple((leg.payer.name, leg.payer.id, leg.kind.value, leg.relationship.relation) for leg in loop.legs),
    )


def _notes(rows: Sequence[Loop], *, left_out: int, selves: int) -> Iterator[str]:
    legs = [loop.legs for loop in rows]
    unsure = [[leg.amount_modality not in {None, leg.relationship.modality} for leg in each] for each in legs]
    for marks, what in (
        ([any(not leg.amounts for leg in each) for each in legs], "lack a sum: what share comes back is not known"),
        ([len({m.currency for leg in each for m in leg.amounts}) > 1 for each in legs], "mix currencies, not compared"),
        ([any(each) for each in unsure], "have a sum that is told less firmly than its leg"),
        (
            [any(leg.relationship.contradicting for leg in each) for each in legs],
            "have a leg that a source denies, or calls ended",
        ),
        ([loop.together is TriState.FALSE for loop in rows], "have legs that lie apart in time"),
        ([loop.together is TriState.UNDECIDED for loop in rows], "have legs that nobody says hold at once"),
    ):
        if number := sum(marks):
            yield f"{number} of {len(rows)} loops {what}"
    if left_out:
        yield f"{left_out} further loops are not listed: ask for more with limit, or for those of one company"
    if selves:
        yield f"{selves} ties of a company with itself are no legs"
