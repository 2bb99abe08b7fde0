"""The wire to a SPARQL endpoint: requests that end, answers of a bounded size, failures in one line.

A query goes by POST of a form (https://www.w3.org/TR/sparql11-protocol/#query-via-post-urlencoded): Virtuoso 7.2.5
never answers one that is the body itself. An update is the body itself, but for engines that document a form alone:
forms are a third longer, and servers bound them, Fuseki 5.3.0 at 200 kB. All that kg sends can be sent twice: its
updates name every triple, so that a second run of one changes nothing.
"""

import random
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from kg.errors import MissingExtra, QueryError, StoreError
from kg.store.remote.endpoint import Endpoint

if TYPE_CHECKING:
    import httpx2

__all__ = [
    "USUAL",
    "EndpointError",
    "HttpLimits",
    "HttpResponse",
    "HttpTransport",
    "library",
    "retry_after",
    "sanitize",
]

_BUSY = frozenset({429, 503})
_MOVED = frozenset({301, 302, 303, 307, 308})
_UNKNOWN = frozenset({404, 405, 410, 415, 501})
_REFUSED = frozenset({401, 403})
_TAG = re.compile(r"<[^>]*>")
_LONGEST = 200
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """What a request may cost: seconds to connect, of silence and in all; bytes of an answer; attempts.

    `pause` is the first wait between attempts, in seconds; each further one is twice as long, none longer than
    `patience`, which also bounds what an endpoint may ask for by Retry-After.
    """

    connect: float = 10.0
    silence: float = 120.0
    total: float = 600.0
    size: int = 512 * 1024 * 1024
    attempts: int = 4
    pause: float = 0.5
    patience: float = 30.0
    redirects: int = 5


USUAL = HttpLimits()


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What an endpoint answered: its media type, and all bytes of it."""

    kind: str
    body: bytes
    headers: Mapping[str, str]


class EndpointError(StoreError):
    """An endpoint that lets nobody, or not this one, do this, or not at this address."""


class _RetryableError(Exception):
    """A request that may succeed when sent again, after so many seconds or when the wire thinks fit."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


def library(what: str = "a graph behind an endpoint") -> Any:
    """Return the HTTP library; raise `MissingExtra`, which names what needs it, where it is not installed."""
    try:
        import httpx2
    except ImportError as error:
        raise MissingExtra(f"{what} needs httpx2: pip install 'kg[remote]'") from error
    return httpx2


def sanitize(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Return what a stranger said as one printable line of at most 200 characters, without tags or `secrets`."""
    for secret in secrets:
        text = text.replace(secret, "…")
    printable = "".join(char if char.isprintable() else " " for char in _TAG.sub(" ", text[:_SAMPLE]))
    line = " ".join(printable.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


@dataclass(slots=True)
class HttpTransport:
    """One endpoint's connection, kept alive between requests; `close` ends it."""

    endpoint: Endpoint
    limits: HttpLimits = USUAL
    _client: "httpx2.Client | None" = field(default=None, repr=False)
    _takes_updates: str | None = None

    def close(self) -> None:
        """End the connection."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def query(self, text: str, accept: str, more: Mapping[str, str]) -> HttpResponse:
        """Send a query; raise `QueryError` where the endpoint refuses it, `StoreError` where none answers."""
        return self._sent(self.endpoint.query, {"data": {"query": text, **more}, "headers": {"Accept": accept}})

    def update(self, text: str) -> None:
        """Send an update; raise `StoreError` where the endpoint does not carry it out."""
        places = (self._takes_updates,) if self._takes_updates else self.endpoint.updates
        field_name = self.endpoint.engine.update_field
        as_body = {"content": text.encode(), "headers": {"Content-Type": "application/sparql-update"}}
        message = {"data": {field_name: text}} if field_name else as_body
        refusals = []
        for place in places:
            try:
                self._sent(place, message)
            except (QueryError, EndpointError) as error:
                refusals.append(error)
            else:
                self._takes_updates = place
                return
        raise StoreError(f"an update was refused: {refusals[0]}") from refusals[0]

    def _sent(self, url: str, message: Mapping[str, Any]) -> HttpResponse:
        """Send a message until it is answered, busy servers and broken connections forgiven a few times."""
        for attempt in range(1, self.limits.attempts + 1):
            try:
                return self._followed(url, message)
            except _RetryableError as again:
                pause = min(self.limits.pause * 2 ** (attempt - 1), self.limits.patience)
                if attempt == self.limits.attempts or (again.after or 0) > self.limits.patience:
                    wait = f", and asks for a wait of {again.after:.0f} s" if again.after else ""
                    raise StoreError(f"{self.endpoint.host} {again}{wait}: try again later") from again
                # Strangers who were turned away together should not come back together.
                time.sleep(again.after if again.after is not None else pause * random.uniform(0.5, 1))  # noqa: S311
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _followed(self, url: str, message: Mapping[str, Any]) -> HttpResponse:
        """Send, and follow the endpoint where it moved on its own host: secrets go to no other."""
        for _ in range(self.limits.redirects + 1):
            with self._response(url, message) as response:
                if response.status_code not in _MOVED:
                    return self._whole(response)
                there = urljoin(url, response.headers.get("location", ""))
                if not _same_place(url, there):
                    to = sanitize(urlsplit(there)._replace(query="").geturl(), self.endpoint.secrets)
                    raise StoreError(f"{self.endpoint.host} sends us on to {to}: give that address if you trust it")
                url = there
        raise StoreError(f"{self.endpoint.host} sends us round in circles: check the endpoint's address")

    @contextmanager
    def _response(self, url: str, message: Mapping[str, Any]) -> Iterator[Any]:
        httpx2 = library()
        client = self._opened(httpx2)
        where = self.endpoint.host
        try:
            with client.stream("POST", url, **message) as response:
                yield response
        except httpx2.ConnectTimeout as error:
            raise _RetryableError(f"cannot be reached within {self.limits.connect:g} s") from error
        except httpx2.TimeoutException as error:
            raise StoreError(f"{where} said nothing for {self.limits.silence:g} s: ask less, or try again") from error
        except httpx2.TransportError as error:
            reason = sanitize(str(error), self.endpoint.secrets)
            raise _RetryableError(f"cannot be reached, or broke off ({reason or type(error).__name__})") from error
        except (httpx2.InvalidURL, httpx2.DecodingError) as error:
            raise StoreError(f"{where} cannot be asked: {sanitize(str(error), self.endpoint.secrets)}") from error

    def _opened(self, httpx2: Any) -> Any:
        if self._client is None:
            timeout = httpx2.Timeout(self.limits.silence, connect=self.limits.connect)
            self._client = httpx2.Client(
                timeout=timeout, auth=self.endpoint.auth(httpx2), follow_redirects=False, headers={"User-Agent": "kg"}
            )
        return self._client

    def _whole(self, response: Any) -> HttpResponse:
        """Read an answer to its end, within the limits; raise for one that says no."""
        status = response.status_code
        body = self._read(response)
        if status < 300:  # noqa: PLR2004 - https://www.rfc-editor.org/rfc/rfc9110#section-15.3
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return HttpResponse(kind, body, response.headers)
        message = sanitize(body.decode("utf-8", "replace"), self.endpoint.secrets)
        what = f"answers {status}{f' ({message})' if message else ''}"
        if status in _BUSY:
            raise _RetryableError(what, retry_after(response.headers.get("retry-after", "")))
        if status in _REFUSED:
            raise EndpointError(f"{self.endpoint.host} {what}: it may want a password or a token ({self.endpoint.HOW})")
        if status in _UNKNOWN:
            raise EndpointError(f"{self.endpoint.host} {what}: is its endpoint at {urlsplit(str(response.url)).path}?")
        if status < 500:  # noqa: PLR2004 - the request was at fault
            raise QueryError(f"{self.endpoint.host} {what}")
        raise StoreError(f"{self.endpoint.host} {what}")

    def _read(self, response: Any) -> bytes:
        until, size, parts = time.monotonic() + self.limits.total, 0, []
        for part in response.iter_bytes():
            size += len(part)
            parts.append(part)
            if size > self.limits.size:
                raise StoreError(f"{self.endpoint.host} answers more than {self.limits.size} bytes: ask for less")
            if time.monotonic() > until:
                raise StoreError(
                    f"{self.endpoint.host} takes more than {self.limits.total:g} s to answer: ask for less"
                )
        return b"".join(parts)


def _same_place(first: str, second: str) -> bool:
    """Whether an address is of the same server as another: the same scheme, host and port, or its TLS."""
    here, there = urlsplit(first), urlsplit(second)
    safer = (here.scheme, there.scheme) == ("http", "https") and here.hostname == there.hostname
    return safer or (here.scheme, here.netloc) == (there.scheme, there.netloc)


def retry_after(header: str) -> float | None:
    """Return the seconds that Retry-After asks for: a number, or a date.

    https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
    """
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
