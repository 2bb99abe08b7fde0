"""A claim in full: every quote with its place and the text around it, its source, and who judged it."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from kg.errors import QueryError, UnknownDocument
from kg.facts import AsOf
from kg.facts.fact import Standing
from kg.mcp.answer import Found, Item
from kg.mcp.fence import fenced
from kg.mcp.relations import clocks_of
from kg.mcp.rows import Citations, claim_row, named, word
from kg.mcp.sections import Section, section_of
from kg.mcp.tables import standings_of
from kg.model import Claim, Document, Evidence, Outcome
from kg.query.opinions import opinions_on
from kg.query.places import places_on
from kg.query.review import find_claim
from kg.wording.places import place_label

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["claim_in_full", "evidence", "find"]

_CLAIMS, _SPANS, _PLACES = 5, 4, 20
_ID = 32
_LONG, _TOGETHER, _AROUND = 3_000, 6_000, 300
"""Bytes of a quote at most, of all quotes of a claim, and of the text on either side of each."""
_LOOK = 300
"""Characters of the text that are read on either side."""


def evidence(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Return the claims of some ids in full, each in the list of how it stands today."""
    ids = str(values["claim"]).split()
    if not 1 <= len(ids) <= _CLAIMS:
        raise QueryError(f"give the ids of 1 to {_CLAIMS} claims, apart by spaces")
    claims = [find(graph, id_) for id_ in dict.fromkeys(ids)]
    dates = AsOf().or_on(graph.today)
    standings = standings_of(graph.store, [claim.id for claim in claims], dates)
    items = [Item(_section(c, standings.get(c.id)), partial(_row, graph, c, standings.get(c.id))) for c in claims]
    items.sort(key=lambda item: list(Section).index(item.section))
    return Found.of(clocks_of(dates), items)


def find(graph: "Graph", id_: str) -> Claim:
    """Return the claim or lead of an id, or of its first letters; raise `QueryError` where there is none such."""
    claim = next(graph.store.claims(ids=[id_]), None) if len(id_) == _ID else None
    return claim or find_claim(graph.store, id_)


def _section(claim: Claim, standing: Standing | None) -> Section:
    if claim.outcome is not Outcome.ADMITTED:
        return Section.LEADS
    # Without a standing it begins later on, and nobody had told of that before.
    return Section.UNDECIDED if standing is None else section_of(standing.modality, standing.holds)


def claim_in_full(graph: "Graph", claim: Claim) -> Mapping[str, Any]:
    """Return a claim as a row with all its evidence, and how it stands today."""
    dates = AsOf().or_on(graph.today)
    return clocks_of(dates) | _row(graph, claim, standings_of(graph.store, [claim.id], dates).get(claim.id))


def _row(graph: "Graph", claim: Claim, standing: Standing | None) -> dict[str, Any]:
    store, citations = graph.store, Citations(graph.store)
    row = claim_row(claim, citations, claim.modality.value if standing is None else standing.modality.value)
    row |= {} if standing is None else {"holds": standing.holds.value}
    document, places = citations.document(claim.document), places_on(store, [claim])
    told = claim.evidence[:_SPANS]
    most = min(_LONG, _TOGETHER // len(told))
    spans = [_span(one, citations, place_label(places.get(one, ()), "en"), most) for one in told]
    # What is not shown of the quotes is read in the document, from its place on.
    further = [_place(one, claim.document) for one in claim.evidence[_SPANS:]]
    row |= {"more_evidence": len(further), "further": further[:_PLACES]} if further else {}
    row |= {"evidence": spans, "method": fenced(claim.method, 200), "confidence": claim.confidence}
    row |= {"outcome": claim.outcome.value, "source": _source(document, claim.document)}
    opinions = opinions_on(store, [claim]).get(claim.id, ())
    judged = [{"verdict": one.verdict.value, "by": named(one.author), "at": one.at} for one in opinions[:_CLAIMS]]
    return row | ({"judgements": judged} if judged else {})


def _place(one: Evidence, document: str) -> Mapping[str, Any]:
    place: dict[str, Any] = {"start": one.start, "end": one.end}
    return place if one.document == document else {"document": named(one.document), **place}


def _span(one: Evidence, citations: Citations, place: str, most: int) -> Mapping[str, Any]:
    document = citations.document(one.document)
    span: dict[str, Any] = {"quote": fenced(one.quote, most), "document": named(one.document)}
    span |= {"start": one.start, "end": one.end, "lang": word(one.lang)} | ({"place": named(place)} if place else {})
    if document is None or document.text[one.start : one.end] != one.quote:
        return span
    before, after = document.text[max(one.start - _LOOK, 0) : one.start], document.text[one.end : one.end + _LOOK]
    return span | {"before": _end_of(before), "after": fenced(after, _AROUND)}


def _end_of(text: str) -> str:
    """Return the end of a text that stands before a quote, fenced, from a word on."""
    short = text[-_AROUND // 2 :]
    return fenced(short if len(short) == len(text) else short.partition(" ")[2] or short, _AROUND)


def _source(document: Document | None, id_: str) -> Mapping[str, Any]:
    if document is None:
        raise UnknownDocument(f"the document '{id_}' is not in the graph")
    source = {"title": document.title and named(document.title), "url": document.url and named(document.url)}
    source |= {"published": document.published, "lang": word(document.lang), "sha256": document.sha256}
    return {name: value for name, value in source.items() if value is not None}
