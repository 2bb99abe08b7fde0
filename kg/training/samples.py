"""Pairs of names of marked documents, with what the marks say of each: what a refit learns from.

What is right is what it is where the model is made (`kg.evaluation.paragraph`): an ordered pair has a relation if the
marks tie what it names with it and the quote lies in the window that is read. What the marks only accept, and ties that
are told elsewhere, count neither for nor against; where single ties were judged, nothing else does either.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from kg.evaluation.labelled import read
from kg.evaluation.paragraph.examples import Example, example
from kg.evaluation.paragraph.labelled import FITTED, FOUND
from kg.evaluation.paragraph.labels import Marks, labelled, marks_of
from kg.evaluation.passages import Passage
from kg.extract.paragraph.network import Array, network
from kg.extract.paragraph.pieces import encoded
from kg.extract.paragraph.windows import Window, windows

__all__ = ["Samples", "samples"]


@dataclass(frozen=True, slots=True)
class Samples:
    """Pairs of names: what is known of their ends; whether each relation is `right`, and whether it is `judged`.

    The first column of these two is the threshold's, as in `kg.evaluation.paragraph.examples`.
    """

    subject: Array
    object: Array
    right: Array
    judged: Array


def samples(passages: Iterable[Passage]) -> Samples | None:
    """Return the pairs of names in marked documents; None where there are none."""
    found = [one for passage in passages for one in _of(passage)]
    if not found:
        return None
    subject, object_, right, judged = (np.concatenate(rows) for rows in zip(*found, strict=True))
    return Samples(subject, object_, right, judged)


def _of(passage: Passage) -> Iterator[tuple[Array, Array, Array, Array]]:
    parsed, model, marks = read(passage), network(), marks_of(passage)
    for window in windows(parsed.document, parsed.text):
        told = example(labelled(window, marks, FITTED[0], FOUND), model.model)
        if told is not None and window.body[0] < passage.limit:
            ends = model.ends(encoded(window, passage.text, model.model), dict(enumerate(told.names)))
            places = {pair: at for at, pair in enumerate(ends.pairs)}
            rows = [places[pair] for pair in told.pairs]
            judged = _judged(told, window, marks)
            kept = judged[:, 1:].any(1)
            yield ends.subject[rows][kept], ends.object[rows][kept], told.targets.right[kept], judged[kept]


def _judged(told: Example, window: Window, marks: Marks) -> Array:
    """Which relations of the pairs of a window are judged: all that the marks tell, or the rejected ones beside."""
    passage = marks.passage
    if passage.gold is None or passage.rejected is None:
        return told.targets.judged
    against = replace(marks, passage=replace(passage, gold={**passage.gold, "relations": passage.gold["rejected"]}))
    wrong = example(labelled(window, against, FITTED[0], FOUND), network().model)
    judged = np.array(told.targets.right if wrong is None else np.maximum(told.targets.right, wrong.targets.right))
    judged[:, 0] = told.targets.judged[:, 0]
    return judged
