"""Results as pictures, for where people would rather look than read: bars with what is uncertain, or a net of ties."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kg.analysis.records import ResultData
from kg.analysis.results.graphs import annotated
from kg.analysis.results.tables import lines_of_cells
from kg.errors import MissingExtra
from kg.facts import Interval, Money
from kg.model import Entity
from kg.ontology import ontology
from kg.wording.printable import printable

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes

__all__ = ["plot"]

_MOST_BARS = 40
_MOST_NODES = 60
_LONGEST = 28
_SEED = 7
_BEND = 0.15
_BLUE = "#3b6fb6"


def plot(result: ResultData[Any], ax: "Axes | None" = None) -> "Axes":
    """Draw a result on axes, its own by default, and return them; `result.shape` tells how.

    Bars show the first number of which the rows have most, solid up to the least that it may be and hatched up to the
    greatest. A net shows who is tied to whom: facts are drawn through, all else is dashed. Of many rows the first 40
    are drawn, of many companies the 60 with most relationships, which the title then says.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise MissingExtra("plots need matplotlib: pip install 'kg[notebook]'") from error
    measure = _measure(result) if result.shape != "graph" else None
    height = 1.2 + 0.35 * min(len(measure.bars), _MOST_BARS) if measure else 5.5
    drawn: Axes = ax if ax is not None else plt.subplots(figsize=(8, height), layout="constrained")[1]
    left_out = _bars(drawn, measure) if measure else _net(drawn, annotated(result))
    drawn.set_title(_clipped(result.title, 80) + (f" ({left_out} more not drawn)" if left_out else ""), fontsize=10)
    return drawn


def _clipped(text: str, length: int = _LONGEST) -> str:
    """Return a text on one line, cut to a length; matplotlib reads what stands between dollar signs as a formula."""
    text = printable(text)
    text = text if len(text) <= length else f"{text[: length - 1]}…"
    return text.replace("$", r"\$")


# ---------------------------------------------------------------------------------- bars
@dataclass(frozen=True, slots=True)
class _Measure:
    """A column of numbers: its name, its unit, and for each line of the result its label and its bounds."""

    name: str
    unit: str
    bars: tuple[tuple[str, float, float], ...]


def _measure(result: ResultData[Any]) -> _Measure | None:
    """Return what bars can show: of the numbers that most lines have the first that ranks them, else the first."""
    names, rows = lines_of_cells(result)
    columns = [(name, [row.get(name) for row in rows]) for name in names]
    best = max((each for each in columns if _unit(each[1])), key=lambda each: _rank(each[1]), default=None)
    if best is None:
        return None
    name, values = best
    labels = _labels(names, rows)
    bars = ((label, *_bounds(value)) for label, value in zip(labels, values, strict=True) if value is not None)
    return _Measure(name, _unit(values), tuple(bars))


def _rank(values: Sequence[Any]) -> tuple[int, bool]:
    """Return how well a column tells what the lines are about: how many have it, and whether it gives their order."""
    bounds = [_bounds(value)[::-1] for value in values if value is not None]
    return len(bounds), bounds == sorted(bounds, reverse=True)


def _unit(values: Sequence[Any]) -> str:
    """Return what a column's numbers are: "%", a currency or "number"; "" where it is no one kind of number."""
    numbers = [value for value in values if value is not None]
    units = {
        "%"
        if isinstance(value, Interval)
        else value.currency
        if isinstance(value, Money)
        else "number"
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        else ""
        for value in numbers
    }
    return units.pop() if len(units) == 1 else ""


def _bounds(value: Any) -> tuple[float, float]:
    match value:
        case Interval():
            return 100 * value.low, 100 * value.high
        case Money():
            return float(value.low), float(value.high)
    return float(value), float(value)


def _labels(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a label for each line: the entities in it that are not the same in all."""
    ends = [name for name in names if any(isinstance(row.get(name), Entity) for row in rows)]
    varied = [name for name in ends if len({row.get(name) for row in rows}) > 1] or ends[:1]
    labels = [[row.get(name) for name in varied] for row in rows]
    return [" · ".join(_clipped(end.name) for end in each if isinstance(end, Entity)) for each in labels]


def _bars(ax: "Axes", measure: _Measure) -> int:
    """Draw bars from the top down; return how many are left out."""
    shown = measure.bars[:_MOST_BARS]
    finite = [high for _, _, high in shown if math.isfinite(high)]
    room = max([*finite, *(low for _, low, _ in shown), 0.0]) or 1.0
    for at, (_, low, high) in enumerate(shown):
        ax.barh(at, low, color=_BLUE, height=0.7)
        if high > low:
            ax.barh(at, min(high, 1.05 * room) - low, left=low, height=0.7, fill=False, hatch="////", edgecolor=_BLUE)
    ax.set_yticks(range(len(shown)), [label for label, _, _ in shown], fontsize=8)
    ax.invert_yaxis()
    unit = "" if measure.unit == "number" else f" ({measure.unit})"
    ax.set_xlabel(_clipped(f"{measure.name.replace('_', ' ')}{unit}"), fontsize=8)
    ax.spines[["top", "right"]].set_visible(False)
    return len(measure.bars) - len(shown)


# ---------------------------------------------------------------------------------- a net
def _net(ax: "Axes", graph: "nx.MultiDiGraph[str]") -> int:
    """Draw companies and their relationships; return how many companies are left out."""
    import networkx as nx

    degree = dict(graph.degree())
    nodes = sorted(graph, key=lambda node: (-degree[node], node))[:_MOST_NODES]
    edges = _edges(graph, frozenset(nodes))
    flat: nx.Graph[str] = nx.Graph()
    flat.add_nodes_from(sorted(nodes))
    flat.add_edges_from(sorted({(min(pair), max(pair)) for *pair, _ in edges}))
    where = nx.spring_layout(flat, seed=_SEED, k=1.8 / math.sqrt(len(nodes) or 1))
    names = {node: _clipped(graph.nodes[node].get("name", node)) for node in nodes}
    for (source, target, is_fact), relations in sorted(edges.items()):
        tail, head = (where[source], len(names[source])), (where[target], len(names[target]))
        _arrow(ax, tail, head, relations, is_fact=is_fact)
    for node in nodes:
        box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": _BLUE}
        ax.text(where[node][0], where[node][1], names[node], ha="center", va="center", fontsize=8, bbox=box, zorder=3)
    # Texts and arrows set no limits themselves.
    ax.update_datalim([tuple(place) for place in where.values()] or [(0, 0)])
    ax.margins(0.18)
    ax.set_aspect("equal", adjustable="datalim")
    ax.autoscale_view()
    ax.set_axis_off()
    return graph.number_of_nodes() - len(nodes)


def _edges(graph: "nx.MultiDiGraph[str]", nodes: frozenset[str]) -> dict[tuple[str, str, bool], list[str]]:
    """Return the relations between each two companies, facts apart from what is none."""
    edges: dict[tuple[str, str, bool], list[str]] = {}
    for source, target, data in sorted(graph.edges(data=True), key=lambda edge: (*edge[:2], edge[2]["relation"])):
        if {source, target} <= nodes and source != target:
            pair = sorted((source, target)) if data["symmetric"] else (source, target)
            relations = edges.setdefault((*pair, data["fact"]), [])
            relations += [data["relation"]] if data["relation"] not in relations else []
    return edges


def _arrow(
    ax: "Axes", tail: tuple[Any, int], head: tuple[Any, int], relations: Sequence[str], *, is_fact: bool
) -> None:
    """Draw a bent arrow between two places with names of some length, and what it stands for in its middle.

    The bend leaves room for an arrow back.
    """
    (start, before), (end, behind) = tail, head
    terms = [ontology().relation(name) for name in relations]
    colour, bend = terms[0].colour or _BLUE, _BEND if is_fact else 2 * _BEND
    across, up = end[0] - start[0], end[1] - start[1]
    style = {
        "arrowstyle": "-" if all(relation.symmetric for relation in terms) else "-|>",
        "connectionstyle": f"arc3,rad={bend}",
        "linestyle": "solid" if is_fact else "dashed",
        "color": colour,
        "shrinkA": _to_border(across, up, before),
        "shrinkB": _to_border(across, up, behind),
    }
    ax.annotate("", xy=tuple(end), xytext=tuple(start), arrowprops=style, zorder=1)
    middle = ((start[0] + end[0]) / 2 + bend * up / 2, (start[1] + end[1]) / 2 - bend * across / 2)
    label = _clipped(", ".join(relation.label["en"] for relation in terms), 2 * _LONGEST)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    ax.text(middle[0], middle[1], label, ha="center", va="center", fontsize=6, color=colour, bbox=box, zorder=2)


def _to_border(across: float, up: float, letters: int) -> float:
    """Return how far the border of a name's box lies from its middle in a direction, in points."""
    length = math.hypot(across, up) or 1.0
    half_width, half_height = 2.4 * letters + 5, 9.0
    return min(half_width * length / max(abs(across), 1e-9), half_height * length / max(abs(up), 1e-9))
