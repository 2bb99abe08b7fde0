"""Plain text: it is kept to the letter; a headline above a blank line is its title."""

import re

from kg.documents.metadata import Metadata
from kg.documents.page import Page, check_length

__all__ = ["headline", "read_plain"]

_HEADLINE = re.compile(r"\s*(\S[^\r\n]{0,198}[^\s.:;,])[ \t]*\r?\n[ \t]*\r?\n")


def read_plain(text: str, where: str = "the text") -> Page:
    r"""Parse a plain text.

    >>> read_plain("Oracle buys Opower\n\nThe company said …").detected.title
    'Oracle buys Opower'
    """
    check_length(text, where)
    return Page(text, detected=Metadata(title=headline(text)))


def headline(text: str) -> str | None:
    r"""Return the first line if it has a blank line below it and does not end as a sentence, else None.

    >>> headline("Oracle buys Opower\n\nThe company said …")
    'Oracle buys Opower'
    """
    match = _HEADLINE.match(text[:1000])
    return match[1] if match else None
