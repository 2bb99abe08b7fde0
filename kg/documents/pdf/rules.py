"""The rules of a page: straight strokes, upright or level, and the grids that they make around cells."""

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg.documents.pdf.words import Frame
from kg.places import Box

if TYPE_CHECKING:
    import pypdfium2 as pdfium

__all__ = ["Grid", "Rule", "grids_of", "rules_of"]

_MOST_OBJECTS = 20_000
"""Objects on a page; one with more is a drawing, and its rules are not looked for."""
_MOST_RULES = 4_000
"""The same of its rules."""
_MOST_CELLS = 4_000
"""Of one grid; a sheet of graph paper has more."""
_THICK = 3.0
_SHORT = 5.0
"""Points: a rule is thinner and longer."""
_TOUCH = 2.5
"""Points within which rules touch, and edges are one."""
_GAP = 24.0
"""Points of white between groups of columns of one table."""
_SIMPLE = 6
"""Parts of a path up to which its box tells its edges: a line or a rectangle."""


class Rule(NamedTuple):
    """A stroke at `at` down the page (level) or across it (upright), from `start` to `end`."""

    at: float
    start: float
    end: float
    is_level: bool


@dataclass(frozen=True)
class Grid:
    """Rules that part cells: the edges of its columns and rows, and the strokes."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rules: tuple[Rule, ...]

    @property
    def box(self) -> Box:
        """Where it stands."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Return the row and the column of a point inside."""
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        return row, min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """Return the row and column of the cell that a field is part of: no stroke parts them."""
        middle = (self.ys[row] + self.ys[row + 1]) / 2
        while column and not self._has(self.xs[column], middle, is_level=False):
            column -= 1
        centre = (self.xs[column] + self.xs[column + 1]) / 2
        while row and not self._has(self.ys[row], centre, is_level=True):
            row -= 1
        return row, column

    def _has(self, at: float, point: float, *, is_level: bool) -> bool:
        return any(
            rule.is_level == is_level and abs(rule.at - at) <= _TOUCH and rule.start <= point <= rule.end
            for rule in self.rules
        )


def rules_of(page: "pdfium.PdfPage", frame: Frame) -> list[Rule]:
    """Return the straight strokes on a page, and the edges of its rectangles; none of a page that is a drawing."""
    from pypdfium2 import raw

    count = raw.FPDFPage_CountObjects(page)
    if count > _MOST_OBJECTS:
        return []
    rules: list[Rule] = []
    for at in range(count):
        item = raw.FPDFPage_GetObject(page, at)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
            for box in _boxes(item, frame):
                rules.extend(_edges(box))
        if len(rules) > _MOST_RULES:
            return []
    return rules


def _boxes(item: object, frame: Frame) -> Iterator[Box]:
    """Yield the box of a path, or of each straight part of one that has many."""
    from pypdfium2 import raw

    parts = raw.FPDFPath_CountSegments(item)
    if parts <= _SIMPLE:
        sides = [ctypes.c_float() for _ in range(4)]
        if raw.FPDFPageObj_GetBounds(item, *sides):
            left, bottom, right, top = (side.value for side in sides)
            yield frame.box(left, bottom, right, top)
        return
    if parts > _MOST_RULES:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    before = (0.0, 0.0)
    for at in range(parts):
        part = raw.FPDFPath_GetPathSegment(item, at)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(part, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(part) == raw.FPDF_SEGMENT_LINETO:
            yield frame.box(*before, *point)
        before = point


def _edges(box: Box) -> Iterator[Rule]:
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    if height <= _THICK < _SHORT <= width:
        yield Rule((top + bottom) / 2, left, right, is_level=True)
    elif width <= _THICK < _SHORT <= height:
        yield Rule((left + right) / 2, top, bottom, is_level=False)
    elif width > _SHORT and height > _SHORT:
        yield from (Rule(y, left, right, is_level=True) for y in (top, bottom))
        yield from (Rule(x, top, bottom, is_level=False) for x in (left, right))


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """Return the grids of rules that touch each other and make two rows and two columns at least, from the top.

    >>> level = [Rule(y, 0, 100, is_level=True) for y in (0, 20, 40)]
    >>> [grid] = grids_of([*level, *(Rule(x, 0, 40, is_level=False) for x in (0, 50, 100))])
    >>> grid.xs, grid.ys, grid.cell_at(60, 30)
    ((0, 50, 100), (0, 20, 40), (1, 1))

    """
    grids = []
    for group in _beside(_touching(rules)):
        level, upright = ([rule for rule in group if rule.is_level is kind] for kind in (True, False))
        xs = _edges_at([*(rule.at for rule in upright), *(end for rule in level for end in (rule.start, rule.end))])
        ys = _edges_at([*(rule.at for rule in level), *(end for rule in upright for end in (rule.start, rule.end))])
        is_grid = upright and level and len(xs) > 2 and len(ys) > 2  # noqa: PLR2004 - two columns, two rows
        if is_grid and len(xs) * len(ys) <= _MOST_CELLS:
            grids.append(Grid(xs, ys, tuple(group)))
    return sorted(grids, key=lambda grid: grid.box[1])


def _beside(groups: Iterable[list[Rule]]) -> list[list[Rule]]:
    """Return groups of rules, those as one that are equally high and side by side: white may part a table's columns."""
    boxes: list[tuple[Box, list[Rule]]] = sorted(
        ((_box(group), group) for group in groups), key=lambda item: item[0][0]
    )
    wide: list[tuple[Box, list[Rule]]] = []
    for box, group in boxes:
        for at, (other, rules) in enumerate(wide):
            if abs(other[1] - box[1]) <= _TOUCH >= abs(other[3] - box[3]) and 0 <= box[0] - other[2] <= _GAP:
                wide[at] = (other[0], other[1], box[2], other[3]), rules + group
                break
        else:
            wide.append((box, group))
    return [group for _, group in wide]


def _box(rules: Sequence[Rule]) -> Box:
    xs = [end for rule in rules for end in ((rule.start, rule.end) if rule.is_level else (rule.at,))]
    ys = [end for rule in rules for end in ((rule.at,) if rule.is_level else (rule.start, rule.end))]
    return min(xs), min(ys), max(xs), max(ys)


def _edges_at(places: Iterable[float]) -> tuple[float, ...]:
    """Return places in order, those that are one only once."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _TOUCH:
            edges.append(place)
    return tuple(edges)


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return rules in groups: a level and an upright one that touch are of one."""
    level = sorted(rule for rule in rules if rule.is_level)
    heights = [rule.at for rule in level]
    group_of = list(range(len(level)))

    def root(at: int) -> int:
        while group_of[at] != at:
            group_of[at] = group_of[group_of[at]]
            at = group_of[at]
        return at

    owner: list[tuple[Rule, int]] = []
    for rule in rules:
        if rule.is_level:
            continue
        reached = range(bisect_right(heights, rule.start - _TOUCH), bisect_right(heights, rule.end + _TOUCH))
        crossed = [at for at in reached if level[at].start - _TOUCH <= rule.at <= level[at].end + _TOUCH]
        for at in crossed[1:]:
            group_of[root(at)] = root(crossed[0])
        if crossed:
            owner.append((rule, crossed[0]))
    groups: dict[int, list[Rule]] = {}
    for at, rule in enumerate(level):
        groups.setdefault(root(at), []).append(rule)
    for rule, at in owner:
        groups[root(at)].append(rule)
    return list(groups.values())
