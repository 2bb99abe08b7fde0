"""Which word of one name answers to which of the other."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kg.resolve.names.form import NameForm
from kg.resolve.names.spelling import skeleton

__all__ = ["Alignment", "Pair", "PairKind", "Word", "align"]

_LEAST_LETTERS = 4
"""Shorter words that differ by a letter are other words: BAE and BWI."""
_LEAST_SIMILARITY = 0.74
_PLACE_WEIGHT = 0.3
_LEAST_SHORTENED = 3
_LEAST_NAMING = 0.7
"""Words that tell more name their company: nobody cuts them short."""


_NOWHERE: frozenset[str] = frozenset()


class PairKind(StrEnum):
    """In what two words that answer to each other differ."""

    SPACES = "spaces"
    SPELLING = "spelling"
    TYPING = "typing"
    SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class Pair:
    """Words of two names that are likely one: how alike (0 to 1), how much they tell, whether other names hold both."""

    first: str
    second: str
    kind: PairKind
    similarity: float
    weight: float
    is_known: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two names' words: what both have, what is likely the same, and what either has alone.

    Attributes:
        shared: how much the words tell that both have, letter for letter.
        pairs: words that are likely the same.
        first: words that the first name has alone.
        second: those of the second.
        places: codes of the places that the first name has alone, and the second.
        same_order: whether the shared words stand in the same order.

    """

    shared: float
    pairs: tuple[Pair, ...] = ()
    first: tuple["Word", ...] = ()
    second: tuple["Word", ...] = ()
    places: tuple[frozenset[str], frozenset[str]] = (_NOWHERE, _NOWHERE)
    same_order: bool = True


class Word(NamedTuple):
    """A word in its one spelling, how much it tells, as it is written, and the code of the place that it names."""

    text: str
    weight: float
    written: str
    place: str = ""


Words = list[Word]


def align(first: NameForm, second: NameForm) -> Alignment:
    """Pair the words of two names.

    >>> from kg.resolve.names.form import normalise
    >>> result = align(normalise("Delata Electronics"), normalise("Delta Electronics"))
    >>> [(pair.first, pair.second, pair.kind.value) for pair in result.pairs]
    [('delata', 'delta', 'typing')]

    """
    if first.joined == second.joined and first.words != second.words:
        weight = max(sum(first.weights), sum(second.weights))
        pair = Pair(" ".join(first.written), " ".join(second.written), PairKind.SPACES, 1.0, weight, is_known=False)
        return Alignment(0.0, (pair,))
    common = set(second.words).intersection(first.words)
    left, right = _alone(first, second), _alone(second, first)
    shared = sum(first.weights) - sum(word.weight for word in left if not word.place)
    in_order = [w for w in first.words if w in common] == [w for w in second.words if w in common]
    pairs: list[Pair] = []
    if left and right:
        pairs += _joined(left, right) + _joined(right, left, swapped=True)
        pairs += _respelled(left, right, first, second)
        pairs += _similar(left, right, first.known | second.known)
    places = _places(left), _places(right)
    return Alignment(shared, tuple(pairs), _words(left), _words(right), places, in_order)


def _alone(form: NameForm, other: NameForm) -> Words:
    """Words and places that the other name lacks, or has fewer times: Johnson & Johnson has a Johnson more."""
    words: Words = []
    if form.words != other.words:
        left = list(other.words)
        for word in zip(form.words, form.weights, form.written, strict=True):
            if word[0] in left:
                left.remove(word[0])
            else:
                words.append(Word(*word))
    if form.places != other.places:
        words += [
            Word(text, _PLACE_WEIGHT, text, code) for code, text in form.places.items() if code not in other.places
        ]
    return words


def _words(words: Words) -> tuple[Word, ...]:
    return tuple([word for word in words if not word.place])


def _places(words: Words) -> frozenset[str]:
    return frozenset([word.place for word in words if word.place]) if words else _NOWHERE


def _joined(parts: Words, wholes: Words, *, swapped: bool = False) -> list[Pair]:
    """Pair neighbours that the other name writes as one word; take them out of both, in place."""
    pairs, at = [], 0
    by_text = {word.written: word for word in wholes}
    while at < len(parts) - 1:
        whole = by_text.get(parts[at].written + parts[at + 1].written)
        if whole is None or whole not in wholes:
            at += 1
            continue
        apart = f"{parts[at].written} {parts[at + 1].written}"
        del parts[at : at + 2]
        wholes.remove(whole)
        texts = (whole.written, apart) if swapped else (apart, whole.written)
        pairs.append(Pair(*texts, PairKind.SPACES, 1.0, whole.weight, is_known=False))
    return pairs


def _respelled(left: Words, right: Words, first: NameForm, second: NameForm) -> list[Pair]:
    """Pair words that differ in an umlaut, a plural or a transliteration; take them out of both, in place."""
    keys = {key: other for other in right for key in _sounds(other, second)}
    pairs = []
    for one in tuple(left):
        other = next((keys[key] for key in _sounds(one, first) if key in keys), None)
        if other is not None and other in right:
            weight = max(one.weight, other.weight)
            pairs.append(Pair(one.written, other.written, PairKind.SPELLING, 1.0, weight, is_known=False))
            left.remove(one)
            right.remove(other)
    return pairs


def _sounds(word: Word, form: NameForm) -> tuple[str, ...]:
    """What a word may be written as, in letters that are alike where two spellings are one word."""
    text = word.text
    other = form.spellings.get(text)
    if len(text) < _LEAST_LETTERS:
        return (text,) if other is None else (text, other)
    sound = skeleton(text).removesuffix("s")
    return (sound,) if other is None else (sound, skeleton(other).removesuffix("s"))


@functools.cache
def _similarity() -> Callable[..., float]:
    """Optimal string alignment: letters added, left out, changed or swapped with the next one."""
    from rapidfuzz.distance import OSA

    return OSA.normalized_similarity


def _likeness(first: Word, second: Word) -> tuple[float, PairKind]:
    if first.place and second.place:
        return 0.0, PairKind.TYPING
    short, long = (first, second) if len(first.written) <= len(second.written) else (second, first)
    is_shortened = len(short.written) >= _LEAST_SHORTENED and long.written.startswith(short.written)
    if is_shortened and long.weight < _LEAST_NAMING and not long.place:
        return max(len(short.written) / len(long.written), 0.5), PairKind.SHORTENED
    if len(short.written) < _LEAST_LETTERS:
        return 0.0, PairKind.TYPING
    likeness = _similarity()(first.written, second.written, score_cutoff=_LEAST_SIMILARITY)
    return likeness, PairKind.TYPING


def _similar(left: Words, right: Words, known: frozenset[str]) -> list[Pair]:
    """Pair the most similar words first; take them out of both, in place."""
    likely = []
    for one in left:
        for other in right:
            similarity, kind = _likeness(one, other)
            if similarity:
                likely.append((-similarity, one, other, kind))
    likely.sort()
    pairs = []
    for negative, one, other, kind in likely:
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            is_known = (one.text in known or bool(one.place)) and (other.text in known or bool(other.place))
            weight = max(one.weight, other.weight)
            pairs.append(Pair(one.written, other.written, kind, -negative, weight, is_known))
    return pairs
