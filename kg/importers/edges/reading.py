"""Lists of edges as claims: holder, issuer, share, and whatever else is known, each row with its own text for evidence.

So a register or a worked example goes through the same functions as what is read in articles. A list is a document,
and a row a claim of it. Rows that do not hold are named, each with its column, and none is mended in silence.

>>> [claim.qualifiers.percent for claim in claims_of_edges([("Alice", "Beta", 0.6), ("Beta", "Gamma", "25%")])]
[Decimal('60'), Decimal('25')]
>>> print(read_edges([("Alice", "Beta", -0.2)]).rejected[0])
row 1: share '-0.2' is negative; write 0 to 1
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from kg.errors import EdgeListError
from kg.importers.edges.columns import COLUMNS, RejectedRow
from kg.importers.edges.drafts import LANG, claim_of, draft_of
from kg.importers.edges.names import Names
from kg.importers.edges.rows import ListText, Source, rows_of
from kg.model import Claim, Document

__all__ = ["COLUMNS", "UNITS", "Edges", "RejectedRow", "Source", "Unit", "claims_of_edges", "read_edges"]

Unit = Literal["fraction", "percent"]
UNITS = frozenset(get_args(Unit))
"""What the shares of a list may be."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Edges:
    """A list as claims, what of it does not hold, and its text, in which the claims have their places.

    `count` is the number of rows. `alike` are names that an article would use for one company ("Alpha", "Alpha
    Holding") and that are several here: what a list spells in two ways it means to keep apart.
    """

    claims: tuple[Claim, ...]
    rejected: tuple[RejectedRow, ...]
    document: Document
    count: int
    alike: tuple[tuple[str, ...], ...] = ()

    @property
    def bad_rows(self) -> int:
        """The number of rows that do not hold."""
        return len({each.row for each in self.rejected})

    def notes(self) -> Iterator[str]:
        """Yield what was assumed, a sentence each."""
        for names in self.alike:
            yield f"{', '.join(names)} are taken for {len(names)} companies: spell a name alike where one is meant"


def read_edges(source: Source, *, name: str | None = None, unit: Unit = "fraction") -> Edges:
    """Return a list of edges as claims, and what of it does not hold.

    `source` is the path of a CSV file or an open one (a header; comma, semicolon or tab), tuples (holder, issuer,
    share), mappings by column, or a pandas DataFrame; `COLUMNS` are the columns. Where no relation is named, a row is
    a stake that is held. A share is a fraction of 0–1, with ``unit="percent"`` a percentage; one that bears a percent
    sign is a percentage always. An empty cell is nothing said: a stake without a share is a stake of unknown size.
    Pairs may stand more than once: what their rows say side by side is what sources at odds would say. `name` is that
    of the document, by default the file's, or "edges.csv".

    Raises `EdgeListError` where the header does not hold, and `DocumentError` for a file that cannot be read.
    """
    if unit not in UNITS:
        raise EdgeListError(f"no unit '{unit}': shares are a 'fraction' (0 to 1) or a 'percent' (0 to 100)")
    name = name or (Path(source).name if isinstance(source, str | Path) else "") or "edges.csv"
    text = ListText()
    drafts = [draft_of(row, percent=unit == "percent") for row in rows_of(source, name, text)]
    with Names() as names:
        for draft in drafts:
            draft.add_names(names)
        names.settle()
        claims = [claim for draft in drafts if (claim := claim_of(draft, name, names)) is not None]
        alike = names.alike()
    rejected = [each for draft in drafts for each in draft.fields.rejected]
    return Edges(tuple(claims), tuple(rejected), Document(name, text.cut(), LANG), len(drafts), alike)


def claims_of_edges(source: Source, *, name: str | None = None, unit: Unit = "fraction") -> tuple[Claim, ...]:
    """Return a list of edges as claims (see `read_edges`); raise `EdgeListError` with all rows that do not hold."""
    edges = read_edges(source, name=name, unit=unit)
    if edges.rejected:
        first = "; ".join(map(str, edges.rejected[:_SHOWN]))
        more = len(edges.rejected) - _SHOWN
        raise EdgeListError(
            f"{edges.bad_rows} of {edges.count} rows of {edges.document.id} do not hold: {first}"
            + (f"; and {more} more" if more > 0 else ""),
            edges.rejected,
        )
    return edges.claims
