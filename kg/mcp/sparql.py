"""SPARQL of an assistant: read only, a page at a time, its rows read no further than they are asked for."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import QueryError
from kg.mcp.answer import Found, Item
from kg.mcp.sections import Section
from kg.mcp.tables import cell
from kg.tables.table import value_of

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["sparql"]

_COLUMNS = 40


def sparql(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Answer a query: rows of SELECT, triples of CONSTRUCT and DESCRIBE as rows, the truth value of ASK."""
    result = graph.store.query(values["query"])
    if isinstance(result, ox.QueryBoolean):
        return Found.of({"answer": bool(result)}, [])
    if isinstance(result, ox.QueryTriples):
        columns = ["s", "p", "o"]
        rows: Iterable[Iterable[Any]] = ((t.subject, t.predicate, t.object) for t in result)
    else:
        columns = [variable.value for variable in result.variables]
        rows = ([solution[at] for at in range(len(columns))] for solution in result)
    if len(columns) > _COLUMNS:
        raise QueryError(f"the query gives {len(columns)} columns: select {_COLUMNS} at most")
    return Found({}, _items(columns, rows, graph.store.base))


def _items(columns: list[str], rows: Iterable[Iterable[Any]], base: str) -> Iterator[Item]:
    try:
        for terms in rows:
            row = dict(zip(columns, map(value_of, terms), strict=True))
            yield Item(Section.ROWS, partial(_row, row, base))
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def _row(row: Mapping[str, Any], base: str) -> Mapping[str, Any]:
    return {name: cell(name, value, base, len(row)) for name, value in row.items() if value is not None}
