"""A fragment of HTML → text: the body of a mail, the entry of a feed, the field of a record.

A fragment is the article: there is no navigation around it to be left out, as in a page (`kg.documents.html`).
"""

import re
from collections.abc import Iterator
from typing import Any

from kg.documents.grid import Cell, Grid
from kg.documents.page import check_length
from kg.documents.tables import table_lines

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
_LEAST, _WIDEST = 2, 1000
"""Rows and columns of a table of data, and the most that a cell may span, as in HTML."""
_LONGEST_CELL = 300
"""Characters of a cell of data: mails are laid out by tables too, whose cells hold paragraphs."""
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

    A table of data becomes lines (`kg.documents.tables`), one that lays out the text the paragraphs in it.

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
    pieces = _BREAKS.sub(_line_breaks, "".join(_pieces(tree, where)))
    return pieces.strip()


def _line_breaks(match: re.Match[str]) -> str:
    return "\n\n" if _PARAGRAPH in match[0] or match[0].count(_BREAK) > 1 else "\n"


def _pieces(tree: Any, where: str) -> Iterator[str]:
    """Yield the words of a tree, and marks where a line or a paragraph ends; no recursion: trees may be deep."""
    left_out, table = 0, None
    for event, element in _walk(tree):
        start = event == "start"
        if element is table:
            left_out, table = left_out - 1, None
            yield _PARAGRAPH
        elif element.tag in _LEFT_OUT or _HIDDEN.search(element.get("style") or ""):
            left_out += 1 if start else -1
        elif start and not left_out and element.tag == "table" and (lines := _table(element, where)):
            left_out, table = 1, element
            yield f"{_PARAGRAPH}{lines.strip()}"
        elif not left_out:
            if element.tag == "br" and start:
                yield _BREAK
            elif element.tag in _BLOCKS:
                yield _PARAGRAPH
        text = element.text if start else element.tail
        if text and not left_out:
            yield _SPACES.sub(" ", text)


def _table(table: Any, where: str) -> str:
    """Return a table of data as text, "" for one that lays out what is in it."""
    if next(table.iterdescendants("table"), None) is not None:
        return ""
    rows, heads = list(table.iter("tr")), 0
    grid, taken = Grid(where), dict[int, int]()  # up to which row a column is taken by a cell above
    for number, row in enumerate(rows):
        cells, column = [cell for cell in row if cell.tag in {"td", "th"}], 0
        heads += heads == number and {cell.tag for cell in cells} == {"th"}
        for cell in cells:
            text = " ".join(" ".join(cell.itertext()).split())
            if len(text) > _LONGEST_CELL:
                return ""
            while taken.get(column, 0) > number:
                column += 1
            high, wide = min(_span(cell, "rowspan"), len(rows) - number), _span(cell, "colspan")
            grid.put(number, column, Cell(text, rows=high))
            if high > 1:
                taken.update((column + right, number + high) for right in range(wide))
            column += wide
    filled = dict(grid.rows())
    columns = sorted({column for row in filled.values() for column in row})
    if len(filled) < _LEAST or len(columns) < _LEAST:
        return ""
    lines = [[filled.get(number, {}).get(column, "") for column in columns] for number in range(len(rows))]
    return table_lines(lines, heads, " ".join(table.xpath("string(caption)").split()))


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or ""
    return min(max(int(value[:4]), 1), _WIDEST) if value.isascii() and value.isdigit() else 1


def _walk(tree: Any) -> Any:
    from lxml import etree

    return etree.iterwalk(tree, events=("start", "end"))
