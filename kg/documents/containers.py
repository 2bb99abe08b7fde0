"""Files that hold many documents: archives, mailboxes, feeds, lists of articles.

A container lists what is in it without reading that, so that each document can be read apart from the others, by
whichever process, and costs itself alone where it cannot be read. What lists and opens runs where it can be killed:
nothing in a file may be believed, neither its sizes nor its counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from kg.documents import formats
from kg.documents.metadata import NOTHING, Metadata
from kg.documents.sources import SkippedSource, Source

__all__ = ["Container", "Part", "is_container", "members", "part"]


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of one document in a container, their media type where that is known, and what the container says."""

    data: bytes
    media_type: str | None = None
    known: Metadata = NOTHING


class Container(Protocol):
    """What a module of a kind of container has."""

    def list_members(self, path: Path) -> Iterator[str | SkippedSource]:
        """Yield the name of each document in the file, in its order, and what in it is not read, with the reason."""

    def open_member(self, path: Path, member: str) -> Part:
        """Return one document; raise `DocumentError` where it is not there or cannot be read."""


_MODULES: Mapping[str, str] = {}
"""The module of each kind of container, by its media type."""


def is_container(source: Source) -> bool:
    """Return whether a source is a file that may hold many documents, by its name."""
    return not source.member and formats.media_type(Path(source.path)) in _MODULES


def members(source: Source) -> tuple[Source | SkippedSource, ...]:
    """List the documents in a container; raise `DocumentError` where it cannot be read."""
    path = Path(source.path)
    return tuple(
        found if isinstance(found, SkippedSource) else Source(f"{source.id}#{found}", source.path, found)
        for found in _module(path).list_members(path)
    )


def part(source: Source) -> Part:
    """Return the document that a source is in its container; raise `DocumentError` where it cannot be read."""
    path = Path(source.path)
    return _module(path).open_member(path, source.member)


def _module(path: Path) -> Container:
    return cast("Container", import_module(_MODULES[str(formats.media_type(path))]))
