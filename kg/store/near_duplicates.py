"""Which documents are copies of which, kept beside the index: derived from the texts, never edited.

The file is SQLite. It holds each document's text by a hash of its words, a sketch of each text, and every two texts
of which one is a copy. It stands at a commit of the journal; whoever asks after a later one, reader or writer,
brings it up to date, for the documents that came or went alone. A file that is missing, damaged, of another method
or not to be written is no loss: what it says follows from the texts, in whatever order they came. SQLite does not
notice a byte that has changed on the disk, so that the file has digests of what it says.
"""

import contextlib
import functools
import hashlib
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from kg.documents.minhash import METHOD, Sketch, Sketcher, overlap, words
from kg.model import Document
from kg.places import PlaceKind

__all__ = ["NearDuplicateIndex", "NearDuplicates", "rows_among", "text_key"]

_PATIENCE = 60.0
"""Seconds to wait for another reader that is bringing the file up to date."""
_AT_HAND = 512
_OF_ROWS = frozenset({PlaceKind.LINE, PlaceKind.POINTER})
_TABLES = ("stand", "standing", "document", "sketch", "pair")
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS standing (at TEXT NOT NULL, answer BLOB NOT NULL, sketches BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS document (id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, text BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sketch (text BLOB PRIMARY KEY, whole BLOB NOT NULL, opening BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS pair (one BLOB, other BLOB, share REAL NOT NULL, PRIMARY KEY (one, other))",
)
# By rowid: in the order of an index, SQLite takes values from there, and not those that an answer would have.
_ANSWER = (
    "SELECT id, fingerprint, text FROM document ORDER BY rowid",
    "SELECT one, other, share FROM pair ORDER BY rowid",
)
_SKETCHES = ("SELECT text, whole, opening FROM sketch ORDER BY rowid",)


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """Which documents are copies, and how alike.

    `texts` gives each document's text, by a key that documents of the same words share; `alike` gives for a text
    those that are its copies, or that it is a copy of, with the share of the shorter's runs of words, in (0, 1].
    """

    texts: Mapping[str, bytes] = field(default_factory=dict)
    alike: Mapping[bytes, Mapping[bytes, float]] = field(default_factory=dict)

    def sources(self, documents: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """Part documents into independent sources: those that copies tie together, one by one, are one.

        Only the given documents tie: two stories are not one because a page elsewhere prints both. Sources come
        in the order of their first documents, their documents in the order given.
        """
        of_text: defaultdict[bytes, list[str]] = defaultdict(list)
        order = {id_: at for at, id_ in enumerate(dict.fromkeys(documents))}
        for id_ in order:
            of_text[self._text(id_)].append(id_)
        left, groups = dict.fromkeys(of_text), []
        while left:
            edge = [next(iter(left))]
            together = []
            left.pop(edge[0])
            while edge:
                text = edge.pop()
                together += of_text[text]
                near = [neighbour for neighbour in self.alike.get(text, {}) if neighbour in left]
                edge += near
                for neighbour in near:
                    left.pop(neighbour)
            groups.append(tuple(sorted(together, key=order.__getitem__)))
        return tuple(groups)

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the groups of all documents that copies tie together, in order of id."""
        return tuple(source for source in self.sources(sorted(self.texts)) if len(source) > 1)

    def nearest(self, document: str, among: Iterable[str]) -> tuple[str, float] | None:
        """Return the document that this one is most alike, of some, and how alike; None where it is like none."""
        text = self._text(document)
        near = {text: 1.0, **self.alike.get(text, {})}
        shares = [
            (-near[key], neighbour)
            for neighbour in among
            if neighbour != document and (key := self._text(neighbour)) in near
        ]
        return (min(shares)[1], -min(shares)[0]) if shares else None

    def _text(self, document: str) -> bytes:
        # The records of a register's file are compared with none: they are one source, by what their ids share.
        return self.texts.get(document) or (document.rpartition("/")[0] or document).encode()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a store says of its documents: where its journal stands, their fingerprints by id, the text of one."""

    stand: str
    fingerprints: Callable[[], Mapping[str, str]]
    text: Callable[[str], str]


@dataclass(slots=True)
class NearDuplicateIndex:
    """The file that keeps copies; without a path they are kept in memory."""

    path: Path | None = None
    _memory: sqlite3.Connection | None = None
    _found: tuple[str, NearDuplicates] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __del__(self) -> None:
        """Close what nobody closed: Python 3.13 warns of a connection that is just dropped."""
        self.close()

    def close(self) -> None:
        """Let go of what is held in memory."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def at(
        self, position: str, fingerprints: Callable[[], Mapping[str, str]], text: Callable[[str], str]
    ) -> NearDuplicates:
        """Return the copies among a store's documents at a position of its journal.

        `fingerprints` gives one for each document by its id, `text` reads one; both are asked only where
        something is not known. Raises `MissingExtra` where texts are to be compared without datasketch.
        """
        key = _Wanted(f"{METHOD} {position}", fingerprints, text)
        # Threads may share a store; a database takes one transaction at a time.
        with self._lock:
            if self._found is None or self._found[0] != key.stand:
                self._found = key.stand, self._read(key)
            return self._found[1]

    def _read(self, wanted: _Wanted) -> NearDuplicates:
        if self.path is not None:
            try:
                return _from_file(self.path, wanted)
            except sqlite3.OperationalError:
                # Locked for long, or in a folder that cannot be written.
                pass
            except (sqlite3.DatabaseError, UnicodeDecodeError):
                with contextlib.suppress(OSError, sqlite3.Error):
                    self.path.unlink(missing_ok=True)
                    return _from_file(self.path, wanted)
        if self._memory is None:
            self._memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        return _up_to_date(self._memory, wanted)


def _from_file(path: Path, wanted: _Wanted) -> NearDuplicates:
    with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as database:
        with _transaction(database, "BEGIN"):
            if _stand(database) == wanted.stand:
                if not _says(database, "answer", _ANSWER):
                    raise sqlite3.DatabaseError("a row is not what was written")
                return _near_duplicates(database)
        return _up_to_date(database, wanted)


@contextlib.contextmanager
def _transaction(database: sqlite3.Connection, begin: str) -> Iterator[None]:
    database.execute(begin)
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def _stand(database: sqlite3.Connection) -> str | None:
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'standing'").fetchone():
        return None
    row = database.execute("SELECT at FROM standing").fetchone()
    return str(row[0]) if row else None


def _up_to_date(database: sqlite3.Connection, wanted: _Wanted) -> NearDuplicates:
    with _transaction(database, "BEGIN IMMEDIATE"):
        stand = _stand(database)
        if stand != wanted.stand:
            if stand is None or stand.partition(" ")[0] != METHOD or not _is_whole(database):
                _begin(database)
            _follow(database, wanted)
            said = (wanted.stand, _digest(database, _ANSWER), _digest(database, _SKETCHES))
            database.execute("DELETE FROM standing")
            database.execute("INSERT INTO standing VALUES (?, ?, ?)", said)
        return _near_duplicates(database)


def _is_whole(database: sqlite3.Connection) -> bool:
    [intact] = database.execute("PRAGMA integrity_check(1)").fetchone()
    return intact == "ok" and _says(database, "answer", _ANSWER) and _says(database, "sketches", _SKETCHES)


def _says(database: sqlite3.Connection, column: str, queries: Iterable[str]) -> bool:
    """Whether what queries give has the digest that was written down for it."""
    [digest] = database.execute(f"SELECT {column} FROM standing").fetchone()  # noqa: S608 - ours
    return bool(digest == _digest(database, queries))


def _digest(database: sqlite3.Connection, queries: Iterable[str]) -> bytes:
    digest = hashlib.sha256()
    for query in queries:
        for row in database.execute(query):
            digest.update(repr(row).encode())
    return digest.digest()


def _begin(database: sqlite3.Connection) -> None:
    for table in _TABLES:
        database.execute(f"DROP TABLE IF EXISTS {table}")
    for table in _SCHEMA:
        database.execute(table)


def _follow(database: sqlite3.Connection, wanted: _Wanted) -> None:
    """Take out the documents that are gone or changed, take in those that came, and compare their texts."""
    now = wanted.fingerprints()
    before = dict(database.execute("SELECT id, fingerprint FROM document"))
    gone = [(id_,) for id_, fingerprint in before.items() if now.get(id_) != fingerprint]
    database.executemany("DELETE FROM document WHERE id = ?", gone)
    came = [id_ for id_ in sorted(now) if before.get(id_) != now[id_]]
    sketches = {text: Sketch(*values) for text, *values in database.execute("SELECT text, whole, opening FROM sketch")}
    new: dict[bytes, Sketch] = {}
    for id_ in came:
        words_ = words(wanted.text(id_))
        key = text_key(id_, words_)
        database.execute("INSERT INTO document VALUES (?, ?, ?)", (id_, now[id_], key))
        if words_ and key not in sketches and key not in new:
            new[key] = _sketcher().sketch(words_)
    for end in ("one", "other"):
        database.execute(f"DELETE FROM pair WHERE {end} NOT IN (SELECT text FROM document)")  # noqa: S608 - ours
    database.execute("DELETE FROM sketch WHERE text NOT IN (SELECT text FROM document)")
    if new:
        _compare(database, new, sketches, wanted.text)


def text_key(id_: str, words_: Sequence[str]) -> bytes:
    """Return what names a text: the hash of its words, and for one without words that of the document's name."""
    return hashlib.sha256(" ".join(words_ or ("\n", id_)).encode()).digest()[:16]


@functools.cache
def _sketcher() -> Sketcher:
    return Sketcher()


def rows_among(documents: Iterable[str], document: Callable[[str], Document]) -> set[str]:
    """Return which documents are records of a register's file, or chunks of a list; the others are files of their own.

    Args:
        documents: the ids of documents of registers.
        document: gives one by its id; of those whose ids begin alike, up to the last slash, one is looked at.

    """
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for id_ in documents:
        if "/" in id_:
            alike[id_.rpartition("/")[0]].append(id_)
    return {id_ for ids in alike.values() if _is_row(document(min(ids))) for id_ in ids}


def _is_row(document: Document) -> bool:
    kinds = {place.kind for place in document.places}
    # A record's document says where in its file it stands; chunks of a list are numbered.
    return (bool(kinds) and kinds <= _OF_ROWS) or document.id.rpartition("/")[2].isdecimal()


def _compare(
    database: sqlite3.Connection,
    new: Mapping[bytes, Sketch],
    sketches: Mapping[bytes, Sketch],
    text: Callable[[str], str],
) -> None:
    """Keep the new texts' sketches, and every two texts that meet and of which one is a copy."""
    database.executemany("INSERT INTO sketch VALUES (?, ?, ?)", [(k, s.whole, s.opening) for k, s in new.items()])
    printed_in = dict(database.execute("SELECT text, MIN(id) FROM document GROUP BY text"))
    sketches = {key: sketch for key, sketch in sketches.items() if key in printed_in}

    @functools.lru_cache(maxsize=_AT_HAND)
    def said(key: bytes) -> Sequence[str]:
        return words(text(printed_in[key]))

    for first, second in sorted(_sketcher().candidates(new, sketches)):
        share = overlap(said(first), said(second))
        if share is not None:
            database.execute("INSERT INTO pair VALUES (?, ?, ?)", (first, second, share))


def _near_duplicates(database: sqlite3.Connection) -> NearDuplicates:
    alike: defaultdict[bytes, dict[bytes, float]] = defaultdict(dict)
    for one, other, share in database.execute("SELECT one, other, share FROM pair"):
        alike[one][other] = alike[other][one] = share
    return NearDuplicates(dict(database.execute("SELECT id, text FROM document")), dict(alike))
