"""The server's addresses, and the handler of each."""

import json
from collections.abc import Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg.server import page
from kg.server.access import AccessPolicy
from kg.server.asking import AskInWords
from kg.server.assistants import AssistantEndpoint
from kg.server.backend import Backend
from kg.server.error_handlers import error_handlers
from kg.server.metrics import AccessLogMiddleware, Metrics
from kg.server.negotiation import GRAPHS, negotiate
from kg.server.protocol import (
    MAX_UPLOAD,
    HttpError,
    content_type,
    page_language,
    query_parameters,
    read_body,
    response_formats,
    sparql_request,
)
from kg.server.review_handlers import ReviewHandlers
from kg.server.search import MEDIA_TYPES as SEARCH_TYPES
from kg.server.search import SearchTexts, asks_nothing
from kg.server.security_headers import PAGE_POLICY, VIEWER_POLICY, SecurityHeadersMiddleware
from kg.server.service_description import service_description
from kg.server.sessions import Sessions
from kg.server.tasks import ClaimPage, LibraryQuery, ReadDocument, ReadGraph, SparqlQuery, ViewerNeighbours, ViewerPage
from kg.server.writer import Change, DeleteDocument, PutDocument, PutGraph, Update

__all__ = ["create_application"]

_READ = ["GET", "HEAD"]
_PAGES = ("text/html",)
_SENT = ["content-type", "mcp-method", "mcp-name", "mcp-protocol-version"]
"""Headers that an assistant in a page of an allowed origin sends."""
_ARTICLES = {"text/plain", "text/markdown", "text/html", "text/csv", "text/tab-separated-values", "message/rfc822"}
"""What bytes do not tell by themselves; what they do, as PDF and office files, is read as it is."""


class _Handlers:
    """The handlers of requests."""

    def __init__(self, backend: Backend, metrics: Metrics, access: AccessPolicy, sessions: Sessions) -> None:
        self._backend = backend
        self._answer = backend.answer
        self._metrics = metrics
        self._access = access
        self._sessions = sessions

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
            Route("/library/{name}", self.library_query, methods=_READ),
            Route("/ontology", self.ontology, methods=_READ),
            Route("/search", self.search, methods=_READ),
            Route("/ask", self.ask, methods=_READ),
            Route("/claims/{id}/page", self.claim_page, methods=_READ),
            Route("/viewer", self.viewer, methods=_READ),
            Route("/viewer/more", self.viewer_neighbours, methods=_READ),
            Route("/health", self.health, methods=_READ),
            Route("/metrics", self.metrics, methods=_READ),
        ]

    # ------------------------------------------------------------------------------ questions
    async def sparql(self, request: Request) -> Response:
        """The SPARQL endpoint; without a query, its description."""
        sparql = await sparql_request(request, union=self._access.union)
        if sparql.update is not None:
            return await self._change(request, Update(sparql.update, sparql.scope))
        if sparql.query is None:
            return self._describe(request)
        return await self._answer(request, SparqlQuery(sparql.query, response_formats(request), sparql.scope))

    def _describe(self, request: Request) -> Response:
        media_type = negotiate(request.headers.get("accept"), [*GRAPHS, *_PAGES])
        if media_type == "text/html":
            return RedirectResponse("./", 303)
        if media_type is None:
            raise HttpError(406, f"the service's description is available as {', '.join(GRAPHS)}")
        endpoint = str(request.url.replace(query="", fragment=""))
        access, selection = self._access, self._backend.watcher.selection
        content = service_description(
            endpoint, media_type, union=access.union, writable=access.is_writable, selection=selection
        )
        return Response(content, media_type=media_type, headers={"vary": "accept"})

    async def data(self, request: Request) -> Response:
        """The Graph Store Protocol, for reading: one graph, the default graph, or all."""
        return await self._answer(request, ReadGraph(_graph_parameter(request), response_formats(request)))

    async def change_data(self, request: Request) -> Response:
        """The Graph Store Protocol, for changing a user graph."""
        self._access.check_write(request)
        graph = _graph_parameter(request)
        if not graph:
            raise HttpError(400, "only named graphs can be changed: name one by the parameter 'graph'")
        if request.method == "DELETE":
            return await self._change(request, PutGraph(graph))
        media_type = content_type(request)
        if media_type not in GRAPHS:
            raise HttpError(415, f"a graph is sent as {', '.join(GRAPHS)}, not as '{media_type}'")
        content = await read_body(request, MAX_UPLOAD)
        return await self._change(request, PutGraph(graph, content, media_type, append=request.method == "POST"))

    async def document(self, request: Request) -> Response:
        """A document: its text and metadata."""
        return await self._answer(request, ReadDocument(request.path_params["name"]))

    async def change_document(self, request: Request) -> Response:
        """Put or delete a document."""
        self._access.check_write(request)
        name = request.path_params["name"]
        if request.method == "DELETE":
            return await self._change(request, DeleteDocument(name))
        parameters = dict(query_parameters(request.url.query))
        media_type = content_type(request)
        content = await read_body(request, MAX_UPLOAD)
        document = PutDocument(
            name,
            content,
            media_type if media_type in _ARTICLES else None,
            lang=parameters.get("lang"),
            date=parameters.get("date"),
        )
        return await self._change(request, document)

    async def _change(self, request: Request, change: Change) -> Response:
        self._access.check_write(request)
        return await self._backend.change(change)

    async def library_query(self, request: Request) -> Response:
        """A query of the library, with its parameters by name."""
        arguments = tuple(f"{name}={value}" for name, value in query_parameters(request.url.query) if value)
        query = LibraryQuery(request.path_params["name"], arguments, response_formats(request))
        return await self._answer(request, query)

    async def search(self, request: Request) -> Response:
        """The search of the texts: a page for people, JSON for programs."""
        parameters = dict(query_parameters(request.url.query))
        media_type = negotiate(request.headers.get("accept"), SEARCH_TYPES)
        if media_type is None:
            raise HttpError(406, f"hits are available as {', '.join(SEARCH_TYPES)}")
        lang = _viewer_language(request, parameters)
        task = SearchTexts(tuple(parameters.items()), media_type, lang)
        if media_type != "text/html":
            return await self._answer(request, task)
        if asks_nothing(parameters):
            response = Response(page.search_page(lang, parameters), media_type=media_type)
        else:
            try:
                response = await self._answer(request, task)
            except HttpError as error:
                html = page.search_page(lang, parameters, error=error.message)
                response = Response(html, error.status, error.headers, media_type)
        response.headers.update({"content-security-policy": PAGE_POLICY, "vary": "accept, accept-language"})
        return response

    async def ask(self, request: Request) -> Response:
        """A question in words, answered as JSON."""
        parameters = dict(query_parameters(request.url.query))
        if not parameters.get("q", "").strip():
            raise HttpError(400, "give the question by the parameter 'q', as in /ask?q=who+supplies+CoreWeave")
        lang = parameters.get("lang")
        if lang not in {None, "", "en", "fr"}:
            raise HttpError(400, f"there is no language '{lang}': ask in en or fr")
        return await self._answer(request, AskInWords(parameters["q"], lang or None))

    async def claim_page(self, request: Request) -> Response:
        """The page of a PDF on which a claim's sentence stands, as a picture with the sentence marked."""
        return await self._answer(request, ClaimPage(request.path_params["id"]))

    async def viewer(self, request: Request) -> Response:
        """The viewer's page, of all companies or around one; a reviewer who is signed in may judge on it."""
        parameters = dict(query_parameters(request.url.query))
        identity = self._sessions.visitor(request)
        csrf = identity.csrf if identity is not None and identity.is_reviewer else None
        task = ViewerPage(parameters.get("company") or None, _viewer_language(request, parameters), csrf=csrf)
        response = await self._answer(request, task)
        response.headers["content-security-policy"] = VIEWER_POLICY
        if identity is not None:
            response.headers["cache-control"] = "no-store"
        return response

    async def viewer_neighbours(self, request: Request) -> Response:
        """What the viewer loads when a company is opened."""
        parameters = dict(query_parameters(request.url.query))
        if not parameters.get("company"):
            raise HttpError(400, "name a company by the parameter 'company'")
        return await self._answer(
            request, ViewerNeighbours(parameters["company"], _viewer_language(request, parameters))
        )

    # ------------------------------------------------------------------------------ pages
    async def landing(self, request: Request) -> Response:
        """The page with the query editor."""
        html = page.landing(page_language(request), self._backend.watcher.selection)
        return Response(html, media_type="text/html", headers={"content-security-policy": PAGE_POLICY})

    async def asset(self, request: Request) -> Response:
        """A file of the pages."""
        asset = page.assets().get(request.path_params["name"])
        if asset is None:
            raise HttpError(404, "there is no such file")
        content, media_type = asset
        return Response(content, media_type=media_type)

    async def ontology(self, request: Request) -> Response:
        """The ontology: as a page for people, as RDF for programs."""
        media_type = negotiate(request.headers.get("accept"), [*_PAGES, *GRAPHS])
        if media_type is None:
            raise HttpError(406, f"the ontology is available as {', '.join((*_PAGES, *GRAPHS))}")
        if media_type == "text/html":
            headers = {"content-security-policy": PAGE_POLICY, "vary": "accept, accept-language"}
            return Response(page.ontology_page(page_language(request)), media_type=media_type, headers=headers)
        graph = page.ontology_graph(GRAPHS[media_type])
        return Response(graph, media_type=media_type, headers={"vary": "accept"})

    async def library(self, _: Request) -> Response:
        """The catalogue of questions, each with its titles, its parameters and its text."""
        entries = json.dumps(page.question_entries(), ensure_ascii=False)
        return Response(entries, media_type="application/json")

    # ------------------------------------------------------------------------------ its own state
    async def health(self, _: Request) -> Response:
        """Whether the store can be read, and the commit and day that queries are answered from."""
        error, workers = self._backend.watcher.last_error, self._backend.scheduler.workers
        health = {
            "status": "ok" if error is None else "stale",
            "commit": workers.commit_number,
            "day": self._backend.watcher.day.isoformat(),
            "confined": workers.sandboxed,
        }
        if self._backend.watcher.selection.narrows:
            health["selection"] = self._backend.watcher.selection.words()
        if error is not None:
            health["trouble"] = error
        return Response(json.dumps(health), 200 if error is None else 503, media_type="application/json")

    async def metrics(self, _: Request) -> Response:
        """Figures for Prometheus."""
        return Response(generate_latest(self._metrics.registry), media_type=CONTENT_TYPE_LATEST)


def create_application(backend: Backend, access: AccessPolicy) -> Starlette:
    """Return the ASGI application; the scheduler need not be started yet, nor the store be open.

    Its `state.assistants` is to be closed before the scheduler stops.
    """
    metrics = Metrics(backend.scheduler)
    sessions = Sessions(access.tokens)
    reviewing = ReviewHandlers(backend, sessions)
    # The pages of documents come first: a document's own address takes whatever follows.
    routes = [*reviewing.routes(), *_Handlers(backend, metrics, access, sessions).routes()]
    assistants = AssistantEndpoint(backend.scheduler, access)
    routes.append(Route("/mcp", assistants, methods=["POST"]))
    endpoints = frozenset("/" + route.path.split("/")[1] for route in routes)
    middleware = [
        Middleware(AccessLogMiddleware, metrics=metrics, endpoints=endpoints),
        Middleware(SecurityHeadersMiddleware),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(access.hosts), www_redirect=False),
    ]
    if access.origins:
        methods = ["GET", "POST"]
        origins = list(access.origins)
        middleware.append(Middleware(CORSMiddleware, allow_origins=origins, allow_methods=methods, allow_headers=_SENT))
    application = Starlette(routes=routes, middleware=middleware, exception_handlers=error_handlers())
    application.state.assistants = assistants
    return application


def _graph_parameter(request: Request) -> str | None:
    """Return the graph that a request names: its IRI, "" for the default graph, None for all."""
    parameters = dict(query_parameters(request.url.query))
    if "graph" in parameters and "default" in parameters:
        raise HttpError(400, "ask for one graph, or for the default graph, not for both")
    if "graph" in parameters and not parameters["graph"]:
        raise HttpError(400, "a graph is named by its IRI")
    return "" if "default" in parameters else parameters.get("graph")


def _viewer_language(request: Request, parameters: Mapping[str, str]) -> str:
    lang = parameters.get("lang") or page_language(request)
    if lang not in page.LANGUAGES:
        raise HttpError(400, f"the page is written in {', '.join(page.LANGUAGES)}, not in '{lang}'")
    return lang
