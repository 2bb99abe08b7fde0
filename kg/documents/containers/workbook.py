"""The sheets of an Excel workbook as rows of texts, by `calamine <https://github.com/dimastbk/python-calamine>`_."""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from kg.documents.containers import archive
from kg.errors import MissingExtra

__all__ = ["Sheet", "sheets_of_workbook"]

_CELLS = 5_000_000
"""The most cells between the first and the last of a sheet: calamine takes memory for each, empty or not."""
_PART = 64 * 1024 * 1024
"""The most bytes that a sheet, or the texts of all, may unpack to."""
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name, "" where the file has but one without a name, and its rows from the first."""

    name: str
    rows: list[list[str]]


def sheets_of_workbook(data: bytes) -> list[Sheet]:
    """Return the sheets of a workbook; none where it cannot be read safely: the reader of tables tells why."""
    if not _is_safe(data):
        return []
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise MissingExtra("reading sheets needs python-calamine: pip install 'kg[office]'") from error
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            Sheet(name, [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)])
            for name in workbook.sheet_names
            if (sheet := workbook.get_sheet_by_name(name)).height
        ]
    except (calamine.CalamineError, OSError, ValueError):
        return []


def _is_safe(data: bytes) -> bool:
    """Return whether the parts that calamine reads unpack to what memory holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for info in package.infolist():
                if not info.filename.startswith("xl/") or not info.filename.endswith(".xml"):
                    continue
                with package.open(info) as stream:
                    part = archive.read_up_to(stream, _PART)
                if len(part) > _PART or _area(part) > _CELLS:
                    return False
    except _BROKEN:
        return False
    return True


def _area(part: bytes) -> int:
    rows = columns = 0
    for letters, digits in _REFERENCE.findall(part):
        column = 0
        for letter in letters:
            column = 26 * column + letter - ord("@")
        rows, columns = max(rows, int(digits)), max(columns, column)
    return rows * columns


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
