"""Gives queries to workers: a fair queue before them, a deadline for each.

What was answered before from the same snapshot is given again at once. Of the rest, as many run at full speed as there
are fast slots. One that takes long moves to a slow slot: it goes on at the lowest priority beside the others, so that a
short query waits neither in the queue nor for a processor core. A worker is killed when its deadline has passed and
when its client has disconnected.
"""

import asyncio
import itertools
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from kg.server.answer_cache import AnswerCache
from kg.server.fair_queue import FairQueue, Slot
from kg.server.tasks import Task
from kg.server.worker import Answer, ErrorResponse, Limits
from kg.server.worker_pool import QueryWorker, WorkerPool
from kg.store import IndexSnapshot

__all__ = ["CLIENT_DISCONNECTED", "Concurrency", "Scheduler"]

_LONG_SECONDS = 0.15
"""How long a query may hold a fast slot, and so how long those that hurt keep one another waiting."""
_STARVED_SECONDS = 1.0
"""How long one may hold it that a busy machine keeps from computing: to end its worker would make more work."""

CLIENT_DISCONNECTED = ErrorResponse(499, "the client disconnected")
"""What no client receives; it stands in the log."""


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many queries run at full speed, run slowly beside those, and wait; and for how many seconds one may wait."""

    fast: int = max(2, os.cpu_count() or 2)
    slow: int = 6
    waiting: int = 256
    seconds: float = 30.0


class Scheduler:
    """Answers tasks from the newest snapshot.

    `running` counts the queries at work, `stopped` those that were ended before their answer, by reason;
    `answers` are those that are given again as long as the snapshot stays.
    """

    def __init__(self, folder: Path, limits: Limits, concurrency: Concurrency) -> None:
        self.limits = limits
        self.answers = AnswerCache()
        self.running = 0
        self.stopped: Counter[str] = Counter()
        self.workers = WorkerPool(folder, limits, concurrency.fast)
        self._concurrency = concurrency
        self._queue = FairQueue(concurrency.fast, concurrency.slow, concurrency.waiting)
        self._numbers = itertools.count(1)

    @property
    def waiting(self) -> int:
        """How many queries wait."""
        return len(self._queue)

    async def start(self, snapshot: IndexSnapshot) -> None:
        """Start the workers on a snapshot."""
        await self.workers.start(snapshot)

    async def stop(self) -> None:
        """End the workers."""
        await self.workers.stop()

    async def answer(
        self, task: Task, client: str, disconnected: Callable[[], Awaitable[object]]
    ) -> Answer | ErrorResponse:
        """Answer a task.

        Args:
            task: what is asked.
            client: its address; clients take turns.
            disconnected: returns when the client has disconnected, which ends its query.

        Raises:
            Busy: where the queue is full, or the query has waited too long.

        """
        known = self.answers.get(self.workers.snapshot, task)
        if known is not None:
            return known
        slot = await self._queue.acquire(client, self._concurrency.seconds)
        self.running += 1
        try:
            return await self._run(await self.workers.acquire(), task, disconnected, slot)
        finally:
            self.running -= 1
            slot.release()

    async def _run(
        self, worker: QueryWorker, task: Task, disconnected: Callable[[], Awaitable[object]], slot: Slot
    ) -> Answer | ErrorResponse:
        number, deadline = next(self._numbers), asyncio.get_running_loop().time() + self.limits.seconds
        is_slow = has_ended = is_disconnected = False
        response: Answer | ErrorResponse | None = None
        try:
            worker.process.send((task, number))
            response = await _quick_response(worker, deadline)
            if response is None:
                is_slow = True
                worker.process.lower_priority()
                slot.move_to_slow()
                response, is_disconnected = await _slow_response(worker, deadline, disconnected)
        except EOFError:
            has_ended = True
        except BaseException:
            self.workers.discard(worker)
            raise
        if response is not None:
            if isinstance(response, Answer):
                self._keep(worker, task, response)
            self._release(worker, is_slow=is_slow)
            return response
        exit_code = self.workers.discard(worker)
        exit_code.add_done_callback(lambda _: (self.workers.folder / str(number)).unlink(missing_ok=True))
        if is_disconnected:
            self.stopped["client"] += 1
            return CLIENT_DISCONNECTED
        # Only a process that ended by itself is waited for: to free a gigabyte takes a while.
        return self._stopped_because(await exit_code if has_ended else None)

    def _keep(self, worker: QueryWorker, task: Task, answer: Answer) -> None:
        if worker.snapshot is self.workers.snapshot:
            self.answers.put(worker.snapshot, task, answer)

    def _release(self, worker: QueryWorker, *, is_slow: bool) -> None:
        # To raise a priority again takes rights that the server may not have.
        if is_slow:
            self.workers.discard(worker)
        else:
            self.workers.release(worker)

    def _stopped_because(self, exit_code: int | None) -> ErrorResponse:
        """Return why a worker ended during a query, from its exit code; None where it was killed at its deadline."""
        if exit_code is None:
            self.stopped["time"] += 1
            seconds = f"{self.limits.seconds:g} s"
            return ErrorResponse(503, f"the query took longer than the {seconds} that it may: ask for less")
        if exit_code in {-signal.SIGSEGV, -signal.SIGBUS}:
            self.stopped["depth"] += 1
            return ErrorResponse(503, "the query is nested deeper than the engine can follow: simplify it")
        self.stopped["memory"] += 1
        memory = self.limits.memory >> 20
        return ErrorResponse(503, f"the query took more than the {memory} MB of memory that it may: ask for less")


async def _quick_response(worker: QueryWorker, deadline: float) -> Answer | ErrorResponse | None:
    """Return the response of a query; None where it takes long. Nobody asks so soon whether its client has gone."""
    now = asyncio.get_running_loop().time
    begun, patience = worker.process.processor_seconds(), min(now() + _STARVED_SECONDS, deadline)
    while True:
        try:
            async with asyncio.timeout(_LONG_SECONDS):
                response: Answer | ErrorResponse = await worker.process.receive_async()
                return response
        except TimeoutError:
            spent = worker.process.processor_seconds()
            if begun is None or spent is None or spent - begun >= _LONG_SECONDS / 2 or now() >= patience:
                return None


async def _slow_response(
    worker: QueryWorker, deadline: float, disconnected: Callable[[], Awaitable[object]]
) -> tuple[Answer | ErrorResponse | None, bool]:
    """Return the response of a query that takes long, if one comes in time, and whether its client has gone."""
    response = asyncio.ensure_future(worker.process.receive_async())
    disconnect = asyncio.ensure_future(disconnected())
    seconds = max(deadline - asyncio.get_running_loop().time(), 0)
    try:
        await asyncio.wait({response, disconnect}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return response.result() if response.done() else None, disconnect.done()
    finally:
        disconnect.cancel()
        response.cancel()
