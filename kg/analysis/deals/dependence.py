"""On whom a company hangs: single points of failure that sources show.

====================  =======================================================================================
exclusive supplier    a source calls the supplier exclusive, maybe for some goods only
only known supplier   of a customer, as a fact, unless a source says that it is not exclusive: then there are others
most of revenue       a customer makes half of the revenue or more
most of cost          a supplier makes half of the cost or more
cut point             all known chains of supply that end at the company pass through, or begin at, another one
                      that is not its only known supplier
====================  =======================================================================================

Chains of supply begin at companies that nobody is known to supply; where companies supply each other in a circle and
nobody else supplies any of them, at each of these; and at a customer of whose only known supplier a source says that
it is not exclusive. Cut points are the dominators of that graph (Lengauer and Tarjan
1979, https://doi.org/10.1145/357062.357071), of facts alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.analysis.deals.relations import visible_company
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.facts import (
    STANDING_MODALITIES,
    AsOf,
    Interval,
    Relationship,
    TriState,
    claims_of,
    relationships,
)
from kg.model import Claim, Entity, Modality
from kg.query.as_of import or_today

__all__ = ["MOST", "Dependence", "dependence"]

MOST = 0.5
"""The share from which it is most of a company's revenue or cost."""

_WAYS = ("exclusive supplier", "most of revenue", "most of cost", "only known supplier", "cut point")
_ANSWERS = (TriState.TRUE, TriState.UNDECIDED)
_BEGINNING = ""  # no entity has this id


@dataclass(frozen=True, slots=True)
class Dependence:
    """One company that another hangs on, and `how`: see the head of this module.

    `answer` is undecided where sources are at odds, where a share may lie on either side of half, and where suppliers
    that no source names would end the dependence.
    """

    company: Entity
    depends_on: Entity
    how: str
    share: Interval | None
    answer: TriState
    modality: Modality
    claims: tuple[Claim, ...]

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield one line."""
        yield {
            "company": self.company,
            "depends_on": self.depends_on,
            "how": self.how,
            "share": self.share,
            "answer": self.answer,
            "modality": str(self.modality),
            "claims": self.claims,
        }


@accepts_old_names
def dependence(claims: Iterable[Claim], company: str | None = None, *, as_of: AsOf | None = None) -> Result[Dependence]:
    """Return the companies that others, or one company, hang on: those that are sure first, the firmest of them."""
    as_of = or_today(as_of)
    claims = tuple(claims)
    company_id = visible_company(claims, company, as_of)
    supplies = [
        relationship
        for relationship in relationships(claims, as_of, relations=("supplies",))
        if relationship.subject.id != relationship.object.id
    ]
    into: dict[str, list[Relationship]] = defaultdict(list)
    for relationship in supplies:
        if relationship.is_fact:
            into[relationship.object.id].append(relationship)
    only = [relationship for tied in into.values() if len(tied) == 1 for relationship in tied]
    shared = {
        relationship.object.id
        for relationship in only
        if any(fact.qualifiers.exclusive is False for fact in relationship.facts)
    }
    only = [relationship for relationship in only if relationship.object.id not in shared]
    dependences = [*_exclusive(supplies), *_mostly(supplies), *_only(only), *_cut_points(into, shared, company_id)]
    rows = sorted((row for row in dependences if company_id in {None, row.company.id}), key=_rank)
    return Result("dependence", "Single points of failure: on whom a company hangs", tuple(rows), tuple(_notes(rows)))


def _rank(row: Dependence) -> tuple[int, int, int, float, str, str]:
    firmness, way = STANDING_MODALITIES.index(row.modality), _WAYS.index(row.how)
    share = -row.share.low if row.share else 1.0
    return _ANSWERS.index(row.answer), firmness, way, share, row.company.id, row.depends_on.id


def _exclusive(supplies: Iterable[Relationship]) -> Iterator[Dependence]:
    for relationship in supplies:
        facts = [fact for fact in relationship.facts if fact.qualifiers.exclusive is not None]
        facts = [fact for fact in facts if fact.modality is facts[0].modality]
        if not any(fact.qualifiers.exclusive for fact in facts):
            continue
        surely = not relationship.contradicting and all(fact.qualifiers.exclusive for fact in facts)
        answer = TriState.TRUE if surely else TriState.UNDECIDED
        claims = claims_of(*(fact.claims for fact in (*facts, *relationship.contradicting)))
        yield _row(
            relationship,
            "exclusive supplier",
            relationship.share(("cost",)),
            answer,
            modality=facts[0].modality,
            claims=claims,
        )


def _mostly(supplies: Iterable[Relationship]) -> Iterator[Dependence]:
    for relationship in supplies:
        for of in ("revenue", "cost"):
            share = relationship.share((of,))
            if share is not None and share.above(MOST) is not TriState.FALSE:
                yield _row(relationship, f"most of {of}", share, share.above(MOST))


def _only(supplies: Iterable[Relationship]) -> Iterator[Dependence]:
    return (
        _row(relationship, "only known supplier", relationship.share(("cost",)), TriState.UNDECIDED)
        for relationship in supplies
    )


def _row(  # noqa: PLR0913 - keywords, each with a default
    relationship: Relationship,
    how: str,
    share: Interval | None,
    answer: TriState,
    *,
    modality: Modality | None = None,
    claims: tuple[Claim, ...] = (),
) -> Dependence:
    company, depends_on = (
        (relationship.subject, relationship.object)
        if how == "most of revenue"
        else (relationship.object, relationship.subject)
    )
    return Dependence(
        company, depends_on, how, share, answer, modality or relationship.modality, claims or relationship.claims
    )


def _cut_points(
    into: Mapping[str, Sequence[Relationship]], shared: Iterable[str], company_id: str | None
) -> Iterator[Dependence]:
    """Yield each company's dominators but its only known supplier; those in `shared` have others."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph(
        (relationship.subject.id, customer) for customer, tied in into.items() for relationship in tied
    )
    parts = nx.condensation(graph)
    for part, data in parts.nodes(data=True):
        if parts.in_degree(part) == 0:
            graph.add_edges_from((_BEGINNING, member) for member in data["members"])
    graph.add_edges_from((_BEGINNING, customer) for customer in shared)
    if not into:
        return
    above = nx.immediate_dominators(graph, _BEGINNING)
    entities = {
        end.id: end
        for tied in into.values()
        for relationship in tied
        for end in (relationship.subject, relationship.object)
    }
    for customer in into if company_id is None else {company_id} & into.keys():
        only = into[customer][0].subject.id if len(into[customer]) == 1 else None
        point = above[customer]
        while point != _BEGINNING:
            if point != only:
                claims = claims_of(*(relationship.claims for relationship in _between(into, point, customer)))
                yield Dependence(
                    entities[customer],
                    entities[point],
                    "cut point",
                    None,
                    TriState.UNDECIDED,
                    Modality.ASSERTED,
                    claims,
                )
            point = above[point]


def _between(into: Mapping[str, Sequence[Relationship]], point: str, customer: str) -> Iterator[Relationship]:
    """Yield the relationships of all chains from a cut point to a customer."""
    met, queue = {customer, point}, [customer]
    for node in queue:
        for relationship in into.get(node, ()):
            yield relationship
            if relationship.subject.id not in met:
                met.add(relationship.subject.id)
                queue.append(relationship.subject.id)


def _notes(rows: Sequence[Dependence]) -> Iterator[str]:
    ways = {row.how for row in rows}
    if "exclusive supplier" in ways:
        yield "an exclusive supplier may be so for some goods only: the sentences tell"
    if ways & {"only known supplier", "cut point"}:
        yield "only known suppliers and cut points are so to these sources: others may supply, and nobody tells"
