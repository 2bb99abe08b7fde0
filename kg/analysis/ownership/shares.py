"""Direct and indirect shares in a net of holdings, cross-holdings and cycles included.

Two measures, A being the matrix of direct shares (a_ij: what i holds of j):

integrated   Brioschi, Buzzacchi, Colombo 1989 (https://doi.org/10.1016/0378-4266(89)90040-X): what reaches i of one
             unit earned by j along every chain, however often it turns in a cycle: Y = A + A² + A³ + … = (I-A)⁻¹A.
             In cross-holdings it counts what passes i again and again, and may exceed the whole.
net          Baldone, Brioschi, Paleari 1998: the chains that do not come back to i before they end,
             y_ij = a_ij + Σ_{k≠i} y_ik a_kj. It is the chance that a walk from j, going up to each holder in
             proportion to its share, ever meets i: never more than the whole, whatever the cycles.

Without cycles both are the same. Where direct shares are ranges, so are these. The bounds of the net share are sharp,
in graphs that are not very large: there are shares within the ranges, no more than the whole together, that reach them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.analysis.ownership.holdings import Holdings, positions
from kg.analysis.ownership.holdings_from_claims import holdings
from kg.analysis.ownership.integrated_ownership import reachable, shares_in, shares_of
from kg.analysis.records import LazyClaims
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import InvalidRecord
from kg.facts import AsOf, Interval, claims_of
from kg.facts.interval import TOLERANCE
from kg.model import Claim, Entity
from kg.query.as_of import or_today
from kg.query.entity_lookup import find_among

__all__ = ["Share", "assumptions", "chains", "made_by", "owners", "portfolio", "remarks"]


@dataclass(frozen=True, slots=True)
class Share:
    """What one company holds of another: directly, and by all chains, as fractions of the whole.

    `net` and `integrated` are those of the module; `integrated.high` is infinite where cycles may hold the whole of
    each other. `direct` is None where there is no direct holding. `basis` is "capital" or "votes".
    """

    holder: Entity
    issuer: Entity
    basis: str
    direct: Interval | None
    net: Interval
    integrated: Interval
    claims: Sequence[Claim]

    def cells(self) -> Iterable[Mapping[str, Any]]:
        """Yield its row of a table."""
        yield {
            "holder": self.holder,
            "company": self.issuer,
            "of": self.basis,
            "direct": self.direct,
            "net": self.net,
            "integrated": self.integrated,
            "claims": self.claims,
        }


@accepts_old_names
def owners(
    claims: Iterable[Claim], company: str, *, basis: str = "capital", min_share: float = 0.0, as_of: AsOf | None = None
) -> Result[Share]:
    """Return who owns a company, directly and indirectly, the greatest net share first.

    `basis` is "capital" or "votes". Only shares that may be `min_share` or more, a fraction, are listed. A company that
    holds itself through others stands among its owners. Raises `UnknownEntity` for a company that nobody holds.
    """
    as_of = or_today(as_of)
    graph = holdings(claims, basis=basis, as_of=as_of)
    entity = find_among(graph.entities, company)
    node = graph.places[entity.id]
    rows = [_row(graph, basis, holder, node, *both) for holder, both in shares_in(graph, node).intervals().items()]
    return Result(
        "owners",
        f"Who owns {entity.name}, directly and indirectly",
        _ranked(rows, min_share),
        tuple(remarks(graph, basis)),
        "bars",
    )


@accepts_old_names
def portfolio(
    claims: Iterable[Claim], company: str, *, basis: str = "capital", min_share: float = 0.0, as_of: AsOf | None = None
) -> Result[Share]:
    """Return what a company or a person owns, directly and indirectly, the greatest net share first; see `owners`."""
    as_of = or_today(as_of)
    graph = holdings(claims, basis=basis, as_of=as_of)
    entity = find_among(graph.entities, company)
    node = graph.places[entity.id]
    rows = [_row(graph, basis, node, issuer, *both) for issuer, both in shares_of(graph, node).intervals().items()]
    return Result(
        "portfolio",
        f"What {entity.name} owns, directly and indirectly",
        _ranked(rows, min_share),
        tuple(remarks(graph, basis)),
        "bars",
    )


def _row(  # noqa: PLR0913, PLR0917 - what a row is made of
    graph: Holdings, basis: str, holder: int, issuer: int, net: Interval, integrated: Interval
) -> Share:
    edge = graph.edge(holder, issuer)
    return Share(
        graph.entities[holder],
        graph.entities[issuer],
        basis,
        None if edge is None else graph.share(edge),
        net,
        integrated,
        LazyClaims(lambda: graph.claims(chains(graph, holder, issuer))),
    )


def _ranked(rows: Iterable[Share], min_share: float) -> tuple[Share, ...]:
    if not 0 <= min_share <= 1:
        raise InvalidRecord(f"a least share of {min_share} lies outside 0–1: write 0.05 for 5 %")
    listed = [row for row in rows if row.net.high >= max(min_share - TOLERANCE, TOLERANCE)]
    return tuple(sorted(listed, key=lambda row: (-row.net.high, -row.net.low, row.holder.id, row.issuer.id)))


def assumptions(graph: Holdings) -> Iterator[str]:
    """Yield what was assumed about shares, where something was."""
    if graph.assumed:
        yield f"shares of capital are taken for votes where no source tells the votes: {len(graph.assumed)}"


def remarks(graph: Holdings, basis: str) -> Iterator[str]:
    """Yield what has to be said of holdings beside any answer: what was assumed, what is not known, what is odd."""
    yield from assumptions(graph)
    if graph.control is not None and basis == "votes" and (count := int((graph.control > 0).sum())):
        yield f"control is told by sources without a share, as of subsidiaries and acquisitions: {count}"
    unknown = sum(1 for edge in range(len(graph)) if graph.high[edge] > graph.low[edge])
    if unknown:
        yield f"{unknown} of {len(graph)} direct shares of {basis} are not known exactly: answers are ranges"
    if graph.unfirm:
        yield f"planned, announced or reported holdings take no part: {graph.unfirm}"
    if graph.left_out:
        names = ", ".join(sorted({relationship.object.name for relationship in graph.left_out})[:5])
        yield f"bought, but told to be no legal entity, and so left out: {len(graph.left_out)} ({names})"
    if graph.through:
        names = ", ".join(sorted({relationship.subject.name for relationship in graph.through})[:5])
        count = len(graph.through)
        yield f"told to be held through others, and so not added to what is held directly: {count} ({names})"
    for node in graph.over:
        yield f"the shares of {graph.entities[node].name} sum to more than 100 %: see the issues"
    if graph.at_odds:
        yield f"{len(graph.at_odds)} direct shares are at odds between sources: see the issues"


def made_by(capital: Holdings, votes: Holdings, holder: int, issuer: int) -> LazyClaims:
    """Return the claims on the chains from a holder to an issuer, on capital and on votes: both have the same edges."""

    def work() -> tuple[Claim, ...]:
        edges = chains(capital, holder, issuer)
        return claims_of(capital.claims(edges), votes.claims(edges))

    return LazyClaims(work)


def chains(graph: Holdings, holder: int, issuer: int) -> list[int]:
    """Return the edges that lie on a chain from a holder to an issuer."""
    below, above = set(reachable(graph.held, holder).tolist()), set(reachable(graph.holders, issuer).tolist())
    return [
        edge
        for start in sorted(below & above)
        for neighbour, edge in positions(graph.held, start)
        if neighbour in above
    ]
