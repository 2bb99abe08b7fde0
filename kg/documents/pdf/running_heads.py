"""Running heads, feet and page numbers: the outermost lines that come again on other pages."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.documents.pdf.layout import Layout, Region
from kg.documents.pdf.lines import Line

__all__ = ["without_running_heads"]

_DEEPEST = 4
"""Lines at the edge of a page that may be a head or a foot."""
_SHORT_FILE = 4
"""Pages of a file in which a line is a running head that stands on two of them; in a longer one, on three."""
_NEAR = 10.0
"""Points: it stands so nearly at the same height."""
_NUMBER = re.compile(r"\b[ivxlc]+\b|\d+", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W*+(?:page|p\.)?\s*+(\d{1,5})(?:\s*+(?:/|of|sur|de)\s*+\d{1,5})?\W*", re.IGNORECASE)
_AT_END = re.compile(r"^\W{0,5}(?:page )?\d{1,5}\b|\b\d{1,5}(?: ?(?:/|of|sur) ?\d{1,5})?\W{0,5}$", re.IGNORECASE)
_HEAD_WORDS = 8
"""Words of the longest running head that is no sentence."""

Row = tuple[Line, ...]


def without_running_heads(pages: Sequence[Layout]) -> list[Layout]:
    """Return the pages without the lines at their edges that come again on others, whatever numbers are in them.

    A line at the edge that holds but the number of its page is left out, too.
    """
    seen: Counter[tuple[str, str, int]] = Counter()
    for page in pages:
        for edge in ("head", "foot"):
            seen.update({key for row in _edge_rows(page, edge) for key in _keys(row, edge)})
    enough = 2 if len(pages) <= _SHORT_FILE else 3
    return [_without(page, seen, enough) for page in pages]


def _without(page: Layout, seen: Counter[tuple[str, str, int]], enough: int) -> Layout:
    left_out: set[int] = set()
    for edge in ("head", "foot"):
        for row in _edge_rows(page, edge):
            number = _PAGE_NUMBER.fullmatch(_text(row))
            is_own_number = number is not None and int(number[1]) == page.number
            if not is_own_number and max(seen[key] for key in _keys(row, edge)) < enough:
                break
            left_out.update(map(id, row))
    if not left_out:
        return page
    regions = (
        replace(region, parts=tuple(part for part in region.parts if id(part) not in left_out))
        for region in page.regions
    )
    return replace(page, regions=tuple(region for region in regions if region.parts))


def _edge_rows(page: Layout, edge: str) -> Iterator[Row]:
    """Yield the lines nearest to an edge, the outermost first; those of two columns at one height together."""
    lines = sorted(
        (line for region in page.regions if not region.turn for line in region.lines),
        key=lambda line: line.middle,
        reverse=edge == "foot",
    )
    inner = _innermost_table(page.regions, edge)
    count = 0
    row: list[Line] = []
    for line in lines:
        if inner is not None and (line.top > inner if edge == "head" else line.top < inner):
            break
        if row and abs(line.middle - row[0].middle) > line.height / 2:
            yield tuple(sorted(row, key=lambda line: line.left))
            row, count = [], count + 1
            if count == _DEEPEST:
                return
        row.append(line)
    if row:
        yield tuple(sorted(row, key=lambda line: line.left))


def _innermost_table(regions: Sequence[Region], edge: str) -> float | None:
    """Return where the table nearest to an edge begins: no line behind it is at the edge."""
    tops = [part.top for region in regions if not region.turn for part in region.parts if not isinstance(part, Line)]
    return (min(tops) if edge == "head" else max(tops)) if tops else None


def _text(row: Row) -> str:
    return " ".join(line.text for line in row)


def _keys(row: Row, edge: str) -> Iterator[tuple[str, str, int]]:
    """Yield what lines that come again have in common: two that are near have one of their heights in common."""
    text = _text(row)
    # In a sentence numbers tell one from the next, but for the page's at its ends.
    is_sentence = len(text.split()) > _HEAD_WORDS or text.endswith((".", "!", "?"))
    masked = (_AT_END if is_sentence else _NUMBER).sub("#", text).casefold()
    for shift in (0, _NEAR / 2):
        yield edge, masked, int((row[0].middle + shift) // _NEAR) * 2 + bool(shift)
