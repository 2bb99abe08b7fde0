"""Quads in a fixed order, by which two exports can be compared line by line: sorted on disk where they are many."""

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from typing import TypeAlias

import pyoxigraph as ox

__all__ = ["by_graph", "by_triple", "in_order"]

_CHUNK = 1 << 18
"""Quads sorted at once, some 1 KB each in memory."""
_Key: TypeAlias = tuple[str, ...]


def by_graph(quad: ox.Quad) -> _Key:
    """Return what sorts quads by graph, the default one first, then by subject, predicate and object."""
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
    return graph, str(quad.subject), str(quad.predicate), str(quad.object)


def by_triple(quad: ox.Quad) -> _Key:
    """Return what sorts quads as triples, whatever their graphs."""
    return str(quad.subject), str(quad.predicate), str(quad.object)


def in_order(quads: Iterable[ox.Quad], key: Callable[[ox.Quad], _Key], chunk: int = _CHUNK) -> Iterator[ox.Quad]:
    """Yield quads in the order of a key.

    What is more than `chunk` quads is sorted in files and merged: memory stays the same, however many there are.
    """
    stream = iter(quads)
    part = sorted(islice(stream, chunk), key=key)
    following = next(stream, None)
    if following is None:
        yield from part
        return
    with ExitStack() as stack:
        rest = chain([following], stream)
        parts = []
        while part:
            file = stack.enter_context(tempfile.TemporaryFile())
            ox.serialize(part, file, ox.RdfFormat.N_QUADS)
            file.seek(0)
            parts.append(ox.parse(file, ox.RdfFormat.N_QUADS))
            part = sorted(islice(rest, chunk), key=key)
        yield from heapq.merge(*parts, key=key)
