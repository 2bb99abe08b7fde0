"""Questions that can be asked, as one would type them, for one that is not understood."""

from collections.abc import Iterator, Sequence

from kg.asking.reading import Failure
from kg.asking.tokens import split
from kg.asking.words import Words, words_of

__all__ = ["nearest"]

_SHOWN = 3


def nearest(failure: Failure, examples: Sequence[str]) -> tuple[str, ...]:
    """Return the questions of the catalogue that share the most words with one that failed, with its companies.

    Args:
        failure: the question, and what of it was understood.
        examples: names of the graph, which stand where the question names none.

    """
    words = words_of(failure.lang)
    named = [company.name for company in failure.companies]
    names = [*named, *(name for name in examples if name not in named)]
    scored = sorted(_scored(failure, words, len(named)), key=lambda one: (-one[0], one[1]))
    return tuple(_typed(phrase, names) for _, _, phrase in scored[:_SHOWN])


def _scored(failure: Failure, words: Words, named: int) -> Iterator[tuple[float, int, str]]:
    for at, (_, phrase) in enumerate(words.says):
        lemmas = {lemma for token in split(phrase, words) if _tells(token.lower, words) for lemma in token.lemmas}
        shared = len(lemmas & failure.lemmas) / (len(lemmas) or 1)
        takes = phrase.count("{")
        yield shared - abs(takes - named) * 0.1, at, phrase


def _tells(word: str, words: Words) -> bool:
    """Whether a word tells which question it is."""
    plain = {*words.lists["filler"], *words.lists["asks"], "company", "other", "one"}
    auxiliary = words.of_form(word) & {"be", "have", "do", "être", "avoir", "est-ce"}
    return word not in plain and not auxiliary and (word,) not in words.prepositions


def _typed(phrase: str, names: Sequence[str]) -> str:
    one, other = (*names, "A", "B")[:2]
    return phrase.format(company=one, one=one, other=other)
