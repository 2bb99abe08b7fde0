"""The Herfindahl–Hirschman index of shares that are known in part: the sum of squared shares, as bounds."""

import math
from collections.abc import Iterator, Sequence

from kg.facts import Interval
from kg.facts.interval import TOLERANCE

__all__ = ["hhi"]

_POINTS = 10_000


def hhi(shares: Sequence[Interval], others_below: float | None = None) -> Interval:
    """Return the bounds of the Herfindahl–Hirschman index in points, of shares of which the low ends sum to at most 1.

    What the shares leave belongs to others: at the least to very many, at the most to one, or to as many as it takes
    where each has less than `others_below`. The upper bound hands out what is above the low ends, greedily by the
    slope of each square's chord, as a fractional knapsack; it is exact where no more than one share is a range, else
    somewhat above what can be reached.

    >>> hhi([Interval.exactly(0.62)])
    Interval(low=3844.0, high=5288.0)
    """
    least = math.fsum(share.low**2 for share in shares)
    rest = max(0.0, 1 - math.fsum(share.low for share in shares))
    most, assigned, gained = _others(rest, others_below), 0.0, 0.0
    for share in sorted(shares, key=lambda share: -(share.low + min(share.high, share.low + rest))):
        slope = share.low + min(share.high, share.low + rest)
        take = min(share.high - share.low, rest - assigned)
        # What the others make of their rest is convex between whole numbers of pieces: its peaks lie at the ends.
        for part in (*_whole(rest - assigned - take, rest - assigned, others_below), take):
            most = max(most, gained + slope * part + _others(rest - assigned - part, others_below))
        assigned, gained = assigned + take, gained + slope * take
    return Interval(round(_POINTS * least, 6), round(_POINTS * (least + most), 6))


def _others(rest: float, below: float | None) -> float:
    """Return the greatest sum of squares of pieces of a rest, each at most `below`."""
    if below is None:
        return rest**2
    pieces = math.floor(rest / below + TOLERANCE)
    return pieces * below**2 + max(0.0, rest - pieces * below) ** 2


def _whole(least: float, most: float, below: float | None) -> Iterator[float]:
    """Yield what must be taken from `most`, down to `least` at the lowest, to leave whole pieces."""
    if below is not None:
        for pieces in range(math.ceil(least / below), math.floor(most / below) + 1):
            yield most - pieces * below
