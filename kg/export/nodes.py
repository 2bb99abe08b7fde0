"""The nodes of a property graph while its edges are written: each entity once, as the first claim calls it."""

from dataclasses import dataclass, field

from kg.export.properties import Property, exact_number
from kg.model import Claim, Entity, Figure
from kg.wording.terms import figure as figure_text

__all__ = ["FIGURE", "Nodes", "edge_type", "figure_id", "figure_properties"]

FIGURE = "Figure"
"""The label of the node of a company's figure: each has one of its own, named after its claim."""


@dataclass(slots=True)
class Nodes:
    """Entities by their ids, as their nodes have them; memory grows with them."""

    _known: dict[str, Entity] = field(default_factory=dict)

    def known(self, entity: Entity) -> tuple[Entity, bool]:
        """Return the entity as its node has it, and whether the node is new.

        >>> nodes = Nodes()
        >>> first, second = Entity("company/x", "X", "Company"), Entity("company/x", "X Inc.", "Company")
        >>> [nodes.known(each) for each in (first, second)] == [(first, True), (first, False)]
        True

        """
        is_new = entity.id not in self._known
        return self._known.setdefault(entity.id, entity), is_new


def edge_type(relation: str) -> str:
    """Return the type of a relation's edges, as databases of graphs spell it.

    >>> edge_type("holds-stake")
    'HOLDS_STAKE'

    """
    return relation.upper().replace("-", "_")


def figure_id(claim: Claim) -> str:
    """Return the id of the node that a claim's figure is."""
    return f"figure/{claim.id}"


def figure_properties(figure: Figure) -> dict[str, Property]:
    """Return the properties of a figure's node."""
    double, digits = exact_number(figure.value)
    told: dict[str, Property] = {"label": figure_text(figure, "en"), "value": double, "unit": figure.unit}
    return told if digits is None else {**told, "value_text": digits}
