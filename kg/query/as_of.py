"""The dates for which questions about facts are answered: today's where nobody names others."""

from collections.abc import Iterable

from kg.facts import NO_CUTOFF, AsOf
from kg.model import Claim
from kg.settings import today
from kg.store import Store

__all__ = ["claims_as_of", "or_today"]


def claims_as_of(store: Store, as_of: AsOf) -> Iterable[Claim]:
    """Return the claims to answer from: the history where a clock is turned back, which has the names of its time."""
    if as_of.recorded is None and as_of.known is None:
        return store.claims()
    return store.history(as_of.recorded, as_of.known)


def or_today(as_of: AsOf | None) -> AsOf:
    """Return the dates as of which a question is answered.

    None, and dates that leave open on which day it is decided what holds, stand for today (see `kg.settings.today`).
    `NO_CUTOFF` stays what it is: no date at all.

    >>> or_today(AsOf(known="2025-03")), or_today(NO_CUTOFF) == NO_CUTOFF
    (AsOf(valid=None, known='2025-03', recorded=None), True)
    """
    if as_of is None:
        return NO_CUTOFF.or_on(today())
    return as_of if as_of == NO_CUTOFF else as_of.or_on(today())
