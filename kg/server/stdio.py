"""Assistants on this machine: the protocol over standard input and output, the store behind it as the server has it.

https://modelcontextprotocol.io/specification/, "stdio"
"""

import asyncio
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.mcp.calls import CallTool, JudgeClaim, ReadResource
from kg.mcp.protocol import protocol_server
from kg.processes import check_socket_folder
from kg.server.assistants import answer_task
from kg.server.fair_queue import Busy
from kg.server.scheduler import Concurrency, Scheduler
from kg.server.store_watcher import StoreWatcher
from kg.server.worker import ErrorResponse, Limits
from kg.server.writer import Writer
from kg.store import EVERYTHING, IndexSnapshot, Selection

__all__ = ["StdioConfig", "run"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class StdioConfig:
    """What an assistant is told, within which limits; `author` is the person whose verdicts he records, if anybody."""

    store: Path
    limits: Limits = field(default_factory=Limits)
    concurrency: Concurrency = field(default_factory=Concurrency)
    selection: Selection = EVERYTHING
    author: str | None = None


def run(config: StdioConfig) -> None:
    """Answer until standard input is closed, or a signal says to end.

    Raises:
        KgError: where the store cannot be read, or no processes can be started; `NotAStore` where there is none.

    """
    check_socket_folder()
    work = Path(tempfile.mkdtemp(prefix="kg-mcp-"))
    try:
        session = _Session(config, work)
        asyncio.run(session.run())
    finally:
        shutil.rmtree(work, ignore_errors=True)


class _Session:
    """One assistant, from the opening of the store to the end of his input."""

    def __init__(self, config: StdioConfig, work: Path) -> None:
        answers = work / "answers"
        answers.mkdir()
        self._work = work
        self._config = config
        self._watcher = StoreWatcher(config.store, work / "store", selection=config.selection)
        self._scheduler = Scheduler(answers, config.limits, config.concurrency)
        self._writer = Writer(config.store)
        self._snapshot: IndexSnapshot = self._watcher.open()
        self._ready: asyncio.Task[None] | None = None

    async def run(self) -> None:
        from mcp.server.stdio import stdio_server

        loop = asyncio.get_running_loop()
        # Workers start within, when neither end of the wire can reach them.
        async with stdio_server() as (incoming, outgoing):
            for number in _SIGNALS:
                loop.add_signal_handler(number, self._end_at_once, number)
            self._ready = asyncio.create_task(self._scheduler.start(self._snapshot))
            watch = asyncio.create_task(self._watch())
            server = protocol_server(self._ask, self._judge if self._config.author else None)
            try:
                await server.run(incoming, outgoing, server.create_initialization_options())
            finally:
                watch.cancel()
                self._ready.cancel()
                await asyncio.gather(watch, self._ready, return_exceptions=True)
                await self._scheduler.stop()
                self._watcher.clean()

    def _end_at_once(self, number: int) -> None:
        # The thread that waits for input cannot be woken: nothing else would end this process in time.
        with suppress(KgError, OSError):
            self._watcher.close()
        shutil.rmtree(self._work, ignore_errors=True)
        os._exit(128 + number)

    async def _started(self) -> None:
        if self._ready is not None:
            # On a busy machine the first process may come late: each call waits for one itself, and says if none came.
            with suppress(Busy):
                await asyncio.shield(self._ready)

    async def _watch(self) -> None:
        await self._started()
        await self._watcher.watch(self._scheduler.workers)

    async def _ask(self, task: CallTool | ReadResource, _: object) -> tuple[bytes, str]:
        await self._started()
        # Who gives a call up cancels it, and its worker ends with it: there is no connection to be watched.
        return await answer_task(self._scheduler, task, "", asyncio.Event().wait)

    async def _judge(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._started()
        response = await self._writer.write(JudgeClaim(self._config.author or "", arguments))
        if isinstance(response, ErrorResponse):
            raise KgError(response.message)
        await self._watcher.refresh(self._scheduler.workers)
        told: Mapping[str, Any] = json.loads(response.content) if isinstance(response.content, bytes) else {}
        return told
