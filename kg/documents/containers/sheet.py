"""Sheets of articles in CSV, TSV and XLSX: a row is a document, called after its row as a spreadsheet counts it.

A sheet is a list of articles where a column of long texts is named as such, or mapped (`columns`). Any other sheet is
one document, its table. A sheet of addresses, as GDELT's, is a list of them.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kg.documents.containers import addresses
from kg.documents.containers.article_fields import article_page
from kg.documents.containers.columns import column_map, kept_columns, long_columns
from kg.documents.containers.container import (
    Address,
    ColumnQuestion,
    Container,
    Member,
    Part,
    PassedOver,
    member_name,
)
from kg.documents.containers.workbook import Sheet, sheets_of_workbook
from kg.documents.encoding import decode
from kg.documents.page import LONGEST, Page
from kg.documents.sources import Position
from kg.errors import DocumentError
from kg.places import Place, PlaceKind

__all__ = ["open_container"]

_LIMIT = 64 * 1024 * 1024
"""The most bytes of a sheet, which is parsed whole."""
_ZIP = b"PK\x03\x04"
_SAMPLE = 50
"""The rows by which a sheet is told to be a list of articles."""
_DELIMITERS = ",;\t|"
_SHOWN = 60


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a sheet; raise `DocumentError` where it cannot be read."""
    if addresses.is_list(file):
        return addresses.open_container(file, where, beside)
    file.seek(0)
    data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise DocumentError(f"{where}: is a sheet of more than {_LIMIT >> 20} MiB: split it")
    sheets = sheets_of_workbook(data) if data.startswith(_ZIP) else _delimited(data, where)
    lists = [_ArticleSheet(sheet, columns) for sheet in sheets if (columns := _columns(beside, sheet)) is not None]
    if not lists:
        return _Whole(data, None if beside is None or kept_columns(beside).is_file() else _question(sheets, where))
    names = {sheet.sheet.name for sheet in lists}
    return _Articles(lists, [sheet.name for sheet in sheets if sheet.name not in names and any(sheet.rows)])


class _Whole:
    """A sheet that is one document, or of which a person has to tell."""

    def __init__(self, data: bytes, question: ColumnQuestion | None) -> None:
        self._data, self._question = data, question

    def members(self, start: Position) -> Iterator[Member | PassedOver | Address | ColumnQuestion]:
        yield self._question or Member(start, "")

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        del name, position, limit
        raise DocumentError("is a table, and no list of articles")


@dataclass(frozen=True, slots=True)
class _ArticleSheet:
    sheet: Sheet
    columns: dict[str, int]

    def article(self, row: int) -> Page:
        """Return the article in a row; its text's place is the cell."""
        cells = self.sheet.rows[row]
        fields = {name: cells[column] for name, column in self.columns.items() if column < len(cells)}
        page = article_page(fields)
        cell = f"{_letters(self.columns['text'])}{row + 1}"
        begin = len(page.text) - len(page.text.split("\n\n", 1)[-1]) if page.detected.title else 0
        name = f"{self.sheet.name}!{cell}" if self.sheet.name else cell
        return Page(page.text, detected=page.detected, places=(Place(begin, len(page.text), PlaceKind.CELL, name),))


class _Articles:
    def __init__(self, lists: list[_ArticleSheet], others: list[str]) -> None:
        self._others = others
        self._rows: dict[str, tuple[_ArticleSheet, int]] = {}
        for each in lists:
            prefix = f"{member_name(each.sheet.name)}!" if each.sheet.name else ""
            for row, cells in enumerate(each.sheet.rows[1:], 1):
                if any(cell.strip() for cell in cells):
                    self._rows[f"{prefix}{row + 1}"] = (each, row)

    def members(self, start: Position) -> Iterator[Member]:
        for number, name in enumerate(self._rows):
            if number >= start.number:
                yield Member(Position(number, 0), name)
        for number, name in enumerate(self._others, len(self._rows)):
            reason = "is a sheet without a column of articles: save it as a file of its own to have its table read"
            yield Member(Position(number, 0), member_name(name), reason=reason)

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        del position, limit
        if name not in self._rows:
            raise DocumentError("is not in the sheet")
        sheet, row = self._rows[name]
        return sheet.article(row)


def _columns(beside: Path | None, sheet: Sheet) -> dict[str, int] | None:
    if len(sheet.rows) < 2:  # noqa: PLR2004 - a head and a row
        return None
    return column_map(beside, sheet.rows[0], sheet.rows[1 : _SAMPLE + 1])


def _question(sheets: Sequence[Sheet], where: str) -> ColumnQuestion | None:
    """Return what to ask of a sheet with a column of long texts whose head means nothing to kg."""
    for sheet in sheets:
        if len(sheet.rows) > 1 and (columns := long_columns(sheet.rows[0], sheet.rows[1 : _SAMPLE + 1])):
            samples = tuple(" ".join(cell.split())[:_SHOWN] for cell in sheet.rows[1])
            return ColumnQuestion(where, tuple(sheet.rows[0]), samples, columns)
    return None


def _delimited(data: bytes, where: str) -> list[Sheet]:
    """Return the rows of a CSV or TSV file."""
    text = decode(data, where)
    head = text[: text.find("\n") + 1] or text
    delimiter = max(_DELIMITERS, key=head.count)
    before = csv.field_size_limit(LONGEST)
    try:
        return [Sheet("", list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))]
    except csv.Error as error:
        raise DocumentError(f"{where}: is no CSV that can be read ({error}): correct it") from error
    finally:
        csv.field_size_limit(before)


def _letters(column: int) -> str:
    """Return what a spreadsheet calls a column.

    >>> _letters(1), _letters(27)
    ('B', 'AB')
    """
    column, letters = column + 1, ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
