"""What is no document that kg reads, told by its bytes, its name or its text: what it is, and what to do with it.

Whatever is not known here and decodes as text is taken for prose; so each kind of file that would pass for it by
mistake, as source code or a log, has its line.
"""

import json
import re
from collections.abc import Mapping
from pathlib import PurePath

from kg.errors import DocumentError

__all__ = ["check_bytes", "check_markup", "check_name", "check_prose", "check_words", "root_of", "xml_advice"]

_PICTURE = "not text: `kg build --ocr` recognises what is printed on it"
_UNPACK = "unpack it first"
_FILM, _PROGRAM, _FONT = "sound or film, not text", "a program, not text", "a font, not text"
_HEADS: tuple[tuple[bytes, str], ...] = (
    (rb"\x89PNG", f"a picture (PNG), {_PICTURE}"),
    (rb"\xff\xd8\xff", f"a picture (JPEG), {_PICTURE}"),
    (rb"II\*\x00|MM\x00\*", f"a picture (TIFF), {_PICTURE}"),
    (rb"GIF8", "a picture (GIF), not text"),
    (rb"BM.{4}\x00{4}", "a picture (BMP), not text"),
    (rb"RIFF.{4}WEBP", "a picture (WebP), not text"),
    (rb".{4}ftyp(?:hei|mif|avif)", "a picture (HEIF), not text"),
    (
        rb".{4}ftyp|RIFF.{4}(?:WAVE|AVI )|ID3[\x02-\x04]\x00|OggS\x00|fLaC\x00|\x1a\x45\xdf\xa3|\xff[\xfb\xf3\xf2]",
        _FILM,
    ),
    (rb"7z\xbc\xaf\x27\x1c", f"a 7z archive: {_UNPACK}, as with `7z x FILE`"),
    (rb"Rar!\x1a\x07", f"a RAR archive: {_UNPACK}, as with `unrar x FILE`"),
    (rb"BZh\d1AY&SY", f"compressed (bzip2): {_UNPACK}, as with `bunzip2 FILE`"),
    (rb"\xfd7zXZ\x00", f"compressed (xz): {_UNPACK}, as with `unxz FILE`"),
    (rb"\x28\xb5\x2f\xfd", f"compressed (zstd): {_UNPACK}, as with `unzstd FILE`"),
    (rb"!BDN", "a store of Outlook (.pst, .ost): export its mails as EML or MBOX"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "PostScript: make a PDF of it first, as with `ps2pdf FILE`"),
    (rb"AT&TFORM", "a DjVu file: make a PDF of it first, as with `ddjvu -format=pdf FILE OUT`"),
    (rb"SQLite format 3\x00|\x00\x01\x00\x00Standard (?:Jet|ACE) DB", "a database, not text: export its texts as CSV"),
    (rb"PAR1|ARROW1\x00|\x93NUMPY", "a file of columns (Parquet, Arrow, NumPy), not text: export it as CSV"),
    (rb"\x80[\x02-\x05][\x95\x7d\x5d\x63]", "an object of Python (pickle), not text"),
    (rb"\x7fELF|MZ[\x00-\xff]{2}[\x00-\x1f]\x00|\xca\xfe\xba\xbe|\x00asm|\xcf\xfa\xed\xfe", _PROGRAM),
    (rb"wOF[F2]\x00|OTTO\x00|\x00\x01\x00\x00\x00", _FONT),
    (rb"version https://git-lfs\.", "a pointer of Git LFS, not the file itself: fetch that with `git lfs pull`"),
    (rb"-----BEGIN PGP MESSAGE", "encrypted (PGP): decrypt it first, as with `gpg -d FILE`"),
)
_MAGIC = re.compile(b"|".join(b"(%b)" % pattern for pattern, _ in _HEADS), re.DOTALL)
_KINDS = tuple(kind for _, kind in _HEADS)

_CODE = (
    "py pyi ipynb js mjs cjs ts tsx jsx c h cc cpp hpp cs java go rs rb php sh bash zsh pl r jl scala kt swift sql css "
    "scss lua m vb vba bas ps1 bat cmd asm"
)
_SETTINGS = "toml yaml yml ini cfg conf env properties lock gitignore editorconfig"
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(_CODE.split(), "source code"),
    **dict.fromkeys(_SETTINGS.split(), "a file of settings"),
    **dict.fromkeys(("log", "syslog"), "a log of a program"),
    **dict.fromkeys(("diff", "patch"), "a list of changes"),
    **dict.fromkeys(("tex", "bib", "sty"), "a source of TeX: give the PDF that it makes"),
    **dict.fromkeys(("ics", "vcf"), "a calendar or an address book"),
    **dict.fromkeys(("srt", "vtt", "ass"), "subtitles, whose times part the sentences: save their text without them"),
    **dict.fromkeys(("url", "webloc", "desktop"), "a shortcut to an address, and kg fetches nothing: save its page"),
    **dict.fromkeys(("mht", "mhtml"), "a page saved with its pictures: save it as HTML"),
    **dict.fromkeys(("pem", "crt", "cer", "asc", "gpg", "pgp"), "a key, a certificate or encrypted"),
}

_XML: Mapping[str, str] = {
    "opml": "it lists feeds: save the feeds, each as a file",
    "urlset": "it lists addresses: save their pages",
    "sitemapindex": "it lists addresses: save their pages",
    "informationTable": "it is made for programs: give the filing as HTML or text",
    "edgarSubmission": "it is made for programs: give the filing as HTML or text",
    "xbrl": "it is made for programs: give the report in HTML, as inline XBRL",
    "svg": "it is a drawing",
    "wordDocument": "save it as DOCX",
    "package": "save it as DOCX",
    "Workbook": "save it as XLSX",
    "document": "save it as ODT, ODS or DOCX",
}
_PROLOG = (("<?", "?>"), ("<!--", "-->"), ("<!DOCTYPE", ">"))
_ELEMENT = re.compile(r"<([A-Za-z_][\w:.-]{0,60})")
_GAP = 1000
"""The most white space between what stands at the head of XML."""
_FRAGMENTS = frozenset(
    ("p", "div", "article", "section", "main", "header", "body", "h1", "h2", "h3", "ul", "ol", "table", "b", "i", "a")
)
"""Elements with which a piece of a page may begin; it is text with some markup."""
_FEWEST_LINES, _MOST_OF = 5, 0.8
_LOGGED = re.compile(
    r"\S{0,40}?\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ \S+:"
    r"|\S+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}:"
)
_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
_LEAST, _FEW_LETTERS = 40, 0.02
"""Of so many letters and digits fewer are letters: the heads of a table of figures are, a column of names is not."""


def check_bytes(data: bytes, where: str) -> None:
    r"""Raise `DocumentError` for bytes that are no text, by how they begin.

    >>> check_bytes(b"7z\xbc\xaf\x27\x1c", "deals.7z")
    Traceback (most recent call last):
    kg.errors.DocumentError: deals.7z: is a 7z archive: unpack it first, as with `7z x FILE`
    """
    match = _MAGIC.match(data)
    if match is not None and match.lastindex is not None:
        raise DocumentError(f"{where}: is {_KINDS[match.lastindex - 1]}")


def check_name(where: str) -> None:
    """Raise `DocumentError` for a file whose name says that it holds text of a kind that is no prose.

    >>> check_name("deals.py")
    Traceback (most recent call last):
    kg.errors.DocumentError: deals.py: is source code by its name (.py), not prose: if it is prose, call it FILE.txt
    """
    suffix = PurePath(where).suffix
    kind = _NAMES.get(suffix.lower().removeprefix("."))
    if kind is not None:
        advice = kind if ":" in kind else f"{kind} by its name ({suffix}), not prose: if it is prose, call it FILE.txt"
        raise DocumentError(f"{where}: is {advice}")


def check_markup(text: str, where: str) -> None:
    """Raise `DocumentError` for text that is XML or JSON; pages of the web are not to be given.

    >>> check_markup("<deal><buyer>Nvidia</buyer></deal>", "deal.txt")
    Traceback (most recent call last):
    kg.errors.DocumentError: deal.txt: is XML of <deal>, not an article: give RSS, Atom, text, Markdown or HTML
    """
    stripped = text.strip()
    root = root_of(stripped)
    if root and _is_xml(stripped, root):
        raise DocumentError(f"{where}: is XML of <{root}>, not an article: {xml_advice(root)}")
    if stripped[:1] in {"{", "["} and (_is_json(stripped) or _is_json(stripped.partition("\n")[0])):
        raise DocumentError(
            f"{where}: is JSON, not an article: give text, Markdown or HTML; call a list of articles FILE.json"
        )


def check_prose(text: str, where: str) -> None:
    """Raise `DocumentError` for text that is a log, a script or encoded data.

    >>> check_prose("#!/bin/sh", "deal.txt")
    Traceback (most recent call last):
    kg.errors.DocumentError: deal.txt: is source code, not prose
    """
    stripped = text.strip()
    lines = [line for line in stripped.splitlines() if line.strip()]
    if len(lines) >= _FEWEST_LINES and sum(map(bool, map(_LOGGED.match, lines))) > _MOST_OF * len(lines):
        raise DocumentError(f"{where}: is a log of a program, not prose: each line begins with a time")
    if stripped.startswith("#!/"):
        raise DocumentError(f"{where}: is source code, not prose")
    encoded = (word for word in stripped.split() if _ENCODED.fullmatch(word) and not word.isalpha())
    if sum(map(len, encoded)) > _MOST_OF * len(stripped):
        raise DocumentError(f"{where}: is encoded data (as Base64), not text: decode it first")


def root_of(text: str) -> str:
    """Return the name of the element with which a text begins, behind declarations and comments; "" for none.

    >>> root_of('<?xml version="1.0"?><!-- a feed --><rss/>'), root_of("a < b")
    ('rss', '')
    """
    at = len(text) - len(text.lstrip())
    for start, end in _PROLOG * 2:
        while text.startswith(start, at):
            at = text.find(end, at)
            if at < 0:
                return ""
            at += len(end)
            at += len(text[at : at + _GAP]) - len(text[at : at + _GAP].lstrip())
    match = _ELEMENT.match(text, at)
    return match[1] if match else ""


def xml_advice(root: str) -> str:
    """Return what to do with XML whose first element has this name.

    >>> xml_advice("w:wordDocument")
    'save it as DOCX'
    """
    return _XML.get(root.rpartition(":")[2], "give RSS, Atom, text, Markdown or HTML")


def check_words(text: str, where: str) -> None:
    """Raise `DocumentError` for a text of any format that consists of figures and signs.

    >>> check_words("17 4 8.5 % " * 20, "prices.txt")
    Traceback (most recent call last):
    kg.errors.DocumentError: prices.txt: holds figures and hardly a word: there is nothing to read
    """
    signs = sum(map(str.isalnum, text))
    if signs >= _LEAST and sum(map(str.isalpha, text)) < _FEW_LETTERS * signs:
        raise DocumentError(f"{where}: holds figures and hardly a word: there is nothing to read")


def _is_xml(text: str, root: str) -> bool:
    """Return whether a text that begins with an element is XML; filings in SGML and pieces of pages are not."""
    if text.startswith("<?xml"):
        return True
    tag = text[text.index(f"<{root}") :].partition(">")[0]
    if "xmlns" not in tag and (root.lower() in _FRAGMENTS or root.isupper()):
        return False
    return text.endswith((f"</{root}>", "/>"))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
