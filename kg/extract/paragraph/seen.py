"""What the paragraph model saw in a document: scores of ties, their modality, terms and place, kinds of names."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kg.extract.paragraph.network import (
    KINDS,
    MODALITIES,
    RELATIONS,
    ROLES,
    Array,
    Pairs,
    network,
)
from kg.extract.paragraph.pieces import Encoded, encoded
from kg.extract.paragraph.windows import Mark, Window, windows
from kg.extract.sentence import Sentence
from kg.extract.sentences import Text
from kg.model import Document, Modality

__all__ = ["Seen", "Term", "Tie", "look"]


@dataclass(frozen=True, slots=True)
class Term:
    """A figure or date that belongs to a tie: what it is to it, and how sure that is."""

    role: str
    mark: Mark
    probability: float


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that the model saw: its score (above 0 likelier than not), how it is said, and where.

    `where` holds the sentences that tell it, as places in the document, the telling one first, each with its share of
    the model's attention.
    """

    subject: str
    relation: str
    object: str
    score: float
    modality: Modality
    sure: float
    where: tuple[tuple[tuple[int, int], float], ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All of it: for each ordered pair of names a score a relation, in the model's order, and ties above its floor.

    `kinds` gives for each name the probability of each kind.
    """

    scores: Mapping[tuple[str, str], Array] = field(default_factory=dict)
    ties: Mapping[tuple[str, str, str], Tie] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def score(self, subject: str, relation: str, object_: str) -> float | None:
        """Return the score of a tie between two names; None where they were never read together."""
        scores = self.scores.get((subject, object_))
        return None if scores is None or relation not in RELATIONS else float(scores[RELATIONS.index(relation)])


def look(document: Document, text: Text) -> Seen:
    """Read a document window by window; where two hold the same pair, the higher score counts."""
    scores: dict[tuple[str, str], Array] = {}
    ties: dict[tuple[str, str, str], Tie] = {}
    kinds: dict[str, list[Array]] = defaultdict(list)
    for window in windows(document, text):
        model = network()
        code = encoded(window, document.text, model.model)
        names, figures = _places(window, code)
        if len(names) < len("XY"):
            continue
        told = model.pairs(code, names, figures)
        for number, row in zip(told.names, told.kinds, strict=True):
            kinds[window.names[number]].append(row)
        for (one, two), row in zip(told.pairs, told.scores, strict=True):
            pair = window.names[one], window.names[two]
            scores[pair] = np.maximum(scores[pair], row) if pair in scores else row
        for tie in _ties(told, window, code, text.sentences):
            key = tie.subject, tie.relation, tie.object
            if key not in ties or ties[key].score < tie.score:
                ties[key] = tie
    means = {name: np.mean(rows, axis=0) for name, rows in kinds.items()}
    return Seen(scores, ties, {name: dict(zip(KINDS, map(float, row), strict=True)) for name, row in means.items()})


def _places(window: Window, code: Encoded) -> tuple[Mapping[int, Sequence[int]], Mapping[int, int]]:
    """Where the markers of each name stand, and that of each figure."""
    names: dict[int, list[int]] = defaultdict(list)
    figures: dict[int, int] = {}
    for number, mark in enumerate(window.marks):
        place = code.places.get(number)
        if place is None:
            continue
        if mark.name is None:
            figures[number] = place
        else:
            names[mark.name].append(place)
    return names, figures


def _ties(told: Pairs, window: Window, code: Encoded, sentences: Sequence[Sentence]) -> Iterator[Tie]:
    for at, (pair, kind) in enumerate(told.found):
        one, two = told.pairs[pair]
        sure = int(told.modalities[at].argmax())
        yield Tie(
            window.names[one],
            RELATIONS[kind],
            window.names[two],
            float(told.scores[pair, kind]),
            MODALITIES[sure],
            float(told.modalities[at][sure]),
            _where(told.attention[at], code, sentences),
            tuple(_terms(told.roles[at], told.figures, window)),
        )


def _where(attention: Array, code: Encoded, sentences: Sequence[Sentence]) -> tuple[tuple[tuple[int, int], float], ...]:
    """The sentences that a pair attends to, most first, with their shares."""
    starts = [sentence.start for sentence in sentences]
    shares: dict[int, float] = defaultdict(float)
    for span, share in zip(code.spans, attention, strict=True):
        if span is not None:
            at = int(np.searchsorted(starts, span[0], side="right")) - 1
            if at >= 0:
                shares[at] += float(share)
    ranked = sorted(shares, key=lambda at: (-round(shares[at], 2), at))
    return tuple(((sentences[at].start, sentences[at].end), round(shares[at], 2)) for at in ranked)


def _terms(roles: Array, figures: Sequence[int], window: Window) -> Iterator[Term]:
    """The figures that are likelier a term of the tie than not, each in a role that its kind can have."""
    for number, row in zip(figures, roles, strict=True):
        mark = window.marks[number]
        able = [at for at, role in enumerate(ROLES) if role == mark.kind or (mark.kind == "date" and role in _DATES)]
        best = max(able, key=lambda at: float(row[at]))
        if row[best] > row[0]:
            yield Term(ROLES[best], mark, float(row[best]))


_DATES = frozenset({"start", "end", "as_of"})
