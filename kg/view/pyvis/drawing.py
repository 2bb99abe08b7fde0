"""The picture as a pyvis network: opaque ids, fixed places, no text but labels that our own script draws."""

from typing import Any

from kg.errors import MissingExtra
from kg.facts import TriState
from kg.model import Modality
from kg.ontology import ontology
from kg.view.data import SHAPES
from kg.view.presentation import STYLES, clipped
from kg.view.pyvis.elements import Edge, Elements
from kg.view.pyvis.presentation import label

__all__ = ["draw"]

_DASHES: dict[str, bool | list[int]] = {"fact": False, "ahead": [10, 6], "reported": [2, 5], "over": [10, 4, 2, 4]}
_OPTIONS = """{
  "physics": {"enabled": false},
  "layout": {"improvedLayout": false},
  "interaction": {"hover": true, "hoverConnectedEdges": false, "selectConnectedEdges": false, "multiselect": false,
                  "keyboard": {"enabled": true, "bindToWindow": false}, "zoomSpeed": 0.6},
  "nodes": {"borderWidth": 2, "font": {"size": 0}, "chosen": false},
  "edges": {"width": 2, "hoverWidth": 1, "selectionWidth": 1.5, "arrows": {"to": {"scaleFactor": 0.6}},
            "arrowStrikethrough": false, "selfReference": {"size": 26, "angle": 0.785}}
}"""


def draw(elements: Elements, lang: str) -> Any:
    """Return the pyvis network of the elements. Raises `MissingExtra` where pyvis is not installed."""
    try:
        from pyvis.network import Network
    except ImportError as error:
        raise MissingExtra("a picture needs pyvis and numpy: pip install 'kg[view]'") from error
    # An undirected network drops parallel edges.
    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(_OPTIONS)
    for node in elements.nodes:
        company = node.company
        network.add_node(
            node.key,
            label=clipped(company["name"]),
            shape=SHAPES.get(company["kind"], "dot"),
            color="",
            size=round(11 + 3.5 * min(node.degree, 40) ** 0.5, 1),
            kind=company["kind"],
            x=company["x"],
            y=company["y"],
        )
    for edge in elements.edges:
        network.add_edge(edge.source, edge.target, id=edge.key, **_edge(edge, lang))
    return network


def _edge(edge: Edge, lang: str) -> dict[str, Any]:
    shown, name = edge.shown, edge.shown.line["relation"]
    relation, terms, short = label(shown, lang)
    return {
        "label": relation,
        "terms": terms,
        "short": short,
        "relation": name,
        "modality": shown.modality.value,
        "undecided": shown.holds is TriState.UNDECIDED,
        "arrows": "" if ontology().relation(name).symmetric else "to",
        "dashes": _DASHES[STYLES[shown.modality]],
        "smooth": _smooth(edge.bend),
        "width": 2 if shown.modality is Modality.ASSERTED else 1.6,
    }


def _smooth(bend: float) -> dict[str, Any]:
    if not bend:
        return {"enabled": False}
    return {"enabled": True, "type": "curvedCW" if bend > 0 else "curvedCCW", "roundness": abs(bend)}
