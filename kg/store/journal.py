"""The journal: every commit as one checksummed line, appended and synced. It is the truth.

The first line is a header with the format and the base of the IRIs. Every other line is one
commit, so a commit is whole or not there at all: ``HASH {"at":…,"forgotten":[…],"readings":[…]}``.
The hash covers the hash of the line before and the line's own content; a byte changed, a line taken
out or put in breaks the chain at that line. A torn last line, what a crash leaves, is cut off and
reported. A reading is found again by its span of bytes, without reading the rest of its line, and compared with its
own checksum. A checkpoint beside the journal says how far it has been checked (see `kg.store.checkpoint`).
"""

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kg import formats
from kg.errors import JournalDamaged, NotAStore, StoreError, StoreFull
from kg.store.checkpoint import Checkpoint, JournalEnd, Stamp, stamp_of
from kg.store.journal_format import (
    HASH,
    NO_DELTA,
    Commit,
    Delta,
    Position,
    Record,
    Span,
    compact,
    content,
    decode_commit,
    decode_reading,
    encode_commit,
    frame_line,
    holds,
    line_start,
    shift_spans,
)

__all__ = ["FileJournal", "Journal", "Pin", "synced", "translated"]

_LONGEST_HEADER = 65536
_UNKNOWN: Stamp = (0, 0, 0, 0)
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EROFS, errno.EACCES, errno.EPERM}


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
        """Yield the commits whose numbers lie above `after`; raise `JournalDamaged` at one that is not whole."""

    def lines(self, after: int = 0) -> Iterator[bytes]:
        """Yield the lines of the commits above `after`, as a file has them; raises what `commits` does."""

    def read(self, span: Span, *, judged: bool = True) -> Record:
        """Return the reading at a place, or without `judged` what precedes its judgements.

        Raises `JournalDamaged` where it is not what was written.
        """

    def verify(self) -> None:
        """Read all of it; raise `JournalDamaged` at a line that is not whole."""

    def close(self) -> None:
        """Let go of the file."""


@dataclass(frozen=True, slots=True)
class Pin:
    """How far somebody has checked a journal: its header, where the first commit begins, where the last one ends."""

    header: Record
    first: int
    end: JournalEnd


class FileJournal:
    """A journal in a file, open once for writing or many times for reading.

    Opening checks the whole chain of hashes, unless a checkpoint or the pin of one who has says that it holds. Raises
    `NotAStore` where the file is none of ours, `StoreError` where another version of kg wrote it, `JournalDamaged`
    where a line is broken.
    """

    def __init__(
        self, path: Path, *, write: bool, pin: Pin | None = None, checkpoint: Checkpoint | None = None
    ) -> None:
        """Open the journal at `path`; with a pin it ends there, whatever has been added since."""
        self.path = path
        self.notes: tuple[str, ...] = ()
        self._checkpoint, self._stamp = checkpoint, _UNKNOWN
        try:
            self._file = path.open("r+b" if write else "rb", buffering=0)
        except OSError as error:
            raise translated(error, path) from error
        try:
            if pin is not None:
                self.header, self._first, self._end = pin.header, pin.first, pin.end
            else:
                self.header, digest, self._first = self._read_header()
                self._end = self._checked(JournalEnd(Position(0, digest), 0, self._first), write=write)
        except BaseException:
            self._file.close()
            raise

    @property
    def end(self) -> Position:
        """The last commit's place."""
        return self._end.position

    @property
    def pin(self) -> Pin:
        """How far the journal has been checked."""
        return Pin(self.header, self._first, self._end)

    def follow(self) -> bool:
        """Take in the commits that somebody else has added since, and tell whether there were any.

        A line that is still being written is left for the next time. Raises `StoreError` where the file is no
        longer the one that was opened: somebody has put another in its place, or cut it.
        """
        now, mine = self.path.stat(), os.fstat(self._file.fileno())
        if (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino) or mine.st_size < self._end.size:
            raise StoreError(f"{self.path} has been replaced: open the store again")
        if mine.st_size == self._end.size:
            return False
        before = self.end
        self._end = self._walked(self._end, write=False)
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

    def _checked(self, start: JournalEnd, *, write: bool) -> JournalEnd:
        """Return where the journal ends, by its checkpoint where that holds; else by a walk, which makes it anew."""
        descriptor = self._file.fileno()
        self._stamp = stamp_of(descriptor)
        end = self._checkpoint.end(descriptor) if self._checkpoint else None
        if end is not None:
            return end
        end = self._walked(start, write=write)
        if self.notes and write:
            # What was torn has just been cut off.
            self._stamp = stamp_of(descriptor)
        if self._checkpoint and self._stamp == stamp_of(descriptor) and self._stamp[1] == end.size:
            self._checkpoint.keep(end, self._stamp)
        return end

    def _walked(self, end: JournalEnd, *, write: bool) -> JournalEnd:
        """Walk the chain of hashes from a commit to the journal's end; cut off a torn last line."""
        position, last, size = end.position, end.last, end.size
        whole = os.fstat(self._file.fileno()).st_size
        with self.path.open("rb") as file:
            file.seek(size)
            for number, line in enumerate(file, start=position.sequence + 2):
                digest = holds(position.hash, line)
                if digest is not None:
                    position, last, size = Position(position.sequence + 1, digest), size, size + len(line)
                    continue
                if size + len(line) < whole or line.endswith(b"\n"):
                    raise self._damage(number, size)
                self.notes = (f"the last commit was not written whole and is left out ({len(line)} bytes)",)
                if write:
                    self._file.truncate(size)
        return JournalEnd(position, last, size)

    def _damage(self, number: int, size: int) -> JournalDamaged:
        whole = os.fstat(self._file.fileno()).st_size
        return JournalDamaged(
            f"{self.path}: line {number} is damaged, at byte {size} of {whole}; the {number - 2} "
            f"commits before it are whole: restore the file from a copy, or keep them with 'head -c {size}'"
        )

    def verify(self) -> None:
        """Read all of it, whatever the checkpoint says; raise `JournalDamaged` at a line that is not whole."""
        self._read_header()
        for _ in self._lines(0):
            pass

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
        start = self._end.size
        self._write(line, JournalEnd(Position(self.end.sequence + 1, digest), start, start + len(line)))
        return shift_spans(spans, start)

    def extend(self, lines: Iterable[bytes]) -> None:
        """Write and sync commits of another journal that begins as this one does, as its lines have them: all or none.

        Raises `JournalDamaged` where one does not follow on the one before.
        """
        position, last, size, added = self.end, self._end.last, self._end.size, bytearray()
        for line in lines:
            digest = holds(position.hash, line)
            if digest is None:
                raise JournalDamaged(f"commit {position.sequence + 1} does not follow on the one before it")
            position, last, size = Position(position.sequence + 1, digest), size, size + len(line)
            added += line
        if added:
            self._write(bytes(added), JournalEnd(position, last, size))

    def _write(self, data: bytes, end: JournalEnd) -> None:
        """Write and sync what makes the journal end there; what cannot be written whole is taken back."""
        start = self._end.size
        # What has been written into by others is for the next walk to judge.
        is_known = self._stamp == stamp_of(self._file.fileno())
        try:
            # What an earlier failure may have left.
            self._file.truncate(start)
            self._file.seek(start)
            done = 0
            while done < len(data):
                done += self._file.write(data[done:]) or 0
            os.fdatasync(self._file.fileno())
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(start)
            raise translated(error, self.path) from error
        self._end = end
        self._stamp = stamp_of(self._file.fileno()) if is_known else _UNKNOWN
        if self._checkpoint and is_known:
            self._checkpoint.keep(self._end, self._stamp)

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """Yield the commits whose numbers lie above `after`; raise `JournalDamaged` at one that is not whole."""
        for sequence, offset, line in self._lines(after):
            yield decode_commit(sequence, line, offset)

    def lines(self, after: int = 0) -> Iterator[bytes]:
        """Yield the lines of the commits above `after`."""
        return (line for *_, line in self._lines(after))

    def _lines(self, after: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield the number, the first byte and the line of each commit above `after`, each compared with its hash."""
        end = self._end
        with self.path.open("rb") as file:
            # Sought from the end, since mostly the last ones are asked for; the header is line 0.
            back = end.position.sequence - after + 1
            file.seek(line_start(file, end.size, back) if after else 0)
            before = file.readline()
            for sequence in range(after + 1, end.position.sequence + 1):
                offset, line = file.tell(), file.readline()
                if holds(before[:HASH].decode("ascii", "replace"), line) is None:
                    raise self._damage(sequence + 1, offset)
                yield sequence, offset, line
                before = line

    def read(self, span: Span, *, judged: bool = True) -> Record:
        """Return the reading at a place, with its judgements or without them."""
        try:
            body = os.pread(self._file.fileno(), span.length, span.start)
        except OSError as error:
            raise translated(error, self.path) from error
        return decode_reading(body, span, judged=judged)

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
