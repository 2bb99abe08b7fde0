"""From one day to another: which edges, and which marks of what is undecided, differ between two days.

Only claims of which a bound lies between the two days can differ. For a few days each is looked up by itself, so
that the day after costs next to nothing however large an index is; for many, all bounds are looked through.
"""

import datetime as dt
from collections.abc import Iterator
from typing import cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.facts import TriState
from kg.store.derived import FROM, SURELY_FROM, SURELY_UNTIL, UNDECIDED, UNTIL, day_literal, today_quad
from kg.store.iris import IriScheme, term
from kg.store.relationship_index import holds, period_of

__all__ = ["day_change"]

_DEFAULT = ox.DefaultGraph()
_SUBJECT, _PREDICATE, _OBJECT = (term(f"rdf:{name}") for name in ("subject", "predicate", "object"))
_FEW_DAYS = 1000
_DAY = dt.timedelta(days=1)
_TRUE = ox.Literal(value=True)


def day_change(store: ox.Store, iris: IriScheme, old: dt.date, new: dt.date) -> tuple[set[ox.Quad], set[ox.Quad]]:
    """Return the quads that come and go when an index that stands at one day is to stand at another."""
    added, removed = {today_quad(new, iris)}, {today_quad(old, iris)}
    come: set[ox.Quad] = set()
    gone: set[ox.Quad] = set()
    for claim in _between(store, min(old, new), max(old, new)):
        period = period_of(store, claim)
        answer = TriState.FALSE if period is None else period.holds_on(new)
        mark = ox.Quad(claim, UNDECIDED, _TRUE, _DEFAULT)
        if (answer is TriState.UNDECIDED) != (mark in store):
            (added if answer is TriState.UNDECIDED else removed).add(mark)
        (gone if answer is TriState.FALSE else come).add(_edge(store, claim, iris))
    added |= {edge for edge in come if edge not in store}
    removed |= {edge for edge in gone - come if edge in store and not holds(store, edge, new, iris)}
    return added, removed


def _between(store: ox.Store, first: dt.date, last: dt.date) -> set[ox.NamedNode]:
    """Return the claims whose period begins after `first` and by `last`, or ends from `first` and before `last`."""
    nodes: set[ox.NamedNode] = set()
    for predicate in (FROM, SURELY_FROM):
        nodes.update(_dated(store, predicate, first + _DAY, last))
    for predicate in (UNTIL, SURELY_UNTIL):
        nodes.update(_dated(store, predicate, first, last - _DAY))
    return nodes


def _dated(store: ox.Store, predicate: ox.NamedNode, first: dt.date, last: dt.date) -> Iterator[ox.NamedNode]:
    """Yield the claims that have a date from `first` to `last`."""
    days = (last - first).days + 1
    if days <= _FEW_DAYS:
        for number in range(days):
            literal = day_literal(first + number * _DAY)
            for quad in store.quads_for_pattern(None, predicate, literal, _DEFAULT):
                yield cast("ox.NamedNode", quad.subject)
        return
    low, high = first.isoformat(), last.isoformat()
    for quad in store.quads_for_pattern(None, predicate, None, _DEFAULT):
        if low <= cast("ox.Literal", quad.object).value <= high:
            yield cast("ox.NamedNode", quad.subject)


def _edge(store: ox.Store, claim: ox.NamedNode, iris: IriScheme) -> ox.Quad:
    """Return the edge that a claim gives on the days on which it holds."""
    documents = f"{iris.base}document/"
    for quad in store.quads_for_pattern(claim, _SUBJECT, None, None):
        # A user's own graph may speak of claims too.
        graph = cast("ox.NamedNode", quad.graph_name)
        if graph.value.startswith(documents):
            predicate, object_ = (
                cast("ox.NamedNode", next(store.quads_for_pattern(claim, node, None, graph)).object)
                for node in (_PREDICATE, _OBJECT)
            )
            return ox.Quad(cast("ox.NamedNode", quad.object), predicate, object_, _DEFAULT)
    raise StoreError(f"the index has a period of {claim} and not the claim: delete the store's folder 'index'")
