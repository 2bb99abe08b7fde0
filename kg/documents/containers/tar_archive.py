"""A tar archive, compressed or not: each file in it that kg reads, by its path there."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from kg.documents import formats
from kg.documents.containers import archive
from kg.documents.containers.container import Container, Member, Part, member_name
from kg.documents.metadata import read_sidecar
from kg.documents.page import Page
from kg.documents.sources import Position
from kg.errors import DocumentError

__all__ = ["open_container"]

_GZIP = b"\x1f\x8b"
_MOST = 100_000
"""The most files of one archive: they have to be listed at once."""
_BROKEN = (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, zlib.error)


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open an archive; raise `DocumentError` where the file is none, or is made to do harm."""
    del beside
    infos: list[tarfile.TarInfo] = []
    total = 0
    unpacked = gzip.GzipFile(fileobj=file) if file.read(2) == _GZIP else file
    file.seek(0)
    try:
        # It stays open, and reads its own headers as long as they say they are, hence the limit.
        opened = tarfile.open(fileobj=cast("BinaryIO", archive.ReadLimit(cast("BinaryIO", unpacked))), mode="r:")  # noqa: SIM115
        while info := opened.next():
            infos.append(info)
            total += info.size
            if len(infos) > _MOST or total > archive.TOTAL:
                raise DocumentError(
                    f"{where}: holds more than {_MOST:,} files or {archive.TOTAL >> 30} GiB: split the archive"
                )
    except _BROKEN as error:
        raise DocumentError(f"{where}: is no tar archive that can be read: {error}") from error
    return _TarArchive(opened, infos)


class _TarArchive:
    def __init__(self, opened: tarfile.TarFile, infos: list[tarfile.TarInfo]) -> None:
        self._archive, self._infos = opened, infos
        self._names = list(archive.numbered(member_name(info.name) for info in infos))
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._paths = {info.name: info for info in infos}

    def members(self, start: Position) -> Iterator[Member]:
        """Yield each file, in the order of the archive."""
        for number in range(start.number, len(self._infos)):
            info, name = self._infos[number], self._names[number]
            if info.isdir() or archive.is_hidden(info.name) or archive.is_sidecar(info.name, self._paths.keys()):
                continue
            reason = archive.refusal(info.name) or _refusal(info)
            yield Member(Position(number, 0), name, formats.media_type(Path(info.name)), reason)

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return the bytes of a file, with what the ``.json`` file beside it says."""
        number = self._numbers.get(name) if position is None else position.number
        if number is None or number >= len(self._infos):
            raise DocumentError("is not in the archive")
        info = self._infos[number]
        data, media_type = self._bytes(info, limit), formats.media_type(Path(info.name))
        sidecar = str(Path(info.name).with_suffix(".json"))
        if sidecar in self._paths and archive.is_sidecar(sidecar, self._paths.keys()):
            return Part(data, media_type, read_sidecar(self._bytes(self._paths[sidecar], limit), sidecar))
        return Part(data, media_type)

    def _bytes(self, info: tarfile.TarInfo, limit: int) -> bytes:
        if (reason := _refusal(info)) is not None:
            raise DocumentError(reason)
        try:
            stream = self._archive.extractfile(info)
            data = archive.read_up_to(stream, limit) if stream else b""
        except _BROKEN as error:
            raise DocumentError(f"cannot be unpacked: {error}") from error
        if len(data) > limit:
            raise DocumentError(f"unpacks to more than {limit >> 20} MiB: split it")
        return data


def _refusal(info: tarfile.TarInfo) -> str | None:
    return None if info.isreg() else "is a link or a device, which is not followed"
