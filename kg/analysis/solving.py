"""Shares along all chains, worked out on arrays: the measures of `kg.analysis.ownership`, for one node or for all.

A is the matrix of direct shares, M = (I-A)⁻¹ what reaches i of a unit at j by all chains, none among them. A graph
falls into strongly connected parts; taken in order, a part of one node is settled at once, a larger one by sweeps, or
as a dense or sparse system where sweeps settle slowly. So the work is that of a few products with A, not of the
hundreds that the power series takes where cycles are strong.
"""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from kg.analysis.holdings import UNIT, Holdings, Numbered, Parts, positions
from kg.analysis.kernels import Flags, Floats, Ints, Rows, fast, most_reached, reached, settle
from kg.analysis.records import TOLERANCE, Interval

__all__ = [
    "Shares",
    "backwards",
    "chain_sums",
    "integrated_values",
    "net_values",
    "returning",
    "shares_in",
    "shares_of",
    "simple_shares",
    "upstream",
    "within",
]

_ROUNDS = 1000
_DENSE = 3000
"""The largest part that is solved as a dense matrix where sweeps do not settle."""
_AT_ONCE = 400
"""The largest part of which the whole inverse is made."""
_ENDLESS = 1e12


def integrated_values(graph: Holdings, values: Floats, *, high: bool = False) -> Floats:
    """Return the value of what each node holds by all chains, the values of the nodes being `values`: (M - I) v.

    Of the least shares, or with `high` of the greatest. Infinite where companies hold the whole of each other.
    """
    return _solved(graph.held, graph.weights(graph.held, high=high), graph.parts, values, graph.work)


def chain_sums(graph: Holdings, values: Floats, *, high: bool = False) -> Floats:
    """Return for each node what its holders by all chains weigh, each by its integrated share: v (M - I)."""
    return _solved(graph.holders, graph.weights(graph.holders, high=high), backwards(graph.parts), values, graph.work)


def simple_shares(graph: Holdings, node: int, *, high: bool = False, least: float = 1e-9) -> dict[int, float]:
    """Return what a node has in each company below it by chains in which no company stands twice, added up.

    The measure of close links in Atzeni et al. 2020 (https://openproceedings.org/2020/conf/edbt/paper_349.pdf). It is
    the net share unless some company holds itself through others. Chains worth less than `least` are not followed.
    """
    weight, found = (graph.high if high else graph.low) / UNIT, dict[int, float]()
    chain: list[int] = [node]
    open_ = [iter(positions(graph.held, node))]
    worth = [1.0]
    while open_:
        step = next(open_[-1], None)
        if step is None:
            open_.pop()
            chain.pop()
            worth.pop()
            continue
        other, edge = step
        product = worth[-1] * float(weight[edge])
        if other in chain or product < least:
            continue
        found[other] = found.get(other, 0.0) + product
        chain.append(other)
        worth.append(product)
        open_.append(iter(positions(graph.held, other)))
    return found


def net_values(graph: Holdings, values: Floats) -> Floats:
    """Return the same without what comes back to a node: Σ_j y_ij v_j over net shares, its own among them."""
    cyclic = np.flatnonzero(np.bincount(graph.parts.part)[graph.parts.part] > 1)
    net = integrated_values(graph, values)
    with np.errstate(invalid="ignore"):
        net[cyclic] *= 1 - returning(graph, cyclic)
    # Where no share leaves a ring, the series has no sum but the net share has.
    for node in cyclic[~np.isfinite(net[cyclic])]:
        below = shares_of(graph, int(node))
        net[node] = (below.low * values[below.nodes]).sum()
    return net


def returning(graph: Holdings, nodes: Ints, *, high: bool = False) -> Floats:
    """Return the net share of nodes in themselves: the chance that a walk up the holders comes back, 1 - 1/M_ii.

    What has been worked out is kept with the graph.
    """
    known = graph.returns[high]
    missing = nodes[np.isnan(known[nodes])]
    for part in np.unique(graph.parts.part[missing]):
        asked = missing[graph.parts.part[missing] == part]
        members = np.sort(graph.parts.order[graph.parts.bounds[part] : graph.parts.bounds[part + 1]])
        inside = within(graph, members, graph.held)
        known[asked] = _returning(inside, np.searchsorted(members, asked), high=high)
    return known[nodes]


def _returning(inside: Holdings, places: Ints, *, high: bool) -> Floats:
    """Return the chances of coming back within one strongly connected part."""
    size, weight = len(inside.entities), inside.weights(inside.held, high=high)
    if size > _AT_ONCE:
        found = np.empty(len(places))
        for nth, place in enumerate(places):
            unit = np.zeros(size)
            unit[place] = 1.0
            solved = _solved(inside.held, weight, inside.parts, unit, max(inside.work, len(inside) * len(places)))
            found[nth] = 1 - 1 / (1 + solved[place])
        return found
    try:
        diagonal = np.diag(np.linalg.inv(np.eye(size) - _dense(inside.held, weight, np.arange(size))))
    except np.linalg.LinAlgError:
        return np.ones(len(places))
    sound = (diagonal >= 1 - TOLERANCE) & (diagonal < _ENDLESS)
    return np.asarray(1 - 1 / np.where(sound, diagonal, math.inf)[places])


class Shares(NamedTuple):
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


def shares_in(graph: Holdings, node: int) -> Shares:
    """Return what each direct and indirect owner has in a node."""
    above = upstream(graph.holders, node)
    inside = within(graph, above, graph.holders)
    at = int(np.searchsorted(above, node))
    unit = np.zeros(len(above))
    unit[at] = 1.0
    low = integrated_values(inside, unit)
    high = low if inside.is_exact else integrated_values(inside, unit, high=True)
    listed = np.flatnonzero(high > 0)
    owners = above[listed]
    least = _net(low[listed], returning(graph, owners), inside, listed, at)
    if inside.is_exact:
        most = least
    elif _fits(inside, np.ones(len(above))):
        most = _net(high[listed], returning(graph, owners, high=True), inside, listed, at, high=True)
    else:
        most = np.array([_most(inside, int(owner), np.ones(len(above)))[at] for owner in listed])
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
    with np.errstate(invalid="ignore"):
        net = integrated * (1 - back)
    for nth in np.flatnonzero(~np.isfinite(net)):
        net[nth] = _reached(inside, int(owners[nth]), high=high)[at]
    return net


def shares_of(graph: Holdings, node: int) -> Shares:
    """Return what a node has in each company below it."""
    below = upstream(graph.held, node)
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


def _bounds(nodes: Ints, least: Floats, most: Floats, low: Floats, high: Floats) -> Shares:
    least = np.minimum(least, 1.0)
    return Shares(nodes, least, np.clip(most, least, 1.0), low, high)


def _reached(inside: Holdings, node: int, *, high: bool) -> Floats:
    """Return the net share of a node in all others: the chains that do not come back to it."""
    kept = inside.issuer != node
    net = _row(_only(inside, kept), node, high=high)
    share = (inside.high if high else inside.low)[~kept] / UNIT
    net[node] = (share * net[inside.holder[~kept]]).sum()
    return net


def _row(inside: Holdings, node: int, *, high: bool) -> Floats:
    """Return the integrated share of a node in all."""
    unit = np.zeros(len(inside.entities))
    unit[node] = 1.0
    return chain_sums(inside, unit, high=high)


def _most(inside: Holdings, node: int, room: Floats) -> Floats:
    """Return the greatest net share that a node can have in each, within the ranges and the whole of each."""
    rows = inside.holders
    return fast(most_reached, inside.work)(
        backwards(inside.parts).order,
        rows.start,
        rows.to,
        inside.weights(rows),
        inside.weights(rows, high=True),
        room,
        node,
        _ROUNDS,
    )


def _fits(inside: Holdings, room: Floats) -> bool:
    """Whether all shares can be as great as their ranges allow at once."""
    return bool((_sums(inside, high=True) <= room + TOLERANCE).all())


def _sums(graph: Holdings, *, high: bool = False) -> Floats:
    sums = np.zeros(len(graph.entities))
    np.add.at(sums, graph.issuer, (graph.high if high else graph.low) / UNIT)
    return sums


def _solved(rows: Rows, weight: Floats, parts: Parts, value: Floats, work: int) -> Floats:
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
        x[nodes] = _stubborn(rows, weight, nodes, value, x)
        part += 1


def _stubborn(rows: Rows, weight: Floats, nodes: Ints, value: Floats, x: Floats) -> Floats:
    """Solve a part in which what is passed around hardly grows less, from what is known of the nodes behind it."""
    inner = np.zeros(len(x), bool)
    inner[nodes] = True
    given = np.zeros(len(nodes))
    for nth, node in enumerate(nodes):
        slots = slice(rows.start[node], rows.start[node + 1])
        beyond = np.where(inner[rows.to[slots]], 0.0, x[rows.to[slots]])
        given[nth] = (weight[slots] * (value[rows.to[slots]] + beyond)).sum()
    if not np.isfinite(given).all():
        return np.full(len(nodes), math.inf)
    try:
        solved = _system(rows, weight, nodes, given)
    except (np.linalg.LinAlgError, RuntimeError):
        return np.full(len(nodes), math.inf)
    # A part that passes on more than it takes in has solutions, but none that is the sum of its chains.
    is_sum = np.isfinite(solved).all() and (solved >= -TOLERANCE).all() and solved.max(initial=0.0) < _ENDLESS
    return np.maximum(solved, 0.0) if is_sum else np.full(len(nodes), math.inf)


def _system(rows: Rows, weight: Floats, nodes: Ints, given: Floats) -> Floats:
    if len(nodes) <= _DENSE:
        return np.asarray(np.linalg.solve(np.eye(len(nodes)) - _dense(rows, weight, nodes), given))
    from scipy.sparse import csr_array, identity
    from scipy.sparse.linalg import splu

    whole = csr_array((weight, rows.to, rows.start), shape=(len(rows.start) - 1, len(rows.start) - 1))
    matrix = identity(len(nodes), format="csc") - whole[nodes][:, nodes].tocsc()
    return np.asarray(splu(matrix.tocsc()).solve(given))


def _dense(rows: Rows, weight: Floats, nodes: Ints) -> Any:
    place = {int(node): at for at, node in enumerate(nodes)}
    matrix = np.zeros((len(nodes), len(nodes)))
    for at, node in enumerate(nodes):
        for slot in range(rows.start[node], rows.start[node + 1]):
            other = place.get(int(rows.to[slot]))
            if other is not None:
                matrix[at, other] += weight[slot]
    return matrix


def backwards(parts: Parts) -> Parts:
    """Return parts with the holders before what they hold."""
    return Parts(parts.part, parts.order[::-1].copy(), (parts.bounds[-1] - parts.bounds[::-1]).copy())


def upstream(rows: Rows, node: int) -> Ints:
    """Return the nodes that can be reached over rows, the node itself among them, in order of their numbers."""
    return fast(reached, len(rows.to))(rows.start, rows.to, node)


def within(graph: Holdings, nodes: Ints, rows: Rows) -> Holdings:
    """Return the holdings among some nodes, given in order: node n is the n-th of them.

    `rows` are those of the graph in which they are looked up: best those over which the nodes were reached.
    """
    sizes = rows.start[nodes + 1] - rows.start[nodes]
    slots = np.repeat(rows.start[nodes] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    place = np.full(len(graph.entities), -1, np.int64)
    place[nodes] = np.arange(len(nodes))
    kept = place[rows.to[slots]] >= 0
    edge = rows.edge[slots[kept]]
    ends = place[graph.holder[edge]], place[graph.issuer[edge]]
    return Holdings(Numbered(len(nodes)), *ends, graph.low[edge], graph.high[edge], part_of=graph.work)


def _only(graph: Holdings, kept: Flags) -> Holdings:
    """Return holdings with some of their edges, for working on: they no longer tell what made them."""
    shares = graph.low[kept], graph.high[kept]
    return Holdings(graph.entities, graph.holder[kept], graph.issuer[kept], *shares, part_of=graph.work)
