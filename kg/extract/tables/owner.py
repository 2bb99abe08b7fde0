"""Whose table it is: the one that has the customers, shareholders or subsidiaries that the rows name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.sentences import Text
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import words_of
from kg.extract.tables.layout import about
from kg.extract.tables.names import name_in
from kg.extract.tables.table import Table

__all__ = ["Owner", "owner"]

_COMPANY = frozenset({"Company"})
_HEADING_WORDS = 14
_HEAD = 2
"""Sentences that are the head of a text."""
_POSSESSIVE = re.compile(r"['’]s?\b")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who the filer of a table is, the characters that say so, and whether they leave no doubt."""

    mention: Mention
    place: tuple[int, int]
    is_sure: bool


def owner(table: Table, text: Text, lexicon: Lexicon) -> Owner | None:
    """Return whose table it is, None where nothing tells.

    Surest is a caption that says both what is listed and of whom ("Subsidiaries of Zeltan Corp"), or speaks of "our"
    customers; then a line above that is a name and nothing else, then who files the text. A company that a heading
    names otherwise, or the head of the text, is a guess.
    """
    captions = [(cell, _companies(cell, table)) for cell in table.layout.captions]
    topical = [(cell, companies) for cell, companies in captions if about(cell.text, lexicon)]
    for cell, companies in topical:
        if text.filer is not None and _speaks_of_filer(cell, lexicon):
            return _of_filer(text.filer, text)
        owning = [mention for mention in companies if _owns(mention, cell, lexicon)]
        if len({mention.name for mention in owning}) == 1:
            return Owner(owning[0], (cell.start, cell.end), is_sure=True)
    for cell, companies in captions:
        whole = name_in(cell, lexicon)
        if companies and whole is not None and companies[0].place == (whole.start, whole.end):
            return Owner(companies[0], (cell.start, cell.end), is_sure=True)
    if text.filer is not None:
        return _of_filer(text.filer, text)
    return next(_guesses(captions, text), None)


def _guesses(captions: list[tuple[Cell, list[Mention]]], text: Text) -> Iterator[Owner]:
    for cell, companies in captions:
        if len({mention.name for mention in companies}) == 1 and len(cell.text.split()) <= _HEADING_WORDS:
            yield Owner(companies[0], (cell.start, cell.end), is_sure=False)
    for sentence in text.sentences[:_HEAD]:
        for mention in sentence.mentions:
            if mention.fits(_COMPANY):
                yield Owner(mention, (sentence.start, sentence.end), is_sure=False)


def _companies(cell: Cell, table: Table) -> list[Mention]:
    return [m for m in table.caption_names if cell.start <= m.start < cell.end and m.fits(_COMPANY)]


def _speaks_of_filer(cell: Cell, lexicon: Lexicon) -> bool:
    words = words_of(cell.text)
    titled = re.search(r"\b(?:the|la|le|du|de la)\s(?:Company|Group|Société|Groupe)\b", cell.text, re.IGNORECASE)
    return lexicon.says("reference.first_person", *words) or titled is not None


def _owns(mention: Mention, cell: Cell, lexicon: Lexicon) -> bool:
    """Whether a caption says that the list is of the one it names: "of X", "X's", or it begins with the name."""
    at = mention.start - cell.start
    before, behind = words_of(cell.text[:at]), cell.text[at + len(mention.text) :]
    leads = {words_of(word) for word in lexicon.cues["tables.owns"]} | {("the",), ("groupe",), ("group",)}
    return not before or before[-1:] in leads or _POSSESSIVE.match(behind) is not None


def _of_filer(filer: Mention, text: Text) -> Owner:
    sentence = text.sentence_at(filer.start)
    place = filer.place if sentence is None else (sentence.start, sentence.end)
    return Owner(filer, place, is_sure=True)
