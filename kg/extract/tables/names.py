"""Names in the cells of a table: what of a cell is the name, and rows that name nobody."""

import re
from itertools import chain

from kg.extract.capitals import LEGAL_FORM
from kg.extract.lexicon import Lexicon
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import NAMES, head_of, listed, phrases_in, words_of

__all__ = ["is_total", "is_unnamed", "name_in", "names_in"]

_LONGEST = 250
"""Characters of the longest name, with an address: a longer cell is prose."""
_FOOTNOTE = r"(?>\s*(?:\(\d{1,2}\)|\([a-z]\)|\[\w{1,2}\]|[*†‡§¹²³⁰⁴-⁹]++))"
_MARKS = re.compile(rf"(?:{_FOOTNOTE}(?:\s*,\s*(?=[(\[*]))?)++$")
"""Marks of footnotes behind a name."""
_LEADER = re.compile(r"(?:\s*(?:\.{3,}|…))+$|(?:\s\.){3,}$")
"""Dots that lead from a name to its figures."""
_COURTESY = re.compile(r"(?:M\.|MM\.|Mmes?|Mlle|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Monsieur|Madame)\s+(?=[A-ZÀ-Ý])")
_BULLET = re.compile(r"(?:\d{1,3}[.)]|[-–—•*·▪])\s+")
_ADDRESS = re.compile(
    r"[,;]?\s+(?:c/o\b|\d{1,5}(?:bis|ter)?,?\s+(?=[A-Z]|[a-z]+\s)|P\.?\s?O\.?\s+Box\b"
    r"|One\s+[A-Z]\w+\s+(?:Pl|St|Av|Way|Sq))"
)
"""Where an address begins behind a name, in a column of names and addresses."""
_LISTING = re.compile(r"(?<=[^\s,;])(?:\s*[,;]\s+(?:(?:and|et)\s+)?|\s+(?:and|et)\s+)(?=\w)")
"""What parts names in a list."""
_FORM = re.compile(rf"(?:{LEGAL_FORM.pattern}|plc|Co\.?|SpA|B\.?V\.?|N\.?V\.?|S\.A\.|L\.?P\.?)(?!\w)")
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
    courtesy = _COURTESY.match(text, start)
    start = courtesy.end() if courtesy else start
    text = _LEADER.sub("", text)
    if has_address and (address := _ADDRESS.search(text, start + 1)) is not None:
        text = text[: address.start()]
    shorter = ""
    while shorter != text:
        shorter, text = text, _without_former(_MARKS.sub("", text), lexicon).rstrip(" ,;:")
    return None if _NO_NAME.fullmatch(text[start:]) else Cell(text[start:], cell.start + start)


def names_in(cell: Cell, lexicon: Lexicon) -> tuple[Cell, ...]:
    """Return the names of a cell that lists several; one where nothing tells that there are more.

    >>> from kg.extract.lexicon import load
    >>> [name.text for name in names_in(Cell("Zeltan Corp, Korba, Inc. and Dorvan", 0), load("en"))]
    ['Zeltan Corp', 'Korba, Inc.', 'Dorvan']
    """
    cuts = [match for match in _LISTING.finditer(cell.text) if not _FORM.match(cell.text, match.end())]
    # "Marks and Spencer" is one: "and" parts two only in a list of more, or behind a legal form.
    marked = any(match[0].lstrip()[0] in ",;" for match in cuts)
    if not cuts or not (marked or all(_FORM.fullmatch(cell.text[: cut.start()].split()[-1]) for cut in cuts)):
        return (cell,)
    starts = [0, *(match.end() for match in cuts)]
    ends = [*(match.start() for match in cuts), len(cell.text)]
    parts = (Cell(cell.text[start:end], cell.start + start) for start, end in zip(starts, ends, strict=True))
    return tuple(name for part in parts if (name := name_in(part, lexicon)) is not None)


def _without_former(text: str, lexicon: Lexicon) -> str:
    """Return a name without the bracket behind it that tells a former name, or through whom the share is held."""
    bracket = _BRACKET.search(text)
    said = words_of(bracket[1]) if bracket else ()
    leads = listed(lexicon.lang, "formerly")
    return text[: bracket.start()] if bracket and any(said[: len(lead)] == lead for lead in leads) else text


def is_total(text: str, lexicon: Lexicon, *, of_holders: bool = False) -> bool:
    """Whether a row sums up or lumps together: "Total", « Autres actionnaires », "Directors and officers as a group".

    In a table of shareholders (`of_holders`) "Total Dorvan" is the sum of what several hold for Dorvan.

    >>> from kg.extract.lexicon import load
    >>> is_total("Total shareholders", load("en")), is_total("Total SE", load("en"))
    (True, False)
    """
    words = words_of(text)
    named = " ".join(text.split()[1:])
    if of_holders and words[:1] == ("total",) and not _FORM.fullmatch(named):
        return True
    if words[:1] and words[0].isdigit() and head_of(" ".join(words[1:]), lexicon).role in NAMES:
        # "10 largest customers"
        return True
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
