"""Indexes of Tantivy, kept beside the store's index: derived from the journal, never edited.

Each state of it has a folder, named after a commit, with a list of checksums; it never changes once it is there.
Whoever asks after a later commit, reader or writer, links the last folder's files into a new one, takes in the
documents that came or changed since, and puts it in its place by one renaming. So two who do it at once do not
meet: the second finds the first one's folder. A folder that is missing, damaged, of another version or not to be
written is no loss: the index is made again, in memory where there is no other place.
"""

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from kg.store.api import DocumentClaims
from kg.store.checksums import checksum
from kg.store.index import Index
from kg.store.journal import Journal
from kg.store.journal_format import Position
from kg.store.replay import changed_documents, reading_from

__all__ = ["SearchCache", "SearchIndex", "SearchKind"]

_SUMS = "sums.json"
_PART = ".part"
_LOCKS = ".tantivy-*.lock"
_ATTEMPTS = 3
_STALE = 600.0
"""Seconds after which what somebody writes aside is what a crash left."""


class SearchIndex(Protocol):
    """What is kept: an index in a folder, or in memory."""

    @property
    def folder(self) -> Path | None:
        """Where it stands; None in memory."""

    def change(self, gone: Iterable[str], readings: Iterable[DocumentClaims], *, many: bool = False) -> None:
        """Take out documents by their ids, and take in readings; `many` are written with more memory."""


_T = TypeVar("_T", bound=SearchIndex)


@dataclass(frozen=True, slots=True)
class SearchKind(Generic[_T]):
    """A kind of index: `version` is what it depends on beside the journal, `open` opens it in a folder or in memory.

    `documents` gives the ids of the documents that have something for it.
    """

    version: Callable[[], str]
    open: Callable[[Path | None], _T]
    documents: Callable[[Index], Iterable[str]]


@dataclass(slots=True)
class SearchCache(Generic[_T]):
    """The folder that keeps an index of a kind; without a path it is kept in memory.

    `base` is another such folder, from which an index may be taken over.
    """

    kind: SearchKind[_T]
    path: Path | None = None
    base: Path | None = None
    _cached: tuple[Position, _T] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def close(self) -> None:
        """Let go of what is held in memory."""
        self._cached = None

    def at(self, journal: Journal, index: Index) -> _T:
        """Return the index of what a journal says in the end; raise `MissingExtra` without tantivy."""
        # Threads may share a store.
        with self._lock:
            if self._cached is None or self._cached[0] != journal.end:
                self._cached = journal.end, self._up_to_date(journal, index)
            return self._cached[1]

    def link(self, target: Path) -> None:
        """Give another such folder all that this one has; raise `OSError` where that cannot be."""
        for folder in _folders(self.path):
            _link(folder, target / folder.name)

    # ------------------------------------------------------------------------------ following
    def _of(self, index: Index) -> str:
        return f"{self.kind.version()} {index.iris.base}"

    def _up_to_date(self, journal: Journal, index: Index) -> _T:
        if self.path is not None:
            for _ in range(_ATTEMPTS):
                # Others may take a folder away as it is read; ValueError is Tantivy's for a file that is not there.
                with contextlib.suppress(FileNotFoundError, ValueError):
                    if (found := self._kept(journal, index)) is not None:
                        return found
        return self._in_memory(journal, index)

    def _in_memory(self, journal: Journal, index: Index) -> _T:
        # One that stands in a folder is never changed.
        cached = None if self._cached is None or self._cached[1].folder is not None else self._cached
        changed = None if cached is None else changed_documents(journal, cached[0])
        if cached is None or changed is None:
            whole = self.kind.open(None)
            whole.change((), _readings(self.kind.documents(index), journal, index), many=True)
            return whole
        cached[1].change(changed, _readings(changed, journal, index))
        return cached[1]

    def _kept(self, journal: Journal, index: Index) -> _T | None:
        """Return the index of the folder, brought up to date; None where nothing can be kept there."""
        path = self.path
        if path is None:
            return None
        target = path / _name(journal.end)
        if not _is_whole(target, journal.end, self._of(index)):
            try:
                path.mkdir(exist_ok=True)
                self._publish(target, journal, index)
            except FileNotFoundError:
                raise
            except OSError:
                # In a folder that cannot be written, or on a full disk, memory serves.
                return None
        return self.kind.open(target)

    def _publish(self, target: Path, journal: Journal, index: Index) -> None:
        part = target.with_name(f"{os.getpid()}.{threading.get_ident()}{_PART}")
        shutil.rmtree(part, ignore_errors=True)
        try:
            self._fill(part, journal, index)
            _write_sums(part, journal.end, self._of(index))
            if not _is_whole(target, journal.end, self._of(index)):
                shutil.rmtree(target, ignore_errors=True)
                # Whoever was quicker has made the same.
                with contextlib.suppress(FileExistsError, NotADirectoryError):
                    part.replace(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        for folder in target.parent.iterdir():
            if folder != target and (folder.suffix != _PART or time.time() - folder.stat().st_mtime > _STALE):
                shutil.rmtree(folder, ignore_errors=True)

    def _fill(self, part: Path, journal: Journal, index: Index) -> None:
        for folder, position in self._earlier(index):
            changed = changed_documents(journal, position)
            if changed is not None and _is_whole(folder, position, self._of(index)):
                _link(folder, part)
                self.kind.open(part).change(changed, _readings(changed, journal, index))
                return
        part.mkdir()
        self.kind.open(part).change((), _readings(self.kind.documents(index), journal, index), many=True)

    def _earlier(self, index: Index) -> Iterator[tuple[Path, Position]]:
        """Yield the folders with an index of this store, the latest first, each with the commit that it stands at."""
        stands = (
            (folder, _position(folder, self._of(index))) for path in (self.path, self.base) for folder in _folders(path)
        )
        known = [(folder, position) for folder, position in stands if position is not None]
        yield from sorted(known, key=lambda pair: -pair[1].sequence)


def _readings(ids: Iterable[str], journal: Journal, index: Index) -> Iterator[DocumentClaims]:
    """Yield the readings of these documents, judged as who is whom by now; what is not there any more is left out."""
    now = index.identities.judgement
    for id_ in ids:
        place = index.place(id_)
        if place is not None:
            reading = reading_from(journal.read(place.span))
            yield replace(reading, judgements=tuple(map(now, reading.judgements))) if reading.judgements else reading


# ---------------------------------------------------------------------------------- folders
def _name(position: Position) -> str:
    return f"{position.sequence}-{position.hash}"


def _folders(path: Path | None) -> list[Path]:
    """Return the folders of `path` that are ready."""
    files = () if path is None else path.glob(f"*/{_SUMS}")
    return [file.parent for file in files if file.parent.suffix != _PART]


def _link(folder: Path, target: Path) -> None:
    """Give a new folder the files of another, which never change; but for locks, which each has its own."""
    target.mkdir(parents=True)
    locks = set(folder.glob(_LOCKS))
    for file in folder.iterdir():
        if file in locks:
            continue
        try:
            (target / file.name).hardlink_to(file)
        except FileNotFoundError:
            raise
        except OSError:
            # Another file system, or one without links.
            shutil.copy2(file, target / file.name)


def _write_sums(folder: Path, position: Position, of: str) -> None:
    sums = folder / _SUMS
    sums.unlink(missing_ok=True)
    locks = set(folder.glob(_LOCKS))
    files = {file.name: checksum(file) for file in sorted(folder.iterdir()) if file not in locks}
    content = {"of": of, "sequence": position.sequence, "hash": position.hash, "files": files}
    sums.write_text(json.dumps(content), "utf-8")


def _position(folder: Path, of: str) -> Position | None:
    """Return the commit that a folder's index stands at; None where it is of another version or store."""
    try:
        content = json.loads((folder / _SUMS).read_bytes())
        return Position(int(content["sequence"]), str(content["hash"])) if content["of"] == of else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_whole(folder: Path, position: Position, of: str) -> bool:
    """Whether a folder has the index of a commit, and each file of it is what it was."""
    if _position(folder, of) != position:
        return False
    try:
        files = json.loads((folder / _SUMS).read_bytes())["files"]
        return all(checksum(folder / name) == value for name, value in files.items())
    except (OSError, ValueError, KeyError, AttributeError):
        return False
