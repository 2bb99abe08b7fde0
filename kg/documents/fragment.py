"""A fragment of HTML → text: the body of a mail, the entry of a feed, the field of a record.

A fragment is the article: there is no navigation around it to be left out, as in a page (`kg.documents.html`).
"""

import re
from collections.abc import Iterator
from typing import Any

from kg.documents.page import check_length

__all__ = ["fragment_text", "is_fragment"]

_TAG = re.compile(
    r"<(?:/?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|table|blockquote)\b[^<>]*|!--.*?--)>", re.IGNORECASE
)
_LEFT_OUT = frozenset({"script", "style", "head", "title", "noscript", "template", "svg", "form", "iframe", "object"})
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav"),
        *("ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
# Characters that an XML tree cannot hold: https://www.w3.org/TR/xml/#charsets
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)  # the preview that newsletters show beside the subject
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")
_BREAK, _PARAGRAPH = "\x1e", "\x1d"  # no page can hold them
_BREAKS = re.compile(rf" *[{_BREAK}{_PARAGRAPH}][{_BREAK}{_PARAGRAPH} ]*")


def is_fragment(text: str) -> bool:
    """Return whether a text holds tags of HTML.

    >>> is_fragment("<p>Oracle buys Opower.</p>"), is_fragment("a < b and b > c")
    (True, False)
    """
    return _TAG.search(text) is not None


def fragment_text(markup: str, where: str = "the text") -> str:
    r"""Return the text of a fragment: its blocks as paragraphs, `<br>` as a line break, nothing of what is not shown.

    >>> fragment_text("<p>Oracle buys <b>Opower</b>.<p>The price:<br>$532 million.")
    'Oracle buys Opower.\n\nThe price:\n$532 million.'

    """
    check_length(_TAG.sub("", markup), where)
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(f"<div>{_NOT_XML.sub('', markup)}</div>".encode(), parser=parser)
    except (etree.LxmlError, ValueError):
        return ""
    pieces = _BREAKS.sub(_line_breaks, "".join(_pieces(tree)))
    return pieces.strip()


def _line_breaks(match: re.Match[str]) -> str:
    return "\n\n" if _PARAGRAPH in match[0] or match[0].count(_BREAK) > 1 else "\n"


def _pieces(tree: Any) -> Iterator[str]:
    """Yield the words of a tree, and marks where a line or a paragraph ends; no recursion: trees may be deep."""
    left_out = 0
    for event, element in _walk(tree):
        start = event == "start"
        if element.tag in _LEFT_OUT or _HIDDEN.search(element.get("style") or ""):
            left_out += 1 if start else -1
        elif not left_out:
            if element.tag == "br" and start:
                yield _BREAK
            elif element.tag in _BLOCKS:
                yield _PARAGRAPH
        text = element.text if start else element.tail
        if text and not left_out:
            yield _SPACES.sub(" ", text)


def _walk(tree: Any) -> Any:
    from lxml import etree

    return etree.iterwalk(tree, events=("start", "end"))
