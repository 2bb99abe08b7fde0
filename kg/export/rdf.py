"""The graph as RDF: Turtle, TriG, N-Quads and JSON-LD, in a fixed order.

TriG, N-Quads and JSON-LD keep each document's claims in its named graph. Turtle knows one graph
only: there claims and edges stand together. Turtle, TriG and N-Quads are written as RDF 1.1 or, with claims as
reifiers (`kg.export.reifiers`), as RDF 1.2.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import BinaryIO

import pyoxigraph as ox

from kg.export import jsonld
from kg.export.quad_order import by_graph, by_triple, in_order
from kg.export.reifiers import as_reifiers
from kg.ontology import PREFIXES

__all__ = [
    "write_jsonld",
    "write_nquads",
    "write_nquads12",
    "write_trig",
    "write_trig12",
    "write_turtle",
    "write_turtle12",
]

_VERSION = b'VERSION "1.2"\n'
"""What a document says that has triple terms: https://www.w3.org/TR/rdf12-turtle/#sec-version."""


def _triples(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield the quads of all graphs as of one, each triple once."""
    for _, same in groupby(in_order(quads, by_triple), key=by_triple):
        quad = next(same)
        yield ox.Quad(quad.subject, quad.predicate, quad.object)


def write_turtle(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the triples of all graphs as Turtle (https://www.w3.org/TR/turtle/), each once."""
    ox.serialize((quad.triple for quad in _triples(quads)), out, ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))


def write_trig(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as TriG (https://www.w3.org/TR/trig/)."""
    ox.serialize(in_order(quads, by_graph), out, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))


def write_nquads(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as N-Quads (https://www.w3.org/TR/n-quads/)."""
    ox.serialize(in_order(quads, by_graph), out, ox.RdfFormat.N_QUADS)


def write_jsonld(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as JSON-LD with a context of our own."""
    jsonld.write_nodes(in_order(quads, by_graph), out)


def write_turtle12(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the triples of all graphs as Turtle of RDF 1.2 (https://www.w3.org/TR/rdf12-turtle/), each once."""
    out.write(_VERSION)
    triples = (quad.triple for quad in as_reifiers(_triples(quads)))
    ox.serialize(triples, out, ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))


def write_trig12(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as TriG of RDF 1.2 (https://www.w3.org/TR/rdf12-trig/)."""
    out.write(_VERSION)
    ox.serialize(as_reifiers(in_order(quads, by_graph)), out, ox.RdfFormat.TRIG, prefixes=dict(PREFIXES))


def write_nquads12(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write the graphs as N-Quads of RDF 1.2 (https://www.w3.org/TR/rdf12-n-quads/)."""
    ox.serialize(as_reifiers(in_order(quads, by_graph)), out, ox.RdfFormat.N_QUADS)
