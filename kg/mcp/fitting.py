"""What is too large for an answer, made small: its texts are cut, then its lists, and it says so.

One row that fits no page would keep all rows behind it from being read, whoever wrote it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from kg.mcp.fence import cost, shortened
from kg.mcp.text import head_text, row_text

__all__ = ["fitting", "fitting_head", "fitting_row", "head_size", "row_size", "wire_size"]

_TEXTS = (600, 300, 150, 80, 40)
"""Bytes to which texts are cut, one after the other, until a row fits."""
_LIST = 4
"""Entries to which lists are cut where that is not enough."""


def wire_size(value: object) -> int:
    """Return how many bytes a value takes as JSON at most: escaped to ASCII, as HTTP carries it."""
    return len(json.dumps(value, separators=(",", ":"), allow_nan=False))


def row_size(number: int, row: Mapping[str, Any]) -> int:
    """Return how many bytes a row takes in an answer, as data and as text."""
    return wire_size(row) + cost(row_text(number, row)) + 2


def head_size(head: Mapping[str, Any]) -> int:
    """Return how many bytes what stands above all rows takes in an answer, as data and as text."""
    return wire_size(head) + cost(head_text(head))


def fitting_row(number: int, row: Mapping[str, Any], room: int) -> Mapping[str, Any]:
    """Return a row that takes no more than `room` bytes, with ``cut`` where its texts are shorter for that.

    What cannot be cut, as names of columns, may still be too large.
    """
    return fitting(row, lambda each: row_size(number, each) <= room)


def fitting_head(head: Mapping[str, Any], room: int) -> Mapping[str, Any]:
    """Return what is told on each page in `room` bytes: the longest lists are cut, which is counted, then texts."""
    kept = {name: list(value) if isinstance(value, list) else value for name, value in head.items()}
    cut = dict(kept.pop("not_shown", {}))
    while head_size(kept) > room:
        lists = [name for name, value in kept.items() if isinstance(value, list) and value]
        if not lists:
            break
        longest = max(lists, key=lambda name: wire_size(kept[name]))
        kept[longest].pop()
        cut[longest] = cut.get(longest, 0) + 1
    small = fitting(kept, lambda each: head_size(each) <= room)
    return {**small, "not_shown": cut} if cut else small


def fitting(value: Mapping[str, Any], fits: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
    """Return what fits, with ``cut`` where its texts are shorter for that; what has no texts may still be too large."""
    if fits(value):
        return value
    small: Mapping[str, Any] = value
    for most in _TEXTS:
        small = {**_cut(value, most, None), "cut": True}
        if fits(small):
            return small
    return {**_cut(value, _TEXTS[-1], _LIST), "cut": True}


def _cut(value: Any, most: int, entries: int | None) -> Any:
    """Return data with the texts of sources cut, and lists where they may have so many entries only."""
    if isinstance(value, str):
        return shortened(value, most)
    if isinstance(value, Mapping):
        return {name: _cut(each, most, entries) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(each, most, entries) for each in value[:entries]]
    return value
