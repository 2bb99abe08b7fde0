"""A text whose typography is folded away, and where each place of it stands in the text as it is.

Models straighten quotes and dashes, spell ligatures out and collapse spaces when they copy. A quote is the same in
either spelling, and nothing else is: no word, no case, no accent may differ.
"""

import functools
import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

__all__ = ["FoldedText", "folded", "folded_text"]

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_CLUSTER = re.compile(rf"«\s*|\s*»|(?:\s|\u200b)+|[{_INVISIBLE}]|.[\u0300-\u036f{_INVISIBLE}]*", re.DOTALL)
"""What is folded as one: guillemets with the spaces inside them, a run of spaces, a letter with its accents."""
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’‘‛ʼ′`´", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "œ": "oe",
        "Œ": "Oe",
        "æ": "ae",
        "Æ": "Ae",
        "…": "...",
        **dict.fromkeys([0xAD, 0x200B, *range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF]),
    }
)


class FoldedText:
    """A text without its typography; `find` gives places of the text as it is."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts: list[str] = []
        self._starts, self._ends = array("l"), array("l")
        for part, start, end in _clusters(text):
            parts.append(part)
            self._starts.extend([start] * len(part))
            self._ends.extend([end] * len(part))
        self._folded = "".join(parts)

    def find(
        self, words: str, start: int = 0, end: int | None = None, *, whole: bool = False
    ) -> tuple[int, int] | None:
        """Return where words first stand between two places of the text, or None.

        `whole` takes whole words only: "Space" does not stand in "Spacecraft", nor "1.9" in "11.9".
        """
        wanted = folded(words).strip()
        at = bisect_left(self._starts, start)
        last = len(self._folded) if end is None else bisect_right(self._ends, end)
        while wanted and (at := self._folded.find(wanted, at, last)) >= 0:
            stop = at + len(wanted)
            if not whole or (self._opens(at, wanted) and self._closes(stop, wanted)):
                return self._starts[at], self._ends[stop - 1]
            at += 1
        return None

    def _opens(self, at: int, wanted: str) -> bool:
        before = self._folded[max(0, at - 2) : at]
        if wanted[0].isdigit() and re.search(r"\d[.,]?$", before):
            return False
        return not (wanted[0].isalnum() and before[-1:].isalnum())

    def _closes(self, stop: int, wanted: str) -> bool:
        return not (wanted[-1].isalnum() and self._folded[stop : stop + 1].isalnum())


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _CLUSTER.finditer(text):
        cluster = match[0]
        if cluster[0] == "«" or cluster[-1] == "»":
            part = '"'
        elif cluster.isspace():
            part = " "
        else:
            part = unicodedata.normalize("NFC", cluster).translate(_ALIKE)
        yield part, match.start(), match.end()


def folded(words: str) -> str:
    r"""Return words without their typography.

    >>> folded("« oui – l’accord… »")
    '"oui - l\'accord..."'
    """
    return "".join(part for part, _, _ in _clusters(words))


@functools.lru_cache(maxsize=4)
def folded_text(text: str) -> FoldedText:
    """Return a text folded; the last few are kept, since every claim of a document asks for its text."""
    return FoldedText(text)
