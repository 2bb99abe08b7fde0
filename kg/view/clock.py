"""What the viewer shows on a day, out of its data alone: the rule of ``kg/view/src/facts.ts``.

A line is a fact while one of its claims is, by the days that `kg.facts.periods` gave them, and is not shown before
and after. What is never a fact (plans, reports, denials) and figures are shown once they are told of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.dates import first_day, last_day
from kg.facts import TriState, any_of, tri_state
from kg.model import Modality
from kg.view.presentation import STYLES

__all__ = ["ShownLine", "facts_on", "lines_on"]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a view as it is shown on a day: how it stands then, and whether it is a fact."""

    line: Mapping[str, Any]
    modality: Modality
    holds: TriState


def facts_on(view: Mapping[str, Any], day: str) -> Mapping[str, TriState]:
    """Return the lines between entities that the page shows as facts on a day ("2026-11-29"), by their ids.

    UNDECIDED are those that it marks so: the bounds of their dates leave open whether they hold.
    """
    return {
        shown.line["id"]: shown.holds
        for shown in lines_on(view, day)
        if shown.holds is not TriState.FALSE and shown.line.get("object") is not None
    }


def lines_on(view: Mapping[str, Any], day: str) -> Iterator[ShownLine]:
    """Yield what the page shows on a day, facts or not, in the order of the view; its figures too."""
    for line in view["lines"]:
        dated = [claim for claim in line["claims"] if "from" in claim]
        holds = any_of(_holds_on(claim, day) for claim in dated)
        if holds is not TriState.FALSE:
            yield ShownLine(line, Modality.ASSERTED, holds)
        elif not dated and _is_told(line, day):
            modality = Modality(line.get("modality", Modality.ASSERTED))
            is_fact = STYLES[modality] == "fact"
            yield ShownLine(line, modality, TriState.TRUE if is_fact else TriState.FALSE)


def _holds_on(claim: Mapping[str, Any], day: str) -> TriState:
    first, last = claim["from"], claim.get("until", "")
    surely_first, surely_last = claim.get("surely", (first, last))
    perhaps = _within(first, last, day)
    return tri_state(surely=perhaps and _within(surely_first, surely_last, day), perhaps=perhaps)


def _within(first: str, last: str, day: str) -> bool:
    return first <= day and (not last or day <= last)


def _is_told(line: Mapping[str, Any], day: str) -> bool:
    """Whether what is no fact on any day, or a figure, is told of by a day; a plan or a rumour to its end."""
    dates = [first_day(date).isoformat() for date in (line.get("start"), line.get("known")) if date]
    begins = (dates[0] if line.get("object") is None else min(dates)) if dates else ""
    if begins > day:
        return False
    is_over = STYLES[Modality(line.get("modality", Modality.ASSERTED))] == "over"
    return is_over or "end" not in line or day <= last_day(line["end"]).isoformat()
