"""XLS → text: the sheets of an old Excel workbook as tables, by calamine."""

import datetime as dt
import io
from typing import Any

from kg.documents.biff import cell_formats
from kg.documents.grid import Cell, Grid
from kg.documents.metadata import NOTHING
from kg.documents.number_formats import NumberFormat
from kg.documents.office_text import OfficeText
from kg.documents.page import Page
from kg.errors import DocumentError, MissingReader

__all__ = ["read_xls"]

_PLAIN = NumberFormat()


def read_xls(data: bytes, where: str) -> Page:
    """Read an old Excel workbook (XLS): the name of each sheet, then its rows; places are cells, as "Deals!B7".

    Raises:
        DocumentError: it is no such workbook, it cannot be read, or it has too many cells.
        MissingReader: calamine is not installed.

    """
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise MissingReader("reading old Excel workbooks needs calamine: pip install 'kg[office]'") from error
    text, formats = OfficeText(where), cell_formats(data, where)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for at, name in enumerate(book.sheet_names):
            sheet, grid, shown = book.get_sheet_by_index(at), Grid(where), formats[at] if at < len(formats) else {}
            first_row, first_column = sheet.start or (0, 0)
            for row, values in enumerate(sheet.to_python(), first_row):
                for column, value in enumerate(values, first_column):
                    grid.put(row + 1, column + 1, Cell(_shown(value, shown.get((row, column), _PLAIN))))
            text.sheet(grid, name)
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged(where) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # how a defect of calamine arrives; it is no Exception
            raise _damaged(where) from error
        raise
    return text.page(NOTHING)


def _damaged(where: str) -> DocumentError:
    return DocumentError(f"{where}: is no Excel workbook that can be read: save it anew, as XLSX")


def _shown(value: Any, shape: NumberFormat) -> str:
    """Return a value as the sheet shows it; calamine has made a date of what is formatted as one."""
    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            return shape.shown(str(value))
        case dt.datetime():
            return value.isoformat(" ", "minutes").removesuffix(" 00:00")
    return str(value)
