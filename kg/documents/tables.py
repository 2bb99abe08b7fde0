"""Tables as text: the one form that they have in a document, whichever file they come from.

A row is a line ``| a | b | c |``, as GitHub's Markdown has it (https://github.github.com/gfm/#tables-extension-). The
caption is the paragraph above. A line ``| --- | --- | --- |`` stands below the heads, where the file tells which rows
are heads, and nowhere else. `kg.extract` finds tables in the text alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["TableText", "laid_out", "table_lines"]

_BAR, _BROKEN_BAR = "|", "¦"
_RULE = re.compile(r":?-{3,}:?")


@dataclass(frozen=True, slots=True)
class TableText:
    """The text of a table, and where in it each cell that holds something stands, by row and column from 0."""

    text: str
    cells: Mapping[tuple[int, int], tuple[int, int]]


def table_lines(rows: Sequence[Sequence[str]], heads: int = 0, caption: str = "") -> str:
    r"""Return a table as text, as `laid_out` makes it.

    >>> print(table_lines([["Customer", "% of revenue"], ["Zeltan Corp", "21%"]], heads=1, caption="Large customers"))
    Large customers
    <BLANKLINE>
    | Customer | % of revenue |
    | --- | --- |
    | Zeltan Corp | 21% |
    <BLANKLINE>

    """
    return laid_out(rows, heads, caption).text


def laid_out(rows: Sequence[Sequence[str]], heads: int = 0, caption: str = "") -> TableText:
    """Return a table as text, with the place of each cell.

    Rows and columns that are empty throughout are left out: pages use them as space. White space in a cell becomes
    one space, and a "|" the broken bar "¦".

    Args:
        rows: the cells, from the top. A cell that spans columns stands in the first of them, the others are empty;
            one that spans rows is repeated. Short rows are filled up with empty cells.
        heads: how many of the first rows are heads; 0 where the file does not tell.
        caption: the table's caption or title.

    Returns:
        The lines, each ended; "" where no cell holds anything. What stands before and after a table in a text is
        parted from it by an empty line, which is not part of it.

    """
    tidy = [[_tidy(cell) for cell in row] for row in rows]
    columns = sorted({column for row in tidy for column, cell in enumerate(row) if cell})
    lines = [f"{' '.join(caption.split())}\n\n"] if caption.strip() and columns else []
    length = sum(map(len, lines))
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    full = [at for at, row in enumerate(tidy) if any(row)]
    last_head = max((at for at in full if at < heads), default=-1)
    for at in full:
        line = _BAR
        for column in columns:
            cell = tidy[at][column] if column < len(tidy[at]) else ""
            if cell:
                start = length + len(line) + 1
                cells[at, column] = (start, start + len(cell))
            line += f" {cell} {_BAR}"
        line = _unruled(line) + "\n"
        if at == last_head:
            line += _BAR + f" --- {_BAR}" * len(columns) + "\n"
        lines.append(line)
        length += len(line)
    return TableText("".join(lines), cells)


def _tidy(cell: str) -> str:
    return " ".join(cell.replace(_BAR, _BROKEN_BAR).split())


def _unruled(line: str) -> str:
    """Return a row that would be read as the line below the heads with other dashes."""
    cells = [cell.strip() for cell in line.strip(_BAR).split(_BAR)]
    return line.replace("-", "–") if all(_RULE.fullmatch(cell) for cell in cells) else line
