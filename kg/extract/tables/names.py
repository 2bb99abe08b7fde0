"""Names in the cells of a table: what of a cell is the name, and rows that name nobody."""

import re
from itertools import chain

from kg.extract.lexicon import Lexicon
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import listed, phrases_in, words_of

__all__ = ["is_total", "is_unnamed", "name_in"]

_LONGEST = 250
"""Characters of the longest name, with an address: a longer cell is prose."""
_FOOTNOTE = r"(?>\s*(?:\(\d{1,2}\)|\([a-z]\)|\[\w{1,2}\]|[*†‡§¹²³⁰⁴-⁹]++))"
_MARKS = re.compile(rf"(?:{_FOOTNOTE}(?:\s*,\s*(?=[(\[*]))?)++$")
"""Marks of footnotes behind a name."""
_BULLET = re.compile(r"(?:\d{1,3}[.)]|[-–—•*·▪])\s+")
_ADDRESS = re.compile(
    r"[,;]?\s+(?:c/o\b|\d{1,5}(?:bis|ter)?,?\s+(?=[A-Z]|[a-z]+\s)|P\.?\s?O\.?\s+Box\b"
    r"|One\s+[A-Z]\w+\s+(?:Pl|St|Av|Way|Sq))"
)
"""Where an address begins behind a name, in a column of names and addresses."""
_BRACKET = re.compile(r"\s*\(([^()]*)\)$")
_NO_NAME = re.compile(r"[\W\d_]*")


def name_in(cell: Cell, lexicon: Lexicon, *, has_address: bool = False) -> Cell | None:
    """Return the part of a cell that is a name, without footnote marks, bullets, address and former names.

    >>> from kg.extract.lexicon import load
    >>> name_in(Cell("Zeltan Corp (1)(2)", 40), load("en"))
    Cell(text='Zeltan Corp', start=40)
    """
    text = cell.text if len(cell.text) <= _LONGEST else ""
    bullet = _BULLET.match(text)
    start = bullet.end() if bullet else 0
    if has_address and (address := _ADDRESS.search(text, start + 1)) is not None:
        text = text[: address.start()]
    shorter = ""
    while shorter != text:
        shorter, text = text, _without_former(_MARKS.sub("", text), lexicon).rstrip(" ,;:")
    return None if _NO_NAME.fullmatch(text[start:]) else Cell(text[start:], cell.start + start)


def _without_former(text: str, lexicon: Lexicon) -> str:
    """Return a name without the bracket behind it that tells a former name, or through whom the share is held."""
    bracket = _BRACKET.search(text)
    said = words_of(bracket[1]) if bracket else ()
    leads = listed(lexicon.lang, "formerly")
    return text[: bracket.start()] if bracket and any(said[: len(lead)] == lead for lead in leads) else text


def is_total(text: str, lexicon: Lexicon) -> bool:
    """Whether a row sums up or lumps together: "Total", « Autres actionnaires », "Directors and officers as a group".

    >>> from kg.extract.lexicon import load
    >>> is_total("Total shareholders", load("en")), is_total("Total SE", load("en"))
    (True, False)
    """
    words = words_of(text)
    for phrase in listed(lexicon.lang, "total"):
        rest = words[len(phrase) :]
        if words[: len(phrase)] == phrase and (len(phrase) > 1 or all(_is_common(word, lexicon) for word in rest)):
            return True
    return False


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
    rest = [word for word in words if word not in named and word not in ordinals]
    return bool(named) and all(len(word) == 1 or word.isdigit() or _is_filler(word, lexicon) for word in rest)


def _is_filler(word: str, lexicon: Lexicon) -> bool:
    return phrases_in(lexicon.lang).get((word,)) == frozenset()


def _is_common(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is one of heads and totals: no part of a name."""
    totals = chain.from_iterable(listed(lexicon.lang, "total"))
    return word.isdigit() or (word,) in phrases_in(lexicon.lang) or word in totals
