"""XLS → text: the sheets of an old Excel workbook as tables, by calamine."""

import datetime as dt
import io
from typing import Any

from kg.documents.grid import Cell, Grid
from kg.documents.metadata import NOTHING
from kg.documents.number_formats import NumberFormat
from kg.documents.office_text import OfficeText
from kg.documents.page import Page
from kg.errors import DocumentError, MissingExtra

__all__ = ["read_xls"]

_PLAIN = NumberFormat()


def read_xls(data: bytes, where: str) -> Page:
    """Read an old Excel workbook (XLS): the name of each sheet, then its rows; places are cells, as "Deals!B7".

    Raises:
        DocumentError: it is no such workbook, it cannot be read, or it has too many cells.
        MissingExtra: calamine is not installed.

    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise MissingExtra("reading old Excel workbooks needs calamine: pip install 'kg[office]'") from error
    text = OfficeText(where)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in book.sheet_names:
            sheet, grid = book.get_sheet_by_name(name), Grid(where)
            first_row, first_column = sheet.start or (0, 0)
            for number, row in enumerate(sheet.iter_rows(), first_row + 1):
                for column, value in enumerate(row, first_column + 1):
                    grid.put(number, column, Cell(_shown(value)))
            text.sheet(grid, name)
    except (CalamineError, OSError, ValueError) as error:
        raise DocumentError(f"{where}: is no Excel workbook that can be read: save it anew, as XLSX") from error
    return text.page(NOTHING)


def _shown(value: Any) -> str:
    """Return a value as a sheet shows it, as far as the value alone tells."""
    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            return _PLAIN.shown(str(value))
        case dt.datetime():
            return value.isoformat(" ", "minutes").removesuffix(" 00:00")
    return str(value)
