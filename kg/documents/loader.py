"""One source, read: bytes, then text, then what is known of it."""

import datetime as dt
import os
import sys
from pathlib import Path
from typing import BinaryIO

from kg.documents import dates, formats, language
from kg.documents.encoding import decode
from kg.documents.html import read_html
from kg.documents.markdown import read_markdown
from kg.documents.metadata import NOTHING, Metadata, beside, checked
from kg.documents.page import Page
from kg.documents.plain_text import read_plain
from kg.documents.sources import STDIN, Source
from kg.errors import DocumentError, did_you_mean
from kg.model import Document

__all__ = ["LIMIT", "parse", "read"]

LIMIT = 32 * 1024 * 1024
"""Bytes of a source that are read, the rest of its page included; what is longer is no article."""
_LONGEST = 1_000_000  # characters of text; a book has as many, and parsing takes two kilobytes for each


def read(
    source: Source, *, lang: str | None = None, published: str | None = None, stdin: BinaryIO | None = None
) -> Document:
    """Return the document that `source` is; `lang` and `published`, when given, overrule what it says.

    `stdin` is read for the source "-" (the process's own by default). Raise `DocumentError` for what
    is missing, empty, binary, of an unknown encoding or too long, and for a ``.json`` beside it that
    is broken; `UnknownLanguage` for a text that is neither French nor English.
    """
    today = dt.datetime.now(dt.UTC).date()
    given = checked(Metadata(lang=lang, published=published), "what was given", today)
    if source.path == STDIN:
        data = (stdin or sys.stdin.buffer).read(LIMIT + 1)
        return parse(data, source, known=given, today=today)
    path = Path(source.path)
    data = _bytes(path)
    said = checked(beside(path), str(path.with_suffix(".json")), today)
    return parse(data, source, media_type=formats.media_type(path), known=given.over(said), today=today)


def parse(
    data: bytes,
    source: Source,
    *,
    media_type: str | None = None,
    known: Metadata = NOTHING,
    today: dt.date | None = None,
) -> Document:
    """Return the document that `data` is. Pure: nothing is opened.

    The text of a plain text is `data` decoded, to the letter but for a byte order mark. Without a
    `media_type` (text/plain, text/markdown, text/html) it is told from the text. What `known` says
    is not asked of the text. A date after `today` is no publication date. Raise as `read` does.
    """
    where = "standard input" if source.path == STDIN else source.path
    if len(data) > LIMIT:
        raise DocumentError(f"{where}: is longer than {LIMIT >> 20} MiB, too long for an article: split it")
    formats.refuse_binary(data, where)
    text = decode(data, where)
    if not text.strip():
        raise DocumentError(f"{where}: is empty: there is nothing to read")
    page = _page(text, media_type or formats.sniff(text, where), where)
    _check_length(page.text, where)
    if not page.text.strip():
        raise DocumentError(f"{where}: holds markup and no text: there is nothing to read")
    known = known.over(checked(page.written, where, today))
    return Document(
        id=source.id,
        text=page.text,
        lang=known.lang or language.identify(page.text, where, page.found.lang),
        published=known.published or _found_date(page, today),
        title=known.title or page.found.title,
        url=known.url or page.found.url,
        source=os.fsencode(source.path).decode("utf-8", "replace"),
    )


def _check_length(text: str, where: str) -> None:
    if len(text) > _LONGEST:
        raise DocumentError(
            f"{where}: holds {len(text):,} characters, too long for an article ({_LONGEST:,}): split it"
        )


def _page(text: str, media_type: str, where: str) -> Page:
    match media_type:
        case formats.HTML:
            return read_html(text, where)
        case formats.MARKDOWN:
            _check_length(text, where)
            return read_markdown(text)
        case formats.TEXT:
            return read_plain(text)
    raise DocumentError(f"{where}: '{media_type}' is not read: give text/plain, text/markdown or text/html")


def _found_date(page: Page, today: dt.date | None) -> str | None:
    declared = page.found.published
    if declared and dates.plausible(declared, today):
        return declared
    return dates.dateline(page.text, today)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise DocumentError(f"{path}: there is no such file.{_like(path)}") from error
    except IsADirectoryError as error:
        raise DocumentError(f"{path}: is a folder: find its files first") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentError(f"{path}: cannot be read: {reason}") from error


def _like(path: Path) -> str:
    try:
        return did_you_mean(path.name, (each.name for each in path.parent.iterdir()))
    except OSError:
        return ""
