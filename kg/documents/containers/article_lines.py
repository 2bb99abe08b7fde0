"""Articles in JSON lines (https://jsonlines.org): an object a line, called after its line, from 1."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from kg.documents.containers.article_fields import article_page, fields_of
from kg.documents.containers.article_list import listed, unknown_shape
from kg.documents.containers.container import FIRST, Address, Container, Member, Part
from kg.documents.page import LIMIT, Page
from kg.documents.sources import Position
from kg.errors import DocumentError

__all__ = ["open_container"]

_BAD = "is no JSON: each line has to be an object"


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a list of articles; raise `DocumentError` where its first line is none."""
    del beside
    lines = _ArticleLines(file)
    first = next((member for member in lines.members(FIRST)), None)
    if isinstance(first, Member) and first.reason:
        raise DocumentError(f"{where}: line {first.name} {first.reason}")
    return lines


class _ArticleLines:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def members(self, start: Position) -> Iterator[Member | Address]:
        """Yield each article; a line that is none is told."""
        for position, line in self._lines(start):
            name = str(position.number + 1)
            if len(line) > LIMIT:
                yield Member(position, name, reason=f"is longer than {LIMIT >> 20} MiB, too long for an article")
                continue
            try:
                record = _parsed(line)
            except DocumentError as error:
                yield Member(position, name, reason=str(error))
                continue
            yield listed(record, position) or Member(position, name, reason=unknown_shape(record))

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return the article in a line."""
        del limit
        for place, line in self._lines(position or FIRST):
            if str(place.number + 1) == name:
                record = _parsed(line)
                return article_page(fields_of(record if isinstance(record, dict) else {}))
        raise DocumentError("is not in the list: it has fewer lines")

    def _lines(self, start: Position) -> Iterator[tuple[Position, bytes]]:
        """Yield the lines that are not empty, and where they stand; of a longer one than `LIMIT` its beginning."""
        number, offset = start
        while True:
            self._file.seek(offset)
            line = self._file.readline(LIMIT + 1)
            if not line:
                return
            position = Position(number, offset)
            offset += len(line)
            while not line.endswith(b"\n") and (rest := self._file.readline(LIMIT)):
                offset += len(rest)
                if rest.endswith(b"\n"):
                    break
            number += 1
            if line.strip():
                yield position, line


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DocumentError(_BAD) from error
