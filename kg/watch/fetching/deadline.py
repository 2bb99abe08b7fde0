"""A time by which a request has to be over, however slowly its host sends: a byte of a header now and then, too."""

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import Any, Self

__all__ = ["Deadline"]

_OPENED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class Deadline:
    """Ends the connection of a request after so many seconds: whoever waits for it gets an error then.

    `trace` is the request's extension of that name, by which httpcore tells what it does
    (https://www.encode.io/httpcore/extensions/#trace). `is_over` says whether it was this that ended it.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._stream: Any = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Note a connection that was opened, and end one that was opened too late."""
        if event in _OPENED:
            self._stream = info["return_value"]
            if self.is_over:
                self._end()

    def check(self) -> None:
        """Raise `TimeoutError` where the time is over: what was cut off may look like a whole body."""
        if self.is_over:
            raise TimeoutError

    def _end(self) -> None:
        self.is_over = True
        connection = None if self._stream is None else self._stream.get_extra_info("socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                # The plain one: that of TLS is not made to be used by two threads at once.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
