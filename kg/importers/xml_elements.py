"""Elements of a large XML file, one at a time, each with its text to the letter and the place of each part in it.

The parser is expat (https://libexpat.github.io/). Documents that declare entities are refused: no register does, and
they are how a few bytes become gigabytes.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from kg.errors import DocumentError

__all__ = ["XmlElement", "XmlRecord", "xml_records"]

_PIECE = 1 << 18
_RECORD = 1 << 26
_DEPTH = 64
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1"})
"""Those in which a tag has the bytes of ASCII."""


@dataclass(slots=True)
class XmlElement:
    """An element: its name without prefix, its place `start` to `end` in the record's text, its text and children.

    `attributes` go by their names without prefixes, too.
    """

    name: str
    start: int
    end: int = 0
    text: str = ""
    children: list["XmlElement"] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def find(self, *path: str) -> "XmlElement | None":
        """Return the first element that a path of names leads to."""
        element: XmlElement | None = self
        for name in path:
            element = next((child for child in element.children if child.name == name), None) if element else None
        return element

    def all(self, name: str) -> Iterator["XmlElement"]:
        """Yield the elements of a name below this one, in order, however deep."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)

    def value(self, *path: str) -> str:
        """Return the text at the end of a path on one line; "" where there is none."""
        element = self.find(*path)
        return " ".join(element.text.split()) if element else ""


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """An element that is a record: its text to the letter, the line on which it begins, and what it holds."""

    text: str
    line: int
    root: XmlElement


def xml_records(
    stream: IO[bytes], names: Collection[str], path: Path, *, unread: Collection[str] = frozenset()
) -> Iterator[XmlRecord]:
    """Yield the elements of some names in a stream, the outermost of them; the one at the top where none is given.

    Those whose names are in `unread` are in the text of a record alone. Memory is that of one record. Space before the
    XML declaration, which SEC's files have, is no error.

    Raises:
        DocumentError: the file is not well formed, declares entities, nests deeper than 64 elements, or has a record
            of more than 64 MiB.

    """
    reader = _Reader(names, path, unread)
    has_begun = False
    while whole := stream.read(_PIECE):
        piece = whole
        if not has_begun:
            piece = whole.removeprefix(b"\xef\xbb\xbf").lstrip()
            reader.skip(whole[: len(whole) - len(piece)])
            if not piece:
                continue
            has_begun = True
        reader.feed(piece, is_last=False)
        yield from reader.records
        reader.records.clear()
    reader.feed(b"", is_last=True)
    yield from reader.records


class _Reader:
    """Cuts records out of what an expat parser is fed."""

    def __init__(self, names: Collection[str], path: Path, unread: Collection[str] = frozenset()) -> None:
        self._names, self._path, self.records = names, path, list[XmlRecord]()
        self._unread, self._passed = unread, 0
        self._local: dict[str, str] = {}
        self._bytes, self._offset, self._lines = b"", 0, 0
        self._stack: list[XmlElement] = []
        self._depth, self._line, self._start, self._seen = 0, 0, 0, 0
        self._encoding = "utf-8"
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.CharacterDataHandler = self._add
        self._parser.EntityDeclHandler = self._refuse
        self._parser.XmlDeclHandler = self._declare

    def skip(self, blank: bytes) -> None:
        self._lines += blank.count(b"\n")

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        # A tag that the last piece cut in two begins behind the last one that was whole.
        keep = self._start if self._stack else self._seen
        self._bytes = self._bytes[keep - self._offset :] + piece
        self._offset = keep
        if len(self._bytes) > _RECORD:
            raise self._error(f"has a record of more than {_RECORD:,} bytes")
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise self._error(f"is no well-formed XML: {expat.ErrorString(error.code)}") from error

    def _error(self, reason: str) -> DocumentError:
        return DocumentError(f"{self._path}, line {self._lines + self._parser.CurrentLineNumber}: {reason}")

    def _refuse(self, *_: object) -> None:
        raise self._error("declares an entity, which no register's file does, and which is not read")

    def _declare(self, _: str, encoding: str | None, __: int) -> None:
        self._encoding = (encoding or "utf-8").lower()
        if self._encoding not in _ENCODINGS:
            raise self._error(f"is in {self._encoding}: give it in UTF-8")

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH:
            raise self._error(f"nests deeper than {_DEPTH} elements")
        name = self._local.get(tag) or self._local.setdefault(tag, tag.rpartition(":")[2])
        if self._passed or (self._stack and name in self._unread):
            self._passed += 1
            return
        self._seen = self._parser.CurrentByteIndex
        if not self._stack and self._names and name not in self._names:
            return
        if not self._stack:
            self._start, self._line = self._seen, self._lines + self._parser.CurrentLineNumber
        element = XmlElement(name, self._seen - self._start)
        if attributes:
            element.attributes = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if self._stack:
            self._stack[-1].children.append(element)
        self._stack.append(element)

    def _close(self, _: str) -> None:
        self._depth -= 1
        if self._passed:
            self._passed -= 1
            return
        self._seen = self._parser.CurrentByteIndex
        if not self._stack:
            return
        element = self._stack.pop()
        # Of <a/> the end is told behind it; of others before the end tag.
        here = self._seen - self._offset
        is_empty = not (element.text or element.children) and self._bytes[here - 2 : here] == b"/>"
        element.end = (here if is_empty else self._bytes.index(b">", here) + 1) + self._offset - self._start
        if not self._stack:
            raw = self._bytes[self._start - self._offset :][: element.end]
            text = raw.decode(self._encoding)
            if len(text) < len(raw):
                _in_characters(element, raw)
            self.records.append(XmlRecord(text, self._line, element))

    def _add(self, text: str) -> None:
        if self._stack and not self._passed:
            self._stack[-1].text += text


def _in_characters(element: XmlElement, raw: bytes) -> None:
    """Turn places in bytes into places in characters."""
    element.start = len(raw[: element.start].decode())
    element.end = len(raw[: element.end].decode())
    for child in element.children:
        _in_characters(child, raw)
