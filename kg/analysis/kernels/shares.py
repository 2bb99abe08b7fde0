"""Shares along chains of holders."""

import numpy as np

from kg.analysis.kernels.compilation import Flags, Floats, Ints, grown, grown_floats

__all__ = ["better_chosen", "most_reached", "settle", "spread"]

_HUGE = 1e200
"""What only sums without end come to."""


def settle(  # noqa: PLR0913, PLR0917 - arrays of one graph
    order: Ints, bounds: Ints, start: Ints, to: Ints, weight: Floats, value: Floats, x: Floats, first: int, rounds: int
) -> int:
    """Solve x = W (value + x) part by part, in place; return the part that did not settle, or their number.

    ``order[bounds[p]:bounds[p + 1]]`` are the nodes of part p, and an edge never leads to a later part. A part of
    one node is settled at once, a larger one by sweeps (Gauss-Seidel) until nothing moves by more than a part in
    10^15; one whose sums grow without end is given up. It begins with part `first`: whoever solves a stubborn part
    otherwise goes on behind it. Weights are above 0.
    """
    for part in range(first, len(bounds) - 1):
        begin, end = bounds[part], bounds[part + 1]
        for sweep in range(rounds + 1):
            if sweep == rounds:
                return part
            moved = 0.0
            for at in range(begin, end):
                u = order[at]
                total = 0.0
                for slot in range(start[u], start[u + 1]):
                    v = to[slot]
                    total += weight[slot] * (value[v] + x[v])
                if end - begin > 1:
                    if not total < _HUGE:
                        return part
                    moved = max(moved, abs(total - x[u]) / max(1.0, total))
                x[u] = total
            if end - begin == 1 or moved <= 1e-15:  # noqa: PLR2004 - as said above
                break
    return len(bounds) - 1


def spread(  # noqa: PLR0913, PLR0917 - arrays of one graph
    order: Ints, bounds: Ints, start: Ints, to: Ints, weight: Floats, emits: Flags, keep: float, rounds: int
) -> tuple[Ints, Ints, Ints, Floats]:
    """Return for each node how much of every emitting node reaches it: first and last place, whose, how much.

    What reaches u is the sum over its slots of weight times what reaches ``to[slot]``, and ``to[slot]`` itself where
    that emits. Parts are taken in order; in one of several nodes sweeps go on until the sums stand still to 10^-13 or
    for `rounds`, or grow without end. Amounts below `keep` are dropped at each node.
    """
    n, top = len(start) - 1, 0
    first, last, mass = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.float64)
    whose, much = np.empty(max(1024, n), np.int64), np.empty(max(1024, n), np.float64)
    sums, touched, is_touched = np.zeros(n, np.float64), np.empty(n, np.int64), np.zeros(n, np.bool_)
    for part in range(len(bounds) - 1):
        nodes, bottom = order[bounds[part] : bounds[part + 1]], top
        for _ in range(rounds):
            moved = 0.0
            for u in nodes:
                held = start[u], start[u + 1]
                many = _gather(held, to, weight, emits, first, last, whose, much, sums, touched, is_touched)
                if top + many > len(whose):
                    whose, much = grown(whose, 2 * (top + many)), grown_floats(much, 2 * (top + many))
                first[u], total = top, 0.0
                for owner in touched[:many]:
                    whose[top], much[top] = owner, sums[owner]
                    top += sums[owner] >= keep
                    total += sums[owner]
                    sums[owner], is_touched[owner] = 0.0, False
                last[u] = top
                moved, mass[u] = max(moved, abs(total - mass[u])), total
            if len(nodes) == 1 or moved <= 1e-13 or moved > _HUGE:  # noqa: PLR2004 - as said above
                break
        if len(nodes) > 1:
            top = _settle_down(nodes, bottom, first, last, whose, much)
    return first, last, whose[:top], much[:top]


def _gather(  # noqa: PLR0913, PLR0917 - arrays of one graph
    held: tuple[int, int],
    to: Ints,
    weight: Floats,
    emits: Flags,
    first: Ints,
    last: Ints,
    whose: Ints,
    much: Floats,
    sums: Floats,
    touched: Ints,
    is_touched: Flags,
) -> int:
    """Add up in `sums` what reaches a node through its slots; return how many owners that is, named in `touched`."""
    many = 0
    for slot in range(held[0], held[1]):
        v = to[slot]
        # The place before the first stands for the neighbour itself.
        for place in range(first[v] - int(emits[v]), last[v]):
            owner = v if place < first[v] else whose[place]
            sums[owner] += weight[slot] * (1.0 if place < first[v] else much[place])
            if not is_touched[owner]:
                is_touched[owner] = True
                touched[many] = owner
                many += 1
    return many


def _settle_down(  # noqa: PLR0913, PLR0917 - arrays of one graph
    nodes: Ints, bottom: int, first: Ints, last: Ints, whose: Ints, much: Floats
) -> int:
    """Move the results of a part's last sweep down to where the part began, over those of the sweeps before."""
    for u in nodes:
        size = last[u] - first[u]
        for nth in range(size):
            whose[bottom + nth], much[bottom + nth] = whose[first[u] + nth], much[first[u] + nth]
        first[u], last[u] = bottom, bottom + size
        bottom += size
    return bottom


def most_reached(  # noqa: PLR0913, PLR0917 - arrays of one graph
    order: Ints, start: Ints, to: Ints, low: Floats, high: Floats, room: Floats, target: int, rounds: int
) -> tuple[Floats, bool]:
    """Return for each node the greatest chance that a walk up its holders meets `target`, and whether that settled.

    From a node the walk goes to each holder with a chance between `low` and `high`, all together at most its `room`:
    the unknown chances are set, within their bounds, as suits the target best (reachability in an interval Markov
    chain: Sen, Viswanathan, Agha 2006, https://doi.org/10.1007/11691372_26). What has not settled is too small.
    """
    reached, chosen = np.zeros(len(start) - 1, np.float64), np.empty(len(to), np.float64)
    for _ in range(rounds):
        moved = 0.0
        for u in order:
            total = _choose(int(u), start, to, low, high, room, target, reached, chosen)
            moved = max(moved, total - reached[u])
            reached[u] = max(reached[u], total)
        if moved <= 1e-12:  # noqa: PLR2004 - far below any tolerance
            return reached, True
    return reached, False


def better_chosen(  # noqa: PLR0913, PLR0917 - arrays of one graph
    start: Ints, to: Ints, low: Floats, high: Floats, room: Floats, target: int, reached: Floats, chosen: Floats
) -> int:
    """Choose other chances for the nodes that gain by it, what their holders have `reached` given; return how many.

    Where nothing is gained the chances stay as they are: so repeated, with what the choice reaches worked out in
    between, it ends at the greatest (policy iteration: Howard 1960).
    """
    other, gained = np.empty(len(to), np.float64), 0
    for u in range(len(start) - 1):
        total = _choose(u, start, to, low, high, room, target, reached, other)
        if total > reached[u] + 1e-13:
            chosen[start[u] : start[u + 1]] = other[start[u] : start[u + 1]]
            gained += 1
    return gained


def _choose(  # noqa: PLR0913, PLR0917 - arrays of one graph
    u: int,
    start: Ints,
    to: Ints,
    low: Floats,
    high: Floats,
    room: Floats,
    target: int,
    reached: Floats,
    chosen: Floats,
) -> float:
    """Set the chances of a node's holders as suits the target best; return how surely it is then met from there."""
    begin, end = start[u], start[u + 1]
    total, left = 0.0, room[u]
    chances = np.empty(end - begin, np.float64)
    for slot in range(begin, end):
        chances[slot - begin] = 1.0 if to[slot] == target else reached[to[slot]]
        chosen[slot] = low[slot]
        total += low[slot] * chances[slot - begin]
        left -= low[slot]
    for nth in np.argsort(-chances):
        more = min(left, high[begin + nth] - low[begin + nth])
        if more > 0.0:
            chosen[begin + nth] += more
            total += more * chances[nth]
            left -= more
    return min(total, 1.0)
