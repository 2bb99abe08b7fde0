"""The columns of a list: by what names they go, and what is wrong with a header."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.errors import EdgeListError, did_you_mean

__all__ = ["COLUMNS", "EDGE_COLUMNS", "HOLDERS", "NAMELESS", "Columns", "RejectedRow"]

_ENDS = {
    "subject": ("subject", "holder", "owner", "parent", "source"),
    "object": ("object", "issuer", "company", "target"),
}
_OTHERS = (
    *("relation", "share", "percent", "percent_min", "percent_max", "percent_of"),
    *("amount", "amount_min", "amount_max", "currency"),
    *("start", "end", "as_of", "known_from", "modality", "goods", "exclusive", "indirect", "duration"),
    *("subject_type", "object_type"),
)
COLUMNS: Mapping[str, str] = {name: end for end, names in _ENDS.items() for name in names} | {n: n for n in _OTHERS}
"""The columns that a list may have, by every name that they may go by."""

HOLDERS = frozenset({"holder", "owner", "parent"})
"""Columns of holders: in a row of a subsidiary they name the parent."""
NAMELESS = "nameless "
"""How a column without a name begins, where a list may have such ones: spreadsheets write them behind the last one."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """What does not hold in one cell of a list: `value` as it stands there, and why, with what to write instead.

    Rows count from 1, the header not among them; 0 is the header. `line` is that of the file, where there is one.
    """

    row: int
    column: str
    value: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "header"
        line = f" (line {self.line})" if self.line is not None and self.row else ""
        return f"{place}{line}: {self.column} '{self.value}' {self.reason}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that lists of one kind may have.

    `names` gives what a column means by every name that it may go by, "" where it is left out; `needed` are meanings
    that every list must have, each with the names to tell. `renamed` are a user's own names, which come first, and
    `told` the known names that were given for them.
    """

    names: Mapping[str, str]
    needed: Mapping[str, Sequence[str]]
    renamed: Mapping[str, str] = field(default_factory=dict)
    may_be_nameless: bool = False
    told: Mapping[str, str] = field(default_factory=dict)

    def of_header(self, header: Sequence[str], name: str) -> dict[str, str]:
        """Return what the columns of a list mean, by their own names; raise `EdgeListError` for what is none."""
        columns, wrong = self.found(header)
        if not columns:
            shown = ", ".join(f"'{column}'" for column in header[:4])
            raise EdgeListError(
                f"{name} begins with {shown}: name the columns in its first line, as in holder,issuer,share"
            )
        for lost in sorted(self.renamed.keys() - set(header)):
            wrong.append(("column", lost, f"is not there.{did_you_mean(lost, header)}"))
        for needed, names in self.needed.items():
            if not {needed, *names} & {*columns.values()}:
                wrong.append((needed, "", f"is missing: one column is called {' or '.join(names)}"))
        if wrong:
            rejected = tuple(RejectedRow(0, *each) for each in wrong)
            raise EdgeListError(f"{name}: {'; '.join(map(str, rejected))}", rejected)
        return columns

    def found(self, header: Iterable[str]) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
        """Return what columns mean, by their own names, and what is wrong with the others."""
        columns: dict[str, str] = {}
        wrong: list[tuple[str, str, str]] = []
        for at, column in enumerate(header):
            known = self._meaning(column)
            if not column and self.may_be_nameless:
                columns[f"{NAMELESS}{at + 1}"] = f"{NAMELESS}{at + 1}"
            elif known is None:
                hint = did_you_mean(column, self.names) or f" There are: {', '.join(self.names)}."
                wrong.append(("column", column, f"is unknown.{hint}"))
            elif column in columns or (known and known in columns.values()):
                wrong.append(("column", column, f"says again what another column says: the {known or column}"))
            else:
                columns[column] = known
        return columns, wrong

    def _meaning(self, column: str) -> str | None:
        if column in self.renamed:
            return self.renamed[column]
        return self.names.get(_folded(column))

    def is_holder(self, column: str | None) -> bool:
        """Whether a column, by its own name, is one of holders."""
        return column is not None and self.told.get(column, _folded(column)) in HOLDERS


def _folded(column: str) -> str:
    return "_".join(column.strip().casefold().replace("-", " ").split())


EDGE_COLUMNS = Columns(COLUMNS, _ENDS)
"""The columns of a list of edges."""
