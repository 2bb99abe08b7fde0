"""Companies as the viewer takes them: what each is called, where it stands, and what is known of it beside claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.model import Entity
from kg.ontology import ontology
from kg.view.presentation import LONGEST_NAME, clipped, without_empty
from kg.view.traits import NO_TRAITS, Traits

__all__ = ["CompanyDetails", "company_record"]


@dataclass(frozen=True, slots=True)
class CompanyDetails:
    """What a view tells of companies beside their claims, by their ids.

    Attributes:
        hidden_neighbours: how many neighbours of each are not drawn.
        traits: where each is registered and what it does.
        registers: what registers say of each, as `kg.view.registers` gives it.
        besides: companies that are drawn though no claim of the view names them.

    """

    hidden_neighbours: Mapping[str, int] = field(default_factory=dict)
    traits: Mapping[str, Traits] = field(default_factory=dict)
    registers: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    besides: Iterable[Entity] = ()


def company_record(entity: Entity, place: tuple[float, float], details: CompanyDetails) -> dict[str, Any]:
    """Return a company as plain values; what says nothing of it is left out."""
    identifiers = ontology().identifiers_of(entity.id, entity.identifiers)
    traits = details.traits.get(entity.id, NO_TRAITS)
    values = {
        "id": entity.id,
        "name": clipped(entity.name, LONGEST_NAME),
        "kind": entity.type,
        "x": place[0],
        "y": place[1],
        "ids": [[ontology().identifiers[name].label["en"], value] for name, value in identifiers],
        "country": traits.country,
        "sector": clipped(traits.sector),
        "registers": details.registers.get(entity.id, []),
    }
    more = details.hidden_neighbours.get(entity.id, 0)
    return without_empty(values | {"more": more} if more else values)
