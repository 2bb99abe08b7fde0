"""The workers: spare ones stand ready on the newest snapshot, so that no question waits for a start."""

import asyncio
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from kg.pipeline.forkserver import start_server
from kg.server.fair_queue import Busy
from kg.server.worker import Limits, serve
from kg.store import IndexSnapshot

__all__ = ["QueryWorker", "Worker", "WorkerPool"]

_NICEST = 19
_OLD = 500
"""Tasks after which a worker is replaced: heaps only ever grow."""
_START = 20.0
"""Seconds that a worker may take to get ready."""
_PAUSE = 0.3
"""Seconds before another is started where one died at birth."""


class Worker:
    """A process that does something for the server."""

    def __init__(self, process: ForkServerProcess, connection: Connection) -> None:
        self.turns = 0
        self._process = process
        self._connection = connection

    def tell(self, message: Any) -> None:
        """Send it something; raise `EOFError` where it has ended."""
        try:
            self._connection.send(message)
        except OSError as error:
            raise EOFError from error

    async def said(self) -> Any:
        """Wait for what it sends; raise `EOFError` where it has ended."""
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        place = self._connection.fileno()
        loop.add_reader(place, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(place)
        try:
            return self._connection.recv()
        except OSError as error:
            raise EOFError from error

    def slow_down(self) -> None:
        """Let everybody else go first."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self._process.pid or 0, _NICEST)

    def kill(self) -> None:
        """End it at once; `ended` waits for that."""
        self._process.kill()

    def ended(self) -> int:
        """Wait for the end of one that was killed or has died, and return its exit code."""
        self._process.join()
        code = self._process.exitcode or 0
        self._process.close()
        self._connection.close()
        return code


class QueryWorker(Worker):
    """A process that answers from a snapshot."""

    def __init__(self, process: ForkServerProcess, connection: Connection, snapshot: IndexSnapshot) -> None:
        super().__init__(process, connection)
        self.snapshot = snapshot


class WorkerPool:
    """Keeps `spare` workers ready, which answer within `limits` and write large answers into the folder `scratch`.

    `confined` says whether the system keeps all of them from the network.
    """

    def __init__(self, scratch: Path, limits: Limits, spare: int) -> None:
        self.scratch = scratch
        self.limits = limits
        self.confined = True
        self._spare = spare
        self._context = multiprocessing.get_context("forkserver")
        self._starter = ThreadPoolExecutor(1, "kg-starter")
        self._snapshot: IndexSnapshot | None = None
        self._in_use: Counter[Path] = Counter()
        self._idle: deque[QueryWorker] = deque()
        self._changed = asyncio.Condition()
        self._starting = 0
        self._chores: set[asyncio.Task[None]] = set()

    @property
    def number(self) -> int:
        """The number of the commit that is answered from."""
        return 0 if self._snapshot is None else self._snapshot.number

    async def start(self, snapshot: IndexSnapshot) -> None:
        """Begin with a snapshot; return when a worker stands ready, and raise `Busy` where none gets so."""
        await asyncio.get_running_loop().run_in_executor(self._starter, start_server, "kg.server.preload")
        self.renew(snapshot)
        self.give_back(await self.take())

    def renew(self, snapshot: IndexSnapshot) -> None:
        """Answer from another snapshot; who is at work ends it on the one that he has."""
        old, self._snapshot = self._snapshot, snapshot
        while self._idle:
            self.dismiss(self._idle.popleft(), counted=False)
        if old is not None:
            self._perhaps_discard(old)
        self._refill()

    async def close(self) -> None:
        """End all that stand ready."""
        self._snapshot = None
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        for worker in self._idle:
            worker.kill()
        for worker in self._idle:
            worker.ended()
        self._idle.clear()
        self._starter.shutdown()

    # ------------------------------------------------------------------------------ lending
    async def take(self) -> QueryWorker:
        """Return a worker, who is given back or dismissed; raise `Busy` where none can be started."""
        try:
            async with asyncio.timeout(_START), self._changed:
                self._refill()
                await self._changed.wait_for(lambda: self._idle)
                worker = self._idle.popleft()
        except TimeoutError as error:
            raise Busy("no process could be started for the question: try again later") from error
        self._in_use[worker.snapshot.index] += 1
        return worker

    def give_back(self, worker: QueryWorker) -> None:
        """Take a worker back, whose task is done; one that is old or behind is replaced."""
        worker.turns += 1
        if worker.turns >= _OLD or worker.snapshot is not self._snapshot:
            self.dismiss(worker)
            return
        self._in_use[worker.snapshot.index] -= 1
        self._idle.append(worker)
        self._chore(self._tell())

    def dismiss(self, worker: QueryWorker, *, counted: bool = True) -> "asyncio.Future[int]":
        """Kill a worker and see to another; the future gives its exit code."""
        worker.kill()
        if counted:
            self._in_use[worker.snapshot.index] -= 1
            self._perhaps_discard(worker.snapshot)
        self._refill()
        return asyncio.get_running_loop().run_in_executor(None, worker.ended)

    # ------------------------------------------------------------------------------ hiring
    def _refill(self) -> None:
        while self._snapshot is not None and len(self._idle) + self._starting < self._spare:
            self._starting += 1
            self._chore(self._hire(self._snapshot))

    async def _hire(self, snapshot: IndexSnapshot) -> None:
        try:
            worker = await asyncio.get_running_loop().run_in_executor(self._starter, self._started, snapshot)
            try:
                async with asyncio.timeout(_START):
                    self.confined = bool(await worker.said()) and self.confined
            except (EOFError, TimeoutError, asyncio.CancelledError):
                worker.kill()
                await asyncio.sleep(_PAUSE)
                raise
        except (EOFError, OSError, TimeoutError):
            worker = None
        finally:
            self._starting -= 1
        if worker is not None and snapshot is self._snapshot:
            self._idle.append(worker)
            await self._tell()
            return
        if worker is not None:
            worker.kill()
        self._refill()

    def _started(self, snapshot: IndexSnapshot) -> QueryWorker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, snapshot, self.limits, self.scratch), daemon=True)
        try:
            process.start()
        finally:
            theirs.close()
        return QueryWorker(process, ours, snapshot)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _perhaps_discard(self, snapshot: IndexSnapshot) -> None:
        """Remove the files of a snapshot that is over and that nobody is at work on."""
        if snapshot is not self._snapshot and not self._in_use[snapshot.index]:
            del self._in_use[snapshot.index]
            snapshot.discard()

    def _chore(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)
