"""What a table is about: which column names whom, which tells what, and the tie that each of its rows is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.extract.capitals import LEGAL_FORM
from kg.extract.lexicon import Lexicon
from kg.extract.tables.captions import PARTS, is_caption, is_of_market, says_any, topic_of
from kg.extract.tables.grid import Cell, Grid
from kg.extract.tables.heads import BLANK, NAMES, UNKNOWN, Head, head_of, listed, words_of

__all__ = ["MEASURES", "Column", "Layout", "Tie", "laid_out"]

MEASURES = ("percent", "share")
"""The roles of columns that tell a share."""
_MOST_HEADS = 5
_MOST_COLUMNS = 100
"""Columns of the widest table that is looked into: a wider one holds measurements."""
_LONGEST_FIGURE = 40
"""Characters of the longest figure: patterns are not tried on whole paragraphs."""
_CAPTIONS = 4
"""Lines above a table, the nearest ones, that may tell what it is about."""
_LEAST_ROWS = 2
"""Rows that make a column without a head a list of names."""
_OF_A_DEAL = frozenset(
    {("target", "seller"), ("venture", "partner"), ("associate", "partner"), ("subsidiary", "partner")}
)
"""Columns of names that go together where only the first is tied to whose table it is: it bought one from another."""
_FIRM = re.compile(rf"\S\s+(?:{LEGAL_FORM.pattern}|plc|L\.?P\.?|S\.A\.)$")
_FIGURE = re.compile(r"[^\w%]*\d[\d\s.,]*[^\w]*")


@dataclass(frozen=True, slots=True)
class Tie:
    """What a row says: a relation between the two that columns of these roles name, or one and whose table it is.

    `needs` are the roles of which a column must be there: without one, the table lists names for some other reason.
    """

    relation: str
    subject: str
    object: str
    needs: tuple[str, ...] = ()


_TIES = (
    Tie("supplies", "supplier", "customer"),
    Tie("holds-stake", "shareholder", "invested", MEASURES),
    Tie("holds-stake", "parent", "associate", MEASURES),
    Tie("holds-stake", "parent", "venture", MEASURES),
    Tie("subsidiary-of", "subsidiary", "parent"),
    Tie("acquires", "acquirer", "target", ("amount", "date", "acquirer", *MEASURES)),
    Tie("invests-in", "investor", "invested", ("amount", "date", *MEASURES)),
    Tie("lends-to", "lender", "borrower", ("amount", "date")),
    Tie("competes-with", "filer", "competitor"),
    Tie("partners-with", "filer", "partner"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place, what its head says, and the cells of that, the lowest first."""

    at: int
    head: Head
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table that is understood, or not: then `reason` says what is missing.

    `body` are the numbers of its rows below the heads. `topic` is the role that its kind is called by ("customer"), and
    `by_caption` whether the caption, not a head, tells it. `captions` are its title and the lines above that may tell
    whose it is, the nearest first.
    """

    grid: Grid
    body: range
    columns: tuple[Column, ...]
    captions: tuple[Cell, ...]
    tie: Tie | None = None
    topic: str = ""
    by_caption: bool = False
    reason: str = ""

    @property
    def label(self) -> str:
        """What it may be called by: the nearest heading above it."""
        return self.captions[0].text if self.captions else ""

    def named(self, role: str) -> Column | None:
        """Return the column that names those of a role."""
        return next((column for column in self.columns if column.head.role == role), None)

    @property
    def naming(self) -> tuple[Column, ...]:
        """The columns that name the two ends of its tie."""
        ends = () if self.tie is None else (self.tie.subject, self.tie.object)
        return tuple(column for role in ends if (column := self.named(role)) is not None)

    def telling(self, *roles: str) -> tuple[Column, ...]:
        """Return the columns of some roles, in order."""
        return tuple(column for column in self.columns if column.head.role in roles)


def laid_out(grid: Grid, lexicon: Lexicon, before: Layout | None = None) -> Layout:
    """Return what a table is about. `before` is the table right before it, which it may continue."""
    if grid.width > _MOST_COLUMNS:
        return Layout(grid, range(0), (), (), reason=f"it has more than {_MOST_COLUMNS} columns")
    titles, heads = _heads(grid, lexicon)
    body = range(titles + heads, len(grid.rows))
    title_cells = [next(cell for cell in row if cell.text) for row in grid.rows[:titles]]
    above = [line for line in reversed(grid.above[-_CAPTIONS:]) if is_caption(line, lexicon)]
    captions = (*reversed(title_cells), *above)
    columns = tuple(_column(at, grid.rows[titles : titles + heads], lexicon) for at in range(grid.width))
    if before is not None and before.tie is not None and _continues(grid, columns, captions, before, lexicon):
        return replace(before, grid=grid, body=body, captions=before.captions)
    layout = Layout(grid, body, columns, captions)
    if not body:
        return replace(layout, reason="it has no rows below its heads")
    return _tied(layout, lexicon)


def _heads(grid: Grid, lexicon: Lexicon) -> tuple[int, int]:
    """Return how many of the first rows are titles, of one cell, and how many after them are heads."""
    rows = grid.rows
    titles = 0
    while titles < len(rows) - 1 and titles < _MOST_HEADS and _is_title(rows[titles], lexicon):
        titles += 1
    heads, known = 0, False
    for row in rows[titles : titles + _MOST_HEADS]:
        marked = titles + heads < grid.heads
        if known and not marked and sum(bool(cell.text) for cell in row) == 1 and row[0].text and len(row) > 1:
            # One cell alone below the heads begins a section.
            break
        if not marked and not _is_head(row, lexicon, first=not known):
            break
        heads, known = heads + 1, known or any(head_of(cell.text, lexicon).is_known for cell in row if cell.text)
    return titles, min(heads, len(rows) - titles)


def _is_title(row: Sequence[Cell], lexicon: Lexicon) -> bool:
    filled = [cell for cell in row if cell.text]
    if len(row) == 1 or len(filled) != 1 or filled[0] is not row[0]:
        return False
    return not head_of(filled[0].text, lexicon).is_known


def _is_head(row: Sequence[Cell], lexicon: Lexicon, *, first: bool) -> bool:
    """Whether a row is one of heads: none of its cells is a figure, and one of the `first` known row at least is known.

    Rows before and below that one hold dates, units and known heads alone.
    """
    filled = [cell.text for cell in row if cell.text]
    heads = [head_of(text, lexicon) for text in filled]
    figures = [
        len(text) <= _LONGEST_FIGURE and _FIGURE.fullmatch(text) is not None and head.date is None
        for text, head in zip(filled, heads, strict=True)
    ]
    if not filled or any(figures):
        return False
    return all(head.role != UNKNOWN for head in heads) or (first and any(head.is_known for head in heads))


def _column(at: int, rows: Sequence[Sequence[Cell]], lexicon: Lexicon) -> Column:
    cells = tuple(cell for row in reversed(rows) if (cell := _over(row, at)) is not None)
    if not cells:
        return Column(at, Head(BLANK), ())
    heads = [head_of(cell.text, lexicon) for cell in cells]
    whole = head_of(" ".join(cell.text for cell in reversed(cells)), lexicon)
    lowest = next((head for head in heads if head.role != BLANK), heads[0])
    wrapped = lowest.role in {"share", UNKNOWN} and whole.is_known
    head = whole if wrapped else lowest
    of = head.of or (next((other.of for other in heads if other.of), "") if head.role in MEASURES else "")
    date = next((other.date for other in heads if other.date), None)
    return Column(at, Head(head.role, of, date), cells)


def _over(row: Sequence[Cell], at: int) -> Cell | None:
    """The cell of a row of heads that stands over a column: its own, or one to the left that spans it."""
    return next((cell for cell in reversed(row[: at + 1]) if cell.text), None)


def _continues(
    grid: Grid, columns: Sequence[Column], captions: Sequence[Cell], before: Layout, lexicon: Lexicon
) -> bool:
    """Whether a table goes on with the one before: as many columns, no heads of its own, no caption but "continued"."""
    known = [column for column in columns if column.head.role not in {BLANK, UNKNOWN}]
    own = [words_of(cell.text) for cell in captions]
    goes_on = set(listed(lexicon.lang, "continued"))
    idle = all(words in goes_on or all(word.isdigit() for word in words) for words in own)
    return grid.width == before.grid.width and not known and idle


def _tied(layout: Layout, lexicon: Lexicon) -> Layout:
    """Return a table with the tie that its rows are, told by its heads or else by its captions."""
    layout = _with_parents(layout)
    by_heads = [tie for tie in _TIES if _named(layout, tie)]
    if not by_heads:
        topic = topic_of(layout.captions, lexicon, has_shares=bool(layout.telling(*MEASURES)))
        topic = topic or ("shareholder" if _has_votes(layout, lexicon) else "")
        column = _naming(layout)
        if not topic or column is None:
            return replace(layout, reason="neither its heads nor its caption tell what its rows are")
        columns = tuple(
            replace(other, head=replace(other.head, role=topic)) if other == column else other
            for other in layout.columns
        )
        layout = replace(layout, columns=columns, by_caption=True)
        by_heads = [tie for tie in _TIES if _named(layout, tie)]
    tie = max(by_heads, key=lambda tie: len(_named(layout, tie)))
    named = _named(layout, tie)
    if len(named) == 1 and not layout.by_caption:
        layout = _with_other_end(layout, tie, named[0], lexicon)
    if layout.named(tie.subject) is None or layout.named(tie.object) is None:
        if _names_more(layout, named[0]):
            return replace(layout, reason="two of its columns name companies, and it is not told how they are tied")
        if _is_of_others(layout, tie, lexicon):
            return replace(layout, reason="it is of a market, a vote or titles that are no shares")
    if not _has_facts(layout, tie, lexicon):
        return replace(layout, reason="it names companies, but none of its columns tells what it is of them")
    topic = next(role for role in (tie.object, tie.subject) if role in named and role != "parent")
    return replace(layout, tie=tie, topic=topic)


def _has_votes(layout: Layout, lexicon: Lexicon) -> bool:
    """Whether it tells shares of the capital and of the votes: nobody but shareholders has both.

    Consolidated companies have "interest" and "control".
    """
    words = [word for column in layout.telling(*MEASURES) for cell in column.cells for word in words_of(cell.text)]
    votes = any((word,) in listed(lexicon.lang, "votes_alone") for word in words)
    return votes and {"capital", "votes"} <= {column.head.of for column in layout.telling("percent")}


def _named(layout: Layout, tie: Tie) -> list[str]:
    """The roles of a tie that columns name; of a parent alone nothing is told."""
    named = [role for role in (tie.subject, tie.object) if layout.named(role) is not None]
    return [] if named == ["parent"] else named


def _naming(layout: Layout) -> Column | None:
    """The column that names somebody where no head tells whom: it is called a name, or the first without a head."""
    generic = layout.named("name")
    if generic is not None:
        return generic
    first = layout.columns[0]
    if layout.grid.width == 1 or len(layout.body) < _LEAST_ROWS or first.head.role not in {BLANK, *MEASURES}:
        return None
    # Above names may stand the unit of the other columns: "in %".
    named = [at for at in layout.body if any(char.isalpha() for char in layout.grid.rows[at][0].text)]
    return first if len(named) >= _LEAST_ROWS else None


def _with_parents(layout: Layout) -> Layout:
    """Return a table in which the owners of parts are their parents: "Owner | Subsidiary | %"."""
    if layout.named("parent") is not None or not any(layout.named(part) for part in PARTS):
        return layout
    columns = (
        replace(one, head=replace(one.head, role="parent")) if one.head.role == "shareholder" else one
        for one in layout.columns
    )
    return replace(layout, columns=tuple(columns))


def _with_other_end(layout: Layout, tie: Tie, named: str, lexicon: Lexicon) -> Layout:
    """Return a table in which a column of companies is the other end: "Company | Customer | % of revenue".

    Behind the known end it is one only where its head says just that: "Lender | Company", but not "Lender | Name".
    """
    other = tie.subject if named == tie.object else tie.object
    generic, known = layout.named("name"), layout.named(named)
    if generic is None or known is None:
        return layout
    plain = any(words_of(cell.text) in listed(lexicon.lang, "company") for cell in generic.cells)
    if not plain and (generic.at > known.at or other == "filer"):
        return layout
    columns = (replace(one, head=replace(one.head, role=other)) if one == generic else one for one in layout.columns)
    return replace(layout, columns=tuple(columns))


def _names_more(layout: Layout, named: str) -> bool:
    """Whether another column than the one that is read names companies: then rows are not of whose table it is."""
    for column in layout.columns:
        role = column.head.role
        if role == named or (named, role) in _OF_A_DEAL:
            continue
        texts = [cell.text for row in layout.body if (cell := layout.grid.rows[row][column.at]).text]
        worded = [text for text in texts if any(char.isalpha() for char in text)]
        firms = [text for text in worded if _FIRM.search(text)]
        if role in NAMES and 2 * len(worded) > len(texts):
            return True
        if role in {BLANK, UNKNOWN} and firms and 2 * len(firms) >= len(texts):
            return True
    return False


def _is_of_others(layout: Layout, tie: Tie, lexicon: Lexicon) -> bool:
    """Whether a list is of a market's suppliers or customers, of a vote, or of those who hold other titles."""
    if tie.relation == "supplies":
        shares = layout.telling(*MEASURES)
        heads = [cell for column in shares for cell in column.cells] if _of_none(shares) else []
        return is_of_market(layout.captions, heads, lexicon)
    return "shareholder" in {tie.subject, tie.object} and says_any(layout.captions[:1], "elsewhere", lexicon)


def _of_none(shares: Sequence[Column]) -> bool:
    return all(column.head.of == "other" for column in shares)


def _has_facts(layout: Layout, tie: Tie, lexicon: Lexicon) -> bool:
    """Whether columns tell what a tie needs; a caption alone makes no list of names one of customers."""
    if tie.needs:
        return bool(layout.telling(*tie.needs)) or ("percent" in tie.needs and _is_dated(layout, lexicon))
    if not layout.by_caption:
        return True
    return bool(layout.telling("amount", *MEASURES)) or _is_dated(layout, lexicon) or _is_list(layout)


def _is_dated(layout: Layout, lexicon: Lexicon) -> bool:
    """Whether columns have dates for heads, and shares in them: by their cells, or by the caption."""
    if not any(column.head.role == BLANK and column.head.date for column in layout.columns):
        return False
    percents = set(listed(lexicon.lang, "percent"))
    told = any((word,) in percents for caption in layout.captions for word in words_of(caption.text))
    return told or any(cell.text.endswith("%") for at in layout.body for cell in layout.grid.rows[at])


def _is_list(layout: Layout) -> bool:
    """Whether it lists subsidiaries or competitors: each row has a name, perhaps with where that is at home."""
    listed = {column.head.role for column in layout.columns} & {"subsidiary", "competitor"}
    return bool(listed) and (bool(layout.telling("country")) or len(layout.columns) == 1)
