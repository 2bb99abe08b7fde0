"""A picture of the page on which a sentence stands, with the sentence marked."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.documents.containers import part
from kg.documents.loader import LIMIT
from kg.documents.page import Page
from kg.documents.pdf.reading import opened, placed_text
from kg.documents.pdf.recognition import is_installed
from kg.documents.pdf.text import PlacedText
from kg.documents.sources import STDIN, Source
from kg.errors import DocumentError, MissingExtra
from kg.model import Document
from kg.places import Box

__all__ = ["MarkedPage", "marked_page"]

_SCALE = 2.0
"""Pixels to a point: small print stays readable on a screen."""
_LARGEST = 4000
"""The most pixels on a side; a page may claim to be kilometres wide."""
_COLOUR, _MARGIN = (255, 233, 110), 1.5
_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A picture (PNG) of a page, from 1; `others` are pages that hold some of what was to be marked, too."""

    number: int
    png: bytes
    others: tuple[int, ...] = ()

    def _repr_png_(self) -> bytes:
        """Return what a notebook shows."""
        return self.png


def marked_page(document: Document, spans: Sequence[tuple[int, int]]) -> MarkedPage:
    """Return the page on which the first of some characters of a document stand, with all of them on it marked.

    Args:
        document: it, as it was read out of a PDF.
        spans: from where to where the characters are in its text.

    Raises:
        DocumentError: the file is no longer where it was read from, is no PDF or has another text than it had.
        MissingExtra: pypdfium2 or Pillow is not installed.

    """
    where = document.source or document.id
    data = _bytes(document, where)
    if not data.startswith(_PDF):
        raise DocumentError(f"{where}: is no PDF: it has no pages that could be shown")
    placed = _placed(document, data, where)
    if placed.text != document.text:
        raise DocumentError(f"{where}: gives another text than when it was read: read it again with kg build")
    pages: dict[int, list[Box]] = {}
    for start, end in spans:
        for number, boxes in placed.boxes(start, end).items():
            pages.setdefault(number, []).extend(boxes)
    if not pages:
        raise DocumentError(f"{where}: nothing of what was to be marked stands on a page")
    number, *others = pages
    return MarkedPage(number, _drawn(data, where, number, pages[number]), tuple(others))


def _placed(document: Document, data: bytes, where: str) -> PlacedText:
    """Return the text of the file; it may have been recognised when it was read."""
    try:
        placed = placed_text(data, where)
    except DocumentError:
        if not is_installed():
            raise
    else:
        if placed.text == document.text or not is_installed():
            return placed
    return placed_text(data, where, ocr=True)


def _bytes(document: Document, where: str) -> bytes:
    if document.source in {None, STDIN}:
        raise DocumentError(f"{where}: was not read from a file: there is no page to open")
    path = Path(where)
    try:
        if "#" in where and not path.exists():
            file, _, member = where.partition("#")
            found = part(Source(document.id, file, member))
            return b"" if isinstance(found, Page) else found.data
        with path.open("rb") as file_:
            return file_.read(LIMIT + 1)
    except (OSError, KeyError, ValueError) as error:
        raise DocumentError(f"{where}: is no longer where it was read from: put it back to see its page") from error


def _drawn(data: bytes, where: str, number: int, boxes: Sequence[Box]) -> bytes:
    """Return a picture of a page with rectangles of it in the colour of a marker."""
    try:
        from PIL import Image, ImageChops, ImageDraw
    except ImportError as error:
        raise MissingExtra("drawing a page needs Pillow: pip install 'kg[office]'") from error
    with opened(data, where) as pdf:
        page = pdf[number - 1]
        try:
            scale = min(_SCALE, _LARGEST / max(page.get_size()))
            picture = page.render(scale=scale).to_pil().convert("RGB")
        finally:
            page.close()
    marks = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(marks)
    for left, top, right, bottom in boxes:
        sides = (left - _MARGIN, top, right + _MARGIN, bottom)
        draw.rectangle([side * scale for side in sides], fill=_COLOUR)
    out = io.BytesIO()
    ImageChops.multiply(picture, marks).save(out, "PNG")
    return out.getvalue()
