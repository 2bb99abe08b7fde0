"""What stands on a date, relation by relation: relationships and the figures of companies, with their terms in words.

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
    """What stands of one relation and its ends: a relationship, or the latest figures of a company."""

    subject: Entity
    object: Entity | Figure
    modality: Modality
    facts: tuple[Fact, ...]
    contradicting: tuple[Fact, ...] = ()
    relationship: Relationship | None = None

    @property
    def stating_claims(self) -> tuple[Claim, ...]:
        """The claims that say so."""
        return claims_of(*(fact.claims for fact in self.facts))

    @property
    def identity(self) -> Key:
        """What it is made of: where this is the same, so are all terms."""
        return tuple((fact.modality, *(c.id for c in fact.claims)) for fact in (*self.facts, *self.contradicting))

    def words(self) -> str | None:
        """Return all terms of the facts that stand, as a phrase; None where there are none."""
        modalities = {fact.terms(): fact.modality for fact in reversed(self.facts)}
        return phrase({text: modalities[text] for text in reversed(modalities) if text}, self.modality)


class SnapshotIndex:
    """What is seen on a date, by relation and ends: the claims, and of what stands the state."""

    def __init__(self, claims: Sequence[Claim], as_of: AsOf) -> None:
        visible = tuple(visible_claims(claims, as_of))
        self.ids = frozenset(claim.id for claim in visible)
        self.claims: dict[Key, list[Claim]] = defaultdict(list)
        for claim in sorted(visible, key=age):
            self.claims[relationship_key(claim)].append(claim)
        self.standing: dict[Key, Snapshot] = {}
        for relationship in relationships(claims, as_of):
            whole = Snapshot(
                relationship.subject,
                relationship.object,
                relationship.modality,
                relationship.facts,
                relationship.contradicting,
                relationship,
            )
            self.standing[relationship_key(relationship.facts[0].claims[0])] = whole
        figures: dict[Key, list[Fact]] = defaultdict(list)
        for fact in facts_of((claim for claim in visible if isinstance(claim.object, Figure)), as_of):
            figures[relationship_key(fact.claims[0])].append(fact)
        self.standing |= {key: state for key, facts in figures.items() if (state := _of_figures(facts)) is not None}

    def has(self, key: Key, modality: Modality) -> bool:
        """Whether a source says it in that modality."""
        return any(claim.modality is modality for claim in self.claims.get(key, ()))


def age(claim: Claim) -> tuple[object, ...]:
    """Return what orders claims by age: first when they were known, then where they stand."""
    return claim.known_from or "9999", claim.document, claim.evidence[0].start, claim.id, claim.recorded_at or ""


def _of_figures(facts: Sequence[Fact]) -> Snapshot | None:
    standing = [fact for fact in facts if fact.modality in STANDING_MODALITIES]
    dates = [first_day(fact.qualifiers.as_of) for fact in standing if fact.qualifiers.as_of]
    newest = [
        fact
        for fact in standing
        if not fact.qualifiers.as_of or not any(last_day(fact.qualifiers.as_of) < first for first in dates)
    ]
    newest.sort(key=lambda fact: STANDING_MODALITIES.index(fact.modality))
    if not newest:
        return None
    denials = tuple(fact for fact in facts if fact.modality is Modality.DENIED)
    return Snapshot(newest[0].subject, newest[0].object, newest[0].modality, tuple(newest), denials)


def terms_of(state: Snapshot) -> Terms:
    """Return the terms by name, each in words with the firmest modality in which it is said."""
    modalities: dict[str, dict[str, Modality]] = defaultdict(dict)
    for modality in STANDING_MODALITIES:
        facts = tuple(fact for fact in state.facts if fact.modality is modality)
        for name, text in _terms_by_name(
            facts, state.relationship and replace(state.relationship, modality=modality, facts=facts)
        ):
            modalities[name].setdefault(text, modality)
    for fact in state.contradicting:
        modalities["contradiction"]["denied" if fact.modality is Modality.DENIED else "told to have ended"] = (
            state.modality
        )
    return modalities


def _terms_by_name(facts: Sequence[Fact], relationship: Relationship | None) -> Iterator[tuple[str, str]]:
    """Yield what facts of one modality say, in the order in which it is shown."""
    if relationship is None:
        yield from (("figure", fact.terms()) for fact in facts)
        return
    for sum_ in relationship.money():
        low, high = (money(amount, sum_.currency) for amount in (sum_.low, sum_.high))
        yield "sum", low if low == high else f"{low} to {high}"
    for of in sorted({fact.qualifiers.percent_of for fact in facts}, key=str):
        share = relationship.share((of,))
        if share is not None:
            yield "share", terms(_percent(share, of))
    qualifiers = [fact.qualifiers for fact in facts]
    yield from (("duration", terms(Qualifiers(duration=term.duration))) for term in qualifiers if term.duration)
    for term in qualifiers:
        if term.quantity is not None:
            yield "quantity", terms(Qualifiers(quantity=term.quantity, goods=term.goods))
    for exclusive in {term.exclusive for term in qualifiers} - {None}:
        yield "exclusivity", terms(Qualifiers(exclusive=exclusive))
    yield from (("start", terms(Qualifiers(start=date))) for date in sorted({s.start for s in qualifiers if s.start}))
    yield from (("end", terms(Qualifiers(end=date))) for date in sorted({s.end for s in qualifiers if s.end}))


def _percent(share: Interval, of: str | None) -> Qualifiers:
    low, high = (Decimal(str(round(bound * 100, 9))) for bound in (share.low, share.high))
    if share.is_exact:
        return Qualifiers(percent=low, percent_of=of)
    return Qualifiers(percent_min=low, percent_max=None if high == 100 and low else high, percent_of=of)  # noqa: PLR2004


def phrase(modalities: Mapping[str, Modality], usual: Modality) -> str | None:
    """Return terms as one phrase; each that is not said in the modality of the whole is marked by its own."""
    return "; ".join(text if how is usual else f"{text} ({how.value})" for text, how in modalities.items()) or None


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
        withdrawals = (self.withdrawn.get(claim.id, ()) for claim in claims)
        return [claim for each in withdrawals for claim in each if self.holds((claim.retracted_at or "")[:10] or None)]

    def date(self, claim: Claim) -> str | None:
        """Return the day in the period that made a claim count: it was known, recorded, withdrawn, began or ended."""
        recorded = (claim.recorded_at or "")[:10] or None
        if self.clock == "recorded":
            dates = ((claim.retracted_at or "")[:10] or None, recorded)
            return next((date for date in dates if self.holds(date)), None)
        qualifiers, known_from = claim.qualifiers, claim.known_from or recorded
        if self.clock == "known" and self.holds(known_from):
            return known_from
        if self.passed(claim):
            return str(end_of(claim))
        begin = qualifiers.start or qualifiers.as_of or claim.known_from
        if self.holds(begin, first_day):
            return begin
        # What is told to begin after the period counts from when it was told.
        return known_from if self.holds(known_from) else None
