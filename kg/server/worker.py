"""The process that answers: it opens a snapshot, gives up what it does not need, and takes tasks until it is killed.

Whoever runs the pool kills it at the deadline; nothing that a query does can keep it from that. A parser that
recurses needs a stack: tasks run in a thread whose stack is a large one, for which the system reserves addresses
and not memory.
"""

import os
import select
import signal
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from kg.errors import KgError, QueryError, UnknownDocument, UnknownEntity, UnknownQuery
from kg.server.response_buffer import LimitedBuffer
from kg.server.sandbox import enter_sandbox
from kg.server.tasks import NotAcceptable, Task, UnknownGraph
from kg.store import IndexSnapshot, Store

__all__ = ["Answer", "ErrorResponse", "Limits", "serve"]

_STACK = 256 << 20
_STATUS: tuple[tuple[type[KgError], int], ...] = (
    (NotAcceptable, 406),
    (UnknownGraph, 404),
    (UnknownQuery, 404),
    (UnknownEntity, 404),
    (UnknownDocument, 404),
    (QueryError, 400),
)
"""How refusals are said in HTTP, the narrower classes first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may take: seconds, rows and bytes of its answer, bytes of memory beside the store's own."""

    seconds: float = 30.0
    rows: int = 1_000_000
    size: int = 256 << 20
    memory: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or the file that holds it, to be removed by who reads it; and its media type."""

    content: bytes | Path
    media: str


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """Why there is no answer: a status of HTTP and a line."""

    status: int
    line: str


def serve(connection: Connection, snapshot: IndexSnapshot, limits: Limits, scratch: Path) -> None:
    """Answer what comes in by `connection`: (task, number) in, `Answer` or `ErrorResponse` out.

    It first says whether the system keeps it from the network.
    """
    # Apart from the terminal's group, so that Ctrl-C is the server's alone, and all its threads can be slowed at once.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not os.environ.get("KG_DEBUG"):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    threading.stack_size(_STACK)
    threading.Thread(target=_loop, args=(connection, snapshot, limits, scratch), daemon=True).start()
    # Whatever a task is at, it ends with the server: nobody is left to kill it at its deadline.
    watched = select.poll()
    watched.register(connection.fileno(), select.POLLHUP)
    watched.poll()
    os._exit(0)


def _loop(connection: Connection, snapshot: IndexSnapshot, limits: Limits, scratch: Path) -> None:
    try:
        with snapshot.open() as store:
            connection.send(enter_sandbox(limits.memory))
            while True:
                task, number = connection.recv()
                connection.send(
                    _done(task, store, LimitedBuffer(scratch / str(number), rows=limits.rows, size=limits.size))
                )
    finally:
        # Without its store, or its server, it is of no use.
        os._exit(0)


def _done(task: Task, store: Store, out: LimitedBuffer) -> Answer | ErrorResponse:
    try:
        media = task.answer(store, out)
        return Answer(out.content(), media)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's query brings about is told to them in one line
        out.discard()
        return _told(error, out)


def _told(error: Exception, out: LimitedBuffer) -> ErrorResponse:
    if out.refusal is not None:
        return ErrorResponse(503, out.refusal)
    if isinstance(error, MemoryError):
        return ErrorResponse(503, "the query took more memory than it may: add LIMIT, or ask for less")
    said = " ".join(str(error).split())
    if isinstance(error, KgError):
        return ErrorResponse(next((status for kind, status in _STATUS if isinstance(error, kind)), 500), said)
    return ErrorResponse(500, f"this is a defect of kg ({type(error).__name__}: {said}): please report it")
