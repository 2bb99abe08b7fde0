"""Files that hold many documents: archives, mailboxes, feeds, lists of articles.

A container lists what is in it without reading that, so that each document can be read apart from the others, by
whichever process, and costs itself alone where it cannot be read. What lists and opens runs where it can be killed:
nothing in a file may be believed, neither its sizes nor its counts.
"""

import functools
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO, cast

from kg.documents import formats
from kg.documents.containers.columns import keep_columns, kept_columns
from kg.documents.containers.container import (
    FIRST,
    Address,
    ColumnQuestion,
    Container,
    Member,
    Opener,
    Part,
    PassedOver,
)
from kg.documents.page import LIMIT, Page
from kg.documents.sources import STDIN, Position, SkippedSource, Source
from kg.errors import DocumentError

__all__ = ["Listing", "ListingTask", "is_container", "keep_columns", "list_members", "part"]

_MODULES: Mapping[str, str] = {
    formats.MAIL: "mail",
    formats.MBOX: "mailbox",
    formats.FEED: "feed",
    formats.WARC: "web_archive",
    formats.ZIP: "zip_archive",
    formats.TAR: "tar_archive",
    formats.GZIP: "gzip_file",
    formats.JSON: "article_list",
    formats.JSON_LINES: "article_lines",
    formats.CSV: "sheet",
    formats.TSV: "sheet",
    formats.XLSX: "sheet",
    formats.URI_LIST: "addresses",
}
"""The module of each kind of container, by its media type."""

NESTED = 128 * 1024 * 1024
"""The most bytes of a container in a container: they are unpacked in memory."""
DEPTH = 2
"""A container may hold containers, which hold documents: whoever nests deeper wants to waste time."""
_LISTS = frozenset(
    {formats.GZIP, formats.FEED, formats.WARC, formats.JSON, formats.JSON_LINES, formats.CSV, formats.TSV, formats.XLSX}
)
"""Containers that are read one level deeper: they are articles, one below the other, or one file."""
MOST = 1_000_000
"""The most members of one container: a year of a newspaper's pages has fewer."""
_BATCH = 500
"""Members in one answer: what is listed ahead of reading, and what must be listed within the time of a document."""
_BATCH_BYTES = 64 * 1024 * 1024
"""The same in bytes of the file."""
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class ListingTask:
    """A container to list, from a position on."""

    source: Source
    start: Position = FIRST


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a container, from a position on, and the position from which to ask for the rest; None at its end.

    `passed_over` counts parts that are no documents, `addresses` are of pages that are to be found in other files. A
    `question` is for a person, before anything can be listed.
    """

    sources: tuple[Source | SkippedSource, ...] = ()
    addresses: tuple[str, ...] = ()
    passed_over: int = 0
    rest: Position | None = None
    question: ColumnQuestion | None = None


def is_container(source: Source) -> bool:
    """Return whether a source is a file that may hold many documents, by its name, else by its first bytes."""
    if source.path == STDIN:
        return False
    media_type = _media_type(source)
    return media_type in _MODULES and _depth(source) < DEPTH + (media_type in _LISTS)


def list_members(task: ListingTask) -> Listing:
    """List some of the documents in a container; raise `DocumentError` where it cannot be read."""
    return _Lister(task.source, task.start).listing(_opened(task.source))


def part(source: Source, limit: int = LIMIT) -> Part | Page:
    """Return the document that a source is in its container; raise `DocumentError` where it cannot be read."""
    outer, _, name = source.member.rpartition("#")
    container = _opened(Source(source.id, source.path, outer))
    try:
        return container.part(name, source.position, limit)
    except DocumentError as error:
        raise type(error)(f"{source.name}: {error}") from error


@dataclass(slots=True)
class _Lister:
    source: Source
    start: Position
    sources: list[Source | SkippedSource] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    passed_over: int = 0

    def listing(self, container: Container) -> Listing:
        last, count, rest = self.start, 0, None
        for count, member in enumerate(container.members(self.start)):
            if isinstance(member, ColumnQuestion):
                return Listing(question=member)
            position = member.position
            full = count >= _BATCH or position.offset - self.start.offset > _BATCH_BYTES
            if full and position != last:
                rest = position
                break
            if position.number >= MOST:
                self.sources.append(SkippedSource(self.source.name, f"holds more than {MOST:,} documents: split it"))
                break
            self._take(member, container)
            last = position
        if self.start == FIRST and rest is None and not (self.sources or self.addresses):
            raise DocumentError(f"{self.source.name}: holds no document that kg reads")
        return Listing(tuple(self.sources), tuple(self.addresses), self.passed_over, rest)

    def _take(self, member: Member | PassedOver | Address, container: Container) -> None:
        source = self.source
        if isinstance(member, Address):
            self.addresses.append(member.url)
        elif isinstance(member, PassedOver):
            self.passed_over += 1
        elif not member.name:
            self.sources.append(source)
        elif member.reason:
            self.sources.append(SkippedSource(f"{source.name}#{member.name}", member.reason))
        else:
            name = f"{source.member}#{member.name}" if source.member else member.name
            id_ = f"{source.id}#{member.name}"
            found = Source(id_, source.path, name, member.position, member.media_type)
            reason = None if is_container(found) else _too_deep(found, container, member)
            if reason is None or member.media_type == formats.MAIL:
                self.sources.append(found)
            if reason is not None:
                self.sources.append(SkippedSource(found.name, reason))


def _too_deep(source: Source, container: Container, member: Member) -> str | None:
    """Return what of a member is not read since it stands too deep, None for a document; a mail has a text as well."""
    if source.media_type not in _MODULES:
        return None
    if source.media_type != formats.MAIL:
        return f"is a container in more than {DEPTH} others: unpack it, and give `kg build` the file itself"
    from kg.documents.mail import attachments, parse_mail

    try:
        inner = container.part(member.name, member.position, NESTED)
        attached = list(attachments(parse_mail(inner.data))) if isinstance(inner, Part) else []
    except DocumentError:
        return None  # it fails again where it is read, and is told of then
    count = sum(each.is_document for each in attached)
    return f"{count} files attached to it stand too deep: save the mail as a file of its own" if count else None


def _depth(source: Source) -> int:
    """Return how many containers a source stands in: names of members have no "#".

    What is compressed is its file, once: a file may be packed for its size alone.
    """
    names = [PurePath(source.path).name, *(source.member.split("#") if source.member else ())]
    unpacked = [
        outer.lower().endswith(".gz") and PurePosixPath(outer).name[:-3] == inner for outer, inner in pairwise(names)
    ]
    return sum(not (is_unpacked and not before) for before, is_unpacked in pairwise([False, *unpacked]))


def _media_type(source: Source) -> str | None:
    if source.member:
        return source.media_type
    path = Path(source.path)
    known = formats.media_type(path)
    if known not in {None, *formats.PLAIN} or not path.is_file():
        return known
    try:
        with path.open("rb") as file:
            guess = formats.guess_container(file.read(_HEAD))
    except OSError:
        return known
    # None of these is ever prose, whatever it is called; a sheet is a sheet, and a page no sheet.
    return known if guess == formats.CSV and known not in {None, formats.TEXT} else guess or known


def _opened(source: Source) -> Container:
    """Return the container that a source is."""
    path = Path(source.path)
    try:
        status = path.stat()
        if not status.st_size and path.is_file():
            raise DocumentError(f"{path}: is empty: there is nothing to read")
        stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
        return _open(source.path, source.member, stamp, _stamp_of_columns(path)).container
    except FileNotFoundError as error:
        raise DocumentError(f"{path}: there is no such file.") from error
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}") from error


def _stamp_of_columns(path: Path) -> int:
    beside = kept_columns(path)
    return beside.stat().st_mtime_ns if beside.is_file() else 0


@dataclass(slots=True)
class _OpenFile:
    """A container, and its file, which is closed when nobody needs it any more."""

    file: BinaryIO
    container: Container

    def __del__(self) -> None:
        self.file.close()


@functools.lru_cache(maxsize=2)
def _open(path: str, member: str, stamp: tuple[int, ...], columns: int) -> _OpenFile:
    """Open a container, or one in it: the last ones stay open, since whoever reads one member reads the next."""
    where = f"{path}#{member}" if member else path
    if not member:
        source, file = Source(path, path), cast("BinaryIO", Path(path).open("rb"))  # noqa: SIM115 - it stays open
    else:
        outer, _, name = member.rpartition("#")
        inner = _inner(_open(path, outer, stamp, columns).container, name, where)
        source, file = Source(where, path, member, media_type=inner.media_type), io.BytesIO(inner.data)
    try:
        module = import_module(f"{__name__}.{_MODULES[str(_media_type(source))]}")
        container = cast("Opener", module).open_container(file, where, None if member else Path(path))
    except BaseException:
        file.close()
        raise
    return _OpenFile(file, container)


def _inner(container: Container, name: str, where: str) -> Part:
    try:
        inner = container.part(name, None, NESTED)
    except DocumentError as error:
        raise DocumentError(f"{where}: {error}") from error
    if isinstance(inner, Page):
        raise DocumentError(f"{where}: is a document, and holds none")
    return inner
