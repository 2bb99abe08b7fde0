"""A labelled window as numbers: the pieces that the encoder takes, and what is right of each pair of its names."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kg.evaluation.matching import SYMMETRIC
from kg.evaluation.paragraph.labelled import LabelledWindow, Tie
from kg.extract.paragraph.network import KINDS, MODALITIES, RELATIONS, ROLES, Array
from kg.extract.paragraph.pieces import Encoded, encoded
from kg.model import Modality

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

__all__ = ["Example", "Targets", "example", "fewer"]

_STATUSES = {modality.value: MODALITIES.index(modality) for modality in MODALITIES}
_STATUSES["terminated"] = MODALITIES.index(Modality.ENDED) + 1
"""Gold tells what never came about from what ended, and so does the model, behind it."""
_TIERS = ("mask", "accept", "core")
"""In this order: what must be found counts, whatever else is said of the same pair."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What is right: `right` and `judged` hold for each pair a column for the threshold, then one a relation.

    A tie that may be found is not judged. The others name a pair and what is right of it: `statuses` a relation and its
    modalities, the first the best; `quotes` the pieces that say the tie; `roles` a relation, a figure and its role.
    """

    right: Array
    judged: Array
    statuses: tuple[tuple[int, int, tuple[int, ...]], ...]
    quotes: tuple[tuple[int, tuple[int, ...]], ...]
    roles: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A window as numbers: its pieces, the places of each name's markers and of each figure's, its pairs of names."""

    ids: tuple[int, ...]
    names: tuple[tuple[int, ...], ...]
    figures: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    targets: Targets
    kinds: tuple[tuple[int, int], ...]


def example(labelled: LabelledWindow, model: "SentencePieceProcessor") -> Example | None:
    """Return a window as numbers; None where it has no two names of two parties within what is read at once."""
    code = encoded(labelled.window, labelled.text, model)
    places: dict[int, list[int]] = defaultdict(list)
    for number, mark in enumerate(labelled.marks):
        if mark[3] is not None and number in code.places:
            places[mark[3]].append(code.places[number])
    names = {name: at for at, name in enumerate(sorted(places))}
    figures = [number for number, mark in enumerate(labelled.marks) if mark[3] is None and number in code.places]
    same = {(names[one], names[two]) for one, two in labelled.same if one in names and two in names}
    ends = range(len(names))
    pairs = tuple((one, two) for one in ends for two in ends if one != two and (one, two) not in same)
    if not pairs:
        return None
    return Example(
        code.ids,
        tuple(tuple(places[name]) for name in names),
        tuple(code.places[number] for number in figures),
        pairs,
        _targets(labelled.ties, code, names, pairs, figures),
        tuple((at, KINDS.index(kind)) for name, at in names.items() if (kind := labelled.kinds[name]) is not None),
    )


def fewer(one: Example, most: int, chance: random.Random) -> Example:
    """Return an example with no more pairs than asked for: all that are tied, and others by chance."""
    if len(one.pairs) <= most:
        return one
    told = one.targets
    tied = {row[0] for row in told.statuses} | {row[0] for row in told.quotes} | {row[0] for row in told.roles}
    tied |= {int(pair) for pair in np.flatnonzero(told.right[:, 1:].any(1))}
    others = [pair for pair in range(len(one.pairs)) if pair not in tied]
    kept = sorted(tied | set(chance.sample(others, max(0, min(len(others), most - len(tied))))))
    numbers = {pair: number for number, pair in enumerate(kept)}
    targets = Targets(
        told.right[kept],
        told.judged[kept],
        tuple((numbers[pair], *rest) for pair, *rest in told.statuses),  # type: ignore[misc]
        tuple((numbers[pair], *rest) for pair, *rest in told.quotes),  # type: ignore[misc]
        tuple((numbers[pair], *rest) for pair, *rest in told.roles),  # type: ignore[misc]
    )
    return replace(one, pairs=tuple(one.pairs[pair] for pair in kept), targets=targets)


def _targets(
    ties: Sequence[Tie],
    code: Encoded,
    names: Mapping[int, int],
    pairs: Sequence[tuple[int, int]],
    figures: Sequence[int],
) -> Targets:
    right = np.zeros((len(pairs), 1 + len(RELATIONS)), np.float32)
    judged = np.ones_like(right)
    numbers = {pair: number for number, pair in enumerate(pairs)}
    told = [(tie, RELATIONS.index(tie.relation), pair) for tie, pair in _told(ties, names, numbers)]
    for tie, relation, pair in told:
        if tie.tier == "core":
            right[pair, 1 + relation] = judged[pair, 1 + relation] = 1
        elif not right[pair, 1 + relation]:
            judged[pair, 1 + relation] = 0
    here = [(tie, relation, pair) for tie, relation, pair in told if tie.tier != "mask"]
    return Targets(
        right,
        judged,
        tuple((pair, relation, _modalities(tie)) for tie, relation, pair in here if tie.status in _STATUSES),
        tuple((pair, said) for tie, _, pair in here if (said := _said(tie, code))),
        tuple((pair, relation, *role) for tie, relation, pair in here for role in _roles(tie, figures)),
    )


def _told(
    ties: Sequence[Tie], names: Mapping[int, int], numbers: Mapping[tuple[int, int], int]
) -> Iterator[tuple[Tie, int]]:
    """Yield ties with the pairs that they hold of, tier by tier: of a symmetric relation both ways."""
    for tie in sorted(ties, key=lambda tie: _TIERS.index(tie.tier)):
        if tie.relation in RELATIONS and tie.subject in names and tie.object in names:
            pair = names[tie.subject], names[tie.object]
            for way in (pair, pair[::-1]) if tie.relation in SYMMETRIC else (pair,):
                if way in numbers:
                    yield tie, numbers[way]


def _modalities(tie: Tie) -> tuple[int, ...]:
    return tuple(_STATUSES[status] for status in (tie.status, *tie.also) if status in _STATUSES)


def _said(tie: Tie, code: Encoded) -> tuple[int, ...]:
    """The pieces of the words that say a tie."""
    if tie.quote is None:
        return ()
    first, last = tie.quote
    spans = ((at, span) for at, span in enumerate(code.spans) if span is not None)
    return tuple(at for at, (start, end) in spans if first <= start < end <= last)


def _roles(tie: Tie, figures: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield each figure of the window, with what it is to a tie."""
    if tie.terms is not None:
        said = dict(tie.terms)
        yield from ((at, ROLES.index(said.get(number, ROLES[0]))) for at, number in enumerate(figures))
