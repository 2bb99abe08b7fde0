"""Keeping up with the store: whoever builds, questions are answered from its last commit but moments ago."""

import asyncio
import logging
import shutil
from contextlib import suppress
from pathlib import Path

from kg.errors import KgError
from kg.server.worker_pool import WorkerPool
from kg.store import Replica

__all__ = ["StoreWatcher"]

_LOG = logging.getLogger("kg.server")
_LOOK = 0.25
"""Seconds between two looks at the journal."""
_AGAIN = 5.0
"""Seconds after which a store that could not be followed is tried again."""


class StoreWatcher:
    """Gives a crew the store in `folder` as it is now, and again after each commit; `work` is a folder of its own.

    `last_error` says why the store cannot be followed any more, where that is so; the last snapshot goes on answering.
    """

    def __init__(self, folder: Path, work: Path) -> None:
        self.last_error: str | None = None
        self.folder = folder
        self._work = work
        self._tries = 0
        self._one = asyncio.Lock()
        self._follower: Replica | None = None

    def open(self) -> Replica:
        """Open the store, and return what follows it; raise what `Replica` raises."""
        self._tries += 1
        place = self._work / str(self._tries)
        place.mkdir(parents=True)
        self._follower = Replica(self.folder, place)
        return self._follower

    async def watch(self, crew: WorkerPool) -> None:
        """Renew the crew's snapshot after each commit, until cancelled."""
        while True:
            await asyncio.sleep(_AGAIN if self.last_error else _LOOK)
            await self.refresh(crew)

    async def refresh(self, crew: WorkerPool) -> None:
        """Renew the crew's snapshot now, where there has been a commit."""
        async with self._one:
            try:
                await asyncio.to_thread(self._renew, crew, asyncio.get_running_loop())
            except (KgError, OSError) as error:
                said = " ".join(str(error).split())
                if said != self.last_error:
                    _LOG.error("the store cannot be followed, its last state is still answered from: %s", said)
                self.last_error = said

    def _renew(self, crew: WorkerPool, loop: asyncio.AbstractEventLoop) -> None:
        if self._follower is None or self.last_error:
            self.close()
            follower, changed = self.open(), True
        else:
            follower, changed = self._follower, self._follower.follow()
        if changed:
            loop.call_soon_threadsafe(crew.renew, follower.snapshot())
        self.last_error = None

    def close(self) -> None:
        """Let go of the store; snapshots stay."""
        if self._follower is not None:
            with suppress(KgError):
                self._follower.close()
            self._follower = None

    def clean(self) -> None:
        """Let go of everything."""
        self.close()
        shutil.rmtree(self._work, ignore_errors=True)
