"""Feeds in RSS and Atom, read from a file: an entry is a document, called by its id, else its address, else its place.

Entries are parsed by `feedparser <https://feedparser.readthedocs.io>`_, from bytes: it would fetch an address.
"""

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from kg.documents import formats
from kg.documents.containers.article_fields import article_page, day_of
from kg.documents.containers.container import Container, Member, Part, member_name
from kg.documents.metadata import is_address, stated
from kg.documents.page import LIMIT, Page
from kg.documents.refusals import root_of, xml_advice
from kg.documents.sources import Position
from kg.errors import DocumentError, MissingReader

__all__ = ["feed_links", "open_container"]

# Entities declared in a feed can expand without end or name files; no feed needs one.
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_ROOTS = {"rss", "feed", "rdf:RDF", "RDF", "atom:feed"}
_HEAD = 1 << 16
"""Bytes within which the first element begins."""
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a feed; raise `DocumentError` where the file is none."""
    del beside
    return _Feed(_opened(file, where))


def feed_links(path: Path) -> list[str]:
    """Return the addresses of a feed's entries, in their order; raise `DocumentError` where the file is none."""
    with path.open("rb") as file:
        entries = _opened(file, str(path)).entries
    links = (str(entry.get("link") or "").strip() for entry in entries)
    return [link for link in dict.fromkeys(links) if is_address(link)]


def _opened(file: BinaryIO, where: str) -> Any:
    data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise DocumentError(f"{where}: is a feed of more than {LIMIT >> 20} MiB: split it")
    if data.startswith(_WIDE):
        data = data.decode("utf-16", "replace").encode()
    if _ENTITY.search(data):
        raise DocumentError(f"{where}: declares entities, which is not read: remove the declaration")
    root = root_of(data[:_HEAD].decode("utf-8", "replace").removeprefix("\ufeff"))
    if root not in _ROOTS:
        what = f"XML of <{root}>" if root else "no XML"
        raise DocumentError(f"{where}: is {what}, not a feed: {xml_advice(root)}")
    return _parsed(data, where)


class _Feed:
    def __init__(self, feed: Any) -> None:
        self._lang = str(feed.feed.get("language") or "")
        self._entries = _named(feed.entries)

    def members(self, start: Position) -> Iterator[Member]:
        """Yield each entry."""
        for number, name in enumerate(self._entries):
            if number >= start.number:
                yield Member(Position(number, 0), name)

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return the text of an entry, its title above."""
        del position, limit
        entry = self._entries.get(name)
        if entry is None:
            raise DocumentError("is not in the feed: it may have left it")
        fields = {
            "text": _text(entry),
            "title": _plain(entry.get("title"), entry.get("title_detail")),
            "published": _day(entry),
            "url": str(entry.get("link") or ""),
            "lang": self._lang,
        }
        return article_page(fields, is_plain=True)


def _parsed(data: bytes, where: str) -> Any:
    try:
        import feedparser
    except ImportError as error:
        raise MissingReader("reading feeds needs feedparser: pip install 'kg[office]'") from error
    try:
        feed = feedparser.parse(io.BytesIO(data))
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, AssertionError) as error:
        raise DocumentError(f"{where}: is a feed that cannot be read: get a whole copy of it") from error
    if not feed.entries and feed.bozo:
        raise DocumentError(f"{where}: is a feed that cannot be read, or has no entry: get a whole copy of it")
    return feed


def _named(entries: list[Any]) -> Mapping[str, Any]:
    """Return the entries by their names; a second one of a name gets a number."""
    named: dict[str, Any] = {}
    for number, entry in enumerate(entries, 1):
        name = member_name(str(entry.get("id") or entry.get("link") or number).strip()) or str(number)
        named[f"{name}~{number}" if name in named else name] = entry
    return named


def _text(entry: Any) -> str:
    """Return the longest text of an entry: all of it, else its summary."""
    texts = [_plain(content.get("value"), content) for content in entry.get("content") or ()]
    return max((*texts, _plain(entry.get("summary"), entry.get("summary_detail"))), key=len)


def _plain(value: Any, detail: Any) -> str:
    """Return a text of a feed, by the type that is said of it; what is said of RSS is a guess."""
    from kg.documents.html.fragment import fragment_text, plain

    is_text = str((detail or {}).get("type") or "") == formats.TEXT
    return (plain if is_text else fragment_text)(str(value or ""))


def _day(entry: Any) -> str:
    """Return the day of an entry, as it was where it was published; feedparser turns it into that of Greenwich."""
    written = str(entry.get("published") or entry.get("updated") or "")
    times = entry.get("published_parsed") or entry.get("updated_parsed")
    return stated(published=day_of(written)).published or ("{:04}-{:02}-{:02}".format(*times[:3]) if times else "")
