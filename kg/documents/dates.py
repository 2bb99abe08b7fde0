"""Publication dates: as declared, and as printed in the dateline of an article.

A date is returned as precise as it is written (2025, 2025-03, 2025-03-11). A date that only occurs
in the text is no dateline: without a dateline the publication date is unknown.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping

from kg.dates import is_partial_date

__all__ = ["dateline", "parse_date", "plausible"]

_MONTH_NAMES = (
    ("jan", "january", "janv", "janvier"),
    ("feb", "february", "fev", "fevr", "fevrier"),
    ("mar", "march", "mars"),
    ("apr", "april", "avr", "avril"),
    ("may", "mai"),
    ("jun", "june", "juin"),
    ("jul", "july", "juil", "juillet"),
    ("aug", "august", "aout"),
    ("sep", "sept", "september", "septembre"),
    ("oct", "october", "octobre"),
    ("nov", "november", "novembre"),
    ("dec", "december", "decembre"),
)
_MONTHS: Mapping[str, int] = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_WEEKDAY = (
    r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
)
_DATE = r"""(?:
    (?P<iso>\d{4}-\d{2}(?:-\d{2})?)(?:T[\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)?
  | (?P<day>\d{1,2})(?:er|st|nd|rd|th)?\s+(?P<month>[^\W\d_]{3,9})\.?,?\s+(?P<year>\d{4})
  | (?P<month2>[^\W\d_]{3,9})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{4})
)(?!\d)"""
_MONTH_ONLY = re.compile(r"(?P<month>[^\W\d_]{3,9})\.?\s+(?P<year>\d{4})")
_WHOLE = re.compile(rf"(?:{_WEEKDAY},?\s+)?{_DATE}", re.VERBOSE | re.IGNORECASE)

# What may follow the date: nothing, as in "5 juillet 2012. - La …", "14 juin 2016, France . –",
# "March 11, 2025 (Reuters)", "… à 10h32". A sentence that goes on is none of them.
_END = r"""\s*(?: $ | [.,]?\s*[–—-]+(?:\s|$) | [(|] | ,?\s*(?:à|at)\s+\d
    | ,\s*[^\W\d_][\w'’ -]{1,24}?\s*[.]\s*[–—-] )"""
_PUBLISHED = r"(?:publi[ée]e?|paru|mis\ en\ ligne|posted|published|issued|released|filed)(?:\s+(?:le|on))?\s*:?\s+"
# "Paris, le", "SANTA CLARA, Calif.,", "By Jane Doe |": capitalised words and particles, closed by a mark.
_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_PLACE = rf"(?-i:(?:(?:{_NAME}|de|du|des|la|le|les|sur|of|upon),?\s+){{0,6}}{_NAME})\s*[,|–—-]\s*(?:le\s+)?"
_DATELINES = (
    re.compile(rf"^\s*(?:{_PUBLISHED}|{_PLACE})?(?:{_WEEKDAY},?\s+)?{_DATE}{_END}", re.VERBOSE | re.IGNORECASE),
    re.compile(rf"^\s*le\s+(?:{_WEEKDAY}\s+)?{_DATE}\s*\.?\s*$", re.VERBOSE | re.IGNORECASE),
    re.compile(rf"\bForm\s+\S{{1,12}}\s+filed\s+(?:on\s+)?{_DATE}", re.VERBOSE | re.IGNORECASE),
)
_FRENCH_NUMERIC = re.compile(
    r"^\s*(?:publié|paru|mis en ligne) le (?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?!\d)", re.IGNORECASE
)
_LINES = 8  # a headline, a byline, captions and furniture stand before a dateline
_WIDTH = 200  # characters of a line; a dateline opens its line
_OLDEST = 1800  # no article on companies of now is older


def parse_date(text: str) -> str | None:
    """Parse a date in ISO form or in English or French words.

    Args:
        text: the date alone, with nothing around it but spaces or a weekday.

    Returns:
        The date as YYYY, YYYY-MM or YYYY-MM-DD, as precise as it is written; None if `text` is no date.

    >>> parse_date("1er mai 2017"), parse_date("Mar. 2025"), parse_date("2025-03-11T10:00:00Z")
    ('2017-05-01', '2025-03', '2025-03-11')

    """
    text = text.strip()
    if re.fullmatch(r"\d{4}", text):
        return text if is_partial_date(text) else None
    match = _WHOLE.fullmatch(text) or _MONTH_ONLY.fullmatch(text)
    return _iso(match) if match else None


def plausible(date: str, today: dt.date | None = None) -> bool:
    """Return whether an article can have been published on a date.

    Args:
        date: a partial ISO date.
        today: the last possible day; one day more is allowed for time zones. None: any later day is possible.

    Returns:
        True from the year 1800 to `today`.

    >>> plausible("2025-03", dt.date(2025, 3, 1)), plausible("2026", dt.date(2025, 3, 1))
    (True, False)

    """
    year, month, day = (int(part) for part in (date + "-01-01")[:10].split("-"))
    return year >= _OLDEST and (today is None or dt.date(year, month, day) <= today + dt.timedelta(days=1))


def dateline(text: str, today: dt.date | None = None) -> str | None:
    r"""Return the date in the dateline of an article.

    Args:
        text: the article; its first 8 lines that are not blank are searched.
        today: a date after it is no dateline, as in `plausible`.

    Returns:
        A partial ISO date, or None if there is no dateline.

    >>> dateline("Nvidia buys a stake\n\nSANTA CLARA, Calif., March 11, 2025 - Nvidia said on Tuesday …")
    '2025-03-11'

    """
    for line in _first_lines(text):
        for pattern in (*_DATELINES, _FRENCH_NUMERIC):
            match = pattern.search(line)
            date = _iso(match) if match else None
            if date and plausible(date, today):
                return date
        month = parse_date(line) if _MONTH_ONLY.fullmatch(line) else None
        if month and plausible(month, today):
            return month
    return None


def _first_lines(text: str) -> Iterator[str]:
    filled = (line for line in text[: _LINES * 1000].splitlines() if line.strip())
    for _, line in zip(range(_LINES), filled, strict=False):
        yield line[:_WIDTH].strip()


def _iso(match: re.Match[str]) -> str | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    if "iso" in groups:
        return groups["iso"] if is_partial_date(groups["iso"]) else None
    year, name = groups.get("year") or groups["year2"], groups.get("month") or groups["month2"]
    month = int(name) if name.isdecimal() else _MONTHS.get(_folded(name))
    if month is None:
        return None
    day = groups.get("day") or groups.get("day2")
    date = f"{int(year):04}-{month:02}" + (f"-{int(day):02}" if day else "")
    return date if is_partial_date(date) else None


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
