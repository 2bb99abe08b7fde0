"""The cells of a table in a file, as they are read: where each stands, how far it spans, and a limit on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.documents.page import LONGEST
from kg.errors import DocumentError

__all__ = ["CELLS", "Cell", "Grid", "column_letters"]

CELLS = 50_000
"""The most cells with something in them in one document; a longer sheet is a register, which `kg import` reads."""
_POSITIONS = 1_000_000
"""The most cells between the outermost ones, empty ones included: those are laid out too."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Grid:
    """A table: what stands in it by row and column, from 1.

    >>> grid = Grid("deals.xlsx")
    >>> grid.put(1, 2, Cell("Buyer", rows=2))
    >>> dict(grid.rows()), column_letters(28)
    ({1: {2: 'Buyer'}, 2: {2: 'Buyer'}}, 'AB')

    """

    where: str
    _rows: dict[int, dict[int, str]] = field(default_factory=dict)
    _cells: int = 0
    _length: int = 0

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Add a cell; one that spans rows is repeated, one that spans columns stands in the first.

        Raises:
            DocumentError: there are too many cells.

        """
        text = " ".join(cell.text.split())
        if not text:
            return
        self._cells += cell.rows
        self._length += cell.rows * len(text)
        if self._cells > CELLS or self._length > LONGEST:
            raise self._too_long(f"{CELLS:,} cells or {LONGEST:,} characters")
        for each in range(row, row + cell.rows):
            self._rows.setdefault(each, {})[column] = text

    def rows(self) -> Iterator[tuple[int, Mapping[int, str]]]:
        """Yield the number of each row that holds anything, with its cells by their columns; may raise as `put`."""
        columns = {column for row in self._rows.values() for column in row}
        if len(columns) * len(self._rows) > _POSITIONS:
            raise self._too_long(f"{_POSITIONS:,} cells, empty ones between them included")
        yield from sorted(self._rows.items())

    def _too_long(self, limit: str) -> DocumentError:
        return DocumentError(
            f"{self.where}: a table holds more than {limit}, too many for a document: split it, or read it as a "
            "register or a list with `kg import`"
        )


def column_letters(column: int) -> str:
    """Return how a spreadsheet names a column, from 1: "A" to "Z", then "AA"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
