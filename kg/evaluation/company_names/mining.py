"""Names of other companies that the fitted weights take for the same: what a search for a name would bring up first."""

from collections import defaultdict
from collections.abc import Sequence

from kg.evaluation.company_names.pairs import NamePair
from kg.resolve.names.form import NameForm, normalise
from kg.resolve.names.scoring import score

__all__ = ["mistaken"]

_MOST_OTHERS = 120
_MOST_COMMON = 150
"""Words of more names than this bring up too many."""


def mistaken(names: Sequence[str], count: int) -> list[NamePair]:
    """Return for each of the first `count` names the other company's that scores best.

    >>> [pair.second for pair in mistaken(["Zeltan Energy", "Zeltan Rubber", "Korba"], 1)]
    ['Zeltan Rubber']

    """
    forms = [normalise(name) for name in names]
    by_word: dict[str, list[int]] = defaultdict(list)
    for at, form in enumerate(forms):
        for word in set(form.words):
            by_word[word].append(at)
    by_letters: dict[str, list[int]] = defaultdict(list)
    for at, form in enumerate(forms):
        for key in _letters(form):
            by_letters[key].append(at)
    pairs = []
    for form in forms[:count]:
        words = [word for word in set(form.words) if len(by_word[word]) <= _MOST_COMMON]
        others = {at for word in words for at in by_word[word]}
        others |= {at for key in _letters(form) for at in by_letters[key]}
        others = {at for at in others if forms[at].joined != form.joined}
        if len(others) > _MOST_OTHERS:
            others = set(sorted(others)[:: len(others) // _MOST_OTHERS + 1])
        if others:
            best = max(sorted(others), key=lambda at: score(form, forms[at]).probability)
            pairs.append(NamePair(form.name, forms[best].name, same=False, kind="best scored other name"))
    return pairs


def _letters(form: NameForm) -> tuple[str, ...]:
    """What names have in common whose first words look alike."""
    word = form.words[0] if form.words else ""
    return (f"{word[:3]}…", f"{word[:1]}…{word[-3:]}") if len(word) > 3 else ()  # noqa: PLR2004
