"""Searching a store: one question to the index of texts, its hits, its facets."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kg.model import Claim, Outcome
from kg.query.entity_lookup import find_named
from kg.search.hits import Hit, SearchResult, table_of_hits
from kg.search.plan import QueryPlan
from kg.search.request import SearchRequest
from kg.store import Store
from kg.store.iris import IriScheme
from kg.store.text_index import FACETS, FIELDS, TextIndex
from kg.wording.counts import counted
from kg.wording.search import SEARCH_WORDINGS

if TYPE_CHECKING:
    from tantivy import Query

__all__ = ["claims_of_hits", "search"]

_VALUES = 20
"""How many values of a facet are counted, the most frequent first."""
_NAMES = "SELECT DISTINCT ?company ?name { ?company rdfs:label|skos:altLabel ?name }"


def search(store: Store, request: SearchRequest, lang: str = "en") -> SearchResult:
    """Return the hits of a request in a store, with notes in a language.

    Raises `UnknownEntity` and `UnknownDocument` with the nearest names, and `MissingExtra` where tantivy is not
    installed.
    """
    if request.document is not None:
        store.document(request.document)
    index = store.text_index()
    company = None if request.company is None else find_named(store, request.company, candidates=True)
    names = () if company is None else {company.name, *company.aliases, *_names(store, company.id)}
    plan = QueryPlan(index, request, None if company is None else company.id, names)
    query = plan.query()
    found = index.searcher.search(query, request.limit, offset=request.offset)
    hits = tuple(_hit(index, plan, address, score) for score, address in found.hits)
    total = int(found.count)
    notes = (*store.selection.notes(lang), *_notes(index, plan, request, lang))
    return SearchResult(table_of_hits(hits), notes, hits, total, _facets(index, query), request.words)


def claims_of_hits(store: Store, hits: Iterable[Hit]) -> Mapping[str, Claim]:
    """Return the claims and candidates of hits, by id."""
    wanted = {id_: hit for hit in hits for id_ in hit.claims}
    claims = {claim.id: claim for claim in store.claims(ids=wanted)}
    for document in sorted({hit.document for id_, hit in wanted.items() if id_ not in claims}):
        candidates = store.candidates(document=document, outcomes={Outcome.TO_REVIEW})
        claims |= {claim.id: claim for claim in candidates if claim.id in wanted}
    return claims


def _names(store: Store, entity: str) -> set[str]:
    bound = {"company": IriScheme(store.base).entity(entity)}
    return {row["name"].value for row in store.query(_NAMES, bound)}


def _hit(index: TextIndex, plan: QueryPlan, address: Any, score: float) -> Hit:
    record = _record(index, address)
    place = record if record["text"] is not None else _best_sentence(index, plan, record)
    return Hit(
        record["document"],
        place["start"],
        place["end"],
        place["text"],
        _marks(index, plan, place["text"], record["lang"]),
        float(score),
        record["title"],
        record["published"],
        record["source"],
        record["lang"],
        tuple(record["claims"]),
        tuple(record["relations"]),
        tuple(record["modalities"]),
        record["outcome"],
        tuple(record["verdicts"]),
    )


def _record(index: TextIndex, address: Any) -> dict[str, Any]:
    [stored] = index.searcher.doc(address)["record"]
    record: dict[str, Any] = json.loads(bytes(stored))
    return record


def _best_sentence(index: TextIndex, plan: QueryPlan, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sentence of a document that has most of the words; nothing of it where it has no sentence at all."""
    found = index.searcher.search(plan.best_in(record["document"]), 1).hits
    return _record(index, found[0][1]) if found else {"start": 0, "end": 0, "text": ""}


def _marks(index: TextIndex, plan: QueryPlan, text: str, lang: str) -> tuple[tuple[int, int], ...]:
    marks: set[tuple[int, int]] = set()
    for field in FIELDS["fr" if lang.startswith("fr") else "en"]:
        words = plan.words(field)
        marks.update((start, end) for word, start, end in index.places(field, text) if word in words)
    return tuple(sorted(marks))


def _facets(index: TextIndex, query: "Query") -> Mapping[str, Mapping[str, int]]:
    wanted = {name: {"terms": {"field": name, "size": _VALUES}} for name in FACETS}
    counted = index.searcher.aggregate(query, wanted)
    return {name: {str(one["key"]): int(one["doc_count"]) for one in counted[name]["buckets"]} for name in FACETS}


def _notes(index: TextIndex, plan: QueryPlan, request: SearchRequest, lang: str) -> tuple[str, ...]:
    """What was left out for want of a date, where dates are asked for."""
    if request.since is None and request.until is None:
        return ()
    left_out = int(index.searcher.search(plan.query(dated=False), 1).count)
    return (counted(SEARCH_WORDINGS[lang]["left_out"], left_out, lang),) if left_out else ()
