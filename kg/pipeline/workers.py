"""Runs a function on untrusted items, in this process or in worker processes.

A worker takes one item at a time, under an alarm that ends the process even where a library cannot be interrupted.
Whatever ends it (the alarm, a crash in native code, no memory left) costs only the item that it had; a new worker takes
its place.
"""

import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar, cast

from kg.errors import KgError, ReadingFailed
from kg.pipeline.document_steps import attempt
from kg.processes import WorkerProcess, start_fork_server

if sys.platform != "win32":
    import resource

__all__ = ["InProcessRunner", "ProcessRunner", "Runner", "suitable_jobs"]

_T = TypeVar("_T")
_R = TypeVar("_R")

_QUEUED_PER_WORKER = 8
"""Items that are read ahead for each worker; it bounds the memory."""
_MAX_ITEMS = 4000
_MAX_GROWTH = 1 << 30
"""A worker is replaced after so many items, or when it has grown by so many bytes: memory once taken stays taken."""
_SOURCES_PER_WORKER = 32
"""The number of sources that makes one more worker worth its start, which takes a second or two."""
_MAX_DEFAULT_JOBS = 8
"""The most workers that are started unasked: each takes some 200 MB of its own."""


def _no_preparation(_: Any) -> None:
    """Do nothing."""


class Runner(Protocol):
    """Something that runs a function on items, and keeps their order."""

    def map(
        self,
        act: Callable[[_T], _R],
        items: Iterable[_T],
        seconds: Callable[[_T], float],
        prepare: Callable[[_T], None] = _no_preparation,
    ) -> Iterator[tuple[_T, _R | KgError]]:
        """Run a function on each item.

        Args:
            act: the function, at the top level of a module.
            items: any number of them; only a bounded number is read ahead.
            seconds: returns how long an item may take.
            prepare: runs before `act` on the same item, outside of its time limit.

        Yields:
            Each item with what `act` returned, or with the error that it ended in, in the order of the items.

        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class InProcessRunner:
    """Runs the function in this process, with no protection against crashes and no time limit."""

    def map(
        self,
        act: Callable[[_T], _R],
        items: Iterable[_T],
        seconds: Callable[[_T], float],
        prepare: Callable[[_T], None] = _no_preparation,
    ) -> Iterator[tuple[_T, _R | KgError]]:
        """Yield each item with what `act` returned."""
        del seconds, prepare
        return ((item, attempt(act, item)) for item in items)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing: nothing is open."""


def suitable_jobs(sources: int) -> int:
    """Return how many workers suit the machine's cores and a number of sources."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, sources // _SOURCES_PER_WORKER, _MAX_DEFAULT_JOBS))


@dataclass(slots=True)
class _Task:
    act: Callable[[Any], Any]
    item: Any
    seconds: float
    prepare: Callable[[Any], None]
    outcome: Any = None
    done: bool = False

    def finish(self, outcome: Any) -> None:
        self.outcome, self.done = outcome, True


@dataclass(slots=True)
class _Worker:
    process: WorkerProcess
    task: _Task | None = None

    def assign(self, task: _Task) -> bool:
        """Send a task to the process; return False where the process has ended."""
        try:
            self.process.send((task.act, task.item, task.seconds, task.prepare))
        except EOFError:
            return False
        self.task = task
        return True

    def finish(self) -> bool:
        """Finish the task with what the process sends; return whether the process takes further tasks."""
        task, self.task = cast("_Task", self.task), None
        try:
            outcome, goes_on = self.process.receive()
        except EOFError:
            outcome, goes_on = self._failure(task.seconds), False
        task.finish(outcome)
        return bool(goes_on)

    def _failure(self, seconds: float) -> ReadingFailed:
        code = self.process.join()
        if code == -signal.SIGALRM:
            return ReadingFailed(
                f"took longer than {round(seconds, 1):g} seconds: split it, or give it more --time-limit"
            )
        if code == -signal.SIGKILL:
            return ReadingFailed("its reader was killed, perhaps for want of memory: try fewer --jobs, or split it")
        how = signal.Signals(-code).name if code < 0 else f"status {code}"
        return ReadingFailed(f"its reader crashed ({how}): report it with the text")

    def stop(self) -> None:
        """Kill the process and wait for its end."""
        self.process.kill()
        self.process.join()


class ProcessRunner:
    """Runs the function in `jobs` worker processes, each of which is replaced after `max_items` items.

    Use it in a `with` block: at its end no process is left.
    """

    def __init__(self, jobs: int, max_items: int = _MAX_ITEMS) -> None:
        self._jobs = jobs
        self._max_items = max_items
        self._workers: list[_Worker] = []
        self._queue: deque[_Task] = deque()

    def __enter__(self) -> Self:
        start_fork_server("kg.pipeline.preload" if self._jobs > 1 else "kg.pipeline.document_steps")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill all workers."""
        while self._workers:
            self._workers.pop().stop()

    def map(
        self,
        act: Callable[[_T], _R],
        items: Iterable[_T],
        seconds: Callable[[_T], float],
        prepare: Callable[[_T], None] = _no_preparation,
    ) -> Iterator[tuple[_T, _R | KgError]]:
        """Yield each item with what `act` returned, in order.

        The items of one call may come from another call on the same runner; both make progress.
        """
        waiting: deque[_Task] = deque()
        for item in items:
            waiting.append(_Task(act, item, seconds(item), prepare))
            self._queue.append(waiting[-1])
            while waiting and (waiting[0].done or len(waiting) >= _QUEUED_PER_WORKER * self._jobs):
                yield self._result(waiting.popleft())
        while waiting:
            yield self._result(waiting.popleft())

    def _result(self, task: _Task) -> tuple[Any, Any]:
        while not task.done:
            self._assign_queued()
            busy = {worker.process.fileno(): worker for worker in self._workers if worker.task is not None}
            for descriptor in wait(list(busy)):
                worker = busy[cast("int", descriptor)]
                if not worker.finish():
                    self._stop_worker(worker)
        return task.item, task.outcome

    def _assign_queued(self) -> None:
        while self._queue:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None and len(self._workers) >= self._jobs:
                return
            worker = idle or self._start_worker()
            if worker.assign(self._queue[0]):
                self._queue.popleft()
                continue
            self._stop_worker(worker)
            if idle is None:
                self._queue.popleft().finish(ReadingFailed("no process could be started to read it: try fewer --jobs"))

    def _start_worker(self) -> _Worker:
        worker = _Worker(WorkerProcess.start(_serve, self._max_items))
        self._workers.append(worker)
        return worker

    def _stop_worker(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.stop()


def _serve(connection: Connection, max_items: int) -> None:
    """Run the tasks that arrive, until the connection closes or the process has to be replaced."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    initial = _peak_memory()
    with contextlib.suppress(EOFError, OSError):
        for count in range(1, max_items + 1):
            act, item, seconds, prepare = connection.recv()
            # An error here comes again below, and is reported there.
            attempt(prepare, item)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            outcome = attempt(act, item)
            signal.setitimer(signal.ITIMER_REAL, 0)
            goes_on = count < max_items and _peak_memory() - initial < _MAX_GROWTH
            connection.send((outcome, goes_on))
            if not goes_on:
                return


def _peak_memory() -> int:
    """Return the most memory that this process has had, in bytes; 0 on Windows, which does not tell it so."""
    if sys.platform == "win32":
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
