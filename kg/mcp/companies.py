"""Who a name means: entities of the graph whose names hold the words, then companies of registers that are like it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.errors import MissingExtra, QueryError
from kg.mcp.answer import Found, Item, notes_of
from kg.mcp.fence import fenced
from kg.mcp.rows import entity_row
from kg.mcp.sections import Section
from kg.model import Entity
from kg.query.identification import Asked, identify
from kg.resolve import fold

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["find_company"]

_CANDIDATES = 10
_ALIASES, _ALIAS = 6, 120
_WHY = 600


@dataclass(frozen=True, slots=True)
class _Match:
    """An entity that a name may mean, how it matches, and why; the best first."""

    rank: int
    match: str
    entity: Entity
    in_graph: bool
    probability: float | None = None
    why: tuple[str, ...] = ()

    def row(self) -> Mapping[str, Any]:
        others = [alias for alias in self.entity.aliases if alias != self.entity.name]
        row = entity_row(self.entity) | {"match": self.match, "in_graph": self.in_graph}
        row |= {"also_called": [fenced(alias, _ALIAS) for alias in others[:_ALIASES]]} if others else {}
        row |= {"more_names": len(others) - _ALIASES} if len(others) > _ALIASES else {}
        row |= {"probability": self.probability} if self.probability is not None else {}
        return row | ({"why": fenced("; ".join(self.why), _WHY)} if self.why else {})


def find_company(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Return who a name means, the likeliest first; an entity of the graph can be asked about by its id.

    ``match`` says how: "id" or "name" is the same to the letters that count, "alias" another spelling that sources
    use, "words" a name that holds all words, "like" a company of a register or of kg's own list with a like name.
    """
    name = str(values["name"]).strip()
    folded = fold(name)
    if not folded:
        raise QueryError("the name holds no letter and no digit: give a name")
    matches = sorted(_in_graph(graph, name, folded), key=_order)
    head: dict[str, Any] = {}
    try:
        matches += _in_registers(graph, name, values.get("country"), {match.entity.id for match in matches})
    except MissingExtra as error:
        head["missing"] = notes_of([f"registers were not looked up: {error}"])
    return Found.of(head, [Item(Section.ROWS, match.row) for match in matches])


def _order(match: _Match) -> tuple[int, int, str]:
    return match.rank, len(match.entity.name), match.entity.id


def _in_graph(graph: "Graph", name: str, folded: str) -> Iterator[_Match]:
    words = [part for part in map(fold, name.split()) if part]
    for entity in graph.store.entities():
        spelling = fold(entity.name)
        aliases = [fold(alias) for alias in entity.aliases]
        identifiers = {value for _, value in entity.identifiers}
        if name == entity.id or name in identifiers:
            yield _Match(0, "id", entity, in_graph=True)
        elif folded == spelling:
            yield _Match(1, "name", entity, in_graph=True)
        elif folded in aliases:
            yield _Match(2, "alias", entity, in_graph=True)
        elif any(all(word in each for word in words) for each in (spelling, *aliases)):
            yield _Match(3, "words", entity, in_graph=True)


def _in_registers(graph: "Graph", name: str, country: str | None, seen: set[str]) -> list[_Match]:
    candidates = identify(graph.store, Asked(name, country), limit=_CANDIDATES)
    return [
        _Match(4, "like", one.entity, in_graph=False, probability=one.probability, why=one.reasons)
        for one in candidates
        if one.entity.id not in seen
    ]
