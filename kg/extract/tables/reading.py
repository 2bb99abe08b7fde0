"""A table → what its rows claim, and an account of the rows that claim nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import product
from types import MappingProxyType

from kg.extract.lexicon import Lexicon
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.tables.captions import PARTS, about
from kg.extract.tables.cells import CellFigure
from kg.extract.tables.consolidation import Section, method_of, relation_of, section_of
from kg.extract.tables.grid import Cell
from kg.extract.tables.layout import Column, Layout
from kg.extract.tables.lumps import is_total, is_unnamed
from kg.extract.tables.names import name_in
from kg.extract.tables.owner import Owner, owner
from kg.extract.tables.party import Party, party, without_form
from kg.extract.tables.row_terms import (
    Columns,
    Share,
    SumOfMoney,
    date_of,
    goods_of,
    shares,
    sums_of_money,
)
from kg.extract.tables.stages import EVENTS, Stage, stage_of
from kg.extract.tables.summary import TableSummary
from kg.extract.tables.surety import confidence
from kg.extract.tables.table import Table, lays_out, names_in_row
from kg.model import Modality, Qualifiers
from kg.reasons import Reason

__all__ = ["METHOD", "TableReading", "read_tables"]

METHOD = "tables/1"


@dataclass(frozen=True, slots=True)
class TableReading:
    """What was read in a table, and the account of it."""

    proposals: tuple[Proposal, ...]
    summary: TableSummary


def read_tables(parsed: Parsed) -> Iterator[TableReading]:
    """Yield what each table of a document claims; those that only lay out a page are none."""
    for table in parsed.text.tables:
        if table.layout.tie is not None or not lays_out(table.layout):
            yield _Reader(table, parsed).reading()


@dataclass
class _Reader:
    table: Table
    parsed: Parsed

    @property
    def layout(self) -> Layout:
        return self.table.layout

    @property
    def lexicon(self) -> Lexicon:
        return self.parsed.lexicon

    @cached_property
    def columns(self) -> Columns:
        return Columns(self.layout, self.lexicon, self.parsed.text.crossed)

    @cached_property
    def names(self) -> Counter[str]:
        """How often each name stands in the first column of names, whatever its legal form."""
        column = self.layout.naming[0]
        cells = {cell for row in self.layout.body for cell in names_in_row(self.layout, row, column, self.lexicon)}
        return Counter(without_form(name) for name in {cell.text for cell in cells})

    def reading(self) -> TableReading:
        """Read each row below the heads."""
        summary = TableSummary.of(self.layout, self.parsed.document.text)
        if self.layout.tie is None:
            return TableReading((), summary)
        whose = owner(self.table, self.parsed.text, self.lexicon) if len(self.layout.naming) == 1 else None
        if whose is None and len(self.layout.naming) == 1:
            return TableReading((), replace(summary, reason="it is not told whose it is"))
        found: list[Proposal] = []
        read = unnamed = totals = 0
        section = Section()
        for row in self.layout.body:
            cells = self.layout.grid.rows[row]
            if sum(bool(cell.text) for cell in cells) == 1 and len(cells) > 1:
                section = section_of(next(cell for cell in cells if cell.text), section, self.lexicon)
                continue
            totals += self._says(row, partial(is_total, of_holders=self.layout.topic == "shareholder"))
            unnamed += self._says(row, is_unnamed)
            proposals = tuple(self._row(row, whose, section))
            read += bool(proposals)
            found.extend(proposals)
        return TableReading(tuple(found), replace(summary, read=read, unnamed=unnamed, totals=totals))

    def _says(self, row: int, is_sort: Callable[[str, Lexicon], bool]) -> bool:
        """Whether the name of a row, as a whole, is of a sort that names nobody."""
        names = (name_in(self.layout.grid.rows[row][column.at], self.lexicon) for column in self.layout.naming)
        return any(name is not None and is_sort(name.text, self.lexicon) for name in names)

    def _row(self, row: int, whose: Owner | None, section: Section) -> Iterator[Proposal]:
        tie, method = self.layout.tie, method_of(self.layout, row, self.lexicon)
        told = tuple(shares(self.columns, row))
        sums = sums_of_money(self.columns, row)
        if tie is None or (self.columns.shares and not told and not sums) or method == "parent":
            return
        stage = stage_of(self.layout, row, section.heading, self.lexicon)
        if tie.relation == "subsidiary-of" and method in {"none", "unknown"}:
            stage = replace(stage, doubts=(*stage.doubts, Reason.DOUBTFUL_SENSE))
        roles = [column.head.role for column in self.layout.naming]
        for parties in product(*(self._parties(row, column) for column in self.layout.naming)):
            by_role = dict(zip(roles, parties, strict=True))
            ends = _Ends(by_role.get(tie.subject), by_role.get(tie.object), whose)
            for share in told:
                relation = relation_of(tie.relation, section, method, share, told)
                yield self._proposal(row, relation, ends, stage, (share, _beside(share, told, sums)))
            for money in () if told else sums or (None,):
                relation = relation_of(tie.relation, section, method, None, told)
                yield self._proposal(row, relation, ends, stage, (None, money))

    def _parties(self, row: int, column: Column) -> list[Party]:
        cells = names_in_row(self.layout, row, column, self.lexicon)
        return [named for cell in cells if (named := party(cell, column, self.table, self.lexicon)) is not None]

    def _proposal(
        self, row: int, relation: str, ends: "_Ends", stage: Stage, told: tuple[Share | None, SumOfMoney | None]
    ) -> Proposal:
        layout = self.layout
        subject, object_ = ends.of(layout, relation)
        begins = relation in EVENTS and stage.modality is Modality.ASSERTED
        terms = self._terms(row, *told, begins=begins)
        return Proposal(
            subject,
            relation,
            object_,
            stage.modality,
            self._evidence(row, terms.columns, (*stage.cells, *terms.cells), ends),
            Qualifiers(**terms.said),  # type: ignore[arg-type]
            MappingProxyType(terms.printed),
            f"tables/{layout.topic}",
            METHOD,
            confidence("caption" if layout.by_caption else "head", ends.surety),
            tuple(dict.fromkeys((*terms.doubts, *ends.doubts, *stage.doubts))),
            units=MappingProxyType(terms.units),
            part=_part(layout, relation),
            namesake=self._is_namesake(subject if relation == "subsidiary-of" else object_),
        )

    def _terms(self, row: int, share: Share | None, money: SumOfMoney | None, *, begins: bool) -> "_Terms":
        """The terms of a row; `begins` tells that its date is that on which the tie begins, not only as of when."""
        terms = _Terms()
        if share is not None:
            terms.add_share(share)
        if money is not None:
            terms.add_sum(money.column, money.figure, money.as_of)
        goods = goods_of(self.layout, row)
        if goods is not None and self.layout.tie is not None and self.layout.tie.relation == "supplies":
            terms.columns.append(goods[0])
            terms.said["goods"] = goods[1]
        dated = date_of(self.layout, row, self.lexicon, self.parsed.document.published)
        if dated is not None:
            terms.columns.append(dated[0])
            terms.said["start" if begins else "as_of"] = dated[1]
        elif share is None:
            terms.said.setdefault("as_of", self.columns.day)
        return terms

    def _is_namesake(self, part: End) -> bool:
        """Whether another row of a list of parts has the same name in another legal form."""
        if self.layout.topic not in PARTS:
            return False
        return self.names[without_form(part.name)] > 1

    def _evidence(
        self, row: int, columns: Sequence[Column], cells: Sequence[tuple[int, int] | Cell], ends: "_Ends"
    ) -> tuple[tuple[int, int], ...]:
        """The row up to the last cell that tells something, the heads over it, the caption, whose table it is."""
        layout = self.layout
        line = layout.grid.rows[row]
        used = sorted({column.at for column in (*layout.naming, *columns)})
        last = used[-1]
        # A sign may stand in a cell of its own: "16 | %".
        following = line[last + 1].text if last + 1 < len(line) else ""
        last += bool(columns) and bool(following) and len(following) <= len("EUR")
        first = next(cell for cell in line if cell.text)
        places = [(first.start, max(line[at].end for at in range(last + 1) if line[at].text))]
        places += [(c.start, c.end) for column in (*layout.naming, *columns) for c in column.cells]
        places += [cell if isinstance(cell, tuple) else (cell.start, cell.end) for cell in cells]
        own = [] if ends.owner is None else [ends.owner.place]
        if layout.by_caption:
            telling = [(c.start, c.end) for c in layout.captions if about(c.text, self.lexicon)]
            places += [] if set(own) & set(telling) else telling[:1]
        places += own
        return tuple(dict.fromkeys(places))


def _beside(share: Share, told: Sequence[Share], sums: Sequence[SumOfMoney]) -> SumOfMoney | None:
    """The sum that a share goes with: that of its day, or the only one of a row where all shares are of one day."""
    same = [money for money in sums if money.as_of == share.as_of]
    if len(sums) == 1 and len({one.as_of for one in told}) == 1 and None in {sums[0].as_of, share.as_of}:
        return sums[0]
    return same[0] if same else None


def _part(layout: Layout, relation: str) -> str:
    """Which end of a row is a part of the other one, in a list of subsidiaries and the like."""
    if layout.topic not in PARTS:
        return ""
    return "subject" if relation == "subsidiary-of" else "object"


@dataclass(slots=True)
class _Ends:
    """The two ends of a row: those that its cells name, and for a missing one whose table it is."""

    subject: Party | None
    object: Party | None
    owner: Owner | None

    def of(self, layout: Layout, relation: str) -> tuple[End, End]:
        """Return subject and object of a relation: a stake is held by the parent that a subsidiary belongs to."""
        tie = layout.tie
        ends = self._end(self.subject), self._end(self.object)
        turned = tie is not None and tie.relation == "subsidiary-of" and relation == "holds-stake"
        return (ends[1], ends[0]) if turned else ends

    def _end(self, named: Party | None) -> End:
        if named is not None:
            return named.end
        if self.owner is None:
            raise AssertionError("a row without one end belongs to an owner")
        return self.owner.end

    @property
    def doubts(self) -> tuple[Reason, ...]:
        """What speaks against the ends."""
        guessed = (Reason.REFERENCE,) if self.owner is not None and not self.owner.is_sure else ()
        return (*(doubt for one in (self.subject, self.object) if one is not None for doubt in one.doubts), *guessed)

    @property
    def surety(self) -> str:
        """How surely the least sure name is one of what the column names."""
        return next((one.surety for one in (self.subject, self.object) if one is not None), "plain")


class _Terms:
    """The terms of a row as they are gathered."""

    def __init__(self) -> None:
        self.said: dict[str, object] = {}
        self.printed: dict[str, tuple[int, int]] = {}
        self.units: dict[str, tuple[tuple[int, int], ...]] = {}
        self.columns: list[Column] = []
        self.cells: list[tuple[int, int]] = []
        self.doubts: list[Reason] = []

    def add_share(self, share: Share) -> None:
        """Add a percentage, or the doubt that it is none."""
        self.columns.append(share.column)
        self.doubts += share.doubts
        self.said |= {"as_of": share.as_of}
        if share.figure is not None:
            name = f"percent_{share.figure.bound}" if share.figure.bound else "percent"
            self.said |= {name: share.figure.value, "percent_of": share.of}
            self.printed[name] = share.figure.place
            self.units |= {name: share.figure.units} if share.figure.units else {}
            self.cells += share.figure.units

    def add_sum(self, column: Column, figure: CellFigure | None, as_of: str | None) -> None:
        """Add a sum of money, or the doubt that its currency or scale is not told."""
        self.columns.append(column)
        if figure is None:
            self.doubts.append(Reason.SCALE_WORD)
            return
        self.said |= {"amount": figure.value, "currency": figure.currency}
        self.said |= {"as_of": as_of} if as_of else {}
        self.printed["amount"] = figure.place
        self.units |= {"amount": figure.units} if figure.units else {}
        self.cells += figure.units
