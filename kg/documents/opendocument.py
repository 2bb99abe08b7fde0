"""ODT and ODS → text: what LibreOffice writes (OpenDocument 1.3, part 3), as its pages and sheets show it.

Sheets are read here too, since the file holds each cell as it is shown: "12.5 %", where the number is 0.125.
"""

from collections.abc import Iterator
from typing import Any

from kg.documents import dates
from kg.documents.grid import Cell, Grid
from kg.documents.metadata import Metadata
from kg.documents.office_text import Inline, OfficeText
from kg.documents.packages import Package, attribute, local_name
from kg.documents.page import Page
from kg.errors import DocumentError

__all__ = ["read_ods", "read_odt"]

# What is no text of the document: deleted text, comments, descriptions of pictures, indexes, forms, links to sheets.
_NO_TEXT = frozenset(
    {
        "tracked-changes",
        "annotation",
        "annotation-end",
        "title",
        "desc",
        "table-of-content",
        "illustration-index",
        "table-index",
        "alphabetical-index",
        "forms",
        "ruby-text",
        "sequence-decls",
        "variable-decls",
        "user-field-decls",
        "table-source",
    }
)
_FARTHEST = 1 << 24
"""More rows or columns than any sheet has; a larger number in a file is cut down to it."""


def read_odt(data: bytes, where: str) -> Page:
    """Read a text of OpenDocument (ODT).

    Comments, headers, footers and indexes are left out; what was inserted with changes tracked is kept, what was
    deleted is gone. Notes stand behind the paragraph or table that refers to them, text boxes too.

    Args:
        data: the bytes of the file.
        where: the name of the source, for messages.

    Returns:
        The text. Its places are paragraphs (from 1, headings and empty ones included, those in tables not), notes by
        the mark that the page shows, cells as "2!B7". `detected` has the title, the day of the dateline or else of the
        last change, and the language.

    Raises:
        DocumentError: it is no ODT file, or one that cannot be read safely.

    """
    package, content, body = _opened(data, where, "text")
    reader = _Reader(where, _titles(content))
    try:
        reader.blocks(body)
    except RecursionError as error:
        raise DocumentError(f"{where}: is nested too deep: save it anew in LibreOffice") from error
    return reader.output.page(_metadata(package, reader.title, reader.output.text))


def read_ods(data: bytes, where: str) -> Page:
    """Read a workbook of OpenDocument (ODS): the name of each sheet, then its rows as lines of a table.

    Places are cells, as "Deals!B7". Raises what `read_odt` raises, and where there are too many cells.
    """
    package, _, body = _opened(data, where, "spreadsheet")
    text = OfficeText(where)
    for number, table in enumerate((each for each in body if local_name(each) == "table"), 1):
        grid, _, _ = _grid(table, where)
        text.sheet(grid, attribute(table, "name") or str(number))
    return text.page(_metadata(package, "", ""))


def _opened(data: bytes, where: str, kind: str) -> tuple[Package, Any, Any]:
    """Return the package, the root of its content and the body of this kind."""
    package = Package(data, where)
    manifest = "META-INF/manifest.xml"
    if package.has(manifest) and b"encryption-data" in package.read(manifest):
        raise DocumentError(f"{where}: is encrypted: open it with its password and save a copy without one")
    content = package.xml("content.xml")
    bodies = (body for each in content if local_name(each) == "body" for body in each)
    body = next((body for body in bodies if local_name(body) == kind), None)
    if body is None:
        raise DocumentError(f"{where}: holds no {kind} of OpenDocument: give it the ending of what it is")
    return package, content, body


def _metadata(package: Package, title: str, text: str) -> Metadata:
    """Return what the file says of itself, with a title and a text that say it better."""
    properties = {}
    if package.has("meta.xml"):
        properties = {local_name(each): each.text or "" for part in package.xml("meta.xml") for each in part}
    return Metadata(
        title=" ".join((title or properties.get("title", "")).split()) or None,
        published=dates.dateline(text) or dates.parse_date(properties.get("date", "")),
        lang=properties.get("language", "").strip() or None,
    )


def _titles(content: Any) -> frozenset[str]:
    """Return the names of the styles of the title: "Title", and what is derived from it in this file."""
    derived = (
        attribute(style, "name")
        for part in content
        if local_name(part) == "automatic-styles"
        for style in part
        if attribute(style, "parent-style-name") == "Title"
    )
    return frozenset({"Title", *derived})


class _Reader:
    """Reads the blocks of a text in their order."""

    def __init__(self, where: str, titles: frozenset[str]) -> None:
        self.output = OfficeText(where)
        self.title = ""
        self._where = where
        self._titles = titles
        self._paragraphs = self._tables = 0

    def blocks(self, parent: Any, *, in_list: bool = False) -> None:
        """Read the paragraphs and tables in an element."""
        for child in parent:
            match local_name(child):
                case "p" | "h" as name:
                    self._paragraphs += 1
                    self._paragraph(child, in_list=in_list and name == "p")
                case "table":
                    self._tables += 1
                    number = str(self._tables)
                    grid, heads, inline = _grid(child, self._where)
                    self.output.table(grid, number, heads)
                    self._append(inline)
                case "list":
                    self.blocks(child, in_list=True)
                case name if name not in _NO_TEXT:
                    self.blocks(child, in_list=in_list)

    def _paragraph(self, paragraph: Any, *, in_list: bool) -> None:
        inline = Inline()
        _collect(paragraph, inline)
        text = inline.text
        is_first_heading = local_name(paragraph) == "h" and attribute(paragraph, "outline-level") in {"", "1"}
        if not self.title and (is_first_heading or attribute(paragraph, "style-name") in self._titles):
            self.title = text
        self.output.paragraph(text, self._paragraphs, in_list=in_list)
        self._append(inline)

    def _append(self, inline: Inline) -> None:
        """Write the notes and text boxes of a paragraph or table behind it."""
        for name, note in inline.notes:
            self.output.note(note, name)
        for box in inline.boxes:
            self.blocks(box)


def _collect(element: Any, inline: Inline) -> None:
    """Gather the text in an element."""
    inline.pieces.append(element.text or "")
    for child in element:
        match local_name(child):
            case "note":
                inline.notes.append(_note(child))
            case "text-box":
                inline.boxes.append(child)
            case "s" | "tab" | "line-break":
                inline.pieces.append(" ")
            case "p" | "h" | "list-item" | "table-cell":
                inline.pieces.append(" ")
                _collect(child, inline)
            case name if name and name not in _NO_TEXT:
                _collect(child, inline)
        inline.pieces.append(child.tail or "")


def _note(note: Any) -> tuple[str, str]:
    """Return the mark and the text of a note."""
    mark, inline = "", Inline()
    for each in note:
        if local_name(each) == "note-citation":
            mark = "".join(each.itertext()).strip()
        elif local_name(each) == "note-body":
            _collect(each, inline)
    return mark, inline.text


def _grid(table: Any, where: str) -> tuple[Grid, int, Inline]:
    """Return the cells of a table, how many of its first rows are heads, and what hangs on its cells."""
    grid, heads, inline, number = Grid(where), 0, Inline(), 1
    for row, is_head in _rows(table, is_head=False):
        repeated = _count(row, "number-rows-repeated")
        column = 1
        for cell in row:
            if local_name(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            columns = _count(cell, "number-columns-repeated")
            text = _cell_text(cell, inline) if local_name(cell) == "table-cell" else ""
            if text.strip():
                rows = max(repeated, _count(cell, "number-rows-spanned"))
                for each in range(column, column + columns):
                    grid.put(number, each, Cell(text, rows=rows))
            column += columns
        number += repeated
        heads = number - 1 if is_head else heads
    return grid, heads, inline


def _rows(table: Any, *, is_head: bool) -> Iterator[tuple[Any, bool]]:
    """Yield each row of a table, and whether it is a head."""
    for child in table:
        match local_name(child):
            case "table-row":
                yield child, is_head
            case "table-header-rows":
                yield from _rows(child, is_head=True)
            case "table-rows" | "table-row-group":
                yield from _rows(child, is_head=is_head)


def _cell_text(cell: Any, inline: Inline) -> str:
    """Return what a cell shows, or its value where it shows nothing."""
    inline.pieces = []
    _collect(cell, inline)
    text = inline.text
    shown = (attribute(cell, name) for name in ("string-value", "date-value", "time-value", "boolean-value", "value"))
    return text if text.strip() else next((value for value in shown if value), "")


def _count(element: Any, name: str) -> int:
    """Return a count in a file, 1 where there is none."""
    value = attribute(element, name)
    return min(int(value[:9]), _FARTHEST) or 1 if value.isascii() and value.isdigit() else 1
