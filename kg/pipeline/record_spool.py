"""Which entities registers' records are about, kept on disk: of millions few are of interest, as shows at the end."""

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

__all__ = ["RecordSpool"]

_SCHEMA = """
    CREATE TABLE document (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE entity (id TEXT, document TEXT, type TEXT, PRIMARY KEY (id, document)) WITHOUT ROWID;
    CREATE TABLE identifier (kind TEXT, value TEXT, entity TEXT, PRIMARY KEY (kind, value, entity)) WITHOUT ROWID;
    CREATE TABLE named (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class RecordSpool:
    """What is noted of documents and their records on the way through a store, in a file that is gone at the end.

    >>> with RecordSpool() as spool:
    ...     spool.add_record("company/a", "Company", "r/1")
    ...     spool.add_record("company/b", "Company", "r/2")
    ...     spool.add_identifiers("company/a", [("isin", "X")])
    ...     spool.add_identifiers("company/c", [("isin", "X")])
    ...     spool.add_named(["company/c"])
    ...     list(spool.documents_of_interest()), spool.only_in_records({"Company"})
    (['r/1'], 2)

    """

    def __init__(self) -> None:
        # A database without a name is a file of its own that SQLite removes: https://www.sqlite.org/inmemorydb.html.
        self._database = sqlite3.connect("")
        self._database.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def sorted_documents(self, ids: Iterable[str]) -> Iterator[str]:
        """Yield the ids of documents in their order, as `sorted` would."""
        self._database.executemany("INSERT OR IGNORE INTO document VALUES (?)", ((id_,) for id_ in ids))
        return (id_ for (id_,) in self._database.execute("SELECT id FROM document ORDER BY id"))

    def add_record(self, entity: str, type_: str, document: str) -> None:
        """Note that a document has a record of an entity."""
        self._database.execute("INSERT OR IGNORE INTO entity VALUES (?, ?, ?)", (entity, document, type_))

    def add_identifiers(self, entity: str, identifiers: Iterable[tuple[str, str]]) -> None:
        """Note what identifies an entity."""
        rows = ((kind, value, entity) for kind, value in identifiers)
        self._database.executemany("INSERT OR IGNORE INTO identifier VALUES (?, ?, ?)", rows)

    def add_named(self, entities: Iterable[str]) -> None:
        """Note the entities that documents name, beside registers' records."""
        self._database.executemany("INSERT OR IGNORE INTO named VALUES (?)", ((id_,) for id_ in entities))

    def documents_of_interest(self) -> Iterator[str]:
        """Yield, in order, the documents with a record of an entity that is named, or shares an identifier."""
        rows = self._database.execute("""
            SELECT DISTINCT document FROM entity WHERE id IN (SELECT id FROM named) OR id IN (
                SELECT one.entity FROM identifier one JOIN identifier other
                ON one.kind = other.kind AND one.value = other.value AND one.entity <> other.entity
            ) ORDER BY document
        """)
        return (document for (document,) in rows)

    def only_in_records(self, types: Iterable[str]) -> int:
        """Return how many entities of some classes are in records alone, and named by no document."""
        those = tuple(types)
        marks = ", ".join("?" * len(those))
        sql = f"SELECT count(DISTINCT id) FROM entity WHERE type IN ({marks}) AND id NOT IN (SELECT id FROM named)"  # noqa: S608
        return int(self._database.execute(sql, those).fetchone()[0])
