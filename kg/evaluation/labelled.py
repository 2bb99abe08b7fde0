"""What the reader proposes in marked passages, each proposal right or wrong by the marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kg.evaluation.matching import RELATIONS, Key
from kg.evaluation.passages import Passage
from kg.extract.doubts import doubts, topic, with_own_terms
from kg.extract.measures import measures
from kg.extract.proposal import Parsed, Reader
from kg.extract.reader import READERS, hear, parse
from kg.extract.signs import signs
from kg.model import Document, Outcome
from kg.reasons import MEANINGS
from kg.resolve import Resolver

__all__ = ["Labelled", "document_of", "labelled", "read", "thresholds"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A proposal that the gate would let through, with its signs, and whether gold has its edge."""

    passage: str
    lang: str
    relation: str
    method: str
    signs: set[str]
    measures: Mapping[str, float]
    edge: Key
    right: bool
    core: bool


def document_of(passage: Passage) -> Document:
    """Return a passage as the document that a build would make of it."""
    published = (passage.published or "").partition(" ")[0] or None
    return Document(passage.id, passage.text, passage.lang, published)


def read(passage: Passage) -> Parsed:
    """Parse a passage as a build would."""
    return parse(document_of(passage), Resolver().kind)


def labelled(passage: Passage, parsed: Parsed | None = None, readers: Sequence[Reader] = READERS) -> list[Labelled]:
    """Return what readers propose in a passage and no doubt refuses or sends to review, each right or wrong.

    `parsed` is the passage where it is parsed already.
    """
    parsed = parsed or read(passage)
    # As `kg.extract.reader.doubted` has them: a figure of another clause is no sign of its tie.
    proposals = [with_own_terms(proposal, parsed) for proposal in hear(parsed, readers).proposals]
    if not proposals:
        return []
    business = topic.business(parsed)
    found: list[Labelled] = []
    for proposal, against in zip(proposals, doubts(proposals, parsed, business), strict=True):
        doubted = any(MEANINGS[reason][0] is not Outcome.ADMITTED for reason in (*proposal.doubts, *against))
        if proposal.object is None or proposal.relation not in RELATIONS or doubted:
            continue
        verdict = passage.verdict(proposal.subject.name, proposal.relation, proposal.object.name)
        if verdict is not None and proposal.evidence[0][0] < passage.limit:
            told = signs(proposal, parsed, proposals, business)
            method = proposal.method.partition("/")[0]
            weighed = measures(proposal, parsed, told, business)
            found.append(Labelled(passage.id, passage.lang, proposal.relation, method, told, weighed, *verdict))
    return found


def thresholds(confidences: Sequence[float]) -> list[tuple[float, float]]:
    """Return for each precision, in steps of a hundredth, the least confidence from which claims have it together.

    The precision is the mean of the calibrated confidences above the threshold, which moves less by chance than counts.
    """
    ordered = sorted(confidences, reverse=True)
    found: list[tuple[float, float]] = []
    sums = [total / count for count, total in enumerate(accumulate(ordered), 1)]
    for hundredths in range(50, 100):
        precision = hundredths / 100
        able = [ordered[at] for at, mean in enumerate(sums) if mean >= precision]
        if able:
            found.append((precision, round(min(able), 3)))
    return found
