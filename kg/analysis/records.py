"""What analyses answer with, as data: ranges instead of guesses, sums with their currency, rows that name their claims.

Shares are fractions in 0–1 throughout (a claim's percentages are divided by a hundred); people read them as
percentages. What is not known exactly is an `Interval`; a question whose answer an interval leaves open is
`TriState.UNDECIDED`. `kg.analysis.results` has the forms that a result can take.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, overload

from kg.facts import claims_of
from kg.model import Claim

__all__ = ["LazyClaims", "ResultData", "Row"]


class LazyClaims(Sequence[Claim]):
    """The claims that made a number, looked up when they are first asked for: a graph has many rows, a reader few."""

    def __init__(self, work: Callable[[], tuple[Claim, ...]]) -> None:
        self._work: Callable[[], tuple[Claim, ...]] | None = work
        self._claims: tuple[Claim, ...] = ()

    def _resolved(self) -> tuple[Claim, ...]:
        if self._work is not None:
            self._claims, self._work = self._work(), None
        return self._claims

    @overload
    def __getitem__(self, at: int) -> Claim: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Claim, ...]: ...
    def __getitem__(self, at: int | slice) -> Claim | tuple[Claim, ...]:
        return self._resolved()[at]

    def __len__(self) -> int:
        return len(self._resolved())

    def __eq__(self, other: object) -> bool:
        return self._resolved() == (other._resolved() if isinstance(other, LazyClaims) else other)

    def __hash__(self) -> int:
        return hash(self._resolved())

    def __repr__(self) -> str:
        return repr(self._resolved())


class Row(Protocol):
    """A line of a result."""

    @property
    def claims(self) -> Sequence[Claim]:
        """The claims that made it, and nothing else did."""

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield what a table shows of it, by column: mostly one line, of a loop of deals one a leg.

        A value is text, a number, an `Interval` (a share), a `Money`, an `Entity`, a `TriState`, None for what is
        not known, or under ``claims`` the claims that this line of the table rests on.
        """


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class ResultData(Sequence[R], Generic[R]):
    """What an analysis found: typed rows, and notes on what was left out, assumed or at odds, a line each.

    `name` is that of the analysis ("control"), `title` says what it answers. `shape` tells how it is best
    looked at: "bars" (a number for each row), "graph" (its rows tie companies) or "" (a table).
    """

    name: str
    title: str
    rows: tuple[R, ...]
    notes: tuple[str, ...] = ()
    shape: str = field(default="", compare=False)

    @overload
    def __getitem__(self, at: int) -> R: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[R, ...]: ...
    def __getitem__(self, at: int | slice) -> R | tuple[R, ...]:
        return self.rows[at]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[R]:
        """Iterate over the rows, in their order."""
        return iter(self.rows)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims that made the result, each once."""
        return claims_of(*(row.claims for row in self.rows))
