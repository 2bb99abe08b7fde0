"""The graph as of a date, on each of its three clocks.

=========  ===================================================================================================
valid      when it is true: from its start (else the date of which its figure is, else when it became known) to
           its end (else its start and its duration together); nobody says when it ends, then it has not
known      when the world could know it: the publication of its source; of one without a date, when it was recorded
recorded   when this store took it in, and had not withdrawn it yet
=========  ===================================================================================================

A partial date counts from its first day where something begins to be true and to its last where it ends; it is known
on its last day at the latest, and so not before. What lies after a date on a clock takes no part in an answer as of
that date: neither claims, nor, on the clock of recording, that they were withdrawn later. A claim that was withdrawn
is not seen on the other clocks at any date: it should never have been read.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.errors import InvalidRecord
from kg.model import Claim, Modality, is_partial_date, last_day
from kg.query.agreement import months

__all__ = ["NOW", "Clocks", "begins", "ends", "first_day", "seen"]


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where the clocks stand: partial dates, each to the end of its last day.

    None turns nothing back: all that is told counts, but for what had ended by the time when it was recorded. Of claims
    that no store has recorded, such as those of a list, nobody can tell that: give `valid` to leave out what is over.
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


NOW = Clocks()


def first_day(date: str) -> dt.date:
    """Return the first day that a partial date covers: 2025-03 → 2025-03-01."""
    return dt.date.fromisoformat(f"{date}-01-01"[:10])


def begins(claim: Claim) -> dt.date | None:
    """Return the first day on which a claim may be true; None where nobody says."""
    said = claim.qualifiers
    date = said.start or said.as_of or claim.known_from
    return None if date is None else first_day(date)


def ends(claim: Claim) -> dt.date | None:
    """Return the last day on which a claim may be true; None where nobody says.

    Of what is told to have ended that is the day before it was told, where no end is given; of a figure of the past
    the last of its date.
    """
    said = claim.qualifiers
    if said.end is not None:
        return last_day(said.end)
    if claim.modality is Modality.ENDED:
        date = said.as_of or claim.known_from
        return None if date is None else _before(last_day(date))
    if claim.modality is Modality.PAST and said.as_of is not None:
        return last_day(said.as_of)
    if said.start is not None and said.duration is not None:
        return _after(last_day(said.start), said.duration)
    return None


def _before(day: dt.date) -> dt.date:
    return day if day == dt.date.min else day - dt.timedelta(days=1)


def _after(day: dt.date, duration: str) -> dt.date | None:
    """Return the day before the one that lies a duration later; None beyond the calendar's end.

    A year from February 29 is over on February 28: the day that the month lacks would have been the next.
    """
    whole, days = months(duration)
    at = 12 * day.year + day.month - 1 + whole
    year, month = divmod(at, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        lacking = day.day > last
        return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=days - 1 + lacking)
    except (ValueError, OverflowError):
        return None


def seen(claims: Iterable[Claim], clocks: Clocks = NOW) -> Iterator[Claim]:
    """Yield the claims that could be seen at a date, as they stood: not yet withdrawn what was withdrawn later.

    Without clocks these are the claims that are not withdrawn. On the valid clock what has not begun is left out,
    but for what had been told by then: it lies ahead. What is over by then is there, as it is without clocks
    (`Claim.is_live` tells), and so is what tells of an end. Of claims of which nobody knows when they were known or
    recorded, none is seen at a date of that clock.
    """
    recorded, known, valid = (None if d is None else last_day(d) for d in (clocks.recorded, clocks.known, clocks.valid))
    for claim in claims:
        if recorded is None:
            if claim.retracted_at is not None:
                continue
        elif not _was_recorded(claim, recorded):
            continue
        if known is not None and not _was_known(claim, known):
            continue
        if valid is not None and not _has_begun(claim, valid):
            continue
        yield claim.recorded(claim.recorded_at) if claim.retracted_at is not None else claim


def _has_begun(claim: Claim, day: dt.date) -> bool:
    """Whether a claim has begun by a day, or was told by then to begin later."""
    begin = begins(claim)
    if begin is None or begin <= day or claim.modality is Modality.ENDED:
        return True
    return claim.qualifiers.start is not None and _was_known(claim, day)


def _was_recorded(claim: Claim, day: dt.date) -> bool:
    if claim.recorded_at is None or claim.recorded_at[:10] > str(day):
        return False
    return claim.retracted_at is None or claim.retracted_at[:10] > str(day)


def _was_known(claim: Claim, day: dt.date) -> bool:
    if claim.known_from is not None:
        return last_day(claim.known_from) <= day
    return claim.recorded_at is not None and claim.recorded_at[:10] <= str(day)
