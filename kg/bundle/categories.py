"""How firmly things are said: what a page never puts into one list."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from kg.bundle.story import Story
from kg.facts import AsOf, Fact, facts_of
from kg.model import Modality, Outcome

__all__ = ["Category", "category_of", "facts_by_category"]


class Category(StrEnum):
    """A list of a story's page."""

    FACTS = "facts"
    PLANS = "plans"
    REPORTS = "reports"
    LEADS = "leads"
    ENDED = "ended"
    DENIED = "denied"


_BY_MODALITY: Mapping[Modality, Category] = {
    Modality.ASSERTED: Category.FACTS,
    Modality.ANNOUNCED: Category.PLANS,
    Modality.PLANNED: Category.PLANS,
    Modality.CONDITIONAL: Category.PLANS,
    Modality.HEDGED: Category.REPORTS,
    Modality.PAST: Category.ENDED,
    Modality.ENDED: Category.ENDED,
    Modality.DENIED: Category.DENIED,
}


def category_of(fact: Fact) -> Category:
    """Return the list in which a fact of a story stands."""
    if fact.claims[0].outcome is not Outcome.ADMITTED:
        return Category.LEADS
    return _BY_MODALITY[fact.modality]


def facts_by_category(story: Story, day: str | None = None) -> Mapping[Category, tuple[Fact, ...]]:
    """Return the facts of a story, as they stand on its day or on another, in their lists; all lists are there."""
    as_of = AsOf(valid=day or story.day)
    leads = (claim for claim in story.claims if claim.outcome is not Outcome.ADMITTED)
    return _grouped((*facts_of(story.admitted, as_of), *facts_of(leads, as_of)))


def _grouped(facts: Iterable[Fact]) -> Mapping[Category, tuple[Fact, ...]]:
    lists: dict[Category, list[Fact]] = {category: [] for category in Category}
    for fact in facts:
        lists[category_of(fact)].append(fact)
    return {category: tuple(each) for category, each in lists.items()}
