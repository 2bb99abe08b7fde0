"""What the lines above a table say: what it lists, of a market or of one company."""

from collections.abc import Sequence

from kg.extract.lexicon import Lexicon
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import holds, listed, words_of

__all__ = ["PARTS", "about", "is_caption", "is_of_market", "says_any", "topic_of"]

PARTS = frozenset({"subsidiary", "associate", "venture"})
"""Roles of companies that belong to the one whose table it is."""
_HEADING_WORDS = 16
"""Words of the longest line that is a heading: a longer one is of a table only where it leads to it."""
_NAME_WORDS = 8
_ABOUT = ("customer", "supplier", "shareholder", "subsidiary", "associate", "venture", "competitor", "target")


def is_caption(line: Cell, lexicon: Lexicon) -> bool:
    """Whether a line above a table may be a caption: a heading, or a sentence that leads to a table."""
    length = len(line.text.split())
    # A short line with a full stop may be a name: "Zeltan & Co."
    if line.text.endswith(":") or length <= (_NAME_WORDS if line.text.endswith((".", ";")) else _HEADING_WORDS):
        return True
    words = words_of(line.text)
    return any(holds(words, phrase) for phrase in listed(lexicon.lang, "leads"))


def topic_of(captions: Sequence[Cell], lexicon: Lexicon, *, has_shares: bool) -> str:
    """What the captions say that a table is about; the nearest that says anything counts."""
    for caption in captions:
        topics = about(caption.text, lexicon)
        if topics and topics <= PARTS:
            # Of subsidiaries and associates the shares tell which is which.
            told = "subsidiary" in topics and (topics == {"subsidiary"} or has_shares)
            return "subsidiary" if told else "associate"
        if topics:
            return topics.pop() if len(topics) == 1 else "target" if topics == {"target", "subsidiary"} else ""
    return ""


def about(text: str, lexicon: Lexicon) -> set[str]:
    """Return what a caption is about, as roles."""
    words = words_of(text)
    for phrase in sorted(listed(lexicon.lang, "group"), key=len, reverse=True):
        # "Zeltan Corp and subsidiaries" is the one who reports.
        at = next((at for at in range(len(words)) if words[at : at + len(phrase)] == phrase), None)
        words = words if at is None else (*words[:at], "", *words[at + len(phrase) :])
    return {topic for topic in _ABOUT if any(holds(words, phrase) for phrase in listed(lexicon.lang, f"about_{topic}"))}


def says_any(captions: Sequence[Cell], name: str, lexicon: Lexicon) -> bool:
    """Whether captions hold a phrase of a list of the lexicon."""
    return any(holds(words_of(cell.text), phrase) for cell in captions for phrase in listed(lexicon.lang, name))


def is_of_market(captions: Sequence[Cell], heads: Sequence[Cell], lexicon: Lexicon) -> bool:
    """Whether a list of suppliers or customers is of a market: its captions do not speak of "our" customers."""
    told = [
        cell
        for cell in captions
        if about(cell.text, lexicon) and not lexicon.says("reference.first_person", *words_of(cell.text))
    ]
    return says_any([*told, *heads], "market", lexicon)
