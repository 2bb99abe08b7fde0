"""What a build may spend on a language model, counted over all of its processes.

The count stands in a file that the processes lock: a worker is killed without notice, and what it spent stays spent. A
request is counted by estimate before it is asked and by what it was once it is answered, so that requests at the same
time cannot run over the budget together.
"""

import json
import sys
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

_LENGTH = 120
_CHARACTERS, _ANSWER = 3, 1000
"""Characters that are a token, at worst, and tokens that an answer is taken for until it is there."""


@dataclass(slots=True)
class _Count:
    """Tokens sent and received, those of requests under way among them; `closed` once the budget has refused one."""

    sent: int = 0
    received: int = 0
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
        with self._count() as count:
            sent, received = count.sent + taken.input_tokens, count.received + taken.output_tokens
            if count.closed or self._is_over(sent, received):
                count.closed = True
            else:
                count.sent, count.received = sent, received
        if count.closed:
            raise BudgetSpent(f"{self} is spent: build again with another, what was answered is kept")
        return taken

    def settle(self, reserved: Usage, spent: Usage) -> None:
        """Count a request as what it was; where the endpoint does not tell, the estimate stands."""
        if spent.requests and not spent.input_tokens + spent.output_tokens:
            return
        with self._count() as count:
            count.sent += spent.input_tokens - reserved.input_tokens
            count.received += spent.output_tokens - reserved.output_tokens

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
