"""Dates that are told by their distance from the day of the text: "two months ago", « l'an dernier ».

They are as exact as their unit: a year ago is a year, two months ago a month. Without the text's own date, or with one
that is less exact than the unit, they stay unread.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterator

from kg.dates import is_partial_date
from kg.extract.lexicon import load

__all__ = ["relative_dates"]

_WRITTEN = {"Y": len("2025"), "M": len("2025-03"), "D": len("2025-03-11")}
"""Characters of a date that is as exact as a unit."""
_MONTHS = 12


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
