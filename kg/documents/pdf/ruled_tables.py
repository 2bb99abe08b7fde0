"""Tables with rules around their cells."""

from collections.abc import Sequence

from kg.documents.pdf.rules import Grid
from kg.documents.pdf.tables import Table, table_of
from kg.documents.pdf.words import Word

__all__ = ["ruled_table"]

_LONGEST_CELL = 600
"""Letters; what holds more is a page in frames."""
_FILLED = 0.5
"""Of the cells inside rules so many hold something; a chart's or a form's do not."""


def ruled_table(grid: Grid, words: Sequence[Word]) -> Table | None:
    """Return the table whose cells the rules of a grid part, or None if it is none.

    Args:
        grid: the rules.
        words: those inside it.

    """
    cells: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        row, column = grid.cell_at((word.left + word.right) / 2, word.middle)
        cells.setdefault((row, column), []).append(word)
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    spanned = {(row, column): grid.origin(row, column) for row in range(height) for column in range(width)}
    of_origin: dict[tuple[int, int], list[Word]] = {}
    for at, held in cells.items():
        of_origin.setdefault(spanned[at], []).extend(held)
    if not _is_plain(of_origin, len(set(spanned.values()))):
        return None
    # A cell that spans rows is repeated, one that spans columns stands in the first of them.
    rows = tuple(
        tuple(
            tuple(of_origin.get(spanned[row, column], ())) if spanned[row, column][1] == column else ()
            for column in range(width)
        )
        for row in range(height)
    )
    return table_of(rows)


def _is_plain(cells: dict[tuple[int, int], list[Word]], count: int) -> bool:
    lengths = [sum(len(word.text) + 1 for word in cell) for cell in cells.values()]
    rows, columns = ({at[axis] for at in cells} for axis in (0, 1))
    return len(rows) > 1 and len(columns) > 1 and len(cells) >= _FILLED * count and max(lengths) <= _LONGEST_CELL
