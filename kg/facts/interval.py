"""Numbers of which only bounds are known."""

from dataclasses import dataclass

from kg.errors import InvalidRecord
from kg.facts.tristate import TriState, tri_state

__all__ = ["TOLERANCE", "UNKNOWN", "Interval"]

TOLERANCE = 1e-9
"""How far a computed share may lie from a threshold and still count as equal to it: sums of products are not exact."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number of which the bounds are known: `low` ≤ it ≤ `high`. Equal bounds are an exact number.

    Shares are fractions of 0–1; people read them as percentages.

    >>> Interval(0.2, 0.4).at_least(0.25), Interval.exactly(0.25).at_least(0.25)
    (<TriState.UNDECIDED: 'undecided'>, <TriState.TRUE: 'yes'>)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Check the order of the bounds; one that floating point put a hair past the other is brought back."""
        if not self.low <= self.high + TOLERANCE:
            raise InvalidRecord(f"an interval from {self.low} to {self.high} is empty")
        if self.low > self.high:
            object.__setattr__(self, "low", self.high)

    @classmethod
    def exactly(cls, value: float) -> "Interval":
        """Return the interval that is one number."""
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether the bounds are equal, but for what floating point leaves."""
        return self.high - self.low <= TOLERANCE

    def at_least(self, threshold: float) -> TriState:
        """Tell whether the number is `threshold` or more."""
        return tri_state(surely=self.low >= threshold - TOLERANCE, perhaps=self.high >= threshold - TOLERANCE)

    def above(self, threshold: float) -> TriState:
        """Tell whether the number is more than `threshold`."""
        return tri_state(surely=self.low > threshold + TOLERANCE, perhaps=self.high > threshold + TOLERANCE)

    def hull(self, other: "Interval") -> "Interval":
        """Return the least interval that holds both: one of the two is right, and nobody knows which."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def meet(self, other: "Interval") -> "Interval | None":
        """Return what both allow, where both are right; None where they exclude each other."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high + TOLERANCE else None


UNKNOWN = Interval(0.0, 1.0)
"""A share of which nothing is known."""
