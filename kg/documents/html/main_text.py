"""Which blocks of a page are its article: those that trafilatura finds, and what belongs to them."""

from collections.abc import Sequence
from typing import Any

from kg.documents.html.elements import HEADINGS
from kg.documents.html.walk import Block, alphanumeric

__all__ = ["is_whole", "main_blocks"]

_SHORT = 25
"""Letters and digits of a block that may stand in a page more than once: it counts only in its place."""
_PIECE = 20
_NEAR = 80
"""Letters and digits between two blocks of the article that the two sides may tell differently."""
_LINKED = 0.5
"""The share of links in what only leads elsewhere."""
_FEW_LINKS = 0.02
"""The share of links in a page that is a document."""
_FOUND = 0.5
"""The share of the article that must stand in blocks for these to be it."""
_ADDED = frozenset({"table", "caption", "figcaption", "dt", "dd", "time", *HEADINGS})
"""Blocks that belong to an article they stand in, though trafilatura drops some of them as furniture."""
_LEADING = frozenset({"time", "dt", *HEADINGS})
"""Blocks that belong to what follows them."""


def is_whole(tree: Any, blocks: Sequence[Block]) -> bool:
    """Return whether a page is a document as a whole: nothing stands around it, and nothing leads elsewhere.

    A page with the header of inline XBRL (https://www.xbrl.org/specification/inlinexbrl-part1/) is a report as filed.
    """
    if next(tree.iter("ix:header"), None) is not None:
        return True
    around = next(tree.iter("nav", "form", "header", "aside", "main"), None) is not None
    if around or any(block.furniture for block in blocks):
        return False
    length = sum(len(block.key) for block in blocks)
    return sum(block.linked * len(block.key) for block in blocks) <= _FEW_LINKS * length


def main_blocks(blocks: Sequence[Block], main: str) -> list[Block]:
    """Return the blocks of a page that are its article.

    Args:
        blocks: all blocks of the page.
        main: the article's text, as trafilatura found it.

    Returns:
        The blocks of that text, in the order of the page, and with them the tables, captions, definitions, times and
        headings that stand among them. All blocks but furniture where most of the text stands in none.

    """
    text = alphanumeric(main)
    kept = _aligned(blocks, text)
    if sum(len(blocks[at].key) for at in kept) < _FOUND * len(text):
        return [block for block in blocks if not block.furniture and block.linked < _LINKED]
    around = _common(
        [blocks[at].steps for at in kept if len(blocks[at].key) >= _SHORT] or [blocks[at].steps for at in kept]
    )
    chosen = set(kept)
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        if at in chosen or block.kind not in _ADDED or block.furniture or block.linked >= _LINKED:
            continue
        inside = block.steps[: len(around)] == around
        if inside and (block.kind not in _LEADING or at + 1 in chosen):
            chosen.add(at)
    return [blocks[at] for at in sorted(chosen)]


def _aligned(blocks: Sequence[Block], text: str) -> list[int]:
    """Return which blocks stand in a text: long ones wherever they do, short ones only in their place."""
    kept, cursor = [], 0
    for at, block in enumerate(blocks):
        key = block.key
        place = text.find(key, cursor, cursor + len(key) + (_NEAR if len(key) >= _SHORT // 2 else 0))
        if place < 0 and len(key) >= _SHORT:
            place = text.find(key, cursor)
            if place < 0 and (key in text or _mostly(key, text)):
                kept.append(at)
        if place >= 0:
            kept.append(at)
            cursor = place + len(key)
    return kept


def _mostly(key: str, text: str) -> bool:
    """Whether most of a block stands in a text: a mark or a line end within it may be told differently."""
    pieces = [key[start : start + _PIECE] for start in range(0, len(key) - _PIECE + 1, _PIECE)]
    return 2 * sum(piece in text for piece in pieces) > len(pieces)


def _common(paths: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return the steps to the innermost element that holds all."""
    first, last = min(paths), max(paths)
    same = next((at for at, (one, two) in enumerate(zip(first, last, strict=False)) if one != two), None)
    return first[: min(len(first), len(last)) if same is None else same]
