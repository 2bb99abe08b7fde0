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

__all__ = ["is_damaged", "keep"]

_TABLES = "*.sst"
_CHUNK = 1 << 20


def keep(index: Path, sums: Path) -> None:
    """Write down the checksums of the tables that there are; a folder that cannot be written is let be."""
    known = _kept(sums)
    found = {path.name: known.get(path.name) or _sum(path) for path in index.glob(_TABLES)}
    if found == known:
        return
    part = sums.with_name(f"{sums.name}.{os.getpid()}.part")
    with contextlib.suppress(OSError):
        part.write_text(json.dumps(found), "utf-8")
        part.replace(sums)
    part.unlink(missing_ok=True)


def is_damaged(index: Path, sums: Path) -> bool:
    """Tell whether a table is not what was written down."""
    known = _kept(sums)
    return any(path.name in known and _sum(path) != known[path.name] for path in index.glob(_TABLES))


def _kept(sums: Path) -> dict[str, int]:
    try:
        said = json.loads(sums.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): value for name, value in said.items()} if isinstance(said, dict) else {}


def _sum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            found = zlib.crc32(data, found)
    return found
