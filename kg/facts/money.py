"""Sums of money, each in its own currency."""

from dataclasses import dataclass
from decimal import Decimal

from kg.errors import InvalidRecord

__all__ = ["Money"]


@dataclass(frozen=True, slots=True)
class Money:
    """A sum, in single units of an ISO 4217 `currency`; where sources differ it lies between `low` and `high`."""

    low: Decimal
    high: Decimal
    currency: str

    def plus(self, other: "Money") -> "Money":
        """Return the sum of two amounts of one currency; raise `InvalidRecord` for two currencies."""
        if self.currency != other.currency:
            raise InvalidRecord(f"{self.currency} and {other.currency} are not added up: convert one of them first")
        return Money(self.low + other.low, self.high + other.high, self.currency)
