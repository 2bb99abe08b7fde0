"""The format of a source: by its name, by its first bytes, by its text; and those that are refused."""

import re
from collections.abc import Mapping
from pathlib import PurePath

from kg.documents import packages, refusals
from kg.errors import DocumentError

__all__ = [
    "CSV",
    "DESCRIBED",
    "DOCX",
    "FEED",
    "FRONT_MATTER",
    "GZIP",
    "HTML",
    "JSON",
    "JSON_LINES",
    "MAIL",
    "MANY",
    "MARKDOWN",
    "MBOX",
    "ODS",
    "ODT",
    "PDF",
    "PLAIN",
    "RTF",
    "SUFFIXES",
    "TAR",
    "TEXT",
    "TSV",
    "URI_LIST",
    "WARC",
    "XLS",
    "XLSX",
    "ZIP",
    "guess_container",
    "is_picture",
    "magic",
    "media_type",
    "sniff",
    "sniffed",
    "suffix",
]

TEXT, MARKDOWN, HTML = "text/plain", "text/markdown", "text/html"
PDF = "application/pdf"
CSV, TSV = "text/csv", "text/tab-separated-values"
RTF = "application/rtf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODT, ODS = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"
MAIL, MBOX = "message/rfc822", "application/mbox"
FEED = "application/rss+xml"
"""RSS and Atom, whichever: feeds are told apart by what is in them."""
WARC, ZIP, TAR, GZIP = "application/warc", "application/zip", "application/x-tar", "application/gzip"
JSON, JSON_LINES = "application/json", "application/jsonl"
URI_LIST = "text/uri-list"
"""A list of addresses, a line each (RFC 2483, section 5)."""

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
    ".eml": MAIL,
    ".mbox": MBOX,
    ".rss": FEED,
    ".atom": FEED,
    ".xml": FEED,
    ".warc": WARC,
    ".warc.gz": WARC,
    ".zip": ZIP,
    ".tar": TAR,
    ".tar.gz": TAR,
    ".tgz": TAR,
    ".gz": GZIP,
    ".json": JSON,
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".urls": URI_LIST,
}
SUFFIXES = tuple(_BY_SUFFIX)
"""The file name suffixes that are read in a folder."""
MANY = frozenset({MBOX, FEED, WARC, ZIP, TAR, GZIP, JSON, JSON_LINES, CSV, TSV, XLSX, URI_LIST})
"""Formats of files that hold many documents, but for mail, which is one and has others attached."""
PLAIN = frozenset({TEXT, MARKDOWN, HTML, CSV, TSV})
"""Formats of which any text may be taken for one."""
DESCRIBED = tuple(suffix for suffix, media_type in _BY_SUFFIX.items() if media_type not in MANY)
"""The suffixes of files that are one document, which a ``.json`` file of the same stem describes."""
# A file in a Maildir has a name without a suffix: https://cr.yp.to/proto/maildir.html
_MAILDIR = re.compile(r"(?:^|.*/)(?:cur|new)/\d{6,}\.[^/.]+\.[^/]+")

_MAGIC: Mapping[bytes, str] = {b"%PDF-": PDF, b"{\\rtf": RTF, b"\x1f\x8b": GZIP}
"""The media types of formats that are known by their first bytes."""
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_CONTAINER_HEADS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"From [^\n]{1,200}\d\d:\d\d"), MBOX),
    (re.compile(rb"WARC/1\.\d\r?\n"), WARC),
    (re.compile(rb"PK\x03\x04"), ZIP),
    (re.compile(rb"\x1f\x8b"), GZIP),
    # Whole lines only: the head may end amid one.
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:https?://[^\s<>\"]+[ \t]*[\r\n]+)+(?:https?[^\s<>\"]*)?$"), URI_LIST),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,100}>\s*)?<(?:rss|feed|rdf:RDF)[\s>]"), FEED),
    (
        re.compile(
            # A page that a browser saved with its pictures has a mail's head too; it is told as such.
            rb"(?!(?:[^\n]+\n){0,10}?(?:Snapshot-Content-Location|From: <Saved by|Content-Type: multipart/related))"
            rb"(?=(?:[^\n]+\n){0,20}?(?:From|To|Date):)"
            rb"(?:(?:From|To|Cc|Subject|Date|Reply-To|Sender|X-[\w-]{1,40}|MIME-Version|Content-[\w-]{1,40}):[^\n]*\n"
            rb"(?:[ \t]+\S[^\n]*\n)*){3,}\r?\n",
            re.IGNORECASE,
        ),
        MAIL,
    ),
    (re.compile(rb"(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version):", re.IGNORECASE), MAIL),
)
_HEAD = 4096
"""Bytes by which a file is told from others, the least."""
_DELIMITERS = (re.compile(r",(?! )(?!\d\d?\d?(?!\d))"), re.compile(";"), re.compile("\t"))
_FEWEST_LINES, _LONGEST_CELL = 3, 60
"""Of a sheet without a name that says so."""
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 and UTF-32 hold NUL bytes lawfully, after these
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?><!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"<[a-zA-Z!/?]")
FRONT_MATTER = re.compile(r"---[ \t]*\r?\n((?:[^\n]*\n)*?)---[ \t]*(?:\r?\n|$)")
"""The block at the head of a Markdown file that gives title, date and other metadata."""
_HEADING = re.compile(r"#{1,6} \S")


def media_type(path: PurePath) -> str | None:
    """Return the media type of a file by its suffix, or None if the suffix is unknown.

    >>> media_type(PurePath("deal.htm")), media_type(PurePath("deal.pdf")), media_type(PurePath("deal.xyz"))
    ('text/html', 'application/pdf', None)
    """
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    found = _BY_SUFFIX.get("".join(suffixes)) or _BY_SUFFIX.get(path.suffix.lower())
    return found or (MAIL if _MAILDIR.fullmatch(path.as_posix()) else None)


def suffix(media_type: str) -> str:
    """Return the usual suffix of files of a media type.

    >>> suffix(ZIP)
    '.zip'
    """
    return next(suffix for suffix, each in _BY_SUFFIX.items() if each == media_type)


def guess_container(head: bytes) -> str | None:
    r"""Return the media type of a file of many documents by its first bytes, where its name gives none.

    >>> guess_container(b"From ada@example.org Tue Mar 11 10:00:00 2025\n"), guess_container(b"Nvidia buys a stake.")
    ('application/mbox', None)
    >>> guess_container(b"https://example.org/deal\nhttps://example.org/oth")
    'text/uri-list'

    """
    found = next((media_type for pattern, media_type in _CONTAINER_HEADS if pattern.match(head)), None)
    return CSV if found is None and _is_sheet(head) else found


def _is_sheet(head: bytes) -> bool:
    """Whether bytes are lines of short cells, as many in each; in prose a space follows each comma."""
    lines = head.decode("utf-8", "replace").splitlines()
    lines = [line for line in (lines[:-1] if len(head) >= _HEAD else lines) if line.strip()]
    if len(lines) < _FEWEST_LINES or any(line.rstrip().endswith((".", "!", "?", ":")) for line in lines):
        return False
    rows = [[delimiter.split(line) for line in lines] for delimiter in _DELIMITERS]
    return any(
        len(row[0]) > 1 and all(len(cells) == len(row[0]) and max(map(len, cells)) <= _LONGEST_CELL for cells in row)
        for row in rows
    )


def is_picture(data: bytes) -> bool:
    r"""Return whether bytes are a picture on which text can be recognised: PNG, JPEG or TIFF.

    >>> is_picture(b"\x89PNG\r\n"), is_picture(b"Nvidia")
    (True, False)
    """
    return data.startswith(_PICTURES)


def magic(data: bytes, where: str) -> str | None:
    """Return the media type that the bytes tell, whatever the source is called; None for what may be text.

    Args:
        data: the bytes of a source.
        where: the name of the source, for messages.

    Raises:
        DocumentError: they are a picture or other binary data that is not read; the message says which.

    """
    if data.startswith(packages.COMPOUND):
        return packages.compound_type(data, where)
    if data.startswith(packages.ZIP):
        return packages.package_type(data, where) or ZIP
    for start, media_type in _MAGIC.items():
        if data.startswith(start):
            return media_type
    refusals.check_bytes(data, where)
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
        DocumentError: the text is no prose, as XML, JSON or source code.

    >>> sniff("# The deal", "x"), sniff("<!doctype html><p>The deal", "x")
    ('text/markdown', 'text/html')

    """
    kind = sniffed(TEXT, text, where)
    refusals.check_name(where)
    return MARKDOWN if kind == TEXT and (FRONT_MATTER.match(text) or _HEADING.match(text)) else kind


def sniffed(kind: str, text: str, where: str) -> str:
    """Return the media type of a text that is called `kind`: a page of the web is one, whatever it is called.

    Raises what `sniff` raises.

    >>> sniffed(TEXT, "# The deal", "x"), sniffed(TEXT, "<!doctype html><p>The deal", "x")
    ('text/plain', 'text/html')

    """
    if _HTML.match(text) or (kind == HTML and _TAG.search(text)):
        return HTML
    refusals.check_markup(text, where)
    if kind in {CSV, TSV}:
        return kind
    refusals.check_prose(text, where)
    return TEXT if kind == HTML else kind
