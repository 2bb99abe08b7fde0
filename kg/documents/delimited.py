"""CSV and TSV → text: one table, its first row the head (RFC 4180).

A list of claims or of holdings is read by `kg import`, row by row, without guessing; read here it is a table as any
other.
"""

import csv
import io
import re
from collections.abc import Sequence
from itertools import islice

from kg.documents.grid import Cell, Grid
from kg.documents.metadata import NOTHING
from kg.documents.office_text import OfficeText
from kg.documents.page import Page
from kg.errors import DocumentError

__all__ = ["read_csv", "read_tsv"]

_DELIMITERS = ",;\t|"
_SAMPLE = 20
"""The first rows, by which the delimiter is told."""
_REGULAR = 0.5
"""The least share of them that has the same number of cells; titles and notes around a table have fewer."""
_HINT = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)


def read_csv(text: str, where: str) -> Page:
    r"""Read a table whose cells are parted by commas, semicolons, tabs or bars, whichever makes columns of it.

    Args:
        text: the file, decoded. A first line such as "sep=;" tells the sign, and is no row.
        where: the name of the source, for messages.

    Returns:
        The rows as lines of a table; its places are cells, as "B7".

    Raises:
        DocumentError: its rows are no columns, a quote in it is not closed, or there are too many cells.

    >>> print(read_csv("Buyer;Target\nZeltan;Orvane\n", "deals.csv").text)
    | Buyer | Target |
    | --- | --- |
    | Zeltan | Orvane |
    <BLANKLINE>

    """
    hint = _HINT.match(text)
    if hint:
        return _read(text[hint.end() :], hint[1], where)
    widths = {sign: _widths(text, sign) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda sign: _regular(widths[sign]))
    if _regular(widths[best])[0] < _REGULAR and any(set(each) - {1} for each in widths.values()):
        raise DocumentError(
            f"{where}: is no table, for no sign parts its rows into the same columns: if it is prose, call it .txt"
        )
    return _read(text, best, where)


def read_tsv(text: str, where: str) -> Page:
    """Read a table whose cells are parted by tabs, as `read_csv` does."""
    return _read(text, "\t", where)


def _widths(text: str, delimiter: str) -> list[int]:
    """Return how many cells each of the first rows has; nothing where the quotes do not fit the sign."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(islice((len(row) for row in rows if row), _SAMPLE))
    except csv.Error:
        return []


def _regular(widths: Sequence[int]) -> tuple[float, int]:
    """Return which share of rows has the most usual number of cells, and that number; 0 where most have one cell."""
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0, 1)


def _read(text: str, delimiter: str, where: str) -> Page:
    grid, rows = Grid(where), csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row, 1):
                grid.put(number, column, Cell(cell))
    except csv.Error as error:
        raise DocumentError(
            f"{where}: cannot be read as a table at line {rows.line_num} ({error}): correct it"
        ) from error
    output = OfficeText(where)
    output.sheet(grid, "")
    return output.page(NOTHING)
