"""Keeps up with the store: whoever writes it, queries are answered from its last commit, and for today."""

import asyncio
import datetime as dt
import logging
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from kg import settings
from kg.errors import KgError, StoreError
from kg.server.worker_pool import WorkerPool
from kg.store import EVERYTHING, IndexSnapshot, NarrowedFolder, Replica, Selection, Store

__all__ = ["StoreWatcher"]

_LOG = logging.getLogger("kg.server")
_POLL_SECONDS = 0.25
"""The pause between two looks at the journal and the calendar."""
_RETRY_SECONDS = 5.0
"""The pause before a store that could not be read is tried again."""


class StoreWatcher:
    """Gives a worker pool a snapshot of the store: at the start, after each commit, and when the day changes.

    `last_error` says why the store cannot be read any more, None while it can; until then queries are answered from
    the last snapshot. `day` is the day for which the last snapshot says which facts hold.

    Args:
        folder: the store.
        work: a folder of its own, which it creates.
        today: returns the day for which it is decided what holds.
        selection: what of the store is served; of the rest, nothing reaches a query.

    """

    def __init__(
        self,
        folder: Path,
        work: Path,
        today: Callable[[], dt.date] = settings.today,
        selection: Selection = EVERYTHING,
    ) -> None:
        self.last_error: str | None = None
        self.folder = folder
        self.day = today()
        self._work = work
        self._today = today
        self._opened = 0
        self._lock = asyncio.Lock()
        self.selection = selection
        self._part: NarrowedFolder | None = None
        self._replica: Replica | None = None
        self._on_change: list[Callable[[str | None], object]] = []

    def store(self) -> Store:
        """Return the store as it stands in this process, for reading; raise `StoreError` while it cannot be read."""
        replica = self._replica
        if replica is None:
            raise StoreError(f"the store cannot be read: {self.last_error}")
        return replica.store

    def on_change(self, listen: Callable[[str | None], object]) -> None:
        """Have each document told that a commit changed, by its id; None where any may have changed."""
        self._on_change.append(listen)

    def open(self) -> IndexSnapshot:
        """Open the store and return its first snapshot; raise `NotAStore` or `StoreError` where it cannot be read."""
        self._opened += 1
        work = self._work / str(self._opened)
        work.mkdir(parents=True)
        folder = self.folder
        if self.selection.narrows:
            self._part = NarrowedFolder(folder, work / "narrowed", self.selection)
            folder = self._part.folder
        self._replica = Replica(folder, work, self._today, self.selection)
        self.day = self._today()
        return self._replica.snapshot()

    async def watch(self, workers: WorkerPool) -> None:
        """Refresh the workers' snapshot again and again, until cancelled."""
        while True:
            await asyncio.sleep(_RETRY_SECONDS if self.last_error else _POLL_SECONDS)
            await self.refresh(workers)

    async def refresh(self, workers: WorkerPool) -> None:
        """Give the workers a new snapshot, where there has been a commit or the day has changed."""
        async with self._lock:
            try:
                snapshot = await asyncio.to_thread(self._new_snapshot)
            except (KgError, OSError) as error:
                message = " ".join(str(error).split())
                if message != self.last_error:
                    _LOG.error("the store cannot be read, its last state is still answered from: %s", message)
                self.last_error = message
                return
            self.last_error = None
            if snapshot is not None:
                workers.replace_snapshot(snapshot)

    def _new_snapshot(self) -> IndexSnapshot | None:
        if self._replica is None or self.last_error:
            self.close()
            snapshot = self.open()
            self._tell([None])
            return snapshot
        if self._part is not None:
            self._part.follow()
        has_changed = self._replica.follow()
        self._tell(self._replica.take_changed())
        day, self.day = self.day, self._today()
        return self._replica.snapshot() if has_changed or self.day != day else None

    def _tell(self, documents: Iterable[str | None]) -> None:
        for document in documents:
            for listen in self._on_change:
                listen(document)

    def close(self) -> None:
        """Close the store; snapshots stay."""
        if self._replica is not None:
            with suppress(KgError):
                self._replica.close()
            self._replica = None
        if self._part is not None:
            self._part.close()
            self._part = None

    def clean(self) -> None:
        """Close the store and remove all files."""
        self.close()
        shutil.rmtree(self._work, ignore_errors=True)
