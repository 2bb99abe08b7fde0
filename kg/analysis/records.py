"""What analyses answer with: ranges instead of guesses, sums with their currency, rows that name their claims.

Shares are fractions in 0–1 throughout (a claim's percentages are divided by a hundred); people read them as
percentages. What is not known exactly is an `Interval`; a question whose answer an interval leaves open is
`Answer.UNDECIDED`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from kg.errors import InvalidRecord
from kg.model import Claim

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = [
    "TOLERANCE",
    "UNKNOWN",
    "Answer",
    "Interval",
    "LazyClaims",
    "Money",
    "Result",
    "Row",
    "both_ways",
    "claims_of",
]

TOLERANCE = 1e-9
"""How far a computed share may lie from a threshold and still count as equal to it: sums of products are not exact."""


class Answer(StrEnum):
    """An answer that may be left open by what is not known."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


def both_ways(*, surely: bool, perhaps: bool) -> Answer:
    """Return yes for what holds however the unknown turns out, undecided for what may hold, else no."""
    return Answer.YES if surely else Answer.UNDECIDED if perhaps else Answer.NO


@dataclass(frozen=True, slots=True)
class Interval:
    """A number of which the bounds are known: `low` ≤ it ≤ `high`. Equal bounds are an exact number.

    >>> Interval(0.2, 0.4).at_least(0.25), Interval.exactly(0.25).at_least(0.25)
    (<Answer.UNDECIDED: 'undecided'>, <Answer.YES: 'yes'>)
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Check the order of the bounds; one that floating point put a hair past the other is brought back."""
        if not self.low <= self.high + TOLERANCE:
            raise InvalidRecord(f"an interval from {self.low} to {self.high} is empty")
        if self.low > self.high:
            object.__setattr__(self, "low", self.high)

    @classmethod
    def exactly(cls, value: float) -> "Interval":
        """Return the interval that is one number."""
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether the bounds are equal, but for what floating point leaves."""
        return self.high - self.low <= TOLERANCE

    def at_least(self, threshold: float) -> Answer:
        """Tell whether the number is `threshold` or more."""
        return both_ways(surely=self.low >= threshold - TOLERANCE, perhaps=self.high >= threshold - TOLERANCE)

    def above(self, threshold: float) -> Answer:
        """Tell whether the number is more than `threshold`."""
        return both_ways(surely=self.low > threshold + TOLERANCE, perhaps=self.high > threshold + TOLERANCE)

    def hull(self, other: "Interval") -> "Interval":
        """Return the least interval that holds both: one of the two is right, and nobody knows which."""
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def meet(self, other: "Interval") -> "Interval | None":
        """Return what both allow, where both are right; None where they exclude each other."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high + TOLERANCE else None


UNKNOWN = Interval(0.0, 1.0)
"""A share of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Money:
    """A sum, in single units of an ISO 4217 `currency`; where sources differ it lies between `low` and `high`."""

    low: Decimal
    high: Decimal
    currency: str

    def plus(self, other: "Money") -> "Money":
        """Return the sum of two amounts of one currency; raise `InvalidRecord` for two currencies."""
        if self.currency != other.currency:
            raise InvalidRecord(f"{self.currency} and {other.currency} are not added up: convert one of them first")
        return Money(self.low + other.low, self.high + other.high, self.currency)


class LazyClaims(Sequence[Claim]):
    """The claims that made a number, looked up when they are first asked for: a graph has many rows, a reader few."""

    def __init__(self, work: Callable[[], tuple[Claim, ...]]) -> None:
        self._work: Callable[[], tuple[Claim, ...]] | None = work
        self._claims: tuple[Claim, ...] = ()

    def _told(self) -> tuple[Claim, ...]:
        if self._work is not None:
            self._claims, self._work = self._work(), None
        return self._claims

    @overload
    def __getitem__(self, at: int) -> Claim: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Claim, ...]: ...
    def __getitem__(self, at: int | slice) -> Claim | tuple[Claim, ...]:
        return self._told()[at]

    def __len__(self) -> int:
        return len(self._told())

    def __eq__(self, other: object) -> bool:
        return self._told() == (other._told() if isinstance(other, LazyClaims) else other)

    def __hash__(self) -> int:
        return hash(self._told())

    def __repr__(self) -> str:
        return repr(self._told())


def claims_of(*groups: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims of some groups, each once, in their order."""
    return tuple({claim.id: claim for group in groups for claim in group}.values())


class Row(Protocol):
    """A line of a result."""

    @property
    def claims(self) -> Sequence[Claim]:
        """The claims that made it, and nothing else did."""

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield what a table shows of it, by column: mostly one line, of a loop of deals one a leg.

        A value is text, a number, an `Interval` (a share), a `Money`, an `Entity`, an `Answer`, None for what is
        not known, or under ``claims`` the claims that this line of the table rests on.
        """


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Result(Sequence[R], Generic[R]):
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

    def table(self) -> "pd.DataFrame":
        """Return the rows as a DataFrame, a share in two columns, its bounds: see `kg.analysis.results.tables`."""
        from kg.analysis.results.tables import frame

        return frame(self)

    def plot(self, ax: "Axes | None" = None) -> "Axes":
        """Draw the rows: bars with their uncertainty, or the companies that they tie."""
        from kg.analysis.results.plots import plot

        return plot(self, ax)

    def to_networkx(self) -> "nx.MultiDiGraph[str]":
        """Return the claims behind the rows as a networkx graph, the result on it: see `kg.analysis.results.graphs`."""
        from kg.analysis.results.graphs import annotated

        return annotated(self)

    def __str__(self) -> str:
        from kg.analysis.results.text import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from kg.analysis.results.tables import as_html

        return as_html(self)
