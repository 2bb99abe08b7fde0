"""Files of registers as streams of bytes: as they are, or packed with gzip or zip."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from kg.errors import DocumentError

__all__ = ["LINE", "lines_of", "members_of", "unpacked"]

LINE = 1 << 24
"""Bytes that a line may have: what unpacks to one without end must not fill the memory."""


@contextmanager
def unpacked(path: Path, member: str | None = None) -> Iterator[IO[bytes]]:
    """Give the bytes of a file; of one that is packed those that it holds, as they are read.

    Args:
        path: the file.
        member: which file of a zip archive; by default its only one.

    Raises:
        DocumentError: the file cannot be read, is damaged or cut off, or holds several.

    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(0)
            if head.startswith(b"\x1f\x8b"):
                with gzip.open(file) as packed:
                    yield cast("IO[bytes]", packed)
            elif head == b"PK\x03\x04":
                with zipfile.ZipFile(file) as archive, _opened(path, archive, member) as stream:
                    yield stream
            else:
                yield file
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DocumentError(f"{path} cannot be read: {reason}") from error


def members_of(path: Path) -> tuple[str, ...]:
    """Return the names of the files in a zip archive; none for another file. Raises `DocumentError`."""
    try:
        if not zipfile.is_zipfile(path):
            return ()
        with zipfile.ZipFile(path) as archive:
            return tuple(name for name in archive.namelist() if not name.endswith("/"))
    except (OSError, zipfile.BadZipFile) as error:
        raise DocumentError(f"{path} cannot be read: {error}") from error


def _opened(path: Path, archive: zipfile.ZipFile, member: str | None) -> IO[bytes]:
    try:
        return archive.open(member or _only(path, archive))
    # A password is a RuntimeError, another way of packing a NotImplementedError, a name that is not there a KeyError.
    except (KeyError, RuntimeError) as error:
        raise DocumentError(f"{path} cannot be read: {error}") from error


def _only(path: Path, archive: zipfile.ZipFile) -> str:
    names = [name for name in archive.namelist() if not name.endswith("/")]
    if len(names) != 1:
        raise DocumentError(f"{path} holds {len(names)} files: give an archive of one, or unpack it")
    return names[0]


def lines_of(stream: IO[bytes], path: Path) -> Iterator[bytes]:
    """Yield the lines of a stream with their ends. Raises `DocumentError` for one of more than `LINE` bytes."""
    number = 0
    while line := stream.readline(LINE + 1):
        number += 1
        if len(line) > LINE:
            raise DocumentError(f"{path}, line {number}: is longer than {LINE:,} bytes, so this is no file of records")
        yield line
