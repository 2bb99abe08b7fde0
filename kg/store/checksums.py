"""Checksums of the index's tables, kept beside it: damage is seen before the engine meets it.

RocksDB has a checksum for each block and looks at it when it reads the block; a path query that meets a damaged
one then goes on without end. So the tables, which never change once they are written, are checked whole when the
index is opened. A table that a killed writer left is not listed until the next one closes the store.
"""

import contextlib
import json
import os
import zlib
from pathlib import Path

__all__ = ["checksum", "is_damaged", "keep"]

_TABLES = "*.sst"
_CHUNK = 1 << 20
_ENTRY = 3


def keep(index: Path, sums: Path) -> None:
    """Write down the checksums of the tables that there are; a folder that cannot be written is let be."""
    recorded = _kept(sums)
    entries = {}
    for path in index.glob(_TABLES):
        # Who still holds an answer keeps the engine at work, which takes tables away.
        with contextlib.suppress(FileNotFoundError):
            stat, before = path.stat(), recorded.get(path.name)
            same = before is not None and before[:2] == [stat.st_size, stat.st_mtime_ns]
            entries[path.name] = before if before and same else [stat.st_size, stat.st_mtime_ns, checksum(path)]
    if entries == recorded:
        return
    part = sums.with_name(f"{sums.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):
        part.write_text(json.dumps(entries), "utf-8")
        part.replace(sums)
    part.unlink(missing_ok=True)


def is_damaged(index: Path, sums: Path) -> bool:
    """Tell whether a table is not what was written down; one of another length is the engine's to judge."""
    recorded = _kept(sums)
    for path in index.glob(_TABLES):
        with contextlib.suppress(FileNotFoundError):
            entry = recorded.get(path.name)
            if entry is not None and path.stat().st_size == entry[0] and checksum(path) != entry[-1]:
                return True
    return False


def _kept(sums: Path) -> dict[str, list[int]]:
    """Return size, time of change and checksum of each table, by its name."""
    try:
        content = json.loads(sums.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: entry for name, entry in content.items() if isinstance(entry, list) and len(entry) == _ENTRY}


def checksum(path: Path) -> int:
    """Return the CRC-32 of a file."""
    value = 0
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            value = zlib.crc32(data, value)
    return value
