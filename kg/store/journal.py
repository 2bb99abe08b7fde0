"""The journal: every commit as one checksummed line, appended and synced. It is the truth.

The first line is a header with the format and the base of the IRIs. Every other line is one
commit, so a commit is whole or not there at all: ``HASH {"at":…,"forgotten":[…],"readings":[…]}``.
The hash covers the hash of the line before and the line's own content; a byte changed, a line taken
out or put in breaks the chain at that line. A torn last line, what a crash leaves, is cut off and
reported. A reading is found again by its span of bytes, without reading the rest of its line.
"""

import contextlib
import errno
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from kg import formats
from kg.errors import JournalDamaged, NotAStore, StoreError, StoreFull
from kg.store.journal_format import (
    NO_DELTA,
    Commit,
    Delta,
    Position,
    Record,
    Span,
    compact,
    content,
    decode_commit,
    encode_commit,
    frame_line,
    holds,
    shift_spans,
)

__all__ = ["FileJournal", "Journal", "MemoryJournal", "Pin", "synced", "translated"]

_LONGEST_HEADER = 65536
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}


def _reading(body: bytes) -> Record:
    record: Record = json.loads(body)
    return record


class Journal(Protocol):
    """What a store keeps its commits in."""

    @property
    def header(self) -> Record:
        """What the journal was begun with."""

    @property
    def end(self) -> Position:
        """The last commit's place."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was mended at opening, a line each."""

    def append(
        self,
        at: str,
        readings: Sequence[Record],
        forgotten: Sequence[str] = (),
        own: Delta = NO_DELTA,
        identities: Sequence[Record] = (),
    ) -> tuple[Span, ...]:
        """Add a commit and return where its readings stand; when this returns, it survives a crash."""

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """Yield the commits whose numbers lie above `after`."""

    def read(self, span: Span) -> Record:
        """Return the reading at a place."""

    def close(self) -> None:
        """Let go of the file."""


class MemoryJournal:
    """A journal that is gone with the process."""

    notes: tuple[str, ...] = ()

    def __init__(self, header: Record) -> None:
        """Begin an empty journal."""
        self.header = header
        self.end = Position(0, "")
        self._bytes = bytearray()
        self._offsets: list[int] = []

    def append(
        self,
        at: str,
        readings: Sequence[Record],
        forgotten: Sequence[str] = (),
        own: Delta = NO_DELTA,
        identities: Sequence[Record] = (),
    ) -> tuple[Span, ...]:
        """Add a commit, as the line that a file would hold."""
        body, spans = encode_commit(at, readings, forgotten, own, identities)
        digest, line = frame_line(self.end.hash, body)
        self._offsets.append(len(self._bytes))
        self._bytes += line
        self.end = Position(self.end.sequence + 1, digest)
        return shift_spans(spans, self._offsets[-1])

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """Yield the commits whose numbers lie above `after`."""
        for sequence, (start, end) in enumerate(pairwise([*self._offsets, len(self._bytes)]), start=1):
            if sequence > after:
                yield decode_commit(sequence, bytes(self._bytes[start:end]), start)

    def read(self, span: Span) -> Record:
        """Return the reading at a place."""
        return _reading(bytes(self._bytes[span.start : span.start + span.length]))

    def close(self) -> None:
        """Do nothing: nothing is held."""


@dataclass(frozen=True, slots=True)
class Pin:
    """How far somebody has checked a journal: its header, the last commit, the bytes up to the first and the last."""

    header: Record
    end: Position
    first: int
    size: int


class FileJournal:
    """A journal in a file, open once for writing or many times for reading.

    Opening checks the whole chain of hashes, or only what follows the pin of one who has. Raises `NotAStore`
    where the file is none of ours, `StoreError` where another version of kg wrote it, `JournalDamaged` where a line
    is broken.
    """

    def __init__(self, path: Path, *, write: bool, pin: Pin | None = None) -> None:
        """Open the journal at `path`; with a pin it ends there, whatever has been added since."""
        self.path = path
        self.notes: tuple[str, ...] = ()
        try:
            self._file = path.open("r+b" if write else "rb", buffering=0)
        except OSError as error:
            raise translated(error, path) from error
        try:
            if pin is not None:
                self.header, self.end, self._first, self._size = pin.header, pin.end, pin.first, pin.size
            else:
                self.header, digest, self._first = self._read_header()
                self.end, self._size = self._find_end(Position(0, digest), self._first, write=write)
        except BaseException:
            self._file.close()
            raise

    @property
    def pin(self) -> Pin:
        """How far the journal has been checked."""
        return Pin(self.header, self.end, self._first, self._size)

    def follow(self) -> bool:
        """Take in the commits that somebody else has added since, and tell whether there were any.

        A line that is still being written is left for the next time. Raises `StoreError` where the file is no
        longer the one that was opened: somebody has put another in its place, or cut it.
        """
        now, mine = self.path.stat(), os.fstat(self._file.fileno())
        if (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino) or mine.st_size < self._size:
            raise StoreError(f"{self.path} has been replaced: open the store again")
        if mine.st_size == self._size:
            return False
        before = self.end
        self.end, self._size = self._find_end(self.end, self._size, write=False)
        self.notes = ()
        return self.end != before

    @staticmethod
    def begin(path: Path, header: Record) -> None:
        """Write a journal that holds its header alone, in one step; one that is there already stays."""
        _, line = frame_line("", compact({"format": formats.JOURNAL} | header))
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(part)
            synced(path.parent)
        except OSError as error:
            raise translated(error, path) from error
        finally:
            part.unlink(missing_ok=True)

    def fileno(self) -> int:
        """The file's descriptor, for locks."""
        return self._file.fileno()

    def _read_header(self) -> tuple[Record, str, int]:
        with self.path.open("rb") as file:
            line = file.readline(_LONGEST_HEADER)
        digest = holds("", line)
        if digest is None:
            if b"kg-journal/" in line:
                raise JournalDamaged(f"{self.path}: the first line is damaged: restore the file from a copy")
            raise NotAStore(f"{self.path} is no journal of kg: choose another folder")
        header = content(line)
        if (version := str(header.get("format"))) != formats.JOURNAL:
            older = formats.is_older(version, formats.JOURNAL)
            what = f"bring it there with 'kg migrate --store {self.path.parent}'" if older else "update kg"
            raise StoreError(f"{self.path} has the format {version}, this kg reads {formats.JOURNAL}: {what}")
        return header, digest, len(line)

    def _find_end(self, position: Position, size: int, *, write: bool) -> tuple[Position, int]:
        """Walk the chain of hashes from a commit, whose line ends at `size`, to its end; cut off a torn last line."""
        whole = os.fstat(self._file.fileno()).st_size
        with self.path.open("rb") as file:
            file.seek(size)
            for number, line in enumerate(file, start=position.sequence + 2):
                digest = holds(position.hash, line)
                if digest is not None:
                    position, size = Position(position.sequence + 1, digest), size + len(line)
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

    def append(
        self,
        at: str,
        readings: Sequence[Record],
        forgotten: Sequence[str] = (),
        own: Delta = NO_DELTA,
        identities: Sequence[Record] = (),
    ) -> tuple[Span, ...]:
        """Write and sync a commit; one that cannot be written whole is taken back."""
        body, spans = encode_commit(at, readings, forgotten, own, identities)
        digest, line = frame_line(self.end.hash, body)
        try:
            # What an earlier failure may have left.
            self._file.truncate(self._size)
            self._file.seek(self._size)
            done = 0
            while done < len(line):
                done += self._file.write(line[done:]) or 0
            os.fdatasync(self._file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(self._size)
            raise translated(error, self.path) from error
        start, size, end = self._size, self._size + len(line), Position(self.end.sequence + 1, digest)
        # Together, so that no interrupt comes between them.
        self.end, self._size = end, size
        return shift_spans(spans, start)

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """Yield the commits whose numbers lie above `after`."""
        with self.path.open("rb") as file:
            file.seek(self._first)
            offset = self._first
            for sequence in range(1, self.end.sequence + 1):
                line = file.readline()
                if sequence > after:
                    yield decode_commit(sequence, line, offset)
                offset += len(line)

    def read(self, span: Span) -> Record:
        """Return the reading at a place."""
        try:
            return _reading(os.pread(self._file.fileno(), span.length, span.start))
        except OSError as error:
            raise translated(error, self.path) from error

    def close(self) -> None:
        """Let go of the file, and of the locks on it."""
        self._file.close()


def synced(folder: Path) -> None:
    """Make the names in a folder survive a crash, as fsync does the bytes of a file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def translated(error: OSError, path: Path) -> StoreError:
    """Return what a failed file operation means to the user."""
    message = error.strerror or " ".join(str(error).split())
    # RocksDB gives no number, only C's words for it.
    if error.errno in _NO_SPACE or any(os.strerror(number) in message for number in _NO_SPACE):
        return StoreFull(f"the disk of {path} is full; what was committed before is safe: free space and try again")
    if error.errno in _REFUSED or any(os.strerror(number) in message for number in _REFUSED):
        return StoreFull(f"{path} cannot be written: {message}; change its rights or choose another store")
    return StoreError(f"{path}: {message}")
