"""Sheets of articles in CSV, TSV and XLSX: a row is a document, called after its row as a spreadsheet counts it.

A sheet is a list of articles where a column of long texts is named as such, or mapped (`columns`). A file without such
a sheet is one document, its tables; beside such a sheet, each other one is a document. A sheet of addresses, as
GDELT's, is a list of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO

from kg.documents import formats
from kg.documents.containers import addresses
from kg.documents.containers.article_fields import article_page
from kg.documents.containers.columns import Row, column_map, kept_columns, long_columns
from kg.documents.containers.container import (
    Address,
    ColumnQuestion,
    Container,
    Member,
    Part,
    PassedOver,
    member_name,
)
from kg.documents.delimited import csv_rows, tsv_rows
from kg.documents.encoding import decode
from kg.documents.grid import Cell, Grid, column_letters
from kg.documents.metadata import NOTHING, Metadata
from kg.documents.office_text import OfficeText
from kg.documents.page import Page
from kg.documents.sources import Position
from kg.documents.xlsx import Workbook
from kg.errors import DocumentError
from kg.places import Place, PlaceKind

__all__ = ["open_container"]

_LIMIT = 64 * 1024 * 1024
"""The most bytes of a sheet, which is parsed whole."""
_CELLS = 5_000_000
"""The most cells of a sheet that hold anything; merged ones count in each of their rows."""
_SAMPLE = 50
"""The rows by which a sheet is told to be a list of articles."""
_SHOWN = 60


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a sheet; raise `DocumentError` where it cannot be read."""
    if addresses.is_list(file):
        return addresses.open_container(file, where, beside)
    file.seek(0)
    data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise DocumentError(f"{where}: is a sheet of more than {_LIMIT >> 20} MiB: split it")
    kind = formats.magic(data, where)
    if kind not in {None, formats.XLSX}:
        return _Whole()  # a document of another kind, whatever its name says
    sheets, metadata = _workbook(data, where) if kind else (_delimited(data, where), NOTHING)
    lists = _lists(sheets, beside)
    if not lists:
        return _Whole(None if beside is None or kept_columns(beside).is_file() else _question(sheets, where))
    names = {each.sheet.name for each in lists}
    return _Articles(lists, [sheet for sheet in sheets if sheet.name not in names and sheet.rows], metadata)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet's name, "" where the file has but one without a name, and its rows by their numbers from 1."""

    name: str
    rows: dict[int, Row]

    @property
    def heads(self) -> Row:
        """The first row."""
        return next(iter(self.rows.values()), {})

    @property
    def sample(self) -> Sequence[Row]:
        """Some rows below it."""
        return list(islice(self.rows.values(), 1, _SAMPLE + 1))

    def table(self, metadata: Metadata) -> Page:
        """Return the sheet as a table; raise `DocumentError`, without its name, where it has too many cells."""
        grid, text = Grid("the sheet"), OfficeText("the sheet")
        for number, row in self.rows.items():
            for column, cell in row.items():
                grid.put(number, column, Cell(cell))
        text.sheet(grid, self.name)
        return text.page(metadata)


class _Whole:
    """A file that is one document, or of which a person has to tell."""

    def __init__(self, question: ColumnQuestion | None = None) -> None:
        self._question = question

    def members(self, start: Position) -> Iterator[Member | PassedOver | Address | ColumnQuestion]:
        yield self._question or Member(start, "")

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        del name, position, limit
        raise DocumentError("is no row of a list of articles, for the file holds none")


@dataclass(frozen=True, slots=True)
class _ArticleSheet:
    sheet: _Sheet
    columns: dict[str, int]

    def article(self, row: int) -> Page:
        """Return the article in a row; its text's place is the cell."""
        cells = self.sheet.rows[row]
        page = article_page({name: cells[column] for name, column in self.columns.items() if column in cells})
        cell = f"{column_letters(self.columns['text'])}{row}"
        begin = len(page.text) - len(page.text.split("\n\n", 1)[-1]) if page.detected.title else 0
        name = f"{self.sheet.name}!{cell}" if self.sheet.name else cell
        return Page(page.text, detected=page.detected, places=(Place(begin, len(page.text), PlaceKind.CELL, name),))


class _Articles:
    def __init__(self, lists: list[_ArticleSheet], tables: list[_Sheet], metadata: Metadata) -> None:
        self._metadata = metadata
        self._members: dict[str, tuple[_ArticleSheet, int] | _Sheet] = {}
        for each in lists:
            prefix = f"{member_name(each.sheet.name)}!" if each.sheet.name else ""
            for row in islice(each.sheet.rows, 1, None):
                self._members[f"{prefix}{row}"] = (each, row)
        for sheet in tables:
            self._members[member_name(sheet.name)] = sheet

    def members(self, start: Position) -> Iterator[Member]:
        for number, name in enumerate(self._members):
            if number >= start.number:
                yield Member(Position(number, 0), name)

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        del position, limit
        member = self._members.get(name)
        if member is None:
            raise DocumentError("is not in the sheet")
        if isinstance(member, _Sheet):
            return member.table(self._metadata)
        sheet, row = member
        return sheet.article(row)


def _lists(sheets: Sequence[_Sheet], beside: Path | None) -> list[_ArticleSheet]:
    """Return the sheets that are lists of articles; raise `DocumentError` where the columns kept fit none of them."""
    lists, misfit = [], None
    for sheet in sheets:
        if len(sheet.rows) > 1:
            try:
                columns = column_map(beside, sheet.heads, sheet.sample)
            except DocumentError as error:
                misfit = error
            else:
                lists += [_ArticleSheet(sheet, columns)] if columns is not None else []
    if misfit is not None and not lists:
        raise misfit
    return lists


def _question(sheets: Sequence[_Sheet], where: str) -> ColumnQuestion | None:
    """Return what to ask of a sheet with a column of long texts whose head means nothing to kg."""
    for sheet in sheets:
        if len(sheet.rows) > 1 and (long := long_columns(sheet.heads, sheet.sample)):
            heads, row = dict(sorted(sheet.heads.items())), sheet.sample[0]
            samples = tuple(" ".join(row.get(column, "").split())[:_SHOWN] for column in heads)
            return ColumnQuestion(where, tuple(heads.values()), samples, long)
    return None


def _delimited(data: bytes, where: str) -> list[_Sheet]:
    """Return the rows of a CSV or TSV file."""
    read = tsv_rows if formats.media_type(PurePath(where)) == formats.TSV else csv_rows
    rows = {
        number: {column: cell for column, cell in enumerate(row, 1) if cell.strip()}
        for number, row in enumerate(read(decode(data, where), where), 1)
    }
    return [_Sheet("", {number: row for number, row in rows.items() if row})]


def _workbook(data: bytes, where: str) -> tuple[list[_Sheet], Metadata]:
    """Return the sheets of an Excel workbook, and what it says of itself."""
    book, sheets, count = Workbook(data, where), [], 0
    for name, cells in book.sheets():
        rows: dict[int, dict[int, str]] = {}
        for row, column, cell in cells:
            if not cell.text.strip():
                continue
            count += cell.rows
            if count > _CELLS:
                raise DocumentError(f"{where}: holds more than {_CELLS:,} cells: split it")
            for each in range(row, row + cell.rows):
                rows.setdefault(each, {})[column] = cell.text
        sheets.append(_Sheet(name, dict(sorted(rows.items()))))
    return sheets, book.properties()
