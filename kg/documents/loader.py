"""From a source to its document: bytes, text, metadata."""

import datetime as dt
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from kg.documents import dates, formats, language
from kg.documents.containers import part
from kg.documents.metadata import NOTHING, Metadata, beside, checked
from kg.documents.page import LIMIT, Page, check_length
from kg.documents.readers import read_page
from kg.documents.refusals import check_words
from kg.documents.sources import STDIN, Source
from kg.errors import DocumentError, did_you_mean
from kg.filings import cover, items
from kg.model import Document, Tier

__all__ = ["LIMIT", "parse", "read"]


def read(  # noqa: PLR0913 - keywords, each with a default
    source: Source,
    *,
    lang: str | None = None,
    published: str | None = None,
    tier: str | None = None,
    stdin: BinaryIO | None = None,
    tell: Callable[[str], None] | None = None,
    ocr: bool = False,
) -> Document:
    """Read a source into a document: its text, language and, where they are known, date, title and address.

    Args:
        source: what to read, as `find` lists it.
        lang: the language; overrules what the source declares.
        published: the publication date; overrules what the source declares.
        tier: what kind of source it is (`kg.model.Tier`); overrules the ``.json`` file beside it.
        stdin: read for the source "-"; by default the standard input of the process.
        tell: called with what of the source is not in the text, a line each, as pages of a PDF that are pictures.
        ocr: whether pictures, and pages of a PDF that are pictures, are recognised, by the program tesseract.

    Raises:
        DocumentError: the source is missing, empty, binary, too long or of an unknown encoding, or the
            ``.json`` file beside it is broken.
        UnknownLanguage: the text is neither French nor English.

    >>> import io
    >>> read(Source("note.txt", "-"), stdin=io.BytesIO(b"Nvidia has bought a stake in the company."), lang="en").text
    'Nvidia has bought a stake in the company.'

    """
    today = dt.datetime.now(dt.UTC).date()
    options = checked(Metadata(lang=lang, published=published, tier=tier), "what was given", today)
    page, known, retrieved = _page(source, options, today, stdin, ocr=ocr)
    if tell is not None:
        for note in page.notes:
            tell(note)
    document = _document(page, source, _where(source), known, today)
    return document if document.published else replace(document, published=retrieved)


def _page(
    source: Source, options: Metadata, today: dt.date, stdin: BinaryIO | None, *, ocr: bool
) -> tuple[Page, Metadata, str | None]:
    """Return the page that a source is, what people say of it, and when it was saved, where its container tells."""
    where = _where(source)
    if source.path == STDIN:
        data = (stdin or sys.stdin.buffer).read(LIMIT + 1)
        return read_page(_checked_size(data, where), None, where, ocr=ocr), options, None
    if not source.member:
        path = Path(source.path)
        data, kind = _bytes(path), formats.media_type(path)
        # Beside what may hold many documents, a .json file is another such file.
        said = NOTHING if kind in formats.MANY else checked(beside(path), str(path.with_suffix(".json")), today)
        return read_page(_checked_size(data, where), kind, where, ocr=ocr), options.over(said), None
    opened = part(source)
    if isinstance(opened, Page):
        check_length(opened.text, where)
        return opened, options, None
    known = options.over(checked(opened.declared, where, today))
    page = read_page(_checked_size(opened.data, where), opened.media_type, where, ocr=ocr)
    return replace(page, detected=opened.detected.over(page.detected)), known, opened.retrieved


def parse(
    data: bytes,
    source: Source,
    *,
    media_type: str | None = None,
    known: Metadata = NOTHING,
    today: dt.date | None = None,
) -> Document:
    r"""Parse bytes into a document, as `read` does; no file is opened. Raises what `read` raises.

    Args:
        data: the bytes. Plain text is kept to the letter, except for a byte order mark.
        source: gives the document its id, and messages their name.
        media_type: one of `kg.documents.formats`; None: it is detected in the bytes.
        known: metadata that overrules what the document declares.
        today: a date after it is no publication date.

    >>> parse(b"# The deal\n\nNvidia *buys*.", Source("a.md", "a.md"), known=Metadata(lang="en")).title
    'The deal'

    """
    where = _where(source)
    return _document(read_page(_checked_size(data, where), media_type, where), source, where, known, today)


def _where(source: Source) -> str:
    """Return what messages call a source."""
    return "standard input" if source.path == STDIN else source.name


def _checked_size(data: bytes, where: str) -> bytes:
    if not data:
        raise DocumentError(f"{where}: is empty: there is nothing to read")
    if len(data) > LIMIT:
        raise DocumentError(f"{where}: is longer than {LIMIT >> 20} MiB, too long for an article: split it")
    return data


def _document(page: Page, source: Source, where: str, known: Metadata, today: dt.date | None) -> Document:
    if not page.text.strip():
        raise DocumentError(f"{where}: holds markup and no text: there is nothing to read")
    check_words(page.text, where)
    known = known.over(checked(page.declared, where, today))
    detected = _of_filing(page.text).over(page.detected)
    return Document(
        id=source.id,
        text=page.text,
        lang=known.lang or language.identify(page.text, where, detected.lang),
        published=known.published or _detected_date(page.text, detected.published, today),
        title=known.title or detected.title,
        url=known.url or detected.url,
        source=os.fsencode(source.name).decode("utf-8", "replace"),
        tier=Tier(tier) if (tier := known.tier or detected.tier) else None,
        places=tuple(sorted((*page.places, *items(page.text)), key=lambda place: place.start)),
        facts=page.facts,
    )


def _of_filing(text: str) -> Metadata:
    """Return what the cover of a filing tells of it; nothing for another text."""
    found = cover(text)
    if found is None:
        return NOTHING
    owner = " ".join(text[slice(*found.owner)].split()) if found.owner else ""
    return Metadata(
        title=f"{owner}: {found.form}" if owner else None,
        published=dates.parse_date(found.signed) if found.signed else None,
        tier=Tier.FILING,
    )


def _detected_date(text: str, date: str | None, today: dt.date | None) -> str | None:
    if date and dates.plausible(date, today):
        return date
    return dates.dateline(text, today)


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
