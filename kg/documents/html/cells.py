"""Tables of a page: which of them hold data and which lay the page out, and their cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.documents.grid import Cell, Grid
from kg.documents.tables import laid_out
from kg.errors import DocumentError

__all__ = ["TableCells", "is_captured"]

_PROSE = 1500
"""Characters of a cell that holds a part of a page: the longest cells of tables of data are a third of it."""
_PARAGRAPH = 300
"""Characters of a paragraph: two of them side by side are two texts, as in a letter of news."""
_WIDEST = 1000
"""Columns that a cell may span, as HTML has it (https://html.spec.whatwg.org/#dom-tdth-colspan)."""
_TALLEST = 65_534
Cells = tuple[tuple[int, int, str], ...]
"""Where in the text of a table its cells stand, each with its XPath."""
_SPAN = re.compile(r"\s*(\d{1,9})")
_MARK = re.compile(r"[(\[]?(?:[a-zA-Z]|[ivxIVX]{1,5}|\d{1,3})[.)\]]?|[^\w\s]{1,3}")
_REPEATED = 500_000
"""How often cells may be repeated in the rows that they span, empty ones included."""
_PAIR = 2


def is_captured(table: Any) -> bool:
    """Return whether a table's rows belong together: one that lays out a page is read as if it were none.

    A table around other tables lays out, and so does one that says so, one of a single column, one whose cells hold
    whole articles, and one with paragraphs side by side.
    """
    if table.get("role") in {"presentation", "none"} or next(table.iterdescendants("table"), None) is not None:
        return False
    widest = 0
    for row in table.iter("tr"):
        filled = [(cell, text) for cell in row if cell.tag in {"td", "th"} if (text := _text(cell))]
        widest = max(widest, len(filled))
        if any(len(text) > _PROSE or _is_page(cell, text) for cell, text in filled):
            return False
        if sum(len(text) > _PARAGRAPH for _, text in filled) > 1:
            return False
    return widest > 1 or (widest == 1 and next(table.iter("th"), None) is not None)


def _text(cell: Any) -> str:
    return " ".join("".join(cell.itertext()).split())


def _is_page(cell: Any, text: str) -> bool:
    """Whether a cell holds a list, a form, or several paragraphs."""
    if len(text) < _PARAGRAPH:
        return False
    inner = [next(cell.iterdescendants(tag), None) is not None for tag in ("ul", "ol", "form")]
    return any(inner) or sum(len(_text(each)) > _PARAGRAPH // 2 for each in cell.iterdescendants("p")) > 1


def _span(value: str | None, most: int) -> int:
    match = _SPAN.match(value or "")
    return min(max(int(match[1]), 1), most) if match else 1


def _all_heads(row: Any) -> bool:
    """Whether all cells of a row that hold anything are heads."""
    filled = [cell for cell in row if cell.tag in {"td", "th"} and _text(cell)]
    return bool(filled) and all(cell.tag == "th" for cell in filled)


@dataclass(slots=True)
class _Cell:
    """A cell: where it stands, how far it spans, its XPath, and its text so far."""

    column: int
    columns: int
    rows: int
    path: str
    text: str = ""


@dataclass(slots=True)
class _Row:
    """A row: its XPath, whether it is one of heads, its next free column, the XPath of the cell in each column."""

    path: str
    is_head: bool
    free: int = 1
    paths: dict[int, str] = field(default_factory=dict)

    def skip(self, tall: Sequence[_Cell]) -> None:
        """Pass the columns that cells of the rows above reach down into."""
        while taken := next((c for c in tall if c.column <= self.free < c.column + c.columns), None):
            self.free = taken.column + taken.columns


class TableCells:
    """The cells of a table, as a walk through its elements comes upon them."""

    def __init__(self, element: Any, where: str) -> None:
        """Begin with no rows."""
        self.element = element
        self.key = ""
        self.linked = 0
        self._where = where
        self._grid = Grid(where)
        self._rows: list[_Row] = []
        self._tall: list[_Cell] = []
        self._repeated = 0
        self._cell: _Cell | None = None
        self._caption = ""

    def begin(self, element: Any, path: str) -> None:
        """Begin a row or a cell."""
        if element.tag == "tr" or not self._rows:
            self._begin_row(element, path)
        if element.tag != "tr":
            row = self._rows[-1]
            columns = _span(element.get("colspan"), _WIDEST)
            self._cell = _Cell(row.free, columns, _span(element.get("rowspan"), _TALLEST), path)
            row.free += columns
            row.skip(self._tall)

    def add(self, text: str, key: str, linked: int) -> bool:
        """Add text to what is open; return whether the table took it."""
        if self._cell is None and not key:
            return True
        self.key += key
        self.linked += linked
        if self._cell is not None:
            self._cell.text = f"{self._cell.text} {text}".strip()
        else:
            self._caption = f"{self._caption} {text}".strip()
        return True

    def end(self) -> None:
        """End a cell."""
        cell = self._cell
        if cell is not None:
            self._put(cell)
            if cell.rows > 1:
                cell.rows -= 1
                self._tall.append(cell)
        self._cell = None

    def blocks(self, path: str) -> Iterator[tuple[str, str, Cells]]:
        """Yield the text, the XPath, and the cells of the caption and the table.

        A single row without heads is a line, and so is each row of a list whose marks have a column of their own.
        """
        if self._caption:
            yield self._caption, path, ()
        rows = dict(self._grid.rows())
        if self._is_list(list(rows.values())):
            for number, row in rows.items():
                yield " ".join(row.values()), self._rows[number - 1].path, ()
            return
        columns = sorted({column for row in rows.values() for column in row})
        numbers = list(rows)
        heads = next((at for at, number in enumerate(numbers) if not self._rows[number - 1].is_head), 0)
        table = laid_out([[rows[number].get(column, "") for column in columns] for number in numbers], heads)
        if table.text:
            yield (
                table.text.removesuffix("\n"),
                path,
                tuple(
                    (start, end, self._rows[numbers[row] - 1].paths[columns[column]])
                    for (row, column), (start, end) in table.cells.items()
                ),
            )

    def _begin_row(self, element: Any, path: str) -> None:
        row = _Row(path, element.getparent().tag == "thead" or _all_heads(element))
        self._rows.append(row)
        self._repeated += len(self._tall)
        if self._repeated > _REPEATED:
            raise DocumentError(f"{self._where}: a table's cells span too many rows: save the article as text instead")
        for cell in self._tall:
            self._put(cell)
            cell.rows -= 1
        row.skip(self._tall)
        self._tall = [cell for cell in self._tall if cell.rows > 0]

    def _put(self, cell: _Cell) -> None:
        self._grid.put(len(self._rows), cell.column, Cell(cell.text))
        self._rows[-1].paths[cell.column] = cell.path

    def _is_list(self, rows: list[Mapping[int, str]]) -> bool:
        if any(row.is_head for row in self._rows):
            return False
        marked = all(len(row) == 1 or (len(row) == _PAIR and _MARK.fullmatch(min(row.items())[1])) for row in rows)
        return len(rows) == 1 or marked
