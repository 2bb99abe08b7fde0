"""Claims as holdings: which share a relationship gives, what several say together, whom sources call the controller.

Votes and capital are two graphs and never mixed. A share is a range, exact where the sources agree on a figure:

=====================================  ===========================================================================
holds-stake, invests-in                the percentage told, or its bounds; unknown where none is told
subsidiary-of, acquires                the same; a subsidiary, and what is acquired without a percentage, is controlled,
                                       with a share that is not known: a parent may hold it through others
a share of capital where votes count   the same share of the votes (one share, one vote), unless that is not assumed or
                                       some source tells votes in that company: then it is not known
two relationships of the same two      what both allow; where they exclude each other, all between them, and an issue
a stake held through others            nothing, where direct holders of the company are told: it is a part of theirs
=====================================  ===========================================================================
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kg.analysis.kernels import Ints
from kg.analysis.ownership.holdings import UNIT, Holdings, bounded
from kg.analysis.renamed import accepts_old_names
from kg.dates import last_day
from kg.errors import InvalidRecord
from kg.facts import UNKNOWN, AsOf, Interval, Relationship, relationships
from kg.garbage import seldom_collected
from kg.model import Claim, Entity
from kg.ontology import ontology
from kg.query.as_of import or_today

__all__ = ["BASES", "holdings"]

BASES = ("votes", "capital")
"""What a share can be of."""
_VOTES: Collection[str | None] = frozenset({"votes"})
_CAPITAL: Collection[str | None] = frozenset({"capital", None})
"""What counts as capital: of what a share is nobody says, as a rule, where it is of capital."""
_HALF = 0.5
_HELD = ("holds-stake", "invests-in", "acquires", "subsidiary-of")
_SURELY, _PERHAPS = 2, 1


@accepts_old_names
@seldom_collected()
def holdings(
    claims: Iterable[Claim], *, basis: str = "capital", as_of: AsOf | None = None, one_share_one_vote: bool = True
) -> Holdings:
    """Gather who holds how much of the capital, or of the votes, out of claims that hold as facts at a date.

    Raises `InvalidRecord` where `basis` is neither "capital" nor "votes".
    """
    if basis not in BASES:
        raise InvalidRecord(f"a share is of {' or of '.join(BASES)}, not of '{basis}'")
    standing = relationships(claims, or_today(as_of), relations=_HELD)
    all_facts = [relationship for relationship in standing if relationship.is_fact]
    through, facts = _through_others(all_facts)
    can_be_held = ontology().relation("holds-stake").range
    left_out = [relationship for relationship in facts if _ends(relationship)[1].type not in can_be_held]
    own = [relationship for relationship in facts if _is_own(relationship)]
    by_pair, entities = _by_pair(each for each in facts if _ends(each)[1].type in can_be_held and not _is_own(each))
    nodes = [entities[id_] for id_ in sorted(entities)]
    places = {entity.id: at for at, entity in enumerate(nodes)}
    pair_shares = _shares(by_pair, basis, one_share_one_vote=one_share_one_vote)
    return bounded(
        Holdings(
            nodes,
            np.array([places[holder] for holder, _ in by_pair], np.int64),
            np.array([places[issuer] for _, issuer in by_pair], np.int64),
            np.array([round(pair.share.low * UNIT) for pair in pair_shares], np.int64),
            np.array([round(pair.share.high * UNIT) for pair in pair_shares], np.int64),
            tuple(tuple(group) for group in by_pair.values()),
            frozenset(edge for edge, pair in enumerate(pair_shares) if pair.assumed),
            at_odds=tuple(edge for edge, pair in enumerate(pair_shares) if pair.at_odds),
            own=tuple(own),
            left_out=tuple(left_out),
            through=tuple(through),
            unfirm=len(standing) - len(all_facts),
            control=_controllers(list(by_pair), pair_shares),
        )
    )


def _by_pair(
    facts: Iterable[Relationship],
) -> tuple[Mapping[tuple[str, str], Sequence[Relationship]], Mapping[str, Entity]]:
    """Return relationships by the ids of holder and issuer, and these by their ids."""
    by_pair: dict[tuple[str, str], list[Relationship]] = defaultdict(list)
    entities: dict[str, Entity] = {}
    for relationship in facts:
        holder, issuer = _ends(relationship)
        entities[holder.id] = holder
        entities[issuer.id] = issuer
        by_pair[holder.id, issuer.id].append(relationship)
    return by_pair, entities


def _is_own(relationship: Relationship) -> bool:
    return relationship.subject.id == relationship.object.id


def _through_others(facts: Sequence[Relationship]) -> tuple[list[Relationship], list[Relationship]]:
    """Return stakes told to be held through others, in companies of which direct holders are told; and the rest.

    A register of beneficial owners tells a chain and its two ends: to add the ends up would count the chain twice.
    """
    direct = {each.object.id for each in facts if each.relation == "holds-stake" and not _is_indirect(each)}
    through: list[Relationship] = []
    rest: list[Relationship] = []
    for each in facts:
        (through if _is_indirect(each) and each.object.id in direct else rest).append(each)
    return through, rest


def _is_indirect(relationship: Relationship) -> bool:
    """Whether a stake is told to be held through others, by all who tell of it."""
    return relationship.relation == "holds-stake" and all(fact.qualifiers.indirect for fact in relationship.facts)


def _shares(
    by_pair: Mapping[tuple[str, str], Sequence[Relationship]], basis: str, *, one_share_one_vote: bool
) -> list["_PairShare"]:
    """Return what each pair's relationships say; of a company of which some votes are told, capital tells none."""
    has_votes = {
        issuer for (_, issuer), group in by_pair.items() if any(relationship.share(_VOTES) for relationship in group)
    }
    assumed = basis == "votes" and one_share_one_vote
    return [
        _share(group, basis, one_share_one_vote=assumed and issuer not in has_votes)
        for (_, issuer), group in by_pair.items()
    ]


def _ends(relationship: Relationship) -> tuple[Entity, Entity]:
    return (
        (relationship.object, relationship.subject)
        if relationship.relation == "subsidiary-of"
        else (relationship.subject, relationship.object)
    )


@dataclass(frozen=True, slots=True)
class _PairShare:
    """What relationships between the same two say together.

    `assumed`: capital was taken for votes; `at_odds`: they exclude each other. `told` is as in `Holdings`, `since` the
    last day on which control was told, `bought` whether by an acquisition.
    """

    share: Interval
    assumed: bool
    at_odds: bool
    control: int
    since: dt.date | None
    bought: bool


def _share(group: Sequence[Relationship], basis: str, *, one_share_one_vote: bool) -> _PairShare:
    share, assumed, at_odds, control, figures = UNKNOWN, False, False, 0, list[Relationship]()
    since: dict[str, dt.date | None] = {}
    for relationship in group:
        counted = _VOTES if basis == "votes" else _CAPITAL
        mine = relationship.share(counted)
        if mine is None and one_share_one_vote:
            counted = _CAPITAL
            mine = relationship.share(counted)
            assumed = assumed or mine is not None
        at_odds = at_odds or bool(relationship.contradicting) or relationship.excludes_itself(counted)
        if relationship.relation == "subsidiary-of" or (relationship.relation == "acquires" and mine is None):
            control = max(control, _PERHAPS if relationship.contradicting else _SURELY)
            since[relationship.relation] = _last_day(relationship)
        if mine is None:
            continue
        figures.append(relationship)
        both = mine if share is UNKNOWN else share.meet(mine)
        at_odds = at_odds or both is None
        share = share.hull(mine) if both is None else both
    if not since:
        return _PairShare(share, assumed, at_odds, control, None, bought=False)
    if "acquires" in since and all(_is_before(_last_day(figure), since["acquires"]) for figure in figures):
        # What is bought comes on top of what was held.
        share = Interval(share.low, 1.0)
    last = max((date for date in since.values() if date is not None), default=None)
    return _PairShare(share, assumed, at_odds, control, last, "acquires" in since)


def _last_day(relationship: Relationship) -> dt.date | None:
    """Return the last day on which a relationship is told to hold; None where nobody says."""
    dated = [(claim.qualifiers, claim) for fact in relationship.facts for claim in fact.claims]
    dates = [date for terms, claim in dated if (date := terms.start or terms.as_of or claim.known_from)]
    return max(map(last_day, dates), default=None)


def _is_before(first: dt.date | None, second: dt.date | None) -> bool:
    return first is not None and second is not None and first < second


def _controllers(pairs: Sequence[tuple[str, str]], pair_shares: Sequence[_PairShare]) -> Ints:
    """Return whom sources call the controller; not surely one after whom another bought, or beside a majority."""
    control = np.array([pair.control for pair in pair_shares], np.int64)
    told = np.flatnonzero(control).tolist()
    into: dict[str, list[int]] = {pairs[edge][1]: [] for edge in told}
    for edge, (_, issuer) in enumerate(pairs if told else ()):
        if issuer in into:
            into[issuer].append(edge)
    for edge in told:
        rivals = (pair_shares[rival] for rival in into[pairs[edge][1]] if rival != edge)
        if any(
            (rival.bought and rival.control == _SURELY and _is_before(pair_shares[edge].since, rival.since))
            or rival.share.low > _HALF
            for rival in rivals
        ):
            control[edge] = _PERHAPS
    return control
