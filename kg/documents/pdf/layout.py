"""A page → what is on it, in reading order: lines of text and tables, region by region."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.documents.pdf.aligned_tables import aligned_tables
from kg.documents.pdf.columns import columns_of
from kg.documents.pdf.lines import Line, lines_of, turned
from kg.documents.pdf.ruled_tables import ruled_table
from kg.documents.pdf.rules import Rule, grids_of, rules_of
from kg.documents.pdf.tables import Table, with_heads
from kg.documents.pdf.words import Frame, Word, words_of
from kg.places import Box

if TYPE_CHECKING:
    import pypdfium2 as pdfium

__all__ = ["Layout", "Region", "layout_of", "layout_of_words"]


@dataclass(frozen=True)
class Region:
    """What stands in one column of a page, from the top."""

    parts: tuple[Line | Table, ...]
    turn: int = 0
    """Degrees, counter-clockwise, by which it is turned; its words are where they are with the page turned back."""

    @property
    def lines(self) -> list[Line]:
        """Its lines outside tables."""
        return [part for part in self.parts if isinstance(part, Line)]


@dataclass(frozen=True)
class Layout:
    """A page's regions in reading order. `number` is from 1."""

    number: int
    width: float
    height: float
    regions: tuple[Region, ...]
    gutters: tuple[float, ...] = ()
    letters: int = 0
    """How many it holds, spaces included."""

    def shown(self, box: Box, turn: int) -> Box:
        """Return where a rectangle of a region stands on the page as it is shown."""
        width, height = (self.height, self.width) if turn in {90, 270} else (self.width, self.height)
        return turned(box, -turn % 360, width, height)


def layout_of(page: "pdfium.PdfPage", number: int, hints: tuple[float, ...] = ()) -> Layout:
    """Return what is on a page.

    Words that are turned are read as if the page were turned back, after what most of the page is.

    Args:
        page: it.
        number: its number, from 1.
        hints: where the columns of the page before began.

    """
    frame = Frame.of(page)
    words = words_of(page, frame)
    rules = rules_of(page, frame) if words else []
    return layout_of_words(words, (frame.width, frame.height), number, rules, hints)


def layout_of_words(
    words: Sequence[Word],
    size: tuple[float, float],
    number: int,
    rules: Sequence[Rule] = (),
    hints: tuple[float, ...] = (),
) -> Layout:
    """Return how words are laid out on a page of a size; the other arguments are those of `layout_of`."""
    width, height = size
    turns = Counter(word.turn for word in words)
    regions: list[Region] = []
    gutters: tuple[float, ...] = ()
    for turn, _ in turns.most_common():
        upright = [_turned(word, turn, size) for word in words if word.turn == turn]
        found, gutters_here = _regions(upright, () if turn else rules, hints)
        regions += (Region(tuple(parts), turn) for parts in found)
        gutters = gutters or gutters_here
    letters = sum(len(word.text) + 1 for word in words)
    return Layout(number, width, height, tuple(regions), gutters or hints, letters)


def _turned(word: Word, turn: int, size: tuple[float, float]) -> Word:
    left, top, right, bottom = turned((word.left, word.top, word.right, word.bottom), turn, *size)
    return word._replace(left=left, top=top, right=right, bottom=bottom) if turn else word


def _regions(
    words: list[Word], rules: Sequence[Rule], hints: tuple[float, ...]
) -> tuple[list[list[Line | Table]], tuple[float, ...]]:
    """Return the parts of each region, and where the columns begin."""
    stands: dict[Word, Table] = {}
    for grid in grids_of(rules):
        left, top, right, bottom = grid.box
        inside = [w for w in words if left <= (w.left + w.right) / 2 <= right and top <= w.middle <= bottom]
        table = ruled_table(grid, inside) if inside else None
        if table is not None:
            # A word as large as the table takes its place until the columns are known.
            stand = Word("", left, top, right, bottom)
            stands[stand] = table
            held = set(inside)
            words = [*(word for word in words if word not in held), stand]
    columns, gutters = columns_of(words, hints)
    return [_parts(column, stands) for column in columns], gutters


def _parts(words: Sequence[Word], stands: dict[Word, Table]) -> list[Line | Table]:
    """Return the lines and tables of a column, from the top."""
    parts: list[Line | Table] = []
    rest = [word for word in words if word not in stands]
    for stand in sorted((word for word in words if word in stands), key=lambda word: word.top):
        parts += aligned_tables(lines_of(word for word in rest if word.middle < stand.top))
        parts.append(stands[stand])
        rest = [word for word in rest if word.middle >= stand.top]
    parts += aligned_tables(lines_of(rest))
    return with_heads(parts)
