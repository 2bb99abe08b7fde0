"""A story: what a bundle holds, as one record, out of which all its files are made."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pyoxigraph as ox

from kg.bundle.request import StoryRequest
from kg.errors import InvalidRecord
from kg.export.sources import Source
from kg.judgements import IdentityJudgement, Judgement, Opinion
from kg.model import Claim, Entity, Outcome, claim_order
from kg.ontology import ontology
from kg.view.scenes import Scenes

__all__ = ["Absence", "Conflict", "ConflictKind", "LeftOut", "Story", "ordered_opinions"]


class Absence(StrEnum):
    """Why a claim on the companies of a story is not in it."""

    TO_REVIEW = "to-review"
    """The gate is not sure of it, and nobody has judged it."""
    REFUSED = "refused"
    """The text does not bear it out, or a person called it wrong."""
    OTHER_DATES = "other-dates"
    """It was true before or after the dates of the story."""
    OTHER_CLOCK = "other-clock"
    """It was not known, or not recorded, at the date asked for."""
    NARROWED = "narrowed"
    """The graph was narrowed: to what people accepted, to some kinds of sources, to what is no lead."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A claim that is not in a story, and why."""

    absence: Absence
    claim: Claim

    @property
    def order(self) -> tuple[int, object]:
        """What sorts claims that are left out: by why, then by their dates."""
        return list(Absence).index(self.absence), claim_order(self.claim)


class ConflictKind(StrEnum):
    """In what two people's stories differ."""

    NOTES = "notes"
    """Different notes on one company or claim."""
    JUDGEMENTS = "judgements"
    """One calls a claim right that another calls wrong."""
    IDENTITIES = "identities"
    """One calls two names one company, another two."""
    ENDS = "ends"
    """One sentence, read as one relation, between other companies."""
    READINGS = "readings"
    """A claim that is in one story, and left out of the other on purpose."""
    TEXTS = "texts"
    """A document that has two texts."""
    LAYOUT = "layout"
    """A company that stands in two places."""
    SCENES = "scenes"
    """Two saved views of one name."""
    FRAME = "frame"
    """Other dates, clocks or languages asked for."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What two people's stories say differently of one thing: `on` is its id, `sides` what each says, sorted."""

    kind: ConflictKind
    on: str
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All that a bundle holds.

    `claims` are those of the story, leads to review among them where they were asked for; `day` is the day for which it
    is decided what holds. `sources` are the documents that they quote, `texts` the texts of these by their ids where
    they are included. `left_out` lists claims on its companies that it lacks, `counts` says how many there are of each
    kind, listed or not. `copies` are documents that are one source, a group each; None where that cannot be told.
    `opinions` are what people say of claims in it, or left out, by the claim's id; `words` are the judgements behind
    them, `identities` those of its companies. `base` is the IRI below which things are named.
    """

    request: StoryRequest
    day: str
    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    base: str
    left_out: tuple[LeftOut, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    copies: tuple[tuple[str, ...], ...] | None = ()
    opinions: Mapping[str, tuple[Opinion, ...]] = field(default_factory=dict)
    words: tuple[Judgement, ...] = ()
    identities: tuple[IdentityJudgement, ...] = ()
    scenes: Scenes = field(default_factory=Scenes)
    conflicts: tuple[Conflict, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the day, the base, that relations are known, and that each quote has its document."""
        try:
            dt.date.fromisoformat(self.day)
            ox.NamedNode(self.base)
        except (TypeError, ValueError) as error:
            raise InvalidRecord(f"a story stands for a day and below an IRI: {error}") from error
        for claim in (*self.claims, *(each.claim for each in self.left_out)):
            ontology().relation(claim.relation)
        known = {source.id for source in self.sources}
        for claim in self.claims:
            lost = sorted({evidence.document for evidence in claim.evidence} - known)
            if lost:
                raise InvalidRecord(f"claim {claim.id} quotes '{lost[0]}', which is no document of the story")

    @property
    def admitted(self) -> tuple[Claim, ...]:
        """The claims that the gate admitted: all but leads to review."""
        return tuple(claim for claim in self.claims if claim.outcome is Outcome.ADMITTED)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The companies and other things that its claims name, by id."""
        return {entity.id: entity for claim in self.claims for entity in claim.entities}

    @property
    def by_source(self) -> Mapping[str, Source]:
        """Its documents by their ids."""
        return {source.id: source for source in self.sources}

    def count_sources(self, documents: Sequence[str]) -> int:
        """Return how many independent sources some documents are: copies of one story are one."""
        group = {name: number for number, names in enumerate(self.copies or ()) for name in names}
        return len({group.get(name, name) for name in documents})


def ordered_opinions(opinions: Iterable[Opinion]) -> tuple[Opinion, ...]:
    """Return what people say of a claim, each word once, the oldest first."""
    return tuple(sorted(set(opinions), key=lambda each: (each.at, each.judgement, each.verdict, each.author)))
