"""Claims with the days on which they are facts, as tables and graphs write them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.facts import Period, TriState, periods
from kg.facts.periods import Key, own_period, relationship_key, reports_end
from kg.model import Claim, Entity, Figure, Outcome

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
    are yielded as no facts, and close nothing; so are those that were not admitted. What can be gone through twice, as
    a list or the claims of a store, is: of it the reports of ends alone are held in memory. An iterator is held whole.
    """
    again = list(claims) if isinstance(claims, Iterator) else claims
    endings: defaultdict[Key, list[Claim]] = defaultdict(list)
    for claim in again:
        if _counts(claim) and isinstance(claim.object, Entity) and reports_end(claim):
            endings[relationship_key(claim)].append(claim)
    for claim in again:
        period = _period(claim, endings) if _counts(claim) and isinstance(claim.object, Entity) else None
        yield DatedClaim(claim, period, _holds(claim, period, day))


def _period(claim: Claim, endings: Mapping[Key, Sequence[Claim]]) -> Period | None:
    """Return when a claim states a fact, by itself and by the ends that others report of its relationship."""
    others = endings.get(relationship_key(claim), ())
    return periods([claim, *(other for other in others if other.id != claim.id)]).get(claim.id)


def _counts(claim: Claim) -> bool:
    return claim.retracted_at is None and claim.outcome is Outcome.ADMITTED


def _holds(claim: Claim, period: Period | None, day: dt.date) -> TriState:
    if isinstance(claim.object, Figure) and _counts(claim):
        # A figure has no period in the graph: a later one takes its place.
        period = own_period(claim)
    return TriState.FALSE if period is None else period.holds_on(day)
