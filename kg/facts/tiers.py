"""Sources by what kind they are: what the law requires stands before what somebody wrote."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.dates import last_day
from kg.facts.fact import Fact
from kg.facts.periods import Key
from kg.model import Claim, Modality, Qualifiers, Tier, claim_order

__all__ = ["TierSaying", "sayings_by_tier", "tier_rank"]

_RANKS = {tier: rank for rank, tier in enumerate(Tier)}


@dataclass(frozen=True, slots=True)
class TierSaying:
    """What sources of one tier say of a relationship in the same terms: the newest claim, and all of them."""

    tier: Tier
    claim: Claim
    claims: tuple[Claim, ...]


def tier_rank(tier: Tier | None) -> int:
    """Return the place of a tier in the order of `kg.model.Tier`; a source of which nobody says its tier stands last.

    >>> sorted([None, Tier.NEWS, Tier.REGISTER], key=tier_rank)
    [<Tier.REGISTER: 'register'>, <Tier.NEWS: 'news'>, None]

    """
    return len(_RANKS) if tier is None else _RANKS[tier]


def sayings_by_tier(facts: Iterable[Fact], tiers: Mapping[str, Tier]) -> Mapping[Key, tuple[TierSaying, ...]]:
    """Return what each tier says of the relationships on which sources of several tiers speak, side by side.

    "The register says 6.2 %, the press 6 %": figures that agree when they are rounded are told as each source has them.
    The order is that of tiers, of one tier the newest last. `tiers` are those of documents, by id; a document without
    one is left out.
    """
    by_key: defaultdict[Key, list[Claim]] = defaultdict(list)
    for fact in facts:
        by_key[fact.key] += [claim for claim in fact.claims if claim.document in tiers]
    several = {key: claims for key, claims in by_key.items() if len({tiers[c.document] for c in claims}) > 1}
    return {key: _sayings(claims, tiers) for key, claims in several.items()}


def _sayings(claims: Iterable[Claim], tiers: Mapping[str, Tier]) -> tuple[TierSaying, ...]:
    groups: defaultdict[tuple[Tier, Modality, Qualifiers, object], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=_age):
        groups[tiers[claim.document], claim.modality, claim.qualifiers, claim.object].append(claim)
    sayings = [TierSaying(key[0], group[-1], tuple(group)) for key, group in groups.items()]
    return tuple(sorted(sayings, key=lambda saying: (tier_rank(saying.tier), _age(saying.claim))))


def _age(claim: Claim) -> tuple[str, tuple[str, str, int, str]]:
    return ("" if claim.known_from is None else last_day(claim.known_from).isoformat()), claim_order(claim)
