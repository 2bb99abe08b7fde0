"""A table with the names in it; what of a text stands in tables, and what is prose all the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.tables.grid import Cell, Grid, grids
from kg.extract.tables.heads import words_of
from kg.extract.tables.layout import Column, Layout, laid_out
from kg.extract.tables.lumps import is_total, is_unnamed
from kg.extract.tables.names import name_in, names_in

__all__ = ["Piece", "Table", "layouts", "lays_out", "names_in_row", "pieces", "tables", "without_tables"]

_NEAR = 200
"""Characters between a table and the one that it continues: a page's foot and head."""
_PROSE_WORDS = 8
_STOPS = (".", "!", "?", "…", ":", ";", '."', ".”", ".»")
_LISTED = frozenset({"competitor", "partner", "investor", "lender", "customer", "supplier"})
"""Roles of which a cell may name several."""
_BOX = re.compile(r"[☐☑☒□■✓✗]")
_FIGURE = re.compile(r"[^\w]{0,4}\d[\d\s.,]*\W{0,3}(?:\w{1,4}\W{0,3})?")
"""A cell that is a figure, perhaps with its unit."""
_LEAST_FIGURES = 2
_LONG = 25
"""Words from which on a cell is prose though no stop ends it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is laid out, the names in its cells by their text, and those in its captions, the nearest first."""

    layout: Layout
    names: Mapping[str, Mention] = field(default_factory=dict)
    caption_names: tuple[Mention, ...] = ()


def layouts(text: str, lexicon: Lexicon) -> tuple[Layout, ...]:
    """Return the tables of a text, those that are not understood with the reason.

    Lines that are only aligned are a table where they are understood, or hold figures: justified prose is none.
    """
    found: list[Layout] = []
    for grid in grids(text):
        before = found[-1] if found and grid.start - found[-1].grid.end <= _NEAR else None
        layout = laid_out(grid, lexicon, before)
        if layout.tie is not None or grid.barred or _has_figures(grid):
            found.append(layout)
    return tuple(found)


def _has_figures(grid: Grid) -> bool:
    """Whether most rows of a grid end in a figure."""
    last = [next((cell.text for cell in reversed(row) if cell.text), "") for row in grid.rows]
    return 2 * sum(any(char.isdigit() for char in text) for text in last) > len(last)


def lays_out(layout: Layout) -> bool:
    """Whether a table holds no data: one column, boxes to tick, or neither heads nor a second row with a figure.

    The cover of a filing is such tables, and so are its signatures.
    """
    rows = layout.grid.rows
    if layout.grid.width == 1 or any(_BOX.search(cell.text) for row in rows for cell in row):
        return True
    figures = sum(any(_FIGURE.fullmatch(cell.text) for cell in row) for row in rows)
    return not layout.grid.heads and figures < _LEAST_FIGURES


def without_tables(text: str, found: Sequence[Layout]) -> str:
    """Return a text in which tables are blank, every other character where it was.

    Of those that are not understood the cells that are prose stay, each a line: pages are laid out by tables, too.
    """
    parts, at = list[str](), 0
    for layout in found:
        parts += [text[at : layout.grid.start], _prose_of(text, layout)]
        at = layout.grid.end
    return "".join([*parts, text[at:]])


def _prose_of(text: str, layout: Layout) -> str:
    start, end = layout.grid.start, layout.grid.end
    blank = ["\n" if text[at] in "|\r\n" else " " for at in range(start, end)]
    for cell in _prose_cells(layout) if layout.tie is None else ():
        blank[cell.start - start : cell.end - start] = cell.text
    return "".join(blank)


def _prose_cells(layout: Layout) -> Iterator[Cell]:
    for row in layout.grid.rows:
        for cell in row:
            words = len(cell.text.split())
            if layout.grid.width == 1 or words >= _LONG or (words >= _PROSE_WORDS and cell.text.endswith(_STOPS)):
                yield cell


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a table that is parsed: a cell that is one name as a whole, or a caption that may hold some."""

    cell: Cell
    is_name: bool


def pieces(found: Sequence[Layout], lexicon: Lexicon) -> list[Piece]:
    """Return what is parsed of tables: each name once, and the captions."""
    told: dict[str, Piece] = {}
    captions: dict[int, Piece] = {}
    for layout in found:
        if layout.tie is None:
            continue
        captions |= {cell.start: Piece(cell, is_name=False) for cell in layout.captions}
        for column in layout.naming:
            for row in layout.body:
                for cell in names_in_row(layout, row, column, lexicon):
                    told.setdefault(cell.text, Piece(cell, is_name=True))
    return [*told.values(), *captions.values()]


def names_in_row(layout: Layout, row: int, column: Column, lexicon: Lexicon) -> tuple[Cell, ...]:
    """Return the names in a cell of a column of names: one, none where it names nobody, or several in a list."""
    heads = [word for cell in column.cells for word in words_of(cell.text)]
    addressed = any(word.startswith(("address", "adresse")) for word in heads)
    name = name_in(layout.grid.rows[row][column.at], lexicon, has_address=addressed)
    if name is None:
        return ()
    names = names_in(name, lexicon) if column.head.role in _LISTED else (name,)
    of_holders = column.head.role == "shareholder"
    return tuple(
        name
        for name in names
        if not is_total(name.text, lexicon, of_holders=of_holders) and not is_unnamed(name.text, lexicon)
    )


def tables(found: Sequence[Layout], parsed: Sequence[tuple[Piece, Sequence[Mention]]]) -> tuple[Table, ...]:
    """Return tables with the names that their pieces hold."""
    names = {piece.cell.text: mentions[0] for piece, mentions in parsed if piece.is_name and mentions}
    in_captions = {piece.cell.start: tuple(mentions) for piece, mentions in parsed if not piece.is_name}
    return tuple(
        Table(layout, names, tuple(m for cell in layout.captions for m in in_captions.get(cell.start, ())))
        for layout in found
    )
