"""What handlers answer from: workers for questions, a writer for changes, a desk for reviewers' cards."""

from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kg.server.fair_queue import Busy
from kg.server.protocol import HttpError
from kg.server.review_desk import ReviewDesk
from kg.server.scheduler import Scheduler
from kg.server.store_watcher import StoreWatcher
from kg.server.tasks import Task
from kg.server.worker import ErrorResponse
from kg.server.writer import Change, Writer

__all__ = ["Backend"]

_BUSY = 503
_CHUNK = 1 << 16


class Backend:
    """The store behind the server; `scheduler` answers questions, `desk` gives cards, `watcher` follows the journal."""

    def __init__(self, scheduler: Scheduler, watcher: StoreWatcher) -> None:
        self.scheduler = scheduler
        self.watcher = watcher
        self.desk = ReviewDesk(watcher)
        self._writer = Writer(watcher.folder)

    async def answer(self, request: Request, task: Task) -> Response:
        """Answer a task in a worker; raise `HttpError` where there is no answer."""
        client = request.client.host if request.client else ""

        async def disconnected() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass

        try:
            response = await self.scheduler.answer(task, client, disconnected)
        except Busy as error:
            raise HttpError(503, str(error), {"retry-after": "5"}) from error
        if isinstance(response, ErrorResponse):
            raise HttpError(response.status, response.message)
        headers = {"vary": "accept"}
        if isinstance(response.content, bytes):
            return Response(response.content, media_type=response.media_type, headers=headers)
        headers["content-length"] = str(response.content.stat().st_size)
        return StreamingResponse(_chunks(response.content), media_type=response.media_type, headers=headers)

    async def change(self, change: Change, status: int = 200) -> Response:
        """Make a change and answer with its result; whoever asks after it sees it. Raises `HttpError`."""
        response = await self._writer.write(change)
        if isinstance(response, ErrorResponse):
            headers = {"retry-after": "5"} if response.status == _BUSY else None
            raise HttpError(response.status, response.message, headers, response.detail)
        await self.watcher.refresh(self.scheduler.workers)
        return Response(response.content, status, media_type=response.media_type)


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield the content of a file, which is removed from its folder as soon as it is open."""
    with path.open("rb") as file:
        path.unlink()
        while chunk := file.read(_CHUNK):
            yield chunk
