"""How sure a claim is, and what that decides: whether it is admitted at the precision that is asked for.

A proposal's signs (`kg.extract.signs`) are weighed by a linear model; its score and what the paragraph model saw
(`kg.extract.measures`) are turned into a probability on marked passages that neither was fitted to (after Platt,
"Probabilistic outputs for support vector machines", 1999, with several scores for one). A precision becomes the least
confidence at which claims, taken together, are so often right on these passages. ``docs/quality.md`` has the curve.
"""

import functools
import json
import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kg.extract.linear import weights
from kg.model import Claim
from kg.ontology import damaged, state, turtle
from kg.reasons import Reason, gravest_first, outcome_of

__all__ = ["MODEL", "RIGHT", "WRONG", "confidence", "least", "log_odds", "settled"]

MODEL = "confidence"
"""The weights, in ``ontology/weights``."""
RIGHT, WRONG = "right", "wrong"


@dataclass(frozen=True, slots=True)
class _Calibration:
    """Weights of the measures in the log odds, and the least confidence for each precision, both rising."""

    measures: Mapping[str, float]
    offset: float
    precisions: tuple[float, ...]
    thresholds: tuple[float, ...]


_FILE = f"weights/{MODEL}.json"


def _calibration() -> _Calibration:
    return _read_calibration(state(_FILE))


@functools.lru_cache(maxsize=4)
def _read_calibration(_: object) -> _Calibration:
    try:
        told = json.loads(turtle(_FILE))
        precisions, thresholds = zip(*told["least"], strict=True)
        return _Calibration(told["measures"], told["offset"], precisions, thresholds)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(_FILE, error) from error


def log_odds(signs: set[str]) -> float:
    """Return what the weights say of signs: the log odds that the proposal is right, not yet calibrated."""
    model = weights(MODEL)
    scores = dict(zip(model.classes, model.scores(signs), strict=True))
    return scores[RIGHT] - scores[WRONG]


def confidence(measures: Mapping[str, float]) -> float:
    """Return the probability that a proposal with these measures is right."""
    calibration = _calibration()
    weighed = (calibration.measures.get(name, 0.0) * value for name, value in measures.items())
    return 1 / (1 + math.exp(-(calibration.offset + math.fsum(weighed))))


def least(precision: float) -> float:
    """Return the least confidence at which the claims admitted are as often right as `precision` says.

    Above the highest precision that the passages bear out, it is the precision itself, which few claims reach.
    """
    calibration = _calibration()
    at = bisect_left(calibration.precisions, precision)
    return (
        calibration.thresholds[at] if at < len(calibration.thresholds) else max(precision, calibration.thresholds[-1])
    )


def settled(claim: Claim, precision: float) -> Claim:
    """Return a claim with its outcome decided anew: LOW_CONFIDENCE comes or goes by the precision asked for."""
    others = [reason for reason in claim.reasons if reason != Reason.LOW_CONFIDENCE]
    low = [Reason.LOW_CONFIDENCE] if claim.confidence < least(precision) else []
    reasons = gravest_first((*others, *low))
    return replace(claim, reasons=reasons, outcome=outcome_of(reasons))
