"""What readings say as quads: their documents' graphs, and the edges that follow from them."""

from collections.abc import Iterable

import pyoxigraph as ox

from kg.facts.periods import is_live
from kg.model import Claim, Entity
from kg.ontology import ontology
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme
from kg.store.rdf_decode import document_quads

__all__ = ["edge", "edges", "edges_of", "graphs"]


def graphs(readings: Iterable[DocumentClaims], names: IriScheme) -> set[ox.Quad]:
    """Return the graphs of documents: their descriptions, claims and mentions."""
    return {q for reading in readings for q in document_quads(reading.document, reading.claims, names)}


def edges(readings: Iterable[DocumentClaims], names: IriScheme) -> set[ox.Quad]:
    """Return the edges that live claims give, in the default graph."""
    return edges_of((claim for reading in readings for claim in reading.claims), names)


def edges_of(claims: Iterable[Claim], names: IriScheme) -> set[ox.Quad]:
    """Return the edges that those claims give which are live, in the default graph."""
    return {found for claim in claims if is_live(claim) and (found := edge(claim, names)) is not None}


def edge(claim: Claim, names: IriScheme) -> ox.Quad | None:
    """Return the edge that a claim gives where it is live; None for a figure, which gives none."""
    if not isinstance(claim.object, Entity):
        return None
    relation = ox.NamedNode(ontology().relation(claim.relation).iri)
    return ox.Quad(names.entity(claim.subject.id), relation, names.entity(claim.object.id), ox.DefaultGraph())
