"""Whether files have changed: by their names, sizes and times, without reading them."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.store import is_endpoint

__all__ = ["fingerprint", "journal_fingerprint"]


def fingerprint(path: Path, said: Iterable[str | None] = ()) -> str:
    """Return what changes when a file, or any file below a folder, does; or when what is said of it does.

    Hidden files and folders count as little as they do for `kg.documents.find`; links to folders are not followed.
    A path that is not there has a fingerprint too.
    """
    digest = hashlib.sha256(repr(tuple(said)).encode())
    for entry in sorted(_entries(path)):
        digest.update(repr(entry).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _entries(path: Path) -> Iterator[tuple[str, int, int, int]]:
    if not path.is_dir():
        yield from _entry(path, path.name)
        return
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                yield from _entry(Path(folder) / name, os.path.relpath(os.path.join(folder, name), path))  # noqa: PTH118


def _entry(path: Path, name: str) -> Iterator[tuple[str, int, int, int]]:
    try:
        status = path.stat()
    except OSError:
        return
    # A pipe or a device is listed by name alone: its times say nothing.
    is_file = stat.S_ISREG(status.st_mode)
    yield name, *((status.st_size, status.st_mtime_ns, status.st_ino) if is_file else (0, 0, 0))


def journal_fingerprint(store_path: str) -> str:
    """Return what changes when a store does; "" of an endpoint, of which nothing tells."""
    return "" if is_endpoint(store_path) else fingerprint(Path(store_path) / "journal.jsonl")
