"""CDF as XML: record by record, each with the text of its element to the letter.

A document type is refused, and with it all entities that would be unfolded; so are elements that nest deeper, and
records that are longer, than any of the formats.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from kg.errors import DocumentError
from kg.importers.gleif.records import Header, RawRecord
from kg.places import PlaceKind

__all__ = ["ROOTS", "read_xml"]

ROOTS = frozenset({"LEIData", "RelationshipData", "ReportingExceptionData"})
"""The root elements of the three formats."""

_RECORDS = frozenset({"LEIRecord", "RelationshipRecord", "Exception"})
_HEADERS = frozenset({"LEIHeader", "Header"})
_UNREAD = frozenset(
    {"HeadquartersAddress", "OtherAddresses", "TransliteratedOtherAddresses", "Geocoding", "ValidationAuthority"}
)
"""Elements of which nothing is read, and which are half of a record."""
_CHUNK = 1 << 18
_LONGEST = 1 << 23
_DEEPEST = 32
_TAIL = 1 << 16
"""What is kept behind the last record: a tag that is not yet whole begins there."""
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii"})


def read_xml(stream: IO[bytes], path: Path, header: Header) -> Iterator[RawRecord]:
    """Yield the records of a CDF file; what its header says is put into `header`.

    Raises `DocumentError` for what is no XML or is cut off, has a document type, or is in no UTF-8.
    """
    events = _Events(path)
    buffer, base, number = bytearray(), 0, 0
    while True:
        piece = stream.read(_CHUNK)
        buffer += piece
        _parse(events, piece, path)
        for start, end, line, name, tree in events.taken():
            if name in _HEADERS:
                header.fields.update({field: value for field, value in tree.items() if isinstance(value, str)})
                continue
            number += 1
            text = _decoded(buffer[start - base : buffer.index(b">", end - base) + 1], path)
            yield RawRecord(number, text, tree, (PlaceKind.LINE, str(line)), line)
        if not piece:
            return
        keep = events.start if events.start is not None else max(base, base + len(buffer) - _TAIL)
        del buffer[: keep - base]
        base = keep
        if len(buffer) > _LONGEST:
            raise DocumentError(f"{path} has a record of more than {_LONGEST >> 20} MB: no record of GLEIF is so long")


def _parse(events: "_Events", piece: bytes, path: Path) -> None:
    try:
        events.parser.Parse(piece, not piece)
    except expat.ExpatError as error:
        raise DocumentError(f"{path} is no whole XML: {expat.ErrorString(error.code)}, line {error.lineno}") from error


def _decoded(text: bytearray, path: Path) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path} is not in UTF-8: convert it") from error


class _Events:
    """Builds the trees of headers and records out of the events of a parser, and forgets all else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self._depth = 0
        self._done: list[tuple[int, int, int, str, dict[str, Any]]] = []
        self._line = self._passed = 0
        self.start: int | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.XmlDeclHandler = self._declaration

    def taken(self) -> list[tuple[int, int, int, str, dict[str, Any]]]:
        """Return what was completed since the last call: where it begins and its end tag, its line, name and tree."""
        done, self._done = self._done, []
        return done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise DocumentError(f"{self._path} nests {_DEEPEST} elements deep: no format of GLEIF does")
        if self._passed:
            self._passed += 1
            return
        name = _local(tag)
        if self._open:
            if name in _UNREAD:
                self._passed = 1
                return
            node: dict[str, Any] = {f"@{_local(key)}": value for key, value in attributes.items()} if attributes else {}
            self._open.append((name, node, []))
        elif name in _RECORDS or name in _HEADERS:
            self.start, self._line = self.parser.CurrentByteIndex, self.parser.CurrentLineNumber
            self._open.append((name, {}, []))

    def _text(self, text: str) -> None:
        if self._open and not self._passed:
            self._open[-1][2].append(text)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._passed:
            self._passed -= 1
        elif len(self._open) == 1:
            name, node, _texts = self._open.pop()
            if self.start is not None:
                self._done.append((self.start, self.parser.CurrentByteIndex, self._line, name, node))
            self.start = None
        elif self._open:
            _put(self._open[-2][1], *self._open.pop())

    def _doctype(self, *_: object) -> None:
        raise DocumentError(f"{self._path} has a document type, which no file of GLEIF has: it is not read")

    def _declaration(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise DocumentError(f"{self._path} is in {encoding}: convert it to UTF-8")


def _put(above: dict[str, Any], name: str, node: dict[str, Any], texts: list[str]) -> None:
    """Put an element into the one that holds it: as its text, its text with its attributes, or what it holds."""
    value: Any = node
    if not node:
        value = "".join(texts)
    elif all(key[0] == "@" for key in node):
        node["$"] = "".join(texts)
    held = above.setdefault(name, value)
    if held is value:
        return
    if isinstance(held, list):
        held.append(value)
    else:
        above[name] = [held, value]


@functools.lru_cache(maxsize=1 << 10)
def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
