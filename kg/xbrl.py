"""Facts that a filing marks up in its text, as Inline XBRL has them: what a figure or a name of the text is.

https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/inlinexbrl-part1-rec-2013-11-18.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["XbrlFact"]


@dataclass(frozen=True, slots=True)
class XbrlFact:
    """A fact of a filing.

    `concept` names what it is ("us-gaap:ConcentrationRiskPercentage"), `value` is its value, scaled. It stands at
    characters `start` up to `end` of the document's text; both are 0 for one that the page does not show. `period`
    are the first and the last day that it is of (the same for an instant); None where its context lacks one.
    `members` are the dimensions of its context, each with its member ("srt:MajorCustomersAxis", "pg:WalmartMember"),
    `entity` is who reports it: the scheme of its number, and the number.

    >>> fact = XbrlFact("dei:TradingSymbol", "ZLT", 10, 13, members=(("dei:EntityListingsExchangeAxis", "exch:XNYS"),))
    >>> fact.member("EntityListingsExchangeAxis")
    'XNYS'

    """

    concept: str
    value: str
    start: int = 0
    end: int = 0
    period: tuple[str, str] | None = None
    members: tuple[tuple[str, str], ...] = ()
    entity: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The concept without the prefix of its taxonomy."""
        return self.concept.rpartition(":")[2]

    @property
    def axes(self) -> Mapping[str, str]:
        """The members by axis, both without prefix."""
        return {axis.rpartition(":")[2]: member.rpartition(":")[2] for axis, member in self.members}

    def member(self, axis: str) -> str | None:
        """Return the member on an axis, both without prefix."""
        return self.axes.get(axis)
