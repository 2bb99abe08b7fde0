"""A file that is a picture of text (PNG, JPEG, TIFF) → its text, recognised by tesseract where it was asked for."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.documents.page import Page
from kg.documents.pdf.layout import Layout, layout_of_words
from kg.documents.pdf.reading import page_of
from kg.documents.pdf.recognition import DPI, MOST_PAGES, check_installed, recognised
from kg.errors import DocumentError, MissingReader

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["read_picture"]

_FORMATS = ("PNG", "JPEG", "TIFF")
_PIXELS = 40_000_000
"""The most pixels of a picture: it is told by its head, before any of it is unpacked."""


def read_picture(data: bytes, where: str) -> Page:
    """Read the text that is printed on a picture; a TIFF may hold many.

    Args:
        data: the file.
        where: its name, for messages.

    Returns:
        The text; its places are lines, each with the number of its picture and its box, an inch being 300 pixels.

    Raises:
        DocumentError: it is damaged, too large, or nothing on it is recognised.
        MissingReader: Pillow or tesseract is not installed.

    """
    check_installed()
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise MissingReader("reading pictures needs Pillow: pip install 'kg[office]'") from error
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            layouts = list(_layouts(picture, where))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise DocumentError(f"{where}: is no picture that can be read: get a whole copy of it") from error
    return page_of(layouts, [layout.number for layout in layouts], where)


def _layouts(picture: "Image", where: str) -> Iterator[Layout]:
    frames = int(getattr(picture, "n_frames", 1))
    if frames > MOST_PAGES:
        raise DocumentError(f"{where}: holds more than {MOST_PAGES} pictures: split it")
    for number in range(frames):
        picture.seek(number)
        width, height = picture.size
        if width * height > _PIXELS:
            raise DocumentError(f"{where}: is a picture of more than {_PIXELS:,} pixels: make it smaller")
        scale = DPI / 72
        yield layout_of_words(recognised(picture, scale, where), (width / scale, height / scale), number + 1)
