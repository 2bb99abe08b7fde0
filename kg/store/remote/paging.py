"""Answers of an endpoint read whole: engines cap their rows, and some say nothing of it, so all is counted first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.iris import term
from kg.store.remote.sparql_client import SparqlClient

__all__ = ["DURATION", "PagedReader", "as_written"]

DURATION = term("kg:duration")
_TRUE = ox.Literal("true", datatype=term("xsd:boolean"))
_FALSE = ox.Literal("false", datatype=term("xsd:boolean"))
_BOOLEANS = {
    ox.Literal("1", datatype=term("xsd:boolean")): _TRUE,
    ox.Literal("0", datatype=term("xsd:boolean")): _FALSE,
}


@dataclass(slots=True)
class PagedReader:
    """Reads rows of an endpoint in pages."""

    client: SparqlClient

    def whole(self, columns: str, pattern: str, *, distinct: bool = True) -> list[Any]:
        """Return all rows of a pattern, a bounded number at a time; raise `StoreError` where some are left out.

        Long texts are to be asked for without `distinct`: Virtuoso sorts no row of more than 4 kB.
        """
        rows = f"SELECT {'DISTINCT ' if distinct else ''}{columns} {{ {pattern} }}"
        count, most = self.client.count(f"{{ {rows} }}"), self.client.engine.rows
        if count <= most:
            return self.complete(list(self.client.rows(rows)) if count else [], count)
        # No order is asked for: Virtuoso sorts no more than 10,000 rows. What came twice is missed elsewhere.
        rows_by_key: dict[tuple[Any, ...], Any] = {}
        for start in range(0, count, most):
            page = self.client.rows(f"{rows} LIMIT {most} OFFSET {start}")
            rows_by_key.update((tuple(row), row) for row in page)
        return self.complete(list(rows_by_key.values()), count)

    def complete(self, rows: list[Any], count: int) -> list[Any]:
        """Return rows that are as many as were counted; raise `StoreError` where some are missing."""
        if len(rows) < count:
            raise StoreError(
                f"{self.client.host} sent {len(rows)} of {count} rows: raise its limit on the rows of an answer"
            )
        return rows

    def paged(self, pattern: str, start: str) -> list[str]:
        """Return the IRIs that begin so and that a pattern finds for ?it, in pages: an engine's cap cuts none off."""
        values: dict[str, None] = {}
        last = start
        while True:
            text = (
                f"SELECT DISTINCT ?it {{ {pattern} FILTER(STR(?it) > {ox.Literal(last)}"
                f" && STRSTARTS(STR(?it), {ox.Literal(start)})) }} ORDER BY STR(?it) LIMIT {self.client.engine.page}"
            )
            page = [row["it"].value for row in self.client.rows(text)]
            if not set(page) - set(values):
                return list(values)
            values |= dict.fromkeys(page)
            last = page[-1]

    @staticmethod
    def quads(rows: Iterable[Any]) -> Iterator[ox.Quad]:
        """Yield rows of ?g ?s ?p ?o as quads."""
        for graph, subject, predicate, value in rows:
            yield ox.Quad(subject, predicate, as_written(predicate, value), graph)


def as_written(predicate: ox.NamedNode, value: Any) -> Any:
    """Return a value as the codec writes it: Virtuoso spells true and false 1 and 0, and holds no xsd:duration."""
    if predicate == DURATION and isinstance(value, ox.Literal):
        return ox.Literal(value.value, datatype=term("xsd:duration"))
    return _BOOLEANS.get(value, value)
