"""Where the letters of a picture stand: beside each other, and as far as there is room beside the lines."""

import math
from collections.abc import Iterable, Sequence
from typing import TypeAlias

__all__ = ["Box", "Curve", "Point", "Room", "point_on"]

Point: TypeAlias = tuple[float, float]
Curve: TypeAlias = tuple[Point, Point, Point]
"""A quadratic curve: its beginning, its control point, its end."""
Box: TypeAlias = tuple[float, float, float, float]
"""A box by its middle and half its sides."""

_STEPS = 40
"""Points of a curve that are looked at."""
_COVERED = 100
"""How much worse it is to cover other letters than to be crossed by a line."""


def point_on(curve: Curve, along: float) -> Point:
    """Return the point of a curve, 0 being its beginning and 1 its end."""
    weights = (1 - along) ** 2, 2 * along * (1 - along), along**2
    return (
        sum(weight * x for weight, (x, _) in zip(weights, curve, strict=True)),
        sum(weight * y for weight, (_, y) in zip(weights, curve, strict=True)),
    )


class Room:
    """Which parts of a picture have letters, and which are crossed by lines."""

    def __init__(self, curves: Iterable[Curve], boxes: Iterable[Box]) -> None:
        self._lines = [tuple(point_on(curve, step / _STEPS) for step in range(_STEPS + 1)) for curve in curves]
        self._boxes = list(boxes)

    def take(self, ways: Sequence[Point], half: Point) -> Point:
        """Take, of some places for a box of these half sides, the clearest one; of equals the first."""
        place = min(ways, key=lambda at: self._worse((*at, *half)))
        self._boxes.append((*place, *half))
        return place

    def _worse(self, box: Box) -> float:
        covered = sum(_overlap(box, other) for other in self._boxes)
        return _COVERED * covered + sum(any(_is_in(point, box) for point in line) for line in self._lines)


def _overlap(one: Box, other: Box) -> float:
    """Return how much of the smaller of two boxes the other covers, from 0 to 1."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0] - one[2], other[0] - other[2])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1] - one[3], other[1] - other[3])
    if across <= 0 or down <= 0:
        return 0.0
    return math.ceil(10 * across * down / min(4 * one[2] * one[3], 4 * other[2] * other[3])) / 10


def _is_in(point: Point, box: Box) -> bool:
    return abs(point[0] - box[0]) < box[2] and abs(point[1] - box[1]) < box[3]
