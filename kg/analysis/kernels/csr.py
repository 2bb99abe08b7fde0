"""A graph in compressed rows."""

from typing import NamedTuple

import numpy as np

from kg.analysis.kernels.compilation import Ints

__all__ = ["CsrGraph", "csr_graph"]


class CsrGraph(NamedTuple):
    """The neighbours of node u, ``to[start[u]:start[u + 1]]``, and beside each the edge that leads there."""

    start: Ints
    to: Ints
    edge: Ints


def csr_graph(count: int, one: Ints, other: Ints) -> CsrGraph:
    """Return the rows of edges between nodes 0 … count-1, by their first ends."""
    edge = np.argsort(one, kind="stable").astype(np.int64)
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(one, minlength=count), out=start[1:])
    return CsrGraph(start, other[edge], edge)
