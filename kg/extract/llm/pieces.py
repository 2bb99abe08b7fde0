"""A long text in pieces that a model takes at once, each with what its reader must know of the rest."""

import re
from collections.abc import Iterator

__all__ = ["head", "windows"]

_WINDOW, _OVERLAP, _HEAD = 8000, 800, 300
"""Characters of a text that are sent at once (some 2,000 tokens), sent again with the next piece, and of its head."""
_BORDER = re.compile(r"\n|(?<=[.!?»”])\s")


def windows(text: str) -> Iterator[tuple[int, str]]:
    """Yield the pieces of a text, each with its place; they overlap, and end where lines and sentences do."""
    start = 0
    while start < len(text):
        end = min(start + _WINDOW, len(text))
        if end < len(text):
            borders = [match.end() for match in _BORDER.finditer(text, start + _WINDOW // 2, end)]
            end = borders[-1] if borders else end
        yield start, text[start:end]
        if end == len(text):
            return
        again = [match.end() for match in _BORDER.finditer(text, max(start + 1, end - _OVERLAP), end)]
        start = again[0] if again and again[0] < end else end


def head(text: str) -> str:
    """Return how a text begins: later pieces are sent with it, since it tells whose text it is."""
    begins = text[:_HEAD].strip()
    borders = [match.start() for match in _BORDER.finditer(begins, _HEAD // 3)]
    return begins[: borders[-1]] if borders and len(text) > _HEAD else begins
