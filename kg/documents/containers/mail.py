"""A mail in a file: its own text, and each thing attached to it that kg reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from kg.documents import formats
from kg.documents.containers.container import FIRST, Container, Member, Part, PassedOver, member_name
from kg.documents.mail import Attachment, attachments, has_body, parse_mail
from kg.documents.page import LIMIT, Page
from kg.documents.sources import Position, suffix_reason
from kg.errors import DocumentError

__all__ = ["attached_members", "attached_part", "open_container"]

_MOST = 500
"""The most attachments of one mail; beyond it one line is told, not ten thousand."""


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a mail."""
    del beside
    data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise DocumentError(f"{where}: is a mail of more than {LIMIT >> 20} MiB: save what is attached to it as files")
    return _Mail(data, where)


class _Mail:
    def __init__(self, data: bytes, where: str) -> None:
        try:
            self._message = parse_mail(data)
        except DocumentError as error:
            raise DocumentError(f"{where}: {error}") from error

    def members(self, start: Position) -> Iterator[Member | PassedOver]:
        """Yield the mail's own text, and what is attached; `start` is its beginning: one answer holds all."""
        attached = list(attached_members(attachments(self._message), start))
        if has_body(self._message) or not attached:
            yield Member(FIRST, "", formats.MAIL)
        yield from attached

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return an attachment."""
        del position
        return attached_part(attachments(self._message), name, limit)


def attached_members(
    found: Iterator[Attachment], position: Position, prefix: str = ""
) -> Iterator[Member | PassedOver]:
    """Yield what is attached to a mail: documents, those of a kind that is not read, and what is none."""
    for count, attachment in enumerate(found):
        name = prefix + member_name(attachment.name)
        if count >= _MOST:
            yield Member(position, name, reason=f"the mail has more than {_MOST} attachments: save the others as files")
            return
        if not attachment.is_document:
            yield PassedOver(position)
        elif attachment.media_type is None:
            yield Member(position, name, reason=suffix_reason(Path(attachment.name)).partition(";")[0])
        else:
            yield Member(position, name, attachment.media_type)


def attached_part(found: Iterator[Attachment], name: str, limit: int) -> Part:
    """Return the bytes of an attachment; raise `DocumentError` where the mail has none of that name."""
    for attachment in found:
        if member_name(attachment.name) == name:
            data = attachment.data()
            if len(data) > limit:
                raise DocumentError(f"is an attachment of more than {limit >> 20} MiB: save it as a file, and split it")
            return Part(data, attachment.media_type)
    raise DocumentError("is not attached to the mail")
