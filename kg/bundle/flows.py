"""The money of a story, leg by leg: who pays whom, how much, in which currency, planned or told as a fact.

A sum is that of the contract, the purchase or the loan as told, for its whole length, whether or not it was paid. Sums
are not added up: two sources may tell of one payment. Currencies are not compared.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from kg.bundle.categories import Category, category_of
from kg.facts import Fact
from kg.model import Entity, Qualifiers

__all__ = ["MoneyFlow", "money_flows"]

_KINDS: Mapping[str, tuple[str, bool]] = {
    # True: the subject pays.
    "supplies": ("pays", False),
    "invests-in": ("invests", True),
    "lends-to": ("lends", True),
    "revenue-share-from": ("shares", False),
    "participates-in": ("contributes", True),
    "acquires": ("buys", True),
}
_ORDER = list(Category)


@dataclass(frozen=True, slots=True)
class MoneyFlow:
    """A sum that passes, or is to pass, from `payer` to `payee`; what is bought is paid to whoever owned it.

    `kind` is "pays" (for goods), "invests", "lends", "shares" (revenue), "contributes", "buys", "worth" (what a stake
    is worth: nobody says who paid whom) or "unsaid". `part` is the sum over the largest of its currency in the story.
    """

    payer: Entity
    payee: Entity
    kind: str
    fact: Fact
    category: Category
    currency: str
    part: float


def money_flows(facts: Iterable[Fact]) -> tuple[MoneyFlow, ...]:
    """Return the flows of all facts, plans, reports … that give a sum, by leg, then by how firmly they are said."""
    flows = list(_flows(list(facts)))
    flows.sort(key=lambda f: (f.payer.name, f.payer.id, f.payee.name, f.payee.id, _ORDER.index(f.category), -f.part))
    return tuple(flows)


def _flows(facts: list[Fact]) -> Iterator[MoneyFlow]:
    largest: dict[str, Decimal] = {}
    for fact in facts:
        currency, amount = fact.qualifiers.currency or "", _amount(fact.qualifiers)
        largest[currency] = max(largest.get(currency, Decimal(0)), amount or Decimal(0))
    for fact in facts:
        amount, end, currency = _amount(fact.qualifiers), fact.object, fact.qualifiers.currency or ""
        if amount is None or not isinstance(end, Entity):
            continue
        kind, forth = _KINDS.get(fact.relation, ("worth" if fact.relation == "holds-stake" else "unsaid", True))
        payer, payee = (fact.subject, end) if forth else (end, fact.subject)
        part = float(amount / largest[currency]) if largest[currency] else 0.0
        yield MoneyFlow(payer, payee, kind, fact, category_of(fact), currency, part)


def _amount(qualifiers: Qualifiers) -> Decimal | None:
    amounts = (qualifiers.amount, qualifiers.amount_max, qualifiers.amount_min)
    return next((amount for amount in amounts if amount is not None), None)
