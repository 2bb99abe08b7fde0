"""What stands where in an old Excel workbook, before calamine reads its values ([MS-CFB] and [MS-XLS]).

calamine lays out all cells between the outermost two of each sheet, whatever the file's size, and does not tell the
formats of numbers. So the records are walked here first: within limits, without reading a value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from struct import error, unpack_from

from kg.documents.grid import CELLS
from kg.documents.number_formats import BUILT_IN, NumberFormat, parse_format
from kg.errors import DocumentError

__all__ = ["cell_formats"]

_POSITIONS = 4_000_000
"""The most cells between the outermost ones of all sheets: calamine takes some forty bytes for each."""
_NAMES = ("Workbook", "Book")
_ENTRY, _FREE = 128, 0xFFFFFFFA  # the length of an entry of the directory; from here on, numbers are no sectors
_SMALL, _LEAST = 64, 4096  # shorter streams than the latter stand in sectors of the former
_ROOT = 5  # the kind of the first entry of the directory


class _Record(IntEnum):
    """The kinds of records that matter here."""

    FORMULA = 0x06
    END = 0x0A
    FILE_PASS = 0x2F
    BOUND_SHEET = 0x85
    MANY_NUMBERS = 0xBD
    FORMATTED_TEXT = 0xD6
    XF = 0xE0
    SHARED_TEXT = 0xFD
    DIMENSIONS = 0x200
    NUMBER = 0x203
    TEXT = 0x204
    TRUTH = 0x205
    SHORT_NUMBER = 0x27E
    FORMAT = 0x41E


_ONE_CELL = frozenset(
    {
        _Record.FORMULA,
        _Record.FORMATTED_TEXT,
        _Record.SHARED_TEXT,
        _Record.NUMBER,
        _Record.TEXT,
        _Record.TRUTH,
        _Record.SHORT_NUMBER,
    }
)
_BIFF8, _DIMENSIONS_8 = 0x600, 14


_Formats = dict[tuple[int, int], NumberFormat]


def cell_formats(data: bytes, where: str) -> list[_Formats]:
    """Return the number format of each cell, by row and column from 0, of each sheet in their order.

    Raises:
        DocumentError: the file is damaged, encrypted, or its sheets hold too many cells or stretch too far.

    """
    try:
        stream = _workbook(data)
        is_wide = unpack_from("<H", stream, 4)[0] == _BIFF8
        codes, styles, starts = dict(BUILT_IN), [], []
        for record, body in _records(stream, 0):
            match record:
                case _Record.FILE_PASS:
                    raise DocumentError(f"{where}: is encrypted: open it with its password and save a copy without one")
                case _Record.BOUND_SHEET:
                    starts.append(unpack_from("<I", body)[0])
                case _Record.FORMAT:
                    codes[unpack_from("<H", body)[0]] = _code(body[2:], is_wide=is_wide)
                case _Record.XF:
                    styles.append(unpack_from("<H", body, 2)[0])
        formats = {number: parse_format(code) for number, code in codes.items()}
        walk = _Walk(where, [formats.get(style, NumberFormat()) for style in styles])
        return [walk.sheet(stream, start) for start in starts]
    except (error, IndexError, ValueError) as damage:
        raise DocumentError(f"{where}: is no Excel workbook that can be read: save it anew, as XLSX") from damage


@dataclass(slots=True)
class _Walk:
    """Walks over the cells of all sheets, and counts them."""

    where: str
    styles: list[NumberFormat]
    cells: int = 0
    positions: int = 0

    def sheet(self, stream: bytes, start: int) -> _Formats:
        """Return the formats in the sheet that begins at a byte."""
        formats: _Formats = {}
        rows = columns = 0
        for record, body in _records(stream, start):
            if record == _Record.DIMENSIONS:
                # Of BIFF8, or of what came before.
                last_row, last_column = unpack_from("<4xI2xH" if len(body) >= _DIMENSIONS_8 else "<2xH2xH", body)
                rows, columns = max(rows, last_row), max(columns, last_column)
            elif record in _ONE_CELL or record == _Record.MANY_NUMBERS:
                row, column = unpack_from("<HH", body)
                for at in range(4, len(body) - 2 if record == _Record.MANY_NUMBERS else 5, 6):
                    self._count()
                    formats[row, column] = self.styles[unpack_from("<H", body, at)[0]]
                    column += 1
                rows, columns = max(rows, row + 1), max(columns, column)
        self.positions += rows * columns
        if self.positions > _POSITIONS:
            raise DocumentError(f"{self.where}: its sheets stretch over too many cells, empty ones: save it as XLSX")
        return formats

    def _count(self) -> None:
        self.cells += 1
        if self.cells > CELLS:
            raise DocumentError(
                f"{self.where}: holds more than {CELLS:,} cells, too many for a document: split it, or read it as a "
                "register or a list with `kg import`"
            )


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the content of each record up to the end of a part."""
    while True:
        kind, length = unpack_from("<HH", stream, start)
        if kind == _Record.END:
            return
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _code(body: bytes, *, is_wide: bool) -> str:
    """Return the code of a number format."""
    if not is_wide:
        return body[1 : 1 + body[0]].decode("cp1252", "replace")
    length, flags = unpack_from("<HB", body)
    if flags & 1:
        return body[3 : 3 + 2 * length].decode("utf-16-le", "replace")
    return body[3 : 3 + length].decode("latin-1")


def _workbook(data: bytes) -> bytes:
    """Return the stream of the workbook in a compound file; raise `ValueError` or `struct.error` if it is damaged."""
    size, small_size = (1 << shift for shift in unpack_from("<HH", data, 30))
    first, _, limit, first_small = unpack_from("<IIII", data, 48)
    if size not in {512, 4096} or (small_size, limit) != (_SMALL, _LEAST):
        raise ValueError(size)
    most = len(data) // size + 1
    numbers = f"<{size // 4}I"

    def sectors(table: list[int], start: int) -> Iterator[bytes]:
        return (data[(number + 1) * size : (number + 2) * size] for number in _chain(table, start, most))

    tables, more = list(unpack_from("<109I", data, 76)), unpack_from("<I", data, 68)[0]
    while more < _FREE and len(tables) <= most + 109:
        *others, more = unpack_from(numbers, data, (more + 1) * size)
        tables += others
    used = [number for number in tables if number < _FREE]
    table = [each for number in used for each in unpack_from(numbers, data, (number + 1) * size)]
    entries = list(_entries(b"".join(sectors(table, first))))
    # Where there are two, which of them is read would be anybody's guess.
    [(start, length)] = [(start, length) for name, _, start, length in entries if name in _NAMES]
    if length >= limit:
        return b"".join(sectors(table, start))[:length]
    small = [each for sector in sectors(table, first_small) for each in unpack_from(numbers, sector)]
    root = b"".join(next(sectors(table, start) for _, kind, start, _ in entries if kind == _ROOT))
    return b"".join(root[at * _SMALL :][:_SMALL] for at in _chain(small, start, _LEAST // _SMALL))[:length]


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Yield the name, kind, first sector and length of each stream."""
    for at in range(0, len(directory), _ENTRY):
        length, kind = unpack_from("<HB", directory, at + 64)
        name = directory[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        yield name, kind, *unpack_from("<II", directory, at + 116)


def _chain(table: list[int], number: int, most: int) -> Iterator[int]:
    """Yield the numbers of the sectors of a stream; raise `ValueError` where there are too many, as in a circle."""
    for _ in range(most):
        if number >= _FREE:
            return
        yield number
        number = table[number]
    if number < _FREE:
        raise ValueError(number)
