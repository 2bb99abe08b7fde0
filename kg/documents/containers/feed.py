"""Feeds in RSS and Atom, read from a file: an entry is a document, called by its id, else its address, else its place.

Entries are parsed by `feedparser <https://feedparser.readthedocs.io>`_, from bytes: it would fetch an address.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from kg.documents.containers.article_fields import article_page
from kg.documents.containers.container import Container, Member, Part, member_name
from kg.documents.metadata import is_address
from kg.documents.page import LIMIT, Page
from kg.documents.sources import Position
from kg.errors import DocumentError, MissingReader

__all__ = ["feed_links", "open_container"]

# Entities declared in a feed can expand without end or name files; no feed needs one.
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<([\w:.-]{1,60})", re.DOTALL
)
_ROOTS = {b"rss", b"feed", b"rdf:RDF", b"RDF", b"atom:feed"}
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
    root = _ROOT.match(data)
    if root is None or root[1] not in _ROOTS:
        what = f"XML of <{root[1].decode('ascii', 'replace')}>" if root else "no XML"
        raise DocumentError(f"{where}: is {what}, not a feed: give RSS, Atom, text, Markdown or HTML")
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
            "title": _plain(entry.get("title")),
            "published": _day(entry),
            "url": str(entry.get("link") or ""),
            "lang": self._lang,
        }
        return article_page(fields)


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
    contents = [str(content.get("value") or "") for content in entry.get("content") or ()]
    return max((*contents, str(entry.get("summary") or "")), key=len)


def _plain(title: Any) -> str:
    from kg.documents.html.fragment import fragment_text, is_fragment

    text = str(title or "")
    return fragment_text(text) if is_fragment(text) else text


def _day(entry: Any) -> str:
    times = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return dt.date(*times[:3]).isoformat() if times else ""
    except (ValueError, TypeError):
        return ""
