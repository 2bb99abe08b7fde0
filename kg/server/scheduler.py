"""Questions to workers: a fair queue before them, a deadline over each.

As many run at full speed as there are places. One that takes long makes room: it goes on at the lowest priority
beside the others, so that a short question waits neither in the queue nor for a core. A worker is killed for a
passed deadline and for a client that has hung up.
"""

import asyncio
import itertools
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from kg.server.fair_queue import FairQueue, Slot
from kg.server.tasks import Task
from kg.server.worker import Answer, ErrorResponse, Limits
from kg.server.worker_pool import QueryWorker, WorkerPool
from kg.store import IndexSnapshot

__all__ = ["HUNG_UP", "Concurrency", "Scheduler"]

_LONG = 0.3
"""Seconds after which a question counts as a long one."""

HUNG_UP = ErrorResponse(499, "the client hung up")
"""What nobody hears."""


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many questions are at work at full speed, aside, and waiting; for how many seconds one may wait."""

    fast: int = max(2, os.cpu_count() or 2)
    slow: int = 6
    waiting: int = 256
    seconds: float = 30.0


class Scheduler:
    """Answers tasks from the newest snapshot.

    `running` counts the questions at work, `stopped` those that were ended, by the reason.
    """

    def __init__(self, scratch: Path, limits: Limits, room: Concurrency) -> None:
        self.limits = limits
        self.running = 0
        self.stopped: Counter[str] = Counter()
        self.crew = WorkerPool(scratch, limits, room.fast)
        self._room = room
        self._turns = FairQueue(room.fast, room.slow, room.waiting)
        self._numbers = itertools.count(1)

    @property
    def waiting(self) -> int:
        """How many questions wait."""
        return len(self._turns)

    async def start(self, snapshot: IndexSnapshot) -> None:
        """Begin with a snapshot."""
        await self.crew.start(snapshot)

    async def answer(self, task: Task, client: str, gone: Callable[[], Awaitable[object]]) -> Answer | ErrorResponse:
        """Answer a task; `gone` returns when the client has hung up, which ends its question.

        Raises `Busy` where there is no room.
        """
        place = await self._turns.take(client, self._room.seconds)
        self.running += 1
        try:
            return await self._answered(await self.crew.take(), task, gone, place)
        finally:
            self.running -= 1
            place.leave()

    async def _answered(
        self, worker: QueryWorker, task: Task, gone: Callable[[], Awaitable[object]], place: Slot
    ) -> Answer | ErrorResponse:
        number = next(self._numbers)
        said, left = asyncio.ensure_future(_asked(worker, task, number)), asyncio.ensure_future(gone())
        took_long = answered = hung_up = False
        try:
            done, _ = await asyncio.wait({said, left}, timeout=_LONG, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                took_long = True
                worker.slow_down()
                place.make_room()
                rest = max(self.limits.seconds - _LONG, 0)
                await asyncio.wait({said, left}, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
            answered, hung_up = said.done(), left.done()
        except asyncio.CancelledError:
            self.crew.dismiss(worker)
            raise
        finally:
            left.cancel()
            said.cancel()
        if answered and said.exception() is None:
            self._parted(worker, fresh=not took_long)
            return said.result()
        ended = self.crew.dismiss(worker)
        ended.add_done_callback(lambda _: (self.crew.scratch / str(number)).unlink(missing_ok=True))
        # Only who ended by itself is waited for: a gigabyte takes a while to be given back.
        code = await ended if answered else None
        return HUNG_UP if hung_up and self._count("client") else self._why(code)

    def _parted(self, worker: QueryWorker, *, fresh: bool) -> None:
        # One that was slowed down cannot be made fast again: that takes rights.
        if fresh:
            self.crew.give_back(worker)
        else:
            self.crew.dismiss(worker)

    def _why(self, code: int | None) -> ErrorResponse:
        """Return why a worker was lost in the midst of a question: the code that it ended with, or None if killed."""
        if code is None:
            self._count("time")
            return ErrorResponse(
                503, f"the query took longer than the {self.limits.seconds:g} s that it may: ask for less"
            )
        if code in {-signal.SIGSEGV, -signal.SIGBUS}:
            self._count("depth")
            return ErrorResponse(503, "the query is nested deeper than the engine can follow: simplify it")
        self._count("memory")
        memory = self.limits.memory >> 20
        return ErrorResponse(503, f"the query took more than the {memory} MB of memory that it may: ask for less")

    def _count(self, reason: str) -> int:
        self.stopped[reason] += 1
        return self.stopped[reason]


async def _asked(worker: QueryWorker, task: Task, number: int) -> Answer | ErrorResponse:
    worker.tell((task, number))
    found: Answer | ErrorResponse = await worker.said()
    return found
