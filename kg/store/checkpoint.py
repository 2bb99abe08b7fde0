"""How far a journal has been checked, kept beside it: whoever opens it next need not walk through it again.

The file says at which commit the journal ended, and how the journal's file stood then: its inode, its length, the
times when its bytes and its attributes were last changed. Only where all of that is still so, and where the last
line begins with that commit's hash, does it count. A journal that anybody else has added to, cut, copied or written
into is walked through from its first line, and so is one whose checkpoint is missing, damaged or of another version.
"""

import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from kg import formats
from kg.errors import InvalidRecord
from kg.store.journal_format import HASH, Position, compact, content, frame_line, holds

__all__ = ["Checkpoint", "JournalEnd", "Stamp", "stamp_of"]

Stamp = tuple[int, int, int, int]
"""How a file stands: inode, length, time of the last change of bytes, of attributes."""


@dataclass(frozen=True, slots=True)
class JournalEnd:
    """Where a journal ends: its last commit, where that one's line begins, how many bytes there are."""

    position: Position
    last: int
    size: int


def stamp_of(descriptor: int) -> Stamp:
    """Return how an open file stands."""
    stat = os.fstat(descriptor)
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The file at `path`, which need not be there."""

    path: Path

    def end(self, descriptor: int) -> JournalEnd | None:
        """Return where the journal that is open ends; None where only a walk can tell."""
        try:
            line = self.path.read_bytes()
            if holds("", line) is None:
                return None
            said = content(line)
            if said["format"] != formats.CHECKPOINT or said["file"] != list(stamp_of(descriptor)):
                return None
            end = JournalEnd(Position(*said["commit"]), said["last"], said["file"][1])
            begins = os.pread(descriptor, HASH + 1, end.last)
        except (OSError, InvalidRecord, KeyError, TypeError, ValueError):
            return None
        return end if begins == f"{end.position.hash} ".encode() else None

    def keep(self, end: JournalEnd, stamp: Stamp) -> None:
        """Write down where a journal ends whose file stands so; a folder that cannot be written is let be."""
        position = end.position
        record = {"format": formats.CHECKPOINT, "file": list(stamp), "last": end.last}
        _, line = frame_line("", compact({**record, "commit": [position.sequence, position.hash]}))
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.{threading.get_ident()}.part")
        with contextlib.suppress(OSError):
            part.write_bytes(line)
            part.replace(self.path)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
