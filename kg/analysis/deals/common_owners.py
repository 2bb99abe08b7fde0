"""Owners common to rivals: who has a part of two companies that compete."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.analysis.deals.frenemies import by_name, rivalries, weakest
from kg.analysis.deals.relations import OWNS, RIVALRY, visible_company
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.errors import QueryError
from kg.facts import (
    STANDING_MODALITIES,
    UNKNOWN,
    AsOf,
    Interval,
    Relationship,
    TriState,
    claims_of,
    relationships,
    tri_state,
)
from kg.model import Claim, Entity, Modality
from kg.query.as_of import or_today

__all__ = ["CommonOwner", "common_owners"]


@dataclass(frozen=True, slots=True)
class CommonOwner:
    """An owner of two rivals, by the relationships in `stakes`, with the share of each one's capital.

    Of a direct owner these are its own relationships; of an indirect one all on the chains to the rival, and the share
    is the net one. A share that no source gives is 0–1. `answer` tells whether both reach the least that was asked for.
    """

    owner: Entity
    rivals: tuple[Entity, Entity]
    rivalry: Relationship
    stakes: tuple[tuple[Relationship, ...], tuple[Relationship, ...]]
    shares: tuple[Interval, Interval]
    answer: TriState

    @property
    def modality(self) -> Modality:
        """That of the rivalry or of the firmest relationship to each rival, whichever is weakest."""
        return weakest((self.rivalry.modality, *(stakes[0].modality for stakes in self.stakes)))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims for the rivalry, then those for the stakes."""
        return claims_of(
            self.rivalry.claims, *(relationship.claims for stakes in self.stakes for relationship in stakes)
        )

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield a line a stake."""
        for rival, stakes, share in zip(self.rivals, self.stakes, self.shares, strict=True):
            for relationship in stakes:
                yield {
                    "owner": self.owner,
                    "rivals": " and ".join(rival.name for rival in self.rivals),
                    "rival": rival,
                    "share": share,
                    "subject": relationship.subject,
                    "relation": relationship.relation,
                    "object": relationship.object,
                    "answer": self.answer,
                    "rivalry": str(self.rivalry.modality),
                    "modality": str(relationship.modality),
                    "claims": claims_of(relationship.claims, self.rivalry.claims),
                }


_Stakes = Mapping[str, tuple[Sequence[Relationship], Interval]]


@accepts_old_names
def common_owners(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    min_share: float = 0.0,
    indirect: bool = False,
    modalities: Collection[Modality] = STANDING_MODALITIES,
    as_of: AsOf | None = None,
) -> Result[CommonOwner]:
    """Return who owns a part of two rivals, all or with `company` as a rival or the owner, the surest first.

    Owners are holders, investors, buyers and parents; with `indirect` those by chains of facts too, with their net
    shares. `min_share` is the share of each rival's capital, 0–1, that they have or may have. Raises `QueryError` for a
    share outside 0–1.
    """
    as_of = or_today(as_of)
    if not 0 <= min_share <= 1:
        raise QueryError(f"the share {min_share} lies outside 0–1: write 5 % as 0.05")
    claims = tuple(claims)
    company_id = visible_company(claims, company, as_of)
    standing = relationships(claims, as_of, relations=(RIVALRY, *OWNS), modalities=modalities)
    pairs = [(rivalry, by_name(rivalry)) for rivalry in rivalries(standing)]
    stakes = (
        _chains(claims, {rival.id for _, both in pairs for rival in both}, as_of) if indirect else _direct(standing)
    )
    rows = []
    for rivalry, rivals in pairs:
        mine, yours = (stakes.get(rival.id, {}) for rival in rivals)
        for owner_id in sorted((mine.keys() & yours.keys()) - {rival.id for rival in rivals}):
            row = _common(owner_id, rivalry, rivals, (mine[owner_id], yours[owner_id]), min_share)
            if row.answer is not TriState.FALSE and company_id in {None, owner_id, *(rival.id for rival in rivals)}:
                rows.append(row)
    rows.sort(key=_rank)
    unknown = sum(UNKNOWN in row.shares for row in rows)
    notes = (f"{unknown} of {len(rows)} common owners have a stake of a size that no source gives",) if unknown else ()
    return Result("common-owners", "Owners common to two rivals", tuple(rows), notes, shape="graph")


def _direct(standing: Iterable[Relationship]) -> Mapping[str, _Stakes]:
    """Return the stakes of direct owners, by the owned and the owner."""
    stakes: dict[str, dict[str, list[Relationship]]] = defaultdict(lambda: defaultdict(list))
    for relationship in standing:
        if relationship.relation in OWNS:
            owner, owned = (
                (relationship.subject, relationship.object)
                if OWNS[relationship.relation]
                else (relationship.object, relationship.subject)
            )
            stakes[owned.id][owner.id].append(relationship)
    firm = {
        owned: {
            owner: sorted(each, key=lambda relationship: STANDING_MODALITIES.index(relationship.modality))
            for owner, each in by_owner.items()
        }
        for owned, by_owner in stakes.items()
    }
    return {
        owned: {owner: (each, _share(each)) for owner, each in by_owner.items()} for owned, by_owner in firm.items()
    }


def _chains(claims: Iterable[Claim], rivals: Collection[str], as_of: AsOf) -> Mapping[str, _Stakes]:
    """Return the stakes of all owners in some companies, by chains of facts."""
    from kg.analysis.ownership.holdings_from_claims import holdings
    from kg.analysis.ownership.integrated_ownership import shares_in
    from kg.analysis.ownership.shares import chains

    graph = holdings(claims, as_of=as_of)
    stakes: dict[str, dict[str, tuple[Sequence[Relationship], Interval]]] = defaultdict(dict)
    for rival in sorted(graph.places.keys() & set(rivals)):
        node = graph.places[rival]
        for owner, (net, _) in shares_in(graph, node).intervals().items():
            behind = [relationship for edge in chains(graph, owner, node) for relationship in graph.relationships[edge]]
            stakes[rival][graph.entities[owner].id] = behind, net
    return stakes


def _common(
    owner_id: str,
    rivalry: Relationship,
    rivals: tuple[Entity, Entity],
    held: tuple[tuple[Sequence[Relationship], Interval], tuple[Sequence[Relationship], Interval]],
    min_share: float,
) -> CommonOwner:
    (mine, my_share), (yours, your_share) = held
    ends = (end for relationship in mine for end in (relationship.subject, relationship.object))
    owner = next(end for end in ends if end.id == owner_id and isinstance(end, Entity))
    answers = [share.at_least(min_share) for share in (my_share, your_share)]
    answer = tri_state(surely=all(answer is TriState.TRUE for answer in answers), perhaps=TriState.FALSE not in answers)
    return CommonOwner(owner, rivals, rivalry, (tuple(mine), tuple(yours)), (my_share, your_share), answer)


def _share(stakes: Sequence[Relationship]) -> Interval:
    """Return the share of capital by the firmest relationship that gives one; where several do, all are possible."""
    known_shares = [
        (relationship, share) for relationship in stakes if (share := relationship.share(("capital", None))) is not None
    ]
    shares = [share for relationship, share in known_shares if relationship.modality is known_shares[0][0].modality]
    total = UNKNOWN if not shares else shares[0]
    for share in shares[1:]:
        total = total.hull(share)
    return total


def _rank(row: CommonOwner) -> tuple[object, ...]:
    ids = (rival.id for rival in row.rivals)
    low = min(share.low for share in row.shares)
    return row.answer is not TriState.TRUE, STANDING_MODALITIES.index(row.modality), -low, row.owner.id, *ids
