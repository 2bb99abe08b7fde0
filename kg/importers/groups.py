"""Rows of a file that belong together wherever they stand in it, brought together on disk: a file may have millions."""

import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

__all__ = ["GroupedRow", "Groups"]

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class GroupedRow:
    """A row: its number from 1, the line or pointer where it stands, its text to the letter."""

    number: int
    place: str
    text: str


class Groups:
    """Rows by a key, in a file that is gone at the end.

    >>> with Groups() as groups:
    ...     for number, key in enumerate("aba", 1):
    ...         groups.add(key, GroupedRow(number, f"/{number}", "{}"))
    ...     [(key, [row.number for row in rows]) for key, rows in groups]
    [('a', [1, 3]), ('b', [2])]

    """

    def __init__(self) -> None:
        # A database without a name is a file of its own that SQLite removes: https://www.sqlite.org/inmemorydb.html.
        self._database = sqlite3.connect("")
        self._database.execute(
            "CREATE TABLE grouped (key TEXT, number INTEGER, place TEXT, text TEXT, PRIMARY KEY (key, number))"
            " WITHOUT ROWID"
        )
        self._pending: list[tuple[str, int, str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, key: str, row: GroupedRow) -> None:
        """Add a row to a group."""
        self._pending.append((key, row.number, row.place, row.text))
        if len(self._pending) == _BATCH:
            self._flush()

    def __iter__(self) -> Iterator[tuple[str, list[GroupedRow]]]:
        """Yield the groups in the order of their keys, the rows of each in that of the file."""
        self._flush()
        rows = self._database.execute("SELECT key, number, place, text FROM grouped ORDER BY key, number")
        for key, group in itertools.groupby(rows, key=lambda row: str(row[0])):
            yield key, [GroupedRow(number, place, text) for _, number, place, text in group]

    def _flush(self) -> None:
        self._database.executemany("INSERT INTO grouped VALUES (?, ?, ?, ?)", self._pending)
        self._pending.clear()
