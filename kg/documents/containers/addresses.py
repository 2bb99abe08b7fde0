"""Lists of addresses: a line each, or GDELT's tables. kg looks their pages up in the files of a build; it fetches none.

GDELT writes tables without heads, with tabs (http://data.gdeltproject.org/documentation/): events, mentions and its
graph of knowledge (GKG), each with the address of the article in a column of its own.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from kg.documents.containers.container import FIRST, Address, Container, Member, Part, PassedOver
from kg.documents.metadata import is_address
from kg.documents.page import Page
from kg.documents.sources import Position
from kg.errors import DocumentError

__all__ = ["gdelt_column", "is_list", "open_container"]

_LINE = 1 << 20
"""The longest line: GDELT's graph of knowledge has a page's names and places in one."""
_GDELT: Mapping[int, int] = {58: 57, 61: 60, 16: 5, 15: 5, 27: 4}
"""The column of the address in a table of so many: events 1.0 and 2.0, mentions with and without extras, GKG 2.1."""
_KEY = re.compile(r"\d{6,}(?:-T?\d+)?")
"""What a row begins with: the number of its event, or the time of its record."""


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a list of addresses; raise `DocumentError` where it begins with anything else."""
    del beside
    if not is_list(file):
        raise DocumentError(f"{where}: is no list of addresses: write one https://… a line")
    return _Addresses(file)


def is_list(file: BinaryIO) -> bool:
    """Return whether a file is a list of addresses, by its first line that is not empty or a comment."""
    for _, line in _lines(file, FIRST):
        return _address(line) is not None
    return False


def gdelt_column(cells: list[str]) -> int | None:
    """Return the column of the address in a row of GDELT's tables; None for a row of another.

    >>> gdelt_column(["20250311101500-3", "20250311101500", "1", "example.org", "https://example.org/deal"] + [""] * 22)
    4
    """
    column = _GDELT.get(len(cells))
    return column if column is not None and _KEY.fullmatch(cells[0]) else None


class _Addresses:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def members(self, start: Position) -> Iterator[Member | PassedOver | Address]:
        """Yield each address."""
        for position, line in _lines(self._file, start):
            url = _address(line)
            if url is not None:
                yield Address(position, url)
            elif _is_gdelt(line):
                yield PassedOver(position)
            else:
                yield Member(position, f"line {position.number + 1}", reason="is no address: write https://…")

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Raise `DocumentError`: there are no documents in it."""
        del name, position, limit
        raise DocumentError("is an address, and no document")


def _lines(file: BinaryIO, start: Position) -> Iterator[tuple[Position, str]]:
    number, offset = start
    file.seek(offset)
    while line := file.readline(_LINE):
        text = line.decode("utf-8-sig", "replace").rstrip("\r\n")
        if text.strip() and not text.startswith("#"):
            yield Position(number, offset), text
        number += 1
        offset += len(line)


def _address(line: str) -> str | None:
    """Return the address in a line: it is all of it, or in its column of a GDELT table."""
    cells = line.split("\t")
    column = gdelt_column(cells)
    url = (cells[column] if column is not None else line).strip()
    return url if is_address(url) else None


def _is_gdelt(line: str) -> bool:
    """Return whether a line is of a GDELT table: a record of a broadcast there has no address."""
    return gdelt_column(line.split("\t")) is not None
