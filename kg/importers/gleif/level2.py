"""Level 2, who owns whom: a relationship record (RR-CDF 1.1, 2.1) as the claim that a company is another's subsidiary.

Whose accounts consolidate whom is what GLEIF means by a parent. A direct parent is not told through others; of an
ultimate one the record does not say whether it is the direct one too, so neither does the claim. The percentage that a
record may have is how much of the accounts is consolidated, not how much is owned: it is no share, and left out.

Source: GLEIF, Level 2 Data: Relationship Record CDF 2.1 (https://www.gleif.org/en/lei-data/access-and-use-lei-data/level-2-data-relationship-record-rr-cdf-2-1-format).
"""

from collections.abc import Iterable, Iterator

from kg.dates import first_day, last_day
from kg.importers.gleif.level1 import NO_ENTITY
from kg.importers.gleif.records import Tie, Understood, known_by_lei
from kg.importers.gleif.tree import Tree, children, day, lei, text
from kg.importers.record_chunks import BadRecord
from kg.model import Modality, Qualifiers

__all__ = ["understood"]

_CONSOLIDATION = {"IS_DIRECTLY_CONSOLIDATED_BY": False, "IS_ULTIMATELY_CONSOLIDATED_BY": None}
"""Relationships to a parent, and whether they go through others."""
_OTHERS = frozenset({"IS_INTERNATIONAL_BRANCH_OF", "IS_FUND-MANAGED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO"})
"""Relationships that are none of a subsidiary to its parent: a branch is its head office, and who manages a fund
does not own it."""


def understood(tree: Tree) -> Understood:
    """Return what a level 2 record says; raise `BadRecord` where it does not hold."""
    told = tree.get("Relationship")
    child, parent = (_node(told, node) for node in ("StartNode", "EndNode"))
    kind = text(told, "RelationshipType") or ""
    key = f"{child}/{kind}/{parent}"
    published = day(tree, "LastUpdateDate", "Registration", "LastUpdateDate")
    if kind in _OTHERS:
        return Understood(key, published, left_out=f"relationships {kind}", is_kept=False)
    if kind not in _CONSOLIDATION:
        known = ", ".join(sorted({*_CONSOLIDATION, *_OTHERS}))
        raise BadRecord("RelationshipType", kind, f"is no relationship of RR-CDF 2.1: there are {known}")
    if child == parent:
        raise BadRecord("EndNode", parent, "is the company itself: nobody is its own parent")
    registered = text(tree, "Registration", "RegistrationStatus")
    if registered in NO_ENTITY:
        return Understood(key, published, left_out=f"relationships whose registration is {registered}")
    start, end, as_of = _times(told)
    modality = _modality(text(told, "RelationshipStatus"), end)
    terms = Qualifiers(indirect=_CONSOLIDATION[kind], start=start, end=end, as_of=as_of)
    tie = Tie(known_by_lei(child), "subsidiary-of", known_by_lei(parent), modality, terms)
    return Understood(key, published, f"{child} {kind} {parent}", ties=(tie,))


def _node(told: object, node: str) -> str:
    kind = text(told, node, "NodeIDType")
    if kind not in {None, "LEI"}:
        raise BadRecord(f"{node}.NodeIDType", kind or "", "is not LEI: only entities with an LEI are known")
    return lei(told, f"{node}.NodeID", node, "NodeID")


def _modality(status: str | None, end: str | None) -> Modality:
    """Return how a relationship stands; one that is over is a fact of its time where it is told until when it held."""
    if status == "ACTIVE" or (status == "INACTIVE" and end is not None):
        return Modality.ASSERTED
    if status == "INACTIVE":
        return Modality.ENDED
    raise BadRecord("RelationshipStatus", status or "", "is neither ACTIVE nor INACTIVE")


def _times(told: object) -> tuple[str | None, str | None, str | None]:
    """Return since when and until when it holds, and the day of the accounts that show it."""
    own = [(start, end) for kind, start, end in _periods(told) if kind == "RELATIONSHIP_PERIOD"]
    start = _first(one for one, _ in own if one is not None)
    ends = [end for _, end in own]
    end = None if None in ends else _last(end for end in ends if end is not None)
    if start is not None and end is not None and last_day(end) < first_day(start):
        raise BadRecord("EndDate", end, f"lies before the start, {start}")
    accounts = _last(end for kind, _, end in _periods(told) if kind == "ACCOUNTING_PERIOD" and end is not None)
    if accounts is not None and start is not None and last_day(accounts) < first_day(start):
        # Accounts from before it began are those of another year, and show nothing of it.
        accounts = None
    return start, end, accounts


def _first(days: Iterable[str]) -> str | None:
    return min(days, key=first_day, default=None)


def _last(days: Iterable[str]) -> str | None:
    return max(days, key=last_day, default=None)


def _periods(told: object) -> Iterator[tuple[str | None, str | None, str | None]]:
    for period in children(told, "RelationshipPeriods", "RelationshipPeriod"):
        start, end = (day(period, name, name) for name in ("StartDate", "EndDate"))
        yield text(period, "PeriodType"), start, end
