"""From what a user types to the one entity meant: an id, an IRI, a name in any spelling."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from kg.errors import QueryError, UnknownEntity, did_you_mean
from kg.model import Entity
from kg.resolve import fold

__all__ = ["Entities", "find_entity"]


class Entities(Protocol):
    """The part of a store that names are looked up in."""

    @property
    def base(self) -> str:
        """The IRI below which entities are named."""

    def entities(self) -> Iterable[Entity]:
        """Return all entities."""


def find_entity(store: Entities, text: str) -> Entity:
    """Return the entity that `text` names: by id, by IRI, by name, by alias, in this order.

    Case, accents, spaces, hyphens and legal forms do not count. Raises `UnknownEntity` with the
    nearest names when there is none, and `QueryError` with the ids when there are several.
    """
    wanted, word = fold(text), text.strip()
    identified = word.removeprefix("<").removesuffix(">").removeprefix(store.base)
    by_rank: dict[int, dict[str, Entity]] = defaultdict(dict)
    names = set()
    for entity in store.entities():
        if entity.id == identified:
            return entity
        names.add(entity.name)
        rank = _rank(entity, word, wanted)
        if rank is not None:
            by_rank[rank][entity.id] = entity
    if not by_rank:
        hint = did_you_mean(word, names) or " List all names with: kg query entities"
        raise UnknownEntity(f"nothing in the graph is called '{text}'.{hint}")
    best = by_rank[min(by_rank)]
    if len(best) > 1:
        raise QueryError(f"'{text}' may be any of {', '.join(sorted(best))}: give one of these ids")
    return next(iter(best.values()))


def _rank(entity: Entity, word: str, wanted: str) -> int | None:
    """Return how well an entity bears a name, 0 being best, or None when it does not."""
    if word == entity.name:
        return 0
    if wanted and wanted == fold(entity.name):
        return 1
    if wanted and any(wanted == fold(alias) for alias in entity.aliases):
        return 2
    return None
