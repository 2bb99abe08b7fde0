"""Fit what the gate weighs: which texts are about business, and how sure a proposal is.

Learnt from what the reader proposes on marked texts: a proposal is right where gold has its edge. Passages of the part
``train`` teach, with real texts that are marked or judged; those of ``calibrate`` turn the scores into probabilities
(Platt, "Probabilistic outputs for support vector machines", 1999); those of ``frozen`` are scored and never fitted to.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.evaluation.fit import Sample, fit
from kg.evaluation.labelled import labelled, read, thresholds
from kg.evaluation.passages import Passage, read_half, read_judged, read_marked, read_passages
from kg.extract.confidence import RIGHT, WRONG
from kg.extract.doubts import topic
from kg.extract.rules import Rules

__all__ = ["PASSAGES", "Material", "calibration", "confidence_weights", "logistic", "material", "topic_weights"]

PASSAGES = Path("ontology/corpus/passages")
"""The passages that come with the project."""
_REAL, _JUDGED, _GOLD = 5, 3, 9
"""Times that a real text with a tie, a proposal in a real text and one in gold count: there are few of them."""
_LEAST = 0.03
"""The smallest weight of a sign that is kept."""
_FOLDS, _FREEDOM = 5, 0.5
_TOPIC_STRENGTH, _STRENGTH = 10.0, 1.0
"""Inverse of the regularisation's weight, chosen by cross-validation."""


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
    passages = [*read_passages(shared / "passages"), *read_passages(PASSAGES)]
    marked = list(read_marked(shared / "marked" / "read", shared))
    # Of the judged texts, those with complete marks are read as such, and those kept for scoring not at all.
    kept = list(read_marked(shared / "marked" / "measure", shared))
    names = {str(passage.gold["text_file"]).removeprefix("texts/") for passage in (*marked, *kept) if passage.gold}
    judged = [passage for passage in read_judged(shared / "texts") if passage.id not in names]
    parts = {part: tuple(p for p in passages if p.part == part) for part in ("train", "calibrate", "frozen")}
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
    """Fit which signs tell right proposals of the rules from wrong ones.

    What the paragraph model says of a passage that it was fitted on is no sample: there it is nearly always right.
    """
    samples: list[Sample] = []
    for passages, times in ((held.train, 1), (held.real, _JUDGED), (held.gold, _GOLD)):
        for passage in passages:
            told = labelled(passage, readers=(Rules(),))
            samples += [(one.signs, RIGHT if one.right else WRONG) for one in told] * times
    return fit(samples, strength=_STRENGTH, least=_LEAST)


def calibration(held: Material) -> dict[str, Any]:
    """Return the weights of the measures and the thresholds, from the passages kept for that.

    The thresholds are those of confidences that come from the other passages, fold by fold.
    """
    found = [one for passage in held.calibrate for one in labelled(passage)]
    told = [one.measures for one in found]
    right = [one.right for one in found]
    passages = sorted({one.passage for one in found})
    fold_of = {passage: at % _FOLDS for at, passage in enumerate(passages)}
    confidences = [0.0] * len(found)
    for fold in range(_FOLDS):
        inside = [at for at, one in enumerate(found) if fold_of[one.passage] != fold]
        weights, offset = logistic([told[at] for at in inside], [right[at] for at in inside])
        for at, one in enumerate(found):
            if fold_of[one.passage] == fold:
                odds = offset + sum(weights.get(name, 0.0) * value for name, value in told[at].items())
                confidences[at] = 1 / (1 + math.exp(-odds))
    weights, offset = logistic(told, right)
    return {"measures": weights, "offset": offset, "least": thresholds(confidences)}


def logistic(measures: Sequence[Mapping[str, float]], right: Sequence[bool]) -> tuple[dict[str, float], float]:
    """Return the weights of measures, and an offset, that turn them into calibrated log odds."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    table = DictVectorizer(sparse=False)
    rows = table.fit_transform([dict(one) for one in measures])
    model = LogisticRegression(C=_FREEDOM, max_iter=2000).fit(rows, list(right))
    names = table.get_feature_names_out()
    weights = {str(name): round(float(weight), 4) for name, weight in zip(names, model.coef_[0], strict=True)}
    return weights, round(float(model.intercept_[0]), 4)
