"""XLSX → text: the sheets of an Excel workbook as tables (ECMA-376, part 1, chapter 18), each cell as it is shown.

The parts are read themselves: a library that gives the values alone makes 0.125 of the "12.5%" that the sheet shows,
and calamine lays out all cells between the outermost two, so that a file of five kilobytes can take all memory.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from kg.documents.docx import core_properties
from kg.documents.grid import Cell, Grid
from kg.documents.metadata import Metadata
from kg.documents.number_formats import BUILT_IN, NumberFormat, parse_format
from kg.documents.office_text import OfficeText
from kg.documents.packages import Package, attribute, local_name
from kg.documents.page import Page
from kg.errors import DocumentError

__all__ = ["Workbook", "read_xlsx"]

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_PLAIN = NumberFormat()
_T = TypeVar("_T")


_Cells = Iterator[tuple[int, int, Cell]]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all sheets of a workbook share."""

    strings: Sequence[str]
    formats: Sequence[NumberFormat]
    since_1904: bool


def read_xlsx(data: bytes, where: str) -> Page:
    """Read an Excel workbook (XLSX, XLSM; its macros are not looked at): the name of each sheet, then its rows.

    Hidden sheets are read too. A formula has the value that Excel stored; one without a value stands as it is.

    Args:
        data: the bytes of the file.
        where: the name of the source, for messages.

    Returns:
        The text. Its places are cells, as "Deals!B7". `detected` has the title, the day of the last change, and the
        language.

    Raises:
        DocumentError: it is no Excel workbook, it cannot be read safely, or it has too many cells.

    """
    book, text = Workbook(data, where), OfficeText(where)
    for name, cells in book.sheets():
        grid = Grid(where)
        for row, column, cell in cells:
            grid.put(row, column, cell)
        text.sheet(grid, name)
    return text.page(book.properties())


class Workbook:
    """An Excel workbook: its sheets, each read when it is asked for; raises what `read_xlsx` raises."""

    def __init__(self, data: bytes, where: str) -> None:
        """Open a workbook by its bytes; `where` is its name, for messages."""
        self._package = Package(data, where)
        self._where = where
        self._main = self._package.related("", "officeDocument")
        if not self._main or local_name(root := self._package.xml(self._main)) != "workbook":
            raise DocumentError(f"{where}: is a zip file and no Excel workbook: give it the ending of what it is")
        self._root = root

    def sheets(self) -> Iterator[tuple[str, _Cells]]:
        """Yield the name of each sheet, and its cells with their rows and columns, from 1."""
        book = _Shared(_strings(self._package, self._main), _formats(self._package, self._main), self._since_1904())
        parts = self._package.relations(self._main)
        read: set[str] = set()
        for sheet in (sheet for each in self._root if local_name(each) == "sheets" for sheet in each):
            # "id" is the relation's: the sheet's own number is called "sheetId".
            kind, part = parts.get(attribute(sheet, "id"), ("", ""))
            if kind == "worksheet":
                if part in read:
                    raise DocumentError(
                        f"{self._where}: names one sheet twice, as Excel never does: save it anew there"
                    )
                read.add(part)
                yield attribute(sheet, "name"), _cells(self._package.xml(part), book)

    def _since_1904(self) -> bool:
        properties = (each for each in self._root if local_name(each) == "workbookPr")
        return any(attribute(each, "date1904") in {"1", "true"} for each in properties)

    def properties(self) -> Metadata:
        """Return what the file says of itself."""
        return core_properties(self._package, "", "")


def _strings(package: Package, main: str) -> list[str]:
    part = package.related(main, "sharedStrings")
    return [_text(item) for item in package.xml(part)] if package.has(part) else []


def _text(item: Any) -> str:
    """Return the text of a string, without the phonetic signs that may stand beside it."""
    pieces = []
    for child in item:
        if local_name(child) == "t":
            pieces.append(child.text or "")
        elif local_name(child) == "r":
            pieces.append(_text(child))
    return "".join(pieces)


def _formats(package: Package, main: str) -> list[NumberFormat]:
    """Return the number format of each style of cells."""
    part = package.related(main, "styles")
    if not package.has(part):
        return []
    codes, styles = {str(number): code for number, code in BUILT_IN.items()}, []
    for group in package.xml(part):
        match local_name(group):
            case "numFmts":
                codes.update({attribute(each, "numFmtId"): attribute(each, "formatCode") for each in group})
            case "cellXfs":
                styles = [attribute(each, "numFmtId") for each in group]
    parsed = {number: parse_format(code) for number, code in codes.items()}
    return [parsed.get(number, _PLAIN) for number in styles]


def _cells(root: Any, book: _Shared) -> _Cells:
    """Yield the cells of a sheet; a row or cell that does not say where it stands follows the one before."""
    merged, number = dict(_merged(root)), 0
    for row in (row for each in root if local_name(each) == "sheetData" for row in each):
        number = int(attribute(row, "r")) if re.fullmatch("[0-9]{1,7}", attribute(row, "r")) else number + 1
        column = 0
        for cell in row:
            number, column = _position(attribute(cell, "r")) or (number, column + 1)
            yield number, column, Cell(_value(cell, book), rows=merged.get((number, column), 1))


def _position(reference: str) -> tuple[int, int] | None:
    """Return the row and column that a reference such as "B7" names."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(match[2]), column


def _merged(root: Any) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield the first cell of each range that is merged, and how many rows it has."""
    for each in (each for group in root if local_name(group) == "mergeCells" for each in group):
        first, _, last = attribute(each, "ref").partition(":")
        start, end = _position(first), _position(last)
        if start and end and end[0] > start[0]:
            yield start, end[0] - start[0] + 1


def _value(cell: Any, book: _Shared) -> str:
    """Return what a cell shows."""
    kind, value, formula = attribute(cell, "t"), "", ""
    for child in cell:
        match local_name(child):
            case "v":
                value = child.text or ""
            case "is":
                return _text(child)
            case "f":
                formula = child.text or ""
    if not value:
        return f"={formula}" if formula and kind != "str" else ""
    if kind == "s":
        return _at(book.strings, value) or ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind in {"str", "e", "d"}:
        return value
    return (_at(book.formats, attribute(cell, "s") or "0") or _PLAIN).shown(value, since_1904=book.since_1904)


def _at(items: Sequence[_T], index: str) -> _T | None:
    """Return an item by an index in a file, None where there is none."""
    number = int(index) if re.fullmatch("[0-9]{1,9}", index) else len(items)
    return items[number] if number < len(items) else None
