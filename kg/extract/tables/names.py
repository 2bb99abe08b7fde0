"""Names in the cells of a table: what of a cell is the name."""

import re

from kg.extract.capitals import LEGAL_FORM
from kg.extract.lexicon import Lexicon
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import listed, words_of

__all__ = ["name_in", "names_in"]

_LONGEST = 250
"""Characters of the longest name, with an address: a longer cell is prose."""
_FOOTNOTE = r"(?>\s*(?:\(\d{1,2}\)|\([a-z]\)|\[\w{1,2}\]|[*†‡§¹²³⁰⁴-⁹]++))"
_MARKS = re.compile(rf"(?:{_FOOTNOTE}(?:\s*,\s*(?=[(\[*]))?)++$")
"""Marks of footnotes behind a name."""
_LEADER = re.compile(r"\s*(?:\.{3}|…)[.…\s]*$|(?:\s\.){3,}$")
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
_GLUED = re.compile(
    r"(?<=Inc\.|Ltd\.)\d{1,2}$|(?<=Corp\.)\d{1,2}$|(?<=\b(?:Ltd|plc|LLC|SAS))\d{1,2}$|(?<=\bSA)\d{1,2}$"
)
"""The number of a footnote that has lost its raised place: "Zeltan Inc.1"."""
_PART = re.compile(
    r"(?:(?:dont|including|incl\.|of which|o/w)\s*:?\s+"
    r"|\d{1,3}(?:[.,]\d+)?\s?%\s+(?:of|de|du|des)\s+(?:the\s+)?)(?=[A-ZÀ-Ý])"
)
"""What tells that a row is a part of the one above, or that a part of the one named is meant: "51% of Zeltan Corp"."""
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
    for led in (_PART, _COURTESY):
        lead = led.match(text, start)
        start = lead.end() if lead else start
    text = _LEADER.sub("", text)
    if has_address and (address := _ADDRESS.search(text, start + 1)) is not None:
        text = text[: address.start()]
    shorter = ""
    while shorter != text:
        shorter, text = text, _without_former(_GLUED.sub("", _MARKS.sub("", text)), lexicon).rstrip(" ,;:")
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
