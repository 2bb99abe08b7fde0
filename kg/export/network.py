"""Claims as a graph: a networkx MultiDiGraph in the process, GraphML in a file."""

import datetime as dt
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from kg.export.dated import DatedClaim, dated_claims
from kg.facts import TriState
from kg.model import Claim, Entity, Outcome
from kg.ontology import ontology
from kg.settings import today as current_day

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["graphml", "to_networkx"]

_Plain: TypeAlias = str | float | bool

# What XML 1.0 allows (https://www.w3.org/TR/xml/#charsets); the rest would make the file unreadable.
_ALLOWED = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))


def to_networkx(
    claims: Iterable[Claim],
    *,
    facts_only: bool = False,
    today: dt.date | None = None,
    selection: str | None = None,
) -> "nx.MultiDiGraph[str]":
    """Return the claims between entities as a directed multigraph, one edge a claim.

    A node is an entity's id, with its name, type and public identifiers, several of a kind with a
    space between. An edge's key is the
    claim's id; it carries relation, modality, fact (it holds on the day), undecided (the bounds of
    its dates leave that open), valid_from and valid_until (the days on which it holds), symmetric
    (the direction means nothing), each qualifier that the source gives, quote, lang, document,
    known_from, method, confidence, the outcome of one that was not admitted, and reasons. What is
    not known is absent. Numbers are floats: exact up
    to 15 digits. Company figures, which have no second entity, are left out; so are claims that
    are no facts with `facts_only`, and retracted ones always. `claims` are all of their
    relationships; the day is `today`, which the graph carries as its own attribute, with `selection`,
    what the claims were narrowed to.
    """
    import networkx as nx

    day = today or current_day()
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(today=day.isoformat())
    if selection is not None:
        graph.graph["selection"] = selection
    for dated in dated_claims(claims, day):
        claim = dated.claim
        if claim.retracted_at is not None or not isinstance(claim.object, Entity):
            continue
        if facts_only and not dated.is_fact:
            continue
        for end in (claim.subject, claim.object):
            graph.add_node(end.id, **_node(end))
        graph.add_edge(claim.subject.id, claim.object.id, key=claim.id, **_edge(dated))
    return graph


def _node(entity: Entity) -> dict[str, _Plain]:
    identifiers: dict[str, list[str]] = {}
    for kind, value in ontology().identifiers_of(entity.id, entity.identifiers):
        identifiers.setdefault(kind, []).append(value)
    return {"name": entity.name, "type": entity.type, **{kind: " ".join(each) for kind, each in identifiers.items()}}


def _edge(dated: DatedClaim) -> dict[str, _Plain]:
    claim = dated.claim
    terms: dict[str, _Plain] = {
        name: value if isinstance(value, str | bool) else float(value)
        for name, value in claim.qualifiers.terms().items()
        if value != ""
    }
    dates = {"known_from": claim.known_from, "valid_from": dated.valid_from, "valid_until": dated.valid_until}
    present_dates: dict[str, _Plain] = {name: date for name, date in dates.items() if date}
    undecided = {"undecided": True} if dated.holds is TriState.UNDECIDED else {}
    return {
        "relation": claim.relation,
        "modality": claim.modality.value,
        "fact": dated.is_fact,
        **undecided,
        "symmetric": ontology().relation(claim.relation).symmetric,
        **terms,
        "quote": claim.quote,
        "lang": claim.evidence[0].lang,
        "document": claim.document,
        **present_dates,
        "method": claim.method,
        "confidence": claim.confidence,
        **({} if claim.outcome is Outcome.ADMITTED else {"outcome": claim.outcome.value}),
        **({"reasons": " ".join(claim.reasons)} if claim.reasons else {}),
    }


def graphml(
    claims: Iterable[Claim],
    out: BinaryIO,
    *,
    facts_only: bool = False,
    today: dt.date | None = None,
    selection: str | None = None,
) -> tuple[str, ...]:
    r"""Write the graph of `to_networkx` as GraphML, and return a note on each text that it changed.

    XML has no way to write control characters and lone surrogates: each becomes its escape
    (``\u0000``) in the file. networkx reads the file back with
    ``read_graphml(path, node_type=str, edge_key_type=str, force_multigraph=True)``.
    """
    import networkx as nx

    notes: list[str] = []
    whole = to_networkx(claims, facts_only=facts_only, today=today, selection=selection)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(**whole.graph)
    names = {node: _writable(node, f"the id of {node!r}", notes) for node in whole}
    for node, data in whole.nodes(data=True):
        graph.add_node(names[node], **_all_writable(data, f"entity {node!r}", notes))
    for subject, object_, key, data in whole.edges(keys=True, data=True):
        graph.add_edge(names[subject], names[object_], key=key, **_all_writable(data, f"claim {key}", notes))
    written = io.BytesIO()
    nx.write_graphml_xml(graph, written)
    # A parser takes a bare carriage return for a line feed.
    out.write(written.getvalue().replace(b"\r", b"&#13;"))
    return tuple(notes)


def _all_writable(data: dict[str, _Plain], owner: str, notes: list[str]) -> dict[str, _Plain]:
    return {
        name: _writable(value, f"{name} of {owner}", notes) if isinstance(value, str) else value
        for name, value in data.items()
    }


def _writable(text: str, place: str, notes: list[str]) -> str:
    written = "".join(c if _is_allowed(ord(c)) else f"\\u{ord(c):04x}" for c in text)
    if written != text:
        notes.append(f"GraphML cannot hold the control characters in the {place}: written as \\uXXXX")
    return written


def _is_allowed(code: int) -> bool:
    return any(first <= code <= last for first, last in _ALLOWED)
