"""Who holds how much of whom, as arrays: what all questions on ownership and control are worked out from.

The shares of a company cannot exceed the whole, and a range ends where the others leave no more. Where even the least
shares exceed it, the company is named among the issues; if it is several sources that say so together, one of them is
wrong, and each share may be less by what is too much. A single source, such as a register, is taken at its word.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kg.analysis.kernels import CsrGraph, Floats, Ints, csr_graph, fast, strong_components
from kg.errors import InvalidRecord
from kg.facts import Interval, Relationship, claims_of
from kg.model import Claim, Entity

__all__ = ["UNIT", "Holdings", "Numbered", "Parts", "bounded", "positions"]

UNIT = 10**12
"""Units of a whole: shares are compared with thresholds as whole numbers, so that 50 % is never more than 50 %."""

_ROUNDED = 1000
"""Units by which shares may exceed the whole because each was rounded: a billionth of it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Strongly connected parts: the number of each node's, and the nodes in their order, part by part."""

    part: Ints
    order: Ints
    bounds: Ints


@dataclass(frozen=True, eq=False)
class Holdings:
    """Shares as arrays: `holder[e]` holds from `low[e]` to `high[e]` units (`UNIT` is the whole) of `issuer[e]`.

    Nodes are places in `entities`. `relationships` are those behind each edge; `assumed` marks shares of capital that
    were taken for votes; `over` are the sums of least shares above the whole, by issuer, before they were brought down;
    `tight` are edges whose range others' shares made less. `control` is 2 where sources tell that the holder controls
    the issuer, 1 where they do but another may have come since or is said to, 0 elsewhere. `own` are relationships of a
    company with itself, `left_out` those on what nobody can hold a share of, such as a product. `through` are
    stakes told to be held through others, beside direct ones. `unfirm` counts plans and reports.
    """

    entities: Sequence[Entity]
    holder: Ints
    issuer: Ints
    low: Ints
    high: Ints
    relationships: Sequence[tuple[Relationship, ...]] = ()
    assumed: frozenset[int] = frozenset()
    over: Mapping[int, int] = field(default_factory=dict)
    at_odds: tuple[int, ...] = ()
    own: tuple[Relationship, ...] = ()
    left_out: tuple[Relationship, ...] = ()
    through: tuple[Relationship, ...] = ()
    unfirm: int = 0
    tight: frozenset[int] = frozenset()
    control: Ints | None = None
    part_of: int = 0

    @classmethod
    def of_arrays(cls, count: int, holder: Any, issuer: Any, low: Any, high: Any = None) -> "Holdings":
        """Return holdings among nodes 0 … count-1, from arrays of fractions in 0–1; `high` is `low` by default.

        Each pair is named once. Raises `InvalidRecord` for the first edge that is out of range or holds itself.
        """
        holders, issuers = np.asarray(holder, np.int64), np.asarray(issuer, np.int64)
        lows = np.asarray(low, np.float64)
        highs = lows if high is None else np.asarray(high, np.float64)
        sound = (lows >= 0) & (lows <= highs) & (highs <= 1) & (holders != issuers)
        sound &= (np.minimum(holders, issuers) >= 0) & (np.maximum(holders, issuers) < count)
        if not sound.all():
            at = int(np.argmin(sound))
            raise InvalidRecord(
                f"edge {at}: {holders[at]} cannot hold {lows[at]}–{highs[at]} of {issuers[at]}: "
                f"give nodes below {count}, two of them, and a fraction from 0 to 1"
            )
        if len(np.unique(holders * count + issuers)) < len(holders):
            raise InvalidRecord("a pair of holder and issuer stands twice: give each once, with its whole share")
        least, most = (np.rint(side * UNIT).astype(np.int64) for side in (lows, highs))
        return bounded(cls(Numbered(count), holders, issuers, least, most))

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.holder)

    @property
    def work(self) -> int:
        """How many edges are worked on in all: those of the graph of which this is a part."""
        return max(self.part_of, len(self))

    @functools.cached_property
    def places(self) -> Mapping[str, int]:
        """The node of each entity's id."""
        return {entity.id: at for at, entity in enumerate(self.entities)}

    @functools.cached_property
    def held(self) -> CsrGraph:
        """What each node holds."""
        return csr_graph(len(self.entities), self.holder, self.issuer)

    @functools.cached_property
    def held_units(self) -> tuple[Ints, Ints]:
        """The least and the greatest shares, in the order of the slots of `held`."""
        return self.low[self.held.edge], self.high[self.held.edge]

    @functools.cached_property
    def holders(self) -> CsrGraph:
        """Who holds each node."""
        return csr_graph(len(self.entities), self.issuer, self.holder)

    @functools.cached_property
    def parts(self) -> Parts:
        """The strongly connected parts, issuers before their holders."""
        part = fast(strong_components, self.work)(self.held.start, self.held.to)
        order = np.argsort(part, kind="stable")
        bounds = np.concatenate(([0], np.cumsum(np.bincount(part, minlength=1)))) if len(part) else np.zeros(1, int)
        return Parts(part, order, bounds.astype(np.int64))

    @functools.cached_property
    def returns(self) -> Floats:
        """What is known of the net share of each node in itself: a memory, to which what is worked out is added."""
        sizes = np.bincount(self.parts.part, minlength=1)
        return np.where(sizes[self.parts.part] > 1, np.nan, 0.0)

    @functools.cached_property
    def least(self) -> "Holdings":
        """The least shares alone; who may have nothing is tied to nobody by it."""
        return self._side(self.low)

    @functools.cached_property
    def greatest(self) -> "Holdings":
        """The greatest shares alone."""
        return self.least if self.is_exact else self._side(self.high)

    def _side(self, shares: Ints) -> "Holdings":
        is_positive = shares > 0
        if self.is_exact and is_positive.all():
            return self
        ends = self.holder[is_positive], self.issuer[is_positive]
        return Holdings(self.entities, *ends, shares[is_positive], shares[is_positive], part_of=self.work)

    @functools.cached_property
    def is_exact(self) -> bool:
        """Whether every share is known exactly."""
        return bool((self.low == self.high).all())

    def share(self, edge: int) -> Interval:
        """Return the share of an edge, as fractions."""
        return Interval(float(self.low[edge]) / UNIT, float(self.high[edge]) / UNIT)

    def weights(self, rows: CsrGraph, *, high: bool = False) -> Floats:
        """Return the shares of the slots of rows, as fractions: the least, or the greatest."""
        return (self.high if high else self.low)[rows.edge] / UNIT

    def claims(self, edges: Iterable[int]) -> tuple[Claim, ...]:
        """Return the claims behind edges; where others' shares made a range less, theirs too."""
        if not self.relationships:
            return ()
        chosen = list(edges)
        others = [
            edge_into for edge in chosen if edge in self.tight for edge_into in self.edges_into(int(self.issuer[edge]))
        ]
        return claims_of(
            *(relationship.claims for edge in (*chosen, *others) for relationship in self.relationships[edge])
        )

    def edges_into(self, node: int) -> list[int]:
        """Return the edges of those who hold a node."""
        return [edge for _, edge in positions(self.holders, node)]

    def edge(self, holder: int, issuer: int) -> int | None:
        """Return the edge between two nodes, if there is one."""
        return next((edge for neighbour, edge in positions(self.holders, issuer) if neighbour == holder), None)


class Numbered(Sequence[Entity]):
    """Entities that are mere numbers, made when they are asked for."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(self._size))]
        if not 0 <= at < self._size:
            raise IndexError(at)
        return Entity(f"company/{at}", str(at), "Company")


def bounded(graph: Holdings) -> Holdings:
    """Bring ranges to what the whole of each company allows."""
    least = _sums(graph, graph.low)
    over = {int(node): int(least[node]) for node in np.flatnonzero(least - UNIT > _ROUNDED)}
    excess = np.zeros(len(graph.entities), np.int64)
    for node in over:
        if len({claim.document for claim in graph.claims(graph.edges_into(node))}) > 1:
            excess[node] = least[node] - UNIT
    low = np.maximum(graph.low - excess[graph.issuer], 0)
    rest = np.maximum(UNIT - _sums(graph, low)[graph.issuer], 0) + low
    is_over = np.isin(graph.issuer, np.fromiter(over, np.int64, len(over)))
    high = np.where(is_over, graph.high, np.minimum(graph.high, rest))
    tight = frozenset(np.flatnonzero((low < graph.low) | (high < graph.high)).tolist())
    return replace(graph, low=low, high=high, over=over, tight=tight)


def _sums(graph: Holdings, shares: Ints) -> Ints:
    sums = np.zeros(len(graph.entities), np.int64)
    np.add.at(sums, graph.issuer, shares)
    return sums


def positions(rows: CsrGraph, node: int) -> Iterator[tuple[int, int]]:
    """Yield the neighbours of a node in rows, each with its edge."""
    for slot in range(rows.start[node], rows.start[node + 1]):
        yield int(rows.to[slot]), int(rows.edge[slot])
