"""What pyvis draws of a view: its nodes and edges as they stand on the view's day, and how parallel edges part."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.view.clock import ShownLine, lines_on

__all__ = ["LARGEST", "Edge", "Elements", "Node", "elements"]

LARGEST = (400, 1000)
"""Beyond so many nodes and edges a page shows the most connected part only: more could be neither read nor moved."""

_BEND = 0.36


@dataclass(frozen=True, slots=True)
class Node:
    """A company of the view as drawn: `key` is opaque (n0, n1 …), `degree` counts its drawn edges."""

    key: str
    company: Mapping[str, Any]
    degree: int


@dataclass(frozen=True, slots=True)
class Edge:
    """A line as drawn between two nodes (their keys). `bend` is signed and 0 for a straight edge."""

    key: str
    shown: ShownLine
    source: str
    target: str
    bend: float


@dataclass(frozen=True, slots=True)
class Elements:
    """All lines of the day in order, and what of them is drawn."""

    lines: tuple[ShownLine, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    companies: int

    @property
    def left_out(self) -> tuple[int, int]:
        """How many companies and how many lines between companies are not drawn."""
        between = len(_between(self.lines))
        return self.companies - len(self.nodes), between - len(self.edges)


def elements(view: Mapping[str, Any]) -> Elements:
    """Return what is drawn of a view ("kg-view/1"): the companies that it opens with, and the lines of its day."""
    lines = tuple(lines_on(view, view["asOf"]))
    companies = view["companies"]
    keys = {id_: f"n{at}" for at, id_ in enumerate(sorted(view["first"]))}
    ends = [(shown, *(companies[shown.line[end]]["id"] for end in ("subject", "object"))) for shown in _between(lines)]
    # One pair alone may have more lines than can be drawn.
    drawn = [(shown, keys[a], keys[b]) for shown, a, b in ends if a in keys and b in keys][: LARGEST[1]]
    pairs = [(source, target) for _, source, target in drawn]
    degrees = Counter(key for pair in pairs for key in pair)
    by_id = {company["id"]: company for company in companies}
    return Elements(
        lines,
        tuple(Node(key, by_id[id_], degrees[key]) for id_, key in keys.items()),
        tuple(Edge(f"e{at}", *edge, bend) for at, (edge, bend) in enumerate(zip(drawn, _bends(pairs), strict=True))),
        len(companies),
    )


def _between(lines: Sequence[ShownLine]) -> Sequence[ShownLine]:
    return [shown for shown in lines if "object" in shown.line]


def _bends(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Part the edges between the same two nodes: each has its own bend, to the left or to the right."""
    together: dict[frozenset[str], list[int]] = defaultdict(list)
    for at, pair in enumerate(pairs):
        together[frozenset(pair)].append(at)
    bends = [0.0] * len(pairs)
    for group in together.values():
        step = min(_BEND, 1.2 / len(group))
        for rank, at in enumerate(group):
            bend = (rank - (len(group) - 1) / 2) * step
            # An edge the other way round has its left where this one has its right.
            bends[at] = round(bend if pairs[at] == min(pairs[at], pairs[at][::-1]) else -bend, 3) + 0.0
    return bends
