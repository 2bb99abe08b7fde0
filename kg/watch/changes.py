"""Whether files have changed: by their names, sizes and times, without reading them."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.store import is_endpoint

__all__ = ["StoreMark", "fingerprint", "journal_fingerprint", "store_mark"]


class StoreMark(NamedTuple):
    """Which store it was: its path, the number of its journal's file and how long that was; 0 where none is there."""

    path: str
    file: int = 0
    size: int = 0

    def continues(self, earlier: "StoreMark") -> bool:
        """Whether it may be the same store as earlier: journals only grow."""
        return self.path == earlier.path and self.file == earlier.file and self.size >= earlier.size


def fingerprint(path: Path, said: Iterable[str | None] = ()) -> str:
    """Return what changes when a file, or any file below a folder, does; or when what is said of it does.

    Hidden files and folders count as little as they do for `kg.documents.find`; links to folders are not followed.
    A path that is not there has a fingerprint too.
    """
    digest = hashlib.sha256(repr(tuple(said)).encode())
    for entry in sorted(_entries(path)):
        digest.update(repr(entry).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _entries(path: Path) -> Iterator[tuple[str, int, int, int, int]]:
    if not path.is_dir():
        yield from _entry(path, path.name)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield from _entry(Path(folder) / name, os.path.relpath(os.path.join(folder, name), path))  # noqa: PTH118


def _entry(path: Path, name: str) -> Iterator[tuple[str, int, int, int, int]]:
    try:
        status = path.stat()
    except OSError:
        return
    # A pipe or a device is listed by name alone: its times say nothing. Who copies a file onto another one may set
    # the time of writing, but not that of the change (ctime).
    is_file = stat.S_ISREG(status.st_mode)
    yield name, *((status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino) if is_file else (0, 0, 0, 0))


def journal_fingerprint(store_path: str) -> str:
    """Return what changes when a store does; "" of an endpoint, of which nothing tells."""
    return "" if is_endpoint(store_path) else fingerprint(Path(store_path) / "journal.jsonl")


def store_mark(store_path: str) -> StoreMark:
    """Return which store is at a path."""
    if is_endpoint(store_path):
        return StoreMark(store_path)
    path = Path(store_path).resolve()
    try:
        status = (path / "journal.jsonl").stat()
    except OSError:
        return StoreMark(str(path))
    return StoreMark(str(path), status.st_ino, status.st_size)
