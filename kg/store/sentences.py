"""Where the sentences of a text begin and end, by its marks alone, without a parser: every line counts."""

import re
from collections.abc import Iterator

__all__ = ["sentences"]

_END = re.compile(r"(?<=[.!?…])(?:[\"”»)\]]|\s»)*\s+(?=[\"“«(\[]?\s?[A-ZÀ-ÖØ-Þ0-9])")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:Inc|Corp|Co|Ltd|Mr|Mrs|Ms|Dr|St|No|vs|etc|M|MM|Mme|Cie|Sté|cf|env))\.$")
_LONGEST_ABBREVIATION = 8
_LONGEST = 2_000
"""Characters: what has no full stop for so long is cut."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield where each sentence of a text begins and ends, in characters, in order.

    >>> text = "Oracle Corp. grew. Deezer fell.\n\nA line"
    >>> [text[start:end] for start, end in sentences(text)]
    ['Oracle Corp. grew.', 'Deezer fell.', 'A line']
    """
    for line in re.finditer(r"[^\r\n]+", text):
        start = line.start()
        for gap in _END.finditer(line[0]):
            end = line.start() + gap.start()
            # Closing quotes belong to what they close.
            stop = end + len(gap[0].rstrip())
            if stop > end or not _ABBREVIATED.search(text[max(start, end - _LONGEST_ABBREVIATION) : end]):
                yield from _pieces(text, start, stop)
                start = line.start() + gap.end()
        yield from _pieces(text, start, line.end())


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what lies between two places without the space around it, cut where it is very long."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end:
        while text[start].isspace():
            start += 1
        stop = end
        if end - start > _LONGEST:
            space = text.rfind(" ", start, start + _LONGEST)
            stop = start + _LONGEST if space < 0 else space
        yield start, stop
        start = stop
