"""Text of strangers, safe to print."""

import unicodedata

__all__ = ["printable"]

_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def printable(text: str) -> str:
    """Return a text on one line that cannot steer a terminal: control and direction marks replaced."""
    steering = ("Cc", "Cs")
    one_line = " ".join(text.split())
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(c) in steering or unicodedata.bidirectional(c) in _DIRECTIONS
        else c
        for c in one_line
    )
