"""What is known of a text beside its words, and the ``.json`` file beside it that says so."""

import datetime as dt
import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kg.documents import dates, language
from kg.errors import DocumentError

__all__ = ["NOTHING", "Metadata", "beside", "checked", "is_address"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, publication date (partial ISO), language (BCP 47) and address; None where nobody says."""

    title: str | None = None
    published: str | None = None
    lang: str | None = None
    url: str | None = None

    def over(self, other: "Metadata") -> "Metadata":
        """Return what this says, and what `other` says where this is silent.

        >>> Metadata(lang="fr").over(Metadata(lang="en", title="Deal"))
        Metadata(title='Deal', published=None, lang='fr', url=None)
        """
        return Metadata(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)})


NOTHING = Metadata()
"""Nothing is known."""


def checked(said: Metadata, where: str, today: dt.date | None = None) -> Metadata:
    """Return what a person has said in its normal form; raise `DocumentError` if it cannot be meant.

    `where` opens the message. A date may be written as ISO or in French or English words; one after
    `today`, or in an absurd year, is refused.
    """
    published = said.published and dates.parse_date(said.published)
    if said.published and not published:
        raise DocumentError(f"{where}: '{said.published}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    if published and not dates.plausible(published, today):
        raise DocumentError(f"{where}: '{said.published}' cannot be when it was published: correct the date")
    if said.url and not is_address(said.url):
        raise DocumentError(f"{where}: '{said.url}' is no web address: write https://…")
    return Metadata(
        title=said.title,
        published=published or None,
        lang=language.supported(said.lang, where) if said.lang else None,
        url=said.url,
    )


def is_address(text: str) -> bool:
    """Tell whether `text` can be linked to: a page's own word could also be a script."""
    return re.match(r"https?://[^\s<>\"]+$", text) is not None


def beside(path: Path) -> Metadata:
    """Return what the ``.json`` beside the text at `path` says: title, date or published, lang, url.

    Other keys are let be. Raise `DocumentError` when the file is there and cannot be understood.
    """
    sidecar = path.with_suffix(".json")
    if sidecar == path or not sidecar.is_file():
        return NOTHING
    try:
        said = json.loads(sidecar.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise DocumentError(f"{sidecar}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise _broken(sidecar, "is no JSON in UTF-8") from error
    if not isinstance(said, dict):
        raise _broken(sidecar, "holds no JSON object")
    published = "published" if _text(said, "published", sidecar) else "date"
    return Metadata(
        title=_text(said, "title", sidecar),
        published=_text(said, published, sidecar),
        lang=_text(said, "lang", sidecar),
        url=_text(said, "url", sidecar),
    )


def _text(said: dict[str, Any], key: str, sidecar: Path) -> str | None:
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise _broken(sidecar, f"has a '{key}' that is no text")
    return " ".join(value.split()) or None if value else None


def _broken(sidecar: Path, what: str) -> DocumentError:
    return DocumentError(
        f"{sidecar}: {what}; it describes the text beside it: write an object with title, date, lang, url, "
        "or move it away"
    )
