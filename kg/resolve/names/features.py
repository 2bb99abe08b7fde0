"""What is measured on a pair of names: few numbers with a meaning each, which one logistic regression weighs."""

from collections.abc import Sequence

from kg.resolve.names.alignment import Alignment, PairKind
from kg.resolve.names.form import NameForm
from kg.resolve.names.tables import legal_forms

__all__ = ["FEATURES", "is_acronym", "measure"]

FEATURES = (
    "share",
    "shared",
    "replaced",
    "replaced_most",
    "extra",
    "extra_alone",
    "typing",
    "typing_pairs",
    "typing_rare",
    "spelling",
    "shortened",
    "numbers_differ",
    "number_missing",
    "places_differ",
    "place_missing",
    "legal_same",
    "legal_differ",
    "legal_kind_differs",
    "other_order",
    "letters",
    "joined",
    "acronym",
    "first_word",
    "nothing_alone",
)
"""Their names, in the order in which `measure` gives them:

share               of all that the words tell, what both names have, 0 to 1
shared              how much the shared words tell, up to 3
replaced            how much of either name stands in the place of something else of the other
replaced_most       the same of the word that tells most
extra               how much one name tells more than the other
extra_alone         the same where the other name has nothing of its own: it is contained
typing              how much typing errors change, weighted by what the words tell
typing_pairs        how many pairs of words differ by a typing error
typing_rare         how much the words tell that do
spelling            pairs that differ in transliteration, umlauts or spaces
shortened           how much of a word is cut off, weighted
numbers_differ      both have numbers, and others
number_missing      one has
places_differ       both name places, and others
place_missing       one does
legal_same          a legal form in common
legal_differ        both have forms, and none in common
legal_kind_differs  … and not even of one kind
other_order         the shared words stand in another order
letters             1 less the share of letters to change (without spaces), 0 to 1
joined              equal without spaces
acronym             one is made of the other's first letters
first_word          both begin alike
nothing_alone       neither has a word of its own
"""

_MOST_SHARED = 3.0


def is_acronym(first: NameForm, second: NameForm) -> bool:
    """Whether one of two names is a word made of the other's first letters.

    >>> from kg.resolve.names.form import normalise
    >>> is_acronym(normalise("SG"), normalise("Société Générale"))
    True

    """
    return _abbreviates(first, second) or _abbreviates(second, first)


def _abbreviates(short: NameForm, long: NameForm) -> bool:
    return len(short.words) == 1 and len(long.words) > 1 and short.words[0] in long.initials


def _total(words: Sequence[tuple[str, float]]) -> float:
    return sum(weight for _, weight in words)


def _differ(first: Sequence[str] | frozenset[str], second: Sequence[str] | frozenset[str]) -> tuple[float, float]:
    """Return whether both are there and differ, and whether one is there alone."""
    if first == second:
        return 0.0, 0.0
    if first and second:
        contained = set(first) <= set(second) or set(second) <= set(first)
        return (0.0, 1.0) if contained else (1.0, 0.0)
    return 0.0, 1.0


def _legal(first: NameForm, second: NameForm) -> tuple[float, float, float]:
    if not (first.legal and second.legal):
        return 0.0, 0.0, 0.0
    if set(first.legal) & set(second.legal):
        return 1.0, 0.0, 0.0
    kinds = legal_forms().kinds
    share_kind = {kinds.get(code) for code in first.legal} & {kinds.get(code) for code in second.legal}
    return 0.0, 1.0, float(not share_kind)


def measure(first: NameForm, second: NameForm, alignment: Alignment) -> tuple[float, ...]:
    """Return the features of a pair in the order of `FEATURES`."""
    from rapidfuzz.distance import Levenshtein

    alone = _total(alignment.first), _total(alignment.second)
    paired = sum(pair.weight * pair.similarity for pair in alignment.pairs)
    matched = alignment.shared + paired
    everything = 2 * alignment.shared + 2 * sum(pair.weight for pair in alignment.pairs) + sum(alone)
    typing = [pair for pair in alignment.pairs if pair.kind is PairKind.TYPING]
    extra = abs(alone[0] - alone[1])
    is_contained = not (alignment.first and alignment.second)
    most = [max((weight for _, weight in words), default=0.0) for words in (alignment.first, alignment.second)]
    return (
        2 * matched / everything if everything else 0.0,
        min(matched, _MOST_SHARED),
        min(alone),
        min(most),
        extra,
        extra if is_contained else 0.0,
        sum(pair.weight * (1 - pair.similarity) for pair in typing),
        float(len(typing)),
        sum(pair.weight for pair in typing),
        float(sum(pair.kind in {PairKind.SPACES, PairKind.SPELLING} for pair in alignment.pairs)),
        sum(pair.weight * (1 - pair.similarity) for pair in alignment.pairs if pair.kind is PairKind.SHORTENED),
        *_differ(first.numbers, second.numbers),
        *_differ(first.places, second.places),
        *_legal(first, second),
        float(not alignment.same_order),
        Levenshtein.normalized_similarity(first.joined, second.joined),
        float(first.joined == second.joined),
        float(is_acronym(first, second)),
        float(first.words[:1] == second.words[:1]),
        float(not alignment.first and not alignment.second),
    )
