"""What a question gives in Python: named columns over rows of Python values, and the same as data frames."""

import datetime as dt
import html
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, overload

import pyoxigraph as ox

from kg.errors import MissingExtra
from kg.ontology import PREFIXES
from kg.renamed import warn_of_old_name
from kg.tables.rendering import write_table
from kg.tables.table import Cell, Table, value_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["QueryResult", "Scalar"]

Scalar: TypeAlias = str | int | float | Decimal | bool | dt.date | None
"""A value in a row: None where the query left it unbound."""

_XSD = PREFIXES["xsd"]
_FLOATS = frozenset({_XSD + "double", _XSD + "float"})
_WIDTH = 100
_SHOWN = 60


@dataclass(frozen=True, eq=False)
class QueryResult:
    """The answer to a SELECT query or to a question of the catalogue.

    It iterates over its rows, tuples of Python values: whole numbers as int, other numbers as Decimal (doubles as
    float), whole dates as date, partial dates ("2025-03") as text, IRIs as text.

    Example:
        >>> from kg.tables.table import Table
        >>> table = Table(("who", "share"), [("Nvidia", Decimal(6))])
        >>> result = QueryResult(table)
        >>> result.rows
        [('Nvidia', Decimal('6'))]
        >>> (result.share / 100).tolist()
        [0.06]

    """

    table: Table
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.table.columns

    @property
    def title(self) -> str:
        """What the question asks; "" where it has no title."""
        return self.table.title

    @cached_property
    def rows(self) -> list[tuple[Scalar, ...]]:
        """The rows, as tuples of Python values in the order of `columns`."""
        return [tuple(map(_scalar, row)) for row in self.table.terms]

    def __iter__(self) -> Iterator[tuple[Scalar, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.table)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QueryResult):
            return NotImplemented
        return (self.columns, self.rows) == (other.columns, other.rows)

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, column: str) -> "pd.Series[Any]": ...
    @overload
    def __getitem__(self, column: list[str]) -> "pd.DataFrame": ...
    def __getitem__(self, column: str | list[str]) -> "pd.Series[Any] | pd.DataFrame":
        """Return a column as a pandas Series, several as a DataFrame."""
        return self._frame[column]

    def __getattr__(self, name: str) -> "pd.Series[Any]":
        """Return the column of that name: ``result.amount / 1e9``."""
        if name.startswith("_") or name in {"table", "notes"}:
            raise AttributeError(name)
        if name in self.columns:
            return self[name]
        return self._of_frame(name)

    def _of_frame(self, name: str) -> "pd.Series[Any]":
        """Return what a DataFrame has: a version ago, a query answered with one."""
        try:
            member: pd.Series[Any] = getattr(self._frame, name)
        except (AttributeError, MissingExtra):
            raise AttributeError(f"'QueryResult' has no column and no attribute '{name}'") from None
        warn_of_old_name(f"graph.query(…).{name}", f"graph.query(…).to_pandas().{name}", stacklevel=4)
        return member

    @cached_property
    def _frame(self) -> "pd.DataFrame":
        return self.to_pandas()

    def to_pandas(self, *, decimals: bool = False) -> "pd.DataFrame":
        """Return the rows as a DataFrame whose columns compute.

        Whole numbers are Int64, other numbers float64, truth values boolean, whole dates datetime64. A column with a
        partial date in it stays text: "2025-03" is no day.

        Args:
            decimals: keep numbers that are not whole as Decimal objects, exact to the last digit.

        Raises:
            MissingExtra: where pandas is not installed.

        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtra("tables need pandas: pip install 'kg[notebook]'") from error
        columns = list(zip(*self.rows, strict=True)) if self.rows else [() for _ in self.columns]
        series = {
            at: pd.Series(_texts(values), dtype=_dtype(values, decimals=decimals)) for at, values in enumerate(columns)
        }
        return pd.DataFrame(series).set_axis(list(self.columns), axis="columns")

    def to_arrow(self) -> "pa.Table":
        """Return the rows as an Arrow table; raise `MissingExtra` where pandas or pyarrow is not installed."""
        try:
            import pyarrow as pa
        except ImportError as error:
            raise MissingExtra("Arrow tables need pyarrow: pip install 'kg[columns]'") from error
        return pa.Table.from_pandas(self._frame, preserve_index=False)

    def __repr__(self) -> str:
        return f"<QueryResult: {len(self)} rows of {', '.join(self.columns)}>"

    def __str__(self) -> str:
        out = io.StringIO()
        write_table(self.table, out, width=_WIDTH)
        return out.getvalue()

    def _repr_html_(self) -> str:
        try:
            return str(self._frame.to_html(max_rows=_SHOWN, notebook=True))
        except MissingExtra:
            return f"<pre>{html.escape(str(self))}</pre>"


def _scalar(cell: Cell) -> Scalar:
    if isinstance(cell, ox.Literal):
        kind = cell.datatype.value
        if kind == _XSD + "date":
            return _date(cell.value)
        if kind in _FLOATS:
            return float(cell.value)
    return value_of(cell)


def _date(text: str) -> dt.date | str:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


def _dtype(values: Sequence[Scalar], *, decimals: bool) -> str:
    """Return the dtype that holds the values of a column."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "Int64"
    if kinds == {dt.date}:
        return "datetime64[s]"
    if kinds and kinds <= {int, float, Decimal} and not (decimals and Decimal in kinds):
        return "float64"
    return "object"


def _texts(values: Sequence[Scalar]) -> list[Scalar]:
    """Return values for a column: dates beside partial ones as text."""
    has_text = any(isinstance(value, str) for value in values)
    return [str(value) if has_text and isinstance(value, dt.date) else value for value in values]
