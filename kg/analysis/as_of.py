"""The dates for which an analysis answers: today's where nobody names others."""

from kg.facts import NO_CUTOFF, AsOf
from kg.settings import today

__all__ = ["resolve"]


def resolve(as_of: AsOf | None) -> AsOf:
    """Return the dates as of which an analysis answers.

    None, and dates that leave open on which day it is decided what holds, stand for today (see `kg.settings.today`).
    `NO_CUTOFF` stays what it is: no date at all.

    >>> resolve(AsOf(known="2025-03")), resolve(NO_CUTOFF) == NO_CUTOFF
    (AsOf(valid=None, known='2025-03', recorded=None), True)
    """
    if as_of is None:
        return NO_CUTOFF.or_on(today())
    return as_of if as_of == NO_CUTOFF else as_of.or_on(today())
