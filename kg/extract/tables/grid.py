"""Tables in a text: rows of cells, found by their bars, or by columns that tabs or spaces align.

The first form is that of `kg.documents.tables`. What a table says is not asked here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

__all__ = ["Cell", "Grid", "grids"]

_RULE = re.compile(r"[\s|+:]*[-=_]{3}[-=_\s|+:]*")
"""A line that only parts heads from rows, or a total from what it sums up. It is tried on every line of a text, so
that no two of its parts may match the same character again and again."""
_GAP = re.compile(r"\t+| {2,}")
_ABOVE = 8
"""Lines above a table that may tell what it is of."""
_LEAST_ROWS = 3
"""Rows that make a table of lines without bars: two that happen to be aligned are none."""
_LONGEST_CELL = 80
"""Characters that a cell of an aligned table may have: justified prose has gaps as well."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, or a line above a table: its text, which begins at character `start` of the document."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The character after its last one."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: characters `start`–`end` of a text, rows of equally many cells, lines above, the nearest last.

    `heads` counts the first rows that the text marks as heads; `barred` tells that bars part its cells, which leaves
    no doubt that it is a table.
    """

    start: int
    end: int
    rows: tuple[tuple[Cell, ...], ...]
    heads: int
    above: tuple[Cell, ...]
    barred: bool

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.rows[0])


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int

    @property
    def form(self) -> str:
        """What the line is: part of a barred or of an aligned table, a rule, blank or prose."""
        body = self.text.strip()
        if not body:
            return "blank"
        if _RULE.fullmatch(body):
            return "rule"
        if "|" in body:
            return "barred"
        return "aligned" if len(_GAP.split(body)) > 1 else "prose"


def grids(text: str) -> tuple[Grid, ...]:
    r"""Return the tables of a text, in order.

    >>> [grid] = grids("Customers\n\n| Customer | % of revenue |\n| --- | --- |\n| Zeltan Corp | 21% |\n")
    >>> [[cell.text for cell in row] for row in grid.rows], grid.heads, [line.text for line in grid.above]
    ([['Customer', '% of revenue'], ['Zeltan Corp', '21%']], 1, ['Customers'])

    """
    lines = list(_lines(text))
    found: list[Grid] = []
    above: list[_Line] = []
    for block in _blocks(lines):
        grid = _grid(block, above)
        if grid is None:
            above += [line for line in block if line.form in {"prose", "aligned", "barred"}]
        else:
            found.append(grid)
            above = []
    return tuple(found)


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for raw in text.splitlines(keepends=True):
        yield _Line(raw.rstrip("\r\n"), at)
        at += len(raw)


def _blocks(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield runs of lines that are one table or none: a rule, and a blank line between aligned ones, belong to it."""
    forms = [line.form for line in lines]
    for at, form in enumerate(forms):
        before, after = (forms[other] if 0 <= other < len(forms) else "" for other in (at - 1, at + 1))
        if form == "rule":
            forms[at] = next((other for other in (before, after) if other in {"barred", "aligned"}), "prose")
        elif form == "blank" and before == "aligned" and after in {"aligned", "rule"}:
            forms[at] = "aligned"
    for form, run in groupby(zip(forms, lines, strict=True), key=lambda pair: pair[0]):
        if form != "blank":
            yield [line for _, line in run if line.form != "blank"]


def _grid(block: Sequence[_Line], above: Sequence[_Line]) -> Grid | None:
    if block[0].form == "prose" or all(line.form == "rule" for line in block):
        return None
    rows = [line for line in block if line.form != "rule"]
    ruled = next((at for at, line in enumerate(block) if line.form == "rule" and at), 0)
    barred = rows[0].form == "barred"
    cells = _barred(rows) if barred else _aligned(rows)
    if cells is None:
        return None
    lines = tuple(Cell(line.text.strip(), line.start + _indent(line.text)) for line in above[-_ABOVE:])
    end = block[-1].start + len(block[-1].text)
    # Only the first rule, near the top, parts the heads from the rest: others stand above totals.
    heads = ruled if ruled <= _LEAST_ROWS and ruled < len(rows) else 0
    return Grid(block[0].start, end, cells, heads, lines, barred)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _barred(rows: Sequence[_Line]) -> tuple[tuple[Cell, ...], ...] | None:
    whole = all(row.text.strip().startswith("|") and row.text.strip().endswith("|") for row in rows)
    cells = [list(_between_bars(row)) for row in rows]
    counts = {len(row) for row in cells}
    if not whole and (len(rows) == 1 or len(counts) > 1):
        return None
    width = max(counts)
    return tuple((*row, *[Cell("", rows[at].start) for _ in range(width - len(row))]) for at, row in enumerate(cells))


def _between_bars(line: _Line) -> Iterator[Cell]:
    first = _indent(line.text) + line.text.strip().startswith("|")
    last = len(line.text.rstrip()) - line.text.rstrip().endswith("|")
    at = line.start + first
    for piece in line.text[first : max(first, last)].split("|"):
        yield Cell(piece.strip(), at + (_indent(piece) if piece.strip() else 0))
        at += len(piece) + 1


def _aligned(rows: Sequence[_Line]) -> tuple[tuple[Cell, ...], ...] | None:
    """Return the cells of lines that tabs or spaces align, each in the column whose characters it overlaps."""
    if len(rows) < _LEAST_ROWS:
        return None
    tabbed = all("\t" in row.text for row in rows)
    pieces = [list(_between_tabs(row) if tabbed else _between_gaps(row)) for row in rows]
    if any(len(cell.text) > _LONGEST_CELL for row in pieces for _, cell in row):
        return None
    spans = _merged(span for row in pieces for span, _ in row)
    table = []
    for line, row in zip(rows, pieces, strict=True):
        cells = [Cell("", line.start) for _ in spans]
        for (start, _), cell in row:
            column = bisect_right(spans, start, key=lambda span: span[0]) - 1
            if cells[column].text:
                return None
            cells[column] = cell
        table.append(tuple(cells))
    return tuple(table) if len(spans) > 1 else None


def _between_tabs(line: _Line) -> Iterator[tuple[tuple[int, int], Cell]]:
    at = 0
    for column, piece in enumerate(line.text.split("\t")):
        if piece.strip():
            yield (column * 2, column * 2 + 1), Cell(piece.strip(), line.start + at + _indent(piece))
        at += len(piece) + 1


def _between_gaps(line: _Line) -> Iterator[tuple[tuple[int, int], Cell]]:
    for match in re.finditer(r"\S+(?: \S+)*", line.text):
        yield match.span(), Cell(match[0], line.start + match.start())


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of characters with those that overlap joined."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
