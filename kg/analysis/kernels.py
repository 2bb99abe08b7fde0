"""The inner loops of the analyses, over arrays; nothing here knows of claims.

A graph of n nodes stands in compressed rows: the neighbours of node u are ``to[start[u]:start[u + 1]]``. Indices are
int64 throughout. Each function is plain Python that numba (https://numba.pydata.org) can compile; `fast` compiles it
where the input is large enough to be worth the seconds that a first compilation takes, and keeps what is compiled.
"""

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar, cast

import numpy as np

__all__ = [
    "Flags",
    "Floats",
    "Ints",
    "controlled",
    "fast",
    "most_reached",
    "settle",
    "spread",
    "strong_parts",
    "weak_parts",
]

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
_F = TypeVar("_F", bound=Callable[..., Any])

_COMPILE_FROM = 20_000
"""The number of edges from which on compiling pays."""
_HELPERS = frozenset({"_gather", "_grown", "_grown_floats", "_settle_down", "_top_of"})


def fast(function: _F, size: int) -> _F:
    """Return a kernel as it suits `size` edges: as it is, or compiled."""
    return cast("_F", _compiled(function)) if size >= _COMPILE_FROM else function


@functools.cache
def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a kernel, and the helpers that it calls: compiled code calls nothing that is not."""
    import numba

    helpers = [name for name in function.__code__.co_names if name in _HELPERS]
    within = {**function.__globals__, **{name: _compiled(function.__globals__[name]) for name in helpers}}
    copy = FunctionType(function.__code__, within, function.__name__, function.__defaults__)
    copy.__kwdefaults__, copy.__qualname__ = function.__kwdefaults__, function.__qualname__
    return cast("Callable[..., Any]", numba.njit(cache=True, nogil=True)(copy))


def strong_parts(start: Ints, to: Ints) -> Ints:  # noqa: C901 - one algorithm, told in one place
    """Return the number of each node's strongly connected part: Tarjan 1972, without recursion.

    Parts are numbered so that an edge never leads to a higher number.
    """
    n = len(start) - 1
    index, low, part = np.full(n, -1, np.int64), np.zeros(n, np.int64), np.full(n, -1, np.int64)
    open_, way, cursor = np.empty(n, np.int64), np.empty(n, np.int64), start[:-1].copy()
    count = parts = top = 0
    for root in range(n):
        if index[root] != -1:
            continue
        depth = 0
        entering = root
        while True:
            if entering >= 0:
                index[entering] = low[entering] = count
                open_[top] = way[depth] = entering
                count, top, depth, entering = count + 1, top + 1, depth + 1, -1
            u = way[depth - 1]
            if cursor[u] < start[u + 1]:
                v = to[cursor[u]]
                cursor[u] += 1
                if index[v] == -1:
                    entering = v
                elif part[v] == -1:
                    low[u] = min(low[u], index[v])
                continue
            depth -= 1
            if low[u] == index[u]:
                while part[u] == -1:
                    top -= 1
                    part[open_[top]] = parts
                parts += 1
            if depth == 0:
                break
            low[way[depth - 1]] = min(low[way[depth - 1]], low[u])
    return part


def weak_parts(n: int, source: Ints, target: Ints) -> Ints:
    """Return for each node the least node that it is connected to, whatever the direction: union by least node."""
    parent = np.arange(n)
    for at in range(len(source)):
        one, other = _top_of(parent, source[at]), _top_of(parent, target[at])
        if one < other:
            parent[other] = one
        elif other < one:
            parent[one] = other
    for node in range(n):
        parent[node] = parent[parent[node]]
    return parent


def _top_of(parent: Ints, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def settle(  # noqa: PLR0913, PLR0917 - arrays of one graph
    order: Ints, bounds: Ints, start: Ints, to: Ints, weight: Floats, value: Floats, x: Floats, first: int, rounds: int
) -> int:
    """Solve x = W (value + x) part by part, in place; return the part that did not settle, or their number.

    ``order[bounds[p]:bounds[p + 1]]`` are the nodes of part p, and an edge never leads to a later part. A part of
    one node is settled at once, a larger one by sweeps (Gauss-Seidel) until nothing moves by more than a part in
    10^15. It begins with part `first`: whoever solves a stubborn part otherwise goes on behind it.
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
                moved = max(moved, abs(total - x[u]) / max(1.0, abs(total)))
                x[u] = total
            if end - begin == 1 or moved <= 1e-15:  # noqa: PLR2004 - as said above
                break
    return len(bounds) - 1


def controlled(  # noqa: PLR0913, PLR0917 - arrays of one graph
    sources: Ints, start: Ints, to: Ints, low: Ints, high: Ints, spare: Ints, threshold: int, only_tops: int
) -> tuple[Ints, Ints]:
    """Return who controls whom, as two arrays: the least fixpoint for each of `sources`.

    A node controls another when it holds more than `threshold` of it together with all that it controls. Shares are
    whole units. Together they hold the sum of `high`, but no more than `spare`, which others leave, and the sum of
    `low`. With `only_tops` (1, else 0) sources that an earlier one controls are passed over: it
    controls what they do.
    """
    n, count = len(start) - 1, 0
    member, stamp, has_top = np.full(n, -1, np.int64), np.full(n, -1, np.int64), np.zeros(n, np.bool_)
    least, most, queue = np.zeros(n, np.int64), np.zeros(n, np.int64), np.empty(n + 1, np.int64)
    who, whom = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for source in sources:
        if only_tops and has_top[source]:
            continue
        member[source] = queue[0] = source
        head, tail = 0, 1
        while head < tail:
            for slot in range(start[queue[head]], start[queue[head] + 1]):
                held = to[slot]
                if member[held] == source:
                    continue
                if stamp[held] != source:
                    stamp[held], least[held], most[held] = source, 0, 0
                least[held] += low[slot]
                most[held] += high[slot]
                if min(most[held], spare[held] + least[held]) <= threshold:
                    continue
                member[held], has_top[held], queue[tail] = source, True, held
                tail += 1
                if count == len(who):
                    who, whom = _grown(who, 2 * count), _grown(whom, 2 * count)
                who[count], whom[count] = source, held
                count += 1
            head += 1
    return who[:count], whom[:count]


def _grown(array: Ints, size: int) -> Ints:
    longer = np.empty(size, np.int64)
    longer[: len(array)] = array
    return longer


def _grown_floats(array: Floats, size: int) -> Floats:
    longer = np.empty(size, np.float64)
    longer[: len(array)] = array
    return longer


def spread(  # noqa: PLR0913, PLR0917 - arrays of one graph
    order: Ints, bounds: Ints, start: Ints, to: Ints, weight: Floats, emits: Flags, keep: float, rounds: int
) -> tuple[Ints, Ints, Ints, Floats]:
    """Return for each node how much of every emitting node reaches it: first and last place, whose, how much.

    What reaches u is the sum over its slots of weight times what reaches ``to[slot]``, and ``to[slot]`` itself where
    that emits. Parts are taken in order; in one of several nodes sweeps go on until the sums stand still to 10^-13 or
    for `rounds`. Amounts below `keep` are dropped at each node.
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
                    whose, much = _grown(whose, 2 * (top + many)), _grown_floats(much, 2 * (top + many))
                first[u], total = top, 0.0
                for owner in touched[:many]:
                    whose[top], much[top] = owner, sums[owner]
                    top += sums[owner] >= keep
                    total += sums[owner]
                    sums[owner], is_touched[owner] = 0.0, False
                last[u] = top
                moved, mass[u] = max(moved, abs(total - mass[u])), total
            if len(nodes) == 1 or moved <= 1e-13:  # noqa: PLR2004 - as said above
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
) -> Floats:
    """Return for each node the greatest chance that a walk up its holders meets `target`.

    From a node the walk goes to each holder with a chance between `low` and `high`, all together at most its `room`:
    the unknown chances are set, within their bounds, as suits the target best (reachability in an interval Markov
    chain: Sen, Viswanathan, Agha 2006, https://doi.org/10.1007/11691372_26).
    """
    reached = np.zeros(len(start) - 1, np.float64)
    for _ in range(rounds):
        moved = 0.0
        for u in order:
            begin, end = start[u], start[u + 1]
            total, left = 0.0, room[u]
            chances = np.empty(end - begin, np.float64)
            for slot in range(begin, end):
                chances[slot - begin] = 1.0 if to[slot] == target else reached[to[slot]]
                total += low[slot] * chances[slot - begin]
                left -= low[slot]
            for nth in np.argsort(-chances):
                more = min(left, high[begin + nth] - low[begin + nth])
                if more > 0.0:
                    total += more * chances[nth]
                    left -= more
            total = min(total, 1.0)
            moved = max(moved, total - reached[u])
            reached[u] = max(reached[u], total)
        if moved <= 1e-12:  # noqa: PLR2004 - far below any tolerance
            break
    return reached
