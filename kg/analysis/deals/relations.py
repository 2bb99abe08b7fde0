"""What the relations of deals mean for money and ownership, and which company a question is about."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from kg.facts import AsOf, visible_claims
from kg.model import Claim
from kg.query.entity_lookup import find_among

__all__ = ["LEGS", "OWNS", "RIVALRY", "Flow", "visible_company"]

RIVALRY = "competes-with"
"""The relation of rivals."""
OWNS: Mapping[str, bool] = {"holds-stake": True, "invests-in": True, "acquires": True, "subsidiary-of": False}
"""The relations that make an owner; whether it is the subject."""


class Flow(StrEnum):
    """What passes from the payer of a leg to its payee."""

    FINANCES = "finances"
    OWNED_BY = "owned by"
    PAYS = "pays"
    SHARES_REVENUE = "shares revenue"

    @property
    def is_capital(self) -> bool:
        """Whether it is capital, and not the price of goods or a share of sales."""
        return self in {Flow.FINANCES, Flow.OWNED_BY}


LEGS: Mapping[str, tuple[tuple[Flow, bool], ...]] = {
    # True: from the subject to the object. A stake passes money in when it is bought, and the company's worth out
    # for as long as it is held, be it bought or received for an order: it may be a leg in either direction.
    "invests-in": ((Flow.FINANCES, True), (Flow.OWNED_BY, False)),
    "holds-stake": ((Flow.FINANCES, True), (Flow.OWNED_BY, False)),
    # A loan gives no part in the borrower; that it is paid back is no circle of deals.
    "lends-to": ((Flow.FINANCES, True),),
    "supplies": ((Flow.PAYS, False),),
    "revenue-share-from": ((Flow.SHARES_REVENUE, False),),
}
"""What passes along a relationship, and whether it passes from the subject to the object."""


def visible_company(claims: Iterable[Claim], name: str | None, as_of: AsOf) -> str | None:
    """Return the id of the company called so by what can be seen as of some dates; None where none is asked for.

    Raises `UnknownEntity` with the nearest names.
    """
    if name is None:
        return None
    return find_among((entity for claim in visible_claims(claims, as_of) for entity in claim.entities), name).id
