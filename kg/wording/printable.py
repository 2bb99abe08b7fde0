"""Text of strangers, safe to print and to open in a spreadsheet."""

import unicodedata

__all__ = ["guarded", "printable", "steers", "unguarded"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_STEERING = ("Cc", "Cs")


def steers(char: str) -> bool:
    """Whether a character may steer a terminal: a control character, a mark of direction, half of a pair."""
    return unicodedata.category(char) in _STEERING or unicodedata.bidirectional(char) in _DIRECTIONS


def printable(text: str) -> str:
    """Return a text on one line that cannot steer a terminal: control and direction marks replaced."""
    return "".join("\N{REPLACEMENT CHARACTER}" if steers(char) else char for char in " ".join(text.split()))


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: after ``'`` if it starts like one.

    A text that would read as a guarded one is guarded too, so that `unguarded` is exact.
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
