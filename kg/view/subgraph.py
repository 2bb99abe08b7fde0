"""What of a graph is drawn: what lies near an entity, then its most connected part."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate

from kg.facts import Fact
from kg.model import Entity

__all__ = ["most_connected"]


def _distances(pairs: Iterable[tuple[Entity, object]], start: str, steps: int) -> dict[str, int]:
    neighbours: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        if isinstance(second, Entity):
            neighbours[first.id].add(second.id)
            neighbours[second.id].add(first.id)
    distances = {start: 0}
    edge = {start}
    for step in range(1, steps + 1):
        edge = {neighbour for node in edge for neighbour in neighbours[node]} - distances.keys()
        distances |= dict.fromkeys(edge, step)
    return distances


def most_connected(
    entities: Iterable[str], facts: Sequence[Fact], focus: str | None, limits: tuple[int, int]
) -> set[str]:
    """Return the entities to draw: near the focus, then by number of facts, as long as both limits hold.

    `limits` are the largest numbers of entities and of facts between them.
    """
    pairs = [(fact.subject.id, fact.object.id) for fact in facts if isinstance(fact.object, Entity)]
    degrees = Counter(end for pair in pairs for end in pair)
    near = {} if focus is None else _distances(((fact.subject, fact.object) for fact in facts), focus, 3)
    far = len(near)
    ranked = sorted(entities, key=lambda id_: (near.get(id_, far), -degrees[id_], id_))[: limits[0]]
    ranks = {id_: rank for rank, id_ in enumerate(ranked)}
    added = Counter(max(ranks[a], ranks[b]) for a, b in pairs if a in ranks and b in ranks)
    drawn = accumulate(added[rank] for rank in range(len(ranked)))
    fitting = sum(count <= limits[1] for count in drawn)
    return set(ranked[: max(fitting, 2)])
