"""The file → its text: what opens it, what it is refused for, what it says of itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.documents import dates
from kg.documents.metadata import Metadata
from kg.documents.page import LONGEST, Page
from kg.documents.pdf.layout import Layout, layout_of, layout_of_words
from kg.documents.pdf.paragraphs import Paragraph, PlacedTable, paragraphs_of
from kg.documents.pdf.recognition import MOST_PAGES, recognised, scale_of
from kg.documents.pdf.running_heads import without_running_heads
from kg.documents.pdf.text import PlacedText, text_of
from kg.documents.plain_text import headline
from kg.errors import DocumentError, MissingReader

if TYPE_CHECKING:
    import pypdfium2 as pdfium

__all__ = ["opened", "page_of", "placed_text", "read_pdf"]

_MOST_PAGES = 5_000
"""No document has more; a file of few bytes can claim millions."""
_END = b"%%EOF"
_TAIL = 4096
"""Bytes at the beginning and the end of a file in which they are marked; writers leave some around the marks."""
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
_RECOGNISE = "read it with `kg build --ocr`, or recognise it first, as with `ocrmypdf FILE OUT`"
_NOT_READ = f" without text and not read: {_RECOGNISE}"
_RECOGNISED = ", recognised by tesseract: check the quotes"


def read_pdf(data: bytes, where: str, *, ocr: bool = False) -> Page:
    """Read a PDF (ISO 32000): its text in reading order, a line a paragraph, heading or row of a table.

    Left out are running heads, feet and page numbers, marks of footnotes, watermarks across a page, scripts and
    files inside it. `detected` has the title, the language and the date of making that the file's properties tell.

    Args:
        data: the file.
        where: its name, for messages.
        ocr: whether pages that are pictures are recognised.

    Returns:
        The text; its places are the lines of paragraphs and the cells of tables, each with its page and box. A note
        names the pages that are pictures.

    Raises:
        DocumentError: the file is encrypted, damaged, cut off, too long, or holds pictures of text only.
        MissingReader: pypdfium2 is not installed, or tesseract is needed and is not.

    """
    with opened(data, where) as pdf:
        scans: list[int] = []
        page = page_of(list(_layouts(pdf, where, scans, ocr=ocr)), scans if ocr else [], where)
        tag = _language(pdf)
        properties = pdf.get_metadata_dict()
    declared = " ".join(properties.get("Title", "").split())
    is_sane = declared and len(declared) <= _LONGEST_TITLE and not _NO_TITLE.fullmatch(declared)
    return replace(
        page,
        detected=Metadata(
            title=declared if is_sane else page.detected.title,
            published=page.detected.published or _created(properties.get("CreationDate", "")),
            lang=tag,
        ),
        notes=page.notes if ocr or not scans else (_note(scans, _NOT_READ),),
    )


def page_of(layouts: list[Layout], scans: list[int], where: str) -> Page:
    """Return the text of pages that are laid out, of which some were `scans`, with what it tells of itself."""
    placed, title = _placed(layouts, where)
    if scans and not placed.text:
        raise DocumentError(f"{where}: tesseract recognises no text on its pictures: there is nothing to read")
    return Page(
        placed.text,
        detected=Metadata(title=title or headline(placed.text), published=dates.dateline(placed.text)),
        places=placed.places(),
        notes=(_note(scans, _RECOGNISED),) if scans else (),
    )


def placed_text(data: bytes, where: str, *, ocr: bool = False) -> PlacedText:
    """Return the text of a PDF with each of its words; raise as `read_pdf` does."""
    with opened(data, where) as pdf:
        return _placed(list(_layouts(pdf, where, [], ocr=ocr)), where)[0]


@contextmanager
def opened(data: bytes, where: str) -> Iterator["pdfium.PdfDocument"]:
    """Open a PDF without its forms and scripts; raise `DocumentError` where that cannot be or a page breaks."""
    try:
        import pypdfium2 as pdfium
    except ImportError as error:
        raise MissingReader("reading PDF needs pypdfium2: pip install 'kg[office]'") from error
    if b"%PDF-" not in data[:_TAIL]:
        raise DocumentError(
            f"{where}: is no PDF: it does not begin as one; a page that asks to log in may have its name"
        )
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


def _placed(pages: list[Layout], where: str) -> tuple[PlacedText, str | None]:
    """Return the text, and its heading."""
    parts = list(paragraphs_of(without_running_heads(pages)))
    placed = text_of(parts)
    if len(_NO_LETTER.findall(placed.text)) > _GARBLED * len(placed.text):
        raise DocumentError(
            f"{where}: its fonts do not tell which letters it has: recognise it first, as with "
            "`ocrmypdf --force-ocr FILE OUT`"
        )
    return placed, _heading(parts)


def _note(pages: list[int], what: str) -> str:
    """Return that some pages are pictures, and what was or is to be done."""
    shown = ", ".join(map(str, pages[:_SHOWN])) + (f" and {len(pages) - _SHOWN} more" if len(pages) > _SHOWN else "")
    return f"pages {shown} are pictures{what}" if len(pages) > 1 else f"page {shown} is a picture{what}"


def _layouts(pdf: "pdfium.PdfDocument", where: str, scans: list[int], *, ocr: bool) -> Iterator[Layout]:
    """Yield the pages, each closed before the next is opened, and list the pictures.

    Raises `DocumentError` where most pages are pictures that are not to be recognised, or too many that are.
    """
    hints: tuple[float, ...] = ()
    letters = 0
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        try:
            layout = layout_of(page, number, hints)
            if not layout.regions and _is_scan(page):
                scans.append(number)
                layout = _recognised(page, number, f"{where}: page {number}") if ocr else layout
        finally:
            page.close()
        letters += layout.letters
        if letters > LONGEST:
            raise DocumentError(f"{where}: holds more than {LONGEST:,} characters, too long for an article: split it")
        if ocr and len(scans) > MOST_PAGES:
            raise DocumentError(f"{where}: holds more than {MOST_PAGES} pictures of pages: split it")
        hints = layout.gutters
        yield layout
    if len(scans) > len(pdf) / 2 and not ocr:
        raise DocumentError(f"{where}: holds pictures of pages and no text: {_RECOGNISE}")


def _recognised(page: "pdfium.PdfPage", number: int, where: str) -> Layout:
    """Return how the words on a picture of a page are laid out."""
    size = page.get_size()
    scale = scale_of(*size)
    return layout_of_words(recognised(page.render(scale=scale).to_pil(), scale, where), size, number)


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
