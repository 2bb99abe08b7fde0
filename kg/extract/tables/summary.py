"""What became of a table, for reports: read as what, or not read and why not."""

from dataclasses import dataclass

from kg.extract.tables.layout import Layout

__all__ = ["TableSummary"]

_LONGEST = 80
"""Characters of a table's first line that are shown."""


@dataclass(frozen=True, slots=True)
class TableSummary:
    """A table at characters `start`–`end` of a document.

    `topic` is whom its rows name ("customer"), "" where it was not read; then `reason` says why not. `label` is its
    caption or its first line. Of its `rows` below the heads, `read` made claims, `unnamed` stand for somebody whom the
    source does not name ("Customer A"), `totals` sum up or lump together.
    """

    start: int
    end: int
    label: str
    topic: str = ""
    reason: str = ""
    rows: int = 0
    read: int = 0
    unnamed: int = 0
    totals: int = 0

    @property
    def is_read(self) -> bool:
        """Whether it was understood."""
        return not self.reason

    @classmethod
    def of(cls, layout: Layout, text: str) -> "TableSummary":
        """Return the summary of a table before its rows are read."""
        first = layout.label or text[layout.grid.start : layout.grid.end]
        line = " ".join(first.split("\n", maxsplit=1)[0].split())
        label = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 2]} …"
        return cls(layout.grid.start, layout.grid.end, label, layout.topic, layout.reason, len(layout.body))
