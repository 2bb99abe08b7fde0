"""The terms of ``ontology/kg.ttl`` with their texts and their links, there and in ``mappings.ttl``."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import OntologyError
from kg.ontology import NAMESPACE, PREFIXES, turtle

__all__ = ["FILES", "MATCHES", "Link", "OntologyTerm", "ontology_terms", "statements"]

FILES = ("kg.ttl", "mappings.ttl")
"""The files that describe terms; the rules of ``shapes.ttl`` describe graphs."""

MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch", "seeAlso")
"""How a term can relate to one of another vocabulary, the closest first."""

_GROUPS = ("classes", "relations", "figures", "modalities", "qualifiers", "identifiers", "claim")
_OF_TYPE = {"Relation": 1, "FigureRelation": 2, "Modality": 3, "Qualifier": 4, "Identifier": 5}


@dataclass(frozen=True, slots=True)
class Link:
    """Another term: its IRI, and its short name by the prefixes of the files."""

    iri: str
    name: str

    @property
    def local(self) -> str | None:
        """The local name of a term of this ontology, None for one of another."""
        return self.iri.removeprefix(NAMESPACE) if self.iri.startswith(NAMESPACE) else None


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A term: its local name, what users call it, its texts by language, and the terms it is linked to, by property.

    `links` are by local name of the property: "domain", "range", "subClassOf", "subPropertyOf" and
    those of `MATCHES`.
    """

    local: str
    name: str | None
    label: Mapping[str, str]
    comment: Mapping[str, str]
    note: str | None
    colour: str | None
    symmetric: bool
    links: Mapping[str, tuple[Link, ...]]


@functools.cache
def statements() -> tuple[ox.Store, Mapping[str, str]]:
    """Return the triples of `FILES` and their prefixes; raise `OntologyError` where a file is not Turtle."""
    store, prefixes = ox.Store(), dict(PREFIXES)
    for name in FILES:
        try:
            parser = ox.parse(turtle(name), ox.RdfFormat.TURTLE)
            store.extend(list(parser))
        except SyntaxError as error:
            raise OntologyError(f"ontology/{name}: {error}") from error
        prefixes |= parser.prefixes
    return store, prefixes


@functools.cache
def ontology_terms() -> Mapping[str, tuple[OntologyTerm, ...]]:
    """Return the terms by group, in the order of the file: classes, relations, figures, modalities and so on."""
    store, _ = statements()
    groups: dict[str, list[OntologyTerm]] = {name: [] for name in _GROUPS}
    for iri in _in_order():
        groups[_group(store, iri)].append(_term(store, iri))
    return {name: tuple(terms) for name, terms in groups.items()}


def _in_order() -> list[ox.NamedNode]:
    subjects = (triple.subject for triple in ox.parse(turtle("kg.ttl"), ox.RdfFormat.TURTLE))
    return [
        node for node in dict.fromkeys(subjects) if isinstance(node, ox.NamedNode) and node.value.startswith(NAMESPACE)
    ]


def _group(store: ox.Store, iri: ox.NamedNode) -> str:
    types = {link.local: link for link in _links(store, iri, "rdf:type")}
    for name, at in _OF_TYPE.items():
        if name in types:
            return _GROUPS[at]
    is_entity = ox.NamedNode(NAMESPACE + "Entity") in _superclasses(store, iri)
    return _GROUPS[0] if is_entity else _GROUPS[-1]


def _superclasses(store: ox.Store, iri: ox.NamedNode) -> set[ox.NamedNode]:
    classes, queue = {iri}, [iri]
    while queue:
        for quad in store.quads_for_pattern(queue.pop(), _property("rdfs:subClassOf"), None):
            if isinstance(quad.object, ox.NamedNode) and quad.object not in classes:
                classes.add(quad.object)
                queue.append(quad.object)
    return classes


def _term(store: ox.Store, iri: ox.NamedNode) -> OntologyTerm:
    texts = {name: _texts(store, iri, name) for name in ("rdfs:label", "rdfs:comment", "skos:editorialNote")}
    links = {
        name: linked
        for name in ("subClassOf", "subPropertyOf", "domain", "range", *MATCHES)
        if (linked := _links(store, iri, f"skos:{name}" if name.endswith("Match") else f"rdfs:{name}"))
    }
    symmetric = ox.NamedNode(PREFIXES["owl"] + "SymmetricProperty")
    return OntologyTerm(
        local=iri.value.removeprefix(NAMESPACE),
        name=_texts(store, iri, "kg:name").get(""),
        label=texts["rdfs:label"],
        comment=texts["rdfs:comment"],
        note=texts["skos:editorialNote"].get("en"),
        colour=_texts(store, iri, "kg:colour").get(""),
        symmetric=ox.Quad(iri, _property("rdf:type"), symmetric) in store,
        links=links,
    )


def _property(prefixed: str) -> ox.NamedNode:
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def _texts(store: ox.Store, iri: ox.NamedNode, prefixed: str) -> dict[str, str]:
    objects = (quad.object for quad in store.quads_for_pattern(iri, _property(prefixed), None))
    return {text.language or "": text.value for text in objects if isinstance(text, ox.Literal)}


def _links(store: ox.Store, iri: ox.NamedNode, prefixed: str) -> tuple[Link, ...]:
    objects = (quad.object for quad in store.quads_for_pattern(iri, _property(prefixed), None))
    return tuple(sorted((_link(node.value) for node in objects if isinstance(node, ox.NamedNode)), key=_by_name))


def _by_name(link: Link) -> str:
    return link.name


def _link(iri: str) -> Link:
    _, prefixes = statements()
    matches = [(len(base), prefix) for prefix, base in prefixes.items() if iri.startswith(base)]
    if not matches:
        return Link(iri, iri)
    length, prefix = max(matches)
    return Link(iri, f"{prefix}:{iri[length:]}")
