"""The answer to a SELECT query: columns, and rows of RDF terms or of Python values."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias, overload

import pyoxigraph as ox

from kg.ontology import BASE, PREFIXES

__all__ = ["AnswerRows", "Cell", "Table", "Value", "shortened", "value_of"]

Cell: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
Value: TypeAlias = str | Decimal | bool | None

_XSD = PREFIXES["xsd"]
_NUMBERS = frozenset(
    _XSD + name
    for name in (
        *("decimal", "integer", "double", "float", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)


def value_of(cell: Cell) -> Value:
    """Return a term as a Python value: numbers as Decimal, booleans as bool, all else as its text.

    A number that is not finite, or that its datatype does not allow, stays text.
    """
    if cell is None:
        return None
    if isinstance(cell, ox.Triple):
        return str(cell)
    if isinstance(cell, ox.BlankNode):
        return f"_:{cell.value}"
    if isinstance(cell, ox.Literal):
        kind = cell.datatype.value
        if kind == _XSD + "boolean" and cell.value in {"true", "false", "1", "0"}:
            return cell.value in {"true", "1"}
        if kind in _NUMBERS:
            return _number(cell.value)
    return cell.value


def _number(text: str) -> Decimal | str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


def shortened(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI with the longest prefix that leaves a plain local name, else the whole IRI."""
    fitting = [(len(start), name) for name, start in prefixes.items() if iri.startswith(start)]
    for length, name in sorted(fitting, reverse=True):
        local = iri[length:]
        if local and all(c.isalnum() or c in "-_." for c in local):
            return f"{name}:{local}"
    return iri


@dataclass(frozen=True, slots=True)
class AnswerRows(Sequence[tuple[Cell, ...]]):
    """Rows of terms, made out of rows of values as they are asked for."""

    values: Sequence[tuple[Value, ...]]
    makers: tuple[Callable[[Any], Cell], ...]

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return map(self._terms, self.values)

    @overload
    def __getitem__(self, at: int) -> tuple[Cell, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[Cell, ...]]: ...
    def __getitem__(self, at: int | slice) -> tuple[Cell, ...] | Sequence[tuple[Cell, ...]]:
        return AnswerRows(self.values[at], self.makers) if isinstance(at, slice) else self._terms(self.values[at])

    def _terms(self, row: tuple[Value, ...]) -> tuple[Cell, ...]:
        return tuple(None if value is None else make(value) for make, value in zip(self.makers, row, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns over rows of terms; a cell that the query left unbound is None.

    `prefixes` shorten IRIs when people read the table, `base` is that of the store's own;
    `title` says what it answers.
    """

    columns: tuple[str, ...]
    cells: Sequence[tuple[Cell, ...]]
    prefixes: Mapping[str, str]
    title: str = ""
    base: str = BASE

    @property
    def rows(self) -> list[tuple[Value, ...]]:
        """The rows as Python values: str, Decimal, bool or None."""
        if isinstance(self.cells, AnswerRows):
            return list(self.cells.values)
        return [tuple(value_of(cell) for cell in row) for row in self.cells]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.cells)

    def without(self, columns: Collection[str]) -> "Table":
        """Return the table without some of its columns."""
        kept = [index for index, name in enumerate(self.columns) if name not in columns]
        return Table(
            tuple(self.columns[index] for index in kept),
            tuple(tuple(row[index] for index in kept) for row in self.cells),
            self.prefixes,
            self.title,
            self.base,
        )
