"""Entities as other formats describe them: what claims and registers say of each, and what cannot be said there."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kg.model import Claim, Entity, Figure
from kg.ontology import ontology
from kg.resolve import DatedName, RegisterRecord
from kg.store import Store

__all__ = ["AGENTS", "Party", "Unsaid", "party_of", "sayable_parts", "sayable_terms"]

AGENTS = frozenset({"Company", "LegalEntity", "Organisation", "Person", "PublicBody"})
"""The classes that can own: those that formats of ownership have."""


_PARTS = {
    "country": "country of registration",
    "legal_form": "legal form",
    "start": "day on which an entity began",
    "end": "day on which an entity ended",
    "is_active": "whether an entity is active",
    "topics": "topic of a register, such as sanctions",
    "sectors": "sector",
    "addresses": "address",
}
"""What registers say of an entity, by the fields of `Party`."""


@dataclass(frozen=True, slots=True)
class Party:
    """An entity with all that sources say of it: `identifiers` by kind, other names, and what registers tell."""

    entity: Entity
    identifiers: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    former: tuple[DatedName, ...]
    country: str | None
    legal_form: str | None
    start: str | None
    end: str | None
    is_active: bool | None
    topics: tuple[str, ...]
    sectors: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def former_names(self) -> tuple[str, ...]:
        """The names of earlier days, without their days."""
        return tuple(sorted({one.name for one in self.former}))

    def values(self, kind: str) -> tuple[str, ...]:
        """Return the identifiers of a kind."""
        return tuple(value for name, value in self.identifiers if name == kind)


def party_of(entity: Entity, store: Store) -> Party:
    """Return what a store knows of an entity."""
    records = list(store.records(entity=entity.id))
    told = {pair for each in (entity, *(record.entity for record in records)) for pair in each.identifiers}
    former = dict.fromkeys(one for record in records for one in record.former_names)
    gone = {one.name for one in former}
    names = dict.fromkeys(name for each in (entity, *(record.entity for record in records)) for name in each.aliases)
    return Party(
        entity,
        ontology().identifiers_of(entity.id, told),
        tuple(sorted(name for name in names if name != entity.name and name not in gone)),
        tuple(former),
        _first(records, "country"),
        _first(records, "legal_form"),
        _first(records, "start"),
        _first(records, "end"),
        _first(records, "is_active"),
        tuple(sorted({topic for record in records for topic in record.topics})),
        tuple(sorted({sector for record in records for sector in record.sectors})),
        tuple(dict.fromkeys(address for record in records for address in record.addresses)),
    )


def _first(records: Sequence[RegisterRecord], name: str) -> Any:
    return next((value for record in records if (value := getattr(record, name)) is not None), None)


class Unsaid:
    """Counts what a format cannot say, for each reason.

    >>> unsaid = Unsaid("BODS")
    >>> unsaid.claim("relation competes-with has no term in BODS")
    >>> list(unsaid.notes())
    ['1 claim left out: relation competes-with has no term in BODS']

    """

    def __init__(self, form: str) -> None:
        self.form = form
        self._claims: Counter[str] = Counter()
        self._parts: Counter[str] = Counter()

    def claim(self, reason: str) -> None:
        """Count a claim that is left out."""
        self._claims[reason] += 1

    def part(self, reason: str) -> None:
        """Count a part of a claim, or of an entity, that is left out or changed."""
        self._parts[reason] += 1

    def notes(self) -> Iterator[str]:
        """Yield a line for each reason, claims first, the most frequent first."""
        for reason, count in _ordered(self._claims):
            yield f"{count} claim{'s' * (count != 1)} left out: {reason}"
        for reason, count in _ordered(self._parts):
            yield f"{count} × {reason}"

    def is_sayable(self, claim: Claim, relations: frozenset[str], modalities: frozenset[str]) -> bool:
        """Whether a format with some relations and modalities can say a claim; it is counted where it cannot."""
        if isinstance(claim.object, Figure):
            self.claim(f"figures ({claim.relation}) have no term in {self.form}")
        elif claim.relation not in relations:
            self.claim(f"relation {claim.relation} has no term in {self.form}")
        elif claim.modality.value not in modalities:
            self.claim(f"what is {claim.modality} has no term in {self.form}")
        elif not {end.type for end in claim.entities} <= AGENTS:
            self.claim(f"a {' or '.join(sorted({e.type for e in claim.entities} - AGENTS))} has no term in {self.form}")
        else:
            return True
        return False


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def sayable_terms(claim: Claim, terms: frozenset[str], unsaid: Unsaid) -> None:
    """Count the terms of a claim that a format cannot say.

    Args:
        claim: the claim.
        terms: those that it can.
        unsaid: counts.

    """
    for name in claim.qualifiers.terms():
        if name not in terms:
            unsaid.part(f"term {name} has no place in {unsaid.form}")


def sayable_parts(party: Party, parts: frozenset[str], unsaid: Unsaid) -> None:
    """Count what registers say of an entity and a format cannot say; `parts` are the fields of `Party` that it can.

    Of the days of former names no format here has more than the names.
    """
    for name, what in _PARTS.items():
        if name not in parts and getattr(party, name) not in {None, ()}:
            unsaid.part(f"{what} has no place in {unsaid.form}")
    if any(one.start or one.end for one in party.former):
        unsaid.part(f"days of a former name have no place in {unsaid.form}")
