"""Characters that are one with plain ones: a text of the same length that the pipelines know."""

__all__ = ["plain"]

_SPACES = "\u00a0\u202f\u2009\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Spaces that do not break, and marks of direction, which nobody sees and which hide names."""
_FOLD = str.maketrans({"’": "'", **dict.fromkeys(_SPACES, " ")})


def plain(text: str) -> str:
    """Return the text with plain apostrophes and spaces, every character where it was.

    The pipelines break on « Jusqu’à » and not on « Jusqu'à »; a name is the same in either spelling.
    """
    return text.translate(_FOLD)
