"""A text's lines, told apart: prose that is read, furniture and headings that are not.

A page brings link lists (« Lire aussi ») and headlines of other stories into the body. They are
dropped, and what was dropped is reported. Bullets elsewhere are prose: real lists are full of
facts. The first line is the title, and titles are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.lexicon import load

__all__ = ["Line", "lines"]

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


def lines(text: str, lang: str) -> Iterator[Line]:
    """Yield the lines of a text that hold anything, in order, each with its kind."""
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
        yield from (Line(at + offset, piece, kind) for offset, piece in _pieces(body))


def _pieces(body: str) -> Iterator[tuple[int, str]]:
    """Cut a line that no parser would take whole, after a full stop or, failing that, after a space."""
    offset = 0
    while len(body) - offset > _LONGEST:
        window = body[offset : offset + _LONGEST]
        cut = max(window.rfind(". "), 0) or max(window.rfind(" "), 0) or _LONGEST - 1
        yield offset, body[offset : offset + cut + 1]
        offset += cut + 1
    yield offset, body[offset:]
