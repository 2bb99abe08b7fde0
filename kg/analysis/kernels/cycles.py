"""Short cycles in which one kind of edge stands against another."""

import numpy as np

from kg.analysis.kernels.compilation import Ints, grown

__all__ = ["typed_cycles"]


def typed_cycles(  # noqa: PLR0913, PLR0917 - arrays of one graph
    start: Ints, to: Ints, mask: Ints, back_start: Ints, back_to: Ints, longest: int
) -> tuple[Ints, Ints]:
    """Return the cycles of at most `longest` edges in which one kind of edge stands against another: nodes, and ends.

    Bits of `mask` are the kinds that an edge can be of: 1 and 2. A cycle counts where two of its edges can be of kinds
    1 and 2. Each is found once, from its least node on; cycle c is ``nodes[ends[c - 1]:ends[c]]``. The rows of
    ``back_start``, ``back_to`` are those of the edges turned round: a way on is tried only where it can come back.
    """
    n = len(start) - 1
    steps, queue = np.full(n, longest, np.int64), np.empty(n, np.int64)
    way, cursor, on_way = np.empty(longest, np.int64), np.empty(longest, np.int64), np.zeros(n, np.bool_)
    kinds = np.empty(longest, np.int64)
    nodes, ends, size, count = np.empty(1024, np.int64), np.empty(1024, np.int64), 0, 0
    for root in range(n):
        many = _steps_back(root, back_start, back_to, steps, queue, longest)
        depth, way[0], cursor[0] = 0, root, start[root]
        while depth >= 0:
            u = way[depth]
            if cursor[depth] == start[u + 1]:
                on_way[u] = False
                depth -= 1
                continue
            v, kinds[depth] = to[cursor[depth]], mask[cursor[depth]]
            cursor[depth] += 1
            if v == root and depth > 0 and _is_mixed(kinds, depth + 1):
                if size + depth >= len(nodes) or count == len(ends):
                    nodes, ends = grown(nodes, 2 * len(nodes) + longest), grown(ends, 2 * len(ends))
                nodes[size : size + depth + 1] = way[: depth + 1]
                size, ends[count] = size + depth + 1, size + depth + 1
                count += 1
            elif v > root and not on_way[v] and depth + 1 + steps[v] <= longest:
                depth += 1
                way[depth], cursor[depth], on_way[v] = v, start[v], True
        steps[queue[:many]] = longest
    return nodes[:size], ends[:count]


def _steps_back(  # noqa: PLR0913, PLR0917 - arrays of one graph
    root: int, start: Ints, to: Ints, steps: Ints, queue: Ints, longest: int
) -> int:
    """Set how many edges lead from a node to the root over nodes behind it; return how many nodes those are."""
    steps[root] = 0
    queue[0], head, tail = root, 0, 1
    while head < tail:
        u = queue[head]
        head += 1
        if steps[u] == longest - 1:
            break
        for slot in range(start[u], start[u + 1]):
            v = to[slot]
            if v > root and steps[v] == longest:
                steps[v] = steps[u] + 1
                queue[tail] = v
                tail += 1
    return tail


def _is_mixed(kinds: Ints, size: int) -> bool:
    """Whether one edge can be of kind 1 and another of kind 2."""
    ones = twos = both = 0
    for kind in kinds[:size]:
        ones += kind & 1
        twos += kind >> 1 & 1
        both += kind == 3  # noqa: PLR2004 - both bits
    return ones > 0 and twos > 0 and not (ones == twos == both == 1)
