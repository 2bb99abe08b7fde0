"""A web archive (WARC, ISO 28500): its pages, each called after the byte at which its record begins, as in a CDX index.

Records are read by `fastwarc <https://resiliparse.chatnoir.eu>`_. What the web server did not answer with a page (other
statuses, pictures, scripts), requests and revisits of pages that another record holds are passed over and counted.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from kg.documents import formats
from kg.documents.containers.container import Container, Member, Part, PassedOver
from kg.documents.metadata import stated
from kg.documents.page import Page
from kg.documents.sources import Position
from kg.errors import DocumentError, MissingReader

__all__ = ["open_container"]

_GZIP = b"\x1f\x8b"
_OK = 200
_READ = {
    "text/html": formats.HTML,
    "application/xhtml+xml": formats.HTML,
    "text/plain": formats.TEXT,
    "text/markdown": formats.MARKDOWN,
}
"""Media types of pages; those of files are found by the endings of their addresses."""
_SAID = ("application/pdf", "application/rtf", "application/msword", "application/vnd.", "application/octet-stream")


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a web archive; raise `DocumentError` where the file is none."""
    del beside
    archive = _WebArchive(file, where)
    offsets = [record.stream_pos for record, _ in zip(archive.records(0), range(2), strict=False)]
    if not offsets:
        raise DocumentError(f"{where}: is no web archive: it has no WARC record")
    file.seek(0)
    if file.read(2) == _GZIP and len(offsets) > 1:
        file.seek(offsets[1])
        if file.read(2) != _GZIP:
            raise DocumentError(f"{where}: is compressed in one piece, not record by record: unpack it with `gunzip`")
    return archive


class _WebArchive:
    def __init__(self, file: BinaryIO, where: str) -> None:
        self._file, self._where = file, where

    def members(self, start: Position) -> Iterator[Member | PassedOver]:
        """Yield each page."""
        for number, record in enumerate(self.records(start.offset), start.number):
            position = Position(number, record.stream_pos)
            if not _is_answer(record):
                yield PassedOver(position)
                continue
            media_type = _media_type(record)
            yield PassedOver(position) if media_type is None else Member(position, str(record.stream_pos), media_type)

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return the page in a record."""
        del position
        record = next(self.records(int(name)), None) if name.isdecimal() else None
        if record is None or not _is_answer(record):
            raise DocumentError("is not in the archive: no page begins there")
        self._check_whole(record)
        media_type = _media_type(record)
        try:
            data = record.reader.read(limit + 1)
        except (OSError, ValueError) as error:
            raise DocumentError(f"is damaged: {error}") from error
        if len(data) > limit:
            raise DocumentError(f"is longer than {limit >> 20} MiB, too long for an article")
        if media_type in {formats.HTML, formats.TEXT}:
            data = _as_utf8(data, record.http_charset)
        url = str(record.headers.get("WARC-Target-URI") or "").strip("<>")
        date = record.record_date
        return Part(data, media_type, detected=stated(url=url), retrieved=date.date().isoformat() if date else None)

    def _check_whole(self, record: Any) -> None:
        """Raise `DocumentError` where a record says that it is longer than the rest of the file."""
        here, size = self._file.tell(), self._file.seek(0, 2)
        self._file.seek(record.stream_pos)
        length = str(record.headers.get("Content-Length") or "")
        is_packed = self._file.read(2) == _GZIP
        self._file.seek(here)
        if not is_packed and length.isdecimal() and record.stream_pos + int(length) > size:
            raise DocumentError("is cut off: its record is longer than the file; get a whole copy of it")

    def records(self, offset: int) -> Iterator[Any]:
        """Yield the records from one that begins at `offset` on."""
        try:
            from fastwarc.warc import ArchiveIterator
        except ImportError as error:
            raise MissingReader("reading web archives needs fastwarc: pip install 'kg[office]'") from error
        self._file.seek(offset)
        try:
            yield from ArchiveIterator(self._file, parse_http=True, auto_decode="all", fsspec_args=False)
        except (OSError, ValueError, EOFError) as error:
            raise DocumentError(f"{self._where}: is damaged, or no web archive: {error}") from error


def _is_answer(record: Any) -> bool:
    """Return whether a record holds what a server answered, or a page saved without its answer's head."""
    from fastwarc.warc import WarcRecordType

    if record.record_type == WarcRecordType.resource:
        return True
    is_response = record.record_type == WarcRecordType.response
    return bool(is_response and record.http_headers is not None and record.http_headers.status_code == _OK)


def _media_type(record: Any) -> str | None:
    """Return the media type of a page, None where it is none."""
    said = record.http_content_type or str(record.headers.get("Content-Type") or "")
    said = said.partition(";")[0].strip().lower()
    if said in _READ:
        return _READ[said]
    if said and not said.startswith(_SAID):
        return None
    path = urlsplit(str(record.headers.get("WARC-Target-URI") or "").strip("<>")).path
    return formats.media_type(PurePosixPath(path)) or (said if said == "application/pdf" else None)


def _as_utf8(data: bytes, charset: str | None) -> bytes:
    """Return a text in UTF-8, where the server says in which charset it is and is right."""
    if not charset:
        return data
    try:
        return data.decode(charset).encode()
    except (LookupError, UnicodeError, ValueError):
        return data
