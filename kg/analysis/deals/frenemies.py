"""Rivals that are more than rivals: pairs that compete and yet have bonds, and owners common to both.

A bond is a partnership, money, a stake, goods or a share of revenue between the two, one belonging to the other, or a
programme in which both take part. That one is to buy the other, or to merge with it, is no bond: it ends the rivalry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.analysis.deals.relations import RIVALRY, visible_company
from kg.analysis.renamed import accepts_old_names
from kg.analysis.results.result import Result
from kg.facts import STANDING_MODALITIES, AsOf, Relationship, claims_of, relationships
from kg.model import Claim, Entity, Modality
from kg.query.as_of import or_today

__all__ = ["Frenemies", "by_name", "frenemies", "rivalries", "weakest"]

_BONDS = (
    "partners-with",
    "invests-in",
    "holds-stake",
    "supplies",
    "lends-to",
    "revenue-share-from",
    "subsidiary-of",
)
_JOINT = "participates-in"


@dataclass(frozen=True, slots=True)
class Frenemies:
    """Two rivals, by name, what says that they compete, and what binds them, the firmest first.

    A programme in which both take part stands among `bonds` as two relationships, one of each.
    """

    rivals: tuple[Entity, Entity]
    rivalry: Relationship
    bonds: tuple[Relationship, ...]

    @property
    def modality(self) -> Modality:
        """That of the rivalry or of the firmest bond, whichever is weaker; a programme is as firm as both parts."""
        return weakest((self.rivalry.modality, min(self._firmness(), key=STANDING_MODALITIES.index)))

    def _firmness(self) -> Iterator[Modality]:
        joint: dict[str, list[Modality]] = defaultdict(list)
        for bond in self.bonds:
            if bond.relation == _JOINT:
                joint[bond.object.id].append(bond.modality)
            else:
                yield bond.modality
        yield from map(weakest, joint.values())

    @property
    def bond_claims(self) -> tuple[Claim, ...]:
        """The claims for the bonds; those for the rivalry are `rivalry.claims`."""
        return claims_of(*(bond.claims for bond in self.bonds))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of both sides, those for the rivalry first."""
        return claims_of(self.rivalry.claims, self.bond_claims)

    def __str__(self) -> str:
        return " and ".join(rival.name for rival in self.rivals)

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield a line for the rivalry and one a bond."""
        for relationship in (self.rivalry, *self.bonds):
            phrases = (fact.terms() for fact in relationship.facts if fact.modality is relationship.modality)
            yield {
                "rival": self.rivals[0],
                "other": self.rivals[1],
                "side": "rivalry" if relationship is self.rivalry else "bond",
                "subject": relationship.subject,
                "relation": relationship.relation,
                "object": relationship.object,
                "terms": "; ".join(dict.fromkeys(filter(None, phrases))) or None,
                "modality": str(relationship.modality),
                "claims": relationship.claims,
            }


@accepts_old_names
def frenemies(
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    modalities: Collection[Modality] = STANDING_MODALITIES,
    as_of: AsOf | None = None,
) -> Result[Frenemies]:
    """Return the pairs that compete and are bound to each other, all or those of one company, facts first."""
    as_of = or_today(as_of)
    claims = tuple(claims)
    company_id = visible_company(claims, company, as_of)
    standing = relationships(claims, as_of, relations=(RIVALRY, *_BONDS, _JOINT), modalities=modalities)
    bonds: dict[frozenset[str], list[Relationship]] = defaultdict(list)
    joined: dict[str, dict[str, Relationship]] = defaultdict(dict)
    for relationship in standing:
        if relationship.relation in _BONDS:
            bonds[_pair(relationship)].append(relationship)
        elif relationship.relation == _JOINT:
            joined[relationship.subject.id][relationship.object.id] = relationship
    rows = []
    for rivalry in rivalries(standing, company_id):
        rivals = by_name(rivalry)
        mine, yours = (joined.get(rival.id, {}) for rival in rivals)
        both = [
            relationship
            for programme in sorted(mine.keys() & yours.keys())
            for relationship in (mine[programme], yours[programme])
        ]
        # A stable sort: what is as firm keeps the order of relations, a programme's two relationships stay together.
        own = sorted(bonds.get(_pair(rivalry), ()), key=lambda bond: STANDING_MODALITIES.index(bond.modality))
        bound = (*own, *both)
        if bound:
            rows.append(Frenemies(rivals, rivalry, bound))
    rows.sort(
        key=lambda row: (STANDING_MODALITIES.index(row.modality), -len(row.bonds), *(rival.id for rival in row.rivals))
    )
    contested = sum(any(relationship.contradicting for relationship in (row.rivalry, *row.bonds)) for row in rows)
    notes = (f"{contested} of {len(rows)} pairs have a tie that a source denies, or calls ended",) if contested else ()
    return Result("frenemies", "Pairs that compete and are bound to each other", tuple(rows), notes, shape="graph")


def rivalries(standing: Iterable[Relationship], company_id: str | None = None) -> Iterator[Relationship]:
    """Yield the relationships of two rivals, all or those of one company (its id)."""
    for relationship in standing:
        if (
            relationship.relation == RIVALRY
            and relationship.subject.id != relationship.object.id
            and company_id in {None, *_pair(relationship)}
        ):
            yield relationship


def _pair(relationship: Relationship) -> frozenset[str]:
    return frozenset((relationship.subject.id, relationship.object.id))


def by_name(relationship: Relationship) -> tuple[Entity, Entity]:
    """Return the ends of a relationship that has no order, in that of their names."""
    first, second = sorted((relationship.subject, relationship.object), key=lambda entity: (entity.name, entity.id))
    return first, second


def weakest(modalities: Iterable[Modality]) -> Modality:
    """Return the least firm of some modalities."""
    return max(modalities, key=STANDING_MODALITIES.index)
