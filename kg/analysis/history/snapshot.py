"""What stands on a date, relation by relation: ties and the figures of companies, with their terms in words.

Two dates are compared by these words: what reads the same is the same. Between them lies a period, of which is told
what began, ended or was withdrawn in it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from kg.dates import first_day, last_day
from kg.facts import (
    STANDING_MODALITIES,
    AsOf,
    Fact,
    Interval,
    Relationship,
    claims_of,
    facts_of,
    relationship_key,
    relationships,
    visible_claims,
)
from kg.facts.periods import begin_of, end_of
from kg.model import Claim, Entity, Figure, Modality, Qualifiers
from kg.wording.terms import money, terms

__all__ = ["ComparedPeriod", "Key", "Snapshot", "SnapshotIndex", "Terms", "age", "phrase", "terms_of"]

Key: TypeAlias = tuple[object, ...]
"""A relation and its ends, as `relationship_key` gives them."""
Terms: TypeAlias = Mapping[str, Mapping[str, Modality]]
"""By the name of a term what is said of it, in words, and the firmest modality in which it is."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stands of one relation and its ends: a tie, or the latest figures of a company."""

    subject: Entity
    object: Entity | Figure
    modality: Modality
    facts: tuple[Fact, ...]
    contradicting: tuple[Fact, ...] = ()
    tie: Relationship | None = None

    @property
    def said(self) -> tuple[Claim, ...]:
        """The claims that say so."""
        return claims_of(*(line.claims for line in self.facts))

    @property
    def sayings(self) -> Key:
        """What it is made of: where this is the same, so are all terms."""
        return tuple((line.modality, *(c.id for c in line.claims)) for line in (*self.facts, *self.contradicting))

    def words(self) -> str | None:
        """Return all terms of the lines that stand, as a phrase; None where there are none."""
        told = {line.terms(): line.modality for line in reversed(self.facts)}
        return phrase({text: told[text] for text in reversed(told) if text}, self.modality)


class SnapshotIndex:
    """What is seen on a date, by relation and ends: the claims, and of what stands the state."""

    def __init__(self, claims: Sequence[Claim], as_of: AsOf) -> None:
        told = tuple(visible_claims(claims, as_of))
        self.ids = frozenset(claim.id for claim in told)
        self.claims: dict[Key, list[Claim]] = defaultdict(list)
        for claim in sorted(told, key=age):
            self.claims[relationship_key(claim)].append(claim)
        self.standing: dict[Key, Snapshot] = {}
        for tie in relationships(claims, as_of):
            whole = Snapshot(tie.subject, tie.object, tie.modality, tie.facts, tie.contradicting, tie)
            self.standing[relationship_key(tie.facts[0].claims[0])] = whole
        figures: dict[Key, list[Fact]] = defaultdict(list)
        for line in facts_of((claim for claim in told if isinstance(claim.object, Figure)), as_of):
            figures[relationship_key(line.claims[0])].append(line)
        self.standing |= {key: state for key, lines in figures.items() if (state := _of_figures(lines)) is not None}

    def has(self, key: Key, modality: Modality) -> bool:
        """Whether a source says it in that modality."""
        return any(claim.modality is modality for claim in self.claims.get(key, ()))


def age(claim: Claim) -> tuple[object, ...]:
    """Return what orders claims by age: first when they were known, then where they stand."""
    return claim.known_from or "9999", claim.document, claim.evidence[0].start, claim.id, claim.recorded_at or ""


def _of_figures(lines: Sequence[Fact]) -> Snapshot | None:
    standing = [line for line in lines if line.modality in STANDING_MODALITIES]
    dates = [first_day(line.qualifiers.as_of) for line in standing if line.qualifiers.as_of]
    newest = [
        line
        for line in standing
        if not line.qualifiers.as_of or not any(last_day(line.qualifiers.as_of) < first for first in dates)
    ]
    newest.sort(key=lambda line: STANDING_MODALITIES.index(line.modality))
    if not newest:
        return None
    against = tuple(line for line in lines if line.modality is Modality.DENIED)
    return Snapshot(newest[0].subject, newest[0].object, newest[0].modality, tuple(newest), against)


def terms_of(state: Snapshot) -> Terms:
    """Return the terms by name, each in words with the firmest modality in which it is said."""
    found: dict[str, dict[str, Modality]] = defaultdict(dict)
    for modality in STANDING_MODALITIES:
        lines = tuple(line for line in state.facts if line.modality is modality)
        for name, text in _said(lines, state.tie and replace(state.tie, modality=modality, facts=lines)):
            found[name].setdefault(text, modality)
    for line in state.contradicting:
        found["contradiction"]["denied" if line.modality is Modality.DENIED else "told to have ended"] = state.modality
    return found


def _said(lines: Sequence[Fact], tie: Relationship | None) -> Iterator[tuple[str, str]]:
    """Yield what lines of one modality say, in the order in which it is shown."""
    if tie is None:
        yield from (("figure", line.terms()) for line in lines)
        return
    for sum_ in tie.money():
        low, high = (money(amount, sum_.currency) for amount in (sum_.low, sum_.high))
        yield "sum", low if low == high else f"{low} to {high}"
    for of in sorted({line.qualifiers.percent_of for line in lines}, key=str):
        share = tie.share((of,))
        if share is not None:
            yield "share", terms(_percent(share, of))
    told = [line.qualifiers for line in lines]
    yield from (("duration", terms(Qualifiers(duration=said.duration))) for said in told if said.duration)
    for said in told:
        if said.quantity is not None:
            yield "quantity", terms(Qualifiers(quantity=said.quantity, goods=said.goods))
    for exclusive in {said.exclusive for said in told} - {None}:
        yield "exclusivity", terms(Qualifiers(exclusive=exclusive))
    yield from (("start", terms(Qualifiers(start=date))) for date in sorted({s.start for s in told if s.start}))
    yield from (("end", terms(Qualifiers(end=date))) for date in sorted({s.end for s in told if s.end}))


def _percent(share: Interval, of: str | None) -> Qualifiers:
    low, high = (Decimal(str(round(bound * 100, 9))) for bound in (share.low, share.high))
    if share.is_exact:
        return Qualifiers(percent=low, percent_of=of)
    return Qualifiers(percent_min=low, percent_max=None if high == 100 and low else high, percent_of=of)  # noqa: PLR2004


def phrase(told: Mapping[str, Modality], usual: Modality) -> str | None:
    """Return terms as one phrase; each that is not said in the modality of the whole is marked by its own."""
    return "; ".join(text if how is usual else f"{text} ({how.value})" for text, how in told.items()) or None


@dataclass(frozen=True, slots=True)
class ComparedPeriod:
    """The days after `since` up to `until`, on a clock, and by id what was ever withdrawn."""

    clock: str
    since: dt.date
    until: dt.date
    withdrawn: Mapping[str, Sequence[Claim]]

    def holds(self, date: str | None, day: Callable[[str], dt.date] = last_day) -> bool:
        """Whether a partial date lies in the period: its last day, or the one that `day` takes of it."""
        return date is not None and self.since < day(date) <= self.until

    def passed(self, claim: Claim) -> bool:
        """Whether the last day of a claim lies behind at the end of the period, and did not at its beginning."""
        end = None if self.clock == "recorded" else end_of(claim)
        return end is not None and self.since <= end < self.until

    def turned(self, claims: Iterable[Claim]) -> list[Claim]:
        """Return what began in the period, or was over in it."""
        if self.clock == "recorded":
            return []
        return [c for c in claims if self.passed(c) or ((day := begin_of(c)) and self.since < day <= self.until)]

    def gone(self, claims: Iterable[Claim]) -> list[Claim]:
        """Return claims as withdrawn in the period."""
        found = (self.withdrawn.get(claim.id, ()) for claim in claims)
        return [claim for each in found for claim in each if self.holds((claim.retracted_at or "")[:10] or None)]

    def date(self, claim: Claim) -> str | None:
        """Return the day in the period that made a claim count: it was known, recorded, withdrawn, began or ended."""
        recorded = (claim.recorded_at or "")[:10] or None
        if self.clock == "recorded":
            dates = ((claim.retracted_at or "")[:10] or None, recorded)
            return next((date for date in dates if self.holds(date)), None)
        said, known = claim.qualifiers, claim.known_from or recorded
        if self.clock == "known" and self.holds(known):
            return known
        if self.passed(claim):
            return str(end_of(claim))
        begin = said.start or said.as_of or claim.known_from
        if self.holds(begin, first_day):
            return begin
        # What is told to begin after the period counts from when it was told.
        return known if self.holds(known) else None
