"""Whose table it is: the one that has the customers, shareholders or subsidiaries that the rows name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.capitals import LEGAL_FORM
from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.proposal import End
from kg.extract.sentences import Text
from kg.extract.tables.captions import about
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import UNKNOWN, head_of, listed, words_of
from kg.extract.tables.names import name_in
from kg.extract.tables.party import without_form
from kg.extract.tables.table import Table

__all__ = ["Owner", "owner"]

_COMPANY = frozenset({"Company"})
_HEADING_WORDS = 14
_NEAR = 2
"""Lines above a table whose names may tell of whom it is."""
_HEAD = 2
"""Sentences that are the head of a text."""
_FORM = re.compile(
    rf",? {LEGAL_FORM.pattern}(?![^\W\d_])|,? (?:plc|Plc|Co\.|KGaA|S\.A\.|B\.V\.|N\.V\.|SpA)(?![^\W\d_])"
)
"""A legal form behind a name."""
_POSSESSIVE = re.compile(r"['’]s?\b")


@dataclass(frozen=True, slots=True)
class Owner:
    """Who the filer of a table is, the characters that say so, and whether they leave no doubt."""

    end: End
    place: tuple[int, int]
    is_sure: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """A company in a caption: its name, from its first word up to its legal form."""

    name: str
    start: int
    mention: Mention

    @property
    def end(self) -> End:
        own = self.name == self.mention.text
        full = self.mention.full if own else None
        name = self.mention.name if own else self.name
        return End(name, "Company", self.start, self.start + len(self.name), antecedent=full)


def owner(table: Table, text: Text, lexicon: Lexicon) -> Owner | None:
    """Return whose table it is, None where nothing tells.

    A threshold notice tells the holders of one company. Else surest is a caption that says both what is listed and of
    whom ("Subsidiaries of Zeltan Corp"), or speaks of "our" customers; then a line above that is a name and nothing
    else, then who files the text. A company that a heading names otherwise, or the head of the text, is a guess.
    """
    if text.issuer is not None and table.layout.topic == "shareholder":
        return Owner(_end(text.issuer), text.issuer.place, is_sure=True)
    captions = [(cell, _companies(cell, table, lexicon)) for cell in table.layout.captions]
    told = _of_captions(captions, text, lexicon)
    if told is None and text.filer is not None:
        others = [one for _, companies in captions[:_NEAR] for one in _others(companies, text)]
        told = _of_filer(text.filer, text, is_sure=not others)
    return told or next(_guesses(captions, text), None)


def _of_captions(captions: Sequence[tuple[Cell, list[_Named]]], text: Text, lexicon: Lexicon) -> Owner | None:
    """Return whose table it is where a caption tells."""
    for cell, companies in captions:
        if not about(cell.text, lexicon):
            continue
        others = _others(companies, text)
        told_of = next((one for one in others if _is_meant(one, cell, lexicon)), None)
        if told_of is not None:
            return Owner(told_of.end, (cell.start, cell.end), is_sure=False)
        if text.filer is not None and _speaks_of_filer(cell, lexicon):
            return _of_filer(text.filer, text, is_sure=not others)
        owning = [company for company in companies if _owns(company, cell, lexicon)]
        if len({company.name for company in owning}) == 1:
            return Owner(owning[0].end, (cell.start, cell.end), is_sure=True)
    for cell, companies in captions:
        whole = name_in(cell, lexicon)
        if companies and whole is not None and companies[0].name.rstrip(".") == whole.text.rstrip("."):
            return Owner(companies[0].end, (cell.start, cell.end), is_sure=True)
    return None


def _others(companies: Sequence[_Named], text: Text) -> list[_Named]:
    """The companies of a caption that are not the one who files the text."""
    if text.filer is None:
        return []
    own = {without_form(name) for name in (text.filer.name, text.filer.text)}
    return [company for company in companies if without_form(company.name) not in own]


def _is_meant(company: _Named, cell: Cell, lexicon: Lexicon) -> bool:
    """Whether a word ties what is listed to a company named before: "We bought Zeltan Corp. Its customers were:"."""
    behind = words_of(cell.text[company.start - cell.start + len(company.name) :])
    return any((word,) in listed(lexicon.lang, "possessive") for word in behind)


def _guesses(captions: Sequence[tuple[Cell, list[_Named]]], text: Text) -> Iterator[Owner]:
    for cell, companies in captions:
        if len({company.name for company in companies}) == 1 and len(cell.text.split()) <= _HEADING_WORDS:
            yield Owner(companies[0].end, (cell.start, cell.end), is_sure=False)
    for sentence in text.sentences[:_HEAD]:
        for mention in sentence.mentions:
            if mention.fits(_COMPANY):
                yield Owner(_end(mention), (sentence.start, sentence.end), is_sure=False)


def _companies(cell: Cell, table: Table, lexicon: Lexicon) -> list[_Named]:
    mentions = [mention for mention in table.caption_names if cell.start <= mention.start < cell.end]
    named = [(mention, _named(mention, cell, lexicon)) for mention in mentions]
    # A legal form makes a company of what the names' model takes for something else.
    return [
        company
        for mention, company in named
        if (mention.fits(_COMPANY) or company.name != mention.text) and not _is_common(company.name, lexicon)
    ]


def _is_common(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is made of words of heads alone: a title in capitals has "CERTAIN BENEFICIAL OWNERS"."""
    return head_of(name, lexicon).role != UNKNOWN


def _named(mention: Mention, cell: Cell, lexicon: Lexicon) -> _Named:
    """A company without the words of the caption that capitals have joined to its name, and with its legal form."""
    start, end = mention.start - cell.start, mention.place[1] - cell.start
    for match in re.finditer(r"(?<=\s)\S+\s+", cell.text[start:end]):
        leads = lexicon.says("tables.owns", match[0].strip().casefold())
        before = cell.text[start : start + match.start()]
        if leads and (about(before, lexicon) or head_of(before, lexicon).role != UNKNOWN):
            start += match.end()
            break
    form, last = _FORM.match(cell.text, end), mention.text.split()[-1]
    end = form.end() if form else end + (cell.text[end : end + 1] == "." and LEGAL_FORM.fullmatch(last) is not None)
    return _Named(cell.text[start:end], cell.start + start, mention)


def _speaks_of_filer(cell: Cell, lexicon: Lexicon) -> bool:
    words = words_of(cell.text)
    titled = re.search(r"\b(?:the|la|le|du|de la)\s(?:Company|Group|Société|Groupe)\b", cell.text, re.IGNORECASE)
    return lexicon.says("reference.first_person", *words) or titled is not None


def _owns(company: _Named, cell: Cell, lexicon: Lexicon) -> bool:
    """Whether a caption says that the list is of the one it names: "of X", "X's", or it begins with the name."""
    at = company.start - cell.start
    before, behind = words_of(cell.text[:at]), cell.text[at + len(company.name) :]
    leads = set(listed(lexicon.lang, "owns")) | {("the",), ("groupe",), ("group",)}
    return not before or before[-1:] in leads or _POSSESSIVE.match(behind) is not None


def _of_filer(filer: Mention, text: Text, *, is_sure: bool) -> Owner:
    sentence = text.sentence_at(filer.start)
    place = filer.place if sentence is None else (sentence.start, sentence.end)
    return Owner(_end(filer), place, is_sure=is_sure)


def _end(mention: Mention) -> End:
    return End(mention.name, "Company", *mention.place, antecedent=mention.full)
