r"""Texts that a format cannot hold to the letter, written with escapes and read back.

A character that is not allowed becomes ``\uXXXX``, and in a text that has one, so does each backslash. Which of a
node's or an edge's texts are so written stands beside them, in the property ``escaped``: the other texts are as they
look.
"""

import re
from collections.abc import Mapping
from typing import Any

from kg.errors import InvalidRecord

__all__ = ["ESCAPED", "XML_FORBIDDEN", "all_escaped", "escaped", "escaped_id", "unescaped"]

ESCAPED = "escaped"
"""The property that names the texts that are escaped."""

XML_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow: https://www.w3.org/TR/xml/#charsets."""
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")


def escaped(text: str, forbidden: re.Pattern[str]) -> str:
    r"""Return a text that can be written; the text itself where it can.

    >>> escaped("a\x00b", XML_FORBIDDEN), escaped("a\\b", XML_FORBIDDEN)
    ('a\\u0000b', 'a\\b')

    """
    return all_escaped((text,), forbidden)[0]


def escaped_id(id_: str, forbidden: re.Pattern[str]) -> str:
    r"""Return an id that can be written. Its backslashes are always escaped: no two ids are written alike.

    >>> escaped_id("a\x00b", XML_FORBIDDEN), escaped_id("a\\u0000b", XML_FORBIDDEN)
    ('a\\u0000b', 'a\\u005cu0000b')

    """
    return _escapes(id_, forbidden)


def all_escaped(texts: tuple[str, ...], forbidden: re.Pattern[str]) -> tuple[str, ...]:
    """Return the texts of a list that can be written: where one of them cannot, backslashes are escaped in all."""
    if not any(map(forbidden.search, texts)):
        return texts
    return tuple(_escapes(text, forbidden) for text in texts)


def unescaped(properties: Mapping[str, Any]) -> dict[str, Any]:
    r"""Return properties with their texts to the letter; raise `InvalidRecord` where an escape is none.

    >>> unescaped({"name": r"a\u0000b", "type": r"\u0041", "escaped": "name"})
    {'name': 'a\x00b', 'type': '\\u0041'}

    """
    written = dict(properties)
    for name in str(written.pop(ESCAPED, "")).split():
        text = written.get(name)
        if isinstance(text, str):
            written[name] = _letters(name, text)
        elif isinstance(text, tuple):
            written[name] = tuple(_letters(name, each) for each in text)
    return written


def _escapes(text: str, forbidden: re.Pattern[str]) -> str:
    return forbidden.sub(lambda match: f"\\u{ord(match[0]):04x}", text.replace("\\", r"\u005c"))


def _letters(name: str, text: str) -> str:
    if "\\" in _ESCAPE.sub("", text):
        raise InvalidRecord(f"{name} {text[:60]!r} has a backslash that is no escape")
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
