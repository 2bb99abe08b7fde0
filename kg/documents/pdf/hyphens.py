"""Hyphens at the end of a line: those that part a word, and those that belong to it."""

import re
from collections import Counter
from collections.abc import Iterable

from kg.errors import MissingExtra

__all__ = ["SOFT_HYPHEN", "Hyphens"]

SOFT_HYPHEN = "\u00ad"

_BEFORE = re.compile(r"(?<![\w’'-])([\w’'-]*\w)[-\u00ad]$")
_AFTER = re.compile(r"[\w’'-]*\w")
_SUSPENDED = frozenset({"and", "or", "to", "et", "ou"})
"""A hyphen before these stands for the rest of a word: "short- and long-term"."""
_WORD = re.compile(r"[^\W\d_][\w’'-]*\w")
_SHORTEST = 3


class Hyphens:
    """Decides about hyphens by the words of the file, then by the dictionaries of French and English.

    >>> hyphens = Hyphens(["Nvidia supplies CoreWeave with chips in a long-term deal"])
    >>> hyphens.part("Core-", "Weave,"), hyphens.part("long-", "term"), hyphens.part("sup-", "plier")
    ('Core', 'long-', 'sup')

    """

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the words of the file, line by line; a line's last may be half of one."""
        self._words: Counter[str] = Counter()
        for text in texts:
            self._words.update(word.casefold() for word in _WORD.findall(text))

    def part(self, before: str, after: str) -> str | None:
        """Return what the last word of a line is of the word that the next line's first goes on with; None of none."""
        head, tail = _BEFORE.search(before), _AFTER.match(after)
        if head is None or tail is None or tail[0] in _SUSPENDED:
            return None
        is_kept = before[-1] != SOFT_HYPHEN and self._belongs(head[1], tail[0])
        return before if is_kept else before[:-1]

    def _belongs(self, head: str, tail: str) -> bool:
        """Return whether the hyphen between two parts is one of the word's own."""
        whole, hyphened = (head + tail).casefold(), f"{head}-{tail}".casefold()
        here, here_hyphened = self._words[whole], self._words[hyphened]
        if here != here_hyphened:
            return here_hyphened > here
        if not tail[0].islower() or head[-1].isdigit() or len(head) == 1:
            return True
        if _is_known(hyphened) or _is_known(whole):
            return _is_known(hyphened)
        return min(len(head), len(tail)) >= _SHORTEST and _is_known(head.casefold()) and _is_known(tail)


def _is_known(word: str) -> bool:
    try:
        import simplemma
    except ImportError as error:
        raise MissingExtra("reading text needs simplemma: pip install 'kg[read]'") from error
    return bool(simplemma.is_known(word, lang=("en", "fr")))
