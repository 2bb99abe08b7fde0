"""Work on items of strangers, in this process or in processes that may die of it.

A worker takes one item at a time, under an alarm that ends it where no library could be interrupted.
Whatever ends it (the alarm, a crash in native code, the system out of memory) costs the item that it
had, and another takes its place. Workers are forked from one process that has loaded what all need.
"""

import contextlib
import os
import resource
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

__all__ = ["InProcessRunner", "ProcessRunner", "Runner", "suitable_jobs"]

_T = TypeVar("_T")
_R = TypeVar("_R")

_AHEAD = 8
"""Items for each worker that are taken in before the first of them is done: memory is bounded by it."""
_TURNS = 4000
_GROWTH = 1 << 30
"""A worker is replaced after so many items, or grown by so many bytes: vocabularies and heaps only ever grow."""
_PER_WORKER = 32
"""Sources from which a further worker is worth its start (one or two seconds' reading)."""
_MOST = 8
"""Workers that nobody asked for: each takes some 200 MB of its own."""


def _nothing(_: Any) -> None:
    """Need no preparation."""


class Runner(Protocol):
    """Something that does work on items, and keeps their order."""

    def map(
        self,
        act: Callable[[_T], _R],
        items: Iterable[_T],
        seconds: Callable[[_T], float],
        prepare: Callable[[_T], None] = _nothing,
    ) -> Iterator[tuple[_T, _R | KgError]]:
        """Yield each item with what `act` made of it, or with the error that it ended in, in their order.

        `seconds` says how long an item may take, beside what `prepare` does for it. Only a bounded
        number of items is taken in ahead.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class InProcessRunner:
    """Work in this process, with no protection against what an item does to it, and no limit of time."""

    def map(
        self,
        act: Callable[[_T], _R],
        items: Iterable[_T],
        seconds: Callable[[_T], float],
        prepare: Callable[[_T], None] = _nothing,
    ) -> Iterator[tuple[_T, _R | KgError]]:
        """Yield each item with what `act` made of it."""
        del seconds, prepare
        return ((item, attempt(act, item)) for item in items)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Do nothing: nothing is held."""


def suitable_jobs(sources: int) -> int:
    """Return how many workers suit the machine's cores and a number of sources."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, sources // _PER_WORKER, _MOST))


@dataclass(slots=True)
class _Task:
    act: Callable[[Any], Any]
    item: Any
    seconds: float
    prepare: Callable[[Any], None]
    outcome: Any = None
    done: bool = False

    def end(self, outcome: Any) -> None:
        self.outcome, self.done = outcome, True


@dataclass(slots=True)
class _Worker:
    process: WorkerProcess
    task: _Task | None = None

    def give(self, task: _Task) -> bool:
        """Hand a task over; tell whether somebody was there to take it."""
        try:
            self.process.send((task.act, task.item, task.seconds, task.prepare))
        except EOFError:
            return False
        self.task = task
        return True

    def take(self) -> bool:
        """End the task with what comes back; tell whether the worker goes on."""
        task, self.task = cast("_Task", self.task), None
        try:
            outcome, goes_on = self.process.receive()
        except EOFError:
            outcome, goes_on = self._cause_of_death(task.seconds), False
        task.end(outcome)
        return bool(goes_on)

    def _cause_of_death(self, seconds: float) -> ReadingFailed:
        code = self.process.join()
        if code == -signal.SIGALRM:
            return ReadingFailed(
                f"took longer than {round(seconds, 1):g} seconds: split it, or give it more --time-limit"
            )
        if code == -signal.SIGKILL:
            return ReadingFailed("its reader was killed, perhaps for want of memory: try fewer --jobs, or split it")
        how = signal.Signals(-code).name if code < 0 else f"status {code}"
        return ReadingFailed(f"its reader crashed ({how}): report it with the text")

    def end(self) -> None:
        """Kill the process and wait for its end."""
        self.process.kill()
        self.process.join()


class ProcessRunner:
    """Work in other processes, `jobs` at a time, each replaced after so many `turns`.

    Use it in a `with` block: at its end none of them is left.
    """

    def __init__(self, jobs: int, turns: int = _TURNS) -> None:
        self._jobs = jobs
        self._turns = turns
        self._workers: list[_Worker] = []
        self._queue: deque[_Task] = deque()

    def __enter__(self) -> Self:
        start_fork_server("kg.pipeline.preload" if self._jobs > 1 else "kg.pipeline.document_steps")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill what is still at work."""
        while self._workers:
            self._workers.pop().end()

    def map(
        self,
        act: Callable[[_T], _R],
        items: Iterable[_T],
        seconds: Callable[[_T], float],
        prepare: Callable[[_T], None] = _nothing,
    ) -> Iterator[tuple[_T, _R | KgError]]:
        """Yield each item with what `act` made of it, in order.

        Several of these may run into each other: what one waits for advances the others.
        """
        waiting: deque[_Task] = deque()
        for item in items:
            waiting.append(_Task(act, item, seconds(item), prepare))
            self._queue.append(waiting[-1])
            while waiting and (waiting[0].done or len(waiting) >= _AHEAD * self._jobs):
                yield self._ended(waiting.popleft())
        while waiting:
            yield self._ended(waiting.popleft())

    def _ended(self, task: _Task) -> tuple[Any, Any]:
        while not task.done:
            self._hand_out()
            busy = {worker.process.fileno(): worker for worker in self._workers if worker.task is not None}
            for descriptor in wait(list(busy)):
                worker = busy[cast("int", descriptor)]
                if not worker.take():
                    self._stop_worker(worker)
        return task.item, task.outcome

    def _hand_out(self) -> None:
        while self._queue:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None and len(self._workers) >= self._jobs:
                return
            worker = idle or self._start_worker()
            if worker.give(self._queue[0]):
                self._queue.popleft()
                continue
            self._stop_worker(worker)
            if idle is None:
                self._queue.popleft().end(ReadingFailed("no process could be started to read it: try fewer --jobs"))

    def _start_worker(self) -> _Worker:
        worker = _Worker(WorkerProcess.start(_serve, self._turns))
        self._workers.append(worker)
        return worker

    def _stop_worker(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.end()


def _serve(connection: Connection, turns: int) -> None:
    """Do what comes in until nothing does, or until this process has grown old."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    first = _peak()
    with contextlib.suppress(EOFError, OSError):
        for turn in range(1, turns + 1):
            act, item, seconds, prepare = connection.recv()
            # What fails here fails again below, and is told there.
            attempt(prepare, item)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            outcome = attempt(act, item)
            signal.setitimer(signal.ITIMER_REAL, 0)
            goes_on = turn < turns and _peak() - first < _GROWTH
            connection.send((outcome, goes_on))
            if not goes_on:
                return


def _peak() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
