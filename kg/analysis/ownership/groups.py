"""Groups: what a parent consolidates, and which companies are closely linked.

Consolidation tells two percentages apart. Control decides whether a company is in the group (IFRS 10: more than half
of the votes, held together with all that is controlled); the effective interest, chains multiplied and added up, tells
how much of it is the parent's, and the rest is non-controlling. From a fifth of the votes on, without control, a
company is an associate (IAS 28) and taken in at equity.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from kg.analysis.ownership.control import control_pairs
from kg.analysis.ownership.holdings import Holdings, positions
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.integrated_ownership import reachable, shares_of, simple_shares
from kg.analysis.ownership.shares import assumptions, chains, made_by, remarks
from kg.analysis.ownership.votes import together
from kg.analysis.records import LazyClaims
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import InvalidRecord
from kg.facts import AsOf, Interval, TriState, claims_of, tri_state
from kg.facts.interval import TOLERANCE
from kg.model import Claim, Entity
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among

__all__ = ["MEASURES", "CloseLink", "Member", "close_links", "consolidation"]

MEASURES = ("simple", "net")
"""How chains count for close links: those in which no company stands twice, or the net share."""

_INFLUENCE = 0.20
_NOTHING = Interval.exactly(0.0)


@dataclass(frozen=True, slots=True)
class Member:
    """A company of a parent's accounts: `method` is full (controlled), equity (an associate) or undecided.

    `votes` are those that the parent and what it surely controls hold together, `effective` is the parent's net share
    of the capital, `non_controlling` what is not the parent's; fractions, all.
    """

    parent: Entity
    company: Entity
    method: str
    votes: Interval
    effective: Interval
    claims: Sequence[Claim]

    @property
    def non_controlling(self) -> Interval:
        """What of the company is not the parent's."""
        return Interval(1 - self.effective.high, 1 - self.effective.low)

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table."""
        yield {
            "parent": self.parent,
            "company": self.company,
            "method": self.method,
            "votes": self.votes,
            "effective": self.effective,
            "non_controlling": self.non_controlling,
            "claims": self.claims,
        }


@dataclass(frozen=True, slots=True)
class CloseLink:
    """Two companies of which one has a threshold or more of the other, or a third of both.

    `share` is what `one` has of `other` by all chains. With a `third` that is what the third has of `one`, and
    `share_of_other` what it has of `other`.
    """

    one: Entity
    other: Entity
    third: Entity | None
    answer: TriState
    share: Interval
    share_of_other: Interval | None
    claims: Sequence[Claim]

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table."""
        yield {
            "one": self.one,
            "other": self.other,
            "held_by": self.third,
            "answer": self.answer,
            "share": self.share,
            "share_of_other": self.share_of_other,
            "claims": self.claims,
        }


@accepts_old_names
def consolidation(
    claims: Iterable[Claim], company: str, *, threshold: float = 0.5, as_of: AsOf | None = None
) -> Result[Member]:
    """Return the group of a parent: what it controls and its associates, the greatest effective interest first.

    Raises `UnknownEntity` for a company in no holding.
    """
    as_of = or_today(as_of)
    claims = tuple(claims)
    capital, votes = (holdings(claims, basis=basis, as_of=as_of) for basis in ("capital", "votes"))
    parent = votes.places[find_among(votes.entities, company).id]
    source = np.array([parent], np.int64)
    surely, perhaps = (
        set(control_pairs(votes, threshold, high=high, sources=source)[1].tolist()) for high in (False, True)
    )
    effective = {node: net for node, (net, _) in shares_of(capital, parent).intervals().items()}
    rows = []
    below = {node for holder in (parent, *surely, *perhaps) for node, _ in positions(votes.held, holder)}
    for node in sorted({*surely, *perhaps, *below} - {parent}):
        held = together(votes, node, {parent, *surely}, {parent, *perhaps})
        method = _method(tri_state(surely=node in surely, perhaps=node in perhaps), held)
        if method is not None:
            reasons = made_by(capital, votes, parent, node)
            ends = votes.entities[parent], votes.entities[node]
            rows.append(Member(*ends, method, held, effective.get(node, _NOTHING), reasons))
    rows.sort(key=lambda row: (row.method != "full", -row.effective.high, row.company.id))
    notes = (*remarks(capital, "capital"), *assumptions(votes))
    return Result("group", f"The group of {votes.entities[parent].name}", tuple(rows), notes, "bars")


def _method(controlled: TriState, held: Interval) -> str | None:
    if controlled is TriState.TRUE:
        return "full"
    influence = held.at_least(_INFLUENCE)
    if controlled is TriState.UNDECIDED or influence is TriState.UNDECIDED:
        return "undecided"
    return "equity" if influence is TriState.TRUE else None


@accepts_old_names
def close_links(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    threshold: float = _INFLUENCE,
    measure: str = "simple",
    limit: int = 10_000,
    as_of: AsOf | None = None,
) -> Result[CloseLink]:
    """Return which companies are closely linked by capital, all or those with one company.

    One has `threshold` or more of the other, directly or by chains, or a third has so much of both (Regulation (EU)
    575/2013, article 4(1)(38); Guideline (EU) 2015/510, article 138). `measure` is one of `MEASURES`. At most `limit`
    links are listed, and a note counts the rest. Raises `UnknownEntity` for a company in no holding.
    """
    as_of = or_today(as_of)
    if not 0 < threshold <= 1:
        raise InvalidRecord(f"a threshold of {threshold} lies outside 0–1: write 0.2 for 20 %")
    if measure not in MEASURES:
        raise InvalidRecord(f"chains are not measured by '{measure}': choose one of {', '.join(MEASURES)}")
    graph = holdings(claims, basis="capital", as_of=as_of)
    node = None if company is None else graph.places[find_among(graph.entities, company).id]
    shares = {
        who: _shares(graph, who, measure, threshold) for who in np.flatnonzero(np.diff(graph.held.start)).tolist()
    }
    rows = [row for who in shares for row in _links(graph, who, shares[who], threshold, node)]
    rows.sort(key=_order)
    notes = list(remarks(graph, "capital"))
    if len(rows) > limit:
        notes.append(f"{len(rows) - limit} more links are not listed: ask for a company, or for more")
    return Result("links", "Which companies are closely linked", tuple(rows[:limit]), tuple(notes), "graph")


def _order(link: CloseLink) -> tuple[object, ...]:
    third = "" if link.third is None else link.third.id
    return link.third is not None, link.answer is not TriState.TRUE, link.one.id, link.other.id, third


def _shares(graph: Holdings, who: int, measure: str, threshold: float) -> dict[int, Interval]:
    """Return what a node has of others, where it may be the threshold or more."""
    below = graph.parts.part[reachable(graph.held, who)]
    is_cyclic = (np.bincount(graph.parts.part)[below] > 1).any()
    if measure == "net" or not is_cyclic:
        # Without cycles both are one, and the net share is soon told.
        found = {node: net for node, (net, _) in shares_of(graph, who).intervals().items() if node != who}
    else:
        low, high = (simple_shares(graph, who, high=side) for side in (False, True))
        found = {node: Interval(min(low.get(node, 0.0), 1.0), min(share, 1.0)) for node, share in high.items()}
    return {node: share for node, share in found.items() if share.high >= threshold - TOLERANCE}


def _links(
    graph: Holdings, who: int, shares: Mapping[int, Interval], threshold: float, node: int | None
) -> Iterator[CloseLink]:
    """Yield the links that a node makes: with what it holds, and between any two of these."""

    def made(*held: int) -> LazyClaims:
        return LazyClaims(lambda: claims_of(*(graph.claims(chains(graph, who, one)) for one in held)))

    for whom, share in shares.items():
        if node in {None, who, whom}:
            ends = graph.entities[who], graph.entities[whom]
            yield CloseLink(*ends, None, share.at_least(threshold), share, None, made(whom))
    for one, other in combinations(sorted(shares), 2):
        if node in {None, one, other}:
            answers = {shares[one].at_least(threshold), shares[other].at_least(threshold)}
            yield CloseLink(
                graph.entities[one],
                graph.entities[other],
                graph.entities[who],
                tri_state(surely=answers == {TriState.TRUE}, perhaps=True),
                shares[one],
                shares[other],
                made(one, other),
            )
