"""What a company's name consists of: words that tell it apart, places, numbers, its legal form."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.resolve.folding import fold
from kg.resolve.names.spelling import expanded, spelled
from kg.resolve.names.tables import Phrase, legal_forms, vocabulary, word_weights

__all__ = ["NameForm", "normalise"]

_GROUP_WEIGHT = 0.12
"""What a word like Group tells: groups and their parents are called alike."""
_LETTER_WEIGHT = 0.3
_SERIAL_AFTER = frozenset({"class", "compartment", "fund", "lot", "plan", "portfolio", "series", "tranche", "trust"})
_LONE_ROMANS = frozenset({"i", "v", "x"})
_LONGEST_PLACE = 3
_LONGEST_FORM = 5


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name, prepared for comparison by `normalise`.

    Attributes:
        name: as it was written.
        key: `kg.resolve.fold` of it, which the ids of entities are made of.
        words: the words that tell it from others, in their order and in one spelling each; group words among them.
        weights: how much each of these words tells, 0 to 1: rare words more than common ones.
        numbers: numbers and letters that number a series ("Fund II", "2004-1"), in figures and in their order.
        places: codes of the places named ("de" for Germany, Deutschland, German).
        legal: codes of its legal forms ("gmbh"), in their order.
        joined: words and numbers without spaces.
        initials: the first letters of its words, with and without words like "of".
        spellings: words that may also be written otherwise (mueller), each with the word of `words` (muller).
        is_foreign: whether letters outside Latin had to be transliterated.

    """

    name: str
    key: str = field(repr=False)
    words: tuple[str, ...]
    weights: tuple[float, ...] = field(repr=False)
    numbers: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
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


def _strip_tail(words: list[str]) -> list[str]:
    """Take legal forms off the end of a name, in place; return their codes."""
    forms, codes = legal_forms(), []
    while len(words) > 1:
        for length in range(min(forms.longest, len(words) - 1), 0, -1):
            phrase = tuple(words[-length:])
            code = forms.codes.get(phrase)
            if code is None and 1 < length <= _LONGEST_FORM and all(len(word) == 1 for word in phrase):
                code = forms.codes.get(("".join(phrase),))  # NOVO NORDISK A S
            if code is not None or phrase in forms.state:
                break
        else:
            break
        del words[-length:]
        if code is not None:
            codes.append(code)
    return codes


def _strip_head(words: list[str]) -> list[str]:
    """Take a legal form off the head of a name, or from within, in place; return their codes."""
    forms, codes = legal_forms(), []
    for start in range(len(words)):
        for length in range(min(forms.longest, len(words) - 1 - start), 0, -1):
            phrase = tuple(words[start : start + length])
            if phrase in forms.within or (start == 0 and phrase in forms.head):
                codes.append(forms.codes.get(phrase, phrase[0]))
                del words[start : start + length]
                break
    return codes


def _take_places(words: list[str]) -> tuple[list[str], set[str]]:
    """Return the words with each place as one word, and the codes of the places."""
    places, left, codes, at = vocabulary().places, [], set(), 0
    while at < len(words):
        for length in range(min(_LONGEST_PLACE, len(words) - at), 0, -1):
            code = places.get(tuple(words[at : at + length]))
            if code is not None:
                codes.add(code)
                left.append(f"@{code}")
                at += length
                break
        else:
            left.append(words[at])
            at += 1
    return left, codes


def _number(words: Sequence[str], at: int) -> str | None:
    """Return the figure that a word stands for where it numbers something, else None."""
    word = words[at]
    if word.isdecimal():
        return word.lstrip("0") or "0"
    if at and any(c.isdecimal() for c in word):
        return word
    is_last = at == len(words) - 1
    if len(word) == 1 and at:
        roman = vocabulary().numbers.get(word) if word in _LONE_ROMANS and is_last else None
        return roman or (word if words[at - 1] in _SERIAL_AFTER else None)
    return vocabulary().numbers.get(word) if at or len(word) > 2 else None  # noqa: PLR2004 - II heads no name


def _weight(word: str) -> float:
    if word.startswith("@"):
        return _GROUP_WEIGHT
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
            naming.append(vocabulary().same.get(word, word))
        else:
            numbers.append(number)
    return naming, numbers


def _initials(words: Sequence[str]) -> frozenset[str]:
    all_letters = "".join(word[0] for word in words)
    few = "".join(word[0] for word in words if word not in vocabulary().joining)
    return frozenset(letters for letters in (all_letters, few) if len(letters) > 1)


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
    parted = name
    for form in legal_forms().unparted:
        if form in parted:
            parted = parted.replace(form, f" {form} ")
    spelling, is_foreign = spelled(parted)
    words = list(spelling)
    legal = _strip_tail(words)
    legal += _strip_head(words)
    placed, places = _take_places(words)
    naming, numbers = _sort_words([word for word in placed if word not in vocabulary().joining] or placed)
    plain = [word for word in naming if not word.startswith("@")]
    if not plain and not numbers and not places:
        plain = list(spelling)
    others = expanded(name)
    return NameForm(
        name=name,
        key=fold(name),
        words=tuple(plain),
        weights=tuple(map(_weight, plain)),
        numbers=tuple(numbers),
        places=frozenset(places),
        legal=tuple(dict.fromkeys(legal)),
        joined="".join([word.lstrip("@") for word in naming] + numbers),
        initials=_initials(words),
        spellings=dict(zip(others, _umlaut_words(others, plain), strict=True)) if others else {},
        is_foreign=is_foreign,
    )


@functools.lru_cache(maxsize=4096)
def _one_letter(word: str) -> str:
    for two, one in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")):
        word = word.replace(two, one)
    return word


def _umlaut_words(others: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return for each word spelled with two letters the word of the name that it is."""
    by_one = {_one_letter(word): word for word in words}
    return [by_one.get(_one_letter(other), other) for other in others]
