"""The newest digest of an interest as a page fit for a mail: styles in its elements, no script, nothing that loads."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from kg.view.markup import Child, element
from kg.watch.digest import Citation, DigestLine
from kg.watch.pages.page import DigestPage

__all__ = ["render"]

_BODY = "margin:0;padding:16px;font:15px/1.5 Arial,Helvetica,sans-serif;color:#1a1a1a;background:#ffffff"
_TITLE = "font-size:20px;margin:0"
_SUBTITLE = "margin:4px 0 16px;color:#595959"
_LIST = "margin:0;padding:0;list-style:none"
_ITEM = "margin:0 0 14px;padding:0 0 0 10px;border-left:3px solid {0}"
_KIND = "font-weight:bold;color:{0}"
_QUOTE = "margin:2px 0 0;color:#404040"
_LINK = "color:#0b57d0"
_COLOURS = {
    "contradicted": "#b3261e",
    "denied": "#b3261e",
    "new": "#146c2e",
    "confirmed": "#146c2e",
    "changed": "#8a5000",
}
"""Each is at least 4.5:1 on white (WCAG 2.2, 1.4.3); the word beside it says the same."""
_PLAIN = "#595959"


def render(page: DigestPage) -> str:
    """Return the page."""
    html = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", page.title),
        ),
        element("body", *_body(page), style=_BODY),
        lang=page.lang,
    )
    return f"<!doctype html>\n{tostring(html, 'unicode', method='html')}\n"


def _body(page: DigestPage) -> Iterator[Child]:
    yield element("h1", page.title, style=_TITLE)
    yield element("p", page.subtitle, style=_SUBTITLE)
    yield element("ul", *(_item(page, line) for line in page.lines), style=_LIST)
    footers = "; ".join(page.footers())
    if footers:
        yield element("p", footers, style=_SUBTITLE)


def _item(page: DigestPage, line: DigestLine) -> Element:
    colour, details, (kind, statement) = _COLOURS.get(line.kind, _PLAIN), page.details(line), page.headline(line)
    return element(
        "li",
        element(
            "div",
            element("span", kind, style=_KIND.format(colour)),
            f" {statement}",
            f" · {details}" if details else None,
        ),
        _sentence(page, line.citation),
        _sentence(page, line.earlier, f"{page.earlier(line)} ") if line.earlier else None,
        style=_ITEM.format(colour),
    )


def _sentence(page: DigestPage, citation: Citation, before: str = "") -> Element:
    where = page.where(citation)
    link: Child = where
    if citation.url:
        link = element("a", where, href=citation.url, style=_LINK, rel="noopener noreferrer")
    quoted: Child = page.quoted(citation)
    if citation.lang not in {"", page.lang}:
        # Who hears the page hears the sentence in its own language (WCAG 2.2, 3.1.2).
        quoted = element("span", quoted, lang=citation.lang)
    return element("p", before, quoted, " ", link, style=_QUOTE)
