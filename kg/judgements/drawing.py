"""Which claims come up to be judged, and in what order: at random, the least certain first, or by their places.

Whoever stops and comes back goes on where he was: the order depends on the claims and the seed alone, and what he has
judged is left out.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from kg.judgements.judgement import Draw
from kg.model import Claim

__all__ = ["DrawKey", "DrawnItem", "draw_key", "item_of", "ordered"]

_EVEN = 0.5
DrawKey: TypeAlias = tuple[object, ...]
"""What claims are sorted by; no two claims have the same."""


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """What the order of a claim depends on: its id, its confidence, and the place of its sentence."""

    id: str
    confidence: float
    document: str
    start: int
    end: int
    relation: str

    @property
    def sentence(self) -> tuple[str, int, int]:
        """The place of the sentence that says it."""
        return self.document, self.start, self.end


def item_of(claim: Claim) -> DrawnItem:
    """Return what the order of a claim depends on."""
    first = claim.evidence[0]
    return DrawnItem(claim.id, claim.confidence, claim.document, first.start, first.end, claim.relation)


def draw_key(how: Draw, seed: int = 0) -> Callable[[DrawnItem], DrawKey]:
    """Return what sorts items in the order of a draw.

    `RANDOM` draws each of them with the same chance, whatever else there is; `UNCERTAIN` begins with the confidences
    nearest to one half; `ALL` and `CHANCE` go by document and place.
    """
    keys: dict[Draw, Callable[[DrawnItem], DrawKey]] = {
        Draw.RANDOM: lambda item: (_lot(item, seed),),
        Draw.UNCERTAIN: lambda item: (abs(item.confidence - _EVEN), item.id),
    }
    return keys.get(how, _place)


def ordered(claims: Iterable[Claim], how: Draw, seed: int = 0) -> list[Claim]:
    """Return claims in the order in which they are to be judged."""
    key = draw_key(how, seed)
    return sorted(claims, key=lambda claim: key(item_of(claim)))


def _lot(item: DrawnItem, seed: int) -> str:
    """A number drawn for a claim: another seed draws others."""
    return hashlib.sha256(f"{seed} {item.id}".encode()).hexdigest()


def _place(item: DrawnItem) -> DrawKey:
    return item.document, item.start, item.relation, item.id
