"""A ZIP archive: each file in it that kg reads, by its path there."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from stat import S_ISLNK
from typing import BinaryIO, cast

from kg.documents import formats
from kg.documents.containers import archive
from kg.documents.containers.container import FIRST, Container, Member, Part, member_name
from kg.documents.metadata import read_sidecar
from kg.documents.packages import PACKAGE_PARTS, package_type
from kg.documents.page import LIMIT, Page
from kg.documents.sources import Position
from kg.errors import DocumentError

__all__ = ["open_container"]

_ENCRYPTED = 1
"""The bit of a member's flags (APPNOTE.TXT, section 4.4.4)."""
_MEBIBYTE = 1 << 20
_SMALL = 30
"""The least bytes of a member's own header, by which members cannot overlap."""
_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, LookupError, zlib.error,
    lzma.LZMAError, struct.error,
)  # fmt: skip


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open an archive; raise `DocumentError` where the file is none, or lies."""
    del beside
    try:
        opened = zipfile.ZipFile(cast("BinaryIO", archive.ReadLimit(file)))
        infos = opened.infolist()
    except _BROKEN as error:
        raise DocumentError(f"{where}: is no ZIP archive that can be read: {error or 'it is cut off'}") from error
    ends = sorted((info.header_offset, info.header_offset + _SMALL + info.compress_size) for info in infos)
    if any(end > start for (_, end), (start, _) in pairwise(ends)):
        raise DocumentError(f"{where}: is a ZIP archive whose files overlap: it was made to do harm")
    is_package = not PACKAGE_PARTS.isdisjoint(info.filename for info in infos)
    if is_package:
        file.seek(0)
        data = file.read(LIMIT + 1)
        is_package = len(data) > LIMIT or package_type(data, where) is not None
    return _ZipArchive(opened, infos, is_package=is_package)


class _ZipArchive:
    def __init__(self, opened: zipfile.ZipFile, infos: list[zipfile.ZipInfo], *, is_package: bool) -> None:
        self._is_package = is_package
        self._archive, self._infos = opened, infos
        self._names = list(archive.numbered(member_name(info.filename) for info in infos))
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._paths = frozenset(info.filename for info in infos)

    def members(self, start: Position) -> Iterator[Member]:
        """Yield each file, in the order of the archive."""
        if self._is_package:
            yield Member(FIRST, "")
            return
        total = sum(self._infos[number].file_size for number in range(start.number))
        for number in range(start.number, len(self._infos)):
            info, position = self._infos[number], Position(number, 0)
            total += info.file_size
            if archive.is_hidden(info.filename) or archive.is_sidecar(info.filename, self._paths):
                continue
            reason = archive.refusal(info.filename) or _refusal(info, total)
            yield Member(position, self._names[number], formats.media_type(Path(info.filename)), reason)

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return the bytes of a file, with what the ``.json`` file beside it says."""
        number = self._numbers.get(name) if position is None else position.number
        if number is None or number >= len(self._infos):
            raise DocumentError("is not in the archive")
        info = self._infos[number]
        data = self._bytes(info, limit)
        sidecar = str(Path(info.filename).with_suffix(".json"))
        if sidecar in self._paths and archive.is_sidecar(sidecar, self._paths):
            declared = read_sidecar(self._bytes(self._archive.getinfo(sidecar), limit), sidecar)
            return Part(data, formats.media_type(Path(info.filename)), declared)
        return Part(data, formats.media_type(Path(info.filename)))

    def _bytes(self, info: zipfile.ZipInfo, limit: int) -> bytes:
        reason = _refusal(info, 0)
        if reason is not None:
            raise DocumentError(reason)
        try:
            with self._archive.open(info) as stream:
                data = archive.read_up_to(stream, limit)
        except _BROKEN as error:
            raise DocumentError(f"cannot be unpacked: {error or 'it is cut off'}") from error
        if len(data) > limit:
            raise DocumentError(f"unpacks to more than {limit >> 20} MiB: split it")
        return data


def _refusal(info: zipfile.ZipInfo, total: int) -> str | None:
    """Return why a file is not unpacked, None where it is; `total` is what there is up to it."""
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted: unpack the archive with its password first"
    if S_ISLNK(info.external_attr >> 16):
        return "is a link, which is not followed"
    if info.file_size > _MEBIBYTE and info.file_size > archive.RATIO * max(info.compress_size, 1):
        return f"unpacks to more than {archive.RATIO} times its size: it is no text"
    if total > archive.TOTAL:
        return f"the files up to it unpack to more than {archive.TOTAL >> 30} GiB: split the archive"
    return None
