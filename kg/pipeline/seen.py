"""Which documents of a register a file has, kept on disk: a register may have millions."""

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

__all__ = ["Seen"]

_BATCH = 10_000


class Seen:
    """A set of ids on disk, in a file that is gone at the end.

    >>> with Seen() as seen:
    ...     seen.add("a")
    ...     list(seen.missing(["a", "b"]))
    ['b']

    """

    def __init__(self) -> None:
        # A database without a name is a file of its own that SQLite removes: https://www.sqlite.org/inmemorydb.html.
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._pending: list[tuple[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, id_: str) -> None:
        """Add an id."""
        self._pending.append((id_,))
        if len(self._pending) == _BATCH:
            self._flush()

    def missing(self, ids: Iterable[str]) -> Iterator[str]:
        """Yield those of some ids that were not added."""
        self._flush()
        for id_ in ids:
            if self._database.execute("SELECT 1 FROM seen WHERE id = ?", (id_,)).fetchone() is None:
                yield id_

    def _flush(self) -> None:
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?)", self._pending)
        self._pending.clear()
