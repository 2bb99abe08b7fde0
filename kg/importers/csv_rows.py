"""The rows of a register's CSV or TSV file: each with its cells by column, and its text to the letter."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from kg.errors import DocumentError
from kg.importers.packed import lines_of

__all__ = ["CsvRow", "csv_rows"]

_LINE_ENDS = "\r\n"


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row: its number from 1, the line on which it begins, what stands in each column, its text, what is wrong.

    `header` is the text of the line that names the columns. Of a row that is `wrong` no cells are given.
    """

    number: int
    line: int
    header: str
    text: str
    cells: Mapping[str, str] = field(default_factory=dict)
    wrong: str | None = None

    @property
    def document(self) -> str:
        r"""The row below its header, as a file of its own would have it.

        >>> CsvRow(1, 2, "a,b", "1,2").document
        'a,b\n1,2'

        """
        return f"{self.header}\n{self.text}"


def csv_rows(stream: IO[bytes], path: Path, *, is_tsv: bool = False) -> Iterator[CsvRow]:
    """Yield the rows of a file of RFC 4180, or one whose cells are separated by tabs and never quoted.

    Memory is that of one row, however long the file. Raises `DocumentError` for a file without a header.

    Args:
        stream: the bytes, in UTF-8.
        path: the file's name for errors.
        is_tsv: whether tabs separate the cells.

    """
    taken: list[str] = []

    def take() -> Iterator[str]:
        for number, line in enumerate(lines_of(stream, path)):
            text = line.decode("utf-8-sig" if not number else "utf-8", "surrogateescape")
            taken.append(text)
            yield text

    reader = csv.reader(take(), csv.excel_tab if is_tsv else csv.excel, strict=True)
    if is_tsv:
        reader = csv.reader(take(), delimiter="\t", quoting=csv.QUOTE_NONE)
    header, columns, line = _header(reader, taken, path)
    number = 0
    while True:
        cells: list[str] | str
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = f"is no CSV: {error}"
        text = "".join(taken)
        taken.clear()
        begins, line = line, line + text.count("\n")
        if text.strip():
            number += 1
            yield _row(number, begins, header, text.rstrip(_LINE_ENDS), columns, cells)


def _header(reader: Iterator[list[str]], taken: list[str], path: Path) -> tuple[str, list[str], int]:
    try:
        columns = next(reader, None)
    except csv.Error as error:
        raise DocumentError(f"{path} begins with no line of CSV: {error}") from error
    if not columns:
        raise DocumentError(f"{path} is empty: its first line names the columns")
    header = "".join(taken).rstrip(_LINE_ENDS)
    line = 1 + "".join(taken).count("\n")
    taken.clear()
    return header.encode("utf-8", "replace").decode(), [column.strip() for column in columns], line


def _row(  # noqa: PLR0913, PLR0917 - what a row is made of
    number: int, line: int, header: str, text: str, columns: list[str], cells: list[str] | str
) -> CsvRow:
    wrong = cells if isinstance(cells, str) else None
    if not text.isascii():
        kept = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        wrong, text = wrong or (None if kept == text else "is not in UTF-8"), kept
    if wrong is None and len(cells) != len(columns):
        wrong = f"has {len(cells)} cells, and the header {len(columns)} columns"
    if wrong is not None:
        return CsvRow(number, line, header, text, wrong=wrong)
    return CsvRow(number, line, header, text, dict(zip(columns, map(str.strip, cells), strict=True)))
