"""Garbage in cycles, looked for seldom while very many records are made that are none.

>>> with seldom_collected():
...     records = [(number,) for number in range(3)]
"""

import gc
import threading
from contextlib import ContextDecorator
from types import TracebackType
from typing import Self

__all__ = ["seldom_collected"]

_OBJECTS = 1_000_000
"""Objects that come between two collections meanwhile."""
_LOCK = threading.Lock()
_INSIDE: list[tuple[int, int, int]] = []
"""The thresholds before, once for each that is inside: several threads may be."""


class seldom_collected(ContextDecorator):  # noqa: N801 - reads as a function, as contextlib's do
    """Look for garbage in cycles seldom, in a block or a function: to walk a million records takes long.

    What is held anyway is found garbage nowhere, so nothing is kept longer; the last to leave sets all as it was.
    """

    def __enter__(self) -> Self:
        with _LOCK:
            _INSIDE.append(_INSIDE[0] if _INSIDE else gc.get_threshold())
            gc.set_threshold(_OBJECTS, *_INSIDE[0][1:])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with _LOCK:
            before = _INSIDE.pop()
            if not _INSIDE:
                gc.set_threshold(*before)
