"""Checks that records make of what they are given: texts, days, moments."""

import datetime as dt
import re

from kg.dates import is_partial_date
from kg.errors import InvalidRecord

__all__ = ["check_date", "check_moment", "check_text"]

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


def check_date(name: str, value: str | None) -> None:
    """Raise `InvalidRecord` for what is no partial ISO date."""
    if value is not None and not is_partial_date(value):
        raise InvalidRecord(f"{name} {value!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD")


def check_text(what: str, *texts: str | None) -> None:
    """Refuse half of a surrogate pair: no file, journal or graph could hold it."""
    for text in texts:
        try:
            (text or "").encode()
        except UnicodeEncodeError as error:
            raise InvalidRecord(f"{what} holds half of a surrogate pair, at character {error.start}") from error
        except AttributeError as error:
            raise InvalidRecord(f"{what} is a {type(text).__name__} where a text belongs") from error


def check_moment(name: str, value: str | None) -> None:
    """Raise `InvalidRecord` for what is no moment in UTC, to the second."""
    if value is None:
        return
    message = f"{name} {value!r} is no UTC time: write YYYY-MM-DDThh:mm:ssZ"
    if not _MOMENT.fullmatch(value):
        raise InvalidRecord(message)
    try:
        dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidRecord(message) from error
