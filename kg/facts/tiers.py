"""The order of sources by their tier: what the law requires stands before what somebody wrote."""

from kg.model import Tier

__all__ = ["tier_rank"]

_RANKS = {tier: rank for rank, tier in enumerate(Tier)}


def tier_rank(tier: Tier | None) -> int:
    """Return the place of a tier in the order of `kg.model.Tier`; a source of which nobody says its tier stands last.

    >>> sorted([None, Tier.NEWS, Tier.REGISTER], key=tier_rank)
    [<Tier.REGISTER: 'register'>, <Tier.NEWS: 'news'>, None]

    """
    return len(_RANKS) if tier is None else _RANKS[tier]
