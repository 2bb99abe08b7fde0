"""Circles in a graph of money: short cycles in which capital stands against trade."""

from collections.abc import Iterator, Mapping

import numpy as np

from kg.analysis.kernels import csr_graph, fast, typed_cycles

__all__ = ["CAPITAL", "TRADE", "near", "typed_loops"]

CAPITAL, TRADE = 1, 2
"""Kinds of an edge, as bits: one may be of both."""


def typed_loops(edges: Mapping[tuple[str, str], int], max_length: int) -> Iterator[tuple[str, ...]]:
    """Yield the cycles of 2 to `max_length` nodes that have an edge of capital and another of trade, each once.

    `edges` gives the kinds of each pair. A cycle begins with its least node; they come in order.
    """
    names = sorted({name for pair in edges for name in pair})
    place = {name: at for at, name in enumerate(names)}
    pairs = sorted((place[source], place[target], kind) for (source, target), kind in edges.items() if source != target)
    source, target, kind = (
        np.array(column, np.int64) for column in (zip(*pairs, strict=True) if pairs else ((), (), ()))
    )
    start, to, edge = csr_graph(len(names), source, target)
    back_start, back_to, _ = csr_graph(len(names), target, source)
    nodes, ends = fast(typed_cycles, len(pairs))(start, to, kind[edge], back_start, back_to, max_length)
    begin = 0
    for end in ends.tolist():
        yield tuple(names[node] for node in nodes[begin:end].tolist())
        begin = end


def near(edges: Mapping[tuple[str, str], int], centre: str, max_length: int) -> dict[tuple[str, str], int]:
    """Return the edges between nodes that a way of at most `max_length` edges from a node and back may visit."""
    onward, back = (_hops(side, centre, max_length) for side in (list(edges), [(b, a) for a, b in edges]))
    inside = {node for node, hops in onward.items() if hops + back.get(node, max_length + 1) <= max_length}
    return {pair: kind for pair, kind in edges.items() if inside.issuperset(pair)}


def _hops(pairs: list[tuple[str, str]], centre: str, max_length: int) -> dict[str, int]:
    """Return how many edges lead from a node to others, up to `max_length`."""
    onward: dict[str, list[str]] = {}
    for source, target in pairs:
        onward.setdefault(source, []).append(target)
    hops, front = {centre: 0}, [centre]
    for far in range(1, max_length + 1):
        front = [node for source in front for node in onward.get(source, ()) if hops.setdefault(node, far) == far]
        front = list(dict.fromkeys(front))
    return hops
