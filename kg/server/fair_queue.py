"""A fair queue: a bounded number runs at once, clients take turns, and long work leaves its slot to others."""

import asyncio
from collections import OrderedDict, deque

__all__ = ["Busy", "FairQueue", "Slot"]


class Busy(Exception):
    """The queue is full, or a query has waited longer than it may."""


class FairQueue:
    """Slots for work: `fast` ones, and `slow` ones beside them for work that takes long.

    Up to `max_waiting` may wait. Among the clients that wait, the one served least recently comes next.

    Example:
        >>> async def example():
        ...     queue = FairQueue(fast=1, slow=0, max_waiting=10)
        ...     slot = await queue.acquire("10.0.0.1", seconds=30)
        ...     slot.release()
        ...     return len(queue)
        >>> asyncio.run(example())
        0

    """

    def __init__(self, fast: int, slow: int, max_waiting: int) -> None:
        self._free = fast
        self._free_slow = slow
        self._max_waiting = max_waiting
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._waiting.values()))

    async def acquire(self, client: str, seconds: float) -> "Slot":
        """Wait for a slot; raise `Busy` where the queue is full, or after so many seconds."""
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return Slot(self)
        if len(self) >= self._max_waiting:
            raise Busy("too many queries are waiting: try again later")
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(future)
        try:
            async with asyncio.timeout(seconds):
                await future
        except BaseException as error:
            self._cancel(client, future)
            if isinstance(error, TimeoutError):
                raise Busy("the query has waited too long for others: try again later") from error
            raise
        return Slot(self)

    def _cancel(self, client: str, future: "asyncio.Future[None]") -> None:
        """Leave the queue; a slot that was assigned in the meantime goes to the next."""
        futures = self._waiting.get(client, deque())
        if future in futures:
            futures.remove(future)
            if not futures:
                del self._waiting[client]
        elif future.done() and not future.cancelled():
            self.release(slow=False)

    def release(self, *, slow: bool) -> None:
        """Take back a slot. A fast one goes to the next client in turn, who then stands last."""
        if slow:
            self._free_slow += 1
            return
        self._free += 1
        while self._free > 0 and self._waiting:
            client, futures = self._waiting.popitem(last=False)
            future = futures.popleft()
            if futures:
                self._waiting[client] = futures
            if not future.done():
                self._free -= 1
                future.set_result(None)

    def move_to_slow(self) -> bool:
        """Exchange a fast slot for a slow one, if one is free; return whether one was."""
        if self._free_slow == 0:
            return False
        self._free_slow -= 1
        self.release(slow=False)
        return True


class Slot:
    """A slot of a queue, held until `release`."""

    def __init__(self, queue: FairQueue) -> None:
        self._queue = queue
        self._is_slow = False

    def move_to_slow(self) -> None:
        """Go on in a slow slot, if one is free, so that the next in the queue can start."""
        self._is_slow = self._is_slow or self._queue.move_to_slow()

    def release(self) -> None:
        """Give the slot back."""
        self._queue.release(slow=self._is_slow)
