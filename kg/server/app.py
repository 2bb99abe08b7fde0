"""The server's addresses, and what stands at each."""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from kg.query import questions
from kg.server import page
from kg.server.fair_queue import Busy
from kg.server.metrics import AccessLogMiddleware, Metrics
from kg.server.negotiation import GRAPHS, negotiate
from kg.server.protocol import MAX_UPLOAD, HttpError, query_parameters, read_body, response_formats, sparql_request
from kg.server.scheduler import Scheduler
from kg.server.security_headers import OWN_PAGE, VIEWER, SecurityHeadersMiddleware
from kg.server.service_description import service_description
from kg.server.store_watcher import StoreWatcher
from kg.server.tasks import LibraryQuery, ReadDocument, ReadGraph, SparqlQuery, Task, ViewerNeighbours, ViewerPage
from kg.server.worker import ErrorResponse
from kg.server.writer import Change, DeleteDocument, PutDocument, PutGraph, Update, Writer

__all__ = ["AccessPolicy", "application"]

_BUSY = 503
_CHUNK = 1 << 16
_READ = ["GET", "HEAD"]
_NONE: Mapping[str, str] = {}
_PAGES = ("text/html",)


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Who may do what: hosts by which the server may be called, origins whose pages may ask it.

    `token` is what whoever changes something must show; without one, nobody may. `union` says that a query
    which names no graphs ranges over all of them together.
    """

    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    origins: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)
    union: bool = True


class _Handlers:
    """The handlers, over a pool of workers."""

    def __init__(self, pool: Scheduler, fresh: StoreWatcher, watch: Metrics, access: AccessPolicy) -> None:
        self._pool = pool
        self._fresh = fresh
        self._watch = watch
        self._access = access
        self._writer = Writer(fresh.folder)

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [
            Route("/", self.landing, methods=_READ),
            Route("/assets/{name}", self.asset, methods=_READ),
            Route("/sparql", self.sparql, methods=[*_READ, "POST"]),
            Route("/data", self.data, methods=_READ),
            Route("/data", self.change_data, methods=["PUT", "POST", "DELETE"]),
            Route("/documents/{name:path}", self.document, methods=_READ),
            Route("/documents/{name:path}", self.change_document, methods=["PUT", "DELETE"]),
            Route("/library", self.library, methods=_READ),
            Route("/library/{name}", self.named, methods=_READ),
            Route("/ontology", self.ontology, methods=_READ),
            Route("/viewer", self.viewer, methods=_READ),
            Route("/viewer/more", self.more, methods=_READ),
            Route("/health", self.health, methods=_READ),
            Route("/metrics", self.metrics, methods=_READ),
        ]

    # ------------------------------------------------------------------------------ questions
    async def sparql(self, request: Request) -> Response:
        """The SPARQL endpoint; without a query, what it is."""
        found = await sparql_request(request, union=self._access.union)
        if found.update is not None:
            return await self._changed(request, Update(found.update, found.scope))
        if found.query is None:
            return self._described(request)
        return await self._answered(request, SparqlQuery(found.query, response_formats(request), found.scope))

    def _described(self, request: Request) -> Response:
        media = negotiate(request.headers.get("accept"), [*GRAPHS, *_PAGES])
        if media == "text/html":
            return RedirectResponse("./", 303)
        if media is None:
            raise HttpError(406, f"the service's description can be had as {', '.join(GRAPHS)}")
        endpoint = str(request.url.replace(query="", fragment=""))
        found = service_description(endpoint, media, union=self._access.union, writable=self._access.token is not None)
        return Response(found, media_type=media, headers={"vary": "accept"})

    async def data(self, request: Request) -> Response:
        """The Graph Store Protocol, for reading: one graph, the default graph, or all."""
        return await self._answered(request, ReadGraph(_graph_named(request), response_formats(request)))

    async def change_data(self, request: Request) -> Response:
        """The Graph Store Protocol, for changing a graph of one's own."""
        self._check_right(request)
        graph = _graph_named(request)
        if not graph:
            raise HttpError(400, "only named graphs can be changed: name one by the parameter 'graph'")
        if request.method == "DELETE":
            return await self._changed(request, PutGraph(graph))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in GRAPHS:
            raise HttpError(415, f"a graph comes as {', '.join(GRAPHS)}, not as '{kind}'")
        content = await read_body(request, MAX_UPLOAD)
        return await self._changed(request, PutGraph(graph, content, kind, more=request.method == "POST"))

    async def document(self, request: Request) -> Response:
        """A document: its text, and what is known of it."""
        return await self._answered(request, ReadDocument(request.path_params["name"]))

    async def change_document(self, request: Request) -> Response:
        """A document that is read, or withdrawn."""
        self._check_right(request)
        name = request.path_params["name"]
        if request.method == "DELETE":
            return await self._changed(request, DeleteDocument(name))
        found = dict(query_parameters(request.url.query))
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        media = kind if kind in {"text/plain", "text/markdown", "text/html"} else None
        content = await read_body(request, MAX_UPLOAD)
        return await self._changed(request, PutDocument(name, content, media, found.get("lang"), found.get("date")))

    def _check_right(self, request: Request) -> None:
        """Refuse who may not change anything: https://www.rfc-editor.org/rfc/rfc6750."""
        if self._access.token is None:
            raise HttpError(403, "this service is read-only: start it with --write, or build the graph with 'kg build'")
        shown = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(shown.encode(), self._access.token.encode()):
            raise HttpError(
                401, "a change needs the token: send 'Authorization: Bearer …'", {"www-authenticate": "Bearer"}
            )

    async def _changed(self, request: Request, change: Change) -> Response:
        self._check_right(request)
        found = await self._writer.write(change)
        if isinstance(found, ErrorResponse):
            raise HttpError(found.status, found.line, {"retry-after": "5"} if found.status == _BUSY else None)
        # Whoever asks after this sees it.
        await self._fresh.refresh(self._pool.crew)
        return Response(found.content, media_type=found.media)

    async def named(self, request: Request) -> Response:
        """A query of the library, with its parameters by name."""
        given = tuple(f"{name}={value}" for name, value in query_parameters(request.url.query) if value)
        return await self._answered(
            request, LibraryQuery(request.path_params["name"], given, response_formats(request))
        )

    async def viewer(self, request: Request) -> Response:
        """The graph as a picture, of all companies or around one."""
        found = dict(query_parameters(request.url.query))
        response = await self._answered(request, ViewerPage(found.get("company") or None, _spoken(request, found)))
        response.headers["content-security-policy"] = VIEWER
        return response

    async def more(self, request: Request) -> Response:
        """What the viewer asks for when a company is opened."""
        found = dict(query_parameters(request.url.query))
        if not found.get("company"):
            raise HttpError(400, "name a company by the parameter 'company'")
        return await self._answered(request, ViewerNeighbours(found["company"], _spoken(request, found)))

    async def _answered(self, request: Request, task: Task) -> Response:
        client = request.client.host if request.client else ""

        async def gone() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass

        try:
            found = await self._pool.answer(task, client, gone)
        except Busy as error:
            raise HttpError(503, str(error), {"retry-after": "5"}) from error
        if isinstance(found, ErrorResponse):
            raise HttpError(found.status, found.line)
        headers = {"vary": "accept"}
        if isinstance(found.content, bytes):
            return Response(found.content, media_type=found.media, headers=headers)
        headers["content-length"] = str(found.content.stat().st_size)
        return StreamingResponse(_read(found.content), media_type=found.media, headers=headers)

    # ------------------------------------------------------------------------------ pages
    async def landing(self, request: Request) -> Response:
        """The page with the query editor."""
        found = page.landing(_language(request))
        return Response(found, media_type="text/html", headers={"content-security-policy": OWN_PAGE})

    async def asset(self, request: Request) -> Response:
        """A file of the pages."""
        found = page.assets().get(request.path_params["name"])
        if found is None:
            raise HttpError(404, "there is no such file")
        content, media = found
        return Response(content, media_type=media)

    async def ontology(self, request: Request) -> Response:
        """The ontology: as a page for people, as RDF for programs."""
        media = negotiate(request.headers.get("accept"), [*_PAGES, *GRAPHS])
        if media is None:
            raise HttpError(406, f"the ontology can be had as {', '.join((*_PAGES, *GRAPHS))}")
        if media == "text/html":
            headers = {"content-security-policy": OWN_PAGE, "vary": "accept, accept-language"}
            return Response(page.ontology_page(_language(request)), media_type=media, headers=headers)
        return Response(page.ontology_graph(GRAPHS[media]), media_type=media, headers={"vary": "accept"})

    async def library(self, _: Request) -> Response:
        """The library: each query with its titles, its parameters and its text."""
        found = [
            {
                "name": query.name,
                "title": dict(query.title),
                "parameters": [asdict(parameter) for parameter in query.parameters],
                "usage": query.usage,
                "examples": list(query.examples),
                "sparql": query.text or None,
            }
            for query in questions().values()
        ]
        return Response(json.dumps(found, ensure_ascii=False), media_type="application/json")

    # ------------------------------------------------------------------------------ its own state
    async def health(self, _: Request) -> Response:
        """Whether the store is answered from, and which commit."""
        trouble = self._fresh.last_error
        said = {"status": "ok" if trouble is None else "stale", "commit": self._pool.crew.number}
        said |= {"confined": self._pool.crew.confined} | ({} if trouble is None else {"trouble": trouble})
        return Response(json.dumps(said), 200 if trouble is None else 503, media_type="application/json")

    async def metrics(self, _: Request) -> Response:
        """Figures for Prometheus."""
        return Response(generate_latest(self._watch.registry), media_type=CONTENT_TYPE_LATEST)


def application(pool: Scheduler, fresh: StoreWatcher, access: AccessPolicy) -> Starlette:
    """Return the ASGI application over a pool that is not yet started and a store that is not yet open."""
    watch = Metrics(pool)
    service = _Handlers(pool, fresh, watch, access)
    routes = service.routes()
    endpoints = frozenset("/" + route.path.split("/")[1] for route in routes)
    middleware = [
        Middleware(AccessLogMiddleware, watch=watch, endpoints=endpoints),
        Middleware(SecurityHeadersMiddleware),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(access.hosts), www_redirect=False),
    ]
    if access.origins:
        methods = ["GET", "POST"]
        middleware.append(Middleware(CORSMiddleware, allow_origins=list(access.origins), allow_methods=methods))
    handlers: dict[Any, Any] = {HttpError: _rejected, HTTPException: _refused, Exception: _defect}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers)


def _graph_named(request: Request) -> str | None:
    """Return the graph that a request names: its IRI, "" for the default graph, None for all."""
    found = dict(query_parameters(request.url.query))
    if "graph" in found and "default" in found:
        raise HttpError(400, "ask for one graph, or for the default graph, not for both")
    if "graph" in found and not found["graph"]:
        raise HttpError(400, "a graph is named by its IRI")
    return "" if "default" in found else found.get("graph")


def _language(request: Request) -> str:
    """Return the language of the pages that a browser likes best."""
    asked_for = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "fr" if asked_for.strip().lower().startswith("fr") else "en"


def _spoken(request: Request, found: Mapping[str, str]) -> str:
    lang = found.get("lang") or _language(request)
    if lang not in page.LANGUAGES:
        raise HttpError(400, f"the page is written in {', '.join(page.LANGUAGES)}, not in '{lang}'")
    return lang


def _rejected(request: Request, error: Exception) -> Response:
    return _line(request, error.status, error.line, error.headers) if isinstance(error, HttpError) else _defect(request)


def _refused(request: Request, error: Exception) -> Response:
    """Word what the router refuses: an address that there is not, a method that it does not take."""
    if not isinstance(error, HTTPException):
        return _defect(request)
    if request.method == "OPTIONS" and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return Response(status_code=204, headers=error.headers)
    allowed = dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _line(request, 404, f"there is nothing at {request.url.path}: see the page at /")
    line = f"{request.method} is not for {request.url.path}, which takes {allowed.get('Allow', 'GET')}"
    return _line(request, error.status_code, line, allowed)


def _defect(request: Request, _: Exception | None = None) -> Response:
    return _line(request, 500, "this is a defect of kg: please report it")


def _line(request: Request, status: int, line: str, headers: Mapping[str, str] = _NONE) -> Response:
    request.state.told = {"refused": line}
    return PlainTextResponse(f"{line}\n", status, headers=dict(headers))


def _read(path: Path) -> Iterator[bytes]:
    """Yield a file, which is gone from the folder as soon as it is open."""
    with path.open("rb") as file:
        path.unlink()
        while data := file.read(_CHUNK):
            yield data
