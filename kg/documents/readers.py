"""The reader of each format: bytes → `Page`. Each loads on use, since most builds meet one or two formats."""

from collections.abc import Callable, Mapping
from importlib import import_module

from kg.documents import formats
from kg.documents.encoding import decode
from kg.documents.page import Page, check_length
from kg.errors import DocumentError

__all__ = ["read_page"]

_HEAD = 4096
"""Bytes in which a file of many documents shows what it is."""
_OF_TEXT: Mapping[str, str] = {
    formats.TEXT: "kg.documents.plain_text:read_plain",
    formats.MARKDOWN: "kg.documents.markdown:read_markdown",
    formats.HTML: "kg.documents.html:read_html",
    formats.CSV: "kg.documents.delimited:read_csv",
    formats.TSV: "kg.documents.delimited:read_tsv",
}
"""Readers that take decoded text: (text, name for messages) → `Page`."""
_OF_BYTES: Mapping[str, str] = {
    formats.PDF: "kg.documents.pdf:read_pdf",
    formats.DOCX: "kg.documents.docx:read_docx",
    formats.ODT: "kg.documents.opendocument:read_odt",
    formats.RTF: "kg.documents.rtf:read_rtf",
    formats.XLSX: "kg.documents.xlsx:read_xlsx",
    formats.XLS: "kg.documents.xls:read_xls",
    formats.ODS: "kg.documents.opendocument:read_ods",
    formats.MAIL: "kg.documents.mail:read_mail",
}
"""Readers that take the bytes as they are: (bytes, name for messages) → `Page`."""


def read_page(data: bytes, media_type: str | None, where: str, *, ocr: bool = False) -> Page:
    """Read the bytes of one document.

    Args:
        data: the bytes.
        media_type: one that `formats` knows; None: it is detected in the bytes.
        where: the name of the source, for messages.
        ocr: whether pictures, and pages of a PDF that are pictures, are recognised.

    Raises:
        DocumentError: the bytes are of no format that is read, or not of the one that they are said to be.

    """
    page = _recognised(data, where) if ocr else None
    if page is None:
        page = _read(data, media_type, where)
    check_length(page.text, where)
    return page


def _recognised(data: bytes, where: str) -> Page | None:
    """Return the text of what may be or hold pictures, None for anything else."""
    if formats.is_picture(data):
        from kg.documents.picture import read_picture

        return read_picture(data, where)
    if formats.magic(data, where) == formats.PDF:
        from kg.documents.pdf import read_pdf

        return read_pdf(data, where, ocr=True)
    return None


def _read(data: bytes, media_type: str | None, where: str) -> Page:
    kind = formats.magic(data, where) or media_type
    if kind is None or kind in formats.PLAIN:
        # What begins as a mail or a mailbox is one, whatever it is called.
        guess = formats.guess_container(data[:_HEAD])
        kind = kind if guess == formats.CSV and kind not in {None, formats.TEXT} else guess or kind
    if kind is not None and kind in _OF_BYTES:
        page = _reader(_OF_BYTES[kind])(data, where)
    elif kind in formats.MANY and kind not in _OF_TEXT:
        raise DocumentError(
            f"{where}: is a file of many documents ({kind}), not one: give `kg build` the file itself, its name "
            f"ending in {formats.suffix(kind)}, and it reads each"
        )
    else:
        text = _decoded(data, where)
        kind = formats.sniff(text, where) if kind is None else formats.sniffed(kind, text, where)
        if kind not in _OF_TEXT:
            raise DocumentError(f"{where}: '{kind}' is not read: give one of {', '.join((*_OF_TEXT, *_OF_BYTES))}")
        page = _reader(_OF_TEXT[kind])(text, where)
    return page


def _decoded(data: bytes, where: str) -> str:
    text = decode(data, where)
    if not text.strip():
        raise DocumentError(f"{where}: is empty: there is nothing to read")
    return text


def _reader(name: str) -> Callable[[bytes | str, str], Page]:
    module, _, function = name.partition(":")
    reader: Callable[[bytes | str, str], Page] = getattr(import_module(module), function)
    return reader
