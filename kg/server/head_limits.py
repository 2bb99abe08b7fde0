"""The HTTP protocol of the server: uvicorn's on llhttp, with limits on the head of a request.

A client that never finishes a head does not hold its connection for ever, and none is kept that is larger than a
query needs. uvicorn limits only how long a connection may be idle after a response. See RFC 9110, 15.5.9 (408 Request
Timeout), and RFC 6585, 5 (431 Request Header Fields Too Large).
"""

import asyncio
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["LimitedProtocol", "limited_protocol"]

_MAX_HEAD = 1 << 18
"""Bytes of a request's line and headers: queries in a URL are long."""

_MAX_ADDRESS = 1 << 16
"""Bytes of an address that are too many for llhttp."""
_MAX_PASSED_OVER = 1 << 20
"""Bytes of a body that are read though the request has been answered."""


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a limit on how large the head of a request may be, and how long it may take.

    The time of a connection's first request counts from when the client connects, that of a further one from its first
    byte. A client that has sent part of a head gets status 408; the connection of one that sent nothing is closed.
    """

    head_seconds: ClassVar[float] = 10.0
    _head_timer: asyncio.TimerHandle | None = None
    _is_in_head = False
    _head_size = 0
    _passed_over = 0
    url = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time of the first head."""
        super().connection_made(transport)
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        """Take bytes; count those of a head that goes on."""
        super().data_received(data)
        if self._is_in_head:
            self._head_size += len(data)
            if self._head_size > _MAX_HEAD:
                line = f"the head of the request is larger than {_MAX_HEAD >> 10} KB: send the query by POST"
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, line)

    def on_message_begin(self) -> None:
        """Start the time of a head, unless it runs since the client connected."""
        super().on_message_begin()
        self._is_in_head, self._head_size, self._passed_over = True, 0, 0
        self._start_head_timer()

    def on_headers_complete(self) -> None:
        """End the time of a head."""
        self._is_in_head = False
        self._cancel_head_timer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; of what has been refused a little is passed over, since it may be on its way."""
        cycle: Any = self.cycle
        if cycle.response_complete:
            self._passed_over += len(body)
            if self._passed_over > _MAX_PASSED_OVER:
                self.transport.close()
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request; llhttp takes a too long address for none."""
        if self._is_in_head or len(self.url) < _MAX_ADDRESS:
            super().send_400_response(msg)
        else:
            line = f"the address is longer than {_MAX_ADDRESS >> 10} KB: send the query by POST"
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, line)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the time with the connection."""
        self._cancel_head_timer()
        super().connection_lost(exc)

    def _start_head_timer(self) -> None:
        # A timer that runs already is kept: bytes that drip in do not prolong it.
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._close_without_head)

    def _cancel_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close_without_head(self) -> None:
        if self._is_in_head:
            line = f"the head of the request did not arrive within {self.head_seconds:g} s"
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, line)
        self.transport.close()

    def _refuse(self, status: HTTPStatus, line: str) -> None:
        if self.transport.is_closing():
            return
        content = f"{line}\n".encode()
        head = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(content)}\r\nconnection: close"
        self.transport.write(f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n\r\n".encode() + content)
        self.transport.close()


def limited_protocol(seconds: float) -> type[LimitedProtocol]:
    """Return the protocol with a time limit of so many seconds for a head; a request's body has no limit here."""
    return type("LimitedProtocol", (LimitedProtocol,), {"head_seconds": seconds})
