"""A whole store as quads for an engine that is filled in bulk, as it would stand there had kg written it itself."""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.ontology import turtle
from kg.store.api import Store
from kg.store.bookkeeping import identity_quads
from kg.store.index import schema_version
from kg.store.iris import IriScheme, term

__all__ = ["bulk_quads"]

_STANDS_AT, _DURATION = term("dcterms:identifier"), term("xsd:duration")


def bulk_quads(store: Store, *, durations: bool = True) -> Iterator[ox.Quad]:
    """Yield the data of a store, the schema, its version and who is whom; texts and candidates stay behind.

    Without `durations` these are plain texts: Virtuoso's loader makes of P5Y a number, from which no way leads back.
    """
    iris = IriScheme(store.base)
    for quad in _data(store, iris):
        value = quad.object
        if not durations and isinstance(value, ox.Literal) and value.datatype == _DURATION:
            yield ox.Quad(quad.subject, quad.predicate, ox.Literal(value.value), quad.graph_name)
        else:
            yield quad
    for triple in ox.parse(turtle("kg.ttl").encode(), ox.RdfFormat.TURTLE):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, iris.ontology)
    yield ox.Quad(iris.store, _STANDS_AT, ox.Literal(schema_version()), iris.kept)
    if durations:
        yield ox.Quad(iris.store, term("kg:duration"), ox.Literal("P1Y", datatype=_DURATION), iris.kept)


def _data(store: Store, iris: IriScheme) -> Iterator[ox.Quad]:
    for quad in store.quads():
        if isinstance(quad.graph_name, ox.DefaultGraph):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, iris.derived)
        elif quad.graph_name != iris.kept:
            yield quad
    if not store.selection.narrows:
        yield from (quad for quad in identity_quads(store.identities, iris, iris.kept) if quad.graph_name == iris.kept)
