"""The file → its text: what opens it, what it is refused for, what it says of itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.documents import dates
from kg.documents.metadata import Metadata
from kg.documents.page import LONGEST, Page
from kg.documents.pdf.layout import Layout, layout_of
from kg.documents.pdf.paragraphs import Paragraph, PlacedTable, paragraphs_of
from kg.documents.pdf.running_heads import without_running_heads
from kg.documents.pdf.text import PlacedText, text_of
from kg.documents.plain_text import headline
from kg.errors import DocumentError, MissingReader

if TYPE_CHECKING:
    import pypdfium2 as pdfium

__all__ = ["opened", "placed_text", "read_pdf"]

_MOST_PAGES = 5_000
"""No document has more; a file of few bytes can claim millions."""
_END = b"%%EOF"
_TAIL = 4096
"""Bytes at the end of a file in which its end is marked; writers leave some behind the mark."""
_SCAN = 0.5
"""A picture that covers so much of a page without text is a page that was scanned."""
_SHOWN = 10
"""Pages in a message."""
_GARBLED = 0.2
"""Of the letters of a text so many are none: its fonts do not tell which they are."""
_NO_LETTER = re.compile(r"[\x00-\x08\x0e-\x1f\ue000-\uf8ff\ufffd]")
_CREATED = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
_NO_TITLE = re.compile(
    r"(?:microsoft )?(?:word|powerpoint|excel)\b.*|.*\.\w{2,4}|\S*|sans titre|(?:slide|document) \d*|[\W\d_]*",
    re.IGNORECASE,
)
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[\w-]*)?")
_LONGEST_TITLE = 200
_HEAD, _LARGER = 6, 1.1
"""A title is among so many paragraphs, and set so many times as large as the text."""
_RECOGNISE = "recognise it first, as with `ocrmypdf FILE OUT`"


def read_pdf(data: bytes, where: str) -> Page:
    """Read a PDF (ISO 32000): its text in reading order, a line a paragraph, heading or row of a table.

    Left out are running heads, feet and page numbers, marks of footnotes, watermarks across a page, scripts and
    files inside it. `detected` has the title, the language and the date of making that the file's properties tell.

    Args:
        data: the file.
        where: its name, for messages.

    Returns:
        The text; its places are the lines of paragraphs and the cells of tables, each with its page and box. A note
        names the pages that are pictures.

    Raises:
        DocumentError: the file is encrypted, damaged, cut off, too long, or holds pictures of text only.
        MissingReader: pypdfium2 is not installed.

    """
    with opened(data, where) as pdf:
        placed, title, scans = _read(pdf, where)
        tag = _language(pdf)
        properties = pdf.get_metadata_dict()
    declared = " ".join(properties.get("Title", "").split())
    is_sane = declared and len(declared) <= _LONGEST_TITLE and not _NO_TITLE.fullmatch(declared)
    return Page(
        placed.text,
        detected=Metadata(
            title=declared if is_sane else title or headline(placed.text),
            published=dates.dateline(placed.text) or _created(properties.get("CreationDate", "")),
            lang=tag,
        ),
        places=placed.places(),
        notes=(_not_read(scans),) if scans else (),
    )


def placed_text(data: bytes, where: str) -> PlacedText:
    """Return the text of a PDF with each of its words; raise as `read_pdf` does."""
    with opened(data, where) as pdf:
        return _read(pdf, where)[0]


@contextmanager
def opened(data: bytes, where: str) -> Iterator["pdfium.PdfDocument"]:
    """Open a PDF without its forms and scripts; raise `DocumentError` where that cannot be or a page breaks."""
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        raise MissingReader("reading PDF needs pypdfium2: pip install 'kg[office]'") from error
    if _END not in data[-_TAIL:]:
        raise DocumentError(f"{where}: is no whole PDF: its end is missing; fetch it again")
    try:
        pdf = pdfium.PdfDocument(data)
        try:
            if len(pdf) > _MOST_PAGES:
                raise DocumentError(f"{where}: has {len(pdf):,} pages, too many for a document ({_MOST_PAGES:,})")
            yield pdf
        finally:
            pdf.close()
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium.raw.FPDF_ERR_PASSWORD:
            raise DocumentError(
                f"{where}: is encrypted: save it without its password first, as with `qpdf --decrypt FILE OUT`"
            ) from error
        raise DocumentError(f"{where}: is no PDF that can be read: {error}") from error


def _read(pdf: "pdfium.PdfDocument", where: str) -> tuple[PlacedText, str | None, list[int]]:
    """Return the text, its heading, and the pages that are pictures without text."""
    scans: list[int] = []
    pages = list(_layouts(pdf, where, scans))
    parts = list(paragraphs_of(without_running_heads(pages)))
    placed = text_of(parts)
    if len(_NO_LETTER.findall(placed.text)) > _GARBLED * len(placed.text):
        raise DocumentError(f"{where}: its fonts do not tell which letters it has: {_RECOGNISE} --force-ocr")
    return placed, _heading(parts), scans


def _not_read(scans: list[int]) -> str:
    """Return that some pages are pictures, and what to do."""
    shown = ", ".join(map(str, scans[:_SHOWN])) + (f" and {len(scans) - _SHOWN} more" if len(scans) > _SHOWN else "")
    what = f"pages {shown} are pictures" if len(scans) > 1 else f"page {shown} is a picture"
    return f"{what} without text and not read: {_RECOGNISE}"


def _layouts(pdf: "pdfium.PdfDocument", where: str, scans: list[int]) -> Iterator[Layout]:
    """Yield the pages, each closed before the next is opened, and list the pictures; raise where most of them are."""
    hints: tuple[float, ...] = ()
    letters = 0
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        try:
            layout = layout_of(page, number, hints)
            scans += [number] if not layout.regions and _is_scan(page) else []
        finally:
            page.close()
        letters += layout.letters
        if letters > LONGEST:
            raise DocumentError(f"{where}: holds more than {LONGEST:,} characters, too long for an article: split it")
        hints = layout.gutters
        yield layout
    if len(scans) > len(pdf) / 2:
        raise DocumentError(f"{where}: holds pictures of pages and no text: {_RECOGNISE}")


def _is_scan(page: "pdfium.PdfPage") -> bool:
    """Return whether a picture covers much of a page."""
    from pypdfium2 import raw

    width, height = page.get_size()
    covered = 0.0
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=2):
        left, bottom, right, top = item.get_bounds()
        covered += (right - left) * (top - bottom)
    return bool(covered > _SCAN * width * height)


def _heading(parts: list[Paragraph | PlacedTable]) -> str | None:
    """Return the one of the first paragraphs that is set in the largest letters, larger than the text."""
    paragraphs = [part for part in parts if isinstance(part, Paragraph)]
    if len(paragraphs) < 2:  # noqa: PLR2004 - a heading and what it heads
        return None
    body = max(paragraphs, key=lambda part: sum(len(line.line.text) for line in part.lines))
    largest = max(paragraphs[:_HEAD], key=lambda part: part.first.height)
    title = " ".join(line.line.text for line in largest.lines)
    return title if largest.first.height > _LARGER * body.first.height and len(title) <= _LONGEST_TITLE else None


def _language(pdf: "pdfium.PdfDocument") -> str | None:
    """Return the language that the file says its text is in."""
    import ctypes

    from pypdfium2 import raw

    buffer = (ctypes.c_ushort * 64)()
    size = raw.FPDFCatalog_GetLanguage(pdf, buffer, 128)
    tag = bytes(buffer)[: max(0, size - 2)].decode("utf-16-le", "replace")
    return tag if _TAG.fullmatch(tag) else None


def _created(date: str) -> str | None:
    """Return the day when the file was made (ISO 32000-1, section 7.9.4)."""
    match = _CREATED.match(date)
    return dates.parse_date("-".join(part for part in match.groups() if part)) if match else None
