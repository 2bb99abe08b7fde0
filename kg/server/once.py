"""One task in a worker process that is killed at its limit, for who serves nothing: a query that a model wrote."""

import select
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from kg import settings
from kg.errors import QueryError
from kg.processes import WorkerProcess, start_fork_server
from kg.server.tasks import Task
from kg.server.worker import Answer, ErrorResponse, Limits, serve
from kg.store import Replica

__all__ = ["answer_once"]

_START_SECONDS = 60.0
"""How long the process may take to get ready."""


def answer_once(folder: Path, task: Task, limits: Limits) -> bytes:
    """Return the content of a task's answer over the store in a folder, worked out in a process of its own.

    The process has no network where the system can forbid it, and no more memory than `limits` allow.

    Raises:
        QueryError: where the task takes longer or gives more than `limits` allow, or cannot be answered.

    """
    work = Path(tempfile.mkdtemp(prefix="kg-once-"))
    try:
        with closing(Replica(folder, work, settings.today)) as replica:
            start_fork_server("kg.server.preload")
            worker = WorkerProcess.start(serve, replica.snapshot(), limits, work, own_group=True)
            try:
                return _content(_answered(worker, task, limits))
            finally:
                worker.kill()
                worker.join()
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _answered(worker: WorkerProcess, task: Task, limits: Limits) -> Answer | ErrorResponse:
    for seconds, what in ((_START_SECONDS, None), (limits.seconds, (task, 1))):
        if what is not None:
            worker.send(what)
        if not select.select([worker], [], [], seconds)[0]:
            raise QueryError(f"the query took more than {seconds:g} seconds, and was ended: ask for less")
        try:
            received = worker.receive()
        except EOFError as error:
            raise QueryError("the query took more memory than it may, and was ended: ask for less") from error
    if not isinstance(received, Answer | ErrorResponse):
        raise QueryError("the process that answers queries could not be started")
    return received


def _content(answer: Answer | ErrorResponse) -> bytes:
    if isinstance(answer, ErrorResponse):
        raise QueryError(answer.message)
    return answer.content if isinstance(answer.content, bytes) else answer.content.read_bytes()
