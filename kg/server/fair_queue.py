"""A fair queue: so many go at once, clients take turns, and who takes long makes room."""

import asyncio
from collections import OrderedDict, deque

__all__ = ["Busy", "FairQueue", "Slot"]


class Busy(Exception):
    """More wait than may, or one has waited longer than it may."""


class FairQueue:
    """Places for `fast` at once, with `slow` more aside for those that take long.

    Of the clients that wait, `most` questions of theirs in all, the one served least recently comes next.
    """

    def __init__(self, fast: int, slow: int, most: int) -> None:
        self._free = fast
        self._aside = slow
        self._most = most
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._waiting.values()))

    async def take(self, client: str, seconds: float) -> "Slot":
        """Wait for a place; raise `Busy` where too many wait already, or after so many seconds."""
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return Slot(self)
        if len(self) >= self._most:
            raise Busy("too many questions are waiting: try again later")
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        try:
            async with asyncio.timeout(seconds):
                await place
        except BaseException as error:
            self._leave(client, place)
            if isinstance(error, TimeoutError):
                raise Busy("the question has waited too long for others: try again later") from error
            raise
        return Slot(self)

    def _leave(self, client: str, place: "asyncio.Future[None]") -> None:
        """Stand in the queue no more; a place that came too late goes to the next."""
        places = self._waiting.get(client, deque())
        if place in places:
            places.remove(place)
            if not places:
                del self._waiting[client]
        elif place.done() and not place.cancelled():
            self.give()

    def give(self, *, aside: bool = False) -> None:
        """Give a place back: one aside, or one to the client whose turn it is, who then stands last."""
        if aside:
            self._aside += 1
            return
        self._free += 1
        while self._free > 0 and self._waiting:
            client, places = self._waiting.popitem(last=False)
            place = places.popleft()
            if places:
                self._waiting[client] = places
            if not place.done():
                self._free -= 1
                place.set_result(None)

    def step_aside(self) -> bool:
        """Give a place back for one aside, where there is one; tell whether there was."""
        if self._aside == 0:
            return False
        self._aside -= 1
        self.give()
        return True


class Slot:
    """Somebody's place."""

    def __init__(self, turns: FairQueue) -> None:
        self._turns = turns
        self._aside = False

    def make_room(self) -> None:
        """Go on aside, where there is room, so that the next can come."""
        self._aside = self._aside or self._turns.step_aside()

    def leave(self) -> None:
        """Give the place back."""
        self._turns.give(aside=self._aside)
