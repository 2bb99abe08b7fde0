"""Dates as the press writes them, partial ones kept partial, with the word that leads them.

« depuis 2019 », « en janvier », "by March 2025", « le 11 mars 2025 ». A month without a year takes
it from the publication date (the last such month before it); without one it stays unread, as does
what lies a distance away from that day ("two months ago", `kg.extract.relative_dates`). Nothing is
invented: a year alone stays a year.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.dates import is_partial_date
from kg.extract.lexicon import Lexicon, load
from kg.extract.relative_dates import relative_dates

__all__ = ["DateSpan", "dates"]

_YEAR = r"(?:19|20)\d\d"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date at `start`–`end`: its partial ISO form, and its role: in, since or until."""

    start: int
    end: int
    iso: str
    role: str


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    lexicon = load(lang)
    months = "|".join(sorted(map(re.escape, lexicon.tables["dates.months"]), key=len, reverse=True))
    lead_words = lexicon.cues["dates.in"] | lexicon.cues["dates.since"] | lexicon.cues["dates.until"]
    lead = "|".join(sorted((re.escape(w).replace(r"\ ", r"\s+") for w in lead_words), key=len, reverse=True))
    day = r"(?P<d>\d{1,2})(?:er|st|nd|rd|th)?"
    if lang == "en":
        month_first = rf"(?P<m>{months})\.?(?:\s+{day}(?!\d))?(?:,?\s+(?:of\s+)?(?P<y>{_YEAR}))?"
        written = rf"(?:{month_first}|(?P<d2>\d{{1,2}})\s+(?P<m2>{months})(?:\s+(?P<y2>{_YEAR}))?)"
    else:
        written = rf"(?:{day}\s+)?(?P<m>{months})(?:\s+(?P<y>{_YEAR}))?"
    iso = rf"(?P<i>{_YEAR}-\d\d(?:-\d\d)?)(?!\d)"
    if lang == "fr":
        # Day, month, year: in English texts either may stand first.
        iso += rf"|(?P<nd>\d{{1,2}})/(?P<nm>\d{{1,2}})/(?P<ny>{_YEAR})(?!\d)"
    periods = "|".join(sorted(map(re.escape, lexicon.cues["dates.periods"]), key=len, reverse=True))
    part = rf"\b(?:{periods})(?:\s+(?:of|de|d'))?\s+(?P<y4>{_YEAR})\b(?![\d%])"
    return re.compile(
        rf"(?:\b(?P<lead>{lead})\s+(?:(?:le|the|l')\s*)?)?(?:{iso}|\b{written}\b|{part}|\b(?P<y3>{_YEAR})\b(?![\d%]))",
        re.IGNORECASE,
    )


def _iso(match: re.Match[str], lang: str, published: str | None) -> str | None:
    groups = match.groupdict()
    written = groups.get("i")
    if groups.get("ny"):
        written = f"{groups['ny']}-{int(groups['nm']):02d}-{int(groups['nd']):02d}"
    if written is not None:
        # « 1996-20 » counts something else.
        return written if is_partial_date(written) else None
    if groups.get("y4") or groups.get("y3"):
        return groups.get("y4") or groups["y3"]
    name = groups.get("m") or groups.get("m2")
    if name is None:
        return None
    month = load(lang).tables["dates.months"].get(name.casefold()) or load(lang).tables["dates.months"].get(name)
    year = groups.get("y") or groups.get("y2") or _year_of(month, published)
    if month is None or year is None:
        return None
    day = groups.get("d") or groups.get("d2")
    text = f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")
    return text if is_partial_date(text) else None


def _year_of(month: int | None, published: str | None) -> str | None:
    """The year of a month that is named alone: the last one that had begun when the text appeared."""
    if published is None or month is None or len(published) < len("2025-03"):
        return None
    year, published_month = int(published[:4]), int(published[5:7])
    return str(year if month <= published_month else year - 1)


def dates(text: str, lang: str, published: str | None) -> Iterator[DateSpan]:
    """Yield the dates of a text in order, each with its role."""
    lexicon = load(lang)
    spans = [span for match in _years(lang).finditer(text) for span in _both_ends(match)]
    taken = [(span.start, span.end) for span in spans]
    for match, date in relative_dates(text, lang, published):
        spans.append(DateSpan(match.start(), match.end(), date, _role(match["lead"], lexicon)))
        taken.append(match.span())
    for match in _pattern(lang).finditer(text):
        iso = _iso(match, lang, published)
        bare_year = match["y3"] is not None and not match["lead"]
        if iso is None or bare_year or any(start < match.end() and match.start() < end for start, end in taken):
            continue
        spans.append(DateSpan(match.start(), match.end(), iso, _role(match["lead"], lexicon)))
    yield from sorted(spans, key=lambda span: span.start)


def _role(lead: str | None, lexicon: Lexicon) -> str:
    word = " ".join((lead or "").casefold().split())
    return "since" if lexicon.says("dates.since", word) else "until" if lexicon.says("dates.until", word) else "in"


@functools.cache
def _years(lang: str) -> re.Pattern[str]:
    """From one year to another: « de 2018 à 2021 »."""
    lexicon = load(lang)
    first, last = ("|".join(sorted(map(re.escape, lexicon.cues[cue]))) for cue in ("figures.from", "figures.up_to"))
    return re.compile(rf"\b(?:{first})\s+(?P<a>{_YEAR})\s+(?:{last})\s+(?P<b>{_YEAR})\b(?![\d%])", re.IGNORECASE)


def _both_ends(match: re.Match[str]) -> Iterator[DateSpan]:
    if match["a"] < match["b"]:
        yield DateSpan(match.start(), match.end("a"), match["a"], "since")
        yield DateSpan(match.end("a") + 1, match.end(), match["b"], "until")
