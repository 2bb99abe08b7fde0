"""A logistic regression over few features (Hastie, Tibshirani, Friedman 2009, section 4.4).

Each weight has the sign that its feature must have.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize

from kg.evaluation.company_names.pairs import NamePair
from kg.resolve.names.alignment import align
from kg.resolve.names.features import FEATURES, measure
from kg.resolve.names.form import normalise

__all__ = ["features_of", "fitted"]

_RIDGE = 1.0
"""What holds weights near 0 where the pairs tell little of a feature."""
_FOR = {"share", "shared", "joined"}
_EITHER = {"typing_pairs", "spelling", "shortened"}
"""Features that can only speak for one company; those that may speak for and against; all others speak against it.

Made pairs have their own habits, and a weight of the wrong sign would be one of them.
"""


def features_of(pairs: Sequence[NamePair]) -> np.ndarray:
    """Return the features of each pair, a row each.

    >>> features_of([NamePair("Zeltan SA", "Zeltan", same=True, kind="")]).shape == (1, len(FEATURES))
    True

    """
    rows = np.empty((len(pairs), len(FEATURES)))
    for at, pair in enumerate(pairs):
        one, other = normalise(pair.first), normalise(pair.second)
        if (other.joined, other.name) < (one.joined, one.name):
            one, other = other, one
        rows[at] = measure(one, other, align(one, other))
    return rows


def fitted(rows: np.ndarray, same: np.ndarray) -> dict[str, object]:
    """Return bias and weights that make the marked pairs likeliest, none of a sign that it cannot have."""
    matrix = np.hstack([np.ones((len(rows), 1)), rows])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = matrix @ weights
        chances = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        slope = matrix.T @ (chances - same) + _RIDGE * np.r_[0, weights[1:]]
        return float(np.sum(np.logaddexp(0, odds) - same * odds) + _RIDGE / 2 * weights[1:] @ weights[1:]), slope

    bounds = [(None, None)] + [
        (None, None) if name in _EITHER else (0, None) if name in _FOR else (None, 0) for name in FEATURES
    ]
    best = minimize(
        loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}
    )
    bias, *weights = best.x.tolist()
    return {
        "bias": round(bias, 4),
        "weights": {name: round(one, 4) for name, one in zip(FEATURES, weights, strict=True)},
    }
