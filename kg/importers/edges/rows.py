"""The rows of a list of edges, whatever it comes as: CSV, tuples, mappings, a DataFrame.

A row keeps its own text, which is the evidence of the claim that it becomes, and the place of that text in the whole
list.
"""

import csv
import io
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias

from kg.errors import DocumentError, EdgeListError
from kg.importers.edges.columns import EDGE_COLUMNS, Columns, RejectedRow
from kg.wording.printable import printable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ListText", "RawRow", "Source", "delimiter_of", "rows_of"]

Source: TypeAlias = "str | Path | TextIO | Iterable[Sequence[Any] | Mapping[str, Any]] | pd.DataFrame"
"""The path of a CSV file or an open one, tuples (holder, issuer, share), mappings by column, a DataFrame."""

_TUPLE = ("holder", "issuer", "share")
_SUMS = frozenset({"amount", "amount_min", "amount_max"})
_NUMBERS = frozenset({"share", "percent", "percent_min", "percent_max"}) | _SUMS
_SHARES = frozenset({"share", "percent"})
_DELIMITERS = ",;\t"
_LINE_ENDS = "\r\n"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: what stands in each column that has something, its text, where that begins, and what is wrong with it.

    Columns go by the names of a claim's terms; `names` are those of the list itself.
    """

    number: int
    values: Mapping[str, Any]
    names: Mapping[str, str]
    text: str
    start: int
    wrong: tuple[tuple[str, str, str], ...] = ()
    line: int | None = None

    def rejected(self, column: str, value: object, reason: str) -> RejectedRow:
        """Return what is wrong with a cell as a record."""
        shown = printable(str(value))
        shown = shown if len(shown) <= 60 else f"{shown[:59]}…"  # noqa: PLR2004 - a line stays a line
        return RejectedRow(self.number, self.names.get(column, column), shown, reason, self.line)


class ListText:
    """The text of a list, as its rows are taken: where a row stands in it is where it was added.

    `header` is the text of the line that names the columns; each piece that is cut off begins with it. Without
    `is_kept` no text is kept, for who asks for the rows only.
    """

    def __init__(self, *, is_kept: bool = True) -> None:
        self._parts: list[str] = []
        self._is_kept = is_kept
        self.size = 0
        self.header = ""

    def add(self, text: str) -> int:
        """Add a piece of text; return where it begins."""
        start = self.size
        if self._is_kept:
            self._parts.append(text)
        self.size += len(text)
        return start

    def cut(self) -> str:
        """Return the text since the last cut, and begin anew with the header."""
        # Half of a surrogate pair could stand in no file.
        text = "".join(self._parts).encode("utf-8", "replace").decode()
        self._parts, self.size = [self.header], len(self.header)
        return text


def rows_of(source: Source, name: str, list_text: ListText, columns: Columns = EDGE_COLUMNS) -> Iterator[RawRow]:
    """Yield the rows of a list, and add their text to `list_text`; `columns` are those that it may have.

    Raises `EdgeListError` where the header does not hold, `DocumentError` for a file that cannot be read.
    """
    if isinstance(source, str | Path) or hasattr(source, "read"):
        with _opened(source) as handle:
            yield from _of_csv(handle, name, list_text, columns)
    elif hasattr(source, "itertuples"):
        table: Any = source
        header = tuple(str(column) for column in table.columns)
        known = columns.of_header(header, name)
        list_text.add(_joined(header) + "\n")
        for number, cells in enumerate(table.itertuples(index=False, name=None), 1):
            yield _row(number, known, _without_gaps(known, cells), list_text)
    else:
        for number, given in enumerate(source, 1):
            yield _of_python(number, given, list_text, columns)


def _row(number: int, columns: Mapping[str, str], cells: Sequence[Any], list_text: ListText) -> RawRow:
    """Return a row of Python values, whose text is what CSV would write of it."""
    text = _joined(["" if _is_empty(cell) else cell for cell in cells]) or " "
    start = list_text.add(text)
    list_text.add("\n")
    return _raw(number, columns, cells, text, start)


def _raw(  # noqa: PLR0913, PLR0917 - what a row is made of
    number: int, columns: Mapping[str, str], cells: Sequence[Any], text: str, start: int, line: int | None = None
) -> RawRow:
    values = {known: cell for known, cell in zip(columns.values(), cells, strict=True) if known and not _is_empty(cell)}
    return RawRow(number, values, {known: own for own, known in columns.items()}, text, start, (), line)


def _is_empty(cell: object) -> bool:
    """Whether a cell says nothing; a number that is none says something wrong."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return True
    return type(cell).__name__ in {"NAType", "NaTType"}


def _without_gaps(columns: Mapping[str, str], cells: Sequence[Any]) -> list[Any]:
    """Return a DataFrame's cells without the NaN by which pandas marks a gap.

    In a column of shares it stays, and is rejected: an unknown share and a number that went wrong look the same. Where
    a row gives its share in another column it can only be a gap.
    """
    gaps = [isinstance(cell, float) and math.isnan(cell) for cell in cells]
    names = list(columns.values())
    told = any(name in _NUMBERS - _SUMS and not gap for name, gap in zip(names, gaps, strict=True))
    return [
        None if gap and (name not in _SHARES or told) else cell
        for name, cell, gap in zip(names, cells, gaps, strict=True)
    ]


def _of_python(number: int, given: object, list_text: ListText, known: Columns) -> RawRow:
    if isinstance(given, Mapping):
        columns, wrong = known.found(map(str, given))
        cells = [cell for column, cell in given.items() if str(column) in columns]
        row = _row(number, columns, cells, list_text)
    elif isinstance(given, Sequence) and not isinstance(given, str) and 1 < len(given) <= len(_TUPLE):
        wrong = []
        row = _row(number, {name: known.names[name] for name in _TUPLE[: len(given)]}, given, list_text)
    else:
        wrong = [("row", str(given), "is no edge: write (holder, issuer, share), or a mapping by column")]
        row = _row(number, {}, (), list_text)
    return RawRow(number, row.values, row.names, row.text, row.start, tuple(wrong))


def _joined(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    # Half of a surrogate pair could stand in no file.
    return out.getvalue().encode("utf-8", "replace").decode()


# ---------------------------------------------------------------------------------- CSV
@contextmanager
def _opened(source: Any) -> Iterator[Iterable[Any]]:
    path = source if isinstance(source, str | Path) else getattr(source, "name", "the list")
    try:
        if not isinstance(source, str | Path):
            yield source
            return
        with Path(source).open(encoding="utf-8-sig", newline="") as handle:
            yield handle
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise DocumentError(f"{path} cannot be read: {reason}; give a CSV file in UTF-8") from error


def _of_csv(handle: Iterable[Any], name: str, list_text: ListText, known: Columns) -> Iterator[RawRow]:
    given, blank = iter(handle), 0
    first = _text(next(given, ""), name).removeprefix("\ufeff")
    while first and not first.strip():
        list_text.add(first)
        first, blank = _text(next(given, ""), name), blank + 1
    if not first:
        raise EdgeListError(f"{name} is empty: its first line names the columns, as in holder,issuer,share")
    records = _records(first, given, list_text, blank + 1)
    header = next(records)
    if isinstance(header.cells, str):
        raise EdgeListError(f"{name} begins with no line of CSV: {header.cells}")
    columns = known.of_header([cell.strip() for cell in header.cells], name)
    list_text.header = f"{header.text}\n"
    for number, record in enumerate(records, 1):
        yield _of_record(number, columns, record)


def delimiter_of(header: str) -> str:
    """Return what separates the cells of a list, by its header: comma, semicolon or tab."""
    return max(_DELIMITERS, key=header.count)


def _text(line: object, name: str) -> str:
    if not isinstance(line, str):
        raise DocumentError(f"{name} is open as bytes: open it as text, with newline=''")
    return line


@dataclass(frozen=True, slots=True)
class _Record:
    """One record of a CSV file: its cells, or why it has none, its text, where that begins, and its first line."""

    cells: list[str] | str
    text: str
    start: int
    line: int


def _records(first: str, rest: Iterator[str], list_text: ListText, line: int) -> Iterator[_Record]:
    """Read CSV from a first line on, and keep for each record the text that it stands in; blank ones are none."""
    taken: list[str] = []

    def take() -> Iterator[str]:
        for one in itertools.chain((first,), rest):
            taken.append(one)
            yield one

    reader = csv.reader(take(), delimiter=delimiter_of(first), strict=True)
    while True:
        cells: list[str] | str
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = str(error)
        text = "".join(taken)
        taken.clear()
        start, at = list_text.add(text), line
        line += text.count("\n")
        if text.strip():
            yield _Record(cells, text.rstrip(_LINE_ENDS), start, at)


def _of_record(number: int, columns: Mapping[str, str], record: _Record) -> RawRow:
    if isinstance(record.cells, str):
        said = "opens a quote that is never closed, and all behind it is lost" if "end of data" in record.cells else ""
        reason = said or f"is no CSV: {record.cells}"
        wrong = (("row", record.text, reason),)
    elif len(record.cells) != len(columns):
        counts = f"has {len(record.cells)} cells, and the header {len(columns)} columns"
        wrong = (("row", record.text, f"{counts}: leave a cell empty where nothing is known"),)
    else:
        return _raw(number, columns, record.cells, record.text, record.start, record.line)
    return RawRow(number, {}, {}, record.text, record.start, wrong, record.line)
