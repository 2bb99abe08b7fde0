"""What a worker can be asked: each task writes its answer, in the format that was negotiated."""

import io
import json
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO, Any, Protocol, cast

import pyoxigraph as ox

from kg.errors import KgError
from kg.ontology import PREFIXES
from kg.server.negotiation import DATASETS, GRAPHS, RESULTS, ResponseFormats
from kg.server.response_buffer import LimitedBuffer, row_counter
from kg.store import ALL, Scope, Store, reading_now

__all__ = [
    "ClaimPage",
    "LibraryQuery",
    "NotAcceptable",
    "ReadDocument",
    "ReadGraph",
    "ReadThroughPage",
    "SparqlQuery",
    "Task",
    "UnknownClaim",
    "UnknownGraph",
    "ViewerNeighbours",
    "ViewerPage",
    "media_types",
]

_DOCUMENT_FIELDS = ("id", "text", "lang", "published", "title", "url")


class NotAcceptable(KgError):
    """The client accepts none of the formats that its answer can have."""


class UnknownClaim(KgError):
    """The store has no claim of that id."""


class UnknownGraph(KgError):
    """The store has no graph of that name."""


class Task(Protocol):
    """What is asked of a store; it is pickled and sent to a worker."""

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the answer into the buffer and return its media type; raise `KgError` where there is none."""


def media_types(kind: str) -> str:
    """Return the media types for "rows", "triples" or "triples of several graphs", as a message lists them."""
    return ", ".join({"rows": RESULTS, "triples": GRAPHS}.get(kind, DATASETS))


@dataclass(frozen=True, slots=True)
class SparqlQuery:
    """A SPARQL query over the graphs of a scope."""

    query: str
    formats: ResponseFormats
    scope: Scope = ALL

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write rows, a truth value or triples."""
        results = store.query(self.query, scope=self.scope)
        if isinstance(results, ox.QueryTriples):
            return _write_triples(results, self.formats.graph or _not_acceptable("triples"), buffer)
        return _write_rows(results, self.formats, buffer)


@dataclass(frozen=True, slots=True)
class LibraryQuery:
    """A query of the library with its arguments: values in order, or ``name=value``."""

    name: str
    arguments: tuple[str, ...]
    formats: ResponseFormats

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the rows in a format of SPARQL results."""
        from kg.graph import Graph
        from kg.query import render

        text = io.StringIO()
        render(Graph(store).query(self.name, *self.arguments).table, "json", text)
        results = ox.parse_query_results(text.getvalue(), format=ox.QueryResultsFormat.JSON)
        return _write_rows(results, self.formats, buffer)


@dataclass(frozen=True, slots=True)
class ReadGraph:
    """One graph by its IRI, the default graph for "", or all for None.

    Source: https://www.w3.org/TR/sparql11-http-rdf-update/.
    """

    graph: str | None
    formats: ResponseFormats

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the triples."""
        is_one = self.graph is not None
        accepted = self.formats.graph if is_one else self.formats.dataset
        media_type = accepted or _not_acceptable("triples" if is_one else "triples of several graphs")
        quads = store.quads(self.graph)
        first = list(islice(quads, 1))
        if self.graph and not first:
            raise UnknownGraph(f"there is no graph <{self.graph}> in this store")
        quads = chain(first, quads)
        return _write_triples(quads if self.graph is None else (quad.triple for quad in quads), media_type, buffer)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document by its id."""

    name: str

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the document as JSON: id, text, lang, published, title, url."""
        document = store.document(self.name)
        fields = {name: getattr(document, name) for name in _DOCUMENT_FIELDS}
        buffer.write(json.dumps(fields, ensure_ascii=False).encode())
        return "application/json"


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """The page of a PDF on which a claim's sentence stands, by the claim's id."""

    claim: str

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write a picture (PNG) with the sentence marked; raise `DocumentError` where the file is not at hand."""
        from kg.documents.pdf import marked_page

        claim = next(store.claims(ids=[self.claim]), None)
        if claim is None:
            raise UnknownClaim("there is no claim of that id: load the page again")
        spans = [(evidence.start, evidence.end) for evidence in claim.evidence]
        buffer.write(marked_page(store.document(claim.document), spans).png)
        return "image/png"


@dataclass(frozen=True, slots=True)
class ReadThroughPage:
    """The page on which a document is read through: see `kg.server.page.reading`."""

    document: str
    lang: str
    root: str
    name: str | None = None
    csrf: str | None = field(default=None, repr=False)
    judges: bool = False
    is_open: bool = False

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the HTML."""
        from kg.server.page import read_through_page

        reading, who = reading_now(store, self.document), (self.name, self.csrf)
        html = read_through_page(reading, self.lang, self.root, *who, judges=self.judges, is_open=self.is_open)
        buffer.write(html.encode())
        return "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """The viewer's page of all companies or around one; it loads further neighbours from the address `more`.

    With `csrf`, the token of whoever is signed in, it takes judgements.
    """

    company: str | None = None
    lang: str = "en"
    more: str = "viewer/more"
    csrf: str | None = None

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the HTML."""
        from kg.view import html_of, store_view

        view = store_view(store, company=self.company, lang=self.lang, judging=True, whole=False)
        buffer.write(html_of(view, self.more, self.csrf).encode())
        return "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ViewerNeighbours:
    """What is one relation away from a company, as the viewer's data."""

    company: str
    lang: str = "en"

    def answer(self, store: Store, buffer: LimitedBuffer) -> str:
        """Write the JSON."""
        from kg.view import json_of, store_view

        view = store_view(store, company=self.company, lang=self.lang, hops=1, judging=True)
        buffer.write(json_of(view).encode())
        return "application/json"


def _write_rows(results: Any, formats: ResponseFormats, buffer: LimitedBuffer) -> str:
    media_type = formats.results or _not_acceptable("rows")
    buffer.row_counter = row_counter(media_type)
    results.serialize(buffer, RESULTS[media_type])
    return media_type


def _write_triples(triples: Any, media_type: str, buffer: LimitedBuffer) -> str:
    # LimitedBuffer does all that a file must do here; its class is io's own, whose types say less than typing's.
    ox.serialize(triples, cast("IO[bytes]", buffer), GRAPHS[media_type], prefixes=_prefixes(media_type))
    return media_type


def _prefixes(media_type: str) -> dict[str, str] | None:
    return dict(PREFIXES) if media_type in {"text/turtle", "application/trig", "text/n3"} else None


def _not_acceptable(kind: str) -> str:
    raise NotAcceptable(f"the answer is {kind}, which can be had as {media_types(kind)}")
