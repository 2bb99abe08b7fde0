"""What a sentence says was a customer's share of the sales: how much, of which years, and of whose sales.

Behind the verb stand figures, "of" whose sales, and years: "15%, 12% and 10% of our net sales in 2024, 2023 and 2022,
respectively". What a figure is of, and of which year, is taken only where nothing else stands between them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from kg.extract.dates import dates
from kg.extract.figures import bound_behind, figures
from kg.extract.numerals import FigureSpan

__all__ = ["SalesShare", "Told", "sales_shares"]

_SALES = r"(?:sales|revenues?)"
_WHOSE = re.compile(rf"\s*(?:of\s+)(?P<words>(?:[^\W\d_][\w.&'-]*\s+|\d{{4}}\s+){{0,7}}?){_SALES}\b")
"""What the figures are of, up to the word for sales."""
_BEFORE_FIGURE = re.compile(rf"\s+(?P<words>(?:[^\W\d_][\w.&'-]*\s+){{0,5}}?){_SALES}\s+of\b")
"""The same before the figure: "accounted for consolidated net sales of 16%"."""
_MUCH = re.compile(r"[^\d%,;.()]{0,60}?(?=\s+of\s)")
"""How much, in words: "substantially all"."""
_FILL = re.compile(
    r"\s*(?:\b(?:approximately|about|nearly|almost|roughly|around|some|only|an?|an aggregate of|a total of|between|"
    r"(?:slightly |just )?(?:less|more|greater|fewer) than|(?:just )?(?:over|under|above|below)|at (?:least|most)|"
    r"up to|as much as|in excess of|(?:no|not) (?:more|less) than|each)\s+)*",
    re.IGNORECASE,
)
_NEXT_FIGURE = re.compile(r"\s*,?\s*(?:and|to|or)?\s*,?\s*", re.IGNORECASE)
_NEXT_GROUP = re.compile(
    r"\s*[,;]?\s*(?:\(?\s*(?:as )?(?:compared (?:to|with)|versus|against|(?:up|down) from)|and)\s+", re.IGNORECASE
)
_OURS = frozenset({"our", "company's", "group's", "registrant's", "corporation's"})
_WHOLE = _OURS | {
    *("the", "its", "total", "net", "consolidated", "gross", "overall", "aggregate", "annual", "entire", "reported"),
    *("fiscal", "worldwide", "global"),
}
"""Words that leave sales all the sales of who files; any other makes them a part: "sales of pumps"."""
_NOT_SALES = re.compile(
    r"\b(?:costs?|growth|increases?|decreases?|decline|change|receivables?|purchases?|expenses?|backlog|assets?|profits?|"
    r"income)\b",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"(?!\s+(?:growth|increases?|decreases?|decline|volumes?|backlog|mix|force)\b|"
    r"\s+(?:and|&)\s+(?:marketing|distribution|selling|administrative|promotion)\b)"
)
_ENDS = re.compile(r"\s*(?:$|[,;.():]|\b(?:and|or|but|while|as|versus|compared|respectively|up|down)\b)")
"""What stands behind all the sales; "in", "from" or "of" something makes them a part."""
_YEARS = re.compile(
    r"\s*,?\s*\(?\s*(?:in|for|during)\s+(?:each of\s+)?(?:the\s+)?(?:our\s+)?(?:fiscal|calendar)?\s*(?:years?\s+)?"
    r"(?:(?:ended|ending)\s+(?:on\s+)?[^\W\d_]{3,9}\s+\d{1,2},\s+)?"
    r"(?P<years>(?:19|20)\d\d(?:(?:,? and |,? or |, )(?:fiscal )?(?:19|20)\d\d)*)\b(?P<each>,?\s+respectively)?",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    r"\s*,?\s*(?:in|for|during)\s+the\s+[\w-]+\s+months\s+ended\s+(?P<day>[^\W\d_]{3,9}\s+\d{1,2},\s+\d{4})\b"
    r"(?!\s*(?:,|and|or)\s*(?:[^\W\d_]{3,9}\s+\d{1,2},\s+)?\d{4})",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:In|For|During)\s+(?:each of\s+)?(?:the\s+)?(?:fiscal|calendar)?\s*(?:years?\s+)?"
    r"(?P<years>(?:19|20)\d\d(?:(?:,? and |, )(?:19|20)\d\d)*),"
)
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class SalesShare:
    """A share of all the sales: its figure, or the two ends of its range, and the year or day that it is of."""

    figures: tuple[FigureSpan, ...] = ()
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence tells behind its verb: the shares of one customer, or of each of several "respectively".

    `shares` is empty where it is of a part of the sales, or tells no figure that can be placed. `ours` tells that the
    text says whose sales they are.
    """

    shares: tuple[SalesShare, ...]
    by_customer: tuple[SalesShare, ...] = ()
    ours: bool = False
    when: str | None = None


def sales_shares(text: str, start: int, files: str, lang: str) -> Told | None:
    """Return what a sentence says of shares of the sales of who files (`files`) from its verb on; None if nothing."""
    found = [_bounded(figure, text) for figure in figures(text, lang) if figure.kind == "percent"]
    found = [figure for figure in found if figure.start >= start]
    reader = _Clause(text, files, lang, found)
    ahead = _BEFORE_FIGURE.match(text, start)
    words = ahead["words"] if ahead else ""
    if ahead and (not _is_own(words, files) or _NOT_SALES.search(words)):
        return None
    groups = list(reader.groups(ahead.end() if ahead else start, words if ahead else None))
    leading = _LEADING.match(text)
    before = _YEAR.findall(leading["years"]) if leading else []
    one_year = before[0] if len(before) == 1 else None
    if not groups:
        return reader.in_words(start, one_year)
    if groups[0].whose is None:
        return None
    shares = [share for at, group in enumerate(groups) for share in group.shares([] if at else before)]
    first = groups[0]
    paired = first.by_customer(one_year) if len(groups) == 1 else ()
    ours = first.is_ours(files)
    year = first.years[0] if len(first.years) == 1 else one_year
    return Told(tuple(shares), paired, ours, year) if first.is_whole(files) else Told((), (), ours, year)


def _bounded(figure: FigureSpan, text: str) -> FigureSpan:
    return figure if figure.bound else replace(figure, bound=bound_behind(text[figure.end : figure.end + 14]))


def _is_own(words: str, files: str) -> bool:
    """Whether no other owner stands before the word for sales: "Marbel's sales", "their sales"."""
    rest = _without_name(words, files).casefold().split()
    owners = [word for word in rest if word.endswith(("'s", "s'")) and word not in _OURS]
    return not owners and not {"their", "his", "her", "whose"} & set(rest)


def _without_name(words: str, files: str) -> str:
    """The words without the name of who files, in full or its first word, as the owner: "Zeltan's"."""
    names = sorted({files, files.split(maxsplit=1)[0].rstrip(",")}, key=len, reverse=True)
    return re.sub(rf"\b(?:{'|'.join(map(re.escape, names))})'s?(?!\w)", "our", words, flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Group:
    """Figures that stand together, whose sales they are of (None if no sales), and their years.

    `rest` tells that the sales go on behind ("sales of the Motors segment").
    """

    figures: tuple[FigureSpan, ...]
    whose: str | None
    years: tuple[str, ...] = ()
    rest: bool = False
    is_paired: bool = False

    def is_whole(self, files: str) -> bool:
        words = _without_name(self.whose or "", files).casefold().split()
        return not self.rest and all(word in _WHOLE or word.isdigit() for word in words)

    def is_ours(self, files: str) -> bool:
        return bool(_OURS & set(_without_name(self.whose or "", files).casefold().split()))

    def shares(self, before: Sequence[str]) -> Iterator[SalesShare]:
        years = self.years or tuple(before)
        ends = self.figures
        one = len(ends) == 1 and not (self.is_paired and len(years) > 1)
        if one or [end.bound for end in ends] == ["min", "max"]:
            yield from (SalesShare(ends, year) for year in years or (None,))
        elif len(ends) == len(years):
            yield from (SalesShare((figure,), year) for figure, year in zip(ends, years, strict=True))

    def by_customer(self, before: str | None) -> tuple[SalesShare, ...]:
        """The figures as those of several customers, where they are told "respectively" and of one year."""
        if not self.is_paired or len(self.figures) == 1 or len(self.years) > 1:
            return ()
        year = self.years[0] if self.years else before
        return tuple(SalesShare((figure,), year) for figure in self.figures)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence from its verb on; `files` is the name of who files."""

    text: str
    files: str
    lang: str
    found: Sequence[FigureSpan]

    def groups(self, start: int, whose: str | None) -> Iterator[_Group]:
        """Yield the groups of figures, each right behind the one before it; `whose` is told ahead of them."""
        at = start
        for number in count():
            group, end = self._group(at, whose)
            if group is None or (number and not group.years):
                return
            yield group
            joined = _NEXT_GROUP.match(self.text, end)
            if group.whose is None or joined is None:
                return
            at, whose = joined.end(), group.whose

    def _group(self, at: int, ahead: str | None) -> tuple[_Group | None, int]:
        run = self._run(at)
        if not run:
            return None, at
        end = run[-1].end
        bound = re.compile(r"\s+or (?:more|less)|\s+at (?:least|most)").match(self.text, end)
        of = _WHOSE.match(self.text, bound.end() if bound else end)
        whose = of["words"] if of else ahead
        end = of.end() if of else bound.end() if bound else end
        if of is not None and (not _is_own(of["words"], self.files) or _NOT_SALES.search(of["words"])):
            return _Group(tuple(run), None), end
        years, paired, end = self._years(end)
        if of is None and re.match(r"\s+of\b", self.text[end:]):
            return _Group(tuple(run), None), end
        if not _NO_NOUN.match(self.text, end):
            return _Group(tuple(run), None), end
        inside = tuple(_YEAR.findall(whose or ""))
        rest = _ENDS.match(self.text, end) is None
        return _Group(tuple(run), whose, years or inside, rest, paired), end

    def _run(self, at: int) -> list[FigureSpan]:
        """The figures that stand side by side from a place on."""
        run: list[FigureSpan] = []
        for figure in self.found:
            gap = _NEXT_FIGURE.match(self.text, at) if run else None
            first = gap.end() if gap else at
            filled = _FILL.match(self.text, first)
            if figure.start < at or filled is None or not at <= figure.start <= filled.end():
                if run or figure.start >= at:
                    break
                continue
            run.append(figure)
            at = figure.end
        return run

    def _years(self, at: int) -> tuple[tuple[str, ...], bool, int]:
        """The years behind a place, whether "respectively" pairs them, and where they end."""
        months = _MONTHS.match(self.text, at)
        if months is not None:
            days = tuple(day.iso for day in dates(months["day"], self.lang, None))
            return days[:1], False, months.end()
        match = _YEARS.match(self.text, at)
        if match is None:
            alone = re.compile(r",?\s+respectively\b").match(self.text, at)
            return (), alone is not None, alone.end() if alone else at
        return tuple(_YEAR.findall(match["years"])), match["each"] is not None, match.end()

    def in_words(self, start: int, year: str | None) -> Told | None:
        """What a sentence tells without a figure: "substantially all of our sales"."""
        much = _MUCH.match(self.text, start)
        of = _WHOSE.match(self.text, much.end()) if much else None
        if of is None or not _is_own(of["words"], self.files) or _NOT_SALES.search(of["words"]):
            return None
        if not _NO_NOUN.match(self.text, of.end()):
            return None
        years, _, _ = self._years(of.end())
        group = _Group((), of["words"])
        return Told((), (), group.is_ours(self.files), years[0] if len(years) == 1 else year)
