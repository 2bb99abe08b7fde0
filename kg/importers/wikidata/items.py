"""What a file of Wikidata says of its items, kept on disk: a statement names another item by its id alone."""

import json
import sqlite3
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from kg.model import Entity
from kg.resolve import register_entity

__all__ = ["Items"]

_BATCH = 10_000
Pairs = tuple[tuple[str, str], ...]


class Items:
    """Items by their ids: of which class each is, its name, its LEI and CIK.

    >>> with Items() as items:
    ...     items.add("Q95", "Company", "Google", ())
    ...     items.entity("Q95", "Agent").id, items.entity("Q7", "Agent").name
    ('company/qid-q95', 'Q7')

    """

    def __init__(self) -> None:
        # A database without a name is a file of its own that SQLite removes: https://www.sqlite.org/inmemorydb.html.
        self._database = sqlite3.connect("")
        self._database.execute(
            "CREATE TABLE items (id TEXT PRIMARY KEY, kind TEXT, name TEXT, pairs TEXT) WITHOUT ROWID"
        )
        self._pending: list[tuple[str, str | None, str | None, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, id_: str, kind: str | None, name: str | None, pairs: Iterable[tuple[str, str]]) -> None:
        """Add an item, or what else is said of one: what was told first stays, and identifiers add up.

        Half of a surrogate pair, which no file could hold, is replaced in a name.
        """
        name = name and name.encode("utf-8", "replace").decode()
        self._pending.append((id_, kind, name, json.dumps(sorted(pairs))))
        if len(self._pending) == _BATCH:
            self._flush()

    def find(self, id_: str) -> tuple[str | None, str | None, Pairs]:
        """Return the class, the name and the identifiers of an item; nothing of one that the file does not have."""
        self._flush()
        row = self._database.execute("SELECT kind, name, pairs FROM items WHERE id = ?", (id_,)).fetchone()
        kind, name, pairs = row or (None, None, "[]")
        return kind, name, tuple((one, value) for one, value in json.loads(pairs))

    def entity(self, id_: str, otherwise: str) -> Entity:
        """Return the entity of an item, of the class `otherwise` where the file does not tell it."""
        kind, name, pairs = self.find(id_)
        return register_entity(name or id_, kind or otherwise, "wikidata", id_, identifiers=[*pairs, ("qid", id_)])

    def product(self, id_: str) -> Entity:
        """Return an item as a product: an item that is made is one, whatever else it is."""
        return register_entity(self.find(id_)[1] or id_, "Product", "wikidata", id_, identifiers=[("qid", id_)])

    def _flush(self) -> None:
        for id_, *told in self._pending:
            row = self._database.execute("SELECT kind, name, pairs FROM items WHERE id = ?", (id_,)).fetchone()
            both = told if row is None else [row[0] or told[0], row[1] or told[1], _sum(row[2], str(told[2]))]
            self._database.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)", (id_, *both))
        self._pending.clear()


def _sum(first: str, second: str) -> str:
    return json.dumps(sorted({tuple(pair) for pair in (*json.loads(first), *json.loads(second))}))
