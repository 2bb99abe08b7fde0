"""Which claims come up to be judged, and in what order: at random, the least certain first, or by their places.

Whoever stops and comes back goes on where he was: the order depends on the claims and the seed alone, and what he has
judged is left out.
"""

import hashlib
from collections.abc import Callable, Iterable

from kg.judgements.judgement import Draw
from kg.model import Claim

__all__ = ["ordered"]

_EVEN = 0.5


def ordered(claims: Iterable[Claim], how: Draw, seed: int = 0) -> list[Claim]:
    """Return claims in the order in which they are to be judged.

    `RANDOM` draws each of them with the same chance, whatever else there is; `UNCERTAIN` begins with the confidences
    nearest to one half; `ALL` and `CHANCE` go by document and place.
    """
    keys: dict[Draw, Callable[[Claim], tuple[object, ...]]] = {
        Draw.RANDOM: lambda claim: (_lot(claim, seed),),
        Draw.UNCERTAIN: lambda claim: (abs(claim.confidence - _EVEN), claim.id),
    }
    return sorted(claims, key=keys.get(how, _place))


def _lot(claim: Claim, seed: int) -> str:
    """A number drawn for a claim: another seed draws others."""
    return hashlib.sha256(f"{seed} {claim.id}".encode()).hexdigest()


def _place(claim: Claim) -> tuple[object, ...]:
    return claim.document, claim.evidence[0].start, claim.relation, claim.id
