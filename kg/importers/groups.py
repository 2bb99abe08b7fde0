"""Rows of a file that belong together wherever they stand in it, brought together on disk: a file may have millions."""

import itertools
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

__all__ = ["GroupedRow", "Groups", "Keys"]

_BATCH = 10_000


@dataclass(frozen=True, slots=True)
class GroupedRow:
    """A row: its number from 1, the line or pointer where it stands, its text to the letter, what was read of it."""

    number: int
    place: str
    text: str
    cells: Mapping[str, str] = field(default_factory=dict)


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
            "CREATE TABLE grouped (key TEXT, number INTEGER, place TEXT, text TEXT, cells TEXT,"
            " PRIMARY KEY (key, number)) WITHOUT ROWID"
        )
        self._pending: list[tuple[str, int, str, str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, key: str, row: GroupedRow) -> None:
        """Add a row to a group."""
        self._pending.append((key, row.number, row.place, row.text, json.dumps(dict(row.cells))))
        if len(self._pending) == _BATCH:
            self._flush()

    def __iter__(self) -> Iterator[tuple[str, list[GroupedRow]]]:
        """Yield the groups in the order of their keys, the rows of each in that of the file."""
        self._flush()
        rows = self._database.execute("SELECT key, number, place, text, cells FROM grouped ORDER BY key, number")
        for key, group in itertools.groupby(rows, key=lambda row: str(row[0])):
            yield key, [GroupedRow(row[1], row[2], row[3], json.loads(row[4])) for row in group]

    def _flush(self) -> None:
        self._database.executemany("INSERT INTO grouped VALUES (?, ?, ?, ?, ?)", self._pending)
        self._pending.clear()


class Keys:
    """The keys of a file's records, on disk: each stands for one record, and a second one would take its place.

    >>> with Keys() as keys:
    ...     [keys.is_new(key) for key in "aba"]
    [True, True, False]

    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def is_new(self, key: str) -> bool:
        """Add a key; tell whether it was not there."""
        return self._database.execute("INSERT OR IGNORE INTO keys VALUES (?)", (key,)).rowcount == 1
