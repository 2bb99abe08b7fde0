"""Where parts of a text stand in the file that it was read from: the page, the cell, the paragraph.

Offsets into the text are what evidence holds on to; a place tells a person where to look. It says so in the terms of
the standard of its kind of file, so that others can find it too (``kg.store.rdf_encode`` writes it as a selector).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kg.errors import InvalidRecord

__all__ = ["Box", "Place", "PlaceKind", "places_in"]

Box = tuple[float, float, float, float]
"""A rectangle on a page, in points from its upper left corner: left, top, right, bottom."""


class PlaceKind(StrEnum):
    """What a place is; its name is written as each says."""

    PAGE = "page"
    """A page of a PDF, from 1: "12" (RFC 8118, ``page=12``)."""
    PARAGRAPH = "paragraph"
    """A paragraph of an office document, from 1: "31"."""
    FOOTNOTE = "footnote"
    """A footnote or endnote of an office document, by its own number: "4"."""
    CELL = "cell"
    """A cell of a table or a sheet: "Deals!B7" in a workbook, "2!B7" in the second table of a document."""
    PART = "part"
    """A part of a mail, from 1 as IMAP counts them (RFC 3501, section 6.4.5): "2.1"; "attachment.docx" by its name."""
    ELEMENT = "element"
    """An element of a page of the web, by its XPath: "/html/body/main/p[3]", or "//*[@id='item1']"."""
    ITEM = "item"
    """An item of a report to a securities regulator, by its number: "1A", "2.01"."""
    LINE = "line"
    """A line of a file, from 1: "12" (RFC 5147); the first of those that a record takes."""
    POINTER = "pointer"
    """A value in a JSON file: "/statements/3" (RFC 6901)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Characters `start` up to `end` of a document's text stand at the place of this kind and name.

    Places of one kind do not overlap. `box` is where on a page.

    >>> Place(0, 80, PlaceKind.PAGE, "12", (72.0, 90.5, 523.0, 104.0)).name
    '12'

    """

    start: int
    end: int
    kind: PlaceKind
    name: str
    box: Box | None = None

    def __post_init__(self) -> None:
        """Check that the place spans text and has a name."""
        if not 0 <= self.start < self.end or not self.name:
            raise InvalidRecord(f"a place {self.start}–{self.end} called {self.name!r} spans nothing or has no name")
        if self.box is not None and not (self.kind is PlaceKind.PAGE and len(self.box) == 4):  # noqa: PLR2004 - four sides
            raise InvalidRecord(f"a box of {self.kind} {self.name}: boxes are of pages, with four sides")


def places_in(places: Sequence[Place], start: int, end: int) -> tuple[Place, ...]:
    """Return the places that characters `start` up to `end` touch, in order.

    Args:
        places: those of a document, sorted by `start`.
        start: where the characters begin.
        end: where they end.

    >>> pages = [Place(0, 10, PlaceKind.PAGE, "1"), Place(10, 20, PlaceKind.PAGE, "2")]
    >>> [place.name for place in places_in(pages, 8, 12)]
    ['1', '2']

    """
    last = bisect_right(places, end - 1, key=lambda place: place.start)
    return tuple(place for place in places[:last] if place.end > start)
