"""What a question asks, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.asking.tokens import Bound
from kg.model import Entity

__all__ = ["Intent", "Times"]


@dataclass(frozen=True, slots=True)
class Times:
    """The time of a question, as partial dates: on a day, since one, until one."""

    on: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What a question asks.

    Args:
        lang: its language, "en" or "fr".
        relation: the relation that it is about; None where it is a `topic`.
        topic: the question of the catalogue that it asks as a whole; None where it is about a relation.
        subject: who does it, where that is named.
        object: to whom it is done, where that is named.
        asked: which end is asked for, "subject" or "object"; None where both are named.
        modality: planned, hedged, denied or past; "" for facts.
        times: its time.
        bound: the figure that bounds it.
        shape: count, amount, when, largest or total; "" for a list, or for yes and no.
        companies: the companies of a topic by parameter.
        values: other values of a topic by parameter.

    """

    lang: str
    relation: str | None = None
    topic: str | None = None
    subject: Entity | None = None
    object: Entity | None = None
    asked: str | None = None
    modality: str = ""
    times: Times = field(default_factory=Times)
    bound: Bound | None = None
    shape: str = ""
    companies: Mapping[str, Entity] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    question: str | None = None

    @property
    def is_yes_or_no(self) -> bool:
        """Whether both ends are named, and what is asked is whether it is so."""
        return self.relation is not None and self.asked is None and not self.shape
