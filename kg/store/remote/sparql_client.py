"""Asking an endpoint: what is sent, and what comes back as pyoxigraph's own answers."""

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar, cast

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.ontology import PREFIXES
from kg.store.remote.binding import bound
from kg.store.remote.engines import Engine
from kg.store.remote.http import HttpResponse, HttpTransport, sanitize
from kg.store.sparql import Scope, Solutions, ask

__all__ = ["SparqlClient", "batches", "listed", "number"]

_T = TypeVar("_T")
_ELSEWHERE = Scope(present=False)
"""A query is parsed here, and its graphs are at the endpoint."""
_SOLUTIONS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_TRIPLES = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.5"
_COLUMN, _COUNTED = re.compile(r"\?(\w+)"), re.compile(r"COUNT\([^)]*\)")
_PREFIX = re.compile(r"\bprefix\s+([\w.-]*):", re.IGNORECASE)


def batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of at most so many."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def listed(terms: Iterable[Any]) -> str:
    """Return terms as VALUES lists them."""
    return " ".join(str(term) for term in terms)


def number(value: Any, host: str) -> int:
    """Return a count that an endpoint gives; raise `StoreError` where it is none."""
    if not value.value.isdecimal():
        raise StoreError(f"{host} counts {sanitize(value.value)}, which is no number")
    return int(value.value)


@dataclass(slots=True)
class SparqlClient:
    """Asks one endpoint; `more` is sent with each query, to engines that want to be told something."""

    transport: HttpTransport
    more: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """The engine that is asked."""
        return self.transport.endpoint.engine

    @property
    def host(self) -> str:
        """The endpoint's host, for what is told to people."""
        return self.transport.endpoint.host

    def query(self, sparql: str, bindings: Mapping[str, Any]) -> Any:
        """Answer a query as `kg.store.api.Store.query` does.

        What is no SPARQL 1.1, or asks another server, is refused here and never sent.
        """
        empty = ask(ox.Store(), sparql, bindings, _ELSEWHERE)
        columns = [variable.value for variable in empty.variables] if isinstance(empty, Solutions) else []
        text = bound(sparql, bindings, columns)
        if bindings:
            try:
                ask(ox.Store(), text, {}, _ELSEWHERE)
            except QueryError as error:
                names = ", ".join(f"?{name}" for name in bindings)
                raise QueryError(f"{names}: one stands where no value may, in BOUND for instance") from error
        if isinstance(empty, ox.QueryTriples):
            return _triples(self._sent(text, _TRIPLES), self.host)
        results = _results(self._sent(text, _SOLUTIONS), self.host)
        return (
            results
            if isinstance(results, ox.QueryBoolean)
            else Solutions(results, functools.partial(_broken, self.host))
        )

    def rows(self, sparql: str) -> Iterator[ox.QuerySolution]:
        """Yield the rows of a SELECT of kg's own."""
        results = _results(self._sent(sparql, _SOLUTIONS), self.host)
        if isinstance(results, ox.QueryBoolean):
            raise StoreError(f"{self.host} answers yes or no where rows were asked for")
        asked = set(_COLUMN.findall(_COUNTED.sub("", sparql.partition("{")[0])))
        if asked - {variable.value for variable in results.variables}:
            raise StoreError(f"{self.host} answers without the columns that were asked for: is this its endpoint?")
        try:
            for row in results:
                if None in tuple(row):
                    raise StoreError(f"{self.host} leaves out values that were asked for")
                yield row
        except (SyntaxError, ValueError, OSError) as error:
            raise _broken(self.host, error) from error

    def count(self, pattern: str) -> int:
        """Return how many solutions a pattern has."""
        for row in self.rows(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"):
            return number(row["n"], self.host)
        raise StoreError(f"{self.host} does not count: its answer has no row")

    def says(self, sparql: str) -> bool:
        """Answer an ASK of kg's own."""
        return bool(_results(self._sent(sparql, _SOLUTIONS), self.host))

    def _sent(self, sparql: str, accept: str) -> HttpResponse:
        declared = set(_PREFIX.findall(sparql))
        prefixes = "".join(
            f"PREFIX {name}: <{iri}> "
            for name, iri in PREFIXES.items()
            if name not in declared and f"{name}:" in sparql
        )
        answer = self.transport.query(prefixes + sparql, accept, self.more)
        # Virtuoso ends a query that takes long, or that has too many rows, and sends what it has.
        state, most = answer.headers.get("x-sql-state"), answer.headers.get("x-sparql-maxrows")
        if state or most:
            why = answer.headers.get("x-sql-message") or f"at most {most} rows"
            raise QueryError(f"{self.host} cut its answer short ({sanitize(why)}): ask for less")
        return answer


def _results(answer: HttpResponse, host: str) -> Any:
    kind = ox.QueryResultsFormat.from_media_type(answer.kind) if answer.kind else None
    if answer.kind == "application/json":
        kind = ox.QueryResultsFormat.JSON
    if kind is None:
        raise _strange(answer, host)
    try:
        return ox.parse_query_results(answer.body, format=kind)
    except (SyntaxError, ValueError, OSError) as error:
        raise _broken(host, error) from error


def _triples(answer: HttpResponse, host: str) -> ox.QueryTriples:
    kind = ox.RdfFormat.from_media_type(answer.kind) if answer.kind else None
    if answer.kind == "text/plain":  # the media type of N-Triples before it had its own
        kind = ox.RdfFormat.N_TRIPLES
    if kind is None:
        raise _strange(answer, host)
    store = ox.Store()
    try:
        store.load(answer.body, format=kind)
    except (SyntaxError, ValueError, OSError) as error:
        raise _broken(host, error) from error
    return cast("ox.QueryTriples", store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))


def _broken(host: str, error: Exception) -> StoreError:
    return StoreError(f"the answer of {host} is broken or was cut short ({sanitize(str(error))}): try again")


def _strange(answer: HttpResponse, host: str) -> StoreError:
    content = sanitize(answer.body[:2000].decode("utf-8", "replace"))
    return StoreError(
        f"{host} answers {answer.kind or 'without a type'} ({content[:80]}), no SPARQL results: is this its endpoint?"
    )
