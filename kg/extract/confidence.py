"""What a claim's confidence decides: whether it is admitted at the precision that is asked for."""

from dataclasses import replace

from kg.extract.reasons import Reason, gravest_first, outcome_of
from kg.model import Claim

__all__ = ["least", "settled"]

_UNCALIBRATED = 0.95
"""Confidences do not yet tell how many of a hundred are right: what passed the gate counts as so precise."""


def least(precision: float) -> float:
    """Return the least confidence at which claims are as often right as `precision` says."""
    return precision if precision > _UNCALIBRATED else 0.0


def settled(claim: Claim, precision: float) -> Claim:
    """Return a claim with its outcome decided anew: LOW_CONFIDENCE comes or goes by the precision asked for."""
    others = [reason for reason in claim.reasons if reason != Reason.LOW_CONFIDENCE]
    low = [Reason.LOW_CONFIDENCE] if claim.confidence < least(precision) else []
    reasons = gravest_first((*others, *low))
    return replace(claim, reasons=reasons, outcome=outcome_of(reasons))
