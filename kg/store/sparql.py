"""Asking a pyoxigraph store in SPARQL: what may be asked, and how refusals are worded."""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Self

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.ontology import BASE, PREFIXES

__all__ = [
    "ALL",
    "DEEPEST",
    "SKIPPED",
    "Scope",
    "Solutions",
    "ask",
    "check_depth",
    "damaged",
    "data",
    "graph_node",
    "place_of",
]

DEEPEST = 100
"""How many brackets may stand open: the parser recurses; nested lists cost it exponential time."""

_SERVICE = re.compile("service", re.IGNORECASE)
_LONG = r"""\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
_SHORT = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
SKIPPED = rf"#[^\n]*|{_LONG}|{_SHORT}"
"""What in SPARQL is no keyword: comments and strings."""
_IRI, _PREFIXED = r"<([^<>\"{}|^`\\\s]*)>", r"([\w.-]*):([\w.%-]*)"
_PARTS = re.compile(
    rf"{SKIPPED}|\bPREFIX\s*{_PREFIXED}\s*{_IRI}|(?<![\w?$:@-])FROM\s*(?:NAMED\b\s*)?(?:{_IRI}|{_PREFIXED})|<[^<>\s]*>",
    re.IGNORECASE | re.DOTALL,
)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
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

    def serialize(self, output: IO[bytes], format: ox.QueryResultsFormat) -> None:  # noqa: A002 - pyoxigraph's name
        """Write all rows in a format of SPARQL's results."""
        try:
            self.found.serialize(output, format)
        except (OSError, RuntimeError) as error:
            raise damaged(error) from error

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> ox.QuerySolution:
        try:
            row: ox.QuerySolution = next(self.found)
        except (OSError, RuntimeError, SyntaxError) as error:
            raise self.wrong(error) from error
        return row


@dataclass(frozen=True, slots=True)
class Scope:
    """Which graphs a query ranges over: https://www.w3.org/TR/sparql11-protocol/#dataset.

    Where neither the query (by FROM) nor `default` and `named`, IRIs of graphs, say otherwise, that is all graphs
    together; or, without `union`, the default graph with the named ones beside it. What a query names by FROM
    must be `present`.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    union: bool = True
    present: bool = True


ALL = Scope()
"""All graphs together."""


def damaged(error: Exception) -> StoreError:
    """Return what it means that pyoxigraph cannot read its files."""
    message = " ".join(str(error).split())
    return StoreError(f"the index cannot be read ({message}): delete the store's folder 'index', it is made again")


def ask(store: ox.Store, sparql: str, bindings: Mapping[str, Any], scope: Scope = ALL, base: str = BASE) -> Any:
    """Answer a query over the graphs of its scope; values in `bindings` are bound as terms.

    Relative IRIs are resolved against `base`: with a store's own, ``<company/nvidia>`` is its Nvidia.

    Raises `QueryError`, in one line, for what is no SPARQL 1.1, what would ask another server, what names
    a graph that is not here and what is nested beyond reason; `StoreError` where the index cannot be read.
    """
    check_depth(sparql)
    _check_alone(sparql)
    options = {"substitutions": {ox.Variable(name): value for name, value in bindings.items()}, "base_iri": base}
    try:
        results = _run(store, sparql, options | _dataset(store, sparql, scope))
    except SyntaxError as error:
        raise QueryError(f"the query is no SPARQL 1.1, {place_of(error, sparql)}") from error
    except ValueError as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error
    except (OSError, RuntimeError) as error:
        unselected = _UNSELECTED.search(str(error))
        if unselected:
            raise QueryError(
                f"the query must select its parameter {unselected[1]}, as in SELECT {unselected[1]}"
            ) from error
        raise damaged(error) from error
    return Solutions(results, damaged) if isinstance(results, ox.QuerySolutions) else results


def _run(store: ox.Store, sparql: str, options: Mapping[str, Any]) -> Any:
    return store.query(sparql, prefixes=dict(PREFIXES), **options)


def _dataset(store: ox.Store, sparql: str, scope: Scope) -> dict[str, Any]:
    """Return pyoxigraph's options for the graphs that a query ranges over."""
    if scope.default or scope.named:
        default, named = ([graph_node(iri) for iri in iris] for iris in (scope.default, scope.named))
        return {"default_graph": default, "named_graphs": named}
    asked = _asked_from(sparql)
    for iri in filter(_ABSOLUTE.match, asked if scope.present else ()):
        _check_known(store, iri)
    # Beside a FROM, pyoxigraph would take the union all the same.
    return {"use_default_graph_as_union": scope.union and not asked}


def graph_node(iri: str) -> ox.NamedNode | ox.DefaultGraph:
    """Return the name of a graph by its IRI, the default graph's for ""; raise `QueryError` for no IRI."""
    try:
        return ox.NamedNode(iri) if iri else ox.DefaultGraph()
    except ValueError as error:
        raise QueryError(f"the graph <{iri}> is no IRI: {' '.join(str(error).split())}") from error


def _check_known(store: ox.Store, iri: str) -> None:
    """Refuse a graph that is not here: other engines would fetch it, so that who names one means to have it fetched."""
    graph = graph_node(iri)
    if isinstance(graph, ox.NamedNode) and not store.contains_named_graph(graph):
        raise QueryError(
            f"there is no graph <{iri}> in this store, and kg fetches none: GRAPH ?g lists those there are"
        )


def _asked_from(sparql: str) -> list[str]:
    """Return the graphs that a query names by FROM; what the parser will refuse may be missed."""
    prefixes = dict(PREFIXES)
    asked = []
    for match in _PARTS.finditer(sparql):
        name, local, iri, graph, prefix, rest = match.groups()
        if iri is not None and not local:
            prefixes[name] = iri
        elif graph is not None:
            asked.append(graph)
        elif prefix is not None:
            asked.append(prefixes.get(prefix, f"{prefix}:") + rest)
    return asked


def data(quads: Iterable[ox.Quad]) -> str:
    """Return quads as an update has them, https://www.w3.org/TR/sparql11-query/#rQuads."""
    by_graph: defaultdict[Any, list[str]] = defaultdict(list)
    for quad in quads:
        by_graph[quad.graph_name].append(f"{quad.subject} {quad.predicate} {quad.object} .")
    return "\n".join(
        "\n".join(triples) if graph == ox.DefaultGraph() else f"GRAPH {graph} {{ {chr(10).join(triples)} }}"
        for graph, triples in by_graph.items()
    )


def check_depth(sparql: str) -> None:
    """Refuse what is nested deeper than the parser can follow."""
    depth = 0
    for match in _BRACKETS.finditer(sparql):
        depth += 1 if match[0] in "{([" else -1
        if depth > DEEPEST or match[0][0] == "!":
            raise QueryError(f"the query is nested more than {DEEPEST} deep, at character {match.start()}: simplify it")


def _check_alone(sparql: str) -> None:
    """Refuse SERVICE, which pyoxigraph would fetch and which no option turns off.

    Where the word is no keyword, a query that spells it otherwise throughout still parses. Unlike a
    search for the keyword, this cannot be fooled: ``1SERVICE<…>`` and ``SERVICE:x`` are calls too.
    """
    if not _SERVICE.search(sparql):
        return
    replacement = f"x{secrets.token_hex(3)}"  # of the same length, so that places in the text stay true
    try:
        _run(ox.Store(), _SERVICE.sub(replacement, sparql), {"base_iri": BASE})
    except SyntaxError as error:
        where = place_of(error, sparql)
        raise QueryError(f"no SPARQL 1.1, or a SERVICE of another server, which kg never asks: {where}") from error
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"the query cannot be answered: {' '.join(str(error).split())}") from error


def place_of(error: SyntaxError, sparql: str) -> str:
    """Return where the parser stopped, as line and column with what stands there; else what it says."""
    match = _POSITION.match(str(error.msg))
    if not match:
        return " ".join(str(error.msg).split())
    line, column = int(match[1]), int(match[2])
    lines = sparql.splitlines()
    here = lines[line - 1][column - 1 :].strip()[:30] if line <= len(lines) else ""
    return f"line {line}, column {column}, {f'at «{here}»' if here else 'where it ends'}"
