"""A text's lines, told apart: prose that is read, furniture and headings that are not.

A page brings link lists (« Lire aussi ») and headlines of other stories into the body. They are
dropped, and what was dropped is reported. Bullets elsewhere are prose: real lists are full of
facts. The first line is the title, and titles are read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.extract.lexicon import load

__all__ = ["Line", "dateline", "lines"]

_BULLET = re.compile(r"\s*(?:[-–—•*▪◦·>]|\d{1,2}[.)])\s+")
_STOP = re.compile(r"[.!?…:;»\"”)](?:\s|$|\[)|[.!?…]\S?$")
# Longer than this, a line is prose even without a full stop: lists in filings have none.
_HEADING_WORDS = 16
_LONGEST = 20_000
"""Characters that are parsed in one piece."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that starts at character `start`; `kind` is prose, title, heading or furniture."""

    start: int
    text: str
    kind: str


def _is_header(text: str, lang: str) -> bool:
    folded = _BULLET.sub("", text, count=1).strip(" \t\r:.*#→>").casefold()
    return load(lang).says("furniture.headers", folded)


def _is_link_line(text: str, lang: str) -> bool:
    """A line that is one link of its own: « Lire aussi : un titre »."""
    head, colon, _ = text.partition(":")
    return bool(colon) and _is_header(head, lang)


def lines(text: str, lang: str, known: Callable[[str], object] = lambda _: None) -> Iterator[Line]:
    """Yield the lines of a text that hold anything, in order, each with its kind; a dateline is no part of them."""
    start, seen, in_list = 0, False, False
    for raw in text.splitlines(keepends=True):
        at, body = start, raw.rstrip("\r\n")
        start += len(raw)
        if not body.strip():
            continue
        ended = bool(_STOP.search(body.rstrip()[-3:])) or bool(re.search(r"[.!?] [A-ZÀ-Ý«]", body))
        short = len(body.split()) <= _HEADING_WORDS
        if _is_header(body, lang):
            in_list = True
            kind = "furniture"
        elif _is_link_line(body, lang) or (in_list and _BULLET.match(body)):
            kind = "furniture"
        else:
            in_list = False
            bullet = _BULLET.match(body) is not None
            kind = "title" if not seen else "heading" if short and not ended and not bullet else "prose"
        seen = True
        place = dateline(body, known)
        yield from (Line(at + place + offset, piece, kind) for offset, piece in _pieces(body[place:]))


_DATELINE = re.compile(
    r"\s*(?P<place>[A-ZÀ-Ý][\w.'’À-ÿ-]*(?:[ /,][A-ZÀ-Ý][\w.'’À-ÿ-]*){0,4})"
    r"(?P<rest>(?:,? \(?(?:[A-ZÀ-Ý][\w.]*|[Ll]e|\d{1,4}(?:er)?|[a-zà-ÿ]{3,9}\.?)\)?){0,5}(?: ?\([^()]{2,30}\))?,?)"
    r"\s*(?:[–—]|--?|(?P<colon>:))\s*(?:\([^()]{2,20}\)\s*(?:--?)?\s*)?(?=[\w«“\"'])"
)
_AGENCY = re.compile(r"\((?:[A-Z][\w .]{1,20})\)")
_DAY = re.compile(r"\b\d{1,2}(?:er)? [a-zà-ÿ]{3,9}|\b[A-Z][a-z]{2,8}\.? \d{1,2}\b")
_SPACED = re.compile(r"\s[–—-]{1,2}\s|--")


def dateline(text: str, known: Callable[[str], object] = lambda _: None) -> int:
    """Return how many characters of a line are its dateline: place, day and agency before the text begins.

    A place is taken for one where it is in capitals, or where a day or an agency stands with it; what a register knows
    as a name is none.

    >>> dateline("PARIS (Reuters) - Oracle buys"), dateline("Lyon, 12 mars (AFP) – La société"), dateline("Oracle buys")
    (18, 22, 0)
    """
    match = _DATELINE.match(text)
    if match is None or known(match["place"]) is not None:
        return 0
    shouted = match["place"].isupper() and len(match["place"]) > _PLACE
    dated = _AGENCY.search(match["rest"]) is not None or _DAY.search(match["rest"]) is not None
    if match["colon"]:
        return match.end() if shouted and not match["rest"] else 0
    spaced = _SPACED.search(match[0]) is not None
    return match.end() if spaced and (shouted or dated) else 0


_PLACE = 3
"""Letters of the shortest place in capitals."""


def _pieces(body: str) -> Iterator[tuple[int, str]]:
    """Cut a line that no parser would take whole, after a full stop or, failing that, after a space."""
    offset = 0
    while len(body) - offset > _LONGEST:
        window = body[offset : offset + _LONGEST]
        cut = max(window.rfind(". "), 0) or max(window.rfind(" "), 0) or _LONGEST - 1
        yield offset, body[offset : offset + cut + 1]
        offset += cut + 1
    yield offset, body[offset:]
