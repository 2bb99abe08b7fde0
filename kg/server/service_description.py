"""What the service is, in RDF: SPARQL 1.1 Service Description, https://www.w3.org/TR/sparql11-service-description/."""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.ontology import PREFIXES
from kg.server.negotiation import GRAPHS

__all__ = ["service_description"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_WRITTEN = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML"),
)


def service_description(endpoint: str, media: str, *, union: bool, writable: bool) -> bytes:
    """Return the description of the service at a URL, in a media type of `GRAPHS`."""
    prefixes = {"sd": _SD, "format": _FORMATS, **PREFIXES} if media in {"text/turtle", "application/trig"} else None
    triples = _triples(ox.NamedNode(endpoint), union=union, writable=writable)
    return ox.serialize(triples, format=GRAPHS[media], prefixes=prefixes) or b""


def _triples(endpoint: ox.NamedNode, *, union: bool, writable: bool) -> Iterator[ox.Triple]:
    service, dataset, default = ox.BlankNode(), ox.BlankNode(), ox.BlankNode()

    def said(subject: ox.BlankNode, name: str, value: ox.NamedNode | ox.BlankNode) -> ox.Triple:
        return ox.Triple(subject, ox.NamedNode(_SD + name), value)

    def known(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    yield ox.Triple(service, _TYPE, known("Service"))
    yield said(service, "endpoint", endpoint)
    yield said(service, "supportedLanguage", known("SPARQL11Query"))
    if writable:
        yield said(service, "supportedLanguage", known("SPARQL11Update"))
    if union:
        yield said(service, "feature", known("UnionDefaultGraph"))
    for name in _WRITTEN:
        yield said(service, "resultFormat", ox.NamedNode(_FORMATS + name))
    yield said(service, "defaultDataset", dataset)
    yield ox.Triple(dataset, _TYPE, known("Dataset"))
    yield said(dataset, "defaultGraph", default)
    yield ox.Triple(default, _TYPE, known("Graph"))
