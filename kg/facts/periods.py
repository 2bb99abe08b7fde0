"""When a fact holds: the one rule that edges, questions, analyses, lists of edges, exports and the viewer use.

A claim states a fact from its start (else the date of its figure, else the date of its source) to its end (else its
start and its duration together; where nobody gives an end, for ever). Only what is *asserted* is a fact; a past or
ended claim that gives both dates says that it was one between them. A partial date counts from its first day where
something begins and to its last where it ends. A later source that reports an end closes what earlier ones assert of
the same relationship.

Days that these bounds leave open (a start of which only the year is known, an end that was reported without a date)
count, and are *undecided*. ``docs/facts.md`` has the rules as a truth table, and ``tests/facts`` a test for each row.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from kg.dates import add_duration, first_day, last_day, may_be_same_date, previous_day
from kg.facts.tristate import TriState, any_of, tri_state
from kg.model import Claim, Entity, Figure, Modality, Qualifiers
from kg.ontology import ontology

__all__ = [
    "Key",
    "Period",
    "begin_of",
    "covers",
    "end_of",
    "holds_on",
    "last_days",
    "modality_on",
    "own_period",
    "periods",
    "periods_of_one",
    "relationship_key",
    "reports_end",
    "told_later",
]

Key = tuple[object, ...]
"""What claims speak of: a relation and its ends."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, on which a claim states a fact; None is an open end.

    From `surely_first` to `surely_last` it holds whatever the exact dates are; on the other days it is undecided.
    `was_closed` says that another source reports an end that had come when that report was recorded.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    surely_first: dt.date | None = None
    surely_last: dt.date | None = None
    was_closed: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it holds on no day."""
        return self.first is not None and self.last is not None and self.last < self.first

    def holds_on(self, day: dt.date) -> TriState:
        """Tell whether the day lies in the period.

        >>> year = Period(dt.date(2024, 1, 1), None, dt.date(2024, 12, 31), None)
        >>> [year.holds_on(dt.date(y, 6, 1)).value for y in (2023, 2024, 2025)]
        ['no', 'undecided', 'yes']
        """
        return tri_state(
            surely=_within(day, self.surely_first, self.surely_last) and _within(day, self.first, self.last),
            perhaps=_within(day, self.first, self.last),
        )

    def until(self, last: dt.date, surely_last: dt.date | None, *, has_come: bool) -> "Period":
        """Return the period, closed on `last` at the latest."""
        sure = last if surely_last is None else min(last, surely_last)
        return replace(
            self,
            last=_earlier(self.last, last),
            surely_last=_earlier(self.surely_last, sure),
            was_closed=self.was_closed or has_come,
        )


def _within(day: dt.date, first: dt.date | None, last: dt.date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return min((date for date in (one, other) if date is not None), default=None)


# ---------------------------------------------------------------------------------- of one claim
class _Dates(NamedTuple):
    """All of a claim that its period follows from: many claims of a register have the same."""

    modality: Modality
    start: str | None
    end: str | None
    as_of: str | None
    duration: str | None
    known: str | None
    recorded: str | None

    @property
    def begin(self) -> str | None:
        return self.start or self.as_of or self.known


def _dates(claim: Claim) -> _Dates:
    terms, recorded = claim.qualifiers, claim.recorded_at
    day = None if recorded is None else recorded[:10]
    return _Dates(claim.modality, terms.start, terms.end, terms.as_of, terms.duration, claim.known_from, day)


def begin_of(claim: Claim) -> dt.date | None:
    """Return the first day on which a claim may be true; None where nobody says."""
    date = claim.qualifiers.start or claim.qualifiers.as_of or claim.known_from
    return None if date is None else first_day(date)


def end_of(claim: Claim) -> dt.date | None:
    """Return the last day on which a claim may be true; None where nobody says.

    Of what is reported to have ended that is the day before the report, where no end is given; of a figure of the
    past the last day of its date.
    """
    return _ends(_dates(claim))[0]


def last_days(claim: Claim) -> tuple[dt.date | None, dt.date | None]:
    """Return the last day on which a claim may be true, and the last on which it surely is; None where open."""
    return _ends(_dates(claim))


def _ends(dates: _Dates) -> tuple[dt.date | None, dt.date | None]:
    """Return the last day of a claim, and the last on which it is surely true."""
    if dates.end is not None:
        return last_day(dates.end), first_day(dates.end)
    if dates.modality is Modality.ENDED:
        date = dates.as_of or dates.known
        # Nobody says how long before the report it was.
        return (None, None) if date is None else (previous_day(last_day(date)), dt.date.min)
    if dates.modality is Modality.PAST and dates.as_of is not None:
        return last_day(dates.as_of), first_day(dates.as_of)
    if dates.start is not None and dates.duration is not None:
        return (
            add_duration(last_day(dates.start), dates.duration),
            add_duration(first_day(dates.start), dates.duration),
        )
    return None, None


def own_period(claim: Claim) -> Period | None:
    """Return when a claim by itself states a fact; None where it never does.

    What other claims report of an end is left to `periods`.
    """
    terms, recorded = claim.qualifiers, claim.recorded_at
    day = None if recorded is None else recorded[:10]
    return _period(claim.modality, terms.start, terms.end, terms.as_of, terms.duration, claim.known_from, day)


@functools.lru_cache(maxsize=1 << 14)
def _period(modality: Modality, *rest: str | None) -> Period | None:
    dates = _Dates(modality, *rest)
    last, surely_last = _ends(dates)
    if dates.modality is Modality.ASSERTED:
        first = None if dates.begin is None else first_day(dates.begin)
        period = Period(first, last, _surely_begun(dates), _surely_lasts(dates, last, surely_last))
    elif dates.modality in {Modality.PAST, Modality.ENDED}:
        dated = dates.modality is Modality.PAST or dates.end is not None
        since = dates.start or (dates.as_of if dates.modality is Modality.PAST else None)
        if since is None or last is None or not dated:
            return None
        period = Period(first_day(since), last, last_day(since), surely_last)
    else:
        return None
    return None if period.is_empty else period


def _surely_begun(dates: _Dates) -> dt.date | None:
    """Return the day from which an asserted claim surely holds: its source cannot tell of it before it began."""
    date, told = dates.begin, dates.known
    if date is None:
        return None if dates.recorded is None else dt.date.fromisoformat(dates.recorded)
    if told is not None and first_day(date) <= first_day(told):
        return min(last_day(date), last_day(told))
    return last_day(date)


def _surely_lasts(dates: _Dates, last: dt.date | None, surely_last: dt.date | None) -> dt.date | None:
    """Return the last day on which an asserted claim surely holds: it was not over yet when its source told it."""
    told = None if dates.known is None else last_day(dates.known)
    if last is None or surely_last is None or told is None or told > last:
        return surely_last
    return max(surely_last, told)


# ---------------------------------------------------------------------------------- of a relationship
def relationship_key(claim: Claim) -> Key:
    """Return what a claim speaks of: its relation and ends; of a figure its unit.

    Ends of a symmetric relation have no order.
    """
    if isinstance(claim.object, Figure):
        return claim.relation, claim.subject.id, claim.object.unit
    one, other = claim.subject.id, claim.object.id
    if ontology().relation(claim.relation).symmetric and other < one:
        one, other = other, one
    return claim.relation, one, other


def periods(claims: Iterable[Claim]) -> Mapping[str, Period]:
    """Return when each claim states a fact, by its id; claims that never do are left out.

    `claims` are all that are known of the relationships: a report of an end closes what sources asserted before.
    Figures of companies have no period: a later figure takes the place of an earlier one.
    """
    groups: defaultdict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim.object, Entity):
            groups[relationship_key(claim)].append(claim)
    found: dict[str, Period] = {}
    for group in groups.values():
        found.update(periods_of_one(group))
    return found


def periods_of_one(claims: Sequence[Claim]) -> Mapping[str, Period]:
    """Return the same where all claims are of one relationship, between entities."""
    if len(claims) == 1:
        # Nothing is told later than itself.
        period = own_period(claims[0])
        return {} if period is None else {claims[0].id: period}
    endings = [claim for claim in claims if reports_end(claim)]
    found = {}
    for claim in claims:
        period = own_period(claim)
        if period is not None and claim.modality is Modality.ASSERTED:
            for ending in endings:
                if covers(ending.qualifiers, claim.qualifiers) and told_later(ending, claim):
                    period = _closed(period, claim, ending)
        if period is not None and not period.is_empty:
            found[claim.id] = period
    return found


def _closed(period: Period, claim: Claim, ending: Claim) -> Period:
    last, surely_last = _ends(_dates(ending))
    if last is None:
        return period
    return period.until(last, _surely_lasts(_dates(claim), last, surely_last), has_come=_had_come(ending))


def _had_come(claim: Claim) -> bool:
    """Whether the end of a claim had passed when it was recorded; in no store, what is told to have ended has."""
    end = end_of(claim)
    if end is None or claim.recorded_at is None:
        return claim.modality is Modality.ENDED
    return str(end) < claim.recorded_at[:10]


def reports_end(claim: Claim) -> bool:
    """Whether a claim reports an end of the relationship; who ceases to be the only one goes on."""
    if claim.modality is Modality.ENDED:
        return not claim.qualifiers.exclusive
    return claim.modality is Modality.ASSERTED and end_of(claim) is not None


def covers(ending: Qualifiers, terms: Qualifiers) -> bool:
    """Tell whether an end or a denial on terms `ending` is one of what is said on `terms`.

    What ceases to be exclusive need not cease; what began at another time, or after the end, is another deal.
    """
    if ending.exclusive is not None and ending.exclusive != terms.exclusive:
        return False
    if not may_be_same_date(ending.start, terms.start):
        return False
    return not (ending.end and terms.start and last_day(ending.end) < first_day(terms.start))


def told_later(later: Claim, earlier: Claim) -> bool:
    """Tell whether the source of one claim is known to have appeared after that of another."""
    if later.known_from is None or earlier.known_from is None:
        return False
    return last_day(earlier.known_from) < first_day(later.known_from)


def modality_on(claim: Claim, period: Period | None, day: dt.date | None) -> Modality:
    """Return how a claim stands on a day; `period` is its own of `periods`.

    What it asserts may lie ahead (announced) or be over (ended), and what it tells of the past may hold. Without a
    day, what had ended when it was recorded, and what a later source reports to have ended, is over.
    """
    if isinstance(claim.object, Figure):
        period = own_period(claim)
    if claim.modality is not Modality.ASSERTED:
        held = day is not None and period is not None and period.holds_on(day) is not TriState.FALSE
        return Modality.ASSERTED if held else claim.modality
    start = claim.qualifiers.start
    if day is not None and start is not None and first_day(start) > day:
        return Modality.ANNOUNCED
    if period is None:
        return Modality.ENDED
    if day is not None and period.first is not None and period.first > day:
        return Modality.ANNOUNCED
    if day is None:
        return Modality.ENDED if period.was_closed or _had_come(claim) else Modality.ASSERTED
    return Modality.ENDED if period.last is not None and period.last < day else Modality.ASSERTED


def holds_on(claims: Iterable[Claim], day: dt.date) -> TriState:
    """Tell whether a relationship is a fact on a day, by all claims that are known of it.

    TRUE where some claim surely holds, UNDECIDED where only the bounds of its dates allow it, else FALSE. Plans,
    reports and denials never make a fact; a denial does not unmake one, since contradictions stand side by side.
    """
    return any_of(period.holds_on(day) for period in periods(claims).values())
