"""Tables without rules: lines whose cells are aligned."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kg.documents.pdf.lines import Line
from kg.documents.pdf.tables import WHITE, WHITE_ALONE, Row, Table, cells_of, column_spans, table_of
from kg.documents.pdf.words import Word

__all__ = ["aligned_tables"]

_LONGEST_PAIR = 40
"""Letters in a cell, on average, from which two columns are text beside text."""
_FEWEST_ROWS = 3
_SAME = 3.0
"""Points within which edges are aligned."""
_MOST_ALIGNED = 0.7
_CLOSE, _APART = 1.15, 1.3
"""Lines of one row stand no further apart than the closest by the first, rows further than that by the second."""
_NEXT = 1.5
"""Heights of a line that lines of one paragraph stand apart at most."""
_LIST_MARK = re.compile(r"\(?[0-9]{1,3}[.)]|\(?[a-zivx]{1,4}[.)]|[•◦▪■●–—-]")


def aligned_tables(lines: Sequence[Line]) -> Iterator[Line | Table]:
    """Yield lines of a column, from the top, and in place of those that are rows of a table that table.

    >>> def row(top, *cells):
    ...     return Line(tuple(Word(text, left, top, left + 5 * len(text), top + 10) for text, left in cells))
    >>> rows = [row(12 * at, (name, 10), (share, 90)) for at, (name, share) in enumerate([("Oracle", "12%"),
    ...     ("Nvidia", "9%"), ("Microsoft", "21%")])]
    >>> [table] = aligned_tables(rows)
    >>> [[cell[0].text for cell in row] for row in table.rows]
    [['Oracle', '12%'], ['Nvidia', '9%'], ['Microsoft', '21%']]

    """
    split = [cells_of(line, WHITE_ALONE if _is_alone(lines, at) else WHITE) for at, line in enumerate(lines)]
    at = 0
    while at < len(lines):
        end = _run_end(split, lines, at)
        if _is_justified(lines, split, at, end):
            end = at
        table = None
        while end - at > 1 and (table := _table(lines[at:end], split[at:end])) is None:
            end -= 1
            while end > at and len(split[end - 1]) < 2:  # noqa: PLR2004 - one cell
                end -= 1
        if table is None:
            yield lines[at]
            at += 1
        else:
            yield table
            at = end


def _is_alone(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line stands apart from those above and below."""
    near = (lines[other] for other in (at - 1, at + 1) if 0 <= other < len(lines))
    return all(abs(line.middle - lines[at].middle) > _NEXT * lines[at].height for line in near)


def _run_end(split: Sequence[Row], lines: Sequence[Line], at: int) -> int:
    """Return where the lines end that may be rows of one table: two cells or more, or one between such."""
    if len(split[at]) < 2:  # noqa: PLR2004 - one cell
        return at
    end = at + 1
    for after in range(at + 1, len(split)):
        if lines[after].top - lines[after - 1].top > 4 * lines[after].height:
            break
        if len(split[after]) > 1:
            end = after + 1
        elif after - end >= 1:
            break
    return end


def _is_justified(lines: Sequence[Line], split: Sequence[Row], start: int, end: int) -> bool:
    """Return whether lines are of a paragraph with wide spaces: a line next to them is as wide, and has none."""
    if end - start < 2:  # noqa: PLR2004 - two rows
        return False
    left, right = min(line.left for line in lines[start:end]), max(line.right for line in lines[start:end])
    for inner, outer in ((start, start - 1), (end - 1, end)):
        if 0 <= outer < len(lines) and len(split[outer]) == 1:
            line = lines[outer]
            is_near = abs(line.middle - lines[inner].middle) <= _NEXT * line.height
            if is_near and abs(line.left - left) <= _SAME and abs(line.right - right) <= _SAME:
                return True
    return False


def _table(lines: Sequence[Line], split: Sequence[Row]) -> Table | None:
    """Return the table that lines of cells are, or None where their edges are not aligned or they may be text."""
    body = [row for row in split if len(row) > 1]
    columns = column_spans(body)
    if len(columns) < 2 or len(body) < (_FEWEST_ROWS if len(columns) == 2 else 2):  # noqa: PLR2004 - two columns
        return None
    rows = [placed for row in split if (placed := _placed(row, columns)) is not None]
    if len(rows) < len(split) or _is_text(rows, len(columns)):
        return None
    if not all(_is_aligned([row[column] for row in rows if row[column]]) for column in range(len(columns))):
        return None
    return table_of(_joined(_wrapped(lines, rows)))


def _placed(row: Row, columns: Sequence[tuple[float, float]]) -> Row | None:
    """Return a row with a cell for each column; None where two cells would stand in one, or one in two."""
    cells: list[tuple[Word, ...]] = [()] * len(columns)
    for cell in row:
        column = bisect_right(columns, (cell[0].left + _SAME, float("inf"))) - 1
        if column < 0 or cells[column] or cell[-1].right > columns[column][1] + _SAME:
            return None
        cells[column] = cell
    return tuple(cells)


def _is_aligned(cells: Sequence[tuple[Word, ...]]) -> bool:
    """Return whether most cells of a column begin, end or have their middle at one place."""
    edges = (
        [cell[0].left for cell in cells],
        [cell[-1].right for cell in cells],
        [(cell[0].left + cell[-1].right) / 2 for cell in cells],
    )
    return any(
        sum(abs(edge - other) <= _SAME for other in places) >= _MOST_ALIGNED * len(places)
        for places in edges
        for edge in places
    )


def _is_text(rows: Sequence[Row], columns: int) -> bool:
    """Return whether the rows are a list with its marks, or text beside text."""
    marks = [row[0] for row in rows if row[0]]
    if all(len(cell) == 1 and _LIST_MARK.fullmatch(cell[0].text) for cell in marks):
        return True
    letters = [sum(sum(len(word.text) + 1 for word in row[at]) for row in rows) / len(rows) for at in range(columns)]
    return columns == 2 and min(letters) > _LONGEST_PAIR  # noqa: PLR2004 - text beside text


def _wrapped(lines: Sequence[Line], rows: Sequence[Row]) -> list[Row]:
    """Return rows whose cells were wrapped as one each: their lines stand closer than rows do.

    Only where each line that stands close to the one above lacks a cell, and others have all.
    """
    gaps = [below.top - above.top for above, below in itertools.pairwise(lines)]
    if max(gaps) < _APART * min(gaps):
        return list(rows)
    close = [False, *(gap < _CLOSE * min(gaps) for gap in gaps)]
    if any(all(row) for row, is_close in zip(rows, close, strict=True) if is_close):
        return list(rows)
    whole: list[Row] = []
    for row, is_close in zip(rows, close, strict=True):
        if is_close:
            whole[-1] = tuple(above + cell for above, cell in zip(whole[-1], row, strict=True))
        else:
            whole.append(row)
    return whole


def _joined(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows; a line that holds a part of a first cell alone together with the row that it is of."""
    held: Row | None = None
    for row in rows:
        if held is not None and _goes_on(held, row):
            others = row if any(row[1:]) else held
            held = (held[0] + row[0], *others[1:])
            continue
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield held


def _goes_on(above: Row, below: Row) -> bool:
    """Return whether two lines are one row: a label was wrapped, and one of them holds nothing but a part of it."""
    if not above[0] or not below[0] or any(above[1:]) == any(below[1:]):
        return False
    first = below[0][0]
    return first.text[0].islower() or (any(below[1:]) and first.left > above[0][0].left + _SAME)
