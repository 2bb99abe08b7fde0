"""Assistants at the server: what they ask goes to the same workers, within the same limits, as all other questions.

Over HTTP they are answered at one address, one JSON message for each POST; a session keeps no state. The protocol's SDK
is imported when the first of them asks. https://modelcontextprotocol.io/specification/, "Streamable HTTP"
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import KgError
from kg.mcp.calls import CallTool, ReadResource
from kg.server.access import AccessPolicy
from kg.server.fair_queue import Busy
from kg.server.protocol import HttpError
from kg.server.scheduler import Scheduler
from kg.server.worker import ErrorResponse

__all__ = ["AssistantEndpoint", "answer_task"]

_MAX_BODY = 1 << 18
"""Bytes of a message: queries may be long."""


async def answer_task(
    scheduler: Scheduler,
    task: CallTool | ReadResource,
    client: str,
    disconnected: Callable[[], Awaitable[object]],
) -> tuple[bytes, str]:
    """Return what a worker answers to an assistant, and its media type; raise `KgError` with the reason in one line."""
    if isinstance(task, CallTool):
        task = replace(task, commit=scheduler.workers.commit_number)
    try:
        response = await scheduler.answer(task, client, disconnected)
    except Busy as error:
        raise KgError(f"{error}") from error
    if isinstance(response, ErrorResponse):
        raise KgError(response.message)
    if isinstance(response.content, Path):
        content = await asyncio.to_thread(response.content.read_bytes)
        response.content.unlink()
        return content, response.media_type
    return response.content, response.media_type


class AssistantEndpoint:
    """ASGI application: the protocol over HTTP, for reading."""

    def __init__(self, scheduler: Scheduler, access: AccessPolicy) -> None:
        self._scheduler = scheduler
        self._access = access
        self._lock = asyncio.Lock()
        self._handle: ASGIApp | None = None
        self._running: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a message; raise `HttpError` for one that a page of another site sent, or without the SDK."""
        _check_origin(Request(scope), self._access)
        async with self._lock:
            handle = self._handle or await self._start()
        await handle(scope, receive, send)

    async def close(self) -> None:
        """End what answers messages."""
        self._ended.set()
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    async def _start(self) -> ASGIApp:
        try:
            manager = await asyncio.to_thread(self._manager)
        except ImportError as error:
            raise HttpError(501, "assistants need the SDK of their protocol here: pip install 'kg[mcp]'") from error
        ready = asyncio.Event()
        # What a task group starts must end in the task that opened it: that is no request's.
        self._running = asyncio.create_task(self._run(manager, ready))
        await ready.wait()
        handle: ASGIApp = manager.handle_request
        self._handle = handle
        return handle

    async def _run(self, manager: Any, ready: asyncio.Event) -> None:
        async with manager.run():
            ready.set()
            await self._ended.wait()

    def _manager(self) -> Any:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from kg.mcp.protocol import protocol_server

        server = protocol_server(self._ask)
        return StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=_MAX_BODY)

    async def _ask(self, task: CallTool | ReadResource, request: Any) -> tuple[bytes, str]:
        async def disconnected() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass

        client = request.client.host if request.client else ""
        return await answer_task(self._scheduler, task, client, disconnected)


def _check_origin(request: Request, access: AccessPolicy) -> None:
    """Raise `HttpError` for a message that a page of a site sent which may not: the protocol asks servers to look."""
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.url.netloc}"
    if origin is not None and origin not in {own, *access.origins}:
        raise HttpError(403, f"pages of {origin[:100]} may not ask here: start the server with --cors for them")
