"""One request to a host of the web: within limits, to a public address, as its owners allow, not too often."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from kg import __version__
from kg.errors import DocumentError
from kg.store.remote.http import HttpLimits, library, retry_after, sanitize
from kg.watch.fetching.hosts import IpAddress, is_private, resolve
from kg.watch.fetching.robots import AGENT, LARGEST, Robots

__all__ = ["LIMITS", "WebClient", "WebError", "WebResponse"]

LIMITS = HttpLimits(connect=10, silence=20, total=60, size=16 * 1024 * 1024, redirects=5)
"""A page that is longer is none to read."""
_MOVED = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_OK, _UNCHANGED = 200, 304
_PORTS = {"http": 80, "https": 443}
_PAUSE = 1.0
"""Seconds between two requests to one host, where its owners do not ask for more."""
_LONGEST_PAUSE = 60.0
"""Seconds that a round waits for one host: what has to wait longer is fetched in a later round."""


class WebError(DocumentError):
    """An address that was not fetched; `after` is how many seconds its host asks to wait, where it does."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


@dataclass(frozen=True, slots=True)
class WebResponse:
    """What an address gave in the end, and at which address; `body` is None where it has not changed."""

    url: str
    kind: str
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(slots=True)
class WebClient:
    """The requests of a round. `refuses` says which addresses of the network are not asked. `close` ends it."""

    limits: HttpLimits = LIMITS
    refuses: Callable[[IpAddress], bool] = is_private
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _robots: Robots = field(init=False)
    _client: Any = None
    _next: dict[str, float] = field(default_factory=dict)
    """By host, when it may be asked again."""

    def __post_init__(self) -> None:
        """Let the rules of hosts be fetched as all else is."""
        self._robots = Robots(self._rules)

    def close(self) -> None:
        """End the connections, and forget what hosts allow: the next round asks again."""
        self._robots = Robots(self._rules)
        if self._client is not None:
            self._client.close()
            self._client = None

    def get(self, url: str, headers: Mapping[str, str]) -> WebResponse:
        """Fetch an address and where it moved to, each as its owners allow; raise `DocumentError` with the reason."""
        for _ in range(self.limits.redirects + 1):
            parts = _parts(url)
            self._robots.check(url)
            self._wait(parts.netloc, max(_PAUSE, self._robots.delay(url)))
            with self._response(parts, headers) as response:
                if response.status_code not in _MOVED:
                    return self._whole(url, response)
                url = _joined(url, response.headers.get("location", ""))
        raise WebError("is sent on and on: check the address")

    def _wait(self, host: str, pause: float) -> None:
        now = self.clock()
        wait = self._next.get(host, now) - now
        if wait > _LONGEST_PAUSE:
            raise WebError(f"{host} asks for {pause:.0f} s between two requests: it is left for a later round", wait)
        if wait > 0:
            self.sleep(wait)
        self._next[host] = max(now, self._next.get(host, now)) + pause

    def _whole(self, url: str, response: Any) -> WebResponse:
        status, headers = response.status_code, response.headers
        if status == _UNCHANGED:
            return WebResponse(url, "", headers, None)
        if status != _OK:
            after = retry_after(headers.get("retry-after", "")) if status in _BUSY else None
            raise WebError(f"answers {status}", after)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        return WebResponse(url, kind, headers, self._read(response, self.limits.size))

    def _rules(self, url: str) -> tuple[int, str]:
        """Return the status and the text of a robots.txt; what is too long of it is left out."""
        for _ in range(self.limits.redirects + 1):
            with self._response(_parts(url), {}) as response:
                status = response.status_code
                if status not in _MOVED:
                    return status, self._read(response, LARGEST, cut=True).decode("utf-8", "replace")
                url = _joined(url, response.headers.get("location", ""))
        return 404, ""

    def _read(self, response: Any, size: int, *, cut: bool = False) -> bytes:
        until, length, pieces = time.monotonic() + self.limits.total, 0, []
        for piece in response.iter_bytes():
            length += len(piece)
            pieces.append(piece)
            if length > size:
                if cut:
                    break
                raise WebError(f"is longer than {size >> 20} MiB: too long for an article")
            if time.monotonic() > until:
                raise WebError(f"takes longer than {self.limits.total:g} s: try again later")
        return b"".join(pieces)[:size]

    @contextmanager
    def _response(self, parts: SplitResult, headers: Mapping[str, str]) -> Iterator[Any]:
        """Ask the address that a host's name was found at, under the host's name, also where TLS proves it."""
        httpx2 = library("fetching addresses")
        host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
        address = resolve(host, port, self.refuses)
        there = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        url = parts._replace(netloc=there, fragment="").geturl()
        all_headers = {"Host": parts.netloc, "User-Agent": f"{AGENT}/{__version__}", **headers}
        client = self._opened(httpx2)
        try:
            with client.stream("GET", url, headers=all_headers, extensions={"sni_hostname": host}) as response:
                yield response
        except httpx2.TimeoutException as error:
            raise WebError("says nothing for too long: try again later") from error
        except (httpx2.TransportError, httpx2.InvalidURL, httpx2.DecodingError, httpx2.StreamError) as error:
            raise WebError(f"cannot be fetched ({sanitize(str(error)) or type(error).__name__})") from error
        finally:
            # Hosts that share an address must not read each other's cookies; none are needed.
            client.cookies.clear()

    def _opened(self, httpx2: Any) -> Any:
        if self._client is None:
            timeout = httpx2.Timeout(self.limits.silence, connect=self.limits.connect)
            # A connection is known by its address alone: it must not be used for another host at the same one, whose
            # name TLS has not proved. And a proxy would resolve names by itself, and so go wherever they lead.
            single = httpx2.Limits(max_keepalive_connections=0)
            self._client = httpx2.Client(timeout=timeout, limits=single, follow_redirects=False, trust_env=False)
        return self._client


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise WebError(f"leads to '{sanitize(location)}', which is no address") from error


def _parts(url: str) -> SplitResult:
    """Return an address taken apart; raise `WebError` for one that is none of the web, or that carries a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise WebError(f"leads to '{sanitize(url)}', which is no address") from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise WebError(f"leads to '{sanitize(url)}', which is no address of the web")
    if "@" in parts.netloc:
        raise WebError("holds a user name or a password: kg fetches only what is open to all")
    return parts
