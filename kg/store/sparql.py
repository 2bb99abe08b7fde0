"""Asking a pyoxigraph store in SPARQL: what may be asked, and how refusals are worded."""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.ontology import PREFIXES

__all__ = ["DEEPEST", "Solutions", "ask", "damaged", "data"]

DEEPEST = 100
"""How many brackets may stand open: the parser recurses; nested lists cost it exponential time."""

_SERVICE = re.compile("service", re.IGNORECASE)
_POSITION = re.compile(r"error at (\d+):(\d+)")
_UNSELECTED = re.compile(r"does not contains? variable (\?\w+) in its SELECT")
_BRACKETS = re.compile(r"[{}()\[\]]|!{200,}")


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT, worked out as they are asked for; `wrong` says what it means that they cannot be."""

    found: ox.QuerySolutions
    wrong: Callable[[Exception], StoreError]

    @property
    def variables(self) -> list[ox.Variable]:
        """The columns."""
        return self.found.variables

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> ox.QuerySolution:
        try:
            row: ox.QuerySolution = next(self.found)
        except (OSError, RuntimeError, SyntaxError) as error:
            raise self.wrong(error) from error
        return row


def damaged(error: Exception) -> StoreError:
    """Return what it means that pyoxigraph cannot read its files."""
    said = " ".join(str(error).split())
    return StoreError(f"the index cannot be read ({said}): delete the store's folder 'index', it is made again")


def ask(store: ox.Store, sparql: str, bindings: Mapping[str, Any]) -> Any:
    """Answer a query over the union of all graphs; values in `bindings` are bound as terms.

    Raises `QueryError`, in one line, for what is no SPARQL 1.1, what would ask another server and
    what is nested beyond reason; `StoreError` where the index cannot be read.
    """
    _check_depth(sparql)
    _check_alone(sparql)
    substitutions = {ox.Variable(name): value for name, value in bindings.items()}
    try:
        found = _run(store, sparql, substitutions)
    except SyntaxError as error:
        raise QueryError(f"the query is no SPARQL 1.1, {_place(error, sparql)}") from error
    except ValueError as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error
    except (OSError, RuntimeError) as error:
        unselected = _UNSELECTED.search(str(error))
        if unselected:
            raise QueryError(
                f"the query must select its parameter {unselected[1]}, as in SELECT {unselected[1]}"
            ) from error
        raise damaged(error) from error
    return Solutions(found, damaged) if isinstance(found, ox.QuerySolutions) else found


def _run(store: ox.Store, sparql: str, substitutions: dict[ox.Variable, Any]) -> Any:
    return store.query(sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=True, substitutions=substitutions)


def data(quads: Iterable[ox.Quad]) -> str:
    """Return quads as an update has them, https://www.w3.org/TR/sparql11-query/#rQuads."""
    by_graph: defaultdict[Any, list[str]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(f"{quad.subject} {quad.predicate} {quad.object} .")
    return "\n".join(
        "\n".join(triples) if graph == ox.DefaultGraph() else f"GRAPH {graph} {{ {chr(10).join(triples)} }}"
        for graph, triples in by_graph.items()
    )


def _check_depth(sparql: str) -> None:
    depth = 0
    for found in _BRACKETS.finditer(sparql):
        depth += 1 if found[0] in "{([" else -1
        if depth > DEEPEST or found[0][0] == "!":
            raise QueryError(f"the query is nested more than {DEEPEST} deep, at character {found.start()}: simplify it")


def _check_alone(sparql: str) -> None:
    """Refuse SERVICE, which pyoxigraph would fetch and which no option turns off.

    Where the word is no keyword, a query that spells it otherwise throughout still parses. Unlike a
    search for the keyword, this cannot be fooled: ``1SERVICE<…>`` and ``SERVICE:x`` are calls too.
    """
    if not _SERVICE.search(sparql):
        return
    other = f"x{secrets.token_hex(3)}"  # of the same length, so that places in the text stay true
    try:
        _run(ox.Store(), _SERVICE.sub(other, sparql), {})
    except SyntaxError as error:
        where = _place(error, sparql)
        raise QueryError(f"no SPARQL 1.1, or a SERVICE of another server, which kg never asks: {where}") from error
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def _place(error: SyntaxError, sparql: str) -> str:
    """Where the parser stopped, as line and column with what stands there; else what it says."""
    found = _POSITION.match(str(error.msg))
    if not found:
        return " ".join(str(error.msg).split())
    line, column = int(found[1]), int(found[2])
    lines = sparql.splitlines()
    here = lines[line - 1][column - 1 :].strip()[:30] if line <= len(lines) else ""
    return f"line {line}, column {column}, {f'at «{here}»' if here else 'where it ends'}"
