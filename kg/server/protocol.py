"""What a request asks: SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from kg.server.negotiation import GRAPHS, RESULTS, ResponseFormats, negotiate
from kg.server.tasks import media_types
from kg.store import Scope

__all__ = [
    "MAX_BODY",
    "MAX_UPLOAD",
    "HttpError",
    "SparqlRequest",
    "query_parameters",
    "read_body",
    "response_formats",
    "sparql_request",
]

MAX_BODY = 16 << 20
"""Bytes that a query or an update may have."""
MAX_UPLOAD = 64 << 20
"""Bytes that a graph or a document may have."""
_FIELDS = 1000
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


class HttpError(Exception):
    """A request that is not answered: a status, a line, headers that go with it."""

    def __init__(self, status: int, line: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(line)
        self.status = status
        self.line = line
        self.headers = headers or {}


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query or an update, and the graphs that it ranges over; neither asks what the service is."""

    query: str | None
    update: str | None
    scope: Scope


async def sparql_request(request: Request, *, union: bool) -> SparqlRequest:
    """Return what a request to the endpoint asks; `union` says what it ranges over by default."""
    found = query_parameters(request.url.query)
    direct: tuple[str, str] | None = None
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        text = _text(await read_body(request))
        if kind == _FORM:
            found += query_parameters(text)
        elif kind in {_QUERY, _UPDATE}:
            direct = ("query" if kind == _QUERY else "update", text)
        else:
            raise HttpError(415, f"a POST carries {_QUERY}, {_UPDATE} or {_FORM}, not '{kind}'", {"Accept-Post": _FORM})
    if direct is not None:
        found.append(direct)
    query, update = _one(found, "query"), _one(found, "update")
    if query is not None and update is not None:
        raise HttpError(400, "a request has either a query or an update, not both")
    if request.method == "POST" and query is None and update is None:
        raise HttpError(400, "the request has no query: send one as the parameter 'query'")
    if request.method != "POST" and update is not None:
        raise HttpError(400, "an update is sent by POST")
    return SparqlRequest(query, update, _scope(found, updating=update is not None, union=union))


def query_parameters(text: str) -> list[tuple[str, str]]:
    """Return the fields of a query string or of a form; raise `HttpError` where they are not UTF-8, or too many."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError as error:
        raise HttpError(400, "the request's parameters are not UTF-8") from error
    except ValueError as error:
        raise HttpError(400, f"the request has more than {_FIELDS} parameters") from error


async def read_body(request: Request, most: int = MAX_BODY) -> bytes:
    """Return a request's body; raise `HttpError` for one that is larger than it may be."""
    found = bytearray()
    try:
        async for part in request.stream():
            found += part
            if len(found) > most:
                raise HttpError(413, f"the request is larger than {most >> 20} MB")
    except ClientDisconnect as error:
        raise HttpError(400, "the request was cut short") from error
    return bytes(found)


def response_formats(request: Request) -> ResponseFormats:
    """Return the formats that suit a request; raise `HttpError` where there is none for rows nor for triples."""
    accept = ", ".join(request.headers.getlist("accept"))
    found = ResponseFormats(negotiate(accept, RESULTS), negotiate(accept, GRAPHS))
    if found.results is None and found.graph is None:
        raise HttpError(
            406, f"nothing that is asked for can be had; there are: {media_types('rows')}, {media_types('triples')}"
        )
    return found


def _text(found: bytes) -> str:
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        raise HttpError(400, f"the request is not UTF-8 (byte {error.start})") from error


def _one(found: Iterable[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in found if key == name]
    if len(values) > 1:
        raise HttpError(400, f"the request has more than one '{name}'")
    return values[0] if values else None


def _scope(found: Iterable[tuple[str, str]], *, updating: bool, union: bool) -> Scope:
    start = "using" if updating else "default"
    default = tuple(value for key, value in found if key == ("using-graph-uri" if updating else "default-graph-uri"))
    named = tuple(value for key, value in found if key == ("using-named-graph-uri" if updating else "named-graph-uri"))
    if not all((*default, *named)):
        raise HttpError(400, f"a {start} graph is named by its IRI")
    return Scope(default, named, union)
