"""The description of the service in RDF: SPARQL 1.1 Service Description, https://www.w3.org/TR/sparql11-service-description/."""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.ontology import PREFIXES
from kg.server.negotiation import GRAPHS
from kg.store import EVERYTHING, Selection
from kg.store.iris import term as kg_term
from kg.wording.pages import WORDINGS

__all__ = ["service_description"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SELECTION = kg_term("kg:selection")
_RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML"),
)


def service_description(
    endpoint: str, media_type: str, *, union: bool, writable: bool, selection: Selection = EVERYTHING
) -> bytes:
    """Return the description of a SPARQL service.

    Args:
        endpoint: the URL of the service.
        media_type: one of `GRAPHS`.
        union: whether a query that names no graphs ranges over all of them together.
        writable: whether the service takes updates.
        selection: to what the graph is narrowed.

    """
    prefixes = None
    if media_type in {"text/turtle", "application/trig"}:
        prefixes = {"sd": _SD, "format": _FORMATS, **PREFIXES}
    triples = _triples(ox.NamedNode(endpoint), selection, union=union, writable=writable)
    return ox.serialize(triples, format=GRAPHS[media_type], prefixes=prefixes) or b""


def _triples(endpoint: ox.NamedNode, selection: Selection, *, union: bool, writable: bool) -> Iterator[ox.Triple]:
    service, dataset, default = ox.BlankNode(), ox.BlankNode(), ox.BlankNode()

    def triple(subject: ox.BlankNode, name: str, value: ox.NamedNode | ox.BlankNode) -> ox.Triple:
        return ox.Triple(subject, term(name), value)

    def term(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    yield ox.Triple(service, _TYPE, term("Service"))
    yield triple(service, "endpoint", endpoint)
    yield triple(service, "supportedLanguage", term("SPARQL11Query"))
    if writable:
        yield triple(service, "supportedLanguage", term("SPARQL11Update"))
    if union:
        yield triple(service, "feature", term("UnionDefaultGraph"))
    for name in _RESULT_FORMATS:
        yield triple(service, "resultFormat", ox.NamedNode(_FORMATS + name))
    yield triple(service, "defaultDataset", dataset)
    yield ox.Triple(dataset, _TYPE, term("Dataset"))
    yield triple(dataset, "defaultGraph", default)
    yield ox.Triple(default, _TYPE, term("Graph"))
    for lang in WORDINGS if selection.narrows else ():
        yield ox.Triple(dataset, _SELECTION, ox.Literal(selection.words(lang), language=lang))
