"""How sure a claim is, and what that decides: whether it is admitted at the precision that is asked for.

A proposal's signs (`kg.extract.signs`) are weighed by a linear model; its score is turned into a probability on marked
passages that nothing was fitted to (Platt, "Probabilistic outputs for support vector machines", 1999). A precision
becomes the least confidence at which claims, taken together, are so often right on these passages.
``docs/quality.md`` has the reliability curve.
"""

import functools
import json
import math
from bisect import bisect_left
from dataclasses import dataclass, replace

from kg.errors import OntologyError
from kg.extract.linear import weights
from kg.extract.reasons import Reason, gravest_first, outcome_of
from kg.model import Claim
from kg.ontology import turtle

__all__ = ["MODEL", "RIGHT", "WRONG", "confidence", "least", "log_odds", "settled"]

MODEL = "confidence"
"""The weights, in ``ontology/weights``."""
RIGHT, WRONG = "right", "wrong"


@dataclass(frozen=True, slots=True)
class _Calibration:
    """Slope and offset of the log odds, and the least confidence for each precision, both rising."""

    slope: float
    offset: float
    precisions: tuple[float, ...]
    thresholds: tuple[float, ...]


@functools.cache
def _calibration() -> _Calibration:
    try:
        told = json.loads(turtle(f"weights/{MODEL}.json"))
        precisions, thresholds = zip(*told["least"], strict=True)
        return _Calibration(told["slope"], told["offset"], precisions, thresholds)
    except (ValueError, KeyError, TypeError) as error:
        raise OntologyError(f"ontology/weights/{MODEL}.json is damaged ({error}); reinstall kg") from error


def log_odds(signs: set[str]) -> float:
    """Return what the weights say of signs: the log odds that the proposal is right, not yet calibrated."""
    model = weights(MODEL)
    scores = dict(zip(model.classes, model.scores(signs), strict=True))
    return scores[RIGHT] - scores[WRONG]


def confidence(signs: set[str]) -> float:
    """Return the probability that a proposal with these signs is right."""
    calibration = _calibration()
    return 1 / (1 + math.exp(-(calibration.slope * log_odds(signs) + calibration.offset)))


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
