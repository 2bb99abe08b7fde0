"""Library queries that look at all claims, answered by DuckDB over the columns of a store.

What is said is what SPARQL says, to the letter: the same columns, terms and order. Terms are made when somebody
asks for them; values in Python, which tables and data frames show, do not need them.
"""

import functools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from kg.errors import MissingExtra
from kg.model import NUMERIC_QUALIFIERS
from kg.ontology import PREFIXES, ontology
from kg.query.library import NamedQuery
from kg.store import Columns, Store
from kg.store.iris import IriScheme
from kg.tables.table import Kind, Table, Value

__all__ = ["columns_of", "rows_of", "scan"]

_NUMBERS = frozenset({*NUMERIC_QUALIFIERS, "value"})
_KINDS = (
    dict.fromkeys(("start", "end", "as_of", "known_from", "published"), Kind.DATE)
    | dict.fromkeys(("claim", "id"), Kind.IRI)
    | {"duration": Kind.DURATION}
)


def columns_of(store: Store, *, make: bool = True) -> Columns | None:
    """Return the columns from which scans of a store are answered; None where SPARQL has to answer them.

    That is where the store is small or far away, where DuckDB is not installed, where a number does not fit, and,
    unless they are to be made, where they do not stand ready.
    """
    columns = store.columns(make=make)
    if columns is None or not columns.is_exact:
        return None
    try:
        _database()
    except MissingExtra:
        return None
    return columns


def scan(columns: Columns, query: NamedQuery, bound: Mapping[str, Any], base: str) -> Table:
    """Answer a library query that has SQL, with the terms of its parameters; raise `MissingExtra` without DuckDB."""
    names = IriScheme(base)
    arguments = {parameter.name: _plain(bound.get(parameter.name), names) for parameter in query.parameters}
    headers, rows = rows_of(columns, query.sql or "", arguments)
    values = [_valued(name, column, names) for name, column in zip(headers, zip(*rows, strict=True), strict=False)]
    return Table(headers, list(zip(*values, strict=True)), query.title["en"], base, _KINDS)


def rows_of(columns: Columns, sql: str, arguments: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Answer SQL over the tables ``claims`` and ``documents``: the names of its columns, and its rows."""
    cursor = _database().cursor()
    try:
        cursor.register("claims", columns.claims)
        cursor.register("documents", columns.documents)
        cursor.execute(sql, dict(arguments))
        return tuple(column[0] for column in cursor.description), cursor.fetchall()
    finally:
        cursor.close()


@functools.cache
def _database() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtra("scans of columns need DuckDB: pip install 'kg[columns]'") from error
    # It sees what is registered, and neither files nor variables.
    options = ("enable_external_access", "python_enable_replacements", "autoload_known_extensions")
    return duckdb.connect(":memory:", config=dict.fromkeys(options, False))


def _plain(term: Any, names: IriScheme) -> str | None:
    """Return a bound term as columns have it: an entity's id, a relation's name, a text."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["kg"]):
        return ontology().relation_of(term.value).name
    return names.id_of(term) if isinstance(term, ox.NamedNode) else str(term.value)


def _valued(name: str, column: Sequence[Any], names: IriScheme) -> Sequence[Value]:
    """Return a column of an answer as the values that a table shows."""
    if name in _NUMBERS:
        return [None if value is None else Decimal(value) for value in column]
    if name == "claim":
        return [f"{names.base}claim/{value}" for value in column]
    if name == "id":
        return [names.entity(value).value for value in column]
    return column
