"""The journal: every commit as one checksummed line, appended and synced. It is the truth.

Line 0 is a header with the format and the base of the IRIs. Every other line is one commit, so a
commit is whole or not there at all. Each line begins with a hash over the line before it and its
own content; a byte changed, a line taken out or put in breaks the chain at that line. A torn last
line, what a crash leaves, is cut off and reported.
"""

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kg.errors import InvalidRecord, JournalDamaged, NotAStore, StoreError, StoreFull
from kg.store.record import strict_json

__all__ = ["FORMAT", "FileJournal", "Journal", "MemoryJournal", "Position", "translated"]

FORMAT = "kg-journal/1"
_HASH = 32
_LONGEST_HEADER = 65536
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the journal: a commit's number from 1, its line's hash, where the line begins."""

    sequence: int
    hash: str
    offset: int


class Journal(Protocol):
    """What a store keeps its commits in."""

    @property
    def header(self) -> dict[str, Any]:
        """What the journal was begun with."""

    @property
    def end(self) -> Position:
        """The last commit's place."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was mended at opening, a line each."""

    def append(self, commit: dict[str, Any]) -> Position:
        """Add a commit; when this returns, it survives a crash."""

    def commits(self, after: int = 0) -> Iterator[tuple[Position, dict[str, Any]]]:
        """Yield the commits whose numbers lie above `after`, each with its place."""

    def read(self, offset: int) -> dict[str, Any]:
        """Return the commit whose line begins at `offset`."""

    def close(self) -> None:
        """Let go of the file."""


def _digest(previous: str, body: bytes) -> str:
    return hashlib.sha256(previous.encode() + body).hexdigest()[:_HASH]


def _line(previous: str, content: dict[str, Any]) -> tuple[str, bytes]:
    body = json.dumps(content, separators=(",", ":")).encode()
    digest = _digest(previous, body)
    return digest, digest.encode() + b" " + body + b"\n"


def _holds(previous: str, line: bytes) -> str | None:
    """Return a line's hash where the chain holds, else None."""
    digest, space, body = line[:-1].partition(b" ")
    wanted = _digest(previous, body)
    return wanted if space and line.endswith(b"\n") and digest == wanted.encode() else None


def _content(line: bytes) -> dict[str, Any]:
    content = strict_json(line.partition(b" ")[2])
    if not isinstance(content, dict):
        raise InvalidRecord("a line of the journal is no object")
    return content


class MemoryJournal:
    """A journal that is gone with the process."""

    notes: tuple[str, ...] = ()

    def __init__(self, header: dict[str, Any]) -> None:
        """Begin an empty journal."""
        self.header = header
        self.end = Position(0, "", 0)
        self._lines: list[tuple[Position, bytes]] = []

    def append(self, commit: dict[str, Any]) -> Position:
        """Add a commit, as the line that a file would hold."""
        digest, line = _line(self.end.hash, commit)
        self.end = Position(self.end.sequence + 1, digest, len(self._lines))
        self._lines.append((self.end, line))
        return self.end

    def commits(self, after: int = 0) -> Iterator[tuple[Position, dict[str, Any]]]:
        """Yield the commits whose numbers lie above `after`."""
        yield from ((position, _content(line)) for position, line in self._lines[after:])

    def read(self, offset: int) -> dict[str, Any]:
        """Return the commit at a place."""
        return _content(self._lines[offset][1])

    def close(self) -> None:
        """Do nothing: nothing is held."""


class FileJournal:
    """A journal in a file, open once for writing or many times for reading.

    Opening checks the whole chain of hashes. Raises `NotAStore` where the file is none of ours,
    `StoreError` where a newer kg wrote it, `JournalDamaged` where a line is broken.
    """

    def __init__(self, path: Path, *, write: bool) -> None:
        """Open the journal at `path`."""
        self.path = path
        self.notes: tuple[str, ...] = ()
        try:
            self._file = path.open("r+b" if write else "rb", buffering=0)
        except OSError as error:
            raise translated(error, path) from error
        try:
            self.header, first = self._read_header()
            self.end, self._size = self._find_end(first, write=write)
        except BaseException:
            self._file.close()
            raise

    @staticmethod
    def begin(path: Path, header: dict[str, Any]) -> None:
        """Write a journal that holds its header alone, in one step; one that is there already stays."""
        _, line = _line("", {"format": FORMAT} | header)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(part)
        except OSError as error:
            raise translated(error, path) from error
        finally:
            part.unlink(missing_ok=True)

    def fileno(self) -> int:
        """The file's descriptor, for locks."""
        return self._file.fileno()

    def _read_header(self) -> tuple[dict[str, Any], Position]:
        with self.path.open("rb") as file:
            line = file.readline(_LONGEST_HEADER)
        digest = _holds("", line)
        if digest is None:
            if b"kg-journal/" in line:
                raise JournalDamaged(f"{self.path}: the first line is damaged: restore the file from a copy")
            raise NotAStore(f"{self.path} is no journal of kg: choose another folder")
        header = _content(line)
        if header.get("format") != FORMAT:
            raise StoreError(f"{self.path} has the format {header.get('format')}, this kg reads {FORMAT}: update kg")
        return header, Position(0, digest, len(line))

    def _find_end(self, first: Position, *, write: bool) -> tuple[Position, int]:
        """Walk the chain of hashes to its end; cut off a torn last line."""
        position, size = Position(0, first.hash, first.offset), first.offset
        whole = os.fstat(self._file.fileno()).st_size
        with self.path.open("rb") as file:
            file.seek(size)
            for number, line in enumerate(file, start=2):
                digest = _holds(position.hash, line)
                if digest is not None:
                    position, size = Position(position.sequence + 1, digest, size), size + len(line)
                    continue
                if size + len(line) < whole or line.endswith(b"\n"):
                    raise JournalDamaged(
                        f"{self.path}: line {number} is damaged, at byte {size} of {whole}; the {position.sequence} "
                        f"commits before it are whole: restore the file from a copy, or keep them with 'head -c {size}'"
                    )
                self.notes = (f"the last commit was not written whole and is left out ({len(line)} bytes)",)
                if write:
                    self._file.truncate(size)
        return position, size

    def append(self, commit: dict[str, Any]) -> Position:
        """Write and sync a commit; one that cannot be written whole is taken back."""
        digest, line = _line(self.end.hash, commit)
        try:
            self._file.seek(self._size)
            written = 0
            while written < len(line):
                written += self._file.write(line[written:]) or 0
            os.fdatasync(self._file.fileno())
        except OSError as error:
            self._file.truncate(self._size)
            raise translated(error, self.path) from error
        self.end = Position(self.end.sequence + 1, digest, self._size)
        self._size += len(line)
        return self.end

    def commits(self, after: int = 0) -> Iterator[tuple[Position, dict[str, Any]]]:
        """Yield the commits whose numbers lie above `after`."""
        with self.path.open("rb") as file:
            offset = len(file.readline())
            for sequence in range(1, self.end.sequence + 1):
                line = file.readline()
                if sequence > after:
                    yield Position(sequence, line[:_HASH].decode(), offset), _content(line)
                offset += len(line)

    def read(self, offset: int) -> dict[str, Any]:
        """Return the commit whose line begins at `offset`."""
        with self.path.open("rb") as file:
            file.seek(offset)
            return _content(file.readline())

    def close(self) -> None:
        """Let go of the file, and of the locks on it."""
        self._file.close()


def translated(error: OSError, path: Path) -> StoreError:
    """Return what a failed file operation means to the user."""
    if error.errno in _NO_SPACE:
        return StoreFull(f"the disk of {path} is full; what was committed before is safe: free space and try again")
    if error.errno in _REFUSED:
        return StoreFull(f"{path} cannot be written: {error.strerror}; change its rights or choose another store")
    return StoreError(f"{path}: {error.strerror}")
