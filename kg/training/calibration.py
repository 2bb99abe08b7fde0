"""Confidence fitted to a user's documents: an offset and a slope over the log odds that it has already.

After Platt, "Probabilistic outputs for support vector machines" (1999), by Newton's method, with a slope of one and no
offset expected before anything is seen: of few proposals little is believed.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kg.evaluation.labelled import thresholds

__all__ = ["ENOUGH", "calibrated", "line"]

ENOUGH = 200
"""Proposals from which on thresholds are worked out from them."""

_STEPS = 50
_BELIEF = 4.0
"""How firmly the line is expected to be what it was: the inverse of the variance of its two numbers."""
_FURTHEST = 12.0


def line(odds: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Return the slope and the offset that turn log odds into those of being right."""
    held = np.clip(np.array(odds, np.float64), -_FURTHEST, _FURTHEST)
    rows = np.stack([held, np.ones(len(held))], 1)
    told, start = np.array(right, np.float64), np.array([1.0, 0.0])
    now = start.copy()
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-(rows @ now)))
        slope = rows.T @ (chances - told) + _BELIEF * (now - start)
        curve = (rows * (chances * (1 - chances))[:, None]).T @ rows + _BELIEF * np.eye(2)
        step = np.linalg.solve(curve, slope)
        now = now - step * min(1.0, 1 / float(np.abs(step).max() + 1e-12))
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004 - as near as is needed
            break
    return max(float(now[0]), 0.0), float(now[1])


def calibrated(old: Mapping[str, Any], confidences: Sequence[float], right: Sequence[bool]) -> dict[str, Any]:
    """Return the weights of confidence, fitted to what confidences turned out to be; thresholds where there are enough.

    `old` are the weights that gave these confidences.
    """
    odds = [math.log(max(one, 1e-9) / max(1 - one, 1e-9)) for one in confidences]
    slope, offset = line(odds, right)
    told = dict(old)
    told["measures"] = {name: round(slope * weight, 5) for name, weight in old["measures"].items()}
    told["offset"] = round(slope * old["offset"] + offset, 5)
    if len(odds) >= ENOUGH:
        told["least"] = thresholds([1 / (1 + math.exp(-(slope * one + offset))) for one in odds]) or old["least"]
    return told
