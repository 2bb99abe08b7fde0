"""Dates that are told by their distance from the day of the text: "two months ago", « l'an dernier », "on Monday".

They are as exact as their unit: a year ago is a year, two months ago a month. Without the text's own date, or with one
that is less exact than the unit, they stay unread.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterator

from kg.dates import is_partial_date
from kg.extract.lexicon import load

__all__ = ["relative_dates", "weekdays"]

_WRITTEN = {"Y": len("2025"), "M": len("2025-03"), "D": len("2025-03-11")}
"""Characters of a date that is as exact as a unit."""
_MONTHS = 12
_WEEK = 7


@functools.cache
def _pattern(lang: str) -> re.Pattern[str]:
    """A distance in numbers and units, or one of the phrases that name one, with what leads it."""
    lexicon = load(lang)
    table = lexicon.tables
    numbers, units, phrases = (
        "|".join(sorted((re.escape(word).replace(r"\ ", r"\s+") for word in words), key=len, reverse=True))
        for words in (_numbers(lang), table["dates.units"], table["dates.relative"])
    )
    distances = "|".join(
        re.escape(form)
        .replace(r"\ ", r"\s+")
        .replace(r"\{n\}", rf"(?P<n{at}>\d{{1,2}}|{numbers})")
        .replace(r"\{unit\}", rf"(?P<u{at}>{units})")
        for at, form in enumerate(sorted(lexicon.cues["dates.ago"]))
    )
    # "The last year" is a span of time.
    lead = "|".join(map(re.escape, sorted(lexicon.cues["dates.since"] | lexicon.cues["dates.until"])))
    return re.compile(
        rf"(?:\b(?P<lead>{lead})\s+)?(?<!\bthe )\b(?:{distances}|(?P<phrase>{phrases}))(?!\w)", re.IGNORECASE
    )


def _numbers(lang: str) -> dict[str, int]:
    told = {**load(lang).tables["figures.number"], **load(lang).tables["dates.one"]}
    return {word: number for word, number in told.items() if isinstance(number, int)}


def relative_dates(text: str, lang: str, published: str | None) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the dates of a text that are relative to the day on which it appeared, in ISO form.

    >>> [iso for _, iso in relative_dates("Oracle bought it two months ago.", "en", "2025-01-10")]
    ['2024-11']
    """
    table = load(lang).tables
    for match in _pattern(lang).finditer(text):
        phrase = match["phrase"]
        if phrase is not None:
            told = str(table["dates.relative"][" ".join(phrase.casefold().split())])
            number, unit = int(told[:-1]), told[-1]
        else:
            number, unit = _distance(match, lang)
        iso = _moved(published or "", number, unit)
        if iso is not None:
            yield match, iso


@functools.cache
def _weekday_pattern(lang: str) -> re.Pattern[str]:
    """A day of the week with what tells which one it is, and no date behind it: « mardi 4 mars » is one by itself."""
    lexicon = load(lang)
    days = "|".join(map(re.escape, lexicon.tables["dates.weekdays"]))
    last, following = ("|".join(map(re.escape, sorted(lexicon.cues[f"dates.{cue}"]))) for cue in ("last", "next"))
    which = rf"(?P<last>{last})|(?P<next>{following})"
    named = rf"(?:(?:{which})\s+)?(?P<day>{days})" if lang == "en" else rf"(?P<day>{days})(?:\s+(?:{which}))?"
    return re.compile(rf"(?<![\w-]){named}(?![\w-])(?!,?\s*(?:the\s+|le\s+)?\d)(?!,\s+[A-Z][a-z]+\.?\s+\d)")


def weekdays(text: str, lang: str, published: str | None) -> Iterator[tuple[re.Match[str], str]]:
    """Yield the days of the week of a text that appeared on a day that is known, as dates.

    It is the last such day before the text, or that of the text itself; the one after it where it is called the next.

    >>> [iso for _, iso in weekdays("Oracle bought it last Tuesday.", "en", "2025-03-10")]
    ['2025-03-04']
    """
    if published is None or len(published) < _WRITTEN["D"] or not is_partial_date(published):
        return
    today = dt.date.fromisoformat(published)
    for match in _weekday_pattern(lang).finditer(text):
        back = (today.weekday() - int(load(lang).tables["dates.weekdays"][match["day"]])) % _WEEK
        if match["next"]:
            back -= _WEEK
        elif match["last"] and not back:
            back = _WEEK
        yield match, (today - dt.timedelta(days=back)).isoformat()


def _distance(match: re.Match[str], lang: str) -> tuple[int, str]:
    """How far back a distance lies, and in which unit."""
    said = {
        name[0]: " ".join(word.casefold().split())
        for name, word in match.groupdict().items()
        if word and name[1:].isdigit()
    }
    number = int(said["n"]) if said["n"].isdigit() else _numbers(lang)[said["n"]]
    return -number, str(load(lang).tables["dates.units"][said["u"]])


def _moved(published: str, number: int, unit: str) -> str | None:
    """The date that lies so many units from another, as exact as the unit."""
    if len(published) < _WRITTEN[unit] or not is_partial_date(published):
        return None
    if unit == "Y":
        return f"{int(published[:4]) + number:04d}"
    if unit == "M":
        months = int(published[:4]) * _MONTHS + int(published[5:7]) - 1 + number
        return f"{months // _MONTHS:04d}-{months % _MONTHS + 1:02d}"
    return (dt.date.fromisoformat(published) + dt.timedelta(days=number)).isoformat()
