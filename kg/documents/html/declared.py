"""What a page says of itself: in its head, and in JSON-LD (https://schema.org/Article)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from kg.documents import dates
from kg.documents.html.fragment import plain
from kg.documents.html.walk import alphanumeric
from kg.documents.metadata import Metadata, is_address

__all__ = ["Article", "articles", "metadata", "own_articles"]

# Where pages declare the day of publication, the surest first: Open Graph, schema.org, Dublin Core, news tags.
_DECLARING = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "publication_date",
    "publish-date",
    "publishdate",
    "pubdate",
    "date",
)
_TIMES = ("//*[@itemprop='datePublished']/@datetime", "//time[@pubdate]/@datetime", "//article//header//time/@datetime")
_SITE = re.compile(r" [|–—:·»-] |$")
"""Where a title may end, and the name of the site begin."""
_SCHEME = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_ARTICLE = re.compile(r"\w*(?:Article|Posting|Report|PressRelease)")
_MOST = 1000
"""JSON-LD objects of a page that are looked at."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as JSON-LD tells it; `body` is its text, with the updates of a live blog, each below its time.

    `path` is the XPath of the script.
    """

    headline: str | None = None
    published: str | None = None
    url: str | None = None
    lang: str | None = None
    body: str = ""
    path: str = ""


def articles(tree: Any) -> list[Article]:
    """Return the articles that the JSON-LD of a page describes; what is no JSON is passed over."""
    found = []
    scripts = tree.iter("script")
    for number, script in enumerate(scripts, 1):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            found += [_article(record, f"(//script)[{number}]") for record in _records(script.text or "")]
    return found


def own_articles(tree: Any, told: Sequence[Article], lead: str) -> list[Article]:
    """Return those of the articles that are the page's: by its address or title, by its `lead`, or the only one of all.

    Pages describe in JSON-LD also the articles to which they lead.

    Args:
        tree: the page.
        told: all articles that it describes.
        lead: the first letters and digits of what it shows of its own, in small letters; "" where it shows nothing.

    """
    address = _address(tree, ())
    titles = ["".join(element.itertext()) for element in tree.iter("h1", "title")]
    titles += map(str, tree.xpath("//meta[@property='og:title']/@content"))
    keys = {alphanumeric(title[: end.start()]) for title in titles for end in _SITE.finditer(title)} - {""}
    by_name = [each for each in told if _is_called(each, address, keys)]
    if by_name:
        return by_name
    by_text = [each for each in told if lead and lead in alphanumeric(each.body)]
    if by_text:
        return by_text if len(by_text) == 1 else []
    return list(told) if len(told) == 1 and not keys and not (address and told[0].url) else []


def _is_called(article: Article, address: str | None, titles: AbstractSet[str]) -> bool:
    """Whether an article has the address or one of the titles of a page."""
    if address and article.url:
        return _SCHEME.sub("", address).rstrip("/") == _SCHEME.sub("", article.url).rstrip("/")
    return alphanumeric(article.headline or "") in titles


def _records(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of JSON-LD that are articles, those in graphs and lists too."""
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MOST):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            kinds = value.get("@type")
            if any(
                isinstance(kind, str) and _ARTICLE.fullmatch(kind)
                for kind in (kinds if isinstance(kinds, list) else [kinds])
            ):
                yield value
            waiting += [value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value]


def _article(record: Mapping[str, Any], path: str) -> Article:
    body = plain(_text(record, "articleBody"))
    updates = record.get("liveBlogUpdate")
    for update in updates if isinstance(updates, list) else []:
        if isinstance(update, dict):
            told = (_text(update, "datePublished"), _text(update, "headline"), _text(update, "articleBody"))
            body += "".join(f"\n{plain(text)}" for text in told if text)
    return Article(
        plain(_text(record, "headline")) or None,
        _text(record, "datePublished") or None,
        next((url for url in (_text(record, "url"), _text(record, "mainEntityOfPage")) if is_address(url)), None),
        _text(record, "inLanguage") or None,
        body,
        path,
    )


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    if isinstance(value, dict):
        value = value.get("@id")
    return value.strip() if isinstance(value, str) else ""


def metadata(tree: Any, told: Sequence[Article]) -> Metadata:
    """Return what a page declares: the headline of its article, its date, its language, its address.

    The date is as precise as it is written. The address is that of the article also where this is its print or AMP
    page.
    """
    return Metadata(
        title=next((article.headline for article in told if article.headline), None),
        published=_published(tree, told),
        lang=_language(tree, told),
        url=_address(tree, told),
    )


def _published(tree: Any, told: Sequence[Article]) -> str | None:
    declared = {
        (meta.get("property") or meta.get("itemprop") or meta.get("name") or "").lower(): meta.get("content") or ""
        for meta in tree.iter("meta")
    }
    values = [declared[name] for name in _DECLARING if name in declared]
    values += [article.published for article in told if article.published]
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        values += _DATE.findall(script)
    for path in _TIMES:
        values += tree.xpath(path)
    return next((date for value in values if (date := dates.parse_date(value))), None)


def _address(tree: Any, told: Sequence[Article]) -> str | None:
    declared = [*tree.xpath("//link[@rel='canonical']/@href"), *tree.xpath("//meta[@property='og:url']/@content")]
    declared += [article.url for article in told if article.url]
    return next((str(url) for url in declared if is_address(url)), None)


def _language(tree: Any, told: Sequence[Article]) -> str | None:
    declared = next(iter(tree.xpath("/html/@lang | /html/@*[name()='xml:lang']")), "")
    return str(declared).strip() or next((article.lang for article in told if article.lang), None)
