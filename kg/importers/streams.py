"""A register's file as a stream of bytes, unpacked on the way: nothing of it is held but what is being read."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from kg.errors import DocumentError

__all__ = ["opened"]

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Give a file as bytes, unpacked where it is a .gz or a .zip, by what it begins with and not by its name.

    A zip archive holds one file; folders do not count.

    Raises:
        DocumentError: the file cannot be read or unpacked, is cut off, or is an archive of several files.

    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(0)
            if head.startswith(_GZIP):
                with gzip.open(file) as unpacked:
                    yield cast("IO[bytes]", unpacked)
            elif head.startswith(_ZIP):
                with zipfile.ZipFile(file) as archive, archive.open(_only(archive, path)) as member:
                    yield member
            else:
                yield file
    # A zip archive under a password is a RuntimeError, one packed in an unknown way a NotImplementedError.
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise DocumentError(f"{path} cannot be read: {' '.join(str(error).split())}") from error


def _only(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise DocumentError(f"{path} holds {len(members)} files: unpack it, and give one of them")
    return members[0]
