"""CDF as CSV: the wide columns of the golden copy, or some of them, such as LEI and Entity.LegalName alone.

A column is a path into a record: "Entity.LegalAddress.Country", "Entity.OtherEntityNames.OtherEntityName.2.type". The
text of a record is the header and its row, both to the letter.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeAlias

from kg.errors import DocumentError
from kg.importers.gleif.records import RawRecord
from kg.places import PlaceKind

__all__ = ["COLUMNS", "read_csv"]

COLUMNS = ("LEI", "Relationship.StartNode.NodeID")
"""What the first column of a file is called."""

_LONGEST = 1 << 20
_Path: TypeAlias = tuple[str | int, ...]
_NAMES: dict[str, tuple[str, ...]] = {
    "Period": ("RelationshipPeriods", "RelationshipPeriod"),
    "startDate": ("StartDate",),
    "endDate": ("EndDate",),
    "periodType": ("PeriodType",),
    "Exception": (),
    "Category": ("ExceptionCategory",),
    "Reason": ("ExceptionReason",),
    "type": ("@type",),
    "xmllang": ("@lang",),
    "event_status": ("@event_status",),
}
"""Steps of columns that the other formats call otherwise."""


def read_csv(stream: IO[bytes], path: Path) -> Iterator[RawRecord]:
    """Yield the records of a file. Raises `DocumentError` for a header of other columns, and for no UTF-8."""
    lines = _Lines(stream, path)
    header = lines.next().rstrip("\r\n")
    names = _header(header)
    if not names or names[0].strip() not in COLUMNS:
        raise DocumentError(f"{path} is no CSV of GLEIF: its first column is none of {', '.join(COLUMNS)}")
    paths = [_path(name.strip()) for name in names]
    for number, (line, text, cells) in enumerate(_rows(lines), 1):
        whole, place = f"{header}\n{text}", (PlaceKind.LINE, str(line))
        wrong = cells if isinstance(cells, str) else None
        if wrong is None and len(cells) != len(paths):
            wrong = f"has {len(cells)} cells, and the header {len(paths)} columns"
        tree = {} if wrong is not None else _tree(paths, cells)
        yield RawRecord(number, whole, tree, place, line, len(header) + 1, wrong)


def _header(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []


def _path(column: str) -> _Path:
    """Return where the value of a column stands in a record."""
    steps: list[str | int] = []
    for step in column.split("."):
        steps += [int(step) - 1] if step.isdecimal() and 0 < int(step) < 100 else _NAMES.get(step, (step,))  # noqa: PLR2004
    return tuple(steps)


def _tree(paths: Sequence[_Path], cells: Sequence[str]) -> dict[str, Any]:
    """Return the tree of a row; a cell that is empty says nothing."""
    tree: dict[str, Any] = {}
    for path, cell in zip(paths, cells, strict=True):
        if not cell:
            continue
        if len(path) == 1:
            tree[str(path[0])] = cell
        else:
            _put(tree, path, cell)
    return {key: _without_gaps(value) for key, value in tree.items()}


def _put(tree: dict[Any, Any], path: _Path, cell: str) -> None:
    """Put a cell into a tree whose lists are mappings by number, as long as cells come."""
    node = tree
    for step in path[:-1]:
        below = node.setdefault(step, {})
        if not isinstance(below, dict):
            below = node[step] = {"$": below}
        node = below
    held = node.get(path[-1])
    if isinstance(held, dict):
        held["$"] = cell
    else:
        node[path[-1]] = cell


def _without_gaps(node: Any) -> Any:
    """Make lists of the mappings by number."""
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(key, int) for key in node):
        return [_without_gaps(node[key]) for key in sorted(node)]
    return {key: _without_gaps(value) for key, value in node.items()}


def _rows(lines: "_Lines") -> Iterator[tuple[int, str, list[str] | str]]:
    """Yield the rows: the line on which each begins, its text, and its cells, or why it has none."""
    while line := lines.next():
        at, text = lines.number, line.rstrip("\r\n")
        if not text.strip():
            continue
        if '"' not in text:
            yield at, text, text.split(",")
            continue
        while text.count('"') % 2 and len(text) < _LONGEST and (more := lines.next()):
            text = f"{text}\n{more.rstrip(chr(13) + chr(10))}"
        try:
            yield at, text, next(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            yield at, text, f"is no CSV: {error}"


class _Lines:
    """The lines of a stream, and the number of the last one; a line is never held that is longer than any record."""

    def __init__(self, stream: IO[bytes], path: Path) -> None:
        self._stream, self._path = stream, path
        self.number = 0

    def next(self) -> str:
        """Return the next line with its end; "" where there is none."""
        line = self._stream.readline(_LONGEST)
        if len(line) == _LONGEST:
            raise DocumentError(f"{self._path} has a line of more than {_LONGEST >> 20} MB (line {self.number + 1})")
        self.number += 1
        try:
            return line.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise DocumentError(f"{self._path} is not in UTF-8 (line {self.number}): convert it") from error
