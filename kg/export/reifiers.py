"""RDF 1.2: a claim as the reifier of what it states, and the reification of RDF 1.1 made of it again.

In RDF 1.1 a claim says its statement in three triples (``rdf:subject``, ``rdf:predicate``, ``rdf:object``); in RDF 1.2
in one, ``rdf:reifies`` with a triple term (https://www.w3.org/TR/rdf12-concepts/#section-reifying-triples). All else of
it stays. What is no claim of kg is left as it is.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import cast

import pyoxigraph as ox

from kg.errors import InvalidRecord
from kg.store.iris import term

__all__ = ["REIFIES", "as_reification", "as_reifiers"]

REIFIES = term("rdf:reifies")
_TYPE, _CLAIM = term("rdf:type"), term("kg:Claim")
_PARTS = tuple(term(f"rdf:{name}") for name in ("subject", "predicate", "object"))


def as_reifiers(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield quads of RDF 1.1 as RDF 1.2 says them; those of a subject in a graph must come together."""
    for _, group in groupby(quads, key=lambda quad: (quad.graph_name, quad.subject)):
        about = list(group)
        if not _is_claim(about):
            yield from about
            continue
        parts = [[quad for quad in about if quad.predicate == part] for part in _PARTS]
        if any(len(found) != 1 for found in parts):
            raise InvalidRecord(f"{about[0].subject} is a claim without one subject, predicate and object")
        subject, predicate, object_ = (found[0].object for found in parts)
        statement = ox.Triple(cast("ox.NamedNode", subject), cast("ox.NamedNode", predicate), object_)
        yield ox.Quad(about[0].subject, REIFIES, statement, about[0].graph_name)
        yield from (quad for quad in about if quad.predicate not in _PARTS)


def as_reification(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield quads of RDF 1.2 as RDF 1.1 says them; those of a subject in a graph must come together.

    Raises `InvalidRecord` for a claim that reifies more than one statement.
    """
    for _, group in groupby(quads, key=lambda quad: (quad.graph_name, quad.subject)):
        about = list(group)
        statements = [quad.object for quad in about if quad.predicate == REIFIES and isinstance(quad.object, ox.Triple)]
        if not statements or not _is_claim(about):
            yield from about
            continue
        if len(statements) > 1:
            raise InvalidRecord(f"{about[0].subject} reifies {len(statements)} statements: a claim states one")
        values = (statements[0].subject, statements[0].predicate, statements[0].object)
        for part, value in zip(_PARTS, values, strict=True):
            yield ox.Quad(about[0].subject, part, value, about[0].graph_name)
        yield from (quad for quad in about if quad.predicate != REIFIES)


def _is_claim(about: Iterable[ox.Quad]) -> bool:
    return any(quad.predicate == _TYPE and quad.object == _CLAIM for quad in about)
