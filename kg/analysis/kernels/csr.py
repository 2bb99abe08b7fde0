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


def csr_graph(count: int, source: Ints, target: Ints) -> CsrGraph:
    """Return the rows of edges between nodes 0 … count-1, by their first ends."""
    edge = np.argsort(source, kind="stable").astype(np.int64)
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=count), out=start[1:])
    return CsrGraph(start, target[edge], edge)
