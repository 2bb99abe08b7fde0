"""Who may do what."""

import hmac
from dataclasses import dataclass, field

from starlette.requests import Request

from kg.server.protocol import HttpError
from kg.server.tokens import TokenFile

__all__ = ["AccessPolicy"]


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Which clients are answered, and which may change the store.

    `hosts` are the names by which the server may be called, `origins` those whose pages may send requests. `token` is
    what a request for a change of documents or graphs must carry; without one, they are read-only. `tokens` are those
    of reviewers, who judge claims and add their own; without, nobody does. With `union`, a query that names no graphs
    ranges over all of them together.
    """

    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    origins: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)
    union: bool = True
    tokens: TokenFile | None = field(default=None, repr=False)

    @property
    def is_writable(self) -> bool:
        """Whether anybody may change documents and graphs."""
        return self.token is not None

    def check_write(self, request: Request) -> None:
        """Raise `HttpError` unless a request carries the token: https://www.rfc-editor.org/rfc/rfc6750."""
        if self.token is None:
            raise HttpError(403, "this service is read-only: start it with --write, or build the graph with 'kg build'")
        token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            message = "a change needs the token: send 'Authorization: Bearer …'"
            raise HttpError(401, message, {"www-authenticate": "Bearer"})
