"""Results as networkx graphs: the claims behind them, and on nodes and edges what was found."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.analysis.records import ResultData
from kg.analysis.results.tables import lines_of_cells
from kg.export.network import to_networkx
from kg.facts import Interval
from kg.model import Entity

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["annotated"]

_Plain: TypeAlias = str | float | bool
_TAKEN = frozenset({"name", "type"})


def annotated(result: ResultData[Any]) -> "nx.MultiDiGraph[str]":
    """Return the claims behind a result as `kg.export.to_networkx` does, with the result as attributes.

    Nodes and edges have `rows`: the numbers of the rows, from 1, in which an entity stands, or that a claim made.
    Where a column of entities names each but once, its nodes carry the row's numbers, shares (``_low`` and ``_high``)
    and answers. The graph's own attributes are `analysis`, `title` and `notes`. All are plain values, as GraphML
    takes them; what is not known, and a bound that is infinite, is absent.
    """
    graph = to_networkx(result.claims)
    graph.graph.update(analysis=result.name, title=result.title, notes="\n".join(result.notes))
    claims: defaultdict[str, list[int]] = defaultdict(list)
    entities: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(result, 1):
        for claim in row.claims:
            claims[claim.id].append(number)
        for entity in {
            value.id: value for cells in row.cells() for value in cells.values() if _is_entity(value)
        }.values():
            if entity.id not in graph:
                graph.add_node(entity.id, name=entity.name, type=entity.type)
            entities[entity.id].append(number)
    for node, numbers in entities.items():
        graph.nodes[node]["rows"] = " ".join(map(str, numbers))
    for _, _, key, data in graph.edges(keys=True, data=True):
        data["rows"] = " ".join(map(str, claims[key]))
    for node, name, value in _attributes(*lines_of_cells(result)):
        graph.nodes[node][name] = value
    return graph


def _is_entity(value: object) -> bool:
    return isinstance(value, Entity)


def _attributes(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, _Plain]]:
    """Yield what the lines say of the entities of the first column that names each but once."""
    for column in names:
        ends = [end for row in rows if isinstance(end := row.get(column), Entity)]
        if len({end.id for end in ends}) == len(rows):
            break
    else:
        return
    for end, row in zip(ends, rows, strict=True):
        for name in names:
            for part, value in _plain(name, row.get(name)):
                yield end.id, f"result_{part}" if part in _TAKEN else part, value


def _plain(name: str, value: object) -> Iterator[tuple[str, _Plain]]:
    match value:
        case Interval():
            yield f"{name}_low", value.low
            if math.isfinite(value.high):
                yield f"{name}_high", value.high
        case Enum():
            yield name, str(value.value)
        case bool():
            yield name, value
        case int() | float() | Decimal():
            yield name, float(value)
