"""Lines → paragraphs: which lines of a column go on from the one above, also across columns and pages."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import mode
from typing import NamedTuple

from kg.documents.pdf.layout import Layout, Region
from kg.documents.pdf.lines import Line
from kg.documents.pdf.tables import Table

__all__ = ["Paragraph", "PlacedLine", "PlacedTable", "paragraphs_of"]

_SAME_SIZE = 0.12
_LOOSE = 1.3
"""A line that stands so many times the usual distance below another begins a paragraph."""
_LOOSEST = 1.8
"""The same in heights of a line, where the usual distance is not known."""
_INDENT = 0.7
_SLACK = 1.0
"""Heights of a line: so far a paragraph's first line is set in; so much more room than a word needs may be left."""
_SHORT = 0.3
"""Of a column's width: a line that leaves so much open ends its paragraph, whatever it ends with."""
_BACK = 8
"""Paragraphs back in which the one is looked for that goes on."""
_HEADING = 1.15
"""A heading's letters are so many times as high as the text's."""
_ENDS = re.compile(r"[.!?:;…][\"'”’»)\]]*$|[”»]$")
_BULLET = re.compile(r"[•◦▪■●‣⁃]")
_LIST_ITEM = re.compile(r"(?:[–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])$")


class PlacedLine(NamedTuple):
    """A line, the page that it is on, and how it is turned there."""

    line: Line
    page: Layout
    turn: int


class PlacedTable(NamedTuple):
    """A table, the page that it is on, and how it is turned there."""

    table: Table
    page: Layout
    turn: int


@dataclass
class Paragraph:
    """The lines of a paragraph or a heading; more are added while it goes on."""

    lines: list[PlacedLine]
    is_full: bool = True
    """Whether its last line leaves no room for another word, so that it may go on elsewhere."""

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0].line

    @property
    def last(self) -> Line:
        """Its last line."""
        return self.lines[-1].line

    def goes_on_with(self, line: Line) -> bool:
        """Return whether a line elsewhere that is set alike goes on from its last: a sentence in it has not ended."""
        if _ENDS.search(self.last.text):
            return False
        return _runs_on(self.last, line) or (self.is_full and len(self.lines) > 1 and not line.is_bold)


class _Style(NamedTuple):
    """How most of a file's text is set: how high its letters are, and how far apart lines of each height stand."""

    height: float
    leading: dict[float, float]


def paragraphs_of(pages: Sequence[Layout]) -> Iterator[Paragraph | PlacedTable]:
    """Yield the paragraphs, headings and tables of a file in reading order.

    A paragraph that is cut by the end of a column or a page goes on with the next text that is set alike; what
    stands between in smaller letters (footnotes, captions) follows it.
    """
    style = _style(pages)
    done: list[Paragraph | PlacedTable] = []
    for page in pages:
        for region, after in zip_longest(page.regions, page.regions[1:]):
            parts = list(_region_parts(page, region, style))
            following = after.lines[0] if after and after.lines else None
            if parts and isinstance(parts[0], Paragraph) and (before := _cut(done, parts[0], following, style)):
                before.lines += parts[0].lines
                before.is_full = parts[0].is_full
                parts = parts[1:]
            done += parts
    yield from done


def _style(pages: Sequence[Layout]) -> _Style:
    heights: Counter[float] = Counter()
    apart: dict[float, list[float]] = {}
    for page in pages:
        for region in page.regions:
            lines = region.lines
            for line in lines:
                heights[line.height] += len(line.text)
            for above, below in itertools.pairwise(lines):
                if _alike(above, below):
                    apart.setdefault(round(above.height), []).append(round((below.middle - above.middle) * 2) / 2)
    leading = {height: mode(distances) for height, distances in apart.items()}
    return _Style(max(heights, key=lambda height: heights[height]) if heights else 0.0, leading)


def _alike(first: Line, second: Line) -> bool:
    """Return whether two lines are set in letters of one size and weight."""
    return abs(first.height - second.height) <= _SAME_SIZE * first.height and first.is_bold == second.is_bold


def _cut(
    done: Sequence[Paragraph | PlacedTable], after: Paragraph, following: Line | None, style: _Style
) -> Paragraph | None:
    """Return the paragraph that the first one of a column goes on from, if there is one.

    `following` is the line with which the next column begins: where that goes on, what stands between is a box.
    """
    first = after.first
    page = after.lines[0].page.number
    if _BULLET.match(first.text):
        return None
    for before in reversed(done[-_BACK:]):
        if isinstance(before, PlacedTable):
            continue
        if before.lines[-1].page.number < page - 1:
            return None
        if _alike(before.last, first):
            is_box = following is not None and _alike(first, following) and _runs_on(before.last, following)
            if before.goes_on_with(first) and (first.text[0].islower() or not is_box):
                return before
            # What begins in small letters goes on from somewhere: a box or a caption may stand between.
            if not first.text[0].islower():
                return None
        elif before.last.is_bold or before.last.height > style.height * (1 + _SAME_SIZE):
            return None
    return None


def _region_parts(page: Layout, region: Region, style: _Style) -> Iterator[Paragraph | PlacedTable]:
    """Yield the paragraphs and tables of a column."""
    block: list[Line] = []

    def paragraphs() -> Iterator[Paragraph]:
        for lines in _split(block, style):
            yield Paragraph([PlacedLine(line, page, region.turn) for line in lines], _is_full(lines[-1], block))

    for part in region.parts:
        goes_on = bool(block) and isinstance(part, Line) and _same_block(block[-1], part, style)
        if not goes_on:
            yield from paragraphs()
            block = []
        if isinstance(part, Table):
            yield PlacedTable(part, page, region.turn)
        else:
            block.append(part)
    yield from paragraphs()


def _runs_on(above: Line, below: Line) -> bool:
    """Return whether a sentence that has not ended goes on, in small letters."""
    return below.text[0].islower() and not _ENDS.search(above.text)


def _same_block(above: Line, below: Line, style: _Style) -> bool:
    """Return whether two lines are set alike, with no more than the usual distance between them."""
    if not _alike(above, below):
        return False
    distance = below.middle - above.middle
    if _runs_on(above, below):
        return distance <= _LOOSEST * above.height
    usual = style.leading.get(round(above.height))
    if above.height > style.height * _HEADING:
        usual = None
    most = _LOOSEST * above.height if usual is None else max(_LOOSE * usual, 1.05 * above.height)
    return distance <= most


def _split(block: Sequence[Line], style: _Style) -> Iterator[list[Line]]:
    """Yield the paragraphs of lines that are set alike, with no white between."""
    if not block:
        return
    right = max(line.right for line in block)
    left = min(line.left for line in block)
    is_heading = block[0].height > style.height * _HEADING
    current = [block[0]]
    for at in range(1, len(block)):
        line = block[at]
        after = block[at + 1] if at + 1 < len(block) else None
        begins = not (is_heading or _runs_on(current[-1], line)) and (
            _begins_item(current[-1], line)
            or _is_set_in(current, line, after, left)
            or _has_room(current[-1], line, left, right)
        )
        if begins:
            yield current
            current = []
        current.append(line)
    yield current


def _begins_item(above: Line, line: Line) -> bool:
    """Return whether a line begins an item of a list."""
    if _BULLET.match(line.text):
        return True
    return bool(_LIST_ITEM.match(line.words[0].text)) and bool(_ENDS.search(above.text))


def _is_set_in(current: Sequence[Line], line: Line, after: Line | None, left: float) -> bool:
    """Return whether a line is set in as a paragraph's first, or stands out from an item that hangs."""
    indent = _INDENT * line.height
    if line.left - current[-1].left > indent:
        hangs = after is not None and abs(after.left - line.left) <= indent
        return current[-1].left - left <= indent and not (hangs and len(current) == 1)
    return len(current) > 1 and current[-1].left - line.left > indent


def _has_room(above: Line, line: Line, left: float, right: float) -> bool:
    """Return whether the line above had room for the first word of the next: it ended there."""
    first = line.words[0]
    open_ = right - above.right
    if open_ < first.right - first.left + _SLACK * line.height:
        return False
    if _ENDS.search(above.text):
        return True
    return open_ > _SHORT * (right - left)


def _is_full(last: Line, block: Sequence[Line]) -> bool:
    right, left = max(line.right for line in block), min(line.left for line in block)
    return right - last.right <= _SHORT * (right - left)
