"""What ties a part to its group: a subsidiary, or a company in which a stake is held, by its method or its share."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.extract.lexicon import Lexicon
from kg.extract.tables.captions import PARTS, about
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import holds, listed, words_of
from kg.extract.tables.layout import Layout
from kg.extract.tables.row_terms import Share

__all__ = ["Section", "method_of", "relation_of", "section_of"]

_HALF = Decimal(50)
_METHODS = ("equity", "full", "joint", "none", "parent")
_NOT_CONTROLLED = frozenset({"equity", "joint"})


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a table that a row stands in: what it lists, where that is told, and the line that heads it."""

    topic: str = ""
    heading: Cell | None = None


def section_of(heading: Cell, before: Section, lexicon: Lexicon) -> Section:
    """Return the section that a line of one cell begins; "France" within that of the associates stays in it."""
    topics = about(heading.text, lexicon) & PARTS
    return Section(topics.pop() if len(topics) == 1 else before.topic, heading)


def method_of(layout: Layout, row: int, lexicon: Lexicon) -> str:
    """Return how a part is consolidated: one of `_METHODS`, "" where nothing is told, "unknown" if not understood."""
    for column in layout.telling("method"):
        words = words_of(layout.grid.rows[row][column.at].text)
        found = {name for name in _METHODS if any(holds(words, one) for one in listed(lexicon.lang, f"method_{name}"))}
        found -= {"full"} if "none" in found else set()
        if words:
            return found.pop() if len(found) == 1 else "unknown"
    return ""


def relation_of(relation: str, section: Section, method: str, share: Share | None, told: Sequence[Share]) -> str:
    """Return the relation of a row of parts; a subsidiary is told once, however many shares are.

    The method tells whether it is one, then votes of more than half, then a share of the capital.
    """
    if relation != "subsidiary-of":
        return relation
    if section.topic in {"associate", "venture"} or method in _NOT_CONTROLLED:
        return "holds-stake"
    if share is None:
        return relation
    votes = [one.figure.value for one in told if one.figure is not None and one.of == "votes"]
    values = votes or [one.figure.value for one in told if one.figure is not None]
    first = share == told[0] or (share.of == told[0].of and share.as_of != told[0].as_of)
    is_held = not values or max(values) > _HALF or method == "full"
    return relation if first and is_held else "holds-stake"
