"""The customers of a tenth of the sales and more, which a report names or counts.

Accounting rules ask for their number and shares, not for their names (ASC 280-10-50-42, IFRS 8.34):
https://asc.fasb.org/280/tableOfContent. They are told in one form: who, "accounted for", how much of the sales.
"""

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from kg.extract.figures import figures
from kg.extract.filings.concentration import customer_shares, day_of, figure_of, named_by, unnamed_members
from kg.extract.names import Mention
from kg.extract.numerals import FigureSpan
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.sentence import Sentence
from kg.model import Modality, Qualifiers
from kg.xbrl import XbrlFact

__all__ = ["customers", "unnamed"]

_SURE = 0.97
"""Below that of tables of customers, by whose heads no name is left to chance."""
_VERB = re.compile(r"\b(?:(?:has|have|had) )?(?:accounted for|represent(?:s|ed)?|comprised|constituted)\b")
_CUE = re.compile(
    r"\b(?:customers?|wholesalers?|distributors?|resellers?|(?:sales|revenues?) (?:to|from))\b", re.IGNORECASE
)
_SALES = re.compile(r"\b(?:sales|revenues?)\b", re.IGNORECASE)
_OTHER = re.compile(r"\breceivables?\b|\bpurchases\b|\bassets\b", re.IGNORECASE)
# What may stand between a word for customers and the verb, beside the names.
_BETWEEN = re.compile(
    r"(?:[\s,;:()–—-]|\b(?:and|its|their|the|or|both|each|namely|including|affiliates|affiliated companies|"
    r"subsidiaries|collectively|together|inc|corp|corporation|co|company|ltd|llc|plc)\b\.?)*",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\s*(?:of [^;.]{0,60}? )?in (?:fiscal (?:year )?)?((?:\d{4}(?:, | and |, and )?)+)")
_LEADING = re.compile(r"^In (?:fiscal (?:year )?)?(\d{4}),")
_LABEL = re.compile(r"\b(?:customer|distributor|wholesaler) ([A-Z]|\d)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(one|two|three|four|five|six)(?: [\w.]+){0,2} (?:customers?|wholesalers?|distributors?)\b", re.IGNORECASE
)
_Share = tuple[FigureSpan | None, str | None]
"""A share of the sales, and its year."""
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def customers(parsed: Parsed, method: str) -> Iterator[Proposal]:
    """Yield the customers that a filing names, with their shares of its sales.

    Where the filing marks a share up, its context tells the period, and which of the names of a sentence it is of.
    """
    files = parsed.text.registrant
    if files is None:
        return
    marked = customer_shares(parsed.document.facts)
    for sentence in parsed.text.sentences:
        text, told = plain(sentence.span.text), set()
        for mention, share in _marked(sentence, text, marked, parsed.document.lang):
            if not _is_same(mention, files):
                told.add(mention.name)
                yield _proposal(sentence, files, mention, share, method)
        for mention, (figure, year) in _stated(sentence, text, files, parsed.document.lang):
            if mention.name not in told:
                day = day_of(year, figure.value if figure else None, marked)
                yield _proposal(sentence, files, mention, (figure, day), method)


def _marked(sentence: Sentence, text: str, marked: Sequence[XbrlFact], lang: str) -> Iterator[tuple[Mention, _Share]]:
    """Yield the customers of a sentence whose shares are marked up with their names."""
    for fact in marked:
        mention = named_by(sentence.mentions, fact) if sentence.start <= fact.start < sentence.end else None
        figure = figure_of(fact, text, sentence.start, lang) if mention is not None else None
        if mention is not None and figure is not None:
            yield mention, (figure, fact.period[1] if fact.period else None)


def _stated(sentence: Sentence, text: str, files: Mention, lang: str) -> Iterator[tuple[Mention, _Share]]:
    """Yield the customers that a sentence tells in words, with their shares."""
    verb = _VERB.search(text)
    if verb is None or not _is_of_sales(text, verb):
        return
    named = [mention for mention in _before(sentence, text, verb) if not _is_same(mention, files)]
    shares: list[_Share] = list(_shares(text, verb, lang)) if len(named) == 1 else []
    for mention in named:
        for share in shares or [(None, _leading(text))]:
            yield mention, share


def unnamed(parsed: Parsed) -> int:
    """Return how many customers a filing tells the shares of and does not name ("Customer A", "three wholesalers")."""
    if parsed.text.registrant is None:
        return 0
    labels: set[str] = set()
    counted = 0
    for sentence in parsed.text.sentences:
        text = plain(sentence.span.text)
        verb = _VERB.search(text)
        if verb is None or "%" not in text[verb.end() :] or list(_before(sentence, text, verb)):
            continue
        labels |= {match[1].upper() for match in _LABEL.finditer(text)}
        number = _COUNTED.search(text[: verb.start()])
        counted = max(counted, _NUMBERS[number[1].lower()] if number else 0)
    return max(len(labels), counted, len(_marked_unnamed(parsed)))


def _marked_unnamed(parsed: Parsed) -> frozenset[str]:
    """Return the members of marked-up shares that name nobody; those of tables are counted with the tables."""
    shares = []
    for fact in customer_shares(parsed.document.facts):
        sentence = parsed.text.sentence_at(fact.start)
        verb = _VERB.search(plain(sentence.span.text)) if sentence is not None else None
        if sentence is None or (verb and list(_before(sentence, plain(sentence.span.text), verb))):
            continue
        shares.append(fact)
    return unnamed_members(shares)


def _is_of_sales(text: str, verb: re.Match[str]) -> bool:
    behind = text[verb.end() :]
    other = _OTHER.search(behind)
    sales = _SALES.search(behind)
    return sales is not None and (other is None or sales.start() < other.start())


def _before(sentence: Sentence, text: str, verb: re.Match[str]) -> Iterator[Mention]:
    """Yield the companies between a word for customers and the verb, where nothing else stands there."""
    cues = list(_CUE.finditer(text, 0, verb.start()))
    for cue in reversed(cues):
        first, last = sentence.start + cue.end(), sentence.start + verb.start()
        named = [m for m in sentence.mentions if first <= m.start and m.place[1] <= last]
        rest = text[cue.end() : verb.start()]
        for mention in named:
            rest = rest.replace(mention.text, " ", 1)
        if named and _BETWEEN.fullmatch(rest):
            yield from (m for m in named if m.fits({"Company"}) and not _LABEL.search(m.text))
            return


def _is_same(mention: Mention, files: Mention) -> bool:
    short, full = mention.name.casefold(), files.name.casefold()
    return short in full or full in short


def _shares(text: str, verb: re.Match[str], lang: str) -> Iterator[_Share]:
    """Yield the shares of sales, and the year of each: one share may be of several years."""
    for figure in figures(text, lang):
        if figure.kind != "percent" or figure.start < verb.end():
            continue
        years = _YEARS.match(text, figure.end)
        for year in re.findall(r"\d{4}", years[1]) if years else [_leading(text)]:
            yield figure, year


def _leading(text: str) -> str | None:
    match = _LEADING.match(text)
    return match[1] if match else None


def _proposal(sentence: Sentence, files: Mention, customer: Mention, share: _Share, method: str) -> Proposal:
    figure, day = share
    start, end = customer.place
    said = {"as_of": day} if day else {}
    printed = {}
    if figure is not None:
        said |= {"percent": figure.value, "percent_of": "revenue"}  # type: ignore[dict-item]
        printed["percent"] = (sentence.start + figure.start, sentence.start + figure.end)
    return Proposal(
        End(files.name, "Company", *files.place),
        "supplies",
        End(customer.name, "Company", start, end, customer.full),
        Modality.ASSERTED,
        ((sentence.start, sentence.end), files.place),
        Qualifiers(**said),  # type: ignore[arg-type]
        MappingProxyType(printed),
        "filings/customers",
        method,
        _SURE,
    )
