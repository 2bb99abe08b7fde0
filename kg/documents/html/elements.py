"""Which elements of HTML part a text, hold none of it, are no part of an article, or mark a footnote."""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["HEADINGS", "INLINE", "is_block", "is_furniture", "is_mark", "is_skipped", "link_target"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rb",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
"""Phrasing content (https://html.spec.whatwg.org/#phrasing-content) that stands in a line of text."""
_SKIPPED = frozenset(
    [
        "audio",
        "button",
        "canvas",
        "datalist",
        "dialog",
        "embed",
        "head",
        "iframe",
        "input",
        "map",
        "math",
        "meter",
        "noscript",
        "object",
        "option",
        "progress",
        "rp",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "video",
        "ix:header",
    ]
)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BLOCK = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|list-item|table\b)", re.IGNORECASE)
_FURNITURE = frozenset({"aside", "footer", "menu", "nav"})
_ROLES = frozenset({"alert", "banner", "complementary", "contentinfo", "dialog", "navigation", "search"})
# Words of class names and ids by which pages call what stands around an article.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|breadcrumbs?|comments?|consent|cookies?|newsletter|outbrain|promo\w*|recommend\w*|"
    r"related|share|sharing|sidebar|social|sponsor\w*|subscri\w*|taboola|toolbar)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Marks of footnotes: numbers, single letters, stars and daggers, in brackets or not.
# Letters and numbers side by side are a word, so that a separator, a bracket or a sign stands between two marks.
_MARK = r"(?>[(\[]?(?:\d{1,3}|note \d{1,3}|[ivx]{1,5}|[a-z]|[*†‡§¶#]{1,3})[)\]]?)"
_BETWEEN = r"(?>[\s,;]+|(?<=[)\]*†‡§¶#])|(?=[(\[*†‡§¶#]))"
_MARKS = re.compile(rf"{_MARK}(?:{_BETWEEN}{_MARK})*", re.IGNORECASE)
_LONGEST_MARKS = 24
_BRACKETED = re.compile(
    r"\s*[\[(](?:\d{1,3}|[a-z]|note \d{1,3}|citation needed|réf\. nécessaire)[\])]\s*", re.IGNORECASE
)
# A power or an ordinal is told by what stands before: "10²", "m²", "1er", "XXe".
_POWER = re.compile(r"(?:\b10|(?<![\w.])[kcm]?m|\bs|\b[A-Z])$")
_ORDINAL: Mapping[str, re.Pattern[str]] = {
    **dict.fromkeys(("st", "nd", "rd", "th"), re.compile(r"\d$")),
    **dict.fromkeys(("er", "re", "e", "ère", "ème", "eme", "nde"), re.compile(r"[\dIVX]$")),
    **dict.fromkeys(("o", "os", "me", "lle"), re.compile(r"\b[nNM]$")),
}


def is_block(element: Any) -> bool:
    """Return whether an element parts its text from what stands around it."""
    tag = element.tag
    if tag in INLINE or ":" in tag or "-" in tag:
        return _BLOCK.search(element.get("style") or "") is not None
    return True


def is_skipped(element: Any) -> bool:
    """Return whether an element holds nothing that a reader of the page sees as text."""
    return (
        element.tag in _SKIPPED
        or element.get("hidden") is not None
        or _HIDDEN.search(element.get("style") or "") is not None
    )


def is_furniture(element: Any) -> bool:
    """Return whether an element says of itself that it stands around the article."""
    if element.tag in _FURNITURE or element.get("role") in _ROLES:
        return True
    return element.tag not in {"html", "body", "article", "main"} and any(
        _AROUND.search(name) for name in (element.get("class"), element.get("id")) if name
    )


def link_target(element: Any) -> str:
    """Return where a link leads to, "" for what is no link to another page."""
    target = (element.get("href") or "").strip() if element.tag == "a" else ""
    return "" if target.startswith("#") else target


def is_mark(element: Any, before: str) -> bool:
    """Return whether an element is the mark of a footnote, by its text and by the text before it in the line."""
    if element.tag == "a":
        linked = (element.get("href") or "").strip().startswith("#") or "cite" in (element.get("class") or "")
        return linked and _BRACKETED.fullmatch("".join(element.itertext())) is not None
    if element.tag != "sup":
        return False
    text = "".join(element.itertext()).strip()
    if len(text) > _LONGEST_MARKS or not _MARKS.fullmatch(text):
        return False
    before = before.rstrip("\xa0 ")
    if text.lower() in _ORDINAL and _ORDINAL[text.lower()].search(before):
        return False
    linked = next(element.iter("a"), None) is not None or text[0] in "[("
    return linked or not (text.isdecimal() and _POWER.search(before))
