"""Where an endpoint is and who asks: its address taken apart, so that no secret stays in what is shown.

A password stands in the address (``https://user:password@host/sparql``) or in KG_REMOTE_USER and
KG_REMOTE_PASSWORD, a token in KG_TOKEN. Those of the environment go over TLS, or to this machine, alone. Updates
go to KG_UPDATE_URL, which must be on the same host, else to where the engine that KG_ENGINE names takes them, else to
where the usual engines do.
"""

import base64
import ipaddress
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import SplitResult, unquote, urlsplit

from kg.errors import StoreError
from kg.settings import setting
from kg.store.remote.engines import ANY, Engine, engine_of

__all__ = ["Endpoint", "is_endpoint", "without_secrets"]

_SCHEMES = ("http://", "https://")


def is_endpoint(path: object) -> bool:
    """Whether what is given for a store is an endpoint's address rather than a folder."""
    return isinstance(path, str) and path.lower().startswith(_SCHEMES)


def without_secrets(path: str) -> str:
    """Return how to tell people of a store: its folder, or its endpoint's address without user and password."""
    return _bare(urlsplit(path)) if is_endpoint(path) else path


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint: the address for queries, those to try for updates, without secrets, and what says who asks."""

    HOW: ClassVar[str] = "KG_REMOTE_USER, KG_REMOTE_PASSWORD, KG_TOKEN"

    query: str
    updates: tuple[str, ...]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    engine: Engine = ANY

    @classmethod
    def of(cls, url: str, variables: Mapping[str, str] | None = None) -> "Endpoint":
        """Take an address apart; raise `StoreError` for one that is none, or that would send a secret in clear."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise StoreError(f"this is no address of an endpoint ({error}): write https://host/sparql") from error
        if parts.scheme.lower() not in {"http", "https"} or not host or not url.isprintable() or " " in url:
            raise StoreError("this is no address of an endpoint: write https://host/sparql")
        query = _bare(parts)
        engine = engine_of(setting("KG_ENGINE", variables))
        updates = _updates(query, setting("KG_UPDATE_URL", variables), engine)
        if parts.username is not None:
            return cls(query, updates, unquote(parts.username), unquote(parts.password or ""), engine=engine)
        token, user = setting("KG_TOKEN", variables), setting("KG_REMOTE_USER", variables)
        if (token or user) and not _is_private(parts.scheme, host):
            raise StoreError(f"the secret of the environment would go to {host} in clear: use https")
        if token:
            return cls(query, updates, token=token, engine=engine)
        password = (setting("KG_REMOTE_PASSWORD", variables) or "") if user else None
        return cls(query, updates, user, password, engine=engine)

    @property
    def host(self) -> str:
        """The endpoint's host, with its port where it has one."""
        return urlsplit(self.query).netloc

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode() if self.password else None
        return tuple(secret for secret in (self.password, self.token, pair) if secret)

    def auth(self, httpx2: Any) -> Any:
        """Return what tells the HTTP library who asks: a token, or a password as the endpoint wants it."""
        if self.token is not None:
            return _bearer(httpx2, self.token)
        return None if self.user is None else _basic_or_digest(httpx2, self.user, self.password or "")


def _bearer(httpx2: Any, token: str) -> Any:
    """A token, https://www.rfc-editor.org/rfc/rfc6750#section-2.1."""

    def add(request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return httpx2.FunctionAuth(add)


def _basic_or_digest(httpx2: Any, user: str, password: str) -> Any:
    """A password: Basic, and from then on Digest where that is asked for, as Virtuoso does."""
    basic, digest = httpx2.BasicAuth(user, password), httpx2.DigestAuth(user, password)

    class Either(httpx2.Auth):  # type: ignore[misc]
        wants_digest = False

        def auth_flow(self, request: Any) -> Generator[Any, Any, None]:
            if not self.wants_digest:
                response = yield next(basic.auth_flow(request))
                asked = response.headers.get("www-authenticate", "").lower()
                self.wants_digest = response.status_code == httpx2.codes.UNAUTHORIZED and asked.startswith("digest")
                if not self.wants_digest:
                    return
                request.headers.pop("Authorization", None)
            yield from digest.auth_flow(request)

    return Either()


def _updates(query: str, update: str | None, engine: Engine) -> tuple[str, ...]:
    """Return where updates may go: where it is said, or where engines with this address of queries take them."""
    if update:
        parts = urlsplit(update)
        if parts.hostname != urlsplit(query).hostname or parts.scheme not in {"http", "https"}:
            raise StoreError("KG_UPDATE_URL must be an address on the endpoint's own host")
        return (_bare(parts),)
    if engine.update:
        return (engine.updates_at(query),)
    parts = urlsplit(query)
    path = parts.path.rstrip("/")
    head, _, last = path.rpartition("/")
    if head.endswith("/repositories"):  # RDF4J's and GraphDB's protocol
        return (parts._replace(path=f"{path}/statements").geturl(),)
    beside = parts._replace(path=f"{head}/update").geturl()  # Fuseki, Oxigraph, kg serve
    return (beside,) if last == "query" else (query, beside)


def _bare(parts: SplitResult) -> str:
    """Return an address without a password."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _is_private(scheme: str, host: str) -> bool:
    if scheme.lower() == "https" or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
