"""What is measured on a pair of names: few numbers with a meaning each, which one logistic regression weighs."""

from collections.abc import Sequence

from kg.resolve.names.alignment import Alignment, PairKind, Word
from kg.resolve.names.form import NameForm
from kg.resolve.names.tables import legal_forms

__all__ = ["FEATURES", "is_acronym", "measure"]

FEATURES = (
    "share",
    "shared",
    "replaced_most",
    "replaced_words",
    "alone_most",
    "alone_words",
    "alone_thin",
    "alone_group_formal",
    "typing",
    "typing_pairs",
    "typing_known",
    "typing_head",
    "typing_short",
    "typing_thin",
    "spelling",
    "shortened",
    "numbers_differ",
    "number_missing",
    "places_differ",
    "place_missing",
    "legal_differ",
    "legal_kind_differs",
    "joined",
)
"""Their names, in the order in which `measure` gives them:

share               of all that the words tell, what both names have, 0 to 1
shared              how much the shared words tell, up to 3
replaced_most       how much the word tells that stands in the place of something else of the other
replaced_words      how many words stand in the place of others, up to 3
alone_most          how much the word tells that tells most of those that one name has alone
alone_words         how many words one name has more, not counting those for a group, up to 3
alone_thin          1 where there are such and what is shared tells less than one and a half rare words
alone_group_formal  words for a group (Holding) that one name has alone, where both have a legal form
typing              how much typing errors change, weighted by what the words tell
typing_pairs        how many pairs of words differ by a typing error
typing_known        pairs that do and are both words of other names
typing_head         pairs that do in their first letter
typing_short        1 / letters of words that do
typing_thin         such pairs where what is shared letter for letter tells less than a rare word
spelling            pairs that differ in transliteration, umlauts or spaces
shortened           how much of a word is cut off, weighted
numbers_differ      both have numbers, and others
number_missing      one has
places_differ       both name places, and others
place_missing       one does
legal_differ        both have forms, and none in common
legal_kind_differs  … and not even of one kind
joined              equal without spaces
"""

_MOST_SHARED = 3.0
_GROUP = 0.13
_THIN = 1.5
_MOST_WORDS = 3
_COMPANY = ({"co", "inc"}, {"co", "corp"})
"""The American forms before which Co is left out at will: McCormick & Company, MCCORMICK & CO INC."""
_NO_PAIRS = (0.0,) * 8


def is_acronym(first: NameForm, second: NameForm) -> bool:
    """Whether one of two names is a word made of the other's first letters.

    >>> from kg.resolve.names.form import normalise
    >>> is_acronym(normalise("SG"), normalise("Société Générale"))
    True

    """
    return _abbreviates(first, second) or _abbreviates(second, first)


def _abbreviates(short: NameForm, long: NameForm) -> bool:
    return len(short.words) == 1 and len(long.words) > 1 and short.words[0] in long.initials


def _differ(first: frozenset[str], second: frozenset[str]) -> tuple[float, float]:
    """Return whether both have something alone, and whether one of them has."""
    return float(bool(first and second)), float(bool(first) != bool(second))


def _numbers(first: Sequence[str], second: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the numbers that either has alone."""
    if first == second:
        return frozenset(), frozenset()
    return frozenset(first).difference(second), frozenset(second).difference(first)


def _legal(first: NameForm, second: NameForm) -> tuple[float, float]:
    """Whether both have a legal form and none in common, and not even of one kind."""
    both = {*first.legal, *second.legal}
    if not (first.legal and second.legal) or set(first.legal) & set(second.legal) or both in _COMPANY:
        return 0.0, 0.0
    kinds = legal_forms().kinds
    is_one_kind = not {kinds.get(code) for code in first.legal}.isdisjoint(kinds.get(code) for code in second.legal)
    if is_one_kind and first.is_foreign != second.is_foreign:
        return 0.0, 0.0  # OOO in Russian letters is LLC in Latin ones
    return 1.0, float(not is_one_kind)


def measure(first: NameForm, second: NameForm, alignment: Alignment) -> tuple[float, ...]:
    """Return the features of a pair in the order of `FEATURES`."""
    is_joined = first.joined == second.joined
    return (
        *_alone(alignment),
        _group_words(first, second, alignment),
        *_pairs(alignment),
        *((0.0, 0.0) if is_joined else _differ(*_numbers(first.numbers, second.numbers))),
        *_differ(*alignment.places),
        *_legal(first, second),
        float(is_joined),
    )


def _alone(alignment: Alignment) -> tuple[float, ...]:
    """What the names share, and what either has alone."""
    one, one_most, one_words = _side(alignment.first)
    other, other_most, other_words = _side(alignment.second)
    matched = paired = alignment.shared
    for pair in alignment.pairs:
        matched += pair.weight * pair.similarity
        paired += pair.weight
    everything = 2 * paired + one + other
    more = abs(one_words - other_words)
    return (
        2 * matched / everything if everything else 0.0,
        min(matched, _MOST_SHARED),
        min(one_most, other_most),
        float(min(one_words, other_words, _MOST_WORDS)),
        max(one_most, other_most),
        float(min(more, _MOST_WORDS)),
        float(more > 0 and matched < _THIN),
    )


def _side(words: Sequence[Word]) -> tuple[float, float, int]:
    """How much words tell together, the most that one tells, and how many there are but for those for a group."""
    total, most, count = 0.0, 0.0, 0
    for word in words:
        weight = word.weight
        total += weight
        most = max(most, weight)
        count += weight > _GROUP
    return total, most, count


def _group_words(first: NameForm, second: NameForm, alignment: Alignment) -> float:
    if not (first.legal and second.legal):
        return 0.0
    return float(sum(word.weight <= _GROUP for side in (alignment.first, alignment.second) for word in side))


def _pairs(alignment: Alignment) -> tuple[float, ...]:
    """In what paired words differ."""
    if not alignment.pairs:
        return _NO_PAIRS
    typing = [pair for pair in alignment.pairs if pair.kind is PairKind.TYPING]
    spelling = [pair for pair in alignment.pairs if pair.kind in {PairKind.SPACES, PairKind.SPELLING}]
    shortened = [pair for pair in alignment.pairs if pair.kind is PairKind.SHORTENED]
    return (
        sum(pair.weight * (1 - pair.similarity) for pair in typing),
        float(len(typing)),
        float(sum(pair.is_known for pair in typing)),
        float(sum(pair.first[0] != pair.second[0] for pair in typing)),
        sum(1 / max(len(pair.first), len(pair.second)) for pair in typing),
        float(len(typing)) if alignment.shared < 1 else 0.0,
        float(len(spelling)),
        sum(pair.weight * (1 - pair.similarity) for pair in shortened),
    )
