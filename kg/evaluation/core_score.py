"""How the reader does on CORE's sentences that it was not fitted on: ``python -m kg.evaluation.core_score FOLDER``.

Names given: the paragraph model judges the marked pair of each sentence. End to end: the reader finds the names itself,
and claims count whether they are admitted or to review.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.evaluation.core import RELATIONS, SAME, core_items
from kg.evaluation.matching import Key, key
from kg.evaluation.passages import part_of
from kg.extract import read
from kg.extract.paragraph.network import RELATIONS as TOLD
from kg.extract.paragraph.network import network
from kg.extract.paragraph.pieces import encoded
from kg.extract.paragraph.windows import Mark, Window
from kg.model import Document, Entity
from kg.resolve import Resolver

__all__ = ["Score", "end_to_end", "held", "main", "names_given"]

_LEAST = (-2.0, -1.0, 0.0, 1.0, 2.0)
_OURS = frozenset(relation for relation, _ in RELATIONS.values())


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


def held(core: Path) -> list[dict[str, Any]]:
    """Return the sentences that no fit has seen: a fifth, by their ids."""
    return [item for item in core_items(core) if part_of(str(item["id"])) == "frozen" and _differ(item)]


def _differ(item: Mapping[str, Any]) -> bool:
    return bool(item["e1_name"] != item["e2_name"])


def _tie(item: Mapping[str, Any]) -> Key | None:
    """The tie of a sentence between its first and its second name, "1" and "2"."""
    if item["relation"] not in RELATIONS:
        return None
    relation, turned = RELATIONS[item["relation"]]
    first, second = ("1", "2") if bool(item["invert_relation"]) == turned else ("2", "1")
    return key(first, relation, second)


def _window(item: Mapping[str, Any]) -> tuple[Window, str]:
    words = [str(word) for word in item["context"]]
    starts = [sum(len(word) + 1 for word in words[:at]) for at in range(len(words) + 1)]
    text = " ".join(words)
    ends = [(starts[item[f"{end}_start"]], starts[item[f"{end}_end"] + 1] - 1) for end in ("e1", "e2")]
    marks = [Mark(*place, "Company", name) for name, place in enumerate(ends)]
    return Window(((0, len(text)),), tuple(sorted(marks, key=lambda mark: mark.start)), ("1", "2")), text


def names_given(items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[float, Score]]:
    """Yield the score of the paragraph model at several thresholds, one relation a sentence, direction counted."""
    model = network()
    told: list[tuple[float, Key, Key | None]] = []
    for item in items:
        window, text = _window(item)
        code = encoded(window, text, model.model)
        order = {mark.name or 0: code.places[at] for at, mark in enumerate(window.marks) if at in code.places}
        if len(order) < len("12"):
            continue
        pairs = model.pairs(code, {name: [place] for name, place in order.items()}, {})
        best = max(
            (float(row[at]), key(window.names[one], SAME.get(relation, relation), window.names[two]))
            for (one, two), row in zip(pairs.pairs, pairs.scores, strict=True)
            for at, relation in enumerate(TOLD)
            if SAME.get(relation, relation) in _OURS
        )
        told.append((*best, _tie(item)))
    there = sum(_tie(item) is not None for item in items)
    for least in _LEAST:
        said = [(tie, gold) for score, tie, gold in told if score >= least]
        yield least, Score(len(said), sum(tie == gold for tie, gold in said), there)


def end_to_end(items: Sequence[Mapping[str, Any]]) -> Score:
    """Score the whole reader: its ties between names that overlap the marked ones."""
    answered = right = there = 0
    for item in items:
        gold = _tie(item)
        there += gold is not None
        ties = set(_claimed(" ".join(item["context"]), (item["e1_name"], item["e2_name"])))
        answered += len(ties)
        right += gold in ties
    return Score(answered, right, there)


def _claimed(text: str, names: Sequence[str]) -> Iterator[Key]:
    found = read(Document("core", text, "en", None), Resolver().kind)
    for claim in (*found.claims, *found.candidates):
        relation = SAME.get(claim.relation, claim.relation)
        if relation not in _OURS or not isinstance(claim.object, Entity):
            continue
        for first, second in (("1", "2"), ("2", "1")):
            one, two = (names[int(number) - 1] for number in (first, second))
            if _like(claim.subject.name, one) and _like(claim.object.name, two):
                yield key(first, relation, second)


def _like(first: str, second: str) -> bool:
    first, second = first.casefold(), second.casefold()
    return first in second or second in first


def main() -> None:
    """Print both, for the folder that is named."""
    items = held(Path(sys.argv[1]))
    for least, score in names_given(items):
        sys.stdout.write(f"names given, score >= {least:+.0f}: {score}\n")
    sys.stdout.write(f"end to end: {end_to_end(items)}\n")


if __name__ == "__main__":
    main()
