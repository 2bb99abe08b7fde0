"""Relationships looked up in an index: the claims of one, whether it holds, what its periods are to be."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox

from kg.facts import Period, TriState, relationship_key
from kg.facts.periods import Key
from kg.model import Claim, Entity
from kg.store.derived import DATES, ENDING, UNDECIDED, derived, edge, edges_of_key, ending_literal
from kg.store.iris import IriScheme, term
from kg.store.rdf_decode import claims_from

__all__ = ["Correction", "claims_of", "correction", "has_ending", "holds", "keys_of", "period_of", "stub"]

_EVIDENCE, _SELECTOR = term("kg:evidence"), term("oa:hasSelector")
_SUBJECT, _PREDICATE, _OBJECT = (term(f"rdf:{name}") for name in ("subject", "predicate", "object"))
_DEFAULT = ox.DefaultGraph()
_FEW: Collection[ox.NamedNode] = frozenset()


def stub(id_: str) -> Entity:
    """Return an entity of which only the id matters."""
    return Entity(id_, id_, "Entity")


def keys_of(claims: Iterable[Claim]) -> set[Key]:
    """Return the relationships of claims between entities."""
    return {relationship_key(claim) for claim in claims if isinstance(claim.object, Entity)}


def has_ending(store: ox.Store, key: Key, iris: IriScheme) -> bool:
    """Tell whether a claim in the index reports an end of a relationship."""
    quads = store.quads_for_pattern(None, ENDING, ending_literal(key, iris), iris.store)
    return next(quads, None) is not None


def claims_of(store: ox.Store, key: Key, iris: IriScheme, without: Collection[ox.NamedNode] = _FEW) -> list[Claim]:
    """Return the claims of a relationship, as the RDF says them, but for those of some documents."""
    places = _places(store, key, iris, without)
    return [claim for node, graph in places for claim in _decoded(store, node, graph, iris)]


def _places(
    store: ox.Store, key: Key, iris: IriScheme, without: Collection[ox.NamedNode] = _FEW
) -> list[tuple[ox.NamedNode, ox.NamedNode]]:
    """Return the claims of a relationship, with the graphs of their documents."""
    return [place for edge_ in edges_of_key(key, iris) for place in _claims_of_edge(store, edge_, iris, without)]


def _claims_of_edge(
    store: ox.Store, edge_: ox.Quad, iris: IriScheme, without: Collection[ox.NamedNode]
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode]]:
    """Yield the claims that say an edge, with the graphs of their documents."""
    ends = ((_SUBJECT, edge_.subject), (_OBJECT, edge_.object))
    named = [store.quads_for_pattern(None, predicate, node, None) for predicate, node in ends]
    # Of a busy company and a quiet one, as many claims are looked at as the quiet one has.
    candidates = {(quad.subject, quad.graph_name) for pair in zip(*named, strict=False) for quad in pair}
    documents = f"{iris.base}document/"
    for claim, graph in candidates:
        # A user's own graph may speak of claims too.
        if not isinstance(graph, ox.NamedNode) or not graph.value.startswith(documents) or graph in without:
            continue
        says = (*ends, (_PREDICATE, edge_.predicate))
        if all(ox.Quad(claim, predicate, node, graph) in store for predicate, node in says):
            yield cast("ox.NamedNode", claim), graph


def _decoded(store: ox.Store, claim: ox.NamedNode, graph: ox.NamedNode, iris: IriScheme) -> Iterator[Claim]:
    nodes, quads = [claim], []
    for node in nodes:
        for quad in store.quads_for_pattern(node, None, None, graph):
            quads.append(quad)
            if quad.predicate in {_EVIDENCE, _SELECTOR}:
                nodes.append(cast("ox.NamedNode", quad.object))
    return claims_from(quads, iris, stub)


def period_of(store: ox.Store, claim: ox.NamedNode) -> Period | None:
    """Return when a claim states a fact, as the index has it; None where it never does."""
    dates: dict[ox.NamedNode, dt.date] = {}
    for quad in store.quads_for_pattern(claim, None, None, _DEFAULT):
        if quad.predicate in DATES:
            dates[quad.predicate] = dt.date.fromisoformat(cast("ox.Literal", quad.object).value)
    first, last, surely_first, surely_last = (dates.get(predicate) for predicate in DATES)
    return None if first is None else Period(first, last, surely_first or first, surely_last or last)


def holds(
    store: ox.Store, edge_: ox.Quad, day: dt.date, iris: IriScheme, without: Collection[ox.NamedNode] = _FEW
) -> bool:
    """Tell whether an edge has a claim whose period, as the index has it, contains a day."""
    periods = (period_of(store, node) for node, _ in _claims_of_edge(store, edge_, iris, without))
    return any(period is not None and period.holds_on(day) is not TriState.FALSE for period in periods)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the index lacks of what follows from claims, what it has too much, and which edges are among the latter."""

    added: frozenset[ox.Quad]
    removed: frozenset[ox.Quad]
    edges: frozenset[ox.Quad]


_NO_CORRECTION = Correction(frozenset(), frozenset(), frozenset())


def correction(store: ox.Store, key: Key, iris: IriScheme, day: dt.date) -> Correction:
    """Compare what the index has of a relationship, claim by claim, with what follows from all its claims."""
    places = _places(store, key, iris)
    if len(places) == 1:
        # Most reports of an end stand alone: a claim by itself has its own period, and is not read again.
        return _NO_CORRECTION
    claims = [claim for node, graph in places for claim in _decoded(store, node, graph, iris)]
    facts = derived(claims, iris, day)
    marks = {quad for claim in claims for quad in _marks(store, iris.claim(claim.id), iris)}
    edges = frozenset(edge_ for claim in claims if (edge_ := edge(claim, iris)) in store)
    gone = edges - facts.edges
    return Correction((facts.edges - edges) | (facts.marks - marks), gone | (marks - facts.marks), gone)


def _marks(store: ox.Store, claim: ox.NamedNode, iris: IriScheme) -> Iterator[ox.Quad]:
    for quad in store.quads_for_pattern(claim, None, None, _DEFAULT):
        if quad.predicate in DATES or quad.predicate == UNDECIDED:
            yield quad
    yield from store.quads_for_pattern(claim, ENDING, None, iris.store)
