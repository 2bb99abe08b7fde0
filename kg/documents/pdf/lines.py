"""Words → lines: those that stand at one height, from the left; and how a page that is turned is read."""

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from kg.documents.pdf.words import MARK, Word, is_raised
from kg.places import Box

__all__ = ["Line", "box_of", "lines_of", "turned", "typical_height"]

_CLOSE = 0.2
"""A mark stands no further behind a word, in heights of that."""
_WIDE = 0.4
"""A word belongs to a line if its middle is no further below the line's than this part of its height."""


@dataclass(frozen=True)
class Line:
    """Words that stand at one height, from the left."""

    words: tuple[Word, ...]

    @cached_property
    def box(self) -> Box:
        """Where it stands."""
        return box_of(self.words)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.box[0]

    @property
    def top(self) -> float:
        """Where it is highest."""
        return self.box[1]

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.box[2]

    @cached_property
    def height(self) -> float:
        """How high most of its letters are."""
        heights: Counter[float] = Counter()
        for word in self.words:
            heights[round(word.height, 1)] += len(word.text)
        return max(heights, key=lambda height: (heights[height], height))

    @cached_property
    def middle(self) -> float:
        """How far down the middle of most of its letters is."""
        return median(word.middle for word in self.words)

    @cached_property
    def is_bold(self) -> bool:
        """Whether all of it is."""
        return all(word.is_bold for word in self.words)

    @cached_property
    def text(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Return the lines that words are in, from the top.

    >>> words = [Word("Nvidia", 10, 10, 50, 22), Word("CoreWeave", 10, 24, 60, 36), Word("owns", 55, 10, 80, 22)]
    >>> [line.text for line in lines_of(words)]
    ['Nvidia owns', 'CoreWeave']

    """
    rows: list[list[Word]] = []
    reach = 0.0
    for word in sorted(words, key=lambda word: word.middle):
        if not rows or word.middle > reach:
            rows.append([])
            reach = 0.0
        rows[-1].append(word)
        reach = max(reach, word.middle + _WIDE * word.height)
    return [Line(_without_marks(sorted(row, key=lambda word: word.left))) for row in rows]


def _without_marks(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a line without marks of footnotes behind one, where these are words of their own."""
    kept = list(words[:1])
    for before, word in itertools.pairwise(words):
        is_mark = MARK.fullmatch(word.text) and word.left - before.right < _CLOSE * before.height
        if not (is_mark and is_raised(word.height, before.height, before.bottom - word.bottom)):
            kept.append(word)
    return tuple(kept)


def box_of(words: Sequence[Word]) -> Box:
    """Return the smallest rectangle that holds words."""
    return (
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.right for word in words),
        max(word.bottom for word in words),
    )


def typical_height(words: Sequence[Word]) -> float:
    """Return how high words usually are; 0 for none."""
    return median(word.height for word in words) if words else 0.0


def turned(box: Box, turn: int, width: float, height: float) -> Box:
    """Return a rectangle as it stands where the page is turned clockwise by some degrees.

    What was turned counter-clockwise by as many is upright then. `width` and `height` are the page's, before.

    >>> turned((10, 20, 30, 60), 90, 100, 200)
    (140, 10, 180, 30)
    >>> turned((140, 10, 180, 30), 270, 200, 100)
    (10, 20, 30, 60)

    """
    left, top, right, bottom = box
    match turn:
        case 90:
            return height - bottom, left, height - top, right
        case 180:
            return width - right, height - bottom, width - left, height - top
        case 270:
            return top, width - right, bottom, width - left
    return box
