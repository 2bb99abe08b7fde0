"""Customers' shares that a filing marks up in a table: the row names the customer, the cell is the share."""

import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from kg.extract.filings.concentration import customer_shares, is_same_name, is_unnamed, whole_percent
from kg.extract.proposal import End, Parsed, Proposal
from kg.model import Modality, Qualifiers
from kg.xbrl import XbrlFact

__all__ = ["marked_rows"]

_SURE = 0.97
"""As sure as what a sentence tells of customers."""
_CELL = re.compile(r"[^|\s](?:[^|\n]*[^|\s])?")
_FIGURE = re.compile(r"\d[\d.,]*")
_NEAR = 2
"""Lines above a row in which the head of its table may have the sign of per cent."""


def marked_rows(parsed: Parsed, before: Sequence[Proposal], method: str) -> Iterator[Proposal]:
    """Yield the customers that rows of tables name, where the reader of tables has not read the share already."""
    files, text = parsed.text.registrant, parsed.document.text
    read = [place for proposal in before for name, place in proposal.printed.items() if name == "percent"]
    for fact in customer_shares(parsed.document.facts) if files is not None else ():
        start, end = text.rfind("\n", 0, fact.start) + 1, text.find("\n", fact.end)
        taken = any(first < fact.end and fact.start < last for first, last in read)
        if taken or is_unnamed(fact) or not text.startswith("|", start):
            continue
        figure = _FIGURE.search(text, fact.start, fact.end)
        customer = _customer(text, start, end, fact)
        sign = _sign(text, start, end, fact)
        percent = whole_percent(fact)
        if files is None or customer is None or figure is None or sign is None or percent is None:
            continue
        yield Proposal(
            End(files.name, "Company", *files.place),
            "supplies",
            customer,
            Modality.ASSERTED,
            ((start, end), files.place),
            Qualifiers(percent=percent, percent_of="revenue", as_of=fact.period[1] if fact.period else None),
            MappingProxyType({"percent": figure.span()}),
            "filings/marked-row",
            method,
            _SURE,
            units=MappingProxyType({"percent": (sign,)}),
        )


def _customer(text: str, start: int, end: int, fact: XbrlFact) -> End | None:
    """The cell of a row that names the member of its share."""
    for cell in _CELL.finditer(text, start, end):
        if is_same_name(cell[0], fact):
            return End(cell[0], "Company", *cell.span())
    return None


def _sign(text: str, start: int, end: int, fact: XbrlFact) -> tuple[int, int] | None:
    """Where the sign of per cent stands: behind the figure, or in the head of the table."""
    above = start
    for _ in range(_NEAR):
        above = text.rfind("\n", 0, max(above - 1, 0)) + 1
    for first, last in ((fact.start, end), (start, end), (above, start)):
        at = text.find("%", first, last)
        if at >= 0:
            return at, at + 1
    return None
