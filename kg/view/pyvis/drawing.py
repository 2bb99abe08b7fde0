"""The picture as a pyvis network: opaque ids, fixed places, no text but labels that our own script draws."""

from typing import Any

from kg.errors import MissingExtra
from kg.model import Modality
from kg.ontology import ontology
from kg.view.data import SHAPES
from kg.view.presentation import STYLES, clipped, label
from kg.view.subgraph import Subgraph

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


def draw(picture: Subgraph, lang: str) -> Any:
    """Return the pyvis network of a picture. Raises `MissingExtra` where pyvis is not installed."""
    try:
        from pyvis.network import Network
    except ImportError as error:
        raise MissingExtra("a picture needs pyvis and numpy: pip install 'kg[view]'") from error
    # An undirected network drops parallel edges.
    network = Network(directed=True, cdn_resources="in_line")
    network.set_options(_OPTIONS)
    for node in picture.nodes:
        network.add_node(
            node.key,
            label=clipped(node.entity.name),
            shape=SHAPES.get(node.entity.type, "dot"),
            color="",
            size=round(11 + 3.5 * min(node.degree, 40) ** 0.5, 1),
            kind=node.entity.type,
            x=node.x,
            y=node.y,
        )
    for at, edge in enumerate(picture.edges):
        relation, terms, short = label(edge.line, lang)
        is_symmetric = ontology().relation(edge.line.relation).symmetric
        network.add_edge(
            edge.source,
            edge.target,
            id=f"e{at}",
            label=relation,
            terms=terms,
            short=short,
            relation=edge.line.relation,
            modality=edge.line.modality.value,
            arrows="" if is_symmetric else "to",
            dashes=_DASHES[STYLES[edge.line.modality]],
            smooth=_smooth(edge.bend),
            width=2 if edge.line.modality is Modality.ASSERTED else 1.6,
        )
    return network


def _smooth(bend: float) -> dict[str, Any]:
    if not bend:
        return {"enabled": False}
    return {"enabled": True, "type": "curvedCW" if bend > 0 else "curvedCCW", "roundness": abs(bend)}
