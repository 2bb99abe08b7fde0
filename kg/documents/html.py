"""HTML → the main text of the page, without its navigation, by trafilatura."""

import re
from typing import Any

from kg.documents import dates
from kg.documents.metadata import Metadata, is_address
from kg.documents.page import Page
from kg.errors import DocumentError

__all__ = ["read_html"]

# Entities declared in an internal subset can expand without end or fetch files; no page needs one.
_SUBSET = re.compile(r"<!DOCTYPE[^<>\[]*\[|<!ENTITY", re.IGNORECASE)
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
# Characters that an XML tree cannot hold: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')


def read_html(text: str, where: str) -> Page:
    """Extract the main text of a web page, and the metadata that its head declares.

    The text is extracted by trafilatura (Barbaresi 2021, https://aclanthology.org/2021.acl-demo.15/). The date is
    taken as declared; htmldate, which trafilatura would use, turns "2025-03" into a day.

    Args:
        text: the page, decoded.
        where: the name of the source, for messages.

    Returns:
        The main text, without navigation and comments; title, date, language and address go into `detected`.

    Raises:
        DocumentError: the page declares entities, is not readable as HTML, or has no main text.

    """
    if _SUBSET.search(text):
        raise DocumentError(f"{where}: declares entities in its DOCTYPE, which is not read: remove the declaration")
    from lxml import etree
    from trafilatura import extract, extract_metadata

    try:
        tree = _tree(text)
        declared = extract_metadata(tree, date_config={"extensive_search": False}, extensive=False)
        main = extract(tree, include_comments=False, include_tables=True)
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise DocumentError(f"{where}: holds no HTML that can be read: save the article as text instead") from error
    if not main or not any(char.isalnum() for char in main):
        raise DocumentError(f"{where}: no main text is found in the page: save the article as text instead")
    metadata = Metadata(
        title=declared.title,
        published=_published(tree),
        lang=str(next(iter(tree.xpath("/html/@lang")), "")).strip() or None,
        url=next((str(url) for url in tree.xpath("//link[@rel='canonical']/@href") if is_address(url)), None),
    )
    return Page(main + "\n", detected=metadata)


def _tree(text: str) -> Any:
    from lxml import html

    # libxml2 drops what is nested deeper than 256 elements, or 2048 with huge_tree, and reports it in its log only.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = html.document_fromstring(_NOT_XML.sub("", text).encode(), parser=parser)
    if parser.error_log.filter_from_fatals():
        raise ValueError("nested too deep")
    return tree


def _published(tree: Any) -> str | None:
    declared = {
        (meta.get("property") or meta.get("itemprop") or meta.get("name") or "").lower(): meta.get("content") or ""
        for meta in tree.iter("meta")
    }
    dates_declared = [declared[name] for name in _DECLARING if name in declared]
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        dates_declared += _JSON_LD.findall(script)
    for path in _TIMES:
        dates_declared += tree.xpath(path)
    return next((date for value in dates_declared if (date := dates.parse_date(value))), None)
