"""Markdown → text without markup: one line a paragraph, heading or list item, tables in their own form."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.documents.formats import FRONT_MATTER
from kg.documents.metadata import NOTHING, Metadata
from kg.documents.page import Page, check_length
from kg.documents.tables import table_lines

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["read_markdown"]

_ENTRY = re.compile(r"(title|date|published|lang|language|url)[ \t]*:[ \t]*(.*)")
# An unclosed tag reaches to the end, so that hostile input cannot make the search quadratic.
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[a-z/!?][^<>]*>", re.DOTALL | re.IGNORECASE)


def read_markdown(text: str, where: str = "the text") -> Page:
    r"""Parse Markdown (CommonMark, https://spec.commonmark.org, with tables).

    Args:
        text: the Markdown text.
        where: the name of the source, for messages.

    Returns:
        The text without markup, one line for a paragraph, heading or list item, tables as `table_lines` writes
        them. List items keep their "- ". `declared` is the front matter (title, date, lang, url), `detected` has the
        first heading as title.

    >>> page = read_markdown("---\ndate: 2025-03\n---\n# The deal\n\nNvidia *buys*\na stake.\n")
    >>> page.text, page.declared.published, page.detected.title
    ('The deal\n\nNvidia buys a stake.\n', '2025-03', 'The deal')

    """
    from markdown_it import MarkdownIt

    check_length(text, where)
    head = FRONT_MATTER.match(text)
    body = text[head.end() :] if head else text
    tokens = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").parse(body)
    heading = next((_inline(after) for token, after in itertools.pairwise(tokens) if _is_title(token)), None)
    plain = "".join(_lines(tokens)).strip("\n")
    return Page(
        plain + "\n" if plain else "",
        declared=_front_matter(head[1]) if head else NOTHING,
        detected=Metadata(title=heading or None),
    )


def _front_matter(text: str) -> Metadata:
    """Read the lines ``key: value``; YAML of any other form holds no metadata that is used."""
    entries = {}
    for line in text.splitlines():
        match = _ENTRY.fullmatch(line.rstrip())
        if match:
            entries[match[1]] = match[2].strip("\"'") or None
    return Metadata(
        title=entries.get("title"),
        published=entries.get("published") or entries.get("date"),
        lang=entries.get("lang") or entries.get("language"),
        url=entries.get("url"),
    )


def _is_title(token: "Token") -> bool:
    return token.type == "heading_open" and token.tag == "h1"


def _lines(tokens: Iterable["Token"]) -> Iterator[str]:
    """Yield the text in pieces."""
    opening = ""  # precedes the next words: the mark of a list item
    rows: list[list[str]] | None = None  # those of the table that the tokens stand in
    for token in tokens:
        match token.type:
            case "list_item_open":
                opening = f"{token.info}{token.markup} " if token.info else "- "
            case "table_open":
                rows = []
            case "tr_open" if rows is not None:
                rows.append([])
            case "inline" if rows:
                rows[-1].append(_inline(token))
            case "table_close" if rows is not None:
                yield table_lines(rows, heads=1)
                yield _closing(token)
                rows = None
            case "inline":
                yield opening + _inline(token)
                opening = ""
            case "fence" | "code_block":
                yield token.content + "\n"
            case "html_block":
                yield _TAG.sub("", token.content).strip() + "\n"
            case _:
                yield _closing(token)


def _closing(token: "Token") -> str:
    """Return the line ends that follow a block."""
    match token.type:
        case "paragraph_close":
            return "\n" if token.hidden else "\n\n"
        case "heading_close":
            return "\n\n"
        case "bullet_list_close" | "ordered_list_close" | "table_close" if token.level == 0:
            return "\n"
    return ""


def _inline(token: "Token") -> str:
    pieces = []
    for child in token.children or ():
        if child.type in {"text", "code_inline", "text_special"}:
            pieces.append(child.content)
        elif child.type == "softbreak":
            pieces.append(" ")
        elif child.type == "hardbreak":
            pieces.append("\n")
    return "".join(pieces)
