"""RTF → text, by striprtf: paragraphs, footnotes behind them, tables (Rich Text Format 1.9.1)."""

import re
from dataclasses import dataclass, field

from kg.documents import dates
from kg.documents.grid import Cell, Grid
from kg.documents.metadata import Metadata
from kg.documents.office_text import OfficeText
from kg.documents.page import Page
from kg.documents.plain_text import headline
from kg.errors import DocumentError, MissingReader

__all__ = ["read_rtf"]

# striprtf drops footnotes, does not tell a cell of a table from a paragraph with a bar in it, and keeps deleted text.
# Signs from the range for private use stand in for what it cannot tell; they come through as they are.
_CELL, _ROW, _NOTE, _NOTE_END = "\ue000", "\ue001", "\ue002", "\ue003"
_NOTES = re.compile(f"{_NOTE}([^{_NOTE}{_NOTE_END}]*){_NOTE_END}")
_END = re.compile(f"([\n{_ROW}])")
_TOKEN = re.compile(
    r"\\[^a-z]|\\(?P<word>bin|cell|deleted|field|fonttbl|footnote|intbl|line|nestcell|par|pard|pict|row)"
    r"(?P<count>-?[0-9]{1,10})?(?![a-z]) ?|(?P<brace>[{}])",
    re.IGNORECASE,
)
_SIGNS = {"cell": _CELL, "row": _ROW, "footnote": _NOTE, "line": "{} ", "nestcell": "{} "}
_DEEPEST = 1000
"""The deepest nesting of groups; Word's files have a tenth of it."""


def read_rtf(data: bytes, where: str) -> Page:
    """Read an RTF file.

    Comments, headers, footers and pictures are left out, and what was deleted with changes tracked. Addresses of links
    are not looked at.

    Args:
        data: the bytes of the file.
        where: the name of the source, for messages.

    Returns:
        The text. Its places are paragraphs (from 1, those in tables not), footnotes by number, cells as "2!B7".
        `detected` has the first line as title where a blank line follows that is no sentence, and the dateline's day.

    Raises:
        DocumentError: it is no RTF file, or one that cannot be read.
        MissingReader: striprtf is not installed.

    """
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError as error:
        raise MissingReader("reading RTF needs striprtf: pip install 'kg[office]'") from error
    if not data.startswith(b"{\\rtf"):
        raise DocumentError(f"{where}: is no RTF file: give it the ending of what it is")
    try:
        marked = _Marking(where).mark(data.decode("cp1252", "replace"))
        text: str = rtf_to_text(marked, errors="replace")  # type: ignore[no-untyped-call]
        # A character beyond the first plane is written as two halves.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except (ValueError, LookupError, OverflowError) as error:
        raise DocumentError(f"{where}: is RTF that cannot be read: save it anew, or as text") from error
    output = _laid_out(text, where)
    return output.page(Metadata(title=headline(output.text), published=dates.dateline(output.text)))


@dataclass(slots=True)
class _Marking:
    """Writes signs in place of the words of RTF that striprtf does not tell apart."""

    where: str
    depth: int = 0
    notes: list[int] = field(default_factory=list)
    """The depths of the footnotes that are open."""
    picture: int = 0
    """The depth of the picture that is open; it is left out, since each of its digits would be looked at."""
    is_in_table: bool = False

    def mark(self, rtf: str) -> str:
        """Return the RTF with signs; raise `DocumentError` where it is nested too deep."""
        pieces, last, position = [], 0, 0
        while match := _TOKEN.search(rtf, position):
            if not self.picture:
                pieces.append(rtf[last : match.start()])
            is_hidden = bool(self.picture)
            new = self._brace(match[0]) if match["brace"] else self._word(match)
            if not is_hidden or not self.picture:
                pieces.append(new)
            last = position = match.end()
            if (match["word"] or "").lower() == "bin":
                last = position = position + max(0, int(match["count"] or 0))
        return "".join(pieces) + ("" if self.picture else rtf[last:])

    def _brace(self, brace: str) -> str:
        if brace == "{":
            self.depth += 1
            if self.depth > _DEEPEST:
                raise DocumentError(
                    f"{self.where}: is nested deeper than {_DEEPEST:,} groups: save it anew, or as text"
                )
            return brace
        note = bool(self.notes) and self.notes[-1] == self.depth
        if note:
            self.notes.pop()
        if self.picture == self.depth:
            self.picture = 0
        self.depth -= 1
        return _NOTE_END + brace if note else brace

    def _word(self, match: re.Match[str]) -> str:
        """Return what is written for a word."""
        word = (match["word"] or "").lower()
        match word:
            case "par" if self.is_in_table:
                return "{} "
            case "pard" | "intbl":
                self.is_in_table = word == "intbl"
            case "footnote":
                self.notes.append(self.depth)
            case "pict":
                self.picture = self.picture or self.depth
            case "deleted" if match["count"] != "0":
                return r"\*"  # which has the group passed over
            case "field":
                return r"\field "  # with the space, striprtf writes no address behind the text of a link
            case "fonttbl":
                return r"{}\fonttbl "  # so that its search for fonts, which hostile files make endless, finds none
            case "bin":
                return ""
        return _SIGNS.get(word, match[0])


def _laid_out(text: str, where: str) -> OfficeText:
    """Return the paragraphs, notes and tables in a text with signs."""
    output, grid = OfficeText(where), Grid(where)
    paragraphs = tables = count = row = 0
    waiting: list[str] = []
    text = _NOTES.sub(lambda note: _NOTE + re.sub(f"[\n{_CELL}{_ROW}]", " ", note[1]) + _NOTE_END, text)
    chunks = _END.split(text + "\n")
    for chunk, end in zip(chunks[::2], chunks[1::2], strict=False):
        waiting += _NOTES.findall(chunk)
        cells = _NOTES.sub("", chunk).split(_CELL)
        if end == _ROW or len(cells) > 1:
            tables, row = tables + (row == 0), row + 1
            for column, cell in enumerate(cells[:-1], 1):
                grid.put(row, column, Cell(cell))
            continue
        output.table(grid, str(tables))
        grid, row, paragraphs = Grid(where), 0, paragraphs + 1
        output.paragraph(cells[0], paragraphs)
        for note in waiting:
            count += 1
            output.note(note, str(count))
        waiting = []
    output.table(grid, str(tables))
    return output
