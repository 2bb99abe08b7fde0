"""A logistic regression over few features, by Newton's method (Hastie, Tibshirani, Friedman 2009, section 4.4.1)."""

from collections.abc import Sequence

import numpy as np

from kg.evaluation.company_names.pairs import NamePair
from kg.resolve.names.alignment import align
from kg.resolve.names.features import FEATURES, measure
from kg.resolve.names.form import normalise

__all__ = ["features_of", "fitted"]

_STEPS = 60
_RIDGE = 1.0
"""What holds weights near 0 where the pairs tell little of a feature."""


def features_of(pairs: Sequence[NamePair]) -> np.ndarray:
    """Return the features of each pair, a row each."""
    rows = np.empty((len(pairs), len(FEATURES)))
    for at, pair in enumerate(pairs):
        one, other = normalise(pair.first), normalise(pair.second)
        if (other.joined, other.name) < (one.joined, one.name):
            one, other = other, one
        rows[at] = measure(one, other, align(one, other))
    return rows


def fitted(rows: np.ndarray, same: np.ndarray) -> dict[str, object]:
    """Return bias and weights that make the marked pairs likeliest."""
    matrix = np.hstack([np.ones((len(rows), 1)), rows])
    weights = np.zeros(matrix.shape[1])
    ridge = np.diag([0.0, *[_RIDGE] * rows.shape[1]])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (chances - same) + ridge @ weights
        curve = (matrix * (chances * (1 - chances))[:, None]).T @ matrix + ridge
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004 - as near as is needed
            break
    return {
        "bias": round(float(weights[0]), 4),
        "weights": {n: round(float(w), 4) for n, w in zip(FEATURES, weights[1:], strict=True)},
    }
