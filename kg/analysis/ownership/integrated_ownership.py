"""Shares along all chains, on arrays: the measures of `kg.analysis.ownership.shares`, for one node or for all.

A is the matrix of direct shares, M = (I-A)⁻¹ what reaches i of a unit at j by all chains, none among them. A graph
falls into strongly connected parts; taken in order, a part of one node is settled at once, a larger one by sweeps, or
as a dense or sparse system where sweeps settle slowly. So the work is that of a few products with A, not of the
hundreds that the power series takes where cycles are strong.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from kg.analysis.kernels import CsrGraph, Flags, Floats, Ints, better_chosen, fast, most_reached, reached, settle
from kg.analysis.ownership.holdings import UNIT, Holdings, Numbered, Parts, positions
from kg.facts import Interval
from kg.facts.interval import TOLERANCE

__all__ = [
    "IntegratedShares",
    "backwards",
    "chain_sums",
    "integrated_values",
    "net_values",
    "reachable",
    "self_ownership",
    "shares_in",
    "shares_of",
    "simple_shares",
    "within",
]

_ROUNDS = 1000
_SWEEPS = 200
_DENSE = 3000
"""The largest part that is solved as a dense matrix where sweeps do not settle."""
_AT_ONCE = 400
"""The largest part of which the whole inverse is made."""
_SHARP = 20_000_000
"""So many owners times holdings at most for which the greatest share is sought owner by owner."""
_STEPS = 20_000
"""So many steps at most along chains that are followed one by one: where all hold all there are too many."""
_ENDLESS = 1e12
_NEARLY_ALL = 1 - 1e-6


def integrated_values(graph: Holdings, values: Floats, *, high: bool = False) -> Floats:
    """Return the value of what each node holds by all chains, the values of the nodes being `values`: (M - I) v.

    Of the least shares, or with `high` of the greatest. Infinite where companies hold the whole of each other.
    """
    side = graph.greatest if high else graph.least
    return _solved(side.held, side.weights(side.held), side.parts, values, side.work)


def chain_sums(graph: Holdings, values: Floats, *, high: bool = False) -> Floats:
    """Return for each node what its holders by all chains weigh, each by its integrated share: v (M - I)."""
    side = graph.greatest if high else graph.least
    return _solved(side.holders, side.weights(side.holders), backwards(side.parts), values, side.work)


def simple_shares(graph: Holdings, node: int, *, high: bool = False, least: float = 1e-9) -> dict[int, float]:
    """Return what a node has in each company below it by chains in which no company stands twice, added up.

    The measure of close links in Atzeni et al. 2020 (https://openproceedings.org/2020/conf/edbt/paper_349.pdf). It is
    the net share unless some company holds itself through others. Chains worth less than `least` are not followed, and
    after `_STEPS` no more of them: what is then found is the least, and the greatest may be the whole.
    """
    weight, shares = (graph.high if high else graph.low) / UNIT, dict[int, float]()
    chain: list[int] = [node]
    open_ = [iter(positions(graph.held, node))]
    worth, steps = [1.0], 0
    while open_ and steps < _STEPS:
        step = next(open_[-1], None)
        if step is None:
            open_.pop()
            chain.pop()
            worth.pop()
            continue
        neighbour, edge = step
        product = worth[-1] * float(weight[edge])
        if neighbour in chain or product < least:
            continue
        shares[neighbour] = shares.get(neighbour, 0.0) + product
        chain.append(neighbour)
        worth.append(product)
        open_.append(iter(positions(graph.held, neighbour)))
        steps += 1
    if open_ and high:
        return dict.fromkeys(
            (neighbour for neighbour in reachable(graph.held, node).tolist() if neighbour != node), 1.0
        )
    return shares


def net_values(graph: Holdings, values: Floats) -> Floats:
    """Return the same without what comes back to a node: Σ_j y_ij v_j over net shares, its own among them."""
    back = self_ownership(graph, np.arange(len(graph.entities)))
    net = _without(integrated_values(graph, values), back)
    for node in np.flatnonzero(np.isnan(net)):
        below = shares_of(graph.least, int(node))
        net[node] = (below.low * values[below.nodes]).sum()
    return net


def _without(integrated: Floats, back: Floats) -> Floats:
    """Return what is left of integrated shares without what comes back: NaN where that has to be found otherwise.

    Where hardly any share leaves a ring, the series has no sum, or the difference no digits, but the net share has.
    """
    with np.errstate(invalid="ignore"):
        left = np.where(np.isfinite(integrated) & (back < _NEARLY_ALL), integrated * (1 - back), np.nan)
    return np.asarray(left)


def self_ownership(graph: Holdings, nodes: Ints, *, high: bool = False) -> Floats:
    """Return the net share of nodes in themselves: the chance that a walk up the holders comes back, 1 - 1/M_ii.

    What has been worked out is kept with the graph.
    """
    side = graph.greatest if high else graph.least
    returns = side.returns
    missing = nodes[np.isnan(returns[nodes])]
    for part in np.unique(side.parts.part[missing]):
        asked = missing[side.parts.part[missing] == part]
        members = np.sort(side.parts.order[side.parts.bounds[part] : side.parts.bounds[part + 1]])
        returns[asked] = _self_ownership(within(side, members, side.held), np.searchsorted(members, asked))
    return returns[nodes]


def _self_ownership(inside: Holdings, places: Ints) -> Floats:
    """Return the chances of coming back within one strongly connected part."""
    size, weight = len(inside.entities), inside.weights(inside.held)
    if size > _AT_ONCE:
        shares = np.empty(len(places))
        for nth, place in enumerate(places):
            unit = np.zeros(size)
            unit[place] = 1.0
            solved = _solved(inside.held, weight, inside.parts, unit, max(inside.work, len(inside) * len(places)))
            shares[nth] = 1 - 1 / (1 + solved[place])
        return shares
    try:
        inverse = np.linalg.inv(np.eye(size) - _dense(inside.held, weight, np.arange(size)))
    except np.linalg.LinAlgError:
        return np.ones(len(places))
    # The inverse of a part that passes on more than it takes in is not the sum of its chains.
    if not ((inverse >= -TOLERANCE) & (inverse < _ENDLESS)).all():
        return np.ones(len(places))
    return np.asarray(1 - 1 / np.diag(inverse)[places])


class IntegratedShares(NamedTuple):
    """What some nodes have, or what is had of some: the bounds of net and of integrated shares, beside each node."""

    nodes: Ints
    low: Floats
    high: Floats
    integrated_low: Floats
    integrated_high: Floats

    def intervals(self) -> Mapping[int, tuple[Interval, Interval]]:
        """Return the net and the integrated share by node."""
        rows = zip(*(column.tolist() for column in self), strict=True)
        return {node: (Interval(low, high), Interval(least, most)) for node, low, high, least, most in rows}


def shares_in(graph: Holdings, node: int) -> IntegratedShares:
    """Return what each direct and indirect owner has in a node.

    Where shares are ranges that cannot all be as great as they may, the upper bounds are sharp in graphs of which
    owners times holdings are no more than `_SHARP`, and beyond it safe.
    """
    above = reachable(graph.holders, node)
    inside = within(graph, above, graph.holders)
    at = int(np.searchsorted(above, node))
    unit = np.zeros(len(above))
    unit[at] = 1.0
    low = integrated_values(inside, unit)
    high = low if inside.is_exact else integrated_values(inside, unit, high=True)
    listed = np.flatnonzero(high > 0)
    owners = above[listed]
    least = _net(low[listed], self_ownership(graph, owners), inside, listed, at)
    if inside.is_exact:
        most = least
    elif _fits(inside, np.ones(len(above))):
        most = _net(high[listed], self_ownership(graph, owners, high=True), inside, listed, at, high=True)
    elif len(listed) * len(inside) <= _SHARP:
        most = np.array([_most(inside, int(owner), np.ones(len(above)))[at] for owner in listed])
    else:
        # No net share exceeds the integrated one.
        most = high[listed]
    return _bounds(owners, least, most, low[listed], high[listed])


def _net(  # noqa: PLR0913, PLR0917 - what it goes by
    integrated: Floats,
    back: Floats,
    inside: Holdings,
    owners: Ints,
    at: int,
    high: bool = False,  # noqa: FBT001, FBT002
) -> Floats:
    """Return the net shares of owners in a node, from their integrated shares and what comes back to them."""
    net = _without(integrated, back)
    for nth in np.flatnonzero(np.isnan(net)):
        net[nth] = _reached(inside, int(owners[nth]), high=high)[at]
    return net


def shares_of(graph: Holdings, node: int) -> IntegratedShares:
    """Return what a node has in each company below it."""
    below = reachable(graph.held, node)
    inside = within(graph, below, graph.held)
    at = int(np.searchsorted(below, node))
    low, high = (_row(inside, at, high=side) for side in (False, True))
    least = most = _reached(inside, at, high=False)
    if not inside.is_exact:
        # Holders beside these leave them the less.
        room = 1 - (_sums(graph)[below] - _sums(inside))
        most = _reached(inside, at, high=True) if _fits(inside, room) else _most(inside, at, room)
    listed = np.flatnonzero(high > 0)
    return _bounds(below[listed], least[listed], most[listed], low[listed], high[listed])


def _bounds(nodes: Ints, least: Floats, most: Floats, low: Floats, high: Floats) -> IntegratedShares:
    least = np.minimum(least, 1.0)
    return IntegratedShares(nodes, least, np.clip(most, least, 1.0), low, high)


def _reached(inside: Holdings, node: int, *, high: bool) -> Floats:
    """Return the net share of a node in all others: the chains that do not come back to it."""
    side = inside.greatest if high else inside.least
    is_outside = side.issuer != node
    net = _row(_only(side, is_outside), node, high=high)
    net[node] = (side.low[~is_outside] / UNIT * net[side.holder[~is_outside]]).sum()
    return net


def _row(inside: Holdings, node: int, *, high: bool) -> Floats:
    """Return the integrated share of a node in all."""
    unit = np.zeros(len(inside.entities))
    unit[node] = 1.0
    return chain_sums(inside, unit, high=high)


def _most(inside: Holdings, node: int, room: Floats) -> Floats:
    """Return the greatest net share that a node can have in each, within the ranges and the whole of each.

    Sweeps settle it, or, where chains turn long in rings, a few choices of the shares, each better than the last.
    """
    rows = inside.holders
    least, most = inside.weights(rows), inside.weights(rows, high=True)
    ends = rows.start, rows.to, least, most, room, node
    shares, is_settled = fast(most_reached, inside.work)(backwards(inside.parts).order, *ends, _SWEEPS)
    chosen = least.copy()
    for _ in range(0 if is_settled else _ROUNDS):
        units = np.empty(len(inside), np.int64)
        units[rows.edge] = np.rint(chosen * UNIT)
        exact = Holdings(inside.entities, inside.holder, inside.issuer, units, units, part_of=inside.work)
        shares = np.minimum(_reached(exact, node, high=False), 1.0)
        if not fast(better_chosen, inside.work)(*ends, shares, chosen):
            break
    return np.asarray(shares)


def _fits(inside: Holdings, room: Floats) -> bool:
    """Whether all shares can be as great as their ranges allow at once."""
    return bool((_sums(inside, high=True) <= room + TOLERANCE).all())


def _sums(graph: Holdings, *, high: bool = False) -> Floats:
    sums = np.zeros(len(graph.entities))
    np.add.at(sums, graph.issuer, (graph.high if high else graph.low) / UNIT)
    return sums


def _solved(rows: CsrGraph, weight: Floats, parts: Parts, value: Floats, work: int) -> Floats:
    """Solve x = W (value + x), part after part; infinite where a part has no finite solution.

    `work` is how many edges will be gone over in all.
    """
    x = np.zeros(len(value))
    run, part = fast(settle, work), 0
    while True:
        part = run(parts.order, parts.bounds, rows.start, rows.to, weight, value, x, part, _ROUNDS)
        if part == len(parts.bounds) - 1:
            return x
        nodes = parts.order[parts.bounds[part] : parts.bounds[part + 1]]
        x[nodes] = _solve_directly(rows, weight, nodes, value, x)
        part += 1


def _solve_directly(rows: CsrGraph, weight: Floats, nodes: Ints, value: Floats, x: Floats) -> Floats:
    """Solve a part in which what is passed around hardly grows less, from what is known of the nodes behind it."""
    inner = np.zeros(len(x), bool)
    inner[nodes] = True
    target = np.zeros(len(nodes))
    for nth, node in enumerate(nodes):
        slots = slice(rows.start[node], rows.start[node + 1])
        beyond = np.where(inner[rows.to[slots]], 0.0, x[rows.to[slots]])
        target[nth] = (weight[slots] * (value[rows.to[slots]] + beyond)).sum()
    if not np.isfinite(target).all():
        return np.full(len(nodes), math.inf)
    try:
        solved = _system(rows, weight, nodes, target)
    except (np.linalg.LinAlgError, RuntimeError):
        return np.full(len(nodes), math.inf)
    # A part that passes on more than it takes in has solutions, but none that is the sum of its chains.
    is_sum = np.isfinite(solved).all() and (solved >= -TOLERANCE).all() and solved.max(initial=0.0) < _ENDLESS
    return np.maximum(solved, 0.0) if is_sum else np.full(len(nodes), math.inf)


def _system(rows: CsrGraph, weight: Floats, nodes: Ints, target: Floats) -> Floats:
    if len(nodes) <= _DENSE:
        return np.asarray(np.linalg.solve(np.eye(len(nodes)) - _dense(rows, weight, nodes), target))
    from scipy.sparse import csr_array, identity
    from scipy.sparse.linalg import splu

    whole = csr_array((weight, rows.to, rows.start), shape=(len(rows.start) - 1, len(rows.start) - 1))
    matrix = identity(len(nodes), format="csc") - whole[nodes][:, nodes].tocsc()
    return np.asarray(splu(matrix.tocsc()).solve(target))


def _dense(rows: CsrGraph, weight: Floats, nodes: Ints) -> Any:
    place = {int(node): at for at, node in enumerate(nodes)}
    matrix = np.zeros((len(nodes), len(nodes)))
    for at, node in enumerate(nodes):
        for slot in range(rows.start[node], rows.start[node + 1]):
            column = place.get(int(rows.to[slot]))
            if column is not None:
                matrix[at, column] += weight[slot]
    return matrix


def backwards(parts: Parts) -> Parts:
    """Return parts with the holders before what they hold."""
    return Parts(parts.part, parts.order[::-1].copy(), (parts.bounds[-1] - parts.bounds[::-1]).copy())


def reachable(rows: CsrGraph, node: int) -> Ints:
    """Return the nodes that can be reached over rows, the node itself among them, in order of their numbers."""
    return fast(reached, len(rows.to))(rows.start, rows.to, node)


def within(graph: Holdings, nodes: Ints, rows: CsrGraph) -> Holdings:
    """Return the holdings among some nodes, given in order: node n is the n-th of them.

    `rows` are those of the graph in which they are looked up: best those over which the nodes were reached.
    """
    sizes = rows.start[nodes + 1] - rows.start[nodes]
    slots = np.repeat(rows.start[nodes] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    place = np.full(len(graph.entities), -1, np.int64)
    place[nodes] = np.arange(len(nodes))
    is_inside = place[rows.to[slots]] >= 0
    edge = rows.edge[slots[is_inside]]
    ends = place[graph.holder[edge]], place[graph.issuer[edge]]
    return Holdings(Numbered(len(nodes)), *ends, graph.low[edge], graph.high[edge], part_of=graph.work)


def _only(graph: Holdings, selected: Flags) -> Holdings:
    """Return holdings with some of their edges, for working on: they no longer tell what made them."""
    shares = graph.low[selected], graph.high[selected]
    return Holdings(graph.entities, graph.holder[selected], graph.issuer[selected], *shares, part_of=graph.work)
