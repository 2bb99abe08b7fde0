"""Rivals that are more than rivals: pairs that compete and yet have bonds, and owners common to both.

A bond is a partnership, money, a stake, goods or a share of revenue between the two, one belonging to the other, or a
programme in which both take part. That one is to buy the other, or to merge with it, is no bond: it ends the rivalry.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.analysis.clocks import NOW, Clocks, seen
from kg.analysis.records import UNKNOWN, Answer, Interval, Result, both_ways, claims_of
from kg.analysis.ties import STANDING, Tie, ties
from kg.errors import QueryError
from kg.model import Claim, Entity, Modality
from kg.query.names import named

__all__ = ["CommonOwner", "Frenemies", "common_owners", "frenemies"]

_RIVALRY = "competes-with"
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
_OWNS: Mapping[str, bool] = {"holds-stake": True, "invests-in": True, "acquires": True, "subsidiary-of": False}
"""The relations that make an owner; whether it is the subject."""


@dataclass(frozen=True, slots=True)
class Frenemies:
    """Two rivals, by name, what says that they compete, and what binds them, the firmest first.

    A programme in which both take part stands among `bonds` as two ties, one of each.
    """

    rivals: tuple[Entity, Entity]
    rivalry: Tie
    bonds: tuple[Tie, ...]

    @property
    def modality(self) -> Modality:
        """That of the rivalry or of the firmest bond, whichever is weaker; a programme is as firm as both parts."""
        return _weakest((self.rivalry.modality, min(self._firmness(), key=STANDING.index)))

    def _firmness(self) -> Iterator[Modality]:
        joint: dict[str, list[Modality]] = defaultdict(list)
        for bond in self.bonds:
            if bond.relation == _JOINT:
                joint[bond.object.id].append(bond.modality)
            else:
                yield bond.modality
        yield from map(_weakest, joint.values())

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
        for tie in (self.rivalry, *self.bonds):
            told = (line.terms() for line in tie.lines if line.modality is tie.modality)
            yield {
                "rival": self.rivals[0],
                "other": self.rivals[1],
                "side": "rivalry" if tie is self.rivalry else "bond",
                "subject": tie.subject,
                "relation": tie.relation,
                "object": tie.object,
                "terms": "; ".join(dict.fromkeys(filter(None, told))) or None,
                "modality": str(tie.modality),
                "claims": tie.claims,
            }


@dataclass(frozen=True, slots=True)
class CommonOwner:
    """An owner of two rivals, directly of each, by the ties in `stakes`, with the share of each one's capital.

    A share that no source gives is 0–1. `answer` tells whether both shares reach the least that was asked for.
    """

    owner: Entity
    rivals: tuple[Entity, Entity]
    rivalry: Tie
    stakes: tuple[tuple[Tie, ...], tuple[Tie, ...]]
    shares: tuple[Interval, Interval]
    answer: Answer

    @property
    def modality(self) -> Modality:
        """That of the rivalry or of the firmest tie to each rival, whichever is weakest."""
        return _weakest((self.rivalry.modality, *(stakes[0].modality for stakes in self.stakes)))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims for the rivalry, then those for the stakes."""
        return claims_of(self.rivalry.claims, *(tie.claims for stakes in self.stakes for tie in stakes))

    def cells(self) -> Iterator[Mapping[str, Any]]:
        """Yield a line a stake."""
        for rival, stakes, share in zip(self.rivals, self.stakes, self.shares, strict=True):
            for tie in stakes:
                yield {
                    "owner": self.owner,
                    "rivals": " and ".join(rival.name for rival in self.rivals),
                    "owned": rival,
                    "relation": tie.relation,
                    "share": share,
                    "answer": self.answer,
                    "rivalry": str(self.rivalry.modality),
                    "modality": str(tie.modality),
                    "claims": claims_of(tie.claims, self.rivalry.claims),
                }


def frenemies(
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    modalities: Collection[Modality] = STANDING,
    clocks: Clocks = NOW,
) -> Result[Frenemies]:
    """Return the pairs that compete and are bound to each other, all or those of one company, facts first."""
    told, wanted = _asked(claims, company, clocks)
    found = ties(told, clocks, relations=(_RIVALRY, *_BONDS, _JOINT), modalities=modalities)
    bonds: dict[frozenset[str], list[Tie]] = defaultdict(list)
    joined: dict[str, dict[str, Tie]] = defaultdict(dict)
    for tie in found:
        if tie.relation in _BONDS:
            bonds[_pair(tie)].append(tie)
        elif tie.relation == _JOINT:
            joined[tie.subject.id][tie.object.id] = tie
    rows = []
    for rivalry in _rivalries(found, wanted):
        rivals = _by_name(rivalry)
        mine, yours = (joined.get(rival.id, {}) for rival in rivals)
        both = [tie for programme in sorted(mine.keys() & yours.keys()) for tie in (mine[programme], yours[programme])]
        # A stable sort: what is as firm keeps the order of relations, and a programme's two ties stay together.
        bound = (*sorted(bonds.get(_pair(rivalry), ()), key=lambda tie: STANDING.index(tie.modality)), *both)
        if bound:
            rows.append(Frenemies(rivals, rivalry, bound))
    rows.sort(key=lambda row: (STANDING.index(row.modality), -len(row.bonds), *(rival.id for rival in row.rivals)))
    contested = sum(any(tie.against for tie in (row.rivalry, *row.bonds)) for row in rows)
    notes = (f"{contested} of {len(rows)} pairs have a tie that a source denies, or calls ended",) if contested else ()
    return Result("frenemies", "Pairs that compete and are bound to each other", tuple(rows), notes, shape="graph")


def common_owners(
    claims: Iterable[Claim],
    company: str | None = None,
    *,
    least: float = 0.0,
    modalities: Collection[Modality] = STANDING,
    clocks: Clocks = NOW,
) -> Result[CommonOwner]:
    """Return who owns a part of two rivals, all or with `company` as a rival or the owner, the surest first.

    Direct owners only: holders, investors, buyers and parents. `least` is the share of each rival's capital, 0–1, that
    they have or may have. Raises `QueryError` for a share outside 0–1.
    """
    if not 0 <= least <= 1:
        raise QueryError(f"the share {least} lies outside 0–1: write 5 % as 0.05")
    told, wanted = _asked(claims, company, clocks)
    found = ties(told, clocks, relations=(_RIVALRY, *_OWNS), modalities=modalities)
    stakes: dict[str, dict[str, list[Tie]]] = defaultdict(lambda: defaultdict(list))
    for tie in found:
        if tie.relation in _OWNS:
            owner, owned = _owner(tie)
            stakes[owned.id][owner.id].append(tie)
    rows = []
    for rivalry in _rivalries(found, None):
        rivals = _by_name(rivalry)
        mine, yours = (stakes.get(rival.id, {}) for rival in rivals)
        for owner_id in sorted((mine.keys() & yours.keys()) - {rival.id for rival in rivals}):
            row = _common(rivalry, rivals, (mine[owner_id], yours[owner_id]), least)
            if row.answer is not Answer.NO and wanted in {None, owner_id, *(rival.id for rival in rivals)}:
                rows.append(row)
    rows.sort(key=_rank)
    unknown = sum(UNKNOWN in row.shares for row in rows)
    notes = (f"{unknown} of {len(rows)} common owners have a stake of a size that no source gives",) if unknown else ()
    return Result("common-owners", "Owners common to two rivals", tuple(rows), notes, shape="graph")


def _asked(claims: Iterable[Claim], company: str | None, clocks: Clocks) -> tuple[tuple[Claim, ...], str | None]:
    """Return the claims that can be seen, and the id of the company among their entities."""
    told = tuple(seen(claims, clocks))
    if company is None:
        return told, None
    ends = (end for claim in told for end in (claim.subject, claim.object) if isinstance(end, Entity))
    return told, named(ends, company).id


def _rivalries(found: Iterable[Tie], wanted: str | None) -> Iterator[Tie]:
    for tie in found:
        if tie.relation == _RIVALRY and tie.subject.id != tie.object.id and wanted in {None, *_pair(tie)}:
            yield tie


def _pair(tie: Tie) -> frozenset[str]:
    return frozenset((tie.subject.id, tie.object.id))


def _by_name(tie: Tie) -> tuple[Entity, Entity]:
    first, second = sorted((tie.subject, tie.object), key=lambda entity: (entity.name, entity.id))
    return first, second


def _owner(tie: Tie) -> tuple[Entity, Entity]:
    return (tie.subject, tie.object) if _OWNS[tie.relation] else (tie.object, tie.subject)


def _weakest(modalities: Iterable[Modality]) -> Modality:
    return max(modalities, key=STANDING.index)


def _common(
    rivalry: Tie, rivals: tuple[Entity, Entity], held: tuple[Sequence[Tie], Sequence[Tie]], least: float
) -> CommonOwner:
    mine, yours = (tuple(sorted(each, key=lambda tie: STANDING.index(tie.modality))) for each in held)
    shares = _share(mine), _share(yours)
    answers = [share.at_least(least) for share in shares]
    answer = both_ways(surely=all(answer is Answer.YES for answer in answers), perhaps=Answer.NO not in answers)
    return CommonOwner(_owner(mine[0])[0], rivals, rivalry, (mine, yours), shares, answer)


def _share(stakes: Sequence[Tie]) -> Interval:
    """Return the share of capital by the firmest tie that gives one; where several do, all of theirs are possible."""
    told = [(tie, share) for tie in stakes if (share := tie.share(("capital", None))) is not None]
    shares = [share for tie, share in told if tie.modality is told[0][0].modality]
    found = UNKNOWN if not shares else shares[0]
    for share in shares[1:]:
        found = found.hull(share)
    return found


def _rank(row: CommonOwner) -> tuple[object, ...]:
    ids = (rival.id for rival in row.rivals)
    low = min(share.low for share in row.shares)
    return row.answer is not Answer.YES, STANDING.index(row.modality), -low, row.owner.id, *ids
