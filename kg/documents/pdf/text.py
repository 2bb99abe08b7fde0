"""Paragraphs and tables → the text of a document, and where each part of it stands on the pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from kg.documents.pdf.hyphens import SOFT_HYPHEN, Hyphens
from kg.documents.pdf.lines import Line, lines_of
from kg.documents.pdf.paragraphs import Paragraph, PlacedLine, PlacedTable
from kg.documents.pdf.words import Word
from kg.documents.tables import laid_out
from kg.places import Box, Place, PlaceKind

__all__ = ["PlacedText", "WordSpan", "text_of"]


@dataclass(frozen=True, slots=True)
class WordSpan:
    """Characters `start` up to `end` of the text are a word, or a part of one, on a page."""

    start: int
    end: int
    page: int
    box: Box
    row: int
    """The line or cell that it is in; words of one are one place."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and its words, in order."""

    text: str
    words: tuple[WordSpan, ...]

    def places(self) -> tuple[Place, ...]:
        """Return where each line of a paragraph and each cell of a table stands."""
        rows: list[list[WordSpan]] = []
        for word in self.words:
            if not rows or rows[-1][-1].row != word.row:
                rows.append([])
            rows[-1].append(word)
        return tuple(
            Place(row[0].start, row[-1].end, PlaceKind.PAGE, str(row[0].page), _around([word.box for word in row]))
            for row in rows
        )

    def boxes(self, start: int, end: int) -> dict[int, list[Box]]:
        """Return by page where characters stand: a rectangle for each line."""
        rows: dict[tuple[int, int], list[Box]] = {}
        for word in self.words:
            if word.start < end and word.end > start:
                rows.setdefault((word.page, word.row), []).append(word.box)
        pages: dict[int, list[Box]] = {}
        for (page, _), boxes in rows.items():
            pages.setdefault(page, []).append(_around(boxes))
        return pages


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return round(min(lefts), 1), round(min(tops), 1), round(max(rights), 1), round(max(bottoms), 1)


class _Writer:
    """Text as it grows, with its words."""

    def __init__(self, hyphens: Hyphens) -> None:
        self.hyphens = hyphens
        self.pieces: list[str] = []
        self.length = 0
        self.words: list[WordSpan] = []
        self._row = 0

    def write(self, text: str) -> None:
        """Add text that stands nowhere."""
        self.pieces.append(text)
        self.length += len(text)

    def write_lines(self, lines: Sequence[PlacedLine]) -> None:
        """Add lines as one; a word that is parted at the end of one is whole again."""
        for line, after in zip_longest(lines, lines[1:]):
            self._row += 1
            for word in line.line.words[:-1]:
                self._write_word(word, word.text, line)
                self.write(" ")
            last = line.line.words[-1]
            part = self.hyphens.part(last.text, after.line.words[0].text) if after else None
            self._write_word(last, last.text.replace(SOFT_HYPHEN, "") if part is None else part, line)
            if after and part is None:
                self.write(" ")

    def _write_word(self, word: Word, text: str, line: PlacedLine) -> None:
        if not text:
            return
        box = line.page.shown((word.left, word.top, word.right, word.bottom), line.turn)
        self.words.append(WordSpan(self.length, self.length + len(text), line.page.number, box, self._row))
        self.write(text)

    def write_table(self, placed: PlacedTable) -> None:
        """Add a table, a line for each row."""
        cells: dict[tuple[int, int], _Writer] = {}
        for row, columns in enumerate(placed.table.rows):
            for column, words in enumerate(columns):
                cells[row, column] = cell = _Writer(self.hyphens)
                cell.write_lines([PlacedLine(line, placed.page, placed.turn) for line in lines_of(words)])
        rows = [[cells[at, column].text for column in range(len(row))] for at, row in enumerate(placed.table.rows)]
        table = laid_out(rows, placed.table.heads)
        for at, (start, _) in sorted(table.cells.items(), key=lambda item: item[1]):
            rows_before, shift = self._row, self.length + start
            for word in cells[at].words:
                self._row = rows_before + word.row
                self.words.append(replace(word, start=word.start + shift, end=word.end + shift, row=self._row))
        self.write(table.text)

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self.pieces)


def text_of(parts: Sequence[Paragraph | PlacedTable]) -> PlacedText:
    """Return the text of a file: a line for each paragraph, heading and row, an empty one between paragraphs."""
    writer = _Writer(Hyphens(line.text for part in parts for line in _lines(part)))
    for part in parts:
        if writer.length:
            writer.write("\n")
        if isinstance(part, Paragraph):
            writer.write_lines(part.lines)
            writer.write("\n")
        else:
            writer.write_table(part)
    return PlacedText(writer.text, tuple(writer.words))


def _lines(part: Paragraph | PlacedTable) -> Iterator[Line]:
    if isinstance(part, Paragraph):
        yield from (line.line for line in part.lines)
    else:
        yield from (line for row in part.table.rows for cell in row for line in lines_of(cell))
