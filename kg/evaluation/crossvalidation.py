"""How the learned reader does on CORE: ``python -m kg.evaluation.crossvalidation FOLDER``.

Names given: the weights are fitted on four fifths of CORE's sentences and the corpus, and judge the
last fifth, five times over. End to end: the reader as it is shipped finds the names itself; its
learned part has seen these sentences, its rules have not.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.evaluation.core import OURS, SAME, core_items, core_sentences, label_of, ruled
from kg.evaluation.fit import Sample, fit, pair_samples, sentences
from kg.extract import pairs, read
from kg.extract.lexicon import load
from kg.extract.linear import Linear
from kg.extract.pairs import label
from kg.model import Document, Entity
from kg.resolve import Resolver

__all__ = ["Score", "end_to_end", "main", "predictions"]

_FOLDS = 5
_LEAST = (0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Score:
    """Of what was said: how much is right; of what is there: how much was said."""

    said: int
    right: int
    there: int

    def __str__(self) -> str:
        """Return precision, recall and F1."""
        precision, recall = self.right / max(self.said, 1), self.right / max(self.there, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        return f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  (said {self.said}, there {self.there})"


def predictions(samples: Sequence[Sample], beside: Sequence[Sample]) -> list[tuple[str, str, float]]:
    """Return for each sample its class, the likeliest relation and its probability, fitted without it.

    `beside` are samples that every fold learns from.
    """
    order = list(range(len(samples)))
    random.Random(0).shuffle(order)  # noqa: S311 - a fixed order, nothing to guess
    judged: dict[int, tuple[str, str, float]] = {}
    for fold in range(_FOLDS):
        held = set(order[fold::_FOLDS])
        weights = fit([*(s for at, s in enumerate(samples) if at not in held), *beside])
        model = Linear(tuple(weights["classes"]), tuple(weights["bias"]), weights["features"])
        for at in held:
            sure = model.probabilities(samples[at][0])
            best = max((c for c in range(len(sure)) if model.classes[c] != pairs.NONE), key=lambda c: sure[c])
            judged[at] = samples[at][1], model.classes[best], sure[best]
    return [judged[at] for at in range(len(samples))]


def _scores(judged: Sequence[tuple[str, str, float]], least: float, *, directed: bool) -> Score:
    def bare(name: str) -> str:
        return name if directed else name.rstrip("<>")

    answers = [(bare(gold), bare(best)) for gold, best, sure in judged if sure >= least]
    there = sum(gold != pairs.NONE for gold, _, _ in judged)
    return Score(len(answers), sum(gold == best for gold, best in answers), there)


def end_to_end(core: Path) -> Score:
    """Score the shipped reader on CORE's marked pairs: claims between names that overlap the marked ones."""
    answered = right = there = 0
    for item in core_items(core):
        gold = label_of(item)
        there += gold != pairs.NONE
        ends = [item["e1_name"], item["e2_name"]]
        if item["e1_start"] > item["e2_start"]:
            ends.reverse()
        labels = set(_claimed(" ".join(item["context"]), ends))
        answered += len(labels)
        right += gold in labels
    return Score(answered, right, there)


def _claimed(text: str, ends: Sequence[str]) -> Iterator[str]:
    for claim in read(Document("core", text, "en", None), Resolver().kind).claims:
        relation = SAME.get(claim.relation, claim.relation)
        if relation not in OURS or not isinstance(claim.object, Entity):
            continue
        for subject_first, (first, second) in ((True, ends), (False, ends[::-1])):
            if _like(claim.subject.name, first) and _like(claim.object.name, second):
                yield label(relation, subject_first=subject_first)


def _like(first: str, second: str) -> bool:
    first, second = first.casefold(), second.casefold()
    return first in second or second in first


def main() -> None:
    """Print both, for the folder that is named."""
    core = Path(sys.argv[1])
    beside = [s for item in sentences(Path("ontology/corpus")) if item.lang == "en" for s in pair_samples(item)]
    marked = [(pairs.features(p, load("en")), label_of(item), ruled(p)) for p, item in core_sentences(core)]
    judged = predictions([(features, gold) for features, gold, _ in marked], beside)
    by_rule = [rule for _, _, rule in marked]
    both = [
        judgement if rule == pairs.NONE else (judgement[0], rule, 1.0)
        for judgement, rule in zip(judged, by_rule, strict=True)
    ]
    rules = [(gold, rule, float(rule != pairs.NONE)) for (_, gold, rule) in marked]
    sys.stdout.write(f"rules alone, names given, with direction: {_scores(rules, 1.0, directed=True)}\n")
    for directed in (True, False):
        for least in _LEAST:
            way = "with" if directed else "without"
            for name, of in (("learned", judged), ("rules and learned", both)):
                score = _scores(of, least, directed=directed)
                sys.stdout.write(f"{name}, names given, {way} direction, p >= {least}: {score}\n")
    sys.stdout.write(f"end to end, with direction: {end_to_end(core)}\n")


if __name__ == "__main__":
    main()
