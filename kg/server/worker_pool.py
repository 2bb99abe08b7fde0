"""The worker processes: some stand ready on the newest snapshot, so that no query waits for a process to start."""

import asyncio
from collections import Counter, deque
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from kg.processes import WorkerProcess, start_fork_server
from kg.server.fair_queue import Busy
from kg.server.worker import Limits, serve
from kg.store import IndexSnapshot

__all__ = ["QueryWorker", "WorkerPool"]

_MAX_TASKS = 5000
"""Tasks after which a worker is replaced: memory that was once taken is not given back."""
_WAIT_SECONDS = 20.0
"""How long a query waits for a worker to be ready."""
_START_SECONDS = 120.0
"""How long a worker may take to get ready: on a busy machine it takes many times what it needs alone."""
_RETRY_SECONDS = 0.3
"""The pause before another worker is started where one died before it was ready."""


class QueryWorker:
    """A process that answers queries from a snapshot; `tasks` counts the tasks that it has done."""

    def __init__(self, process: WorkerProcess, snapshot: IndexSnapshot) -> None:
        self.process = process
        self.snapshot = snapshot
        self.tasks = 0


class WorkerPool:
    """Keeps `size` idle workers ready; they answer within `limits`, and write large answers into `folder`.

    `snapshot` is what they answer from; `sandboxed` says whether the operating system keeps all of them from the
    network.
    """

    def __init__(self, folder: Path, limits: Limits, size: int) -> None:
        self.folder = folder
        self.limits = limits
        self.sandboxed = True
        self._size = size
        self._executor = ThreadPoolExecutor(1, "kg-start-worker")
        self.snapshot: IndexSnapshot | None = None
        self._in_use: Counter[Path] = Counter()
        self._idle: deque[QueryWorker] = deque()
        self._changed = asyncio.Condition()
        self._starting = 0
        self._waiting = 0
        self._background: set[asyncio.Task[None]] = set()

    @property
    def commit_number(self) -> int:
        """The number of the commit that queries are answered from."""
        return 0 if self.snapshot is None else self.snapshot.number

    async def start(self, snapshot: IndexSnapshot) -> None:
        """Start workers on a snapshot; return when one is ready, and raise `Busy` where none becomes so."""
        await asyncio.get_running_loop().run_in_executor(self._executor, start_fork_server, "kg.server.preload")
        self.replace_snapshot(snapshot)
        self.release(await self.acquire(_START_SECONDS))

    def replace_snapshot(self, snapshot: IndexSnapshot) -> None:
        """Answer from another snapshot from now on; a worker that is busy finishes its task on the old one."""
        old, self.snapshot = self.snapshot, snapshot
        while self._idle:
            self._stop(self._idle.popleft())
        if old is not None:
            self._discard_if_unused(old)
        self._start_missing()

    async def stop(self) -> None:
        """End all idle workers, and those that are starting."""
        self.snapshot = None
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        for worker in self._idle:
            worker.process.kill()
        for worker in self._idle:
            worker.process.join()
        self._idle.clear()
        self._executor.shutdown()

    # ------------------------------------------------------------------------------ lending
    async def acquire(self, seconds: float = _WAIT_SECONDS) -> QueryWorker:
        """Return a worker, to be passed to `release` or `discard`; raise `Busy` where none is ready in time."""
        if not self._idle:
            await self._wait(seconds)
        worker = self._idle.popleft()
        # The next query need not wait for a process, whatever this one takes.
        self._start_missing()
        self._in_use[worker.snapshot.index] += 1
        return worker

    async def _wait(self, seconds: float) -> None:
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds), self._changed:
                self._start_missing()
                await self._changed.wait_for(lambda: self._idle)
        except TimeoutError as error:
            raise Busy("no process could be started for the query: try again later") from error
        finally:
            self._waiting -= 1

    def release(self, worker: QueryWorker) -> None:
        """Take a worker back after its task; one that is old, or on an old snapshot, is replaced."""
        worker.tasks += 1
        if worker.tasks >= _MAX_TASKS or worker.snapshot is not self.snapshot:
            self.discard(worker)
            return
        self._in_use[worker.snapshot.index] -= 1
        self._idle.append(worker)
        if self._waiting:
            self._run_in_background(self._notify())

    def discard(self, worker: QueryWorker) -> "asyncio.Future[int]":
        """Kill a worker that was acquired, and start another; the future gives its exit code."""
        self._in_use[worker.snapshot.index] -= 1
        exit_code = self._stop(worker)
        self._discard_if_unused(worker.snapshot)
        self._start_missing()
        return exit_code

    def _stop(self, worker: QueryWorker) -> "asyncio.Future[int]":
        worker.process.kill()
        return asyncio.get_running_loop().run_in_executor(None, worker.process.join)

    # ------------------------------------------------------------------------------ starting
    def _start_missing(self) -> None:
        while self.snapshot is not None and len(self._idle) + self._starting < self._size:
            self._starting += 1
            self._run_in_background(self._start(self.snapshot))

    async def _start(self, snapshot: IndexSnapshot) -> None:
        try:
            worker = await asyncio.get_running_loop().run_in_executor(self._executor, self._start_process, snapshot)
            try:
                async with asyncio.timeout(_START_SECONDS):
                    self.sandboxed = bool(await worker.process.receive_async()) and self.sandboxed
            except (EOFError, TimeoutError, asyncio.CancelledError):
                worker.process.kill()
                await asyncio.sleep(_RETRY_SECONDS)
                raise
        except (EOFError, OSError, TimeoutError):
            worker = None
        finally:
            self._starting -= 1
        if worker is not None and snapshot is self.snapshot:
            self._idle.append(worker)
            await self._notify()
            return
        if worker is not None:
            worker.process.kill()
        self._start_missing()

    def _start_process(self, snapshot: IndexSnapshot) -> QueryWorker:
        process = WorkerProcess.start(serve, snapshot, self.limits, self.folder, own_group=True)
        return QueryWorker(process, snapshot)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _discard_if_unused(self, snapshot: IndexSnapshot) -> None:
        """Remove the files of a snapshot that has been replaced and that no worker uses."""
        if snapshot is not self.snapshot and not self._in_use[snapshot.index]:
            del self._in_use[snapshot.index]
            snapshot.discard()

    def _run_in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
