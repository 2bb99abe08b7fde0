"""All settings that come from the environment, in one table; and the day that counts as today.

>>> today({"KG_TODAY": "2025-03-12"})
datetime.date(2025, 3, 12)
"""

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from kg.dates import is_partial_date, last_day
from kg.errors import InvalidRecord

__all__ = ["PRECISION", "SETTINGS", "Setting", "changed_environment", "day_of", "environment", "setting", "today"]


PRECISION = 0.8
"""The share of admitted claims that are to be right where nobody asks for another, on passages made to be hard.

Plain news is read more surely: ``docs/quality.md`` has what each precision gives on either.
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable of the environment: its name, what holds without it, what it does, the option that comes first."""

    name: str
    help: str
    default: str = ""
    option: str = ""
    is_secret: bool = False


_TABLE = (
    Setting("KG_STORE", "The store that commands open: a folder, or an endpoint's address.", "kg-store", "--store"),
    Setting("KG_TODAY", "The day for which it is decided what holds.", "today, UTC", "--today"),
    Setting("KG_JOBS", "How many documents are read at once.", "as many as suit the machine", "--jobs"),
    Setting("KG_WEIGHTS", "A folder of weights that kg train made: its files come first.", "kg's own", "--weights"),
    Setting("KG_AUTHOR", "Who judges claims.", option="--author"),
    Setting(
        "KG_CACHE",
        "The folder that keeps a language model's answers, a remote store's near-duplicates and clones of datasets.",
    ),
    Setting("KG_LLM_KEY", "The key of the language model's endpoint.", is_secret=True),
    Setting("OPENAI_API_KEY", "The same, where KG_LLM_KEY is not set.", is_secret=True),
    Setting("KG_WRITE_TOKEN", "The token that who changes a served store's documents must show.", is_secret=True),
    Setting("KG_TOKENS", "The file in which kg token keeps tokens.", "kg-tokens.json", "--file"),
    Setting("KG_REMOTE_USER", "The user name for a SPARQL endpoint."),
    Setting("KG_REMOTE_PASSWORD", "The password for a SPARQL endpoint.", is_secret=True),
    Setting("KG_TOKEN", "The bearer token for a SPARQL endpoint.", is_secret=True),
    Setting(
        "KG_ENGINE",
        "Which engine is behind a SPARQL endpoint: docs/reference/engines.md lists them.",
        option="--engine",
    ),
    Setting("KG_UPDATE_URL", "Where a SPARQL endpoint takes updates.", "as its query address tells"),
    Setting("KG_DEBUG", "Show where a defect of kg happened: any value."),
)
SETTINGS: Mapping[str, Setting] = {setting.name: setting for setting in _TABLE}
"""The settings by name."""


def environment() -> Mapping[str, str]:
    """Return the environment of this process."""
    return os.environ


@contextmanager
def changed_environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables in the environment of this process, and of those that it starts, for the length of a block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def setting(name: str, variables: Mapping[str, str] | None = None) -> str | None:
    """Return the value of a setting of `SETTINGS`, or None where it is not set or empty.

    Raises `KeyError` for a name that the table does not declare.
    """
    return (environment() if variables is None else variables).get(SETTINGS[name].name) or None


def today(variables: Mapping[str, str] | None = None) -> dt.date:
    """Return the day on which it is decided what holds: KG_TODAY, else today's date in UTC.

    A partial date stands for its last day. Raises `InvalidRecord` where KG_TODAY is no date.
    """
    date = setting("KG_TODAY", variables)
    return dt.datetime.now(dt.UTC).date() if date is None else day_of(date, "KG_TODAY")


def day_of(date: str, name: str) -> dt.date:
    """Return the day that a partial date stands for, its last; raise `InvalidRecord` with `name` where it is none.

    >>> day_of("2024-02", "--today")
    datetime.date(2024, 2, 29)
    """
    if not is_partial_date(date):
        raise InvalidRecord(f"{name} '{date}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    return last_day(date)
