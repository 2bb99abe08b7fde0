"""CSV and TSV → text: one table, its first row the head (RFC 4180).

A list of claims or of holdings is read by `kg import`, row by row, without guessing; read here it is a table as any
other.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from kg.documents.grid import Cell, Grid
from kg.documents.metadata import NOTHING
from kg.documents.office_text import OfficeText
from kg.documents.page import LONGEST, Page
from kg.errors import DocumentError

__all__ = ["csv_rows", "read_csv", "read_tsv", "tsv_rows"]

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
    return _page(csv_rows(text, where), where)


def read_tsv(text: str, where: str) -> Page:
    """Read a table whose cells are parted by tabs, as `read_csv` does."""
    return _page(tsv_rows(text, where), where)


def csv_rows(text: str, where: str) -> list[list[str]]:
    """Return the rows of a table, as `read_csv` finds them, white space and all; raise `DocumentError` as it does."""
    hint = _HINT.match(text)
    if hint:
        return _rows(text[hint.end() :], hint[1], where)
    widths = {sign: _widths(text, sign) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda sign: _regular(widths[sign]))
    if _regular(widths[best])[0] < _REGULAR and any(set(each) - {1} for each in widths.values()):
        raise DocumentError(
            f"{where}: is no table, for no sign parts its rows into the same columns: if it is prose, call it .txt"
        )
    return _rows(text, best, where)


def tsv_rows(text: str, where: str) -> list[list[str]]:
    """Return the rows of a table, as `read_tsv` finds them."""
    return _rows(text, "\t", where)


def _widths(text: str, delimiter: str) -> list[int]:
    """Return how many cells each of the first rows has; nothing where the quotes do not fit the sign."""
    try:
        with _long_cells():
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            return list(islice((len(row) for row in rows if row), _SAMPLE))
    except csv.Error:
        return []


def _regular(widths: Sequence[int]) -> tuple[float, int]:
    """Return which share of rows has the most usual number of cells, and that number; 0 where most have one cell."""
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0, 1)


def _rows(text: str, delimiter: str, where: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        with _long_cells():
            return list(rows)
    except csv.Error as error:
        raise DocumentError(
            f"{where}: cannot be read as a table at line {rows.line_num} ({error}): correct it"
        ) from error


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let a cell be as long as a document: an article may stand in it."""
    before = csv.field_size_limit(LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _page(rows: Sequence[Sequence[str]], where: str) -> Page:
    grid, output = Grid(where), OfficeText(where)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            grid.put(number, column, Cell(cell))
    output.sheet(grid, "")
    return output.page(NOTHING)
