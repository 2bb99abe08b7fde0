"""Fit what the gate weighs: which texts are about business, and how sure a proposal is.

Learnt from what the reader proposes on marked texts: a proposal is right where gold has its edge. Passages of the part
``train`` teach, with real texts that are marked or judged; those of ``calibrate`` turn the scores into probabilities
(Platt, "Probabilistic outputs for support vector machines", 1999); those of ``frozen`` are scored and never fitted to.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.evaluation.fit import Sample, fit
from kg.evaluation.matching import RELATIONS, Key
from kg.evaluation.passages import Passage, part_of, read_half, read_judged, read_marked, read_passages
from kg.extract.confidence import RIGHT, WRONG, log_odds
from kg.extract.doubts import doubts, topic, with_own_terms
from kg.extract.proposal import Parsed
from kg.extract.reader import READERS, hear, parse
from kg.extract.reasons import MEANINGS
from kg.extract.signs import signs
from kg.model import Document, Outcome
from kg.resolve import Resolver

__all__ = [
    "Labelled",
    "Material",
    "calibration",
    "confidence_weights",
    "labelled",
    "material",
    "platt",
    "read",
    "thresholds",
    "topic_weights",
]


_REAL, _JUDGED, _GOLD = 5, 3, 9
"""Times that a real text with a tie, a proposal in a real text and one in gold count: there are few of them."""
_LEAST = 0.03
"""The smallest weight of a sign that is kept."""
_TOPIC_STRENGTH, _STRENGTH = 10.0, 1.0
"""Inverse of the regularisation's weight, chosen by cross-validation."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A proposal that the gate would let through, with its signs, and whether gold has its edge."""

    passage: str
    lang: str
    relation: str
    signs: set[str]
    edge: Key
    right: bool
    core: bool


def read(passage: Passage) -> Parsed:
    """Parse a passage as a build would."""
    published = (passage.published or "").partition(" ")[0] or None
    return parse(Document(passage.id, passage.text, passage.lang, published), Resolver().kind)


@dataclass(frozen=True, slots=True)
class Material:
    """Marked texts: passages by part, and real texts that are marked or judged, of which `gold` may be read."""

    train: tuple[Passage, ...]
    calibrate: tuple[Passage, ...]
    frozen: tuple[Passage, ...]
    real: tuple[Passage, ...]
    gold: tuple[Passage, ...]


def material(shared: Path) -> Material:
    """Read the marked texts below a folder; what is kept for measuring is left out."""
    passages = list(read_passages(shared / "passages"))
    marked = list(read_marked(shared / "marked" / "read", shared))
    # Of the judged texts, those with complete marks are read as such, and those kept for scoring not at all.
    kept = list(read_marked(shared / "marked" / "measure", shared))
    names = {str(passage.gold["text_file"]).removeprefix("texts/") for passage in (*marked, *kept) if passage.gold}
    judged = [passage for passage in read_judged(shared / "texts") if passage.id not in names]
    parts = {part: tuple(p for p in passages if part_of(p.id) == part) for part in ("train", "calibrate", "frozen")}
    gold = tuple(read_half(read_marked(shared / "gold", shared)))
    return Material(parts["train"], parts["calibrate"], parts["frozen"], (*marked, *judged), gold)


def topic_weights(held: Material) -> dict[str, Any]:
    """Fit which texts are about business: those that state a tie."""
    samples: list[Sample] = []
    for passage in (*held.train, *held.real, *held.gold):
        real = passage.has_ties and passage not in held.train
        samples.extend(
            [(topic.words(read(passage)), "business" if passage.has_ties else "other")] * (_REAL if real else 1)
        )
    return fit(samples, strength=_TOPIC_STRENGTH)


def confidence_weights(held: Material) -> dict[str, Any]:
    """Fit which signs tell right proposals from wrong ones."""
    samples: list[Sample] = []
    for passages, times in ((held.train, 1), (held.real, _JUDGED), (held.gold, _GOLD)):
        for passage in passages:
            samples += [(one.signs, RIGHT if one.right else WRONG) for one in labelled(passage)] * times
    return fit(samples, strength=_STRENGTH, least=_LEAST)


def calibration(held: Material) -> dict[str, Any]:
    """Return slope, offset and thresholds for the weights in use, from the passages kept for that."""
    found = [one for passage in held.calibrate for one in labelled(passage)]
    slope, offset = platt([log_odds(one.signs) for one in found], [one.right for one in found])
    odds = [slope * log_odds(one.signs) + offset for one in found]
    return {"slope": slope, "offset": offset, "least": thresholds([1 / (1 + math.exp(-value)) for value in odds])}


def labelled(passage: Passage) -> list[Labelled]:
    """Return what the reader proposes in a passage and no doubt refuses or sends to review, each right or wrong."""
    parsed = read(passage)
    # As `kg.extract.reader.doubted` has them: a figure of another clause is no sign of its tie.
    proposals = [with_own_terms(proposal, parsed) for proposal in hear(parsed, READERS).proposals]
    if not proposals:
        return []
    business = topic.business(parsed)
    found = []
    for proposal, against in zip(proposals, doubts(proposals, parsed, business), strict=True):
        doubted = any(MEANINGS[reason][0] is not Outcome.ADMITTED for reason in (*proposal.doubts, *against))
        if proposal.object is None or proposal.relation not in RELATIONS or doubted:
            continue
        verdict = passage.verdict(proposal.subject.name, proposal.relation, proposal.object.name)
        if verdict is not None and proposal.evidence[0][0] < passage.limit:
            told = signs(proposal, parsed, proposals, business)
            found.append(Labelled(passage.id, passage.lang, proposal.relation, told, *verdict))
    return found


def platt(scores: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Return slope and offset that turn scores (log odds) into calibrated log odds."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit([[score] for score in scores], list(right))
    return round(float(model.coef_[0][0]), 3), round(float(model.intercept_[0]), 3)


def thresholds(confidences: Sequence[float]) -> list[tuple[float, float]]:
    """Return for each precision, in steps of a hundredth, the least confidence from which claims have it together.

    The precision is the mean of the calibrated confidences above the threshold, which moves less by chance than counts.
    """
    ordered = sorted(confidences, reverse=True)
    found: list[tuple[float, float]] = []
    for hundredths in range(50, 100):
        precision = hundredths / 100
        sums = [sum(ordered[:count]) / count for count in range(1, len(ordered) + 1)]
        able = [ordered[at] for at, mean in enumerate(sums) if mean >= precision]
        if able:
            found.append((precision, round(min(able), 3)))
    return found
