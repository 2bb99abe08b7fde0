"""Rows that name nobody: sums, lumps of holders or customers, own shares, regions, "Customer A"."""

import functools
import re
from itertools import chain

from kg.extract.capitals import LEGAL_FORM
from kg.extract.lexicon import LANGUAGES, Lexicon
from kg.extract.tables.heads import NAMES, head_of, holds, listed, phrases_in, words_of

__all__ = ["is_total", "is_unnamed"]

_FORM = re.compile(rf"(?:{LEGAL_FORM.pattern}|plc)(?!\w)")
_BRACKET = re.compile(r"^(?P<outside>[^()]*[^()\s])\s*\((?P<inside>[^()]*)\)?$")
_ORDINAL = re.compile(r"\d+(?:er|re|e|è|ème|eme|st|nd|rd|th)")


def is_total(text: str, lexicon: Lexicon, *, of_holders: bool = False) -> bool:
    """Whether a row sums up or lumps together: "Total", « Autres actionnaires », "Rest of world", "Retail customers".

    In a table of shareholders (`of_holders`) "Total Dorvan" is the sum of what several hold for Dorvan, and
    "Zeltan Corp (treasury shares)" are shares that nobody else holds.

    >>> from kg.extract.lexicon import load
    >>> is_total("Total shareholders", load("en")), is_total("Total SE", load("en"))
    (True, False)
    >>> is_total("Rest of world", load("en")), is_total("Europe (hors France)", load("fr"))
    (True, True)
    """
    bracket = _BRACKET.match(text)
    outside, inside = (bracket["outside"], bracket["inside"]) if bracket else (text, "")
    if of_holders and (_sums_holders(outside) or _are_own(outside, inside)):
        return True
    return _sums(words_of(outside), lexicon) or (bracket is not None and _sums(words_of(text), lexicon))


def _sums_holders(text: str) -> bool:
    words = words_of(text)
    named = " ".join(text.split()[1:])
    behind = words[1:] if words[:1] in {("group",), ("groupe",)} else words
    is_lump = _begins(words, "lump_of_holders") or _begins(behind, "lump_of_holders")
    return is_lump or (words[:1] == ("total",) and not _FORM.fullmatch(named))


def _are_own(outside: str, inside: str) -> bool:
    """Whether a row is of shares that their issuer holds."""
    words = words_of(inside)
    within = words_of(outside), words
    if any(holds(those, phrase) for those in within for phrase in _in_all("own_shares")):
        return True
    return any(phrase == words[: len(phrase)] for phrase in _in_all("own_aside"))


def _sums(words: tuple[str, ...], lexicon: Lexicon) -> bool:
    if words[:1] and words[0].isdigit() and head_of(" ".join(words[1:]), lexicon).role in NAMES:
        # "10 largest customers"
        return True
    for phrase in listed(lexicon.lang, "total"):
        rest = words[len(phrase) :]
        if words[: len(phrase)] == phrase and (len(phrase) > 1 or all(_is_common(word, lexicon) for word in rest)):
            return True
    return _begins(words, "lump_of") or _is_lump(words, lexicon)


def _is_lump(words: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether words are all general ones, and one of them at least is of markets, regions or sorts of people."""
    lumps, places = _words_in_all("lump"), lexicon.cues.get("names.countries", frozenset())
    if " ".join(words) in places:
        return True
    told = any(word in lumps for word in words) or (len(words) > 1 and all(word in places for word in words[:1]))
    return told and all(
        word in lumps or word in places or _is_filler(word, lexicon) or _is_role(word, lexicon) or word.isdigit()
        for word in words
    )


def _begins(words: tuple[str, ...], name: str) -> bool:
    return any(words[: len(phrase)] == phrase for phrase in _in_all(name))


@functools.cache
def _in_all(name: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a list in every language: French reports say "free float"."""
    return tuple(phrase for lang in LANGUAGES for phrase in listed(lang, name))


@functools.cache
def _words_in_all(name: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(_in_all(name)))


def is_unnamed(text: str, lexicon: Lexicon) -> bool:
    """Whether words stand for somebody whom the source does not name: "Customer A", « Premier client ».

    >>> from kg.extract.lexicon import load
    >>> is_unnamed("Direct Customer B", load("en")), is_unnamed("Customer Bank Inc.", load("en"))
    (True, False)
    """
    words = words_of(text)
    roles = set(chain.from_iterable(listed(lexicon.lang, "unnamed")))
    ordinals = set(chain.from_iterable(listed(lexicon.lang, "ordinal")))
    named = [word for word in words if word in roles or word.removesuffix("s") in roles]
    rest = [word for word in words if word not in named and word not in ordinals and not _ORDINAL.fullmatch(word)]
    return bool(named) and all(len(word) == 1 or word.isdigit() or _is_filler(word, lexicon) for word in rest)


def _is_filler(word: str, lexicon: Lexicon) -> bool:
    return phrases_in(lexicon.lang).get((word,)) == frozenset()


def _is_role(word: str, lexicon: Lexicon) -> bool:
    """Whether a word says what somebody is to another: "customers", "shareholders"."""
    lists = phrases_in(lexicon.lang).get((word,), frozenset())
    return word == "%" or bool(lists & (set(NAMES) - {"name"}))


def _is_common(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is one of heads and totals: no part of a name."""
    totals = chain.from_iterable(listed(lexicon.lang, "total"))
    return word.isdigit() or (word,) in phrases_in(lexicon.lang) or word in totals or word in _words_in_all("lump")
