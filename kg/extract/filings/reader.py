"""The reader of filings, beside those of sentences and tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.filings.customers import customers
from kg.extract.filings.marked_rows import marked_rows
from kg.extract.filings.schedule import holders
from kg.extract.filings.threshold import crossings
from kg.extract.proposal import Parsed, Proposal

__all__ = ["METHOD", "Filings"]

METHOD = "filings/2"


@dataclass(frozen=True, slots=True)
class Filings:
    """Reads what filings claim in forms of their own. `method` rises with a change in how they are read."""

    method: str = METHOD

    def propose(self, parsed: Parsed, before: Sequence[Proposal] = ()) -> Iterator[Proposal]:
        """Yield the customers and the holders that a filing tells of."""
        yield from customers(parsed, self.method)
        yield from marked_rows(parsed, before, self.method)
        yield from holders(parsed, self.method)
        yield from crossings(parsed, self.method)
