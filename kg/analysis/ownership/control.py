"""Who controls whom: votes held together with all that one controls.

A company controls another when it holds more than half of its votes, together with every company that it controls:
the least fixpoint, as in Ceri, Gottlob, Tanca 1990 (https://doi.org/10.1007/978-3-642-83952-8), for any threshold.
Exactly half is not control. Whom sources call a subsidiary, or acquired, is controlled by their word. Where shares are
ranges, control is sure if the least shares give it, and undecided if only the greatest would, as far as the others'
shares leave room for them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kg.analysis.kernels import Ints, controlled, fast
from kg.analysis.ownership.holdings import UNIT, Holdings, Numbered
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.shares import remarks
from kg.analysis.ownership.votes import Votes, chain
from kg.analysis.records import LazyClaims
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import InvalidRecord
from kg.facts import AsOf, Interval, TriState, tri_state
from kg.garbage import seldom_collected
from kg.model import Claim, Entity
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among

__all__ = [
    "Control",
    "UltimateController",
    "control",
    "control_pairs",
    "controlled_together",
    "groups",
    "top_pairs",
    "ultimate_controllers",
]

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Control:
    """That one controls another: by what it holds itself, and by that together with all that it controls.

    `answer` is yes or undecided. `via` are the companies it controls that hold a part of the votes. Shares are
    fractions of the votes.
    """

    controller: Entity
    company: Entity
    answer: TriState
    direct: Interval
    together: Interval
    via: tuple[Entity, ...]
    claims: Sequence[Claim]

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table."""
        yield {
            "controller": self.controller,
            "company": self.company,
            "control": self.answer,
            "direct": self.direct,
            "together": self.together,
            "via": ", ".join(entity.name for entity in self.via) or None,
            "claims": self.claims,
        }


@dataclass(frozen=True, slots=True)
class UltimateController:
    """Who in the end controls a company: a controller that nobody else controls.

    `answer` is undecided where it hangs on shares that are not known. `ring` are the companies that control it in
    turn, where some hold each other: then none of them stands above the others.
    """

    company: Entity
    controller: Entity
    answer: TriState
    ring: tuple[Entity, ...]
    claims: Sequence[Claim]

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table."""
        yield {
            "company": self.company,
            "controller": self.controller,
            "answer": self.answer,
            "ring": ", ".join(entity.name for entity in self.ring) or None,
            "claims": self.claims,
        }


@accepts_old_names
@seldom_collected()
def control(
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    threshold: float = _HALF,
    inclusive: bool = False,
    as_of: AsOf | None = None,
) -> Result[Control]:
    """Return who controls whom: of all, or where `company` is the controller or the controlled.

    Control is more than `threshold` of the votes, a fraction; with `inclusive` the threshold itself is enough, as for
    sanctions (OFAC's 50 percent rule). Nobody controls itself. Raises `UnknownEntity` for a company in no holding.
    """
    as_of = or_today(as_of)
    graph = holdings(claims, basis="votes", as_of=as_of)
    node = None if company is None else graph.places[find_among(graph.entities, company).id]
    surely, perhaps = (
        groups(*control_pairs(graph, threshold, high=high, inclusive=inclusive)) for high in (False, True)
    )
    votes = Votes.of(graph)
    rows = [
        _control(votes, who, whom, surely[who], perhaps[who])
        for who in sorted(surely.keys() | perhaps.keys())
        for whom in sorted(surely[who] | perhaps[who])
        if node is None or node in {who, whom}
    ]
    title = "Who controls whom" if node is None else f"Whom {graph.entities[node].name} controls, and who controls it"
    return Result("control", title, tuple(rows), tuple(remarks(graph, "votes")), "graph")


@accepts_old_names
@seldom_collected()
def ultimate_controllers(
    claims: Iterable[Claim], company: str | None = None, *, threshold: float = _HALF, as_of: AsOf | None = None
) -> Result[UltimateController]:
    """Return who in the end controls each company that anybody does, or one company.

    The controller is one that nobody controls; of companies that control each other one stands for the ring. Raises
    `UnknownEntity` for a company in no holding.
    """
    as_of = or_today(as_of)
    graph = holdings(claims, basis="votes", as_of=as_of)
    node = None if company is None else graph.places[find_among(graph.entities, company).id]
    surely, perhaps = _tops(graph, threshold)
    below = set().union(*perhaps.values())
    rows = [
        _ultimate(graph, who, whom, surely[who], perhaps[who], threshold=threshold, is_top=who not in below)
        for who in sorted(perhaps)
        for whom in sorted(perhaps[who])
        if node in {None, whom}
    ]
    rows.sort(key=lambda row: (row.company.id, row.answer is not TriState.TRUE, row.controller.id))
    title = "Who in the end controls each company" if node is None else f"Who controls {graph.entities[node].name}"
    return Result("ultimate", title, tuple(rows), tuple(remarks(graph, "votes")), "graph")


def control_pairs(
    graph: Holdings,
    threshold: float = _HALF,
    *,
    high: bool = False,
    inclusive: bool = False,
    sources: Ints | None = None,
) -> tuple[Ints, Ints]:
    """Return who controls whom as two arrays of nodes: surely, or with `high` perhaps; of all, or of some sources."""
    if sources is None:
        sources = np.flatnonzero(np.diff(graph.held.start)).astype(np.int64)
    return _controlled(graph, sources, _units(threshold, inclusive=inclusive), high=high)


def controlled_together(
    graph: Holdings,
    nodes: Iterable[int],
    threshold: float = _HALF,
    *,
    high: bool = False,
    inclusive: bool = False,
) -> set[int]:
    """Return what some nodes control when they are taken as one, surely, or with `high` perhaps; not the nodes.

    It is the least fixpoint of `control_pairs` for one holder that has all of each of the nodes.
    """
    members = np.unique(np.fromiter(nodes, np.int64))
    one, whole = len(graph.entities), np.full(len(members), UNIT, np.int64)
    joint = Holdings(
        Numbered(one + 1),
        np.concatenate((graph.holder, np.full(len(members), one, np.int64))),
        np.concatenate((graph.issuer, members)),
        np.concatenate((graph.low, whole)),
        np.concatenate((graph.high, whole)),
        control=None if graph.control is None else np.concatenate((graph.control, np.zeros(len(members), np.int64))),
        part_of=graph.work,
    )
    source = np.array([one], np.int64)
    _, whom = control_pairs(joint, threshold, high=high, inclusive=inclusive, sources=source)
    return set(whom.tolist()).difference(members.tolist())


def top_pairs(graph: Holdings, threshold: float = _HALF) -> tuple[Ints, Ints]:
    """Return who surely controls and is not controlled, and whom, as two arrays: one pass over the graph.

    Holders come before what they hold, so that all that a controller controls is passed over; each company is
    looked at once for each top. Of companies that control each other the first stands for the ring.
    """
    sources = np.argsort(-graph.parts.part, kind="stable").astype(np.int64)
    sources = sources[np.diff(graph.held.start)[sources] > 0]
    who, whom = _controlled(graph, sources, _units(threshold), high=False, only_tops=True)
    # A node of a ring may have been taken for a top before the one that controls it came up.
    has_top = np.zeros(len(graph.entities), bool)
    rank = np.zeros(len(graph.entities), np.int64)
    rank[sources] = np.arange(len(sources))
    has_top[whom[rank[who] > rank[whom]]] = True
    is_top = ~has_top[who]
    return who[is_top], whom[is_top]


def _tops(graph: Holdings, threshold: float) -> tuple[defaultdict[int, set[int]], defaultdict[int, set[int]]]:
    """Return whom those who may be at the top control: surely, and perhaps.

    Whoever is surely controlled is not at the top, however the unknown turns out; who is only perhaps may be.
    """
    who, whom = top_pairs(graph, threshold)
    surely = groups(who, whom)
    if graph.is_exact and graph.control is None:
        return surely, surely
    may_be = np.diff(graph.held.start) > 0
    may_be[whom] = False
    sources = np.flatnonzero(may_be).astype(np.int64)
    return surely, groups(*control_pairs(graph, threshold, high=True, sources=sources))


def _units(threshold: float, *, inclusive: bool = False) -> int:
    """Return the units above which control begins."""
    if not 0 <= threshold < 1 or (inclusive and not threshold):
        raise InvalidRecord(f"a threshold of {threshold} gives no control: write a fraction of 0–1, as 0.5 for 50 %")
    return round(threshold * UNIT) - int(inclusive)


def _controlled(
    graph: Holdings, sources: Ints, threshold: int, *, high: bool, only_tops: bool = False
) -> tuple[Ints, Ints]:
    held, spare = graph.held, np.full(len(graph.entities), UNIT, np.int64)
    low, most = graph.held_units if high else graph.held_units[:1] * 2
    if high:
        np.subtract.at(spare, graph.issuer, graph.low)
        # Where even the least exceed the whole, the whole bounds nobody.
        spare[spare < 0] = UNIT
    if graph.control is not None and threshold <= _HALF * UNIT:
        # Whom sources call a subsidiary is controlled, whatever the share.
        granted = (graph.control[held.edge] >= (1 if high else 2)) * (10 * UNIT)
        low, most = low + granted, most + granted
    kernel = fast(controlled, graph.work)
    return kernel(sources, held.start, held.to, low, most, spare, threshold, int(only_tops))


def groups(who: Ints, whom: Ints) -> defaultdict[int, set[int]]:
    """Return pairs as the set of whom each controls."""
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for first, second in zip(who.tolist(), whom.tolist(), strict=True):
        groups[first].add(second)
    return groups


def _control(votes: Votes, who: int, whom: int, surely: set[int], perhaps: set[int]) -> Control:
    graph, is_sure = votes.graph, whom in surely
    group = surely if is_sure else perhaps
    direct, via = votes.held(who, whom, group)
    return Control(
        graph.entities[who],
        graph.entities[whom],
        tri_state(surely=is_sure, perhaps=whom in perhaps),
        direct,
        votes.together(who, whom, surely, perhaps),
        tuple(graph.entities[holder] for holder in sorted(via)) if via else (),
        LazyClaims(lambda: graph.claims(chain(graph, who, whom, group))),
    )


def _ultimate(  # noqa: PLR0913 - what it goes by
    graph: Holdings, who: int, whom: int, surely: set[int], perhaps: set[int], *, threshold: float, is_top: bool
) -> UltimateController:
    answer = tri_state(surely=whom in surely and is_top, perhaps=True)
    group = (surely if whom in surely else perhaps) | {whom}
    ring: Sequence[int] = ()
    peers = [node for node in sorted(group) if graph.parts.part[node] == graph.parts.part[who]]
    if peers:
        pairs = control_pairs(graph, threshold, high=answer is not TriState.TRUE, sources=np.array(peers, np.int64))
        ring = [
            controller
            for controller, controlled in zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)
            if controlled == who
        ]
    return UltimateController(
        graph.entities[whom],
        graph.entities[who],
        answer,
        tuple(graph.entities[node] for node in ring),
        LazyClaims(lambda: graph.claims(chain(graph, who, whom, group))),
    )
