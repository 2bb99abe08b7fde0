"""A fragment of HTML → text: the body of a mail, the entry of a feed, the field of a record."""

import re

from kg.documents.html.tree import joined, parsed
from kg.documents.html.walk import blocks
from kg.documents.page import check_length

__all__ = ["fragment_text", "is_fragment"]

_TAG = re.compile(
    r"<(?:/?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|table|blockquote)\b[^<>]*|!--.*?--)>", re.IGNORECASE
)


def is_fragment(text: str) -> bool:
    """Return whether a text holds tags of HTML.

    >>> is_fragment("<p>Oracle buys Opower.</p>"), is_fragment("a < b and b > c")
    (True, False)
    """
    return _TAG.search(text) is not None


def fragment_text(markup: str, where: str = "the text") -> str:
    r"""Return the text of a fragment: all of its blocks, as `read_html` renders those of an article.

    A fragment is the article: there is no navigation around it to be left out.

    >>> fragment_text("<p>Oracle buys <b>Opower</b>.<p>The price:<br>$532 million.")
    'Oracle buys Opower.\n\nThe price:\n$532 million.'

    """
    check_length(_TAG.sub("", markup), where)
    from lxml import etree

    try:
        tree = parsed(f"<div>{markup}</div>")
    except (etree.LxmlError, ValueError):
        return ""
    return joined(blocks(tree, where))[0].strip()
