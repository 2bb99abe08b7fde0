"""Reading order: the columns of a page, recognised by the white between them."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from kg.documents.pdf.lines import lines_of, typical_height
from kg.documents.pdf.words import Word

__all__ = ["columns_of"]

_WHITE = 0.8
"""A gutter is so many heights of a line wide at least."""
_FEWEST = 3
"""Lines on either side of a gutter; fewer where one above or on the page before stands at the same place."""
_FULL, _ENOUGH = 0.65, 0.45
"""Text fills so much of the width of a column in so many of its lines; the columns of a table are emptier."""
_SHORTEST = 3
"""Words in the lines of a column, on average: list marks, figures and names have fewer."""
_BETWEEN = 0.4
"""White across columns that may part them from what is above or below, in heights of a line."""
_NEAR = 3.0
"""Points within which two gutters are at one place."""
_TRIED, _DEEPEST = 12, 8
"""Places tried for a gutter, and how often what one parts is parted again: a page has no more columns."""


class _Gutter(NamedTuple):
    """White between two columns: it ends at `x`, and reaches from `top` to `bottom`."""

    x: float
    top: float
    bottom: float


def columns_of(words: Sequence[Word], hints: tuple[float, ...] = ()) -> tuple[list[list[Word]], tuple[float, ...]]:
    """Part the words of a page into regions of one column each, in reading order.

    What stands across the columns above or below them comes before or after them. So do two tables' columns not:
    a column is one of text, whose lines fill it.

    Args:
        words: those of a page.
        hints: where the gutters of the page before ended.

    Returns:
        The regions, and where the gutters end.

    """
    regions: list[list[Word]] = []
    found: list[float] = []

    def part(words: Sequence[Word], depth: int) -> None:
        gutter = _gutter(words, (*found, *hints)) if depth < _DEEPEST else None
        if gutter is None:
            if words:
                regions.append(list(words))
            return
        found.append(gutter.x)
        beside = [word for word in words if gutter.top <= word.middle <= gutter.bottom]
        part([word for word in words if word.middle < gutter.top], depth + 1)
        part([word for word in beside if word.left < gutter.x - 1], depth + 1)
        part([word for word in beside if word.left >= gutter.x - 1], depth + 1)
        part([word for word in words if word.middle > gutter.bottom], depth + 1)

    part(words, 0)
    return regions, tuple(found)


def _gutter(words: Sequence[Word], hints: Sequence[float]) -> _Gutter | None:
    """Return the gutter with the most lines beside it, or None if there is no second column."""
    em = typical_height(words)
    best: tuple[int, _Gutter] | None = None
    for x in _candidates(words, hints, em):
        fewest = 1 if any(abs(x - hint) <= _NEAR for hint in hints) else _FEWEST
        for top, bottom in _open_bands(words, x, em):
            beside = [word for word in words if top <= word.middle <= bottom]
            lines = min(_text_lines(side, fewest) for side in _sides(beside, x))
            if lines and (best is None or lines > best[0]):
                best = lines, _without_tables(_Gutter(x, top, bottom), beside, em)
    return best[1] if best else None


def _sides(words: Sequence[Word], x: float) -> tuple[list[Word], list[Word]]:
    return [word for word in words if word.left < x - 1], [word for word in words if word.left >= x - 1]


def _without_tables(gutter: _Gutter, words: Sequence[Word], em: float) -> _Gutter:
    """Return the part of a gutter beside which words are text.

    A table or a box above or below columns, apart from them by white across the page, may leave the gutter open.
    """
    x, bands = gutter.x, _bands(words, em)
    text = [at for at, band in enumerate(bands) if all(_text_lines(side, _FEWEST) for side in _sides(band, x))]
    if not text:
        return gutter
    first, last = text[0], text[-1]
    while first and not all(_sides(bands[first - 1], x)):
        first -= 1
    # A column may be longer than the other; a heading is no column.
    while last + 1 < len(bands) and _goes_down(bands[last + 1], x):
        last += 1
    top = min(word.top for word in bands[first]) if first else gutter.top
    return _Gutter(x, top, max(word.bottom for word in bands[last]) if last + 1 < len(bands) else gutter.bottom)


def _goes_down(words: Sequence[Word], x: float) -> bool:
    left, right = _sides(words, x)
    if left and right:
        return min(len(left), len(right)) >= _SHORTEST and max(_text_lines(side, 1) for side in (left, right)) > 1
    return len(lines_of(words)) >= _FEWEST


def _bands(words: Sequence[Word], em: float) -> list[list[Word]]:
    """Part words where white reaches across all of them."""
    bands: list[list[Word]] = []
    reach = float("-inf")
    for word in sorted(words, key=lambda word: word.top):
        if word.top > reach + _BETWEEN * em:
            bands.append([])
        bands[-1].append(word)
        reach = max(reach, word.bottom)
    return bands


def _candidates(words: Sequence[Word], hints: Sequence[float], em: float) -> list[float]:
    """Return where columns may begin: where several lines do, behind white."""
    if not words:
        return []
    edge = min(word.left for word in words) + 2 * em
    starts: Counter[int] = Counter()
    for line in lines_of(words):
        reach = float("-inf")
        for word in line.words:
            if word.left > edge and word.left - reach >= _WHITE * em:
                starts[round(word.left)] += 1
            reach = max(reach, word.right)
    shared = {x: count + starts[x - 1] + starts[x + 1] for x, count in starts.items()}
    often = [float(x) for x, count in sorted(shared.items(), key=lambda item: -item[1]) if count >= _FEWEST]
    return [*(hint for hint in dict.fromkeys(hints) if hint > edge), *often[:_TRIED]]


def _open_bands(words: Sequence[Word], x: float, em: float) -> list[tuple[float, float]]:
    """Return from where to where, down the page, no word stands in the white that ends at `x`."""
    across = sorted((word.top, word.bottom) for word in words if word.left < x - 1 and word.right > x - _WHITE * em)
    bands, top = [], float("-inf")
    for start, end in across:
        if start > top:
            bands.append((top, start))
        top = max(top, end)
    return [*bands, (top, float("inf"))]


def _text_lines(words: Sequence[Word], fewest: int) -> int:
    """Return how many lines a column has, 0 if it is none: too few of them, or emptier than text is."""
    lines = lines_of(words)
    if len(lines) < fewest:
        return 0
    if len(lines) < _FEWEST:
        return len(lines)
    width = max(line.right for line in lines) - min(line.left for line in lines)
    space = 0.25 * typical_height(words)
    full = sum(
        sum(word.right - word.left for word in line.words) + space * (len(line.words) - 1) >= _FULL * width
        for line in lines
    )
    return len(lines) if full >= _ENOUGH * len(lines) and len(words) >= _SHORTEST * len(lines) else 0
