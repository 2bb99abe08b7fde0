"""The graph as of a date, on each of its three clocks, and which claims can be seen then.

=========  ===================================================================================================
valid      when it is true: from its start (else the date of its figure, else the date of its source) to its end
           (else start and duration together); where nobody gives an end, it is still true
known      when the world could know it: the publication of its source; without one, when it was recorded
recorded   when this store took it in, and had not withdrawn it yet
=========  ===================================================================================================

A partial date counts from its first day where something begins to be true and to its last where it ends; something
is known on the last day of its date at the latest, and so not before. What lies after a date on a clock takes no part
in an answer as of that date: neither claims nor, on the clock of recording, later withdrawals. A withdrawn claim is
not visible on the other clocks at any date: it should never have been read.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.dates import is_partial_date, last_day
from kg.errors import InvalidRecord
from kg.facts.periods import begin_of
from kg.model import Claim, Modality

__all__ = ["NO_CUTOFF", "AsOf", "has_begun", "known_on", "visible_claims"]


@dataclass(frozen=True, slots=True)
class AsOf:
    """The dates at which the three clocks stand: partial dates, each to the end of its last day; None is no cut-off.

    >>> AsOf(known="2025-03").day
    datetime.date(2025, 3, 31)
    """

    valid: str | None = None
    known: str | None = None
    recorded: str | None = None

    def __post_init__(self) -> None:
        """Check the dates."""
        for name in ("valid", "known", "recorded"):
            date = getattr(self, name)
            if date is not None and not is_partial_date(date):
                raise InvalidRecord(f"the clock '{name}' cannot stand at '{date}': write YYYY, YYYY-MM or YYYY-MM-DD")

    @property
    def day(self) -> dt.date | None:
        """The day on which it is decided what holds, what lies ahead and what is over; None: no cut-off."""
        date = self.valid or self.known
        return None if date is None else last_day(date)

    def or_on(self, day: dt.date) -> "AsOf":
        """Return these dates; where neither valid nor known is given, with `day` on the valid clock."""
        return self if self.day is not None else replace(self, valid=day.isoformat())


NO_CUTOFF = AsOf()
"""No cut-off date. Every claim counts unless its end date had passed when it was recorded."""


def visible_claims(claims: Iterable[Claim], as_of: AsOf = NO_CUTOFF) -> Iterator[Claim]:
    """Yield the claims that could be seen at a date, as they stood then: later withdrawals are undone.

    On the valid clock, what has not begun is left out, unless it had been told by then: it lies ahead. What is over
    by then is visible, and so is what reports an end. Claims of which nobody knows when they were known or recorded
    are not visible at a date of that clock.
    """
    recorded, known, valid = (None if d is None else last_day(d) for d in (as_of.recorded, as_of.known, as_of.valid))
    for claim in claims:
        if recorded is None:
            if claim.retracted_at is not None:
                continue
        elif not _recorded_on(claim, recorded):
            continue
        if known is not None and not known_on(claim, known):
            continue
        if valid is not None and not has_begun(claim, valid):
            continue
        yield claim.recorded(claim.recorded_at) if claim.retracted_at is not None else claim


def has_begun(claim: Claim, day: dt.date) -> bool:
    """Whether a claim has begun by a day, or was told by then to begin later."""
    begin = begin_of(claim)
    if begin is None or begin <= day or claim.modality is Modality.ENDED:
        return True
    return claim.qualifiers.start is not None and known_on(claim, day)


def _recorded_on(claim: Claim, day: dt.date) -> bool:
    if claim.recorded_at is None or claim.recorded_at[:10] > str(day):
        return False
    return claim.retracted_at is None or claim.retracted_at[:10] > str(day)


def known_on(claim: Claim, day: dt.date) -> bool:
    """Tell whether the world could know a claim by the end of a day."""
    if claim.known_from is not None:
        return last_day(claim.known_from) <= day
    return claim.recorded_at is not None and claim.recorded_at[:10] <= str(day)
