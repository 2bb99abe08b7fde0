"""A graph in compressed rows."""

from typing import NamedTuple

import numpy as np

from kg.analysis.kernels.compiling import Ints

__all__ = ["Rows", "rows_of"]


class Rows(NamedTuple):
    """The neighbours of node u, ``to[start[u]:start[u + 1]]``, and beside each the edge that leads there."""

    start: Ints
    to: Ints
    edge: Ints


def rows_of(count: int, one: Ints, other: Ints) -> Rows:
    """Return the rows of edges between nodes 0 … count-1, by their first ends."""
    edge = np.argsort(one, kind="stable").astype(np.int64)
    start = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(one, minlength=count), out=start[1:])
    return Rows(start, other[edge], edge)
