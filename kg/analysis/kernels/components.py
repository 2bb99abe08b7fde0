"""The parts of a graph that hang together."""

import numpy as np

from kg.analysis.kernels.compilation import Ints

__all__ = ["reached", "strong_components", "weak_components"]


def strong_components(start: Ints, to: Ints) -> Ints:  # noqa: C901 - one algorithm, told in one place
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


def weak_components(n: int, source: Ints, target: Ints) -> Ints:
    """Return for each node the least node that it is connected to, whatever the direction: union by least node."""
    parent = np.arange(n)
    for at in range(len(source)):
        first, second = _top_of(parent, source[at]), _top_of(parent, target[at])
        if first < second:
            parent[second] = first
        elif second < first:
            parent[first] = second
    for node in range(n):
        parent[node] = parent[parent[node]]
    return parent


def _top_of(parent: Ints, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def reached(start: Ints, to: Ints, node: int) -> Ints:
    """Return the nodes that can be reached from a node, itself among them, in order of their numbers."""
    seen, queue = np.zeros(len(start) - 1, np.bool_), np.empty(len(start) - 1, np.int64)
    seen[node], queue[0], head, tail = True, node, 0, 1
    while head < tail:
        for slot in range(start[queue[head]], start[queue[head] + 1]):
            if not seen[to[slot]]:
                seen[to[slot]], queue[tail] = True, to[slot]
                tail += 1
        head += 1
    return np.sort(queue[:tail])
