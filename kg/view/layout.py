"""Where the nodes stand: computed here once, so that the page opens still and the same every time.

Each connected part is laid out by stress majorisation, which puts nodes as far apart as their path
is long (Gansner, Koren, North 2004, https://doi.org/10.1007/978-3-540-31843-9_25): what Kamada and
Kawai minimise, without needing scipy, in time that suits a few hundred nodes. Parts are then set
side by side, the largest first.
"""

import math
from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Places", "beside", "layout"]

Places: TypeAlias = Mapping[Any, tuple[float, float]]

_EDGE = 210.0
"""The length of an edge between two nodes of few neighbours, in the page's pixels: room for its label."""
_ROOM = 110.0
_GAP = 190.0
_SHAPE = 1.45
"""The width of a part over its height, where stretching it by no more than `_STRETCH` reaches it."""
_STRETCH = 1.6
_ROUNDS = 150
_GOLDEN = math.pi * (3 - 5**0.5)
"""The angle that fills a disc evenly, one turn after another."""
_WIDE = 1.7


def layout(graph: "nx.Graph[Any]") -> Places:
    """Return the place of each node, in pixels around (0, 0); the same graph gives the same places."""
    import networkx as nx

    order = {node: at for at, node in enumerate(graph)}
    parts = [sorted(part, key=order.__getitem__) for part in nx.connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), order[part[0]]))
    return _side_by_side([_part(graph, part) for part in parts])


def beside(places: Places, pairs: Iterable[tuple[Hashable, Hashable]], nodes: Iterable[Hashable]) -> Places:
    """Set each further node down near one that it is tied to, in turns outward; what is tied to nothing, below."""
    neighbours: dict[Hashable, list[Hashable]] = defaultdict(list)
    for first, second in pairs:
        neighbours[first].append(second)
        neighbours[second].append(first)
    placed, turns = dict(places), Counter[Hashable]()
    waiting = deque(placed)
    loose = [node for node in nodes if node not in placed]
    low = max((y for _, y in placed.values()), default=0.0) + 3 * _EDGE
    row = max(8, int((2 * len(loose)) ** 0.5))
    for at, start in enumerate(loose):
        while waiting:
            node = waiting.popleft()
            x, y = placed[node]
            for neighbour in neighbours[node]:
                if neighbour in placed:
                    continue
                turns[node] += 1
                far, turn = 0.6 * _EDGE * (1 + turns[node] ** 0.5), turns[node] * _GOLDEN
                placed[neighbour] = (round(x + far * math.cos(turn), 1), round(y + far * math.sin(turn), 1))
                waiting.append(neighbour)
        if start not in placed:
            placed[start] = ((at % row) * _EDGE, low + at // row * _EDGE)
            waiting.append(start)
    return placed


def _part(graph: "nx.Graph[Any]", nodes: Sequence[Hashable]) -> Places:
    """Lay out one connected part by stress majorisation, from a circle."""
    import networkx as nx
    import numpy as np

    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    part = graph.subgraph(nodes).copy()
    # Hubs get longer edges: their neighbours share one circle.
    lengths = {frozenset(ends): _length(part, *ends) for ends in part.edges}
    paths = dict(nx.all_pairs_dijkstra_path_length(part, weight=lambda a, b, _: lengths[frozenset((a, b))]))
    far = np.array([[paths[a][b] for b in nodes] for a in nodes])
    weight = np.zeros_like(far)
    np.divide(1.0, far**2, out=weight, where=far > 0)
    turn = np.linspace(0, 2 * np.pi, len(nodes), endpoint=False)
    at = np.column_stack([np.cos(turn), np.sin(turn)]) * far.max() / 2
    for _ in range(_ROUNDS):
        x, y = at.T
        across, down = x[:, None] - x, y[:, None] - y
        distance = np.hypot(across, down)
        pull = np.divide(far, distance, out=np.zeros_like(far), where=distance > 1e-9)  # noqa: PLR2004
        wanted = [(weight * (axis + apart * pull)).sum(1) for axis, apart in ((x, across), (y, down))]
        at = np.column_stack(wanted) / weight.sum(1)[:, None]
    at = _shaped(_spread(_lying(at)))
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, at, strict=True)}


def _length(graph: "nx.Graph[Any]", first: Hashable, second: Hashable) -> float:
    least = min(graph.degree(first), graph.degree(second))
    most = max(graph.degree(first), graph.degree(second))
    return float(_EDGE * (1 + 0.08 * (least - 1) + 0.03 * (most - 1)))


def _lying(at: Any) -> Any:
    """Turn a part so that it lies along its longest axis: screens are wider than high."""
    import numpy as np

    centred = at - at.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    lying = centred @ axes[:, ::-1]
    # An axis has two ends: the node that comes first stands on the left, above.
    return lying * np.where(lying[0] > 0, -1.0, 1.0)


def _shaped(at: Any) -> Any:
    """Stretch a part towards the shape of a screen."""
    import numpy as np

    width, height = np.maximum(at.max(axis=0) - at.min(axis=0), 1.0)
    flat = width / height / _SHAPE
    return at * (np.clip(1 / flat, 1.0, _STRETCH), np.clip(flat, 1.0, _STRETCH))


def _spread(at: Any) -> Any:
    """Push apart nodes that stand too close for their names to be read."""
    import numpy as np

    for _ in range(_ROUNDS):
        x, y = at.T
        across, down = x[:, None] - x, y[:, None] - y
        near = across**2 + down**2 < _ROOM**2
        np.fill_diagonal(near, val=False)
        if not near.any():
            break
        first, second = np.nonzero(near)
        apart = np.column_stack([across[near], down[near]])
        distance = np.hypot(*apart.T)[:, None]
        # Two nodes on one spot are parted along a direction of their own.
        turn = first - second
        own = np.column_stack([np.sign(turn), turn * 0.1])
        direction = np.where(distance > 1e-6, apart / np.maximum(distance, 1e-6), own)  # noqa: PLR2004
        moved = direction * (_ROOM - distance) * 0.5
        at = at + np.column_stack([np.bincount(first, axis, len(at)) for axis in moved.T])
    return at


def _side_by_side(parts: Sequence[Places]) -> Places:
    """Set the parts in rows, as wide as suits a screen."""
    boxes = [_box(part) for part in parts]
    area = sum((right - left + _GAP) * (low - top + _GAP) for left, top, right, low in boxes)
    widest = max((box[2] - box[0] for box in boxes), default=0.0)
    row = max(widest, (area * _WIDE) ** 0.5)
    placed: dict[Any, tuple[float, float]] = {}
    x = y = height = 0.0
    for part, (left, top, right, low) in zip(parts, boxes, strict=True):
        if x and x + right - left > row:
            x, y, height = 0.0, y + height + _GAP, 0.0
        placed |= {node: (px - left + x, py - top + y) for node, (px, py) in part.items()}
        x += right - left + _GAP
        height = max(height, low - top)
    left, top, right, low = _box(placed) if placed else (0.0, 0.0, 0.0, 0.0)
    centre = ((left + right) / 2, (top + low) / 2)
    return {node: (round(px - centre[0], 1), round(py - centre[1], 1)) for node, (px, py) in placed.items()}


def _box(places: Places) -> tuple[float, float, float, float]:
    across, down = zip(*places.values(), strict=True)
    return min(across), min(down), max(across), max(down)
