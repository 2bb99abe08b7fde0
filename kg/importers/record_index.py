"""What the records of a register have to know of each other, kept on disk: a register may have millions.

A file is read twice. The first time tells how many pieces (statements, fragments, rows) each record has, and what each
entity is; the second time gives the record as soon as its last piece has come.
"""

import json
import sqlite3
from dataclasses import astuple, dataclass
from types import TracebackType
from typing import Self

from kg.places import PlaceKind

__all__ = ["Piece", "RecordIndex"]

_SCHEMA = (
    "CREATE TABLE record (key BLOB PRIMARY KEY, pieces INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
    "CREATE TABLE about (key BLOB PRIMARY KEY, rank TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE piece (key BLOB, text TEXT)",
    "CREATE INDEX pieces ON piece (key)",
    "CREATE TABLE alias (alias BLOB PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID",
)
_MAX_CHAIN = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a record: its text to the letter, and where in the file it stands.

    `row` is the number of its row (statement, line) in the file, from 1; `line` is where that begins. `rows` counts the
    rows that it has: none where it stands in another piece.
    """

    row: int
    line: int | None
    kind: PlaceKind
    place: str
    text: str
    rows: int = 1


class RecordIndex:
    """Records by their keys, in a file that is gone at the end.

    >>> first, second = (Piece(row, row, PlaceKind.LINE, str(row), text) for row, text in ((1, "a"), (2, "b")))
    >>> with RecordIndex() as index:
    ...     index.count("acme")
    ...     index.count("acme")
    ...     index.gathered("acme", first), [piece.text for piece in index.gathered("acme", second)]
    ([], ['a', 'b'])

    """

    def __init__(self) -> None:
        # A database without a name is a file of its own that SQLite removes: https://www.sqlite.org/inmemorydb.html.
        self._database = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF"):
            self._database.execute(f"PRAGMA {pragma}")
        for statement in _SCHEMA:
            self._database.execute(statement)
        self.has_aliases = False

    def __enter__(self) -> Self:
        self._database.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def count(self, key: str) -> None:
        """Note a piece of a record."""
        self._database.execute(
            "INSERT INTO record VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET pieces = pieces + 1",
            (_bytes(key),),
        )

    def forget_counts(self) -> None:
        """Forget the pieces, since the file is read again from its beginning."""
        self._database.execute("DELETE FROM record")
        self._database.execute("DELETE FROM about")

    def describe(self, key: str, text: str, rank: str = "") -> None:
        """Keep what a record is; of several texts the one of the highest rank, the last of equal ones."""
        self._database.execute(
            "INSERT INTO about VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET rank = excluded.rank, "
            "text = excluded.text WHERE excluded.rank >= rank",
            (_bytes(key), rank, text),
        )

    def description(self, key: str) -> str | None:
        """Return what a record is; None where there is none."""
        row = self._database.execute("SELECT text FROM about WHERE key = ?", (_bytes(key),)).fetchone()
        return None if row is None else str(row[0])

    def alias(self, alias: str, key: str) -> None:
        """Note that a key means the same record as another one."""
        self._database.execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", (_bytes(alias), _bytes(key)))
        self.has_aliases = True

    def key_of(self, alias: str) -> str:
        """Return the key that an alias leads to; of a circle the least, so that all in it have one."""
        if not self.has_aliases:
            return alias
        path = [alias]
        while len(path) < _MAX_CHAIN:
            row = self._database.execute("SELECT key FROM alias WHERE alias = ?", (_bytes(path[-1]),)).fetchone()
            if row is None:
                return path[-1]
            key = row[0].decode("utf-8", "surrogatepass")
            if key in path:
                return min(path[path.index(key) :])
            path.append(key)
        return path[-1]

    def gathered(self, key: str, piece: Piece) -> list[Piece]:
        """Return all pieces of a record in their order once its last one is given; nothing before."""
        row = self._database.execute("SELECT pieces FROM record WHERE key = ?", (_bytes(key),)).fetchone()
        left = row[0] if row else 1
        if left == 1 and not self._waits(key):
            return [piece]
        self._database.execute("INSERT INTO piece VALUES (?, ?)", (_bytes(key), json.dumps(astuple(piece))))
        self._database.execute("UPDATE record SET pieces = pieces - 1 WHERE key = ?", (_bytes(key),))
        if left > 1:
            return []
        rows = self._database.execute("SELECT text FROM piece WHERE key = ? ORDER BY rowid", (_bytes(key),))
        pieces = [_piece(text) for (text,) in rows]
        self._database.execute("DELETE FROM piece WHERE key = ?", (_bytes(key),))
        return pieces

    def _waits(self, key: str) -> bool:
        return (
            self._database.execute("SELECT 1 FROM piece WHERE key = ? LIMIT 1", (_bytes(key),)).fetchone() is not None
        )


def _piece(text: str) -> Piece:
    row, line, kind, place, content, rows = json.loads(text)
    return Piece(row, line, PlaceKind(kind), place, content, rows)


def _bytes(key: str) -> bytes:
    # JSON can write half of a surrogate pair, which no text of a database holds.
    return key.encode("utf-8", "surrogatepass")
