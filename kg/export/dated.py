"""Claims with the days on which they are facts, as tables and graphs write them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.facts import Period, TriState, periods
from kg.facts.periods import own_period
from kg.model import Claim, Figure, Outcome

__all__ = ["DatedClaim", "dated_claims"]


@dataclass(frozen=True, slots=True)
class DatedClaim:
    """A claim, its period (None where it is a fact on no day, and of a company figure) and whether it is one now."""

    claim: Claim
    period: Period | None
    holds: TriState

    @property
    def is_fact(self) -> bool:
        """Whether it is a fact on the day: also where the bounds of its dates leave that open."""
        return self.holds is not TriState.FALSE

    @property
    def valid_from(self) -> str | None:
        """The first day on which it is a fact: 0001-01-01 where nobody says since when, None where there is none."""
        return None if self.period is None else (self.period.first or dt.date.min).isoformat()

    @property
    def valid_until(self) -> str | None:
        """The last day on which it is a fact; None where that is open, or where it never is one."""
        return None if self.period is None or self.period.last is None else self.period.last.isoformat()


def dated_claims(claims: Iterable[Claim], day: dt.date) -> Iterator[DatedClaim]:
    """Yield claims with what `kg.facts.periods` says of them, on a day.

    `claims` are all of their relationships: the report of an end closes what other claims assert. Withdrawn claims
    are yielded as no facts, and close nothing; so are those that were not admitted.
    """
    listed = list(claims)
    spans = periods(claim for claim in listed if _counts(claim))
    for claim in listed:
        period = spans.get(claim.id) if _counts(claim) else None
        yield DatedClaim(claim, period, _holds(claim, period, day))


def _counts(claim: Claim) -> bool:
    return claim.retracted_at is None and claim.outcome is Outcome.ADMITTED


def _holds(claim: Claim, period: Period | None, day: dt.date) -> TriState:
    if isinstance(claim.object, Figure) and _counts(claim):
        # A figure has no period in the graph: a later one takes its place.
        period = own_period(claim)
    return TriState.FALSE if period is None else period.holds_on(day)
