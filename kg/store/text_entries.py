"""What the index of texts holds of a document: its sentences and itself, each with what is claimed there."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from kg.judgements import in_force
from kg.model import Claim, Document, Outcome
from kg.reasons import Reason
from kg.store.api import DocumentClaims
from kg.store.sentences import sentences

__all__ = ["NO_CLAIM", "UNJUDGED", "TextEntry", "entries", "source_of"]

NO_CLAIM = "none"
"""The outcome of a sentence in which nothing is claimed, or only what was refused."""
UNJUDGED = "no"
_VERDICTS = {Reason.CONFIRMED: "right", Reason.REJECTED: "wrong"}


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A sentence, or with `is_document` a whole document: characters `start` up to `end` of the text.

    `outcome` is that of its surest claims, "admitted" or "to-review", or `NO_CLAIM`; `claims`, `companies`, `relations`
    and `modalities` are those of these claims. `verdicts` are what people say of any claim there, refused ones too.
    """

    start: int
    end: int
    is_document: bool = False
    outcome: str = NO_CLAIM
    claims: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


def source_of(document: Document) -> str:
    """Return where a document is from: the host of its address, or its own name.

    >>> source_of(Document("a.txt", "", "en", url="https://www.example.org/deal"))
    'example.org'
    """
    try:
        host = urlsplit(document.url or "").hostname
    except ValueError:
        host = None
    return (host or document.id).removeprefix("www.")


@dataclass(slots=True)
class _Place:
    """What is claimed at a place, and what people say of it."""

    claims: dict[str, Claim] = field(default_factory=dict)
    verdicts: set[str] = field(default_factory=set)


def entries(reading: DocumentClaims) -> Iterator[TextEntry]:
    """Yield the entries of a document: itself, then its sentences in order; none of a register's record alone."""
    if reading.records and not reading.claims:
        return
    text = reading.document.text
    spans = list(sentences(text))
    places = _places(reading, spans)
    everywhere = _Place()
    for place in places.values():
        everywhere.claims |= place.claims
        everywhere.verdicts |= place.verdicts
    yield _entry(0, len(text), everywhere, is_document=True)
    for at, (start, end) in enumerate(spans):
        yield _entry(start, end, places.get(at, _Place()))


def _places(reading: DocumentClaims, spans: Sequence[tuple[int, int]]) -> Mapping[int, _Place]:
    """What is claimed in each sentence, by its number; a claim stands in each sentence that a quote of it touches."""
    starts, ends = [start for start, _ in spans], [end for _, end in spans]

    def touched(claim: Claim) -> Iterator[int]:
        for evidence in claim.evidence:
            if evidence.document == reading.document.id:
                yield from range(bisect_right(ends, evidence.start), bisect_left(starts, evidence.end))

    places: defaultdict[int, _Place] = defaultdict(_Place)
    for claim in (*reading.claims, *reading.candidates):
        for at in touched(claim):
            places[at].claims[claim.id] = claim
            places[at].verdicts.update(_VERDICTS[Reason(mark)] for mark in claim.reasons if mark in _VERDICTS)
    text = reading.document.sha256 if reading.judgements else ""
    for judgement in in_force(reading.judgements):
        # In another text its places say nothing; what holds of it there is marked on the claims.
        if judgement.text == text:
            for at in touched(judgement.claim):
                places[at].verdicts.add(judgement.verdict.value)
    return places


def _entry(start: int, end: int, place: _Place, *, is_document: bool = False) -> TextEntry:
    outcome = next((o for o in (Outcome.ADMITTED, Outcome.TO_REVIEW) if _of(place, o)), None)
    claims = () if outcome is None else _of(place, outcome)
    return TextEntry(
        start,
        end,
        is_document=is_document,
        outcome=NO_CLAIM if outcome is None else outcome.value,
        claims=tuple(claim.id for claim in claims),
        companies=_distinct(entity.id for claim in claims for entity in claim.entities),
        relations=_distinct(claim.relation for claim in claims),
        modalities=_distinct(claim.modality.value for claim in claims),
        verdicts=tuple(sorted(place.verdicts)),
    )


def _of(place: _Place, outcome: Outcome) -> tuple[Claim, ...]:
    return tuple(claim for claim in place.claims.values() if claim.outcome is outcome)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
