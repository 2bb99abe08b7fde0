"""A fragment of HTML → text: the body of a mail, the entry of a feed, the field of a record."""

import html
import re

from kg.documents.html.tree import joined, parsed
from kg.documents.html.walk import blocks
from kg.documents.page import check_length

__all__ = ["fragment_text", "is_fragment", "plain"]

_BLOCKS = "p|div|ul|ol|li|h[1-6]|table|blockquote|section|article|pre"
_TAG = re.compile(rf"</?(?:{_BLOCKS}|br|span|a|b|i|em|strong|font|img)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(rf"<(?:{_BLOCKS})(?=[\s/>])", re.IGNORECASE)
# "<ada@example.org>" is how mail writes an address.
_ADDRESS = re.compile(r"<(?=[^<>\s/]+@[^<>\s]+>)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n\s*\n")


def is_fragment(text: str) -> bool:
    """Return whether a text holds tags of HTML.

    >>> is_fragment("<p>Oracle buys Opower.</p>"), is_fragment("a < b and b > c"), is_fragment("Ada <a.l@example.org>")
    (True, False, False)
    """
    return _TAG.search(text) is not None or -1 < text.find("<!--") < text.rfind("-->")


def plain(text: str) -> str:
    """Return a text of which nothing tells whether it is HTML: without tags where it has some, without entities.

    >>> plain("AT&amp;T buys <b>Opower</b>"), plain("AT&#038;T"), plain("AT&T, a < b")
    ('AT&T buys Opower', 'AT&T', 'AT&T, a < b')
    """
    return fragment_text(text) if is_fragment(text) else _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def fragment_text(markup: str, where: str = "the text") -> str:
    r"""Return the text of a fragment: all of its blocks, as `read_html` renders those of an article.

    A fragment is the article: there is no navigation around it to be left out. Where no element parts its paragraphs,
    empty lines do.

    >>> fragment_text("<p>Oracle buys <b>Opower</b>.<p>The price:<br>$532 million.")
    'Oracle buys Opower.\n\nThe price:\n$532 million.'

    """
    check_length(_TAG.sub("", markup), where)
    from lxml import etree

    markup = _ADDRESS.sub("&lt;", markup)
    if not _BLOCK.search(markup):
        markup = "".join(f"<p>{paragraph}</p>" for paragraph in _EMPTY_LINE.split(markup))
    try:
        tree = parsed(f"<div>{markup}</div>")
    except (etree.LxmlError, ValueError):
        return ""
    return joined(blocks(tree, where))[0].strip()
