"""What changed between two dates: relationships that appeared, changed, ended, were denied or withdrawn, and why.

The relationships of the first date are held against those of the second, on one of three clocks:

=========  ====================================================================================
known      what a reader of each day could know, and held for true on that day
valid      what was true on each day, by all that is known now
recorded   what this store held at the end of each day
=========  ====================================================================================

A partial date stands for its last day. What lies after the second date on the clock takes no part. Figures of a
company (revenue, debt) are compared as relationships are; of figures of several dates the latest counts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kg.analysis.history.snapshot import ComparedPeriod, Key, Snapshot, SnapshotIndex, age, phrase, terms_of
from kg.analysis.results.result import Result
from kg.dates import is_partial_date, last_day
from kg.errors import InvalidRecord, QueryError, did_you_mean
from kg.facts import AsOf, Relationship, claims_of, visible_claims
from kg.facts.periods import begin_of, end_of
from kg.model import Claim, Entity, Figure, Modality
from kg.query.entity_lookup import find_among
from kg.wording.terms import terms

__all__ = ["CLOCKS", "Change", "ChangeKind", "changes", "differences"]

_READINGS: Mapping[str, tuple[Callable[[str], AsOf], str]] = {
    "known": (lambda date: AsOf(known=date, valid=date), "as readers of the day could know"),
    "valid": (lambda date: AsOf(valid=date), "by all that is known now"),
    "recorded": (lambda date: AsOf(recorded=date), "as this store held it"),
}
CLOCKS = tuple(_READINGS)
"""The clocks on which dates are compared."""


class ChangeKind(StrEnum):
    """How a relationship of the second date differs from that of the first."""

    APPEARED = "appeared"
    CHANGED = "changed"
    ENDED = "ended"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one relation between two entities, or of a company's figure.

    ``appeared``: it stands now and did not, in its `modality`; a plan that appears is a plan. ``changed``: it stands
    on other terms or in another modality. ``ended``: its end has passed, or a source tells of it; where `before` is
    None it was not known to stand. ``denied``: a source denies it now, and none did; it may stand all the same.
    ``withdrawn``: what said so was withdrawn from the store. `modality` is how it stands, or stood.

    `what` names the terms that are not as they were, `old` and `new` give them in words. `before` and `after` are
    the relationships, None of a figure. `causes` are the claims that tell of the change; `date` is the first day on
    which one was known, was true, or was recorded, as precisely as it is given.
    """

    kind: ChangeKind
    subject: Entity
    relation: str
    object: Entity | Figure
    modality: Modality
    causes: tuple[Claim, ...]
    date: str | None
    what: tuple[str, ...] = ()
    old: str | None = None
    new: str | None = None
    before: Relationship | None = field(default=None, repr=False)
    after: Relationship | None = field(default=None, repr=False)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The causes, then the claims of the relationships that were compared."""
        causes = {claim.id for claim in self.causes}
        compared = claims_of(
            *(relationship.claims for relationship in (self.after, self.before) if relationship is not None)
        )
        return *self.causes, *(claim for claim in compared if claim.id not in causes)

    @property
    def sentence(self) -> str:
        """What the first of the causes says, to the letter."""
        return self.causes[0].evidence[0].quote

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table; a figure stands under ``from`` and ``to``."""
        yield {
            "date": self.date,
            "change": self.kind.value,
            "subject": self.subject,
            "relation": self.relation,
            "object": self.object if isinstance(self.object, Entity) else None,
            "modality": self.modality.value,
            "what": ", ".join(self.what) or None,
            "from": self.old,
            "to": self.new,
            "claims": self.causes,
        }


def changes(
    claims: Iterable[Claim], since: str, until: str, *, clock: str = "known", company: str | None = None
) -> Result[Change]:
    """Return what changed between the ends of two days, in order of date, kind and names.

    `claims` may be a whole history, with what was withdrawn, in any order. `company` leaves what touches it. Raises
    `QueryError` for a clock that there is not and for dates in the wrong order, `InvalidRecord` for what is no date,
    `UnknownEntity` where nothing is called `company`.
    """
    if clock not in CLOCKS:
        raise QueryError(f"there is no clock '{clock}': take {', '.join(CLOCKS)}.{did_you_mean(clock, CLOCKS)}")
    for date in (since, until):
        if not is_partial_date(date):
            raise InvalidRecord(f"'{date}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    reading, how = _READINGS[clock]
    dates = reading(since), reading(until)
    if last_day(since) > last_day(until):
        raise QueryError(f"{since} lies after {until}: give the earlier date first")
    touching = _touching(tuple(claims), company, dates)
    period = ComparedPeriod(clock, last_day(since), last_day(until), _withdrawn(touching))
    old, new = (SnapshotIndex(touching, each) for each in dates)
    rows = differences(old, new, period)
    title = f"What changed between {since} and {until}, {how}"
    return Result("changes", title, rows, tuple(_notes(rows, old, new, clock)))


def differences(old: SnapshotIndex, new: SnapshotIndex, period: ComparedPeriod) -> tuple[Change, ...]:
    """Return how one view of the claims differs from an earlier one, in order of date, kind and names."""
    compared = (_compared(key, old, new, period) for key in old.claims.keys() | new.claims.keys())
    return tuple(sorted((change for change in compared if change is not None), key=_order))


def _touching(claims: tuple[Claim, ...], company: str | None, dates: Iterable[AsOf]) -> tuple[Claim, ...]:
    """Return the claims on a company, which is named by what is seen at either date: later namesakes do not count."""
    if company is None:
        return claims
    visible = (claim for each in dates for claim in visible_claims(claims, each))
    company_id = find_among((entity for claim in visible for entity in claim.entities), company).id
    return tuple(claim for claim in claims if company_id in {entity.id for entity in claim.entities})


def _withdrawn(claims: Iterable[Claim]) -> Mapping[str, Sequence[Claim]]:
    withdrawn: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.retracted_at is not None:
            withdrawn[claim.id].append(claim)
    return withdrawn


def _order(change: Change) -> tuple[object, ...]:
    day = dt.date.max if change.date is None else last_day(change.date)
    end = change.object
    names = (end.name, end.id) if isinstance(end, Entity) else (end.unit, "")
    return (
        day,
        tuple(ChangeKind).index(change.kind),
        change.subject.name,
        names[0],
        change.relation,
        change.subject.id,
        names,
    )


# ------------------------------------------------------------------------------ what changed
# What a claim says that a term rests on.
_SAYS = {
    "sum": ("amount", "amount_min", "amount_max"),
    "share": ("percent", "percent_min", "percent_max"),
    "exclusivity": ("exclusive",),
    "duration": ("duration",),
    "quantity": ("quantity",),
    "start": ("start",),
    "end": ("end",),
}


@dataclass(frozen=True, slots=True)
class _Case:
    """One relation with its ends: the claims on it at both dates, those that are new, those that are gone."""

    old: Sequence[Claim]
    new: Sequence[Claim]
    fresh: Sequence[Claim]
    lost: Sequence[Claim]
    period: ComparedPeriod

    def change(self, kind: ChangeKind, on: Snapshot | Claim, causes: Iterable[Claim], **details: Any) -> Change:
        claims = tuple(sorted(causes, key=age))
        dates = (date for claim in claims if (date := self.period.date(claim)) is not None)
        relation = claims[0].relation
        return Change(
            kind,
            on.subject,
            relation,
            on.object,
            on.modality,
            claims,
            min(dates, key=last_day, default=None),
            **details,
        )


def _compared(key: Key, old: SnapshotIndex, new: SnapshotIndex, period: ComparedPeriod) -> Change | None:
    before, after = old.standing.get(key), new.standing.get(key)
    was, now = old.claims.get(key, ()), new.claims.get(key, ())
    fresh = [claim for claim in now if claim.id not in old.ids]
    case = _Case(was, now, fresh, [claim for claim in was if claim.id not in new.ids], period)
    if before is not None and after is not None:
        return _changed(case, before, after)
    if after is not None:
        return _appeared(case, after)
    return _told(case) if before is None else _ended(case, before)


def _appeared(case: _Case, after: Snapshot) -> Change:
    stating = {claim.id for claim in after.stating_claims}
    period = case.period
    causes = (
        [claim for claim in case.fresh if claim.id in stating]
        or period.gone(case.lost)
        or period.turned(after.stating_claims)
        or case.fresh
        or after.stating_claims
    )
    return case.change(ChangeKind.APPEARED, after, causes, new=after.words(), after=after.relationship)


def _ended(case: _Case, before: Snapshot) -> Change:
    terms_ = {"old": before.words(), "before": before.relationship}
    left = {claim.id for claim in case.new}
    if not any(claim.id in left for claim in before.stating_claims):
        return case.change(
            ChangeKind.WITHDRAWN, before, case.period.gone(before.stating_claims) or before.stating_claims, **terms_
        )
    endings = [claim for claim in case.new if claim.modality is Modality.ENDED]
    causes = (
        [claim for claim in case.fresh if claim.modality is Modality.ENDED]
        or [claim for claim in (*endings, *before.stating_claims) if case.period.passed(claim)]
        or endings
        or case.fresh
        or before.stating_claims
    )
    return case.change(ChangeKind.ENDED, before, causes, **terms_)


def _changed(case: _Case, before: Snapshot, after: Snapshot) -> Change | None:
    if before.identity == after.identity:
        return None
    old, new = terms_of(before), terms_of(after)
    # In words: a term that alone becomes firmer is a change, one that does so with the whole is not told twice.
    reads = [
        {name: _marked(texts[name], state.modality) for name in texts} for texts, state in ((old, before), (new, after))
    ]
    what = [name for name in dict.fromkeys((*new, *old)) if reads[0].get(name) != reads[1].get(name)]
    phrases = [
        [phrase(texts.get(name, {}), state.modality) for name in what] for texts, state in ((old, before), (new, after))
    ]
    if before.modality is not after.modality:
        what.insert(0, "modality")
        for text, state in zip(phrases, (before, after), strict=True):
            text.insert(0, state.modality.value)
    if not what:
        return None
    denied = "denied" in set(new.get("contradiction", ())) - set(old.get("contradiction", ()))
    only = denied and all(claim.modality is Modality.DENIED for claim in case.fresh)
    return case.change(
        ChangeKind.DENIED if only else ChangeKind.CHANGED,
        after,
        _tellers(case, after, what),
        what=tuple(what),
        old=", ".join(filter(None, phrases[0])) or None,
        new=", ".join(filter(None, phrases[1])) or None,
        before=before.relationship,
        after=after.relationship,
    )


def _marked(modalities: Mapping[str, Modality], usual: Modality) -> Mapping[str, Modality | None]:
    return {text: None if how is usual else how for text, how in modalities.items()}


def _tellers(case: _Case, after: Snapshot, what: Sequence[str]) -> Sequence[Claim]:
    """Return the claims that tell of a change: new ones on the terms that changed, else what ended or was withdrawn."""
    names = {name for term in what for name in _SAYS.get(term, ())}
    telling = {claim.id for claim in after.stating_claims if not names.isdisjoint(claim.qualifiers.terms())}
    if "figure" in what:
        telling |= {claim.id for claim in after.stating_claims}
    for fact in after.facts if "modality" in what else ():
        telling |= {claim.id for claim in fact.claims if fact.modality is after.modality}
    for fact in after.contradicting if "contradiction" in what else ():
        telling |= {claim.id for claim in fact.claims}
    return (
        [claim for claim in case.fresh if claim.id in telling]
        or [claim for claim in case.fresh if claim.modality is Modality.ENDED]
        or case.period.gone(case.lost)
        or case.period.turned(case.new)
        or case.fresh
        or after.stating_claims
    )


def _told(case: _Case) -> Change | None:
    """Return the news of what did not stand and does not: that it has ended, or that it is denied."""
    for kind, modality in ((ChangeKind.ENDED, Modality.ENDED), (ChangeKind.DENIED, Modality.DENIED)):
        told = [claim for claim in case.new if claim.modality is modality]
        if kind is ChangeKind.ENDED and case.period.clock == "valid":
            causes = [claim for claim in told if case.period.passed(claim)]
            again = any((end := end_of(claim)) and end < case.period.since for claim in told)
        else:
            causes = [claim for claim in case.fresh if claim.modality is modality]
            again = any(claim.modality is modality for claim in case.old)
        if causes and not again:
            return _news(case, kind, causes)
    return None


def _news(case: _Case, kind: ChangeKind, causes: Sequence[Claim]) -> Change:
    words = "; ".join(dict.fromkeys(text for claim in causes if (text := terms(claim.qualifiers)))) or None
    if kind is ChangeKind.DENIED:
        return case.change(kind, causes[0], causes, new=words)
    if all(claim.qualifiers.exclusive for claim in causes):
        return case.change(kind, causes[0], causes, what=("exclusivity",), old=words)
    return case.change(kind, causes[0], causes, old=words)


def _notes(rows: Sequence[Change], old: SnapshotIndex, new: SnapshotIndex, clock: str) -> Iterator[str]:
    claims = [claim for group in new.claims.values() for claim in group]
    past = sum(claim.modality is Modality.PAST and claim.id not in old.ids for claim in claims)
    if past:
        yield f"new sayings about the past are left out, for they change nothing that stood or stands: {past}"
    undated = sum(claim.known_from is None for claim in claims)
    if undated and clock == "known":
        yield f"claims of sources without a date, which count as known from the day of their recording: {undated}"
    if clock != "valid":
        return
    timeless = sum(begin_of(claim) is None for claim in claims)
    if timeless:
        yield f"claims of which nobody says since when they are true, and which so count on both dates: {timeless}"
    supposed = sum(not any(c.qualifiers.start or c.qualifiers.as_of for c in row.causes) for row in rows)
    if supposed:
        yield f"changes dated by their source's publication, for no source says since when they are true: {supposed}"
