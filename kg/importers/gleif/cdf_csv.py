"""CDF as CSV: the wide columns of the golden copy, or some of them, such as LEI and Entity.LegalName alone.

A column is a path into a record: "Entity.LegalAddress.Country", "Entity.OtherEntityNames.OtherEntityName.2.type". The
text of a record is the header and its row, both to the letter.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

from kg.importers.csv_rows import csv_rows
from kg.importers.gleif.records import RawRecord
from kg.places import PlaceKind

__all__ = ["read_csv"]

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
    """Yield the records of a file. Raises `DocumentError` for a file without a header."""
    paths: dict[str, _Path] = {}
    for row in csv_rows(stream, path):
        if not paths and row.wrong is None:
            paths = {column: _path(column) for column in row.cells}
        place = (PlaceKind.LINE, str(row.line))
        yield RawRecord(
            row.number, row.document, _tree(paths, row.cells), place, row.line, len(row.header) + 1, row.wrong
        )


def _path(column: str) -> _Path:
    """Return where the value of a column stands in a record."""
    steps: list[str | int] = []
    for step in column.split("."):
        steps += [int(step) - 1] if step.isdecimal() and 0 < int(step) < 100 else _NAMES.get(step, (step,))  # noqa: PLR2004
    return tuple(steps)


def _tree(paths: Mapping[str, _Path], cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the tree of a row; a cell that is empty says nothing."""
    tree: dict[str, Any] = {}
    for column, cell in cells.items():
        if not cell:
            continue
        path = paths[column]
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
