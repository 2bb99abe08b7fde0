"""Who holds how much of whom, as arrays: what all questions on ownership and control are worked out from.

Votes and capital are two graphs and never mixed. A share is a range, exact where the sources agree on a figure:

=====================================  ===========================================================================
holds-stake, invests-in                the percentage told, or its bounds; unknown where none is told
subsidiary-of, acquires                the same; a subsidiary, and what is acquired without a percentage, is controlled,
                                       with a share that is not known: a parent may hold it through others
a share of capital where votes count   the same share of the votes (one share, one vote), unless that is not assumed
two ties between the same two          what both allow; where they exclude each other, all between them, and an issue
=====================================  ===========================================================================

The shares of a company cannot exceed the whole, and a range ends where the others leave no more. Where even the least
shares exceed it, the company is named among the issues; if it is several sources that say so together, one of them is
wrong, and each share may be less by what is too much. A single source, such as a register, is taken at its word.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from kg.analysis.clocks import NOW, Clocks
from kg.analysis.kernels import Floats, Ints, Rows, fast, rows_of, strong_parts
from kg.analysis.records import UNKNOWN, Interval, claims_of
from kg.analysis.ties import Tie, ties
from kg.errors import InvalidRecord
from kg.model import Claim, Entity, Modality, last_day
from kg.ontology import ontology

__all__ = ["BASES", "UNIT", "Holdings", "Numbered", "Parts", "holdings", "positions"]

BASES = ("votes", "capital")
"""What a share can be of."""
UNIT = 10**12
"""Units of a whole: shares are compared with thresholds as whole numbers, so that 50 % is never more than 50 %."""

_HALF = 0.5
_ROUNDED = 1000
"""Units by which shares may exceed the whole because each was rounded: a billionth of it."""
_HELD = ("holds-stake", "invests-in", "acquires", "subsidiary-of")
_SURELY, _PERHAPS = 2, 1


@dataclass(frozen=True, slots=True)
class Parts:
    """Strongly connected parts: the number of each node's, and the nodes in their order, part by part."""

    part: Ints
    order: Ints
    bounds: Ints


@dataclass(frozen=True, eq=False)
class Holdings:
    """Shares as arrays: `holder[e]` holds from `low[e]` to `high[e]` units (`UNIT` is the whole) of `issuer[e]`.

    Nodes are places in `entities`. `ties` are those behind each edge; `assumed` marks shares of capital that were
    taken for votes; `over` are the sums of least shares above the whole, by issuer, before they were brought down;
    `tight` are edges whose range others' shares made less. `told` is 2 where sources tell that the holder controls the
    issuer, 1 where they do but another may have come since or is said to, 0 elsewhere.
    """

    entities: Sequence[Entity]
    holder: Ints
    issuer: Ints
    low: Ints
    high: Ints
    ties: Sequence[tuple[Tie, ...]] = ()
    assumed: frozenset[int] = frozenset()
    over: Mapping[int, int] = field(default_factory=dict)
    at_odds: tuple[int, ...] = ()
    own: tuple[Tie, ...] = ()
    tight: frozenset[int] = frozenset()
    told: Ints | None = None
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
        return _bounded(cls(Numbered(count), holders, issuers, least, most))

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
    def held(self) -> Rows:
        """What each node holds."""
        return rows_of(len(self.entities), self.holder, self.issuer)

    @functools.cached_property
    def held_units(self) -> tuple[Ints, Ints]:
        """The least and the greatest shares, in the order of the slots of `held`."""
        return self.low[self.held.edge], self.high[self.held.edge]

    @functools.cached_property
    def holders(self) -> Rows:
        """Who holds each node."""
        return rows_of(len(self.entities), self.issuer, self.holder)

    @functools.cached_property
    def parts(self) -> Parts:
        """The strongly connected parts, issuers before their holders."""
        part = fast(strong_parts, self.work)(self.held.start, self.held.to)
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
        kept = shares > 0
        if self.is_exact and kept.all():
            return self
        ends = self.holder[kept], self.issuer[kept]
        return Holdings(self.entities, *ends, shares[kept], shares[kept], part_of=self.work)

    @functools.cached_property
    def is_exact(self) -> bool:
        """Whether every share is known exactly."""
        return bool((self.low == self.high).all())

    def share(self, edge: int) -> Interval:
        """Return the share of an edge, as fractions."""
        return Interval(float(self.low[edge]) / UNIT, float(self.high[edge]) / UNIT)

    def weights(self, rows: Rows, *, high: bool = False) -> Floats:
        """Return the shares of the slots of rows, as fractions: the least, or the greatest."""
        return (self.high if high else self.low)[rows.edge] / UNIT

    def claims(self, edges: Iterable[int]) -> tuple[Claim, ...]:
        """Return the claims behind edges; where others' shares made a range less, theirs too."""
        if not self.ties:
            return ()
        chosen = list(edges)
        others = [other for edge in chosen if edge in self.tight for other in self.edges_into(int(self.issuer[edge]))]
        return claims_of(*(tie.claims for edge in (*chosen, *others) for tie in self.ties[edge]))

    def edges_into(self, node: int) -> list[int]:
        """Return the edges of those who hold a node."""
        return [edge for _, edge in positions(self.holders, node)]

    def edge(self, holder: int, issuer: int) -> int | None:
        """Return the edge between two nodes, if there is one."""
        return next((edge for other, edge in positions(self.holders, issuer) if other == holder), None)


class Numbered(Sequence[Entity]):
    """Entities that are mere numbers, made when they are asked for."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(self._size))]
        if not 0 <= at < self._size:
            raise IndexError(at)
        return Entity(f"company/{at}", str(at), "Company")


def holdings(
    claims: Iterable[Claim], *, of: str = "capital", clocks: Clocks = NOW, one_share_one_vote: bool = True
) -> Holdings:
    """Gather who holds how much of the capital, or of the votes, out of claims that hold as facts at a date.

    Raises `InvalidRecord` where `of` is neither "capital" nor "votes".
    """
    if of not in BASES:
        raise InvalidRecord(f"a share is of {' or of '.join(BASES)}, not of '{of}'")
    told = ties(claims, clocks, relations=_HELD, modalities=(Modality.ASSERTED,))
    by_pair: dict[tuple[str, str], list[Tie]] = defaultdict(list)
    entities: dict[str, Entity] = {}
    own: list[Tie] = []
    for tie in told:
        holder, issuer = _ends(tie)
        if issuer.type not in ontology().relation("holds-stake").range:
            continue
        if holder.id == issuer.id:
            own.append(tie)
            continue
        entities |= {holder.id: holder, issuer.id: issuer}
        by_pair[holder.id, issuer.id].append(tie)
    nodes = [entities[id_] for id_ in sorted(entities)]
    places = {entity.id: at for at, entity in enumerate(nodes)}
    found = [_share(group, of, one_share_one_vote=one_share_one_vote) for group in by_pair.values()]
    return _bounded(
        Holdings(
            nodes,
            np.array([places[holder] for holder, _ in by_pair], np.int64),
            np.array([places[issuer] for _, issuer in by_pair], np.int64),
            np.array([round(one.share.low * UNIT) for one in found], np.int64),
            np.array([round(one.share.high * UNIT) for one in found], np.int64),
            tuple(tuple(group) for group in by_pair.values()),
            frozenset(edge for edge, one in enumerate(found) if one.assumed),
            at_odds=tuple(edge for edge, one in enumerate(found) if one.at_odds),
            own=tuple(own),
            told=_controllers(list(by_pair), found),
        )
    )


def _ends(tie: Tie) -> tuple[Entity, Entity]:
    return (tie.object, tie.subject) if tie.relation == "subsidiary-of" else (tie.subject, tie.object)


@dataclass(frozen=True, slots=True)
class _Found:
    """What ties between the same two say together.

    `assumed`: capital was taken for votes; `at_odds`: they exclude each other. `told` is as in `Holdings`, `since` the
    last day on which control was told, `bought` whether by an acquisition.
    """

    share: Interval
    assumed: bool
    at_odds: bool
    told: int
    since: dt.date | None
    bought: bool


def _share(group: Sequence[Tie], of: str, *, one_share_one_vote: bool) -> _Found:
    share, assumed, at_odds, told, figures = UNKNOWN, False, False, 0, list[dt.date | None]()
    since: dict[str, dt.date | None] = {}
    for tie in group:
        at_odds = at_odds or bool(tie.against)
        mine = tie.share({of} if of == "votes" else {of, None})
        if mine is None and of == "votes" and one_share_one_vote:
            mine = tie.share({"capital", None})
            assumed = assumed or mine is not None
        if tie.relation == "subsidiary-of" or (tie.relation == "acquires" and mine is None):
            told = max(told, _PERHAPS if tie.against else _SURELY)
            since[tie.relation] = _told_on(tie)
        if mine is None:
            continue
        figures.append(_told_on(tie))
        both = share.meet(mine)
        at_odds = at_odds or both is None
        share = share.hull(mine) if both is None else both
    if "acquires" in since and all(_is_before(date, since["acquires"]) for date in figures):
        # What is bought comes on top of what was held.
        share = Interval(share.low, 1.0)
    last = max((date for date in since.values() if date is not None), default=None)
    return _Found(share, assumed, at_odds, told, last, "acquires" in since)


def _told_on(tie: Tie) -> dt.date | None:
    """Return the last day on which a tie is told to hold; None where nobody says."""
    said = [(claim.qualifiers, claim) for line in tie.lines for claim in line.claims]
    dates = [date for terms, claim in said if (date := terms.start or terms.as_of or claim.known_from)]
    return max(map(last_day, dates), default=None)


def _is_before(one: dt.date | None, other: dt.date | None) -> bool:
    return one is not None and other is not None and one < other


def _controllers(pairs: Sequence[tuple[str, str]], found: Sequence[_Found]) -> Ints:
    """Return whom sources call the controller; not surely one after whom another bought, or beside a majority."""
    told = np.array([one.told for one in found], np.int64)
    into: dict[str, list[int]] = defaultdict(list)
    for edge, (_, issuer) in enumerate(pairs):
        into[issuer].append(edge)
    for edges in into.values():
        for edge in edges:
            others = [found[other] for other in edges if other != edge]
            if told[edge] and any(
                (other.bought and other.told == _SURELY and _is_before(found[edge].since, other.since))
                or other.share.low > _HALF
                for other in others
            ):
                told[edge] = _PERHAPS
    return told


def _bounded(found: Holdings) -> Holdings:
    """Bring ranges to what the whole of each company allows."""
    least = _sums(found, found.low)
    over = {int(node): int(least[node]) for node in np.flatnonzero(least - UNIT > _ROUNDED)}
    excess = np.zeros(len(found.entities), np.int64)
    for node in over:
        if len({claim.document for claim in found.claims(found.edges_into(node))}) > 1:
            excess[node] = least[node] - UNIT
    low = np.maximum(found.low - excess[found.issuer], 0)
    rest = np.maximum(UNIT - _sums(found, low)[found.issuer], 0) + low
    is_over = np.isin(found.issuer, np.fromiter(over, np.int64, len(over)))
    high = np.where(is_over, found.high, np.minimum(found.high, rest))
    tight = frozenset(np.flatnonzero((low < found.low) | (high < found.high)).tolist())
    return replace(found, low=low, high=high, over=over, tight=tight)


def _sums(found: Holdings, shares: Ints) -> Ints:
    sums = np.zeros(len(found.entities), np.int64)
    np.add.at(sums, found.issuer, shares)
    return sums


def positions(rows: Rows, node: int) -> Iterator[tuple[int, int]]:
    """Yield the neighbours of a node in rows, each with its edge."""
    for slot in range(rows.start[node], rows.start[node + 1]):
        yield int(rows.to[slot]), int(rows.edge[slot])
