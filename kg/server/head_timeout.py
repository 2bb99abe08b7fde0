"""A time limit for the head of a request: a client that never finishes one does not hold its connection for ever.

uvicorn limits only how long a connection may be idle after a response. See RFC 9110, 15.5.9 (408 Request Timeout).
"""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["HeadTimeoutProtocol", "head_timeout_protocol"]


class HeadTimeoutProtocol(H11Protocol):
    """uvicorn's HTTP protocol with a limit on how long the head of a request may take to arrive.

    The time of a connection's first request counts from when the client connects, that of a further one from its first
    byte. A client that has sent part of a head gets status 408; the connection of one that sent nothing is closed.
    """

    head_seconds: ClassVar[float] = 10.0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time of the first head."""
        super().connection_made(transport)
        self._start_head_timer()

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a further request's head start its time."""
        super().data_received(data)
        if self._awaits_head():
            self._start_head_timer()
        else:
            self._cancel_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the time with the connection."""
        self._cancel_head_timer()
        super().connection_lost(exc)

    def _awaits_head(self) -> bool:
        cycle: Any = self.cycle
        return cycle is None or cycle.response_complete

    def _start_head_timer(self) -> None:
        # A timer that runs already is kept: bytes that drip in do not prolong it.
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self._close_without_head)

    def _cancel_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close_without_head(self) -> None:
        if self.transport.is_closing() or not self._awaits_head():
            return
        received, _ = self.conn.trailing_data
        if received:
            line = f"the head of the request did not arrive within {self.head_seconds:g} s\n".encode()
            head = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(line)}\r\nconnection: close"
            self.transport.write(f"HTTP/1.1 408 Request Timeout\r\n{head}\r\n\r\n".encode() + line)
        self.transport.close()


def head_timeout_protocol(seconds: float) -> type[HeadTimeoutProtocol]:
    """Return the protocol with a time limit of so many seconds; a request's body has no limit here."""
    return type("HeadTimeoutProtocol", (HeadTimeoutProtocol,), {"head_seconds": seconds})
