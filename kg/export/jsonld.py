"""Quads as JSON-LD with a context: https://www.w3.org/TR/json-ld11/.

pyoxigraph writes JSON-LD in expanded form only, which is hard to read; rdflib compacts in memory,
at a cost that grows too fast. Here a node is written as soon as its quads are in hand.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any, BinaryIO, TypeAlias

import pyoxigraph as ox

from kg.errors import KgError
from kg.ontology import NAMESPACE, PREFIXES, ontology
from kg.tables.table import shortened

__all__ = ["context", "write_nodes"]

_Json: TypeAlias = str | dict[str, str]

_TYPE = PREFIXES["rdf"] + "type"
_STRING = PREFIXES["xsd"] + "string"


def context() -> dict[str, Any]:
    """Return the context of our JSON-LD: our prefixes, our terms by their bare names, relations as links."""
    relations = {
        relation.iri.removeprefix(NAMESPACE): {"@id": relation.iri, "@type": "@id"}
        for relation in ontology().relations.values()
        if not relation.is_figure
    }
    return {"@version": 1.1, "@vocab": NAMESPACE, **PREFIXES, **relations}


def write_nodes(quads: Iterable[ox.Quad], out: BinaryIO) -> None:
    """Write quads, which must come by graph and within it by subject."""
    terms = context()
    out.write(f'{{"@context": {json.dumps(terms, indent=1)},\n"@graph": ['.encode())
    comma = "\n"
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        if not isinstance(graph, ox.DefaultGraph):
            out.write(f'{comma}{{"@id": {json.dumps(_id(graph))}, "@graph": ['.encode())
            comma = "\n"
        for _, about in groupby(members, key=lambda quad: quad.subject):
            out.write((comma + json.dumps(_node(list(about), terms), ensure_ascii=False)).encode())
            comma = ",\n"
        if not isinstance(graph, ox.DefaultGraph):
            out.write(b"\n]}")
            comma = ",\n"
    out.write(b"\n]}\n")


def _node(about: list[ox.Quad], terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return the quads of one subject as a node object."""
    node: dict[str, Any] = {"@id": _id(about[0].subject)}
    for quad in about:
        if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode):
            node.setdefault("@type", []).append(_word(quad.object.value))
            continue
        key = _word(quad.predicate.value)
        is_link = isinstance(terms.get(key), dict)
        node.setdefault(key, []).append(_value(quad.object, is_link=is_link))
    return {key: values[0] if isinstance(values, list) and len(values) == 1 else values for key, values in node.items()}


def _word(iri: str) -> str:
    """Return a property or a class as the context says it: ours by its bare name, others with a prefix."""
    local = iri.removeprefix(NAMESPACE)
    if iri.startswith(NAMESPACE) and local.isalnum() and local not in PREFIXES:
        return local
    return shortened(iri, PREFIXES)


def _id(node: object) -> str:
    if isinstance(node, ox.BlankNode):
        return f"_:{node.value}"
    if not isinstance(node, ox.NamedNode):
        raise KgError(f"JSON-LD 1.1 has no way to write {node}: export as trig or nquads")
    scheme, _, rest = node.value.partition(":")
    if scheme in PREFIXES and not rest.startswith("//"):
        raise KgError(f"JSON-LD takes <{node.value}> for a prefixed name: export as trig or nquads")
    return shortened(node.value, PREFIXES)


def _value(term: object, *, is_link: bool) -> _Json:
    if not isinstance(term, ox.Literal):
        return _id(term) if is_link else {"@id": _id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _STRING:
        return {"@value": term.value} if is_link else term.value
    return {"@value": term.value, "@type": _word(term.datatype.value)}
