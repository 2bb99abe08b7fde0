"""Which list of an answer a claim belongs in: facts, plans, reports and leads never stand in one."""

from collections.abc import Mapping
from enum import StrEnum

from kg.facts import TriState
from kg.model import Modality

__all__ = ["Section", "section_of"]


class Section(StrEnum):
    """A list of an answer, in the order in which lists come.

    `FACTS` hold on the day asked for; of those `UNDECIDED` the bounds of their dates leave open whether they do.
    `PLANS` are announced, planned or conditional, `REPORTS` hearsay, `DENIED` denied, `PAST` over or not current.
    `LEADS` are claims that the gate did not admit. `ROWS` are of questions that are not about single relations.
    """

    ROWS = "rows"
    FACTS = "facts"
    UNDECIDED = "undecided"
    PLANS = "plans"
    REPORTS = "reports"
    DENIED = "denied"
    PAST = "past"
    LEADS = "leads"


_BY_MODALITY: Mapping[Modality, Section] = {
    Modality.ASSERTED: Section.FACTS,
    Modality.ANNOUNCED: Section.PLANS,
    Modality.PLANNED: Section.PLANS,
    Modality.CONDITIONAL: Section.PLANS,
    Modality.HEDGED: Section.REPORTS,
    Modality.DENIED: Section.DENIED,
    Modality.PAST: Section.PAST,
    Modality.ENDED: Section.PAST,
}


def section_of(modality: Modality, holds: TriState = TriState.TRUE) -> Section:
    """Return the list for what stands in a modality; what is asserted and does not hold on the day is past.

    >>> section_of(Modality.ASSERTED, TriState.UNDECIDED), section_of(Modality.PLANNED, TriState.FALSE)
    (<Section.UNDECIDED: 'undecided'>, <Section.PLANS: 'plans'>)
    """
    if modality is not Modality.ASSERTED:
        return _BY_MODALITY[modality]
    return {TriState.TRUE: Section.FACTS, TriState.UNDECIDED: Section.UNDECIDED}.get(holds, Section.PAST)
