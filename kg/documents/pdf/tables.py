"""Tables on a page of a PDF, however they were found: their cells, their heads.

A PDF has no tables, only words and strokes. What is plain is taken for a table; where the layout leaves doubt, its
lines stay lines.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from kg.documents.pdf.lines import Line
from kg.documents.pdf.words import Word

__all__ = ["WHITE", "WHITE_ALONE", "Row", "Table", "cells_of", "column_spans", "table_of", "with_heads"]

Row = tuple[tuple[Word, ...], ...]
"""The words of each cell of a row."""

WHITE, WHITE_ALONE = 1.2, 0.75
"""Cells of a row stand so many heights of a line apart; words of justified text stand closer. The second holds where a
line has no other near it, so that it is none of a text."""
_MOST_HEAD_LINES, _FAR = 4, 2.5
"""Lines above a table that may be heads of its columns, and how many heights the next may be away."""
_BETWEEN = 2
_PREFIX, _SUFFIX = re.compile(r"[$€£¥(]+|[A-Z]{1,2}\$"), re.compile(r"[%)]+|pts?\.?")
_LEADER = re.compile(r"\.{4}|(?:\. ){3}|…")


@dataclass(frozen=True)
class Table:
    """The words of each cell, row by row; the first `heads` rows are heads, where bold letters tell them apart."""

    rows: tuple[Row, ...]
    heads: int = 0

    @property
    def top(self) -> float:
        """Where it is highest."""
        return min(word.top for row in self.rows for cell in row for word in cell)


def table_of(rows: Iterable[Row]) -> Table:
    """Return a table of rows of as many cells; signs that belong to the figure beside them are put to it."""
    whole = tuple(_with_signs(row) for row in rows)
    bold = [all(word.is_bold for cell in row for word in cell) for row in whole]
    return Table(whole, bold.index(False) if False in bold else 0)


def _with_signs(row: Row) -> Row:
    """Return a row in which "$" and "12", or "12" and "%", stand in one cell; an empty one may be between."""
    cells = list(row)
    last = 0
    for at, cell in enumerate(row):
        first, second = (" ".join(word.text for word in words) for words in (cells[last], cell))
        is_one = first and second and 0 < at - last <= _BETWEEN
        if is_one and (_PREFIX.fullmatch(first) or _SUFFIX.fullmatch(second)):
            cells[last], cells[at] = cells[last] + cell, ()
        elif cell:
            last = at
    return tuple(cells)


def cells_of(line: Line, white: float = WHITE_ALONE) -> Row:
    """Return the cells that a line may consist of: words with so many times its height of white between."""
    if _LEADER.search(line.text):
        return (line.words,)
    cells = [[line.words[0]]]
    for word in line.words[1:]:
        if word.left - cells[-1][-1].right >= white * line.height:
            cells.append([])
        cells[-1].append(word)
    return tuple(cell for cell in _with_signs(tuple(map(tuple, cells))) if cell)


def column_spans(rows: Iterable[Row]) -> list[tuple[float, float]]:
    """Return from where to where each column reaches: cells that overlap are of one."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((cell[0].left, cell[-1].right) for row in rows for cell in row):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(right, columns[-1][1])
        else:
            columns.append((left, right))
    return columns


def with_heads(parts: Iterable[Line | Table]) -> list[Line | Table]:
    """Return lines and tables from the top, the heads of a table's columns that stand above it in it.

    A head may span columns: it stands in the first of them.
    """
    done: list[Line | Table] = []
    for part in parts:
        table = part
        while isinstance(table, Table) and done and (whole := _with_head(done[-1], table)):
            done.pop()
            table = whole
        done.append(table)
    return done


def _with_head(above: Line | Table, table: Table) -> Table | None:
    """Return a table with what stands above it as its heads, or None where that is none."""
    rows = [cells_of(above)] if isinstance(above, Line) else [tuple(filter(None, row)) for row in above.rows]
    word = next(word for row in table.rows for cell in row for word in cell)
    if len(rows) > _MOST_HEAD_LINES or table.top - above.top > _FAR * len(rows) * word.height:
        return None
    spans = [_span([row[at] for row in table.rows if row[at]]) for at in range(len(table.rows[0]))]
    heads = [_head_row(row, spans) for row in rows]
    return table_of((*(head for head in heads if head is not None), *table.rows)) if all(heads) else None


def _span(cells: Sequence[tuple[Word, ...]]) -> tuple[float, float] | None:
    """Return from where to where most cells of a column reach."""
    if not cells:
        return None
    return median(cell[0].left for cell in cells), median(max(word.right for word in cell) for cell in cells)


def _head_row(cells: Row, spans: Sequence[tuple[float, float] | None]) -> Row | None:
    """Return heads in the columns that they stand over, or None where that is not plain."""
    row: list[tuple[Word, ...]] = [()] * len(spans)
    reach = -1
    for cell in cells:
        over = [at for at, span in enumerate(spans) if span and cell[0].left < span[1] and cell[-1].right > span[0]]
        if not over or over[0] <= reach:
            return None
        row[over[0]], reach = cell, over[-1]
    if len(cells) == 1 and not any(row[1:]):
        return None
    return tuple(row)
