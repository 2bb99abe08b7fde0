"""The fields of an article in JSON, JSON lines and sheets, by the names that news services and tools give them."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.documents.html.fragment import plain
from kg.documents.metadata import stated
from kg.documents.page import Page
from kg.errors import DocumentError

__all__ = ["ARTICLE_FIELDS", "address_of", "article_page", "day_of", "field_of", "fields_of"]

ARTICLE_FIELDS = ("text", "title", "published", "url", "lang")
"""What is known of an article; a record that has no text is none."""
# The surer names stand first: where a record has several, the first counts. NewsAPI, GNews, the Guardian, the New York
# Times, GDELT, WordPress, Event Registry, news-please, JSON Feed (https://www.jsonfeed.org/version/1.1/) and
# schema.org's NewsArticle are among those that use them.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("articlebody", "fulltext", "maintext", "bodytext", "plaintext", "textcontent", "contenttext", "articletext"),
        *("text", "body", "content", "contenthtml", "article", "texte", "corps", "contenu", "story"),
    ),
    "title": ("headline", "title", "webtitle", "titre", "subject", "headlinemain"),
    "published": (
        *("datepublished", "publishedat", "publisheddate", "publicationdate", "webpublicationdate", "datepublish"),
        *("published", "pubdate", "publishdate", "publishtime", "date", "datetime", "seendate", "jour", "createdat"),
    ),
    "url": ("url", "link", "weburl", "canonicalurl", "permalink", "sourceurl", "articleurl", "lien", "uri"),
    "lang": ("inlanguage", "language", "lang", "langue"),
    # Where a record gives no more of the article than that, with its title and address.
    "summary": ("leadparagraph", "description", "summary", "abstract", "snippet", "chapo"),
}
_FIELDS: Mapping[str, tuple[str, int]] = {
    name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names)
}
_LETTERS = re.compile(r"[\W_]+")
# NewsAPI cuts articles: "… said on Tues… [+2412 chars]".
_CUT = re.compile(r"(?:…|\.\.\.)?\s*\[\+\d+ chars\]$")
_END = 60
"""Characters at the end of a text in which it is told that a service cut it."""
_MILLISECONDS = 100_000_000_000
"""Seconds since 1970 up to the year 5138: greater numbers are milliseconds."""


def field_of(name: str) -> str | None:
    """Return which field of an article a name means.

    >>> field_of("published_at"), field_of("Article Body"), field_of("Buyer")
    ('published', 'text', None)
    """
    found = _FIELDS.get(_LETTERS.sub("", name.casefold()))
    return found[0] if found and found[0] in ARTICLE_FIELDS else None


def fields_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of an article in a record, as texts; those that it has not are left out.

    >>> fields_of({"headline": "Oracle buys Opower", "fields": {"bodyText": "It pays $532 million."}, "id": 3})
    {'title': 'Oracle buys Opower', 'text': 'It pays $532 million.'}

    """
    best: dict[str, tuple[int, str]] = {}
    for name, value in _flat(record):
        field, rank = _FIELDS.get(_LETTERS.sub("", str(name).casefold()), (None, 0))
        text = _as_text(value)
        if field is not None and text.strip() and rank < best.get(field, (len(_FIELDS), ""))[0]:
            best[field] = (rank, text)
    fields = {field: text for field, (_, text) in best.items()}
    summary = fields.pop("summary", None)
    if summary and {"title", "url"} <= fields.keys():
        fields.setdefault("text", summary)
    return fields


def _flat(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of a record, and those of the record of fields that some services put into it."""
    yield from record.items()
    for name in ("fields", "article", "_source", "attributes"):
        inner = record.get(name)
        if isinstance(inner, dict):
            yield from inner.items()


def _as_text(value: Any) -> str:
    """Return a value as a text: a list of texts as paragraphs, and of WordPress's {"rendered": …} what it has."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n\n".join(item for item in value if isinstance(item, str))
    if isinstance(value, dict):
        return next(
            (value[key] for key in ("rendered", "text", "main", "plain") if isinstance(value.get(key), str)), ""
        )
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def address_of(fields: Mapping[str, str]) -> str | None:
    """Return the address of an article of which the record tells nothing more than where it is."""
    return None if "text" in fields else stated(url=fields.get("url")).url


def article_page(fields: Mapping[str, str], *, is_plain: bool = False) -> Page:
    r"""Return the article that some fields tell, its title above its text.

    Tags and entities of HTML are taken for such, unless it `is_plain` text. Raises `DocumentError`, without a name,
    where there is no text.

    >>> article_page({"title": "Oracle buys Opower", "text": "<p>It pays $532 million.</p>"}).text
    'Oracle buys Opower\n\nIt pays $532 million.\n'

    """
    text, title = ((str if is_plain else plain)(fields.get(name, "")).strip() for name in ("text", "title"))
    text = text[:-_END] + _CUT.sub("…", text[-_END:])
    if not text:
        raise DocumentError("has no text: there is nothing to read")
    detected = stated(title, day_of(fields.get("published", "")), fields.get("lang"), fields.get("url"))
    title = detected.title or ""
    head = f"{title}\n\n" if title and not text.startswith(title) else ""
    return Page(f"{head}{text}\n", detected=detected)


def day_of(text: str) -> str:
    """Return the day of a time: as ISO and words have it, as mails and feeds write it, or seconds since 1970.

    >>> day_of("Fri, 03 May 2024 23:30:00 -0400"), day_of("2024-05-03T23:30:00-04:00"), day_of("1462176000000")
    ('03 May 2024', '2024-05-03', '2016-05-02')
    """
    text = text.strip()
    if re.fullmatch(r"\d{9,13}(?:\.\d*)?", text):
        seconds = float(text)
        seconds = seconds / 1000 if seconds > _MILLISECONDS else seconds
        return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
    if match := re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?:$|[T ])", text):
        return "-".join(match.groups())
    if match := re.match(r"(?:[A-Za-z]{3}, )?(\d{1,2} [A-Za-z]{3} \d{4}) \d\d:", text):
        return match[1]
    return text
