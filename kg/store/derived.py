"""What follows from claims and stands in no document's graph: when each states a fact, and the edges of a day.

Whatever the day, the default graph has ``kg:from`` and ``kg:until`` of every claim that states a fact at some time,
and ``kg:surelyFrom`` and ``kg:surelyUntil`` where partial dates leave days open. Decided for the day at which an
index stands are the edges, of each relationship of which a claim's period contains it, and ``kg:undecided``. The
bookkeeping has which claims report an end of which relationship: only these change the periods of others.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from kg.facts import Period, TriState, periods, relationship_key, reports_end
from kg.facts.periods import Key
from kg.model import Claim, Entity
from kg.ontology import ontology
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme, term
from kg.store.rdf_decode import document_quads

__all__ = [
    "DATES",
    "ENDING",
    "FROM",
    "SURELY_FROM",
    "SURELY_UNTIL",
    "TODAY",
    "UNDECIDED",
    "UNTIL",
    "Derived",
    "day_literal",
    "derived",
    "edge",
    "edges_of_key",
    "ending_literal",
    "graphs",
    "marks_text",
    "today_quad",
]

FROM, UNTIL, UNDECIDED = term("kg:from"), term("kg:until"), term("kg:undecided")
SURELY_FROM, SURELY_UNTIL = term("kg:surelyFrom"), term("kg:surelyUntil")
DATES = (FROM, UNTIL, SURELY_FROM, SURELY_UNTIL)
ENDING = term("dcterms:replaces")
"""In the bookkeeping: the relationship of which a claim reports an end."""
TODAY, _DATE = term("kg:today"), term("xsd:date")
_TRUE = ox.Literal(value=True)
_FROM_TEXT, _UNTIL_TEXT, _DATE_TEXT = str(FROM), str(UNTIL), str(_DATE)
"""As text, since every claim has them."""
_DEFAULT = ox.DefaultGraph()


@dataclass(frozen=True, slots=True)
class Derived:
    """What follows from claims on a day: edges, and what marks the claims themselves."""

    edges: frozenset[ox.Quad]
    marks: frozenset[ox.Quad]


def graphs(readings: Iterable[DocumentClaims], iris: IriScheme) -> set[ox.Quad]:
    """Return the graphs of documents: their descriptions, claims and mentions."""
    return {quad for reading in readings for quad in document_quads(reading, iris)}


def derived(claims: Iterable[Claim], iris: IriScheme, day: dt.date) -> Derived:
    """Return what follows from claims on a day; they are all that are known of their relationships."""
    claims = tuple(claim for claim in claims if isinstance(claim.object, Entity))
    periods_ = periods(claims)
    text = "".join(marks_text(claim, periods_.get(claim.id), iris, day) for claim in claims)
    holding = (c for c in claims if c.id in periods_ and periods_[c.id].holds_on(day) is not TriState.FALSE)
    return Derived(frozenset(edge(claim, iris) for claim in holding), frozenset(ox.parse(text, ox.RdfFormat.N_QUADS)))


def edge(claim: Claim, iris: IriScheme) -> ox.Quad:
    """Return the edge, in the default graph, that a claim between entities gives on the days on which it holds."""
    subject, object_ = claim.entities
    return _edge(claim.relation, subject.id, object_.id, iris)


def edges_of_key(key: Key, iris: IriScheme) -> Iterator[ox.Quad]:
    """Yield the edges that a relationship may have: of a symmetric relation one either way."""
    relation, subject, object_ = (str(part) for part in key)
    yield _edge(relation, subject, object_, iris)
    if ontology().relation(relation).symmetric and subject != object_:
        yield _edge(relation, object_, subject, iris)


def _edge(relation: str, subject: str, object_: str, iris: IriScheme) -> ox.Quad:
    return ox.Quad(iris.entity(subject), _relation_node(relation), iris.entity(object_), _DEFAULT)


@functools.cache
def _relation_node(relation: str) -> ox.NamedNode:
    return ox.NamedNode(ontology().relation(relation).iri)


def ending_literal(key: Key, iris: IriScheme) -> ox.Literal:
    """Return how the bookkeeping writes a relationship."""
    relation, subject, object_ = (str(part) for part in key)
    return ox.Literal(f"{relation} {iris.entity(subject).value} {iris.entity(object_).value}")


def day_literal(day: dt.date) -> ox.Literal:
    """Return a day as xsd:date."""
    return ox.Literal(day.isoformat(), datatype=_DATE)


def today_quad(day: dt.date, iris: IriScheme) -> ox.Quad:
    """Return what says for which day the edges of a store stand."""
    return ox.Quad(ox.NamedNode(iris.base), TODAY, day_literal(day), _DEFAULT)


def marks_text(claim: Claim, period: Period | None, iris: IriScheme, day: dt.date) -> str:
    """Return what marks a claim between entities, as N-Quads: its days, and whether it reports an end."""
    node = iris.claim(claim.id)
    lines = [] if period is None else [f"{node} {rest} .\n" for rest in _of_period(period, day)]
    if reports_end(claim):
        lines.append(f"{node} {ENDING} {ending_literal(relationship_key(claim), iris)} {iris.store} .\n")
    return "".join(lines)


def _of_period(period: Period, day: dt.date) -> Iterator[str]:
    first, last = period.first or dt.date.min, period.last
    yield f'{_FROM_TEXT} "{first}"^^{_DATE_TEXT}'
    if last is not None:
        yield f'{_UNTIL_TEXT} "{last}"^^{_DATE_TEXT}'
    surely_first, surely_last = period.surely_first or dt.date.min, period.surely_last
    if surely_first != first:
        yield f'{SURELY_FROM} "{surely_first}"^^{_DATE_TEXT}'
    if surely_last is not None and surely_last != last:
        yield f'{SURELY_UNTIL} "{surely_last}"^^{_DATE_TEXT}'
    if period.holds_on(day) is TriState.UNDECIDED:
        yield f"{UNDECIDED} {_TRUE}"
