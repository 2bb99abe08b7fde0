"""A file that is compressed with gzip: the one document or container in it, called as the file is without ".gz"."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import BinaryIO

from kg.documents import formats
from kg.documents.containers import archive
from kg.documents.containers.container import FIRST, Container, Member, Part, member_name
from kg.documents.page import Page
from kg.documents.sources import Position
from kg.errors import DocumentError

__all__ = ["open_container"]


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a compressed file."""
    del beside
    name = PurePath(where.rpartition("#")[2]).name
    return _GzipFile(file, name[:-3] if name.lower().endswith(".gz") else name)


class _GzipFile:
    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name

    def members(self, start: Position) -> Iterator[Member]:
        """Yield what is compressed."""
        del start
        reason = archive.refusal(self._name)
        yield Member(FIRST, member_name(self._name), formats.media_type(PurePath(self._name)), reason)

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return its bytes."""
        del position
        if name != member_name(self._name):
            raise DocumentError("is not in the file")
        self._file.seek(0)
        try:
            with gzip.GzipFile(fileobj=self._file) as stream:
                data = archive.read_up_to(stream, limit)
        except (OSError, EOFError, zlib.error) as error:
            raise DocumentError(f"cannot be unpacked: {error}") from error
        if len(data) > limit:
            raise DocumentError(f"unpacks to more than {limit >> 20} MiB: split it")
        return Part(data, formats.media_type(PurePath(self._name)))
