"""Answers that the unknown may leave open: Kleene's strong three-valued logic (1952, §64)."""

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["TriState", "any_of", "tri_state"]


class TriState(StrEnum):
    """An answer: it holds, it does not, or what is not known decides it."""

    TRUE = "yes"
    FALSE = "no"
    UNDECIDED = "undecided"


def tri_state(*, surely: bool, perhaps: bool) -> TriState:
    """Return TRUE for what holds for every value of the unknowns, UNDECIDED for some, else FALSE."""
    return TriState.TRUE if surely else TriState.UNDECIDED if perhaps else TriState.FALSE


def any_of(answers: Iterable[TriState]) -> TriState:
    """Return Kleene's disjunction: TRUE where one answer is, else UNDECIDED where one is, else FALSE.

    >>> any_of([TriState.FALSE, TriState.UNDECIDED]), any_of([])
    (<TriState.UNDECIDED: 'undecided'>, <TriState.FALSE: 'no'>)
    """
    found = set(answers)
    return tri_state(surely=TriState.TRUE in found, perhaps=TriState.UNDECIDED in found)
