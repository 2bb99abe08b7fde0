"""A linear model that is plain data: for each class the weights of named features.

Weights are made by ``python -m kg.evaluation.weights`` out of annotated sentences and kept as JSON in
``ontology/weights``: they can be read, compared and merged like any text. Probabilities are those
of multinomial logistic regression.
"""

import functools
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kg.ontology import damaged, state, turtle

__all__ = ["Linear", "weights"]


@dataclass(frozen=True, slots=True)
class Linear:
    """Classes, their biases, and for each feature one weight a class."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    features: Mapping[str, Sequence[float]]

    def scores(self, found: Iterable[str]) -> list[float]:
        """Return the log-probability of each class, in the order of `classes`.

        Features are weighted alike and scaled to unit length, as they were when the weights were fitted.
        """
        present = set(found)
        known = [self.features[name] for name in present if name in self.features]
        scale = 1 / math.sqrt(len(present)) if present else 0.0
        # An exact sum: sets are gone through in another order in each process, and rounding would tell.
        raw = [b + scale * math.fsum(w[i] for w in known) for i, b in enumerate(self.bias)]
        top = max(raw)
        log_sum = top + math.log(sum(math.exp(value - top) for value in raw))
        return [value - log_sum for value in raw]

    def probabilities(self, found: Iterable[str]) -> list[float]:
        """Return the probability of each class, in the order of `classes`."""
        return [math.exp(score) for score in self.scores(found)]


def weights(name: str) -> Linear:
    """Load ``ontology/weights/<name>.json``, or the user's own; raise `OntologyError` where it is no such file."""
    file = f"weights/{name}.json"
    return _weights(file, state(file))


@functools.lru_cache(maxsize=16)
def _weights(file: str, _: object) -> Linear:
    try:
        told = json.loads(turtle(file))
        features = {key: tuple(value) for key, value in told["features"].items()}
        return Linear(tuple(told["classes"]), tuple(told["bias"]), features)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(file, error) from error
