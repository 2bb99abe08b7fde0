"""Claims gathered into ties: what stands between two companies at a date, on what terms, and who says otherwise.

A tie is all that sources say of one relation between two entities. It stands as its strongest saying does: as a fact
where one is asserted and not over, else as announced, planned, conditional, reported. Sayings that a later source
ends are over. Where sources are at odds nothing is chosen: a share lies between the least and the greatest that is
said, and from zero where somebody denies the tie.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from kg.analysis.clocks import NOW, Clocks, begins, ends, first_day, seen
from kg.analysis.records import UNKNOWN, Interval, Money, claims_of
from kg.model import Claim, Entity, Modality, last_day
from kg.query.agreement import Line, ends_of, lines_of, same_date

__all__ = ["STANDING", "Tie", "lines_at", "share_of", "span_of", "ties"]

STANDING = (Modality.ASSERTED, Modality.ANNOUNCED, Modality.PLANNED, Modality.CONDITIONAL, Modality.HEDGED)
"""The modalities in which a tie stands, the firmest first; past, ended and denied it does not."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What is said of one relation between two entities, as of a date.

    `modality` is that of its firmest saying. `lines` are the sayings that stand, the firmest first, `against` those
    that deny it or tell of an end no later than it was asserted. On a day of the valid clock what is asserted to begin
    later stands as announced. Who ceases to be the only one goes on, as not exclusive. Of a symmetric relation the
    ends have no order.
    """

    subject: Entity
    relation: str
    object: Entity
    modality: Modality
    lines: tuple[Line, ...]
    against: tuple[Line, ...] = ()

    @property
    def is_fact(self) -> bool:
        """Whether it is asserted and not over."""
        return self.modality is Modality.ASSERTED

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that say it, the firmest first, then those against it."""
        return claims_of(*(line.claims for line in (*self.lines, *self.against)))

    def share(self, of: Iterable[str | None]) -> Interval | None:
        """Return its percentage as a fraction of 0–1, of what is in `of` (None: of nobody says what); None if unsaid.

        Only its firmest sayings count, and of figures of several dates the latest. Where they are at odds the
        interval holds all of them, and 0 where the tie itself is denied.
        """
        found: Interval | None = None
        for mine in self._shares(of):
            found = mine if found is None else found.hull(mine)
        if found is not None and self.against:
            found = found.hull(Interval.exactly(0.0))
        return found

    def excludes_itself(self, of: Iterable[str | None]) -> bool:
        """Whether sources give shares for it, of one date, that cannot all be right."""
        return any(one.meet(other) is None for one, other in combinations(self._shares(of), 2))

    def money(self) -> tuple[Money, ...]:
        """Return its sums, one a currency, in order of currency: deals apart are added up, sums at odds are a range.

        The firmest sayings that give a sum count; currencies are never added to each other.
        """
        told = [line for line in self.lines if line.qualifiers.amount is not None and line.qualifiers.currency]
        told = [line for line in told if line.modality is told[0].modality]
        sums: dict[str, Money] = {}
        for deal in _deals(told):
            amounts = [line.qualifiers.amount for line in deal if line.qualifiers.amount is not None]
            one = Money(min(amounts), max(amounts), str(deal[0].qualifiers.currency))
            sums[one.currency] = sums[one.currency].plus(one) if one.currency in sums else one
        return tuple(sums[currency] for currency in sorted(sums))

    def _shares(self, of: Iterable[str | None]) -> list[Interval]:
        """Return what its firmest sayings tell of its share, of figures of several dates the latest."""
        wanted = set(of)
        firmest = (line for line in self.lines if line.modality is self.modality)
        told = [line for line in firmest if line.qualifiers.percent_of in wanted and share_of(line) is not None]
        return [share for line in _latest(told) if (share := share_of(line)) is not None]


def ties(
    claims: Iterable[Claim],
    clocks: Clocks = NOW,
    *,
    relations: Iterable[str] | None = None,
    modalities: Iterable[Modality] = STANDING,
) -> tuple[Tie, ...]:
    """Gather claims between entities into ties, as of a date, in order of relations and ends.

    Only ties that stand are returned: in one of `modalities`, of `relations` (all by default). Figures, which have no
    second entity, make none.
    """
    wanted = None if relations is None else set(relations)
    kept: dict[str, Claim] = {}
    for claim in seen(claims, clocks):
        if isinstance(claim.object, Entity) and (wanted is None or claim.relation in wanted):
            other = kept.get(claim.id, claim)
            kept[claim.id] = min(claim, other, key=lambda one: one.recorded_at or "")
    groups: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines_at(kept.values(), clocks):
        groups[ends_of(line.claims[0])].append(line)
    allowed = set(modalities)
    day = _day(clocks)
    found = (_tie(group, day) for group in groups.values())
    return tuple(sorted((tie for tie in found if tie is not None and tie.modality in allowed), key=_order))


def _order(tie: Tie) -> tuple[str, str, str]:
    return tie.relation, tie.subject.id, tie.object.id


def _day(clocks: Clocks) -> dt.date | None:
    """Return the day on which it is told what lies ahead and what is over; None: as it was when each was recorded."""
    date = clocks.valid or clocks.known
    return None if date is None else last_day(date)


def lines_at(claims: Iterable[Claim], clocks: Clocks) -> Iterator[Line]:
    """Yield the lines of claims that are seen, as they stand at a date; they name the claims as told."""
    day = _day(clocks)
    if day is None:
        yield from lines_of(claims)
        return
    moved = [(_at(claim, day), claim) for claim in claims]
    told = {id(one): claim for one, claim in moved}
    for line in lines_of(one for one, _ in moved):
        group = (told[id(one)] for one in line.claims)
        ordered = sorted(group, key=lambda c: (c.known_from or "9999", c.document, c.evidence[0].start, c.id))
        yield replace(line, claims=tuple(ordered))


def _at(claim: Claim, day: dt.date) -> Claim:
    """Return a claim as if it had been recorded on a day: whether it is ahead or over is told as of then."""
    moved = claim.recorded(f"{day}T00:00:00Z")
    modality = _modality(claim, day)
    return moved if modality is claim.modality else replace(moved, modality=modality)


def _modality(claim: Claim, day: dt.date) -> Modality:
    """Return how a claim stands on a day: what it asserts may lie ahead or be over, what it tells of the past be so."""
    said, end = claim.qualifiers, ends(claim)
    if claim.modality is Modality.ASSERTED:
        if said.start is not None and first_day(said.start) > day:
            return Modality.ANNOUNCED
        return Modality.ENDED if end is not None and end < day else Modality.ASSERTED
    since = said.start
    if claim.modality is Modality.PAST:
        since = since or said.as_of
    elif claim.modality is not Modality.ENDED or said.end is None:
        return claim.modality
    held = since is not None and end is not None and first_day(since) <= day <= end
    return Modality.ASSERTED if held else claim.modality


def _tie(lines: Sequence[Line], day: dt.date | None) -> Tie | None:
    """Return what stands of the sayings of one relation between two entities; None where nothing does."""
    endings = [line for line in lines if line.modality is Modality.ENDED and _has_come(line, day)]
    said = (_left(line, endings) for line in lines if line.modality in STANDING)
    standing = sorted((line for line in said if line is not None), key=lambda line: STANDING.index(line.modality))
    if not standing:
        return None
    opposed = [line for line in lines if line.modality is Modality.DENIED]
    opposed += [line for line in endings if _told(line)]
    against = [line for line in opposed if any(_covers(line, one) for one in standing)]
    end = standing[0].object
    if not isinstance(end, Entity):
        return None
    return Tie(standing[0].subject, standing[0].relation, end, standing[0].modality, tuple(standing), tuple(against))


def _left(line: Line, endings: Sequence[Line]) -> Line | None:
    """Return what endings leave of a saying: all, nothing, or, where it is told to be exclusive no more, the rest."""
    over = [ending for ending in endings if _is_over(line, ending)]
    if not over:
        return line
    if not all(ending.qualifiers.exclusive and _told(ending) for ending in over):
        return None
    claims = claims_of(line.claims, *(ending.claims for ending in over))
    return replace(line, qualifiers=replace(line.qualifiers, exclusive=False), claims=claims)


def _told(line: Line) -> bool:
    """Whether a source tells of the end; an end that has merely passed contradicts nobody."""
    return any(claim.modality is Modality.ENDED for claim in line.claims)


def _has_come(line: Line, day: dt.date | None) -> bool:
    """Whether an end lies before a day."""
    dates = [date for claim in line.claims if (date := ends(claim)) is not None]
    return day is None or not dates or min(dates) < day


def _is_over(line: Line, ending: Line) -> bool:
    """Whether a saying is over by an ending: it covers it, and was told after it."""
    dates = [line.known_last, ending.known_from]
    if not _covers(ending, line) or any(date is None for date in dates):
        return False
    undated = any(claim.known_from is None for claim in (*line.claims, *ending.claims))
    return not undated and last_day(str(dates[0])) < first_day(str(dates[1]))


def _covers(ending: Line, line: Line) -> bool:
    """Whether an ending is one of what the saying says: what ceases to be exclusive need not cease."""
    mine, yours = ending.qualifiers, line.qualifiers
    if mine.exclusive is not None and mine.exclusive != yours.exclusive:
        return False
    if mine.start and yours.start and not same_date(mine.start, yours.start):
        return False
    return not (mine.end and yours.start and last_day(mine.end) < first_day(yours.start))


def share_of(line: Line) -> Interval | None:
    """Return the percentage of a line, or its bounds, as fractions; None where it tells none.

    Bounds in the wrong order are taken for those that they are: both have been told.
    """
    said = line.qualifiers
    low = said.percent if said.percent is not None else said.percent_min
    high = said.percent if said.percent is not None else said.percent_max
    if low is None and high is None:
        return None
    bounds = (
        UNKNOWN.low if low is None else float(low / Decimal(100)),
        UNKNOWN.high if high is None else float(high / Decimal(100)),
    )
    return Interval(min(bounds), max(bounds))


def _latest(lines: Sequence[Line]) -> list[Line]:
    """Leave out figures that one of a later date has overtaken; the date of a source alone overtakes nothing."""
    dates = [line.qualifiers.as_of or line.qualifiers.start for line in lines]
    return [
        line
        for line, date in zip(lines, dates, strict=True)
        if date is None or not any(other and last_day(date) < first_day(other) for other in dates)
    ]


def _deals(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield sums that are of one deal, of one currency.

    Sums of two dates that part them are of two deals. What else differs is one deal, told differently; so is what
    agrees with two deals, since it may be either, and is not to be counted beside them.
    """
    deals: list[list[Line]] = []
    for line in lines:
        alike = [deal for deal in deals if any(_may_be_one(line, other) for other in deal)]
        deals = [deal for deal in deals if deal not in alike]
        deals.append([line, *(other for deal in alike for other in deal)])
    yield from deals


def _may_be_one(one: Line, other: Line) -> bool:
    mine, yours = one.qualifiers, other.qualifiers
    dates = mine.start or mine.as_of, yours.start or yours.as_of
    apart = dates[0] is not None and dates[1] is not None and not same_date(dates[0], dates[1])
    return mine.currency == yours.currency and not apart


def span_of(tie: Tie) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day on which a tie may hold; None where nobody says."""
    firsts = [day for line in tie.lines for claim in line.claims if (day := begins(claim)) is not None]
    # What is told to be exclusive no more goes on.
    going = [
        [claim for claim in line.claims if not (claim.modality is Modality.ENDED and claim.qualifiers.exclusive)]
        for line in tie.lines
    ]
    lasts = [max((day for c in claims if (day := ends(c)) is not None), default=None) for claims in going if claims]
    is_open = not lasts or None in lasts
    return min(firsts, default=None), None if is_open else max(day for day in lasts if day is not None)
