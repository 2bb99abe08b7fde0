"""The format of a source: by its name, by its first bytes, by its text; and those that are refused."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from kg.documents.packages import COMPOUND, ZIP, compound_type, package_type
from kg.errors import DocumentError

__all__ = [
    "CSV",
    "DOCX",
    "FRONT_MATTER",
    "HTML",
    "MARKDOWN",
    "ODS",
    "ODT",
    "PDF",
    "RTF",
    "SUFFIXES",
    "TEXT",
    "TSV",
    "XLS",
    "XLSX",
    "magic",
    "media_type",
    "sniff",
]

TEXT, MARKDOWN, HTML = "text/plain", "text/markdown", "text/html"
PDF = "application/pdf"
CSV, TSV = "text/csv", "text/tab-separated-values"
RTF = "application/rtf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"

_BY_SUFFIX: Mapping[str, str] = {
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".pdf": PDF,
    ".docx": DOCX,
    ".docm": DOCX,
    ".odt": ODT,
    ".rtf": RTF,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".xls": XLS,
    ".ods": ODS,
    ".csv": CSV,
    ".tsv": TSV,
}
SUFFIXES = tuple(_BY_SUFFIX)
"""The file name suffixes that are read in a folder."""

_MAGIC: Mapping[bytes, str] = {b"%PDF-": PDF, b"{\\rtf": RTF}
"""The media types of formats that are known by their first bytes."""
_REFUSED: Mapping[bytes, str] = {
    b"PK\x03\x04": "a zip archive: unpack it first, as with `unzip FILE`",
    b"\x89PNG": "a picture (PNG), not text",
    b"\xff\xd8\xff": "a picture (JPEG), not text",
    b"GIF8": "a picture (GIF), not text",
    b"\x1f\x8b": "compressed (gzip): unpack it first, as with `gunzip FILE`",
    b"\x28\xb5\x2f\xfd": "compressed (zstd): unpack it first, as with `unzstd FILE`",
    b"\x7fELF": "a program, not text",
    b"SQLite format 3\x00": "a SQLite database, not text",
}
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 and UTF-32 hold NUL bytes lawfully, after these
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?><!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
FRONT_MATTER = re.compile(r"---[ \t]*\r?\n((?:.*\r?\n)*?)---[ \t]*(?:\r?\n|$)")
"""The block at the head of a Markdown file that gives title, date and other metadata."""
_HEADING = re.compile(r"#{1,6} \S")


def media_type(path: Path) -> str | None:
    """Return the media type of a file by its suffix, or None if the suffix is unknown.

    >>> media_type(Path("deal.htm")), media_type(Path("deal.pdf"))
    ('text/html', 'application/pdf')
    """
    return _BY_SUFFIX.get(path.suffix.lower())


def magic(data: bytes, where: str) -> str | None:
    """Return the media type that the first bytes tell, None for what may be text.

    Args:
        data: the bytes of a source.
        where: the name of the source, for messages.

    Raises:
        DocumentError: they are an archive, a picture or other binary data that is not read; the message says which.

    """
    if data.startswith(COMPOUND):
        return compound_type(data, where)
    if data.startswith(ZIP) and (kind := package_type(data, where)):
        return kind
    for start, media_type in _MAGIC.items():
        if data.startswith(start):
            return media_type
    for start, kind in _REFUSED.items():
        if data.startswith(start):
            raise DocumentError(f"{where}: is {kind}")
    if b"\x00" in data and not data.startswith(_WIDE):
        raise DocumentError(f"{where}: is binary, not text: it holds NUL bytes")
    return None


def sniff(text: str, where: str) -> str:
    """Return the media type of a text by its content, where its name gives none.

    Args:
        text: the text.
        where: the name of the source, for messages.

    Returns:
        `HTML`, `MARKDOWN` or `TEXT`.

    Raises:
        DocumentError: the text is XML or JSON.

    >>> sniff("# The deal", "x"), sniff("<!doctype html><p>The deal", "x")
    ('text/markdown', 'text/html')

    """
    if _HTML.match(text):
        return HTML
    start = text.lstrip()[:1]
    if start == "<" and text.lstrip().startswith("<?xml"):
        raise DocumentError(f"{where}: is XML, not an article: give text, Markdown or HTML")
    if start in {"{", "["} and _is_json(text):
        raise DocumentError(f"{where}: is JSON, not an article: give text, Markdown or HTML")
    if FRONT_MATTER.match(text) or _HEADING.match(text):
        return MARKDOWN
    return TEXT


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
