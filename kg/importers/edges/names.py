"""The names of a list, and the entities that they are: the ids that articles give them.

In a list two spellings are two names: where both would be one entity, as "Alpha" and "Alpha Holding", the one that is
most the entity's own has its id, and the others ids of their own. Case, accents and spaces do not count. That takes
all names of the list, so they are kept on disk (SQLite's own temporary file), and memory does not grow with them.
"""

import hashlib
import itertools
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import NamedTuple, Self

from kg.model import Entity
from kg.resolve import Resolver

__all__ = ["Names"]

_BATCH = 2_000
_CACHED = 2_000
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE names (plain TEXT PRIMARY KEY, shown TEXT NOT NULL, kind TEXT) WITHOUT ROWID;
CREATE TABLE entities (plain TEXT PRIMARY KEY, id TEXT NOT NULL, registered TEXT) WITHOUT ROWID;
CREATE TABLE apart (plain TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_ADD = """
INSERT INTO names VALUES (?, ?, ?) ON CONFLICT (plain) DO UPDATE SET
  shown = min(shown, excluded.shown),
  kind = CASE WHEN kind IS NULL THEN excluded.kind
              WHEN excluded.kind IS NULL OR excluded.kind = kind THEN kind
              ELSE '' END
"""
_ALIKE = """
SELECT id, plain, shown, registered FROM entities JOIN names USING (plain)
WHERE id IN (SELECT id FROM entities GROUP BY id HAVING count(*) > 1) ORDER BY id, plain
"""
_NAME = """
SELECT shown, kind, registered, apart.plain IS NOT NULL
FROM names JOIN entities USING (plain) LEFT JOIN apart USING (plain) WHERE plain = ?
"""
_DECIDED = """
SELECT plain, kind, CASE WHEN registered IS NULL THEN NULL ELSE id END, apart.plain IS NOT NULL
FROM names JOIN entities USING (plain) LEFT JOIN apart USING (plain)
WHERE kind IS NOT NULL OR registered IS NOT NULL OR apart.plain IS NOT NULL ORDER BY plain
"""


class _Name(NamedTuple):
    """A name of the list: how it is shown, the class that rows or the registry give it, whether it stands apart."""

    shown: str
    kind: str | None
    registered: str | None
    is_apart: int


class Names:
    """The names of one list: `add` all of them, `settle`, then ask for entities."""

    def __init__(self) -> None:
        self._resolver = Resolver()
        self._database = sqlite3.connect("")
        self._database.executescript(_TABLES)
        self._pending: list[tuple[str, str, str | None]] = []
        self._known: dict[str, _Name] = {}
        self._entities: dict[tuple[str, str], Entity] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, name: str, kind: str | None) -> None:
        """Take a name with the class that its row gives it; an empty one is none."""
        if name:
            self._pending.append((_plain(name), name, kind))
        if len(self._pending) >= _BATCH:
            self._write()

    def settle(self) -> None:
        """Decide, once all names are there, which of them are one entity and which stand apart."""
        self._write()
        rows = self._database.execute("SELECT plain, shown FROM names ORDER BY plain")
        while batch := rows.fetchmany(_BATCH):
            self._database.executemany("INSERT INTO entities VALUES (?, ?, ?)", map(self._resolved, batch))
        self._database.execute("CREATE INDEX by_id ON entities (id)")
        for group in self._groups():
            self._database.executemany("INSERT INTO apart VALUES (?)", ((plain,) for plain, _ in group[1:]))

    def alike(self) -> tuple[tuple[str, ...], ...]:
        """Return the names that articles would take for one, and this list for several."""
        return tuple(tuple(shown for _, shown in group) for group in self._groups())

    def fingerprint(self) -> str:
        """Return what tells whether a name is another entity than it was, or of another class: a hash."""
        digest = hashlib.sha256()
        for row in self._database.execute(_DECIDED):
            digest.update(repr(row).encode())
        return digest.hexdigest()[:16]

    def kind(self, name: str, given: str | None, allowed: frozenset[str]) -> str:
        """Return the class of an end: as given in its row, in another, by the registry, else a company if it may be."""
        known = self._name(_plain(name))
        guesses = (given, known.kind, known.registered, "Company")
        return next((kind for kind in guesses if kind in allowed and kind), min(allowed))

    def entity(self, name: str, kind: str) -> Entity:
        """Return the entity of a name and a class."""
        plain = _plain(name)
        entity = self._entities.get((plain, kind))
        if entity is None:
            known = self._name(plain)
            entity = self._found(known.shown, kind)
            if known.is_apart:
                own = hashlib.sha256(plain.encode()).hexdigest()[:8]
                entity = replace(entity, id=f"{entity.id}-{own}", name=known.shown)
            if len(self._entities) >= _CACHED:
                self._entities.clear()
            self._entities[plain, kind] = entity
        return entity

    def _write(self) -> None:
        self._database.executemany(_ADD, self._pending)
        self._pending.clear()

    def _resolved(self, row: tuple[str, str]) -> tuple[str, str, str | None]:
        plain, shown = row
        registered = self._resolver.kind(shown)
        return plain, self._found(shown, registered or "Company").id, registered

    def _groups(self) -> Iterator[list[tuple[str, str]]]:
        """Yield the names that would be one entity, plain and as shown, the one that is most its own first."""
        rows: Iterable[tuple[str, str, str, str | None]] = self._database.execute(_ALIKE).fetchall()
        for _, group in itertools.groupby(rows, key=lambda row: row[0]):
            names = [(plain, shown, registered) for _, plain, shown, registered in group]
            names.sort(key=lambda name: self._distance(*name))
            yield [(plain, shown) for plain, shown, _ in names]

    def _distance(self, plain: str, shown: str, registered: str | None) -> tuple[bool, int, str]:
        """Return how far a name is from being an entity's own."""
        own = self._found(shown, registered or "Company").name
        return plain != _plain(own), len(plain), plain

    def _name(self, plain: str) -> _Name:
        known = self._known.get(plain)
        if known is None:
            if len(self._known) >= _CACHED:
                self._known.clear()
            known = self._known[plain] = _Name(*self._database.execute(_NAME, (plain,)).fetchone())
        return known

    def _found(self, name: str, kind: str) -> Entity:
        return self._resolver.entity(Entity(f"{kind.lower()}/", name, kind, (name,)))


def _plain(name: str) -> str:
    """Return what counts of a name within a list."""
    folded = name.casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
