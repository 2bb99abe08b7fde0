"""What a company's name consists of: words that tell it apart, places, numbers, its legal form."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.resolve.folding import fold
from kg.resolve.names.spelling import expanded, spelled
from kg.resolve.names.tables import legal_forms, vocabulary, word_weights

__all__ = ["NameForm", "normalise"]

_GROUP_WEIGHT = 0.12
"""What a word like Group tells: groups and their parents are called alike."""
_LETTER_WEIGHT = 0.3
_SERIAL_AFTER = frozenset({"class", "compartment", "fund", "lot", "plan", "portfolio", "series", "tranche", "trust"})
_LONE_ROMANS = frozenset({"i", "v", "x"})
_LONGEST_PLACE = 3
_LONGEST_FORM = 5
_WITH_ANOTHER = frozenset({"co", "company", "corp", "corporation"})
"""Forms that stand before another one, which registers leave out: X Co., Ltd. is X Co. too."""
_LEAST_MENDED, _MENDED = 6, 5
"""Letters from which on a word may be a mistyped legal form, and how many of the last words are looked at."""
_LEAST_LIKE = 0.82


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name, prepared for comparison by `normalise`.

    Attributes:
        name: as it was written.
        key: `kg.resolve.fold` of it, which the ids of entities are made of.
        words: the words that tell it from others, in their order and in one spelling each; group words among them.
        weights: how much each of these words tells, 0 to 1: rare words more than common ones.
        known: those of them that other companies' names hold too.
        numbers: numbers and letters that number a series ("Fund II", "2004-1"), in figures and in their order.
        written: the same words as the name spells them ("intl").
        places: codes of the places named ("de" for Germany, Deutschland, German), each with its words.
        legal: codes of its legal forms ("gmbh"), in their order.
        joined: all that it is made of but the legal form, as it is spelled, without spaces.
        initials: the first letters of its words, with and without words like "of".
        spellings: words that have an umlaut (muller), each as it is spelled without (mueller).
        is_foreign: whether letters outside Latin had to be transliterated.

    """

    name: str
    key: str = field(repr=False)
    words: tuple[str, ...]
    weights: tuple[float, ...] = field(repr=False)
    known: frozenset[str] = field(default=frozenset(), repr=False)
    written: tuple[str, ...] = field(default=(), repr=False)
    numbers: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict, hash=False)
    legal: tuple[str, ...] = ()
    joined: str = field(default="", repr=False)
    initials: frozenset[str] = field(default=frozenset(), repr=False)
    spellings: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False, hash=False)
    is_foreign: bool = False

    @property
    def distinctiveness(self) -> float:
        """How much the name tells by itself: below 1 its words are so common that other companies share them.

        >>> normalise("Management Company").distinctiveness < 1 < normalise("Zeltan Korba").distinctiveness
        True

        """
        return sum(self.weights)


def _tail(words: Sequence[str]) -> tuple[int, str | None]:
    """Return how many words at the end of a name are a legal form, or its state, and the form's code."""
    forms = legal_forms()
    if not words or (words[-1] not in forms.ends and len(words[-1]) > 1):
        return 0, None
    for length in range(min(forms.longest, len(words) - 1), 0, -1):
        phrase = tuple(words[-length:])
        code = forms.codes.get(phrase)
        if code is None and 1 < length <= _LONGEST_FORM and all(len(word) == 1 for word in phrase):
            code = forms.codes.get(("".join(phrase),))  # NOVO NORDISK A S
        if code is not None or phrase in forms.state:
            return length, code
    return 0, None


def _strip_tail(words: list[str]) -> list[str]:
    """Take legal forms off the end of a name, in place; return their codes."""
    codes: list[str] = []
    while True:
        length, code = _tail(words)
        if not length and len(words) > 1 and len(words[-1]) >= _LEAST_MENDED:
            length, code = _tail([*words[:-_MENDED], *map(_mended, words[-_MENDED:])])
        if not length:
            return codes
        if code is not None:
            codes.append(code)
            if length > 1 and words[-length] in _WITH_ANOTHER:
                codes.append(legal_forms().codes[(words[-length],)])
        del words[-length:]


@functools.lru_cache(maxsize=65536)
def _mended(word: str) -> str:
    """Return the word of a legal form that a word is mistyped for, or the word as it is."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    long = legal_forms().words
    if len(word) < _LEAST_MENDED or word in long or word in word_weights()[0]:
        return word
    best = process.extractOne(word, long, scorer=OSA.normalized_similarity, score_cutoff=_LEAST_LIKE)
    return word if best is None else best[0]


def _strip_head(words: list[str]) -> list[str]:
    """Take a legal form off the head of a name, or from within, in place; return their codes."""
    forms, codes = legal_forms(), []
    for start in range(len(words)):
        # Words are taken out on the way.
        if start >= len(words) or words[start] not in forms.begins:
            continue
        for length in range(min(forms.longest, len(words) - 1 - start), 0, -1):
            phrase = tuple(words[start : start + length])
            if phrase in forms.within or (start == 0 and phrase in forms.head):
                codes.append(forms.codes.get(phrase, phrase[0]))
                del words[start : start + length]
                break
    return codes


def _take_places(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the words that are no places, and the codes of the places with their words."""
    places, begins, left, found, at = vocabulary().places, vocabulary().place_begins, [], {}, 0
    while at < len(words):
        if words[at] not in begins:
            left.append(words[at])
            at += 1
            continue
        for length in range(min(_LONGEST_PLACE, len(words) - at), 0, -1):
            code = places.get(tuple(words[at : at + length]))
            if code is not None:
                found[code] = "".join(words[at : at + length])
                at += length
                break
        else:
            left.append(words[at])
            at += 1
    return left, found


def _number(words: Sequence[str], at: int) -> str | None:
    """Return the figure that a word stands for where it numbers something, else None."""
    word = words[at]
    if word.isdecimal():
        return word.lstrip("0") or "0"
    if at and (word in vocabulary().currencies or any(c.isdecimal() for c in word)):
        return word
    is_last = at == len(words) - 1
    if len(word) == 1 and at:
        roman = vocabulary().numbers.get(word) if word in _LONE_ROMANS and is_last else None
        before = vocabulary().same.get(words[at - 1], words[at - 1])
        return roman or (word if before in _SERIAL_AFTER else None)
    return vocabulary().numbers.get(word) if len(word) > 1 else None


def _weight(word: str) -> float:
    if word in vocabulary().group:
        return _GROUP_WEIGHT
    weights, most = word_weights()
    return min(weights.get(word, most), _LETTER_WEIGHT if len(word) == 1 else 1.0)


def _sort_words(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the words that name from those that number."""
    naming, numbers = [], []
    for at, word in enumerate(words):
        number = _number(words, at)
        if number is None:
            naming.append(word)
        else:
            numbers.append(number)
    return naming, numbers


def _naming(words: Sequence[str]) -> list[str]:
    """Leave out words that join others; a single letter only between words: it is an initial elsewhere."""
    joining, last = vocabulary().joining, len(words) - 1
    return [
        word
        for at, word in enumerate(words)
        if word not in joining
        or (len(word) == 1 and (at in {0, last} or len(words[at - 1]) == 1 or len(words[at + 1]) == 1))
    ]


def _initials(words: Sequence[str]) -> frozenset[str]:
    all_letters = "".join(word[0] for word in words)
    few = "".join(word[0] for word in words if word not in vocabulary().joining)
    return frozenset(letters for letters in (all_letters, few) if len(letters) > 1)


def _parted(name: str) -> str:
    """Set the legal forms apart that Chinese, Japanese and Korean write without a space."""
    if not name.isascii():
        for form in legal_forms().unparted:
            name = name.replace(form, f" {form} ")
    return name


def normalise(name: str) -> NameForm:
    """Prepare a company's name for comparison with many others.

    Args:
        name: as a register or a text writes it, in any script.

    Returns:
        Its words, places, numbers and legal form. A name without a letter or a figure has no words.

    >>> form = normalise("The Mueller Intl. Holding GmbH & Co. KG")
    >>> form.words, form.legal
    (('mueller', 'international', 'holding'), ('gmbhcokg',))
    >>> normalise("Bain Capital Fund XI, L.P.").numbers, normalise("ООО «Яндекс»").words
    (('11',), ('yandeks',))

    """
    spelling, is_foreign = spelled(_parted(name))
    words = list(spelling)
    legal = [*_strip_tail(words), *_strip_head(words)]
    naming = _naming(words)
    left, places = _take_places(naming)
    written, numbers = _sort_words(left)
    if not written and not numbers and not places:
        written = words or list(spelling)
    plain = tuple(vocabulary().same.get(word, word) for word in written)
    return NameForm(
        name=name,
        key=fold(name),
        words=plain,
        weights=tuple(map(_weight, plain)),
        known=frozenset(word for word in plain if word in word_weights()[0]),
        written=tuple(written),
        numbers=tuple(numbers),
        places=places,
        legal=tuple(dict.fromkeys(legal)),
        joined="".join(naming or words),
        initials=_initials(words),
        spellings=_umlauts(name, plain),
        is_foreign=is_foreign,
    )


@functools.lru_cache(maxsize=4096)
def _one_letter(word: str) -> str:
    for two, one in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")):
        word = word.replace(two, one)
    return word


def _umlauts(name: str, words: Sequence[str]) -> dict[str, str]:
    """Return the words that the name spells with an umlaut, each as it is spelled with two letters."""
    by_one = {_one_letter(word): word for word in words}
    return {by_one[_one_letter(two)]: two for two in expanded(name) if _one_letter(two) in by_one}
