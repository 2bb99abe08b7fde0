"""What is counted, and the shares of it."""

import operator
from collections.abc import Iterable
from dataclasses import dataclass, fields

__all__ = ["Counts", "harmonic", "mean", "ratio", "total"]

_PLACES = 3


def ratio(part: float, whole: float) -> float | None:
    """Return a share in 0–1, to three places; None where there is nothing to share."""
    return round(part / whole, _PLACES) if whole else None


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean, to three places, of the values that there are; None where there are none."""
    numbers = [value for value in values if value is not None]
    return round(sum(numbers) / len(numbers), _PLACES) if numbers else None


def harmonic(precision: float | None, recall: float | None) -> float:
    """Return F1, to three places; 0 where precision or recall is 0 or unknown."""
    if not precision or not recall:
        return 0.0
    return round(2 * precision * recall / (precision + recall), _PLACES)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one document, relation, language … or of many together; they add up.

    `said` are the distinct edges (subject, relation, object) that claims say, `right` those of them
    that gold has; `core` the edges that must be found, `found` those of them that are said,
    `status_right` those found that are said with a right modality. `terms` are gold's terms on what
    was found, `terms_right` and `terms_wrong` those said rightly and wrongly; the others are missing.
    `spans` are the evidence spans, `grounded` those whose quote is the text's to the letter. `traps`
    are the traps, `sprung` those that caught something, `sprung_by_any` those that did with "*" read
    as anything.
    """

    said: int = 0
    right: int = 0
    core: int = 0
    found: int = 0
    status_right: int = 0
    terms: int = 0
    terms_right: int = 0
    terms_wrong: int = 0
    spans: int = 0
    grounded: int = 0
    traps: int = 0
    sprung: int = 0
    sprung_by_any: int = 0

    def values(self) -> tuple[int, ...]:
        """Return the counts in the order of the fields."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*map(operator.add, self.values(), other.values()))

    @property
    def precision(self) -> float | None:
        """The share of what is said that is right."""
        return ratio(self.right, self.said)

    @property
    def recall(self) -> float | None:
        """The share of what must be found that is found."""
        return ratio(self.found, self.core)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return harmonic(self.precision, self.recall)

    @property
    def status(self) -> float | None:
        """The share of what is found whose modality is right."""
        return ratio(self.status_right, self.found)

    @property
    def qualifiers(self) -> float | None:
        """The share of gold's terms, on what is found, that are said rightly."""
        return ratio(self.terms_right, self.terms)

    @property
    def terms_missing(self) -> int:
        """The terms of gold, on what is found, of which no value is said."""
        return self.terms - self.terms_right - self.terms_wrong

    @property
    def grounding(self) -> float | None:
        """The share of spans whose quote is the text's."""
        return ratio(self.grounded, self.spans)


def total(counts: Iterable[Counts]) -> Counts:
    """Return the counts added up."""
    return Counts(*map(sum, zip(*(each.values() for each in counts), strict=True)))
