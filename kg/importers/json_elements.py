"""Members of a large JSON array or object, one at a time, each with its text to the letter and its pointer.

The JSON is that of RFC 8259: NaN and numbers that no decimal holds are values of the wrong type, not read as numbers.
Numbers come as text, so that no digit is lost.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kg.errors import DocumentError

__all__ = ["JsonElement", "json_elements", "loaded", "spans"]

_PIECE = 1 << 20
_VALUE = 1 << 26
_NEAR = 16
"""Characters from the end of what is read within which an error may be that more is to come."""
_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]', re.DOTALL)
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


@dataclass(frozen=True, slots=True)
class JsonElement:
    """A member: its pointer (RFC 6901), its text, the line on which it begins, and its value, numbers as text."""

    pointer: str
    text: str
    line: int
    value: Any


def loaded(text: str) -> Any:
    """Return the value of a JSON text, numbers as text.

    Raises:
        ValueError: the text is no JSON, or nests too deeply.

    >>> loaded('{"amount": 0.10}')
    {'amount': '0.10'}

    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError("it nests too deeply") from error


def json_elements(stream: IO[bytes], path: Path, keys: tuple[str, ...] = ()) -> Iterator[JsonElement]:
    """Yield the members of the array or object to which some keys lead from the top of a file.

    Memory is that of a member, and of what stands beside the keys.

    Args:
        stream: the bytes, in UTF-8.
        path: the file's name for errors.
        keys: names of objects in objects, as in ("results", "bindings").

    Raises:
        DocumentError: the file is no JSON, is cut off, has nothing at the keys or a member of more than 64 MiB.

    """
    reader = _Reader(stream, path)
    pointer = ""
    for key in keys:
        pointer += f"/{key}"
        reader.take("{", pointer)
        for name in reader.names():
            if name == key:
                break
            reader.value()
        else:
            raise reader.error(f"has no {pointer}")
    yield from reader.members(pointer)
    if not keys:
        reader.end()


class _Reader:
    """Reads a file from its beginning, value by value."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path = stream, path
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._line, self._is_whole = "", 0, 1, False

    def error(self, reason: str) -> DocumentError:
        return DocumentError(f"{self._path}, line {self._line}: {reason}")

    def end(self) -> None:
        """Raise `DocumentError` where the file goes on."""
        if self._next():
            raise self.error("goes on behind its end")

    def members(self, pointer: str) -> Iterator[JsonElement]:
        kind = self._next()
        if kind == "{":
            self.take("{", pointer)
            for name in self.names():
                text, line, value = self.value()
                yield JsonElement(f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}", text, line, value)
            return
        self.take("[", pointer)
        for number, _ in enumerate(self._items("]")):
            text, line, value = self.value()
            yield JsonElement(f"{pointer}/{number}", text, line, value)

    def names(self) -> Iterator[str]:
        """Yield the names of an object, each when its value is to be read next."""
        for _ in self._items("}"):
            _, _, name = self.value()
            if not isinstance(name, str):
                raise self.error("is no JSON: an object's names are strings")
            self.take(":", name)
            yield name

    def _items(self, end: str) -> Iterator[None]:
        if self._next() == end:
            self._at += 1
            return
        while True:
            yield
            mark = self._next()
            self._at += 1
            if mark == end:
                return
            if mark != ",":
                raise self.error(f"is no JSON: ',' or '{end}' is missing" if mark else "is cut off")

    def take(self, mark: str, where: str) -> None:
        found = self._next()
        if found != mark:
            raise self.error(f"is no JSON as it should be: '{mark}' is missing at {where or 'the top'}")
        self._at += 1

    def value(self) -> tuple[str, int, Any]:
        """Return the text of the next value, its line, and the value."""
        self._next()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                is_open = error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _NEAR
                if self._is_whole or not is_open:
                    self._count(error.pos)
                    raise self.error(f"is no JSON: {error.msg}") from error
            except RecursionError as error:
                raise self.error("nests too deeply") from error
            else:
                # A number may go on behind what has been read.
                if self._is_whole or end < len(self._text):
                    text, line = self._text[self._at : end], self._line
                    self._count(end)
                    return text, line, value
            self._read()

    def _next(self) -> str:
        """Return the next mark, without taking it; "" at the end."""
        while True:
            match = _BLANK.match(self._text, self._at)
            self._count(match.end() if match else self._at)
            if self._at < len(self._text) or self._is_whole:
                return self._text[self._at : self._at + 1]
            self._read()

    def _count(self, end: int) -> None:
        self._line += self._text.count("\n", self._at, end)
        self._at = end

    def _read(self) -> None:
        rest = self._text[self._at :]
        if len(rest) > _VALUE:
            raise self.error(f"has a value of more than {_VALUE:,} characters")
        # As much again as there is: so a long value is tried a few times, not once a piece.
        piece = self._stream.read(max(_PIECE, len(rest)))
        try:
            self._text = rest + self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise self.error("is not in UTF-8") from error
        self._at, self._is_whole = 0, not piece


def spans(text: str, keys: tuple[str, Collection[str]]) -> Iterator[tuple[str, int, int]]:
    r"""Yield the places of objects in lists in an object: pointer, start and end of each in a text that is JSON.

    Args:
        text: an object, well formed.
        keys: the name of the object in it, and the names of the lists there.

    >>> text = '{"id": "Q1", "claims": {"P1": [{"a": "}"}, {}], "P2": [{}]}}'
    >>> [(pointer, text[start:end]) for pointer, start, end in spans(text, ("claims", {"P1"}))]
    [('/claims/P1/0', '{"a": "}"}'), ('/claims/P1/1', '{}')]

    """
    outer, inner = keys
    path: list[str | int] = []
    string, start = "", 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            if len(path) == 3 and path[0] == outer and path[1] in inner:  # noqa: PLR2004 - object, list, place in it
                start = token.start()
            path.append("" if mark == "{" else 0)
        elif mark in "}]":
            path.pop()
            if len(path) == 3 and path[0] == outer and path[1] in inner:  # noqa: PLR2004 - as above
                yield f"/{outer}/{path[1]}/{path[2]}", start, token.end()
        elif mark == ",":
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else ""
        elif path and path[-1] == "":
            string = mark[1:-1]
            path[-1] = string
