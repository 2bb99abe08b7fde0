"""The process that answers queries: it opens a snapshot, enters its sandbox, and takes tasks until it is killed.

The scheduler kills it at the deadline; nothing that a query does can prevent that. Recursive parsers need a deep stack:
tasks run in a thread with a large one, for which the system reserves addresses and no memory.
"""

import gc
import os
import select
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kg.errors import DocumentError, KgError, MissingExtra, QueryError, UnknownDocument, UnknownEntity, UnknownQuery
from kg.server.response_buffer import LimitedBuffer
from kg.server.sandbox import enter_sandbox
from kg.server.tasks import NotAcceptable, Task, UnknownClaim, UnknownGraph
from kg.store import IndexSnapshot, Store

__all__ = ["Answer", "ErrorResponse", "Limits", "error_response", "serve"]

_STACK = 256 << 20
_STATUS: tuple[tuple[type[KgError], int], ...] = (
    (NotAcceptable, 406),
    (UnknownClaim, 404),
    (UnknownGraph, 404),
    (UnknownQuery, 404),
    (UnknownEntity, 404),
    (UnknownDocument, 404),
    (DocumentError, 404),
    (QueryError, 400),
    (MissingExtra, 501),
)
"""The HTTP status of each error, the narrower classes first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: seconds, rows and bytes of its answer, bytes of memory beyond the store's own."""

    seconds: float = 30.0
    rows: int = 1_000_000
    size: int = 256 << 20
    memory: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and its media type. Content in a file is a path; whoever reads the file removes it."""

    content: bytes | Path
    media_type: str


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """Why there is no answer: an HTTP status, a message of one line, and what a program may want to know beside it."""

    status: int
    message: str
    detail: Mapping[str, Any] | None = None


def serve(connection: Connection, snapshot: IndexSnapshot, limits: Limits, folder: Path) -> None:
    """Answer the tasks that arrive: (task, number) in, `Answer` or `ErrorResponse` out.

    The first message out says whether the operating system blocks network access.

    Args:
        connection: where tasks come from; the process ends when the other end closes.
        snapshot: the store to answer from.
        limits: what one task may take, but for its seconds, which the scheduler watches.
        folder: where large answers are written, each into a file named by its number.

    """
    threading.stack_size(_STACK)
    threading.Thread(target=_answer_all, args=(connection, snapshot, limits, folder), daemon=True).start()
    # A task must end with the server, since nobody would be left to kill it at its deadline.
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLHUP)
    poll.poll()
    os._exit(0)


def _answer_all(connection: Connection, snapshot: IndexSnapshot, limits: Limits, folder: Path) -> None:
    try:
        with snapshot.open() as store:
            # What is loaded stays: to look through it again and again would hold up every few hundredth query.
            gc.freeze()
            connection.send(enter_sandbox(limits.memory))
            while True:
                task, number = connection.recv()
                buffer = LimitedBuffer(folder / str(number), rows=limits.rows, size=limits.size)
                connection.send(_answer(task, store, buffer))
    finally:
        # Without its store or its server the process is of no use.
        os._exit(0)


def _answer(task: Task, store: Store, buffer: LimitedBuffer) -> Answer | ErrorResponse:
    try:
        media_type = task.answer(store, buffer)
        return Answer(buffer.content(), media_type)
    except Exception as error:  # noqa: BLE001 - whatever a query causes, its sender gets one line
        buffer.discard()
        if buffer.limit_message is not None:
            return ErrorResponse(503, buffer.limit_message)
        if isinstance(error, MemoryError):
            return ErrorResponse(503, "the query took more memory than it may: add LIMIT, or ask for less")
        return error_response(error, _STATUS)


def error_response(error: Exception, statuses: tuple[tuple[type[KgError], int], ...]) -> ErrorResponse:
    """Return an error as one line, with the status of the first class in `statuses` that it belongs to, else 500."""
    message = " ".join(str(error).split())
    if isinstance(error, KgError):
        return ErrorResponse(next((status for kind, status in statuses if isinstance(error, kind)), 500), message)
    return ErrorResponse(500, f"this is a defect of kg ({type(error).__name__}: {message}): please report it")
