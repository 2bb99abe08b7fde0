"""The precision that a build is asked for: part of what a reader is called, and what sorts claims without reading."""

from dataclasses import replace

from kg.model import Outcome
from kg.store import DocumentClaims

__all__ = ["reader_at", "settled_reading", "without_precision"]


def reader_at(reader: str, precision: float) -> str:
    """Return a reader's fingerprint with the precision by which its claims are sorted.

    >>> reader_at("rules/2+0f3a", 0.9), without_precision("rules/2+0f3a@0.9")
    ('rules/2+0f3a@0.9', 'rules/2+0f3a')
    """
    return f"{reader}@{precision:g}"


def without_precision(reader: str) -> str:
    """Return what a fingerprint says of the reading alone."""
    return reader.rpartition("@")[0]


def settled_reading(reading: DocumentClaims, precision: float) -> DocumentClaims:
    """Return a reading whose claims and candidates are sorted by a precision (`kg.extract.confidence.settled`)."""
    from kg.extract.confidence import settled

    claims = [settled(claim, precision) for claim in (*reading.claims, *reading.candidates)]
    return replace(
        reading,
        claims=tuple(claim for claim in claims if claim.outcome is Outcome.ADMITTED),
        candidates=tuple(claim for claim in claims if claim.outcome is not Outcome.ADMITTED),
    )
