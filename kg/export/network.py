"""Claims as a graph: a networkx MultiDiGraph in the process."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from kg.export.dated import dated_claims
from kg.export.properties import Property, edge_properties, node_properties, renamed_ends
from kg.model import Claim, Entity
from kg.settings import today as current_day

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Plain", "plain", "to_networkx"]

Plain: TypeAlias = str | float | int | bool
"""What an attribute of a node or an edge holds."""


def to_networkx(
    claims: Iterable[Claim],
    *,
    facts_only: bool = False,
    today: dt.date | None = None,
    selection: str | None = None,
) -> "nx.MultiDiGraph[str]":
    """Return the claims between entities as a directed multigraph, one edge a claim.

    A node is an entity's id, with its name (twice, since programs show a `label`), type and public identifiers, several
    of a kind with a space between; `aliases` and `identifiers` are lists, as JSON. An edge's key is the claim's id; its
    properties are those of `kg.export.properties`. What is not known is absent. Numbers are floats: where 15 digits are
    not enough, ``amount_text`` and the like have them all. Company figures, which have no second entity, are left out;
    so are claims that are no facts with `facts_only`, and retracted ones always. `claims` are all of their
    relationships; the day is `today`, which the graph carries as its own attribute, with `selection`, what the claims
    were narrowed to. An entity is called as the first claim calls it.
    """
    import networkx as nx

    day = today or current_day()
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(today=day.isoformat())
    if selection is not None:
        graph.graph["selection"] = selection
    nodes: dict[str, Entity] = {}
    for dated in dated_claims(claims, day):
        claim = dated.claim
        if claim.retracted_at is not None or not isinstance(claim.object, Entity):
            continue
        if facts_only and not dated.is_fact:
            continue
        for end in (claim.subject, claim.object):
            if end.id not in nodes:
                nodes[end.id] = end
                graph.add_node(end.id, **plain(node_properties(end)))
        edge = edge_properties(dated) | renamed_ends(claim, nodes[claim.subject.id], nodes[claim.object.id])
        graph.add_edge(claim.subject.id, claim.object.id, key=claim.id, **plain(edge))
    return graph


def plain(properties: Mapping[str, Property]) -> dict[str, Plain]:
    """Return properties as graphs of networkx and GraphML have them: several texts are one, as JSON."""
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value
        for name, value in properties.items()
    }
