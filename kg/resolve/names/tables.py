"""What kg.resolve.names knows of words: legal forms, spellings of one word, places, numbers, how common a word is.

The tables lie in ``ontology/names``: ``legal-forms.toml`` and ``vocabulary.toml`` are written by hand,
``word-frequencies.json`` is counted in GLEIF's public names (CC0) by ``python -m kg.evaluation.company_names``.
"""

import functools
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.ontology import damaged, turtle

__all__ = ["FREQUENCIES", "LegalForms", "Vocabulary", "legal_forms", "vocabulary", "word_weights"]

FREQUENCIES = "names/word-frequencies.json"
_LEGAL_FORMS = "names/legal-forms.toml"
_VOCABULARY = "names/vocabulary.toml"
_LEAST_SHORT = 8
"""Letters from which on a form of several words is found within a name too."""
_LEAST_LONG = 6
_WITHIN = frozenset({"gmbh", "inc", "limited", "llc", "ltd", "plc", "sarl"})
"""Forms of one word that are no word of anything else."""

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegalForms:
    """Spellings of legal forms, each with its code; the kind of a code; where a spelling may stand; long words.

    `listed` are the forms of companies on exchanges by the country of their ISIN, those of any other under "".
    `begins` are the words with which a form at the head or within begins, `ends` those with which one at the end, or
    its state, ends: most names have none of them.
    """

    codes: Mapping[Phrase, str]
    kinds: Mapping[str, str]
    head: frozenset[Phrase]
    within: frozenset[Phrase]
    state: frozenset[Phrase]
    unparted: tuple[str, ...]
    words: tuple[str, ...]
    longest: int
    listed: Mapping[str, frozenset[str]]
    begins: frozenset[str]
    ends: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that registers write in several ways, and words that say little.

    Attributes:
        same: the one spelling of each word that has several.
        joining: words that are left out.
        group: words for the whole of several companies.
        numbers: number words and Roman numbers, in figures.
        currencies: codes of currencies, which number a share class.
        places: places by their words, each with its code.
        place_begins: the words with which one begins.

    """

    same: Mapping[str, str]
    joining: frozenset[str]
    group: frozenset[str]
    numbers: Mapping[str, str]
    currencies: frozenset[str]
    places: Mapping[Phrase, str]
    place_begins: frozenset[str]


def _toml(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(turtle(name))
    except tomllib.TOMLDecodeError as error:
        raise damaged(name, error) from error


def _inverted(spellings: Mapping[str, list[str]]) -> dict[str, str]:
    return {spelling: word for word, others in spellings.items() for spelling in others}


def _phrases(texts: list[str]) -> frozenset[Phrase]:
    return frozenset(tuple(text.split()) for text in texts)


@functools.cache
def legal_forms() -> LegalForms:
    """Read ``legal-forms.toml``, once in a process; raise `OntologyError` where it is damaged.

    >>> legal_forms().codes["gesellschaft", "mit", "beschrankter", "haftung"], legal_forms().kinds["gmbh"]
    ('gmbh', 'limited')

    """
    table = _toml(_LEGAL_FORMS)
    listed = {country: frozenset(forms) for country, forms in table.pop("listed").items()}
    by_kind = {kind: forms for kind, forms in table.items() if isinstance(forms, dict)}
    codes = {tuple(text.split()): code for forms in by_kind.values() for text, code in _inverted(forms).items()}
    head, state = _phrases(table["head"]), _phrases(table["state"])
    within = frozenset(
        phrase for phrase in codes if phrase[0] in _WITHIN or (len(phrase) > 1 and len("".join(phrase)) >= _LEAST_SHORT)
    )
    return LegalForms(
        codes=codes,
        kinds={code: kind for kind, forms in by_kind.items() for code in forms},
        head=head,
        within=within,
        state=state,
        unparted=tuple(table["unparted"]),
        words=tuple(sorted({word for phrase in codes for word in phrase if len(word) >= _LEAST_LONG})),
        longest=max(map(len, codes)),
        listed={"": listed.pop("elsewhere"), **listed},
        begins=frozenset(phrase[0] for phrase in within | head),
        ends=frozenset(phrase[-1] for phrase in state.union(codes)),
    )


@functools.cache
def vocabulary() -> Vocabulary:
    """Read ``vocabulary.toml``, once in a process; raise `OntologyError` where it is damaged.

    >>> vocabulary().same["intl"], vocabulary().numbers["iv"], vocabulary().places["hong", "kong"]
    ('international', '4', 'hk')

    """
    table = _toml(_VOCABULARY)
    places = {tuple(text.split()): code for text, code in _inverted(table["places"]).items()}
    return Vocabulary(
        same=_inverted(table["same"]),
        joining=frozenset(table["joining"]),
        group=frozenset(table["group"]),
        numbers=_inverted(table["numbers"]),
        currencies=frozenset(table["currencies"]["codes"]),
        places=places,
        place_begins=frozenset(phrase[0] for phrase in places),
    )


@functools.cache
def word_weights() -> tuple[Mapping[str, float], float]:
    """Return how much each word tells, and how much a word does that the table lacks.

    The inverse document frequency (Spärck Jones 1972) over that of a word that no name has, so that 1 is the most.

    >>> weights, most = word_weights()
    >>> weights["fund"] < weights["alstom"] < most
    True

    """
    try:
        table = json.loads(turtle(FREQUENCIES))
        names = int(table["names"])
        counts = {word: int(count) for count, words in table["words"].items() for word in words.split()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(FREQUENCIES, error) from error
    most = math.log(names + 1)
    return {word: 1 - math.log(count + 1) / most for word, count in counts.items()}, 1.0
