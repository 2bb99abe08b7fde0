"""What the relations of deals mean for money and ownership."""

from collections.abc import Mapping
from enum import StrEnum

__all__ = ["LEGS", "OWNS", "RIVALRY", "Flow"]

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
"""What passes along a tie, and whether it passes from the subject to the object."""
