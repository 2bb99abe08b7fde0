"""The terms that a row tells: shares, each with what it is of and at which date, sums, dates, goods, how far it is."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kg.extract.lexicon import Lexicon
from kg.extract.plain import plain
from kg.extract.tables.captions import about
from kg.extract.tables.cells import CellFigure, amount_in, date_in, percent_in
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import BLANK, holds, listed, words_of
from kg.extract.tables.layout import MEASURES, Column, Layout
from kg.reasons import Reason

__all__ = ["Columns", "Share", "SumOfMoney", "date_of", "goods_of", "shares", "sums_of_money"]

_OWNING = frozenset({"holds-stake", "subsidiary-of", "acquires", "invests-in"})
"""Relations of which a share is one of the capital, unless it says otherwise."""
_HUNDRED = Decimal(100)
_MONEY = re.compile(r"US\$|[A-Z]{3}\b|[$€£¥]|[^\W\d_]+")
"""What may be a currency in a head."""
_SHORT = 4
"""Characters that a cell may begin with before its number: "US$", "€"."""


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage that a row tells: of what, as of when, in which column, and what speaks against it.

    `figure` is None where the cell holds a number of which the unit is not told.
    """

    of: str
    column: Column
    figure: CellFigure | None
    as_of: str | None = None
    doubts: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SumOfMoney:
    """A sum that a row tells, in which column; `figure` is None where its currency or scale is not told."""

    column: Column
    figure: CellFigure | None
    as_of: str | None = None


@dataclass(frozen=True)
class Columns:
    """The columns of a table that tell terms, looked up once for all of its rows.

    `as_of` is the day of the document that holds for its tables.
    """

    layout: Layout
    lexicon: Lexicon
    as_of: str | None = None

    @cached_property
    def shares(self) -> Mapping[str, Sequence[Column]]:
        """Columns that hold shares of a kind that its rows can tell, by what they are of; "" where that is not told."""
        return _share_columns(self.layout, self.lexicon)

    @cached_property
    def fractions(self) -> frozenset[int]:
        """The columns whose figures may be fractions, by their places."""
        columns = [column for those in self.shares.values() for column in those]
        return frozenset(c.at for c in columns if _are_fractions(self.layout, c, self.lexicon))

    @cached_property
    def sums(self) -> Sequence[Column]:
        """The columns of sums of money that its rows can tell, each of another day."""
        return _sum_columns(self)

    @cached_property
    def signs(self) -> Mapping[int, Sequence[Cell]]:
        """By the place of a column of sums, the first cell of it that has the sign of a currency."""
        return {column.at: _signed(self.layout, column) for column in self.sums}

    @cached_property
    def day(self) -> str | None:
        """The day as of which the whole table holds, by the heads of its names or its captions."""
        return self.as_of or _day(self.layout, self.lexicon)


def _wanted(layout: Layout) -> Mapping[str, tuple[str, ...]]:
    """What the shares of a table can be of, by its relation; of a customer list no share of purchases is read."""
    both = layout.tie is not None and len(layout.naming) > 1
    ofs = ("revenue", "cost") if both else ("revenue",) if layout.topic == "customer" else ("cost",)
    return {
        "supplies": ofs,
        "holds-stake": ("capital", "votes"),
        "subsidiary-of": ("capital", "votes"),
        "acquires": ("capital",),
        "invests-in": ("capital",),
    }


def _of(column: Column, layout: Layout, lexicon: Lexicon) -> str:
    """What the share of a column is of: by its head, by the captions, or as tables of its kind mean it."""
    if column.head.of:
        return column.head.of
    relation = "" if layout.tie is None else layout.tie.relation
    if relation != "supplies":
        return "" if relation not in _OWNING else _of_holding(column, layout, lexicon)
    for caption in layout.captions:
        words = words_of(caption.text)
        for of in ("other", "revenue", "cost"):
            phrases = listed(lexicon.lang, f"of_{of}")
            if any(words[at : at + len(phrase)] == phrase for phrase in phrases for at in range(len(words))):
                return of
    return ""


def _of_holding(column: Column, layout: Layout, lexicon: Lexicon) -> str:
    """What the share of a holder is of, where its head has no more than "%": what the nearest caption says."""
    if layout.topic not in {"shareholder", "invested"}:
        return "capital"
    control = set(listed(lexicon.lang, "control"))
    is_of_holders = any(words in listed(lexicon.lang, "share") for words in _words(column))
    for caption in layout.captions:
        words = words_of(caption.text)
        votes, capital = (
            any(holds(words, phrase) for phrase in set(listed(lexicon.lang, f"of_{of}")) - control)
            for of in ("votes", "capital")
        )
        if votes or capital:
            return "" if votes and capital else "votes" if votes else "capital"
        is_of_holders = is_of_holders or "shareholder" in about(caption.text, lexicon)
    return "capital" if is_of_holders else ""


def _words(column: Column) -> list[tuple[str, ...]]:
    return [(word,) for cell in column.cells for word in words_of(cell.text)]


def _share_columns(layout: Layout, lexicon: Lexicon) -> dict[str, list[Column]]:
    relation = "" if layout.tie is None else layout.tie.relation
    wanted = (*_wanted(layout).get(relation, ()), "")
    columns = layout.telling(*MEASURES)
    if not columns:
        columns = tuple(column for column in layout.columns if column.head.role == BLANK and column.head.date)
    found: dict[str, list[Column]] = {}
    for column in _filled(columns, layout):
        of = _of(column, layout, lexicon)
        if of in wanted:
            found.setdefault(of, []).append(column)
    chosen = {of: _percentages(_gross(columns, lexicon)) for of, columns in found.items()}
    return dict(sorted(chosen.items(), key=lambda item: wanted.index(item[0])))


def _percentages(columns: list[Column]) -> list[Column]:
    """The columns that tell percentages, where some do: "Voting rights" beside "% of voting rights" counts them."""
    return [column for column in columns if column.head.role == "percent"] or columns


def _gross(columns: list[Column], lexicon: Lexicon) -> list[Column]:
    """The columns of theoretical voting rights, of which thresholds are shares, where others tell exercisable ones."""
    gross, net = (
        [column for column in columns if _says(column, listed(lexicon.lang, name))]
        for name in ("gross_votes", "net_votes")
    )
    return [column for column in columns if column not in net] if gross and net else columns


def _says(column: Column, phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(word in phrases for word in _words(column))


def _filled(columns: Sequence[Column], layout: Layout) -> Iterator[Column]:
    """Yield columns that hold figures; of those that one head spans, the first: the next has the sign or a mark."""
    heads: set[tuple[int, ...]] = set()
    for column in columns:
        head = tuple(cell.start for cell in column.cells)
        held = any(char.isdigit() for row in layout.body for char in layout.grid.rows[row][column.at].text)
        if held and head not in heads:
            heads.add(head)
            yield column


def shares(table: Columns, row: int) -> Iterator[Share]:
    """Yield the shares that a row tells."""
    for of, columns in table.shares.items():
        told = [share for column in columns if (share := _share(table, row, of, column)) is not None]
        dates = {column.head.date for column in columns}
        if len(columns) > 1 and (None in dates or len(dates) < len(columns)):
            # Two columns that nothing tells apart: the first may be another thing than the second.
            yield from (_doubted(share, Reason.TWO_VALUES) for share in told[:1] if share.column == columns[0])
        else:
            yield from told


def _doubted(share: Share, reason: Reason) -> Share:
    return Share(share.of, share.column, share.figure, share.as_of, (*share.doubts, reason))


def _share(table: Columns, row: int, of: str, column: Column) -> Share | None:
    layout, lexicon = table.layout, table.lexicon
    cells = layout.grid.rows[row]
    cell = cells[column.at]
    beside = cells[column.at + 1] if column.at + 1 < len(cells) else None
    above = (*layout.columns[0].cells, *layout.captions) if column.head.role == BLANK else ()
    heads = (*column.cells, *above)
    figure = percent_in(cell, beside, heads, lexicon)
    if figure is not None and not figure.value:
        return None
    as_of = column.head.date or table.day
    if figure is not None:
        doubts = (Reason.SCALE_WORD,) if column.at in table.fractions or not of else ()
        return Share(of, column, None if doubts else figure, as_of, doubts)
    if "%" in cell.text and any(char.isdigit() for char in cell.text):
        # A range, "12–15%", or words that are not understood.
        return Share(of, column, None, as_of, (Reason.BOUND,))
    digits = cell.text.replace(",", ".").strip()
    bare = digits.replace(".", "", 1).isdigit() and 0 < Decimal(digits) <= _HUNDRED
    return Share(of, column, None, as_of, (Reason.SCALE_WORD,)) if bare else None


def _are_fractions(layout: Layout, column: Column, lexicon: Lexicon) -> bool:
    """Whether all figures of a column are at most 1, without a sign: 0.25 may mean 25 %, and 1 the whole."""
    values = []
    for row in layout.body:
        cell = layout.grid.rows[row][column.at]
        figure = percent_in(cell, None, column.cells, lexicon)
        if figure is not None and not figure.units:
            return False
        values += [] if figure is None else [figure.value]
    return bool(values) and max(values) <= 1


def _day(layout: Layout, lexicon: Lexicon) -> str | None:
    for column in layout.naming:
        if column.head.date is not None:
            return column.head.date
    for caption in layout.captions:
        date = date_in(caption, lexicon, None)
        if date is not None:
            return date
    return None


def sums_of_money(table: Columns, row: int) -> list[SumOfMoney]:
    """Return the sums that a row tells, one of each day: the price of a deal, the sales to a customer."""
    found = (_sum_of_money(table, row, column) for column in table.sums)
    return [money for money in found if money is not None]


def _sum_columns(table: Columns) -> Sequence[Column]:
    """The columns of sums that a row's relation has; none where two are of one day, as nothing tells which is meant.

    Columns that only years head hold sums where the caption speaks of sales.
    """
    layout = table.layout
    relation = "" if layout.tie is None else layout.tie.relation
    takes = {"supplies": ("revenue",), "acquires": ("",), "invests-in": ("",), "lends-to": ("",)}.get(relation, ())
    columns: Sequence[Column] = [column for column in layout.telling("amount") if column.head.of in takes]
    if not columns and relation == "supplies" and not layout.telling(*MEASURES):
        dated = (column for column in layout.columns if column.head.role == BLANK and column.head.date)
        columns = [column for column in dated if _of(column, layout, table.lexicon) == "revenue"]
    columns = _of_one_currency(columns, table.lexicon)
    days = [column.head.date for column in columns]
    return columns if len(set(days)) == len(days) and (None not in days or len(days) == 1) else ()


def _of_one_currency(columns: Sequence[Column], lexicon: Lexicon) -> Sequence[Column]:
    """Return the first of columns that tell the same sums, each in a currency of its own."""
    currencies = lexicon.tables["figures.currency"]
    told = [
        {currencies[mark] for cell in column.cells for mark in _MONEY.findall(cell.text) if mark in currencies}
        for column in columns
    ]
    alike = len({column.head.date for column in columns}) == 1 and len(columns) == len(set(map(frozenset, told)))
    return columns[:1] if alike and all(len(one) == 1 for one in told) else columns


def _sum_of_money(table: Columns, row: int, column: Column) -> SumOfMoney | None:
    layout = table.layout
    cells = layout.grid.rows[row]
    before = cells[column.at - 1] if column.at else None
    cell = cells[column.at]
    # The sign of a currency takes the column that its head stands over, the number the next.
    if cell.text and not any(char.isdigit() for char in cell.text) and column.at + 1 < len(cells):
        before, cell = cell, cells[column.at + 1]
    if not any(char.isdigit() for char in cell.text):
        return None
    first_heads = layout.columns[0].cells
    heads: Sequence[Cell] = (*column.cells, *first_heads, *layout.captions, *table.signs[column.at])
    figure = amount_in(cell, before, heads, table.lexicon)
    # Of a column that a year alone heads, a figure without a currency may be anything.
    return None if figure is None and column.head.role == BLANK else SumOfMoney(column, figure, column.head.date)


def _signed(layout: Layout, column: Column) -> list[Cell]:
    """The first cell of a column that has the sign of a currency: accounts print it in the first row alone."""
    cells = (layout.grid.rows[row][column.at] for row in layout.body)
    return [cell for cell in cells if any(unicodedata.category(char) == "Sc" for char in cell.text[:_SHORT])][:1]


def date_of(layout: Layout, row: int, lexicon: Lexicon, published: str | None) -> tuple[Column, str] | None:
    """Return the date of a row, with its column."""
    for column in layout.telling("date"):
        date = date_in(layout.grid.rows[row][column.at], lexicon, published)
        if date is not None:
            return column, date
    return None


def goods_of(layout: Layout, row: int) -> tuple[Column, str] | None:
    """Return what a row says is delivered, with its column."""
    column = next(iter(layout.telling("goods")), None)
    text = "" if column is None else layout.grid.rows[row][column.at].text
    return (column, plain(text)) if column is not None and any(char.isalpha() for char in text) else None
