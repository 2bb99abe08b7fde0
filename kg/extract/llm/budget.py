"""What a build may spend on a language model, counted over all of its processes.

The count stands in a file that the processes lock: a worker is killed without notice, and what it spent stays spent. A
request is counted by estimate before it is asked and by what it was once it is answered, so that requests at the same
time cannot run over the budget together; one that only those under way leave no room for waits for them.
"""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from kg.errors import BudgetSpent
from kg.extract.proposal import Usage

if sys.platform != "win32":
    import fcntl

__all__ = ["Budget"]

_LENGTH = 160
_PATIENCE, _PAUSE = 300.0, 0.05
"""Seconds that a request waits for those under way, and between two looks."""
_CHARACTERS, _ANSWER = 3, 1000
"""Characters that are a token, at worst, and tokens that an answer is taken for until it is there."""


@dataclass(slots=True)
class _Count:
    """Tokens sent and received, those of requests under way; `closed` once the budget has refused one."""

    sent: int = 0
    received: int = 0
    sending: int = 0
    receiving: int = 0
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `tokens`, sent and received, and `cost` at `price` for a million of each, counted in the file `path`."""

    path: str
    tokens: int | None = None
    cost: float | None = None
    price: tuple[float, float] = (0.0, 0.0)

    def reserve(self, question: str) -> Usage:
        """Count a request before it is asked, and return what for; raises `BudgetSpent` where it does not fit in."""
        taken = Usage(1, len(question) // _CHARACTERS + 1, _ANSWER)
        until = time.monotonic() + _PATIENCE
        while (fits := self._takes(taken, wait=time.monotonic() < until)) is None:
            time.sleep(_PAUSE)
        if not fits:
            raise BudgetSpent(f"{self} is spent: build again with another, what was answered is kept")
        return taken

    def _takes(self, taken: Usage, *, wait: bool) -> bool | None:
        """Count a request if it fits in; None where it may once those under way are answered."""
        with self._count() as count:
            sent, received = count.sent + taken.input_tokens, count.received + taken.output_tokens
            if count.closed or self._is_over(sent, received):
                count.closed = True
                return False
            if self._is_over(sent + count.sending, received + count.receiving):
                # What a process that was killed had under way is never answered.
                count.closed = not wait
                return None if wait else False
            count.sending += taken.input_tokens
            count.receiving += taken.output_tokens
            return True

    def settle(self, reserved: Usage, spent: Usage) -> None:
        """Count a request as what it was; where the endpoint does not tell, the estimate stands."""
        told = spent if not spent.requests or spent.input_tokens + spent.output_tokens else reserved
        with self._count() as count:
            count.sent += told.input_tokens
            count.received += told.output_tokens
            count.sending -= reserved.input_tokens
            count.receiving -= reserved.output_tokens

    def __str__(self) -> str:
        """Say how much it is."""
        tokens = "" if self.tokens is None else f"{self.tokens} tokens"
        cost = "" if self.cost is None else f"{self.cost:g}"
        return f"the budget of {' and '.join(filter(None, (tokens, cost)))}"

    def _is_over(self, sent: int, received: int) -> bool:
        cost = (sent * self.price[0] + received * self.price[1]) / 1e6
        too_long = self.tokens is not None and sent + received > self.tokens
        return too_long or (self.cost is not None and cost > self.cost)

    @contextmanager
    def _count(self) -> Iterator[_Count]:
        """Give the count, locked, and write it back."""
        with Path(self.path).open("r+b") as file:
            _lock(file)
            data = file.read()
            count = _Count(**json.loads(data)) if data else _Count()
            yield count
            file.seek(0)
            # Of one length, in one write: a process that is killed leaves the old count or the new one.
            file.write(json.dumps(asdict(count)).ljust(_LENGTH).encode())


def _lock(file: IO[bytes]) -> None:
    """Lock a file until it is closed; on Windows one process reads."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX)
