"""The reader of tables, beside those of sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.proposal import Parsed, Proposal
from kg.extract.tables.reading import METHOD, read_tables

__all__ = ["Tables"]


@dataclass(frozen=True, slots=True)
class Tables:
    """Reads what the rows of tables claim. `method` rises with a change in how they are read."""

    method: str = METHOD

    def propose(self, parsed: Parsed, before: Sequence[Proposal] = ()) -> Iterator[Proposal]:
        """Yield the claims of each table."""
        del before
        for reading in read_tables(parsed):
            yield from reading.proposals
