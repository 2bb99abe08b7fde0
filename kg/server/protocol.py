"""What a request asks: SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from kg.server.negotiation import DATASETS, GRAPHS, RESULTS, ResponseFormats, negotiate
from kg.server.tasks import media_types
from kg.store import Scope

__all__ = [
    "MAX_BODY",
    "MAX_UPLOAD",
    "HttpError",
    "SparqlRequest",
    "content_type",
    "page_language",
    "query_parameters",
    "read_body",
    "response_formats",
    "sparql_request",
]

MAX_BODY = 16 << 20
"""Bytes that a query or an update may have."""
MAX_UPLOAD = 64 << 20
"""Bytes that a graph or a document may have."""
_MAX_PARAMETERS = 1000
_STALL_SECONDS = 30.0
"""How long the next part of a body may take to arrive."""
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


class HttpError(Exception):
    """A request that is not answered: an HTTP status, a message of one line, headers of the response.

    With `detail` the response is a JSON object: the message, and what a program goes on from.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: dict[str, str] | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
        self.detail = detail


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A query or an update, and the graphs that it ranges over; a request with neither asks for the description."""

    query: str | None
    update: str | None
    scope: Scope


async def sparql_request(request: Request, *, union: bool) -> SparqlRequest:
    """Return what a request to the endpoint asks.

    Args:
        request: the HTTP request.
        union: whether a query that names no graphs ranges over all of them together.

    Raises:
        HttpError: where the request breaks the protocol.

    """
    parameters = query_parameters(request.url.query)
    if request.method == "POST":
        parameters += await _body_parameters(request)
    query, update = _single(parameters, "query"), _single(parameters, "update")
    if query is not None and update is not None:
        raise HttpError(400, "a request has either a query or an update, not both")
    if request.method == "POST" and query is None and update is None:
        raise HttpError(400, "the request has no query: send one as the parameter 'query'")
    if request.method != "POST" and update is not None:
        raise HttpError(400, "an update is sent by POST")
    return SparqlRequest(query, update, _scope(parameters, is_update=update is not None, union=union))


async def _body_parameters(request: Request) -> list[tuple[str, str]]:
    """Return the parameters in a body: those of a form, or the query or update that the body is."""
    media_type = content_type(request)
    text = _decode(await read_body(request))
    if media_type == _FORM:
        return query_parameters(text)
    if media_type == _QUERY:
        return [("query", text)]
    if media_type == _UPDATE:
        return [("update", text)]
    message = f"a POST carries {_QUERY}, {_UPDATE} or {_FORM}, not '{media_type}'"
    raise HttpError(415, message, {"Accept-Post": _FORM})


def content_type(request: Request) -> str:
    """Return the media type of a request's body, in lower case and without its parameters; "" where none is given."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def page_language(request: Request) -> str:
    """Return the language of the pages that a browser prefers."""
    preferred = request.query_params.get("lang") or request.headers.get("accept-language", "")
    return "fr" if preferred.strip().lower().startswith("fr") else "en"


def query_parameters(text: str) -> list[tuple[str, str]]:
    """Return the fields of a query string or of a form; raise `HttpError` where they are not UTF-8, or too many."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_PARAMETERS)
    except UnicodeDecodeError as error:
        raise HttpError(400, "the request's parameters are not UTF-8") from error
    except ValueError as error:
        raise HttpError(400, f"the request has more than {_MAX_PARAMETERS} parameters") from error


async def read_body(request: Request, max_size: int = MAX_BODY, stall_seconds: float = _STALL_SECONDS) -> bytes:
    """Return a request's body.

    Args:
        request: the HTTP request.
        max_size: the number of bytes that it may have.
        stall_seconds: how long its next part may take to arrive.

    Raises:
        HttpError: where the body is too large, stalls, or ends too early.

    """
    body = bytearray()
    parts = request.stream()
    try:
        while True:
            async with asyncio.timeout(stall_seconds):
                body += await anext(parts)
            if len(body) > max_size:
                raise HttpError(413, f"the request is larger than {max_size >> 20} MB")
    except StopAsyncIteration:
        return bytes(body)
    except TimeoutError as error:
        message = f"nothing more of the request's body arrived for {stall_seconds:g} s"
        raise HttpError(408, message, {"connection": "close"}) from error
    except ClientDisconnect as error:
        raise HttpError(400, "the request was cut short") from error


def response_formats(request: Request) -> ResponseFormats:
    """Return the formats that a client accepts; raise `HttpError` where there is none for rows nor for triples."""
    accept = ", ".join(request.headers.getlist("accept"))
    formats = ResponseFormats(negotiate(accept, RESULTS), negotiate(accept, GRAPHS), negotiate(accept, DATASETS))
    if formats.results is None and formats.graph is None:
        available = f"{media_types('rows')}, {media_types('triples')}"
        raise HttpError(406, f"no format of the Accept header is available; available are: {available}")
    return formats


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise HttpError(400, f"the request is not UTF-8 (byte {error.start})") from error


def _single(parameters: Iterable[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in parameters if key == name]
    if len(values) > 1:
        raise HttpError(400, f"the request has more than one '{name}'")
    return values[0] if values else None


def _scope(parameters: list[tuple[str, str]], *, is_update: bool, union: bool) -> Scope:
    default_name, named_name = "default-graph-uri", "named-graph-uri"
    if is_update:
        default_name, named_name = "using-graph-uri", "using-named-graph-uri"
    default = tuple(value for key, value in parameters if key == default_name)
    named = tuple(value for key, value in parameters if key == named_name)
    if not all((*default, *named)):
        raise HttpError(400, f"a {'using' if is_update else 'default'} graph is named by its IRI")
    return Scope(default, named, union)
