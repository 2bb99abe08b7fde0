"""The last layer of the paragraph model, fitted further: the encoder stays as it is.

The loss is that of adaptive thresholds (Zhou et al., AAAI 2021): what is right is to score above the threshold's own
score, what is wrong below it. Steps are Adam's (Kingma and Ba, 2015), and pulled back to where the weights began.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.extract.paragraph.network import Array, crossed
from kg.training.samples import Samples

__all__ = ["Layer", "loss_and_slope", "refit"]

_ROUNDS, _BATCH, _STEPS = 8, 256, 40
"""Times that each pair is seen, pairs in a step, and the fewest steps."""
_STEP, _PULL = 1e-4, 0.5
"""How far a step goes, and how strongly the old weights pull, as a share of the way back in a hundred steps."""
_FADING = (0.9, 0.999)
_EACH = 0.1
"""What a pair without a relation weighs in the mean beside one with."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of the layer: the threshold's first, then each relation's."""

    weight: Array
    bias: Array


def refit(layer: Layer, samples: Samples, *, step: float = _STEP) -> Layer:
    """Return the layer fitted to samples, from its weights on; the same samples give the same weights."""
    start = np.concatenate([layer.weight, layer.bias[:, None]], 1)
    now = start.copy()
    mean, square = np.zeros_like(now), np.zeros_like(now)
    choices = np.random.default_rng(0)
    batches = range(0, len(samples.subject), _BATCH)
    rounds = max(_ROUNDS, -(-_STEPS // len(batches)))
    total, done = rounds * len(batches), 0
    for _ in range(rounds):
        order = choices.permutation(len(samples.subject))
        for at in batches:
            slope = _slope(now, samples, order[at : at + _BATCH])
            done += 1
            mean = _FADING[0] * mean + (1 - _FADING[0]) * slope
            square = _FADING[1] * square + (1 - _FADING[1]) * slope**2
            ahead = mean / (1 - _FADING[0] ** done) / (np.sqrt(square / (1 - _FADING[1] ** done)) + 1e-8)
            now = now - step * (1 - (done - 1) / total) * ahead - _PULL / 100 * (now - start)
    return Layer(now[:, :-1].astype(np.float32), now[:, -1].astype(np.float32))


def _slope(now: Array, samples: Samples, rows: NDArray[np.int64]) -> Array:
    pairs = crossed(samples.subject[rows], samples.object[rows])
    right, judged = samples.right[rows], samples.judged[rows]
    _, slope = loss_and_slope(pairs @ now[:, :-1].T + now[:, -1], right, judged)
    slope /= float((right * judged).sum()) + _EACH * len(rows)
    told: Array = np.concatenate([slope.T @ pairs, slope.sum(0)[:, None]], 1)
    return told


def loss_and_slope(scores: Array, right: Array, judged: Array) -> tuple[float, Array]:
    """Return the loss of scores (the threshold's first), and how it changes with each of them."""
    positive, negative = right * judged, (1 - right) * judged
    threshold = np.eye(1, scores.shape[1], dtype=np.float32)
    above, below = np.maximum(positive, threshold), np.maximum(negative, threshold)
    chances, logs = _softmax(scores, above)
    rest, rest_logs = _softmax(scores, below)
    loss = -(logs * positive).sum() - rest_logs[:, 0].sum()
    slope = chances * positive.sum(1, keepdims=True) - positive + rest
    slope[:, 0] -= 1
    return float(loss), slope


def _softmax(scores: Array, among: Array) -> tuple[Array, Array]:
    """Chances among some of the classes, and their logarithms; 0 for the others."""
    inside = np.where(among > 0, scores, -np.inf)
    top = inside.max(1, keepdims=True)
    logs = inside - top - np.log(np.exp(inside - top).sum(1, keepdims=True))
    return np.exp(logs), np.where(among > 0, logs, 0)
