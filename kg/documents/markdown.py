"""Markdown → text without markup: one line a paragraph, heading, list item or table row."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kg.documents.formats import FRONT_MATTER
from kg.documents.metadata import NOTHING, Metadata
from kg.documents.page import Page

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["read_markdown"]

_ENTRY = re.compile(r"(title|date|published|lang|language|url)[ \t]*:[ \t]*(.*)")
# What is left open reaches to the end, so that hostile input cannot make the search start over and over.
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[a-z/!?][^<>]*>", re.DOTALL | re.IGNORECASE)


def read_markdown(text: str) -> Page:
    """Return the text without its markup, and what its front matter says (title, date, lang, url).

    Lines that Markdown would join are joined, so that a sentence stands on one line; items of lists
    keep "- " before them.
    """
    from markdown_it import MarkdownIt

    head = FRONT_MATTER.match(text)
    body = text[head.end() :] if head else text
    tokens = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").parse(body)
    heading = next((_inline(after) for token, after in itertools.pairwise(tokens) if _is_title(token)), None)
    plain = "".join(_lines(tokens)).strip("\n")
    return Page(
        plain + "\n" if plain else "",
        written=_front_matter(head[1]) if head else NOTHING,
        found=Metadata(title=heading or None),
    )


def _front_matter(text: str) -> Metadata:
    """Return what the lines ``key: value`` say; YAML of any other shape describes nothing we ask for."""
    said = {}
    for line in text.splitlines():
        match = _ENTRY.fullmatch(line.rstrip())
        if match:
            said[match[1]] = match[2].strip("\"'") or None
    return Metadata(
        title=said.get("title"),
        published=said.get("published") or said.get("date"),
        lang=said.get("lang") or said.get("language"),
        url=said.get("url"),
    )


def _is_title(token: "Token") -> bool:
    return token.type == "heading_open" and token.tag == "h1"


def _lines(tokens: Iterable["Token"]) -> Iterator[str]:
    """Yield the text piece by piece."""
    opening = ""  # what stands before the next words: the mark of a list item, the bar between two cells
    for token in tokens:
        match token.type:
            case "list_item_open":
                opening = f"{token.info}{token.markup} " if token.info else "- "
            case "td_close" | "th_close":
                opening = " | "
            case "tr_close":
                opening = ""
                yield "\n"
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
    """Return the line ends that follow a block: a blank line after what stands by itself."""
    match token.type:
        case "paragraph_close":
            return "\n" if token.hidden else "\n\n"
        case "heading_close":
            return "\n\n"
        case "bullet_list_close" | "ordered_list_close" | "table_close" if token.level == 0:
            return "\n"
    return ""


def _inline(token: "Token") -> str:
    said = []
    for child in token.children or ():
        if child.type in {"text", "code_inline", "text_special"}:
            said.append(child.content)
        elif child.type == "softbreak":
            said.append(" ")
        elif child.type == "hardbreak":
            said.append("\n")
    return "".join(said)
