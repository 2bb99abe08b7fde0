"""One request to a host of the web: within limits, to a public address, as its owners allow, not too often."""

import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin

from kg import __version__
from kg.errors import DocumentError
from kg.store.remote.http import HttpLimits, library, retry_after, sanitize
from kg.watch.fetching.deadline import Deadline
from kg.watch.fetching.hosts import PORTS, IpAddress, is_private, resolve, split_address
from kg.watch.fetching.robots import AGENT, LARGEST, Robots

__all__ = ["LIMITS", "LONGEST_PAUSE", "WebClient", "WebError", "WebResponse"]

LIMITS = HttpLimits(connect=10, silence=20, total=60, size=16 * 1024 * 1024, redirects=5)
"""A page that is longer is none to read."""
_MOVED = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_OK, _UNCHANGED = 200, 304
_PAUSE = 1.0
"""Seconds between two requests to one host, where its owners do not ask for more."""
LONGEST_PAUSE = 60.0
"""Seconds that a round waits for one host: what has to wait longer is fetched in a later round."""
_BUSY_PAUSE, _LONGEST_WAIT = 300.0, 86_400.0
"""Seconds that a busy host is left alone, where it does not say how long; and a day, however long it says."""
_MOST_ADDRESSES = 4
"""Of one host, of which the first may be out of order."""
_GZIP = 16 + zlib.MAX_WBITS
"""https://docs.python.org/3/library/zlib.html#zlib.decompressobj"""


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
            url = parts.geturl()
            self._check_wait(parts.netloc)
            self._robots.check(url)
            self._wait(parts.netloc, min(max(_PAUSE, self._robots.delay(url)), _LONGEST_WAIT))
            with self._response(parts, headers) as response:
                if response.status_code not in _MOVED:
                    return self._whole(parts, response)
                url = _joined(url, response.headers.get("location", ""))
        raise WebError("is sent on and on: check the address")

    def waits(self) -> Mapping[str, float]:
        """Return for how many seconds each host wants to be left alone, where it asks for more than is usual."""
        now = self.clock()
        return {host: then - now for host, then in self._next.items() if then - now > _PAUSE}

    def leave(self, host: str, seconds: float) -> None:
        """Leave a host alone for so many seconds."""
        until = self.clock() + min(seconds, _LONGEST_WAIT)
        self._next[host] = max(until, self._next.get(host, until))

    def _check_wait(self, host: str) -> float:
        """Return how many seconds to wait for a host; raise `WebError` where that is too long for a round."""
        now = self.clock()
        wait = self._next.get(host, now) - now
        if wait > LONGEST_PAUSE:
            raise WebError(f"{host} asks to be left alone for {wait:.0f} s: it is left for a later round", wait)
        return wait

    def _wait(self, host: str, pause: float) -> None:
        wait = self._check_wait(host)
        if wait > 0:
            self.sleep(wait)
        self._next[host] = self.clock() + pause

    def _whole(self, parts: SplitResult, response: Any) -> WebResponse:
        status, headers, url = response.status_code, response.headers, parts.geturl()
        if status == _UNCHANGED:
            return WebResponse(url, "", headers, None)
        if status in _BUSY:
            raise WebError(f"answers {status}", self._busy(parts, response))
        if status != _OK:
            raise WebError(f"answers {status}")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        return WebResponse(url, kind, headers, _body(response, self.limits.size))

    def _busy(self, parts: SplitResult, response: Any) -> float:
        """Leave a host alone as long as it asks for, and return for how many seconds."""
        after = retry_after(response.headers.get("retry-after", ""))
        wait = _BUSY_PAUSE if after is None else min(after, _LONGEST_WAIT)
        self.leave(parts.netloc, wait)
        return wait

    def _rules(self, url: str) -> tuple[int, str]:
        """Return the status and the text of a robots.txt; what is too long of it is left out."""
        for _ in range(self.limits.redirects + 1):
            parts = _parts(url)
            with self._response(parts, {}) as response:
                status = response.status_code
                if status in _BUSY:
                    raise WebError(f"{url}: answers {status}", self._busy(parts, response))
                if status not in _MOVED:
                    return status, _body(response, LARGEST, cut=True).decode("utf-8", "replace")
                url = _joined(url, response.headers.get("location", ""))
        return 404, ""

    @contextmanager
    def _response(self, parts: SplitResult, headers: Mapping[str, str]) -> Iterator[Any]:
        """Ask an address that a host's name was found at, under the host's name, also where TLS proves it."""
        httpx2 = library("fetching addresses")
        addresses = resolve(str(parts.hostname), parts.port or PORTS[parts.scheme], self.refuses)
        client, deadline = self._opened(httpx2), Deadline(self.limits.total)
        all_headers = {
            "Host": parts.netloc,
            "User-Agent": f"{AGENT}/{__version__}",
            # What else httpx2 may unpack could become any length before anybody counts it.
            "Accept-Encoding": "gzip",
            **headers,
        }
        message = {
            "headers": all_headers,
            "extensions": {"sni_hostname": parts.hostname, "trace": deadline.trace},
        }
        try:
            with deadline, ExitStack() as stack:
                yield _first_answer(client, stack, parts, addresses[:_MOST_ADDRESSES], message)
            deadline.check()
        except httpx2.TimeoutException as error:
            raise WebError("says nothing for too long: try again later") from error
        except (
            httpx2.TransportError,
            httpx2.InvalidURL,
            httpx2.StreamError,
            zlib.error,
            ValueError,
            TimeoutError,
        ) as error:
            if deadline.is_over:
                raise WebError(f"takes longer than {self.limits.total:g} s: try again later") from error
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
    """Return an address taken apart, its host's name as DNS and headers have it (RFC 5891)."""
    parts = split_address(url)
    if parts.netloc.isascii():
        return parts
    library("fetching addresses")
    import idna  # a part of it

    try:
        host = idna.encode(str(parts.hostname), uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise WebError(f"leads to '{sanitize(url)}', whose host has no name that can be asked for") from error
    return parts._replace(netloc=host if parts.port is None else f"{host}:{parts.port}")


def _first_answer(
    client: Any, stack: ExitStack, parts: SplitResult, addresses: tuple[str, ...], message: Mapping[str, Any]
) -> Any:
    """Return what the first of a host's addresses gives that can be reached."""
    httpx2, port = library("fetching addresses"), parts.port or PORTS[parts.scheme]
    for address in addresses:
        there = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        url = parts._replace(netloc=there, fragment="").geturl()
        try:
            return stack.enter_context(client.stream("GET", url, **message))
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            if address == addresses[-1]:
                raise
    raise AssertionError  # pragma: no cover - a host that is found has an address


def _body(response: Any, size: int, *, cut: bool = False) -> bytes:
    """Return the body of a response, unpacked; one that is longer than `size` is cut, or refused."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "", "gzip", "x-gzip"}:
        raise WebError(f"is packed as '{sanitize(packing)}', which was not asked for")
    unpacking = zlib.decompressobj(_GZIP) if "gzip" in packing else None
    length, pieces = 0, []
    for piece in response.iter_raw():
        # Never more than one byte too many, however small a piece is that would become gigabytes.
        pieces.append(piece if unpacking is None else unpacking.decompress(piece, size + 1 - length))
        length += len(pieces[-1])
        if length > size:
            if cut:
                break
            raise WebError(f"is longer than {size >> 20} MiB: too long for an article")
    else:
        if unpacking is not None and length and not unpacking.eof:
            raise WebError("ends in the middle: try again later")
    return b"".join(pieces)[:size]
