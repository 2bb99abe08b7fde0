"""Each error as a response of one line of text, with the status that fits it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from kg.server.protocol import HttpError

__all__ = ["error_handlers"]

_NO_HEADERS: Mapping[str, str] = {}


def error_handlers() -> dict[Any, Any]:
    """Return the function that makes the response, by class of exception, as Starlette takes them."""
    return {HttpError: _http_error, HTTPException: _routing_error, Exception: _defect}


def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HttpError):
        return _defect(request)
    if error.detail is not None:
        request.state.log_fields = {"refused": error.message}
        return JSONResponse({"message": error.message, **error.detail}, error.status, headers=error.headers)
    return _line(request, error.status, error.message, error.headers)


def _routing_error(request: Request, error: Exception) -> Response:
    """Respond to what the router refuses: an unknown address, or a method that the address does not take."""
    if not isinstance(error, HTTPException):
        return _defect(request)
    if request.method == "OPTIONS" and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return Response(status_code=204, headers=error.headers)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _line(request, 404, f"there is nothing at {request.url.path}: see the page at /")
    line = f"{request.method} is not for {request.url.path}, which takes {headers.get('Allow', 'GET')}"
    return _line(request, error.status_code, line, headers)


def _defect(request: Request, _: Exception | None = None) -> Response:
    return _line(request, 500, "this is a defect of kg: please report it")


def _line(request: Request, status: int, line: str, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
    request.state.log_fields = {"refused": line}
    return PlainTextResponse(f"{line}\n", status, headers=dict(headers))
