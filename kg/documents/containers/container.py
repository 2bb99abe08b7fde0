"""What a file of many documents is to those that read it: its members, and the bytes or the text of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from kg.documents.metadata import NOTHING, Metadata
from kg.documents.page import Page
from kg.documents.sources import Position

__all__ = ["FIRST", "Address", "ColumnQuestion", "Container", "Member", "Opener", "Part", "PassedOver", "member_name"]

FIRST = Position(0, 0)
_LONGEST_NAME = 200
"""Characters of a member's name: names are ids, and a hostile one would fill the messages."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Member:
    """A document in a container, at a position; `reason` tells why it is not read.

    The name "" is the container's own: a file that turns out to be one document.
    """

    position: Position
    name: str
    media_type: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A part that is no document, as the picture in a mail or the script in a web archive: it is counted."""

    position: Position


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page that is to be looked up in other files."""

    position: Position
    url: str


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """A sheet, as messages call it, with columns of long texts of which no head says what they are.

    `heads` are those of all its columns, `samples` the beginnings of a cell of each, `long` the columns of long texts.
    """

    where: str
    heads: tuple[str, ...]
    samples: tuple[str, ...]
    long: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of one document in a container, their media type where that is known, and what the container says.

    `declared` is what a person wrote of it (a ``.json`` file beside it), `detected` what the container says by itself.
    `retrieved` is when it was saved: its date where nothing tells a better one.
    """

    data: bytes
    media_type: str | None = None
    declared: Metadata = NOTHING
    detected: Metadata = NOTHING
    retrieved: str | None = None


class Container(Protocol):
    """A container that is open."""

    def members(self, start: Position) -> Iterator[Member | PassedOver | Address | ColumnQuestion]:
        """Yield what is in the file, in its order, from a position on that it has told before."""

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return one document, of no more than `limit` bytes.

        Raises:
            DocumentError: it is not there or cannot be read; the message says the rest of "FILE#NAME: …".

        """


class Opener(Protocol):
    """What the module of a kind of container has: ``open_container``."""

    def open_container(self, file: BinaryIO, where: str, beside: Path | None) -> Container:
        """Open a container; raise `DocumentError` where it is none.

        Args:
            file: its bytes.
            where: its name, for messages.
            beside: the file's path, beside which people say more of it; None for one within another.

        """


def member_name(text: str) -> str:
    """Return a name as an id has it: a "#" in it would look like the next member's.

    >>> member_name("C# and Java.txt")
    'C%23 and Java.txt'
    """
    return _CONTROL.sub("\ufffd", text).replace("#", "%23")[:_LONGEST_NAME]
