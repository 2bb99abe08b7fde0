"""Checksums of the index's files, kept beside it: damage is seen before the engine meets it.

RocksDB has a checksum for each block and looks at it when it reads the block; a path query that meets a damaged
one then goes on without end. So the files are written down when the index is closed, each with how it stood and its
checksum, and looked at when it is opened: one that stands otherwise is read whole. Of the others some are, drawn by
lot, all of them where they are small: a disk that changes bytes by itself changes no time. `kg verify` reads all.
A table that a killed writer left is not listed until the next one closes the store.
"""

import contextlib
import enum
import json
import os
import random
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Condition", "checksum", "condition", "keep"]

_TABLE, _NOTES = ".sst", ("LOG", "LOCK")
"""What the engine writes into its folder and does not read."""
_CHUNK = 1 << 20
_BY_LOT = 1 << 27
"""Bytes that every opening reads, of files that stand as they did."""
_Entry = list[int]
"""Length, time of change, inode and checksum of a file."""
_STAMP = 3


class Condition(enum.Enum):
    """How an index's files stand: as they were closed, otherwise than that, or damaged."""

    AS_CLOSED = "as closed"
    CHANGED = "changed"
    DAMAGED = "damaged"


def keep(index: Path, sums: Path) -> None:
    """Write down how the files stand that there are; a folder that cannot be written is let be."""
    recorded = _kept(sums)
    entries: dict[str, _Entry] = {}
    for path in _files(index):
        # Who still holds an answer keeps the engine at work, which takes tables away.
        with contextlib.suppress(FileNotFoundError):
            stamp, before = _stamp(path), recorded.get(path.name)
            entries[path.name] = before if before and before[:_STAMP] == stamp else [*stamp, checksum(path)]
    if entries == recorded:
        return
    part = sums.with_name(f"{sums.name}.{os.getpid()}.{threading.get_ident()}.part")
    with contextlib.suppress(OSError):
        part.write_text(json.dumps(entries), "utf-8")
        part.replace(sums)
    part.unlink(missing_ok=True)


def condition(index: Path, sums: Path, *, whole: bool = False) -> Condition:
    """Tell how the files stand, after reading the tables that changed and some of the other files, or `whole` all.

    A table that is not what was written down is damaged; one of another length is the engine's to judge.
    """
    recorded = _kept(sums)
    left = sys.maxsize if whole else _BY_LOT
    files = list(_files(index))
    random.shuffle(files)
    same = 0
    for path in files:
        with contextlib.suppress(FileNotFoundError):
            stamp, entry = _stamp(path), recorded.get(path.name)
            if entry is None or stamp[0] != entry[0]:
                continue
            is_same = entry[:_STAMP] == stamp
            same += is_same
            # What is no table the engine rewrites when it opens its folder.
            is_read = left > 0 if is_same else path.suffix == _TABLE
            left -= stamp[0] if is_same else 0
            if is_read and checksum(path) != entry[-1]:
                return Condition.DAMAGED
    return Condition.AS_CLOSED if recorded and same == len(files) == len(recorded) else Condition.CHANGED


def _files(index: Path) -> Iterator[Path]:
    return (path for path in index.glob("*") if not path.name.startswith(_NOTES))


def _stamp(path: Path) -> _Entry:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]


def _kept(sums: Path) -> dict[str, _Entry]:
    """Return what was written down of each file, by its name."""
    try:
        content = json.loads(sums.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: entry for name, entry in content.items() if isinstance(entry, list) and len(entry) == _STAMP + 1}


def checksum(path: Path) -> int:
    """Return the CRC-32 of a file."""
    value = 0
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            value = zlib.crc32(data, value)
    return value
