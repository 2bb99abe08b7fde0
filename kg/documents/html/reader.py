"""A page of the web, decoded → its main text, where each part stands, and what its head declares."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kg.documents.html import access, declared
from kg.documents.html.elements import HEADINGS
from kg.documents.html.inline_xbrl import tagged
from kg.documents.html.main_text import is_whole, main_blocks
from kg.documents.html.tree import joined, parsed
from kg.documents.html.walk import Block, alphanumeric, blocks
from kg.documents.metadata import Metadata
from kg.documents.page import Page
from kg.errors import DocumentError
from kg.xbrl import XbrlFact

__all__ = ["read_html"]

# Entities declared in an internal subset can expand without end or fetch files; no page needs one.
_SUBSET = re.compile(r"<!DOCTYPE[^<>\[]*\[|<!ENTITY", re.IGNORECASE)
_PLAIN = 3
"""Elements of blocks in a page that is plain text in a few tags, as exchanges file it."""
_LINES = 20
_CUT_OFF = "ends at a paywall: what the page shows is read; save it again when signed in for the rest"
_NEAR = 3
"""Blocks around the end of an article among which a page asks to subscribe."""
_LEAD = 60
"""Letters and digits by which an article is told from another: of that many no two begin alike."""
_FULLER = 1.5
"""How much longer than what the page shows its article in JSON-LD is, where a script is to show it."""


def read_html(text: str, where: str) -> Page:
    """Extract the main text of a web page, and the metadata that its head declares.

    Which part of the page is the article is found by trafilatura (Barbaresi 2021,
    https://aclanthology.org/2021.acl-demo.15/); a page with nothing around its text is read as a whole. The date is
    taken as declared; htmldate, which trafilatura would use, turns "2025-03" into a day.

    Args:
        text: the page, decoded.
        where: the name of the source, for messages.

    Returns:
        The main text, without navigation and comments, a blank line between its blocks, tables as `table_lines`
        writes them, each block and cell with its element's XPath; title, date, language and address go into
        `detected`, what is marked up in inline XBRL into `facts`.

    Raises:
        DocumentError: the page declares entities, is not readable as HTML, or has no main text.

    """
    told, title, found, article, facts = _read(text, where)
    if not article:
        raise DocumentError(f"{where}: no main text is found in the page: save the article as text instead")
    texts = [block.text for block in article]
    if access.is_notice(texts) or access.is_offer(texts):
        raise DocumentError(
            f"{where}: shows a notice on cookies or subscriptions in place of the article: open the page, answer the "
            "notice and save it again"
        )
    whole, places, marks = joined(article)
    placed = tuple(
        replace(fact, start=marks[number][0], end=marks[number][1]) if number in marks else fact
        for number, fact in enumerate(facts)
    )
    detected = told.over(Metadata(title=title))
    return Page(whole, detected=detected, places=places, notes=_notes(found, article), facts=placed)


def _read(text: str, where: str) -> tuple[Metadata, str | None, list[Block], list[Block], list[XbrlFact]]:
    """Return what a page declares, its title by the look of it, all of its blocks, those of its article, its facts."""
    if _SUBSET.search(text):
        raise DocumentError(f"{where}: declares entities in its DOCTYPE, which is not read: remove the declaration")
    from lxml import etree

    try:
        tree = parsed(text)
        facts = tagged(tree)
        elements = [element for element, _ in facts]
        found = blocks(tree, where, preformatted=_is_plain(tree), marked=elements)
        title, article = _article(tree, found)
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise DocumentError(f"{where}: holds no HTML that can be read: save the article as text instead") from error
    articles = declared.articles(tree)
    own = declared.own_articles(tree, articles, _lead(article))
    return (
        declared.metadata(tree, own or articles),
        title,
        found,
        _from_json_ld(article, own),
        [fact for _, fact in facts],
    )


def _notes(found: Sequence[Block], article: Sequence[Block]) -> tuple[str, ...]:
    """Return why the page does not show all of its article, nothing where it does."""
    if article[-1] not in found:
        return ()
    last = found.index(article[-1])
    near = found[max(last - _NEAR, 0) : last + _NEAR + 1]
    return (_CUT_OFF,) if access.ends_at_paywall([block.text for block in near]) else ()


def _is_plain(tree: Any) -> bool:
    """Whether line ends part the text, since no elements do."""
    tags = [
        element
        for element, _ in zip(tree.iter("p", "div", "table", "br", "li", "pre"), range(_PLAIN + 1), strict=False)
    ]
    return len(tags) <= _PLAIN and any((text or "").count("\n") > _LINES for text in tree.itertext())


def _article(tree: Any, found: Sequence[Block]) -> tuple[str | None, list[Block]]:
    """Return the title of a page and the blocks that are its article."""
    if is_whole(tree, found):
        title = next((block.text for block in found if block.kind == "h1"), None)
        return title or " ".join((tree.findtext(".//title") or "").split()) or None, list(found)
    from trafilatura import extract, extract_metadata

    title = extract_metadata(tree, date_config={"extensive_search": False}, extensive=False).title
    main = extract(tree, include_comments=False, include_tables=True) or ""
    return title, main_blocks(found, main) if alphanumeric(main) else []


def _lead(article: Sequence[Block]) -> str:
    """Return the beginning of what a page shows of its article."""
    text = next((block.key for block in article if block.kind not in HEADINGS and len(block.key) >= _LEAD), "")
    return text[:_LEAD]


def _from_json_ld(article: list[Block], told: Sequence[declared.Article]) -> list[Block]:
    """Return the blocks of an article, from JSON-LD where the page itself shows much less of it."""
    fullest = max(told, key=lambda each: len(each.body), default=None)
    if fullest is None or len(alphanumeric(fullest.body)) <= _FULLER * sum(len(block.key) for block in article):
        return article
    headline = [fullest.headline] if fullest.headline else []
    lines = [" ".join(line.split()) for line in (*headline, *fullest.body.splitlines())]
    return [Block("p", line, key, fullest.path) for line in lines if (key := alphanumeric(line))]
