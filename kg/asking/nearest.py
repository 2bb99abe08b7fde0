"""Questions that can be asked, as one would type them, for one that is not understood."""

from collections.abc import Iterator, Sequence
from itertools import islice

from kg.asking.choice import Choice, choose
from kg.asking.names import Names
from kg.asking.reading import Failure, read_question
from kg.asking.tokens import split
from kg.asking.words import Words, words_of
from kg.model import Entity

__all__ = ["nearest"]

_SHOWN = 3
_DAY = "2025-01-01"
"""Some day: whether a question is understood hangs on none."""


def nearest(failure: Failure, names: Names) -> tuple[str, ...]:
    """Return the questions of the catalogue that share the most words with one that failed, with its companies.

    Args:
        failure: the question, and what of it was understood.
        names: those of the graph; some stand where the question names none.

    """
    words = words_of(failure.lang)
    named = [_called(company, names) for company in failure.companies]
    others = (_called(entity, names) for entity in names.by_id.values() if entity.type == "Company")
    called = [*named, *islice((name for name in others if name not in named), 2)]
    scored = sorted(_scored(failure, words, len(named)), key=lambda one: (-one[0], one[1]))
    typed = (_typed(phrase, called) for _, _, phrase in scored)
    return tuple(islice((text for text in typed if _is_understood(text, names, failure.lang)), _SHOWN))


def _is_understood(text: str, names: Names, lang: str) -> bool:
    """Whether a question can be asked of these companies: nobody controls a product."""
    intent = read_question(text, names, _DAY, lang)
    return not isinstance(intent, Failure) and isinstance(choose(intent), Choice)


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


def _called(entity: Entity, names: Names) -> str:
    """Return what names an entity alone: its name, or its id where others share that."""
    return entity.name if len(names.called(entity.name)) == 1 else entity.id


def _typed(phrase: str, names: Sequence[str]) -> str:
    one, other = (*names, "A", "B")[:2]
    return phrase.format(company=one, one=one, other=other)
