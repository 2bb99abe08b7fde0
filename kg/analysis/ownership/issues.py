"""What does not add up in holdings, with the claims that cause it: nothing is corrected in silence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from kg.analysis.ownership.control import groups, top_pairs
from kg.analysis.ownership.holdings import UNIT, Holdings
from kg.analysis.ownership.holdings_from_claims import BASES, holdings
from kg.analysis.ownership.shares import chains
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.facts import AsOf, claims_of
from kg.model import Claim, Entity
from kg.query.as_of import or_today

__all__ = ["Issue", "issues"]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about a company's shares that cannot be right, or that no share can tell.

    `kind` is "over the whole" (least shares that sum to more than 100 %), "at odds" (two sources on one share that
    exclude each other), "several controllers" (who do not control one another), "own shares" (a company that holds
    itself, which no measure counts) or "closed ring" (companies that hold all of each other, so that nobody stands
    behind them). `sum` is that of the shares concerned, as a fraction, `basis` what they are of.
    """

    kind: str
    company: Entity
    basis: str
    sum: float | None
    claims: tuple[Claim, ...]

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield a line for each claim that causes it."""
        for claim in self.claims:
            yield {
                "kind": self.kind,
                "company": self.company,
                "of": self.basis,
                "percent_in_all": None if self.sum is None else 100 * self.sum,
                "says": claim.subject.name,
                "claims": (claim,),
            }


@accepts_old_names
def issues(claims: Iterable[Claim], *, as_of: AsOf | None = None) -> Result[Issue]:
    """Return what does not add up in the holdings of all companies, of capital and of votes."""
    as_of = or_today(as_of)
    claims = tuple(claims)
    rows: dict[tuple[str, str, tuple[str, ...]], Issue] = {}
    for basis in reversed(BASES):
        for issue in _issues(holdings(claims, basis=basis, as_of=as_of), basis):
            rows.setdefault((issue.kind, issue.company.id, tuple(claim.id for claim in issue.claims)), issue)
    return Result("issues", "What does not add up in the holdings", tuple(rows.values()))


def _issues(graph: Holdings, basis: str) -> Iterator[Issue]:
    for node, units in graph.over.items():
        yield Issue("over the whole", graph.entities[node], basis, units / UNIT, graph.claims(graph.edges_into(node)))
    for edge in graph.at_odds:
        yield Issue("at odds", graph.entities[int(graph.issuer[edge])], basis, None, graph.claims([edge]))
    if basis == "votes":
        yield from _controllers(graph)
    for relationship in graph.own:
        yield Issue("own shares", relationship.subject, basis, None, relationship.claims)
    yield from _rings(graph, basis)


def _controllers(graph: Holdings) -> Iterator[Issue]:
    """Yield the companies that several surely control, none of whom controls another."""
    for node, tops in sorted(groups(*reversed(top_pairs(graph))).items()):
        if len(tops) > 1:
            behind = (graph.claims(chains(graph, top, node)) for top in sorted(tops))
            yield Issue("several controllers", graph.entities[node], "votes", None, claims_of(*behind))


def _rings(graph: Holdings, basis: str) -> Iterator[Issue]:
    """Yield the parts whose companies are held to the last share by each other."""
    parts = graph.parts
    sums = np.zeros(len(graph.entities), np.int64)
    inside = parts.part[graph.holder] == parts.part[graph.issuer]
    np.add.at(sums, graph.issuer[inside], graph.low[inside])
    for begin, end in zip(parts.bounds, parts.bounds[1:], strict=False):
        nodes = parts.order[begin:end]
        if len(nodes) > 1 and (sums[nodes] >= UNIT).all():
            edges = np.flatnonzero(inside & np.isin(graph.issuer, nodes))
            yield Issue("closed ring", graph.entities[int(nodes.min())], basis, None, claims_of(graph.claims(edges)))
