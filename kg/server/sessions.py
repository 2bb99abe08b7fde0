"""Who sends a request: the bearer of a token, or of a browser's session that began with one."""

import datetime as dt
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from kg.server.protocol import HttpError
from kg.server.tokens import Role, Token, TokenFile, TokenFileError, digest

__all__ = ["COOKIE", "CSRF_HEADER", "Identity", "Sessions", "check_csrf", "check_origin"]

COOKIE = "kg-session"
CSRF_HEADER = "x-kg-csrf"
_LIFE = dt.timedelta(hours=12)
_UNKNOWN = 401
_MOST = 10_000
"""How many sessions are kept; the oldest ends first."""
_NO_TOKENS = "this service takes no judgements: start it with --write --tokens FILE"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends a request: the author's name, his role, and the secret against forged requests of a session."""

    name: str
    role: Role
    csrf: str | None = None

    @property
    def is_reviewer(self) -> bool:
        """Whether he may judge."""
        return self.role is Role.REVIEWER


@dataclass(frozen=True, slots=True)
class _Session:
    token: str
    csrf: str
    ends: dt.datetime


class Sessions:
    """Identifies who sends requests, by the tokens of a file; None where the server takes no judgements.

    A session lives in this process, for half a day at most, and ends at once with its token.
    """

    def __init__(self, tokens: TokenFile | None, clock: Callable[[], dt.datetime] | None = None) -> None:
        self._tokens = tokens
        self._now = clock or _utc_now
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    @property
    def is_open(self) -> bool:
        """Whether anybody may sign in."""
        return self._tokens is not None

    def identify(self, request: Request) -> Identity | None:
        """Return who sends a request; None for a stranger. Raises `HttpError` for a token that opens nothing."""
        if self._tokens is None:
            return None
        try:
            bearer = _bearer(request)
            if bearer is not None:
                token = self._find(bearer)
                return Identity(token.name, token.role)
            return self._of_cookie(request)
        except TokenFileError as error:
            raise HttpError(503, str(error)) from error

    def visitor(self, request: Request) -> Identity | None:
        """Return who looks at a page that is for all: there a token that opens nothing is a stranger's."""
        try:
            return self.identify(request)
        except HttpError as error:
            if error.status != _UNKNOWN:
                raise
            return None

    def require(self, request: Request, role: Role = Role.READER) -> Identity:
        """Return who sends a request; raise `HttpError` unless he has a role that covers `role`."""
        if self._tokens is None:
            raise HttpError(403, _NO_TOKENS)
        identity = self.identify(request)
        if identity is None:
            message = "this needs a token: send 'Authorization: Bearer …', or sign in at /sign-in"
            raise HttpError(401, message, {"www-authenticate": "Bearer"})
        if role is Role.REVIEWER and not identity.is_reviewer:
            raise HttpError(403, f"{identity.name} may read and not judge: ask for a reviewer's token")
        return identity

    def require_reviewer(self, request: Request) -> Identity:
        """Return the reviewer who sends a change; raise `HttpError` where another page may have sent it for him."""
        identity = self.require(request, Role.REVIEWER)
        if identity.csrf is not None:
            check_origin(request)
            check_csrf(identity, request.headers.get(CSRF_HEADER, ""))
        return identity

    def sign_in(self, secret: str, request: Request, response: Response) -> None:
        """Begin a session for the bearer of a token, and give his browser its cookie."""
        check_origin(request)
        try:
            token = self._find(secret.strip())
        except TokenFileError as error:
            raise HttpError(503, str(error)) from error
        now = self._now()
        ends = min(now + _LIFE, dt.datetime.fromisoformat(token.expires))
        key = secrets.token_urlsafe(32)
        self._sessions[digest(key)] = _Session(token.id, secrets.token_urlsafe(32), ends)
        while len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)
        response.set_cookie(
            COOKIE,
            key,
            max_age=max(int((ends - now).total_seconds()), 0),
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )

    def sign_out(self, request: Request, response: Response) -> None:
        """End the session of a request, if it has one."""
        self._sessions.pop(digest(request.cookies.get(COOKIE, "")), None)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")

    def _find(self, secret: str) -> Token:
        if self._tokens is None:
            raise HttpError(403, _NO_TOKENS)
        token = self._tokens.find(secret, self._now())
        if token is None:
            message = "this token is unknown, expired or revoked: ask for another"
            raise HttpError(401, message, {"www-authenticate": 'Bearer error="invalid_token"'})
        return token

    def _of_cookie(self, request: Request) -> Identity | None:
        session = self._sessions.get(digest(request.cookies.get(COOKIE, "")))
        if session is None or self._tokens is None or session.ends <= self._now():
            return None
        token = self._tokens.by_id(session.token, self._now())
        return None if token is None else Identity(token.name, token.role, session.csrf)


def check_origin(request: Request) -> None:
    """Raise `HttpError` unless a page of this server sent a request: https://www.rfc-editor.org/rfc/rfc6454#section-7."""
    own = f"{request.url.scheme}://{request.url.netloc}"
    origin = request.headers.get("origin")
    if origin != own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        said = "names no origin" if origin is None else f"comes from {origin[:100]}"
        raise HttpError(403, f"the request {said}, and this is {own}; behind a proxy, start the server with --proxy")


def check_csrf(identity: Identity, given: str) -> None:
    """Raise `HttpError` unless a request carries the secret that the session's own pages know."""
    if not hmac.compare_digest((identity.csrf or "").encode(), given.encode("utf-8", "surrogatepass")):
        message = f"the request lacks the session's {CSRF_HEADER.upper()}, or has an old one: load the page again"
        raise HttpError(403, message)


def _bearer(request: Request) -> str | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
