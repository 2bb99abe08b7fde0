"""The graph as RDF: Turtle, TriG, N-Quads and JSON-LD, in a fixed order.

TriG, N-Quads and JSON-LD keep each document's claims in its named graph. Turtle knows one graph
only: there claims and edges stand together. The order, by which two exports can be compared line
by line, is made in memory: about 1 KB a quad.
"""

from collections.abc import Iterable
from typing import BinaryIO

import pyoxigraph as ox

from kg.export import jsonld
from kg.ontology import PREFIXES

__all__ = ["write_jsonld", "write_nquads", "write_trig", "write_turtle"]


def _sorted(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """By graph, the default one first, then by subject: what two exports are compared in."""
    return sorted(
        quads,
        key=lambda q: (
            "" if isinstance(q.graph_name, ox.DefaultGraph) else str(q.graph_name),
            *(str(node) for node in (q.subject, q.predicate, q.object)),
        ),
    )


def write_turtle(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the triples of all graphs as Turtle (https://www.w3.org/TR/turtle/), each once."""
    triples = {str(quad.triple): quad.triple for quad in quads}
    ox.serialize((triples[key] for key in sorted(triples)), out, ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))


def write_trig(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as TriG (https://www.w3.org/TR/trig/)."""
    ox.serialize(_sorted(quads), out, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))


def write_nquads(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as N-Quads (https://www.w3.org/TR/n-quads/)."""
    ox.serialize(_sorted(quads), out, ox.RdfFormat.N_QUADS)


def write_jsonld(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as JSON-LD with a context of our own."""
    jsonld.write_nodes(_sorted(quads), out)
