"""Markup → its tree of elements, and blocks of it → one text."""

import re
from collections.abc import Sequence
from typing import Any

from kg.documents.html.walk import Block
from kg.places import Place, PlaceKind

__all__ = ["joined", "parsed"]

# Characters that an XML tree cannot hold: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parsed(markup: str) -> Any:
    """Return the html element of a page; raise ValueError or an LxmlError where it is none."""
    from lxml import html

    # libxml2 drops what is nested deeper than 256 elements, or 2048 with huge_tree, and reports it in its log only.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    tree = html.document_fromstring(_NOT_XML.sub("", markup).encode(), parser=parser)
    if parser.error_log.filter_from_fatals():
        raise ValueError("nested too deep")
    return tree


def joined(article: Sequence[Block]) -> tuple[str, tuple[Place, ...], dict[int, tuple[int, int]]]:
    """Return the blocks as one text, items of a list one below the other, where each stands, and where its marks do."""
    pieces: list[str] = []
    places: list[Place] = []
    marks: dict[int, tuple[int, int]] = {}
    length, before = 0, ""
    for block in article:
        gap = "" if not pieces else "\n" if block.kind == before == "li" else "\n\n"
        mark = "- " if block.kind == "li" else ""
        start = length + len(gap) + len(mark)
        parts = block.cells or ((0, len(block.text), block.path),)
        places += [Place(start + first, start + last, PlaceKind.ELEMENT, path) for first, last, path in parts]
        marks |= {number: (start + first, start + last) for number, first, last in block.marks}
        pieces += (gap, mark, block.text)
        length, before = start + len(block.text), block.kind
    return "".join(pieces) + "\n", tuple(places), marks
