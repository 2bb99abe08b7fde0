"""Text of strangers, safe to print."""

import unicodedata

__all__ = ["printable", "steers"]

_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


_STEERING = ("Cc", "Cs")


def steers(char: str) -> bool:
    """Whether a character may steer a terminal: a control character, a mark of direction, half of a pair."""
    return unicodedata.category(char) in _STEERING or unicodedata.bidirectional(char) in _DIRECTIONS


def printable(text: str) -> str:
    """Return a text on one line that cannot steer a terminal: control and direction marks replaced."""
    return "".join("\N{REPLACEMENT CHARACTER}" if steers(char) else char for char in " ".join(text.split()))
