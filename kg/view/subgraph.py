"""What is drawn: which entities and which lines, where they stand, and how parallel lines part."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from kg.facts import Fact, facts_of
from kg.model import Claim, Entity
from kg.view.layout import layout

__all__ = ["LARGEST_LINES", "LARGEST_NODES", "Edge", "Node", "Subgraph", "most_connected", "subgraph", "within"]

LARGEST_NODES = 400
LARGEST_LINES = 1000
"""Beyond these a page shows the most connected part only: more could be neither read nor moved."""

_BEND = 0.36


@dataclass(frozen=True, slots=True)
class Node:
    """An entity as drawn: `key` is opaque (n0, n1 …), `degree` counts its drawn lines."""

    key: str
    entity: Entity
    degree: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A line as drawn between two nodes (their keys). `bend` is signed and 0 for a straight line."""

    line: Fact
    source: str
    target: str
    bend: float


@dataclass(frozen=True, slots=True)
class Subgraph:
    """All lines in order, and what of them is drawn. `entities` counts all, drawn or not."""

    lines: tuple[Fact, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    entities: int

    @property
    def left_out(self) -> tuple[int, int]:
        """How many entities and how many lines between entities are not drawn."""
        between = sum(isinstance(line.object, Entity) for line in self.lines)
        return self.entities - len(self.nodes), between - len(self.edges)


def within(claims: Iterable[Claim], entity: str, steps: int) -> tuple[Claim, ...]:
    """Return the claims on entities that lie at most `steps` relations away from the entity of that id."""
    kept = [claim for claim in claims if claim.retracted_at is None]
    near = set(_distances(((c.subject, c.object) for c in kept), entity, steps))
    return tuple(c for c in kept if c.subject.id in near and (not isinstance(c.object, Entity) or c.object.id in near))


def _distances(pairs: Iterable[tuple[Entity, object]], start: str, steps: int) -> dict[str, int]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        if isinstance(other, Entity):
            neighbours[one.id].add(other.id)
            neighbours[other.id].add(one.id)
    found = {start: 0}
    edge = {start}
    for step in range(1, steps + 1):
        edge = {other for node in edge for other in neighbours[node]} - found.keys()
        found |= dict.fromkeys(edge, step)
    return found


def subgraph(claims: Iterable[Claim], focus: str | None = None) -> Subgraph:
    """Return the picture of claims: of `focus` (an entity's id) first, then of what has most lines."""
    import networkx as nx

    lines = facts_of(claims)
    ends = [(line.subject, line.object) for line in lines]
    entities = {end.id: end for pair in ends for end in pair if isinstance(end, Entity)}
    chosen = most_connected(entities, lines, focus, (LARGEST_NODES, LARGEST_LINES))
    between = [
        line for line in lines if isinstance(line.object, Entity) and {line.subject.id, line.object.id} <= chosen
    ]
    # One pair alone may have more lines than can be drawn.
    between = between[:LARGEST_LINES]
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(chosen))
    pairs = [(line.subject.id, line.object.id) for line in between if isinstance(line.object, Entity)]
    graph.add_edges_from(pair for pair in pairs if pair[0] != pair[1])
    places = layout(graph)
    degrees = Counter(end for pair in pairs for end in pair)
    keys = {id_: f"n{at}" for at, id_ in enumerate(graph)}
    nodes = tuple(Node(keys[id_], entities[id_], degrees[id_], *places[id_]) for id_ in graph)
    bends = _bends(pairs)
    edges = tuple(Edge(line, keys[a], keys[b], bend) for line, (a, b), bend in zip(between, pairs, bends, strict=True))
    return Subgraph(lines, nodes, edges, len(entities))


def most_connected(
    entities: Iterable[str], lines: Sequence[Fact], focus: str | None, limits: tuple[int, int]
) -> set[str]:
    """Return the entities to draw: near the focus, then by number of lines, as long as both limits hold.

    `limits` are the largest numbers of entities and of lines between them.
    """
    pairs = [(line.subject.id, line.object.id) for line in lines if isinstance(line.object, Entity)]
    degrees = Counter(end for pair in pairs for end in pair)
    near = {} if focus is None else _distances(((line.subject, line.object) for line in lines), focus, 3)
    far = len(near)
    ranked = sorted(entities, key=lambda id_: (near.get(id_, far), -degrees[id_], id_))[: limits[0]]
    ranks = {id_: rank for rank, id_ in enumerate(ranked)}
    added = Counter(max(ranks[a], ranks[b]) for a, b in pairs if a in ranks and b in ranks)
    drawn = accumulate(added[rank] for rank in range(len(ranked)))
    fitting = sum(count <= limits[1] for count in drawn)
    return set(ranked[: max(fitting, 2)])


def _bends(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Part the lines between the same two nodes: each has its own bend, to the left or to the right."""
    together: dict[frozenset[str], list[int]] = defaultdict(list)
    for at, pair in enumerate(pairs):
        together[frozenset(pair)].append(at)
    bends = [0.0] * len(pairs)
    for group in together.values():
        step = min(_BEND, 1.2 / len(group))
        for rank, at in enumerate(group):
            bend = (rank - (len(group) - 1) / 2) * step
            # A line the other way round has its left where this one has its right.
            bends[at] = round(bend if pairs[at] == min(pairs[at], pairs[at][::-1]) else -bend, 3) + 0.0
    return bends
