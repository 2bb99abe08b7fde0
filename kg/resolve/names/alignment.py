"""Which word of one name answers to which of the other."""

from dataclasses import dataclass
from enum import StrEnum

from kg.resolve.names.form import NameForm
from kg.resolve.names.spelling import skeleton

__all__ = ["Alignment", "Pair", "PairKind", "align"]

_LEAST_LETTERS = 4
"""Shorter words that differ by a letter are other words: BAE and BWI."""
_LEAST_SIMILARITY = 0.74
_LEAST_SHORTENED = 3


class PairKind(StrEnum):
    """In what two words that answer to each other differ."""

    SPACES = "spaces"
    SPELLING = "spelling"
    TYPING = "typing"
    SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class Pair:
    """Words of two names that are likely one, how alike they are (0 to 1), and how much they tell."""

    first: str
    second: str
    kind: PairKind
    similarity: float
    weight: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two names' words: what both have, what is likely the same, and what either has alone.

    Attributes:
        shared: how much the words tell that both have, letter for letter.
        pairs: words that are likely the same.
        first: words that the first name has alone, with how much each tells.
        second: those of the second.
        same_order: whether the shared words stand in the same order.

    """

    shared: float
    pairs: tuple[Pair, ...]
    first: tuple[tuple[str, float], ...]
    second: tuple[tuple[str, float], ...]
    same_order: bool


Words = list[tuple[str, float]]


def align(first: NameForm, second: NameForm) -> Alignment:
    """Pair the words of two names.

    >>> from kg.resolve.names.form import normalise
    >>> result = align(normalise("Delata Electronics"), normalise("Delta Electronics"))
    >>> [(pair.first, pair.second, pair.kind.value) for pair in result.pairs]
    [('delata', 'delta', 'typing')]

    """
    if first.words == second.words:
        return Alignment(sum(first.weights), (), (), (), same_order=True)
    in_second = set(second.words)
    common = in_second.intersection(first.words)
    left = [pair for pair in zip(first.words, first.weights, strict=True) if pair[0] not in common]
    right = [pair for pair in zip(second.words, second.weights, strict=True) if pair[0] not in common]
    shared = sum(weight for word, weight in zip(first.words, first.weights, strict=True) if word in common)
    same_order = [w for w in first.words if w in common] == [w for w in second.words if w in common]
    pairs: list[Pair] = []
    if left and right:
        pairs += _joined(left, right) + _joined(right, left, swapped=True)
        pairs += _respelled(left, right, first, second)
        pairs += _similar(left, right)
    return Alignment(shared, tuple(pairs), tuple(left), tuple(right), same_order)


def _joined(parts: Words, wholes: Words, *, swapped: bool = False) -> list[Pair]:
    """Pair neighbours that the other name writes as one word; take them out of both, in place."""
    pairs, at = [], 0
    by_word = dict(wholes)
    while at < len(parts) - 1:
        both = parts[at][0] + parts[at + 1][0]
        weight = by_word.pop(both, None)
        if weight is None:
            at += 1
            continue
        apart = f"{parts[at][0]} {parts[at + 1][0]}"
        del parts[at : at + 2]
        wholes.remove((both, weight))
        pairs.append(Pair(*((both, apart) if swapped else (apart, both)), PairKind.SPACES, 1.0, weight))
    return pairs


def _respelled(left: Words, right: Words, first: NameForm, second: NameForm) -> list[Pair]:
    """Pair words that differ in an umlaut or in how they are transliterated; take them out of both, in place."""
    pairs = []
    for one in tuple(left):
        for other in right:
            if (
                first.spellings.get(other[0]) == one[0]
                or second.spellings.get(one[0]) == other[0]
                or (len(one[0]) >= _LEAST_LETTERS and skeleton(one[0]) == skeleton(other[0]))
            ):
                pairs.append(Pair(one[0], other[0], PairKind.SPELLING, 1.0, max(one[1], other[1])))
                left.remove(one)
                right.remove(other)
                break
    return pairs


def _likeness(first: str, second: str) -> tuple[float, PairKind]:
    from rapidfuzz.distance import OSA

    short, long = (first, second) if len(first) <= len(second) else (second, first)
    if len(short) >= _LEAST_SHORTENED and long.startswith(short):
        return max(len(short) / len(long), 0.5), PairKind.SHORTENED
    if len(short) < _LEAST_LETTERS:
        return 0.0, PairKind.TYPING
    return OSA.normalized_similarity(first, second, score_cutoff=_LEAST_SIMILARITY), PairKind.TYPING


def _similar(left: Words, right: Words) -> list[Pair]:
    """Pair the most similar words first; take them out of both, in place."""
    likely = sorted(
        (
            (-similarity, one, other, kind)
            for one in left
            for other in right
            for similarity, kind in (_likeness(one[0], other[0]),)
            if similarity
        ),
    )
    pairs = []
    for negative, one, other, kind in likely:
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            pairs.append(Pair(one[0], other[0], kind, -negative, max(one[1], other[1])))
    return pairs
