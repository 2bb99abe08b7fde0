"""What a worker can be asked: each task writes its answer, in the form that was negotiated."""

import io
import json
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any, Protocol, cast

import pyoxigraph as ox

from kg.errors import KgError
from kg.ontology import PREFIXES
from kg.server.negotiation import GRAPHS, RESULTS, ResponseFormats
from kg.server.response_buffer import LimitedBuffer, row_counter
from kg.store import ALL, Scope, Store

__all__ = [
    "LibraryQuery",
    "NotAcceptable",
    "ReadDocument",
    "ReadGraph",
    "SparqlQuery",
    "Task",
    "UnknownGraph",
    "ViewerNeighbours",
    "ViewerPage",
    "media_types",
]


class NotAcceptable(KgError):
    """The client takes none of the formats that its answer has."""


class UnknownGraph(KgError):
    """The store has no graph of that name."""


class Task(Protocol):
    """A question to a store, which travels to a worker."""

    def answer(self, store: Store, out: LimitedBuffer) -> str:
        """Write the answer and return its media type; raise `KgError` where there is none."""


def media_types(kind: str) -> str:
    """Return the media types for "rows" or "triples", as a message lists them."""
    return ", ".join(RESULTS if kind == "rows" else GRAPHS)


@dataclass(frozen=True, slots=True)
class SparqlQuery:
    """A query of a stranger, over the graphs of its scope."""

    query: str
    form: ResponseFormats
    scope: Scope = ALL

    def answer(self, store: Store, out: LimitedBuffer) -> str:
        """Write rows, a truth value or triples."""
        found = store.query(self.query, scope=self.scope)
        if isinstance(found, ox.QueryTriples):
            return _triples(found, self.form.graph or _refused("triples"), out)
        return _rows(found, self.form, out)


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """A query of the library, with its arguments: values in order, or ``name=value``."""

    name: str
    arguments: tuple[str, ...]
    form: ResponseFormats

    def answer(self, store: Store, out: LimitedBuffer) -> str:
        """Write the rows, as SPARQL's results are written."""
        from kg.query import Table, render, run

        found = run(store, self.name, self.arguments)
        text = io.StringIO()
        if not isinstance(found, Table):
            raise KgError(f"'{self.name}' gives no rows")
        render(found, "json", text)
        return _rows(ox.parse_query_results(text.getvalue(), format=ox.QueryResultsFormat.JSON), self.form, out)


@dataclass(frozen=True, slots=True)
class ReadGraph:
    """One graph by its IRI, the default graph for "", or, for None, all: https://www.w3.org/TR/sparql11-http-rdf-update/."""

    graph: str | None
    form: ResponseFormats

    def answer(self, store: Store, out: LimitedBuffer) -> str:
        """Write the triples."""
        media = self.form.graph or _refused("triples")
        quads = store.quads(self.graph)
        first = list(islice(quads, 1))
        if self.graph and not first:
            raise UnknownGraph(f"there is no graph <{self.graph}> in this store")
        whole = chain(first, quads)
        return _triples(whole if self.graph is None else (quad.triple for quad in whole), media, out)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document by its id."""

    name: str

    def answer(self, store: Store, out: LimitedBuffer) -> str:
        """Write it as JSON: id, text, lang, published, title, url."""
        found = store.document(self.name)
        said = {name: getattr(found, name) for name in ("id", "text", "lang", "published", "title", "url")}
        out.write(json.dumps(said, ensure_ascii=False).encode())
        return "application/json"


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """The viewer's page, of all companies or around one; it asks the address `more` for what it lacks."""

    company: str | None = None
    lang: str = "en"
    more: str = "viewer/more"

    def answer(self, store: Store, out: LimitedBuffer) -> str:
        """Write the HTML."""
        from kg.view import html_of, store_view

        out.write(html_of(store_view(store, company=self.company, lang=self.lang, whole=False), self.more).encode())
        return "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ViewerNeighbours:
    """What lies one relation around a company, as the viewer's data."""

    company: str
    lang: str = "en"

    def answer(self, store: Store, out: LimitedBuffer) -> str:
        """Write the JSON."""
        from kg.view import json_of, store_view

        out.write(json_of(store_view(store, company=self.company, lang=self.lang, hops=1)).encode())
        return "application/json"


def _rows(found: Any, form: ResponseFormats, out: LimitedBuffer) -> str:
    media = form.results or _refused("rows")
    out.count = row_counter(media)
    found.serialize(out, RESULTS[media])
    return media


def _triples(found: Any, media: str, out: LimitedBuffer) -> str:
    # LimitedBuffer is all that is asked of a file; its class is io's own, whose types say less than typing's.
    ox.serialize(found, cast("IO[bytes]", out), GRAPHS[media], prefixes=_prefixes(media))
    return media


def _prefixes(media: str) -> dict[str, str] | None:
    return dict(PREFIXES) if media in {"text/turtle", "application/trig", "text/n3"} else None


def _refused(kind: str) -> str:
    raise NotAcceptable(f"the answer is {kind}, which can be had as {media_types(kind)}")
