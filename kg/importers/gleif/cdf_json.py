"""CDF as JSON: an array of records, alone or as the golden copy has it, or a record a line.

Each record keeps the text of its object to the letter. Numbers stay as they are written.
"""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from kg.errors import DocumentError
from kg.importers.gleif.records import RawRecord
from kg.places import PlaceKind

__all__ = ["read_json"]

_CHUNK = 1 << 18
_LONGEST = 1 << 23
_BLANKS = re.compile(r"[ \t\r\n]*")
_GOLDEN = re.compile(r'\{\s*"(records|relations|exceptions)"\s*:\s*(?=\[)')
_WRAPPERS = ("LEIRecord", "RelationshipRecord", "Exception")


def read_json(stream: IO[bytes], path: Path) -> Iterator[RawRecord]:
    """Yield the records of a file. Raises `DocumentError` for what is no JSON, is cut off or is in no UTF-8."""
    window = _Window(stream, path)
    golden = window.taken(_GOLDEN)
    pointer = "" if golden is None else f"/{golden[1]}"
    if window.next_is("["):
        yield from _of_array(window, pointer)
        if golden is not None:
            window.expect("}")
    elif window.next_is("{"):
        yield from _of_lines(window)
    else:
        raise DocumentError(f"{path} is no JSON of GLEIF: it begins with no array and no object")
    if window.next():
        raise DocumentError(f"{path} goes on behind its end (line {window.line})")


def _of_array(window: "_Window", pointer: str) -> Iterator[RawRecord]:
    window.expect("[")
    if window.next_is("]"):
        window.expect("]")
        return
    number = 0
    while True:
        line = window.line
        text, value = window.value()
        yield _record(number + 1, text, value, (PlaceKind.POINTER, f"{pointer}/{number}"), line)
        number += 1
        if window.next_is("]"):
            window.expect("]")
            return
        window.expect(",")


def _of_lines(window: "_Window") -> Iterator[RawRecord]:
    number = 0
    while window.next():
        number += 1
        line = window.line
        text, value = window.value()
        yield _record(number, text, value, (PlaceKind.LINE, str(line)), line)


def _record(number: int, text: str, value: object, place: tuple[PlaceKind, str], line: int) -> RawRecord:
    if not isinstance(value, dict):
        return RawRecord(number, text, {}, place, line, wrong="is no object: a record is one")
    if len(value) == 1:
        inner = next((value[name] for name in _WRAPPERS if isinstance(value.get(name), dict)), value)
        return RawRecord(number, text, inner, place, line)
    return RawRecord(number, text, value, place, line)


class _Window:
    """The part of a text that is being read, and the line on which it goes on."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path = stream, path
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._json = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
        self._text, self._at, self._is_whole = "", 0, False
        self.line = 1

    def next(self) -> str:
        """Return the character that comes next behind blanks; "" at the end."""
        while True:
            match = _BLANKS.match(self._text, self._at)
            self._go(match.end() if match else self._at)
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def next_is(self, mark: str) -> bool:
        return self.next() == mark

    def expect(self, mark: str) -> None:
        """Go on behind a mark, which must come next."""
        found = self.next()
        if found != mark:
            what = f"'{found}'" if found else "the end"
            raise DocumentError(
                f"{self._path} is no whole JSON: {what} stands where '{mark}' should (line {self.line})"
            )
        self._go(self._at + 1)

    def taken(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go on behind what a pattern matches, if it does."""
        self.next()
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._go(match.end())
        return match

    def value(self) -> tuple[str, Any]:
        """Return the value that comes next, with its text."""
        self.next()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise DocumentError(
                    f"{self._path} nests too deep (line {self.line}): no record of GLEIF does"
                ) from error
            except ValueError as error:
                if len(self._text) - self._at > _LONGEST or not self._more():
                    reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
                    raise DocumentError(f"{self._path} is no whole JSON: {reason} (line {self.line})") from error
                continue
            # A number at the edge may go on behind it.
            if end < len(self._text) or not self._more():
                text = self._text[self._at : end]
                self._go(end)
                return text, value

    def _go(self, at: int) -> None:
        self.line += self._text.count("\n", self._at, at)
        self._at = at

    def _more(self) -> bool:
        """Read on, twice as far as what is there; return whether there was more."""
        if self._is_whole:
            return False
        piece = self._stream.read(max(_CHUNK, len(self._text) - self._at))
        self._is_whole = not piece
        try:
            more = self._decode(piece, self._is_whole)
        except UnicodeDecodeError as error:
            raise DocumentError(f"{self._path} is not in UTF-8 (line {self.line}): convert it") from error
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(more) or not self._is_whole
