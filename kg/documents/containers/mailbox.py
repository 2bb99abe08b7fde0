"""A mailbox in mbox format (RFC 4155): its mails in their order, counted from 1, each with what is attached to it.

Mails are found by the lines that begin with "From ", without reading the file into memory. A line of a text that
begins so has a ">" before it (mboxrd), which is taken away.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kg.documents import formats
from kg.documents.containers.container import Container, Member, Part, PassedOver
from kg.documents.containers.mail import attached_members, attached_part
from kg.documents.mail import Attachment, attachments, has_body, parse_mail
from kg.documents.page import LIMIT, Page
from kg.documents.sources import Position
from kg.errors import DocumentError

__all__ = ["open_container"]

_CHUNK = 1 << 18
_LINE = 400
"""The longest line that can head a mail: it holds an address and a time."""
_HEAD = re.compile(rb"^From [^\n]{1,250}\d\d:\d\d[^\n]{0,100}\n", re.MULTILINE)
_BLANK = (b"\n\n", b"\n\r\n")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_ATTACHED = (b"content-disposition:", b"message/rfc822", b"multipart/encrypted", b"name=", b"name*")
"""What stands, in small letters, in a mail that may have something attached: only such a mail is parsed here."""


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a mailbox; raise `DocumentError` for a file that does not begin as one."""
    del beside
    head = file.read(_LINE)
    if not head.strip():
        raise DocumentError(f"{where}: is empty: there is no mail in it")
    if not _HEAD.match(head):
        raise DocumentError(f"{where}: is no mailbox: it does not begin with a line 'From …' and a time")
    return _Mailbox(file)


class _Mailbox:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def members(self, start: Position) -> Iterator[Member | PassedOver]:
        """Yield each mail, then what is attached to it."""
        for number, (offset, end) in enumerate(self._mails(start.offset), start.number):
            position, name = Position(number, offset), str(number + 1)
            data = self._bytes(offset, end) if end - offset <= LIMIT else b""
            small = data.lower()
            if not any(sign in small for sign in _ATTACHED):
                yield Member(position, name)
                continue
            try:
                message = parse_mail(data)
            except DocumentError:
                # It fails again where it is read, and is told of then.
                yield Member(position, name)
                continue
            attached = list(attached_members(attachments(message), position, f"{name}/"))
            if has_body(message) or not attached:
                yield Member(position, name)
            yield from attached

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return a mail by its number, or what is attached to it by number and name: "3/report.docx"."""
        number, _, file_name = name.partition("/")
        offset, end = self._extent(number, position)
        if end - offset > LIMIT:
            raise DocumentError(f"is a mail of more than {LIMIT >> 20} MiB: save what is attached to it as files")
        data = self._bytes(offset, end)
        if not file_name:
            return Part(data, formats.MAIL)
        found: Iterator[Attachment] = attachments(parse_mail(data))
        return attached_part(found, file_name, limit)

    def _extent(self, number: str, position: Position | None) -> tuple[int, int]:
        start = position or Position(0, 0)
        for index, extent in enumerate(self._mails(start.offset), start.number):
            if str(index + 1) == number:
                return extent
        raise DocumentError("is not in the mailbox: it holds fewer mails")

    def _bytes(self, offset: int, end: int) -> bytes:
        """Return a mail without the line that heads it."""
        self._file.seek(offset)
        data = self._file.read(end - offset)
        return _ESCAPED.sub(rb"\1", data.partition(b"\n")[2])

    def _mails(self, start: int) -> Iterator[tuple[int, int]]:
        """Yield where each mail begins and ends, from one that begins at `start` on."""
        begin = start
        for offset in self._heads(start + 1):
            yield begin, offset
            begin = offset
        self._file.seek(0, 2)
        yield begin, self._file.tell()

    def _heads(self, start: int) -> Iterator[int]:
        """Yield where heads of mails begin behind an offset: a head follows a blank line."""
        base, data = start, b""
        while True:
            self._file.seek(base + len(data))
            chunk = self._file.read(_CHUNK)
            data += chunk
            last = 0
            for match in _HEAD.finditer(data):
                if data.endswith(_BLANK, 0, match.start()):
                    yield base + match.start()
                    last = match.end()
            if not chunk:
                return
            # What is left may hold the beginning of a head, and the blank line before it.
            keep = max(last, len(data) - _LINE)
            base, data = base + keep, data[keep:]
