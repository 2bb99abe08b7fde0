"""The text of an office document as it grows: paragraphs, notes, tables, each with its place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.documents.grid import Grid, column_letters
from kg.documents.metadata import Metadata
from kg.documents.page import INVISIBLE, LONGEST, Page, check_length
from kg.documents.tables import laid_out
from kg.places import Place, PlaceKind

__all__ = ["Inline", "OfficeText"]

# All white space but those that French sets before "%" and ";", and English between a number and its unit.
_BLANK = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_Row = tuple[int, Mapping[int, str]]


@dataclass(slots=True)
class Inline:
    """What stands in a paragraph: pieces of its text, and notes (kind or mark, text or id) and text boxes behind it."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text in one piece."""
        return "".join(self.pieces)


class OfficeText:
    r"""A text that is put together block by block, with a blank line between two blocks.

    >>> text = OfficeText("report.docx")
    >>> text.paragraph("Zeltan buys\tOrvane.", 1)
    >>> text.note("For cash.", "1")
    >>> page = text.page(Metadata())
    >>> page.text, [place.name for place in page.places]
    ('Zeltan buys Orvane.\n\nFor cash.\n', ['1', '1'])

    """

    def __init__(self, where: str) -> None:
        """Begin with no text; `where` is the name of the source, for messages."""
        self._where = where
        self._pieces: list[str] = []
        self._length = 0
        self._in_list = False
        self._places: list[Place] = []

    def paragraph(self, text: str, number: int, *, in_list: bool = False) -> None:
        """Add a paragraph by its number; one in a list becomes a line that begins with "- "."""
        text = _BLANK.sub(" ", text.translate(INVISIBLE)).strip(" ")
        if text.strip():
            mark = "- " if in_list else ""
            start = self._block(mark + text, in_list=in_list)
            self._places.append(Place(start, self._length, PlaceKind.PARAGRAPH, str(number)))

    def note(self, text: str, name: str) -> None:
        """Add a footnote or endnote by its own number."""
        text = _BLANK.sub(" ", text.translate(INVISIBLE)).strip(" ")
        if text.strip():
            self._places.append(Place(self._block(text), self._length, PlaceKind.FOOTNOTE, name or "*"))

    def table(self, grid: Grid, name: str, heads: int = 0) -> None:
        """Add a table by its name; its first rows up to number `heads` are heads."""
        rows = list(grid.rows())
        self._lines(rows, name, sum(number <= heads for number, _ in rows))

    def sheet(self, grid: Grid, name: str) -> None:
        """Add a sheet by its name, "" for none: what stands alone in a row above a table is its caption.

        The first row of a table is its head. A row with one cell below an empty row begins another table.
        """
        name = " ".join(name.split())
        if name:
            self._block(name)
        rows = list(grid.rows())
        for table in _tables(rows):
            captions = next((at for at, (_, row) in enumerate(table) if len(row) > 1), 0)
            for number, row in table[:captions]:
                for column, text in row.items():
                    self._cell(self._block(text), self._length, name, column, number)
            self._lines(table[captions:], name, heads=1 if len(table) > captions + 1 else 0)

    @property
    def text(self) -> str:
        """What was put together so far."""
        return "".join(self._pieces) + "\n" if self._pieces else ""

    def page(self, detected: Metadata) -> Page:
        """Return the whole, with its places."""
        return Page(self.text, detected=detected, places=tuple(self._places))

    def _block(self, text: str, *, in_list: bool = False) -> int:
        """Add a block of text; return where it begins."""
        gap = "" if not self._pieces else "\n" if in_list and self._in_list else "\n\n"
        self._in_list = in_list
        start = self._length + len(gap)
        self._length = start + len(text)
        if self._length > LONGEST:
            check_length("".join((*self._pieces, gap, text)), self._where)
        self._pieces += (gap, text)
        return start

    def _lines(self, rows: Sequence[_Row], name: str, heads: int) -> None:
        columns = sorted({column for _, row in rows for column in row})
        table = laid_out([[row.get(column, "") for column in columns] for _, row in rows], heads)
        if not table.text:
            return
        start = self._block(table.text.removesuffix("\n"))
        for (row, column), (first, last) in table.cells.items():
            self._cell(start + first, start + last, name, columns[column], rows[row][0])

    def _cell(self, start: int, end: int, name: str, column: int, row: int) -> None:
        place = f"{column_letters(column)}{row}"
        self._places.append(Place(start, end, PlaceKind.CELL, f"{name}!{place}" if name else place))


def _tables(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Cut the rows of a sheet where an empty row is followed by one with a single cell."""
    wide = any(len(row) > 1 for _, row in rows)
    tables: list[list[_Row]] = []
    before = None
    for number, row in rows:
        if not tables or (wide and len(row) == 1 and before is not None and number > before + 1):
            tables.append([])
        tables[-1].append((number, row))
        before = number
    return tables
