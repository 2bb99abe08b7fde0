"""Partial ISO 8601 dates (2024, 2025-01, 2025-01-31) and durations of years, months and days (P5Y, P18M).

A partial date stands for all its days: `first_day` and `last_day` are its bounds. Durations are those of
xsd:duration without a time part (https://www.w3.org/TR/xmlschema11-2/#duration).
"""

import calendar
import datetime as dt
import functools
import re

from kg.errors import InvalidRecord

__all__ = [
    "add_duration",
    "canonical_duration",
    "duration_parts",
    "duration_units",
    "first_day",
    "is_duration",
    "is_partial_date",
    "last_day",
    "may_be_same_date",
    "previous_day",
    "same_date",
    "utc_now",
]

_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
# Weeks are written as days, because xsd:duration has none.
_DURATION = re.compile(r"P(?=[0-9])(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?")


def is_partial_date(text: str) -> bool:
    """Tell whether `text` is a calendar date of ISO 8601, whole or partial.

    >>> is_partial_date("2025-03"), is_partial_date("2025-02-30")
    (True, False)
    """
    match = _PARTIAL_DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = match.groups()
    try:
        dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


@functools.lru_cache(maxsize=1 << 14)
def first_day(date: str) -> dt.date:
    """Return the first day of a partial date: 2025-03 → 2025-03-01. Raises `InvalidRecord` for what is no date."""
    year, month, day = _parts(date)
    return dt.date(year, month or 1, day or 1)


@functools.lru_cache(maxsize=1 << 14)
def last_day(date: str) -> dt.date:
    """Return the last day of a partial date: 2025-02 → 2025-02-28. Raises `InvalidRecord` for what is no date."""
    year, month, day = _parts(date)
    month = month or 12
    return dt.date(year, month, day or calendar.monthrange(year, month)[1])


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _PARTIAL_DATE.fullmatch(text)
    if not match or not is_partial_date(text):
        raise InvalidRecord(f"{text!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def previous_day(day: dt.date) -> dt.date:
    """Return the day before; of the calendar's first day that day itself."""
    return day if day == dt.date.min else day - dt.timedelta(days=1)


def same_date(first: str, second: str) -> bool:
    """Tell whether one partial date contains the other: 2025 contains 2025-03, and itself."""
    return first.startswith(second) or second.startswith(first)


def may_be_same_date(first: str | None, second: str | None) -> bool:
    """Tell whether two partial dates may be one; a date that is not known may be any."""
    return first is None or second is None or same_date(first, second)


def is_duration(text: str) -> bool:
    """Tell whether `text` is a duration of years, months and days, such as P5Y or P18M."""
    return _DURATION.fullmatch(text) is not None


def duration_units(duration: str) -> tuple[int | None, int | None, int | None]:
    """Return the years, months and days that a duration names; None for what it does not name.

    >>> duration_units("P18M")
    (None, 18, None)
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise InvalidRecord(f"{duration!r} is no duration: write P5Y, P18M or P30D")
    years, months, days = (None if part is None else int(part) for part in match.groups())
    return years, months, days


def duration_parts(duration: str) -> tuple[int, int]:
    """Return a duration as months and days.

    >>> duration_parts("P1Y6M"), duration_parts("P18M"), duration_parts("P30D")
    ((18, 0), (18, 0), (0, 30))
    """
    years, months, days = (unit or 0 for unit in duration_units(duration))
    return 12 * years + months, days


def canonical_duration(duration: str) -> str:
    """Return the shortest spelling, which RDF stores keep: P18M is P1Y6M, P0D is PT0S.

    https://www.w3.org/TR/xmlschema11-2/#f-durationCanMap
    """
    months, days = duration_parts(duration)
    parts = ((months // 12, "Y"), (months % 12, "M"), (days, "D"))
    return "P" + ("".join(f"{count}{unit}" for count, unit in parts if count) or "T0S")


def add_duration(day: dt.date, duration: str) -> dt.date | None:
    """Return the last day of a period that begins on `day`; None beyond the calendar's end.

    A year from February 29 is over on February 28: the day that the month lacks would have been the next.

    >>> add_duration(dt.date(2024, 2, 29), "P1Y"), add_duration(dt.date(2025, 3, 1), "P5Y")
    (datetime.date(2025, 2, 28), datetime.date(2030, 2, 28))
    """
    months, days = duration_parts(duration)
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    try:
        length = calendar.monthrange(year, month + 1)[1]
        lacking = day.day > length
        return dt.date(year, month + 1, min(day.day, length)) + dt.timedelta(days=days - 1 + lacking)
    except (ValueError, OverflowError):
        return None


def utc_now() -> str:
    """Return the time, in UTC and to the second, as claims write it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
