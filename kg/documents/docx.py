"""DOCX → text: paragraphs, notes and tables of a Word file, as they stand once tracked changes are accepted.

python-docx reads a paragraph without the runs that somebody inserted with changes tracked, and knows no footnotes; so
the parts of the package (ECMA-376, part 1, chapter 17) are read themselves, each within limits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.documents import dates
from kg.documents.grid import Cell, Grid
from kg.documents.metadata import Metadata
from kg.documents.office_text import Inline, OfficeText
from kg.documents.packages import Package, attribute, local_name
from kg.documents.page import Page
from kg.errors import DocumentError

__all__ = ["core_properties", "read_docx"]

# What is no text of the document: what somebody deleted or moved away, settings, instructions of fields, comments,
# and the second form of a drawing for old programs.
_NO_TEXT = frozenset({"del", "moveFrom", "pPr", "rPr", "tblPr", "tcPr", "trPr", "instrText", "delText", "Fallback"})
_TEMPLATE_DATE = "2013-12-23T23:15:00Z"
"""When the file that python-docx makes others from was saved; it says nothing of them."""
_BLANK = frozenset({"tab", "br", "cr", "ptab"})
_NOTES: Mapping[str, str] = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph's style says: its name as Word knows it in every language, and whether it is of a list."""

    name: str = ""
    in_list: bool = False


def read_docx(data: bytes, where: str) -> Page:
    """Read a Word file (DOCX, DOCM; its macros are not looked at).

    Comments, headers, footers and the table of contents are left out; what was inserted with changes tracked is kept,
    what was deleted is gone. Notes stand behind the paragraph or table that refers to them, text boxes too.

    Args:
        data: the bytes of the file.
        where: the name of the source, for messages.

    Returns:
        The text. Its places are paragraphs (from 1, headings and empty ones included, those in tables not), footnotes
        by number, endnotes by Roman number, cells as "2!B7". `detected` has the title, the day of the dateline or else
        of the last change, and the language.

    Raises:
        DocumentError: it is no Word file, or one that cannot be read safely.

    """
    package = Package(data, where)
    main = package.related("", "officeDocument")
    if not main:
        raise DocumentError(f"{where}: is a zip file and no Word file: give it the ending of what it is")
    root = package.xml(main)
    body = next((child for child in root if local_name(child) == "body"), None)
    if local_name(root) != "document" or body is None:
        raise DocumentError(f"{where}: its part {main[:100]!r} is no text of Word: save it anew in Word")
    reader = _Reader(package, main, where)
    try:
        reader.blocks(body)
    except RecursionError as error:
        raise DocumentError(f"{where}: is nested too deep: save it anew in Word") from error
    reader.end()
    return reader.output.page(core_properties(package, reader.title, reader.output.text))


def core_properties(package: Package, title: str, text: str) -> Metadata:
    """Return what an Office file says of itself (ECMA-376, part 2, 11), with a title and a text that say it better.

    Its day of creation is often that of the file it was made from, so the day of the last change is taken.
    """
    core = package.related("", "core-properties")
    properties = (
        {local_name(each): (each.text or "").strip() for each in package.xml(core)} if package.has(core) else {}
    )
    modified = properties.get("modified", "")
    return Metadata(
        title=" ".join((title or properties.get("title", "")).split()) or None,
        published=dates.dateline(text) or (dates.parse_date(modified) if modified != _TEMPLATE_DATE else None),
        lang=properties.get("language") or None,
    )


class _Reader:
    """Reads the blocks of a document in their order."""

    def __init__(self, package: Package, main: str, where: str) -> None:
        self.output = OfficeText(where)
        self.title = ""
        self._where = where
        self._styles = dict(_styles(package, main))
        self._notes = {kind: _note_texts(package, main, kind) for kind in _NOTES.values()}
        self._counts = dict.fromkeys(_NOTES.values(), 0)
        self._paragraphs = self._tables = 0
        self._joined = Inline()

    def blocks(self, parent: Any) -> None:
        """Read the paragraphs and tables in an element."""
        for child in parent:
            match local_name(child):
                case "p":
                    self._paragraphs += 1
                    self._paragraph(child)
                case "tbl":
                    self._table(child)
                case "sdt" if _is_contents(child):
                    pass
                case name if name not in _NO_TEXT:
                    self.blocks(child)

    def end(self) -> None:
        """Write what waits for another paragraph to join."""
        if self._joined.pieces:
            self._write(self._joined, _Style(), in_list=False)

    def _paragraph(self, paragraph: Any) -> None:
        style, in_list, is_joined = self._properties(paragraph)
        inline, self._joined = self._joined, Inline()
        _collect(paragraph, inline)
        if is_joined:  # its end was deleted: what follows belongs to it
            self._joined = inline
        elif not style.name.startswith("toc "):
            self._write(inline, style, in_list=in_list)

    def _properties(self, paragraph: Any) -> tuple[_Style, bool, bool]:
        """Return a paragraph's style, whether it is an item of a list, and whether its end was deleted."""
        style, number, is_joined = _Style(), "", False
        for each in _children(paragraph, "pPr"):
            match local_name(each):
                case "pStyle":
                    style = self._styles.get(attribute(each, "val"), style)
                case "numPr":
                    number = _number(each)
                case "rPr":
                    is_joined = any(local_name(mark) == "del" for mark in each)
        in_list = number not in {"", "0"} or (style.in_list and number != "0")
        return style, in_list and not style.name.startswith(("heading", "title")), is_joined

    def _write(self, inline: Inline, style: _Style, *, in_list: bool) -> None:
        text = inline.text
        if style.name in {"title", "heading 1"} and not self.title:
            self.title = text
        self.output.paragraph(text, self._paragraphs, in_list=in_list)
        self._append(inline)

    def _append(self, inline: Inline) -> None:
        """Write the notes and text boxes of a paragraph or table behind it."""
        for kind, id_ in inline.notes:
            self._counts[kind] += 1
            count = self._counts[kind]
            self.output.note(self._notes[kind].get(id_, ""), str(count) if kind == "footnotes" else _roman(count))
        for box in inline.boxes:
            self.blocks(box)

    def _table(self, table: Any) -> None:
        self._tables += 1
        number, grid, inline, heads = self._tables, Grid(self._where), Inline(), 0
        above: dict[int, str] = {}
        for row, element in enumerate(_rows(table), 1):
            if heads == row - 1 and any(local_name(each) == "tblHeader" for each in _children(element, "trPr")):
                heads = row
            column = 1 + _skipped(element)
            cells: dict[int, str] = {}
            for cell in _descend(element, "tc"):
                inline.pieces = []
                span, is_continued = _span(cell)
                _collect(cell, inline)
                cells[column] = above.get(column, "") if is_continued else inline.text
                grid.put(row, column, Cell(cells[column]))
                column += span
            above = cells
        self.output.table(grid, str(number), heads)
        self._append(inline)


def _collect(parent: Any, inline: Inline) -> None:
    """Gather the text in an element."""
    for child in parent:
        name = local_name(child)
        if name == "t":
            inline.pieces.append(child.text or "")
        elif name in _BLANK or name == "p":
            inline.pieces.append(" ")
            _collect(child, inline)
        elif name == "noBreakHyphen":
            inline.pieces.append("-")
        elif name in _NOTES:
            inline.notes.append((_NOTES[name], attribute(child, "id")))
        elif name == "txbxContent":
            inline.boxes.append(child)
        elif name not in _NO_TEXT:
            _collect(child, inline)


def _children(element: Any, name: str) -> Iterator[Any]:
    """Yield the children of the children of this name."""
    for child in element:
        if local_name(child) == name:
            yield from child


def _descend(element: Any, name: str) -> Iterator[Any]:
    """Yield the rows or cells in an element, those in content controls too, no deleted ones."""
    for child in element:
        if local_name(child) == name:
            yield child
        elif local_name(child) in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _descend(child, name)


def _rows(table: Any) -> Iterator[Any]:
    for row in _descend(table, "tr"):
        if not any(local_name(mark) == "del" for mark in _children(row, "trPr")):
            yield row


def _skipped(row: Any) -> int:
    """Return how many columns a row leaves out before its first cell."""
    return next(
        (_count(attribute(each, "val")) for each in _children(row, "trPr") if local_name(each) == "gridBefore"), 0
    )


def _span(cell: Any) -> tuple[int, bool]:
    """Return how many columns a cell spans, and whether it goes on from the row above."""
    span, is_continued = 1, False
    for each in _children(cell, "tcPr"):
        if local_name(each) == "gridSpan":
            span = max(1, _count(attribute(each, "val")))
        elif local_name(each) == "vMerge":
            is_continued = attribute(each, "val") != "restart"
    return span, is_continued


def _count(value: str) -> int:
    """Return a count in a file; 0 for what is none, or more than the 63 columns that Word's tables have."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 2 else 0  # noqa: PLR2004 - two digits


def _number(properties: Any) -> str:
    return next((attribute(each, "val") for each in properties if local_name(each) == "numId"), "")


def _is_contents(control: Any) -> bool:
    """Return whether a content control holds the table of contents, which repeats the headings."""
    properties = (each for child in control if local_name(child) == "sdtPr" for each in child.iter())
    return any(
        local_name(each) == "docPartGallery" and attribute(each, "val") == "Table of Contents" for each in properties
    )


def _styles(package: Package, main: str) -> Iterator[tuple[str, _Style]]:
    """Yield the style of each id; a style is of a list where one that it is based on is."""
    part = package.related(main, "styles")
    if not package.has(part):
        return
    names, based, listed = {}, {}, set()
    for style in package.xml(part):
        id_ = attribute(style, "styleId")
        for each in style:
            match local_name(each):
                case "name":
                    names[id_] = attribute(each, "val").lower()
                case "basedOn":
                    based[id_] = attribute(each, "val")
                case "pPr" if any(local_name(child) == "numPr" and _number(child) != "0" for child in each):
                    listed.add(id_)
    for id_, name in names.items():
        above, seen = id_, set()
        while above in based and above not in listed and above not in seen:
            seen.add(above)
            above = based[above]
        yield id_, _Style(name, above in listed)


def _note_texts(package: Package, main: str, kind: str) -> dict[str, str]:
    part = package.related(main, kind)
    texts: dict[str, str] = {}
    for note in package.xml(part) if package.has(part) else ():
        inline = Inline()
        _collect(note, inline)
        texts[attribute(note, "id")] = inline.text
    return texts


def _roman(number: int) -> str:
    """Return a number as Word writes those of endnotes."""
    digits = ""
    for value, digit in _ROMAN:
        digits += digit * (number // value)
        number %= value
    return digits
