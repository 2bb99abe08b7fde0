"""Metadata of a text, and the ``.json`` file beside it that declares them."""

import datetime as dt
import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kg.documents import dates, language
from kg.errors import DocumentError, did_you_mean
from kg.model import Tier

__all__ = ["NOTHING", "Metadata", "beside", "checked", "is_address", "read_sidecar", "stated"]


_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, publication date (partial ISO), language (BCP 47), web address and tier; None where unknown."""

    title: str | None = None
    published: str | None = None
    lang: str | None = None
    url: str | None = None
    tier: str | None = None

    def over(self, other: "Metadata") -> "Metadata":
        """Return these metadata, completed by `other` where they are unknown.

        >>> Metadata(lang="fr").over(Metadata(lang="en", title="Deal"))
        Metadata(title='Deal', published=None, lang='fr', url=None, tier=None)
        """
        return Metadata(**{f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)})


NOTHING = Metadata()
"""No metadata."""


def checked(metadata: Metadata, where: str, today: dt.date | None = None) -> Metadata:
    """Normalise and check metadata that a person wrote.

    Args:
        metadata: the date may be in ISO form or in French or English words.
        where: opens the message of an error.
        today: a publication date after it is refused.

    Returns:
        The same metadata with an ISO date and a supported language.

    Raises:
        DocumentError: the date, the address or the tier cannot be right.
        UnknownLanguage: kg has no reader for the language.

    >>> checked(Metadata(lang="fr-FR", published="4 mai 2016"), "options").published
    '2016-05-04'

    """
    published = metadata.published and dates.parse_date(metadata.published)
    if metadata.published and not published:
        raise DocumentError(f"{where}: '{metadata.published}' is no date: write YYYY, YYYY-MM or YYYY-MM-DD")
    if published and not dates.plausible(published, today):
        raise DocumentError(f"{where}: '{metadata.published}' cannot be when it was published: correct the date")
    if metadata.url and not is_address(metadata.url):
        raise DocumentError(f"{where}: '{metadata.url}' is no web address: write https://…")
    if metadata.tier and metadata.tier not in set(Tier):
        hint = did_you_mean(metadata.tier, list(Tier))
        raise DocumentError(f"{where}: '{metadata.tier}' is no tier of a source: write one of {', '.join(Tier)}.{hint}")
    return Metadata(
        title=metadata.title,
        published=published or None,
        lang=language.supported(metadata.lang, where) if metadata.lang else None,
        url=metadata.url,
        tier=metadata.tier,
    )


def stated(
    title: str | None = None, published: str | None = None, lang: str | None = None, url: str | None = None
) -> Metadata:
    r"""Return the metadata that a container states, without those that cannot be right: they are hints.

    >>> stated("Oracle  buys Opower", "2016-05-02T08:00:00Z", url="javascript:alert(1)")
    Metadata(title='Oracle buys Opower', published='2016-05-02', lang=None, url=None, tier=None)

    """
    lang = (lang or "").strip().replace("_", "-").partition("-")[0].casefold()
    return Metadata(
        title=" ".join(_CONTROL.sub(" ", title or "").split()) or None,
        published=dates.parse_date(published) if published else None,
        lang=lang if lang in language.LANGUAGES else None,
        url=url if url and is_address(url) else None,
    )


def is_address(text: str) -> bool:
    """Return whether `text` is an http(s) address, and so safe to link to.

    >>> is_address("https://example.org/deal"), is_address("javascript:alert(1)")
    (True, False)
    """
    return re.match(r"https?://[^\s<>\"]+$", text) is not None


def beside(path: Path) -> Metadata:
    """Read the ``.json`` file beside a text: title, date or published, lang, url, tier; other keys are ignored.

    Args:
        path: where the text is.

    Returns:
        The metadata; `NOTHING` if there is no such file.

    Raises:
        DocumentError: the file is there and is not a JSON object of texts.

    """
    sidecar = path.with_suffix(".json")
    if sidecar == path or not sidecar.is_file():
        return NOTHING
    try:
        data = sidecar.read_bytes()
    except OSError as error:
        raise DocumentError(f"{sidecar}: cannot be read: {error.strerror}") from error
    return read_sidecar(data, str(sidecar))


def read_sidecar(data: bytes, sidecar: str) -> Metadata:
    """Read the bytes of the ``.json`` file that describes a text, as `beside` does; `sidecar` is its name.

    >>> read_sidecar(b'{"title": "The deal", "date": "2025-03"}', "deal.json").published
    '2025-03'

    """
    try:
        record = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _broken(sidecar, "is no JSON in UTF-8") from error
    if not isinstance(record, dict):
        raise _broken(sidecar, "holds no JSON object")
    published = "published" if _text(record, "published", sidecar) else "date"
    return Metadata(
        title=_text(record, "title", sidecar),
        published=_text(record, published, sidecar),
        lang=_text(record, "lang", sidecar),
        url=_text(record, "url", sidecar),
        tier=_text(record, "tier", sidecar),
    )


def _text(record: dict[str, Any], key: str, sidecar: str) -> str | None:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        raise _broken(sidecar, f"has a '{key}' that is no text")
    return " ".join(value.split()) or None if value else None


def _broken(sidecar: str, what: str) -> DocumentError:
    return DocumentError(
        f"{sidecar}: {what}; it describes the text beside it: write an object with title, date, lang, url, tier, "
        "or move it away"
    )
