"""A table: named columns over rows of Python values, and the same as RDF terms where these are asked for."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeAlias, overload

import pyoxigraph as ox

from kg.ontology import BASE, PREFIXES
from kg.store.iris import date_term

__all__ = ["Cell", "Kind", "Table", "TermRows", "Value", "shortened", "term_of", "value_of"]

Cell: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
Value: TypeAlias = str | int | float | Decimal | bool | None

_XSD = PREFIXES["xsd"]
_DECIMAL, _DURATION = (ox.NamedNode(_XSD + name) for name in ("decimal", "duration"))
_NUMBERS = frozenset(_XSD + name for name in ("decimal", "double", "float"))
_INTEGERS = frozenset(
    _XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)


def value_of(cell: Cell) -> Value:
    """Return a term as a Python value: whole numbers as int, others as Decimal, booleans as bool, all else as its text.

    A number that is not finite, or that its datatype does not allow, stays text.
    """
    if cell is None:
        return None
    if isinstance(cell, ox.Triple):
        return str(cell)
    if isinstance(cell, ox.BlankNode):
        return f"_:{cell.value}"
    if isinstance(cell, ox.Literal):
        return _READERS.get(cell.datatype.value, str)(cell.value)
    return cell.value


def _number(text: str) -> Decimal | str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return value if value.is_finite() else text


def _integer(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def _truth(text: str) -> bool | str:
    return text in {"true", "1"} if text in {"true", "false", "1", "0"} else text


_READERS: Mapping[str, Callable[[str], Value]] = {
    _XSD + "boolean": _truth,
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_INTEGERS, _integer),
}


def shortened(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI with the longest prefix that leaves a plain local name, else the whole IRI."""
    fitting = [(len(start), name) for name, start in prefixes.items() if iri.startswith(start)]
    for length, name in sorted(fitting, reverse=True):
        local = iri[length:]
        if local and all(c.isalnum() or c in "-_." for c in local):
            return f"{name}:{local}"
    return iri


class Kind(StrEnum):
    """What the text in a column is where it is not plain text."""

    IRI = "iri"
    DATE = "date"
    DURATION = "duration"


def term_of(value: Value, kind: Kind | None = None) -> Cell:
    """Return a Python value as an RDF term: numbers that are not whole as xsd:decimal, text by its kind.

    >>> str(term_of(Decimal("6.5")))
    '"6.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    match value:
        case None:
            return None
        case str():
            return ox.Literal(value) if kind is None else _MAKERS[kind](value)
        case float() if math.isfinite(value):
            return ox.Literal(format(Decimal(repr(value)), "f"), datatype=_DECIMAL)
        case Decimal():
            return ox.Literal(format(value, "f"), datatype=_DECIMAL)
    return ox.Literal(value)


_MAKERS: Mapping[Kind, Callable[[str], Cell]] = {
    Kind.IRI: ox.NamedNode,
    Kind.DATE: date_term,
    Kind.DURATION: lambda text: ox.Literal(text, datatype=_DURATION),
}


@dataclass(frozen=True, slots=True)
class TermRows(Sequence[tuple[Value, ...]]):
    """Rows that an engine gave as RDF terms; as Python values when they are asked for."""

    terms: Sequence[tuple[Cell, ...]]

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        return map(_values, self.terms)

    @overload
    def __getitem__(self, at: int) -> tuple[Value, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[Value, ...]]: ...
    def __getitem__(self, at: int | slice) -> tuple[Value, ...] | Sequence[tuple[Value, ...]]:
        return TermRows(self.terms[at]) if isinstance(at, slice) else _values(self.terms[at])


def _values(terms: tuple[Cell, ...]) -> tuple[Value, ...]:
    return tuple(map(value_of, terms))


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns over rows of Python values: text, numbers, truth values; None where there is nothing.

    `kinds` tells of columns whose text is an IRI, a date or a duration, which matters for RDF alone: terms are made
    when `terms` asks for them. `prefixes` shorten IRIs when people read the table, `base` is that of the store's own;
    `title` says what it answers.
    """

    columns: tuple[str, ...]
    values: Sequence[tuple[Value, ...]]
    title: str = ""
    base: str = BASE
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)

    @property
    def rows(self) -> list[tuple[Value, ...]]:
        """The rows, as Python values."""
        return list(self.values)

    @property
    def terms(self) -> Sequence[tuple[Cell, ...]]:
        """The rows as RDF terms: those that an engine gave, or made of the values."""
        if isinstance(self.values, TermRows):
            return self.values.terms
        kinds = [self.kinds.get(column) for column in self.columns]
        return [tuple(map(term_of, row, kinds)) for row in self.values]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)
