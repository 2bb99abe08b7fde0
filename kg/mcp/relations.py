"""What sources say of a company, of two, or claim by claim: facts, plans, reports and leads in lists of their own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from kg.facts import AsOf, Fact, standing_of, visible_claims
from kg.mcp.answer import Found, Item, notes_of
from kg.mcp.fence import fenced
from kg.mcp.rows import Citations, claim_row, ends_of, entity_row, fact_row, named, word
from kg.mcp.sections import Section, section_of
from kg.mcp.tools import as_of
from kg.model import Claim, Modality, Outcome, Tier
from kg.ontology import ontology
from kg.query.claims import ClaimFilter
from kg.query.recorded import claims_then, entity_then, recorded_then
from kg.query.registers import RegisterFact, tiers_of

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.query.dossiers import Dossier

__all__ = ["between", "claims", "clocks_of", "dossier"]

_LISTED = 8
_TOPIC, _TOPICS = 120, 4
_ORDER = tuple(Section)


def clocks_of(dates: AsOf) -> dict[str, Any]:
    """Return where the clocks stood, as an answer tells it; a clock that stood open is left out."""
    clocks = {"holds_on": dates.valid, "known_on": dates.known, "recorded_on": dates.recorded}
    return {"as_of": {name: date for name, date in clocks.items() if date is not None}}


def _dates(graph: "Graph", values: Mapping[str, Any]) -> AsOf:
    return as_of(values).or_on(graph.today)


def dossier(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Return all that the sources say of a company."""
    return _told(graph, graph.dossier(values["company"], **_how(graph, values)))


def between(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Return all that the sources say of two companies at once."""
    return _told(graph, graph.dossier(values["one"], values["other"], **_how(graph, values)))


def _how(graph: "Graph", values: Mapping[str, Any]) -> dict[str, Any]:
    return {"outcome": "to-review" if values.get("leads") else "admitted", "as_of": _dates(graph, values)}


def _told(graph: "Graph", found: "Dossier") -> Found:
    citations = Citations(graph.store)
    head: dict[str, Any] = {"company": entity_row(found.entity)}
    head |= {"other": entity_row(found.other)} if found.other else {}
    head |= clocks_of(found.as_of) | _narrowing(graph)
    head |= {"not_shown_leads": found.count_to_review} if found.count_to_review else {}
    registers = [_register(fact) for fact in found.registers[:_LISTED]]
    head |= {"registers": registers} if registers else {}
    disputes = [_dispute(dispute.facts, dispute.differs) for dispute in found.disputes[:_LISTED]]
    head |= {"disputes": disputes} if disputes else {}
    listed = {"registers": len(found.registers), "disputes": len(found.disputes)}
    more = {name: count - _LISTED for name, count in listed.items() if count > _LISTED}
    head |= {"not_shown": more} if more else {}
    groups = chain(found.facts, *(groups for _, groups in found.apart))
    facts = sorted((fact for group in groups for fact in group.facts), key=_place)
    items = [Item(_section(fact), partial(_row, fact, found, citations)) for fact in facts]
    leads = [Item(Section.LEADS, partial(claim_row, c, citations, c.modality.value)) for c in found.candidates]
    return Found.of(head, items + leads)


def _section(fact: Fact) -> Section:
    return section_of(fact.modality, fact.holds)


def _place(fact: Fact) -> int:
    return _ORDER.index(_section(fact))


def _row(fact: Fact, found: "Dossier", citations: Citations) -> Mapping[str, Any]:
    copies = found.near_duplicates
    return fact_row(fact, citations, found.opinions, None if copies is None else len(copies.sources(fact.documents)))


def _dispute(facts: Iterable[Fact], differs: Iterable[str]) -> Mapping[str, Any]:
    each = tuple(facts)
    row = ends_of(each[0].subject, each[0].relation, each[0].object) | {"differs": list(differs)}
    return row | {"claims": [fact.claims[-1].id for fact in each[:_LISTED]]}


def _register(fact: RegisterFact) -> Mapping[str, Any]:
    record = fact.record
    told: dict[str, Any] = {"register": word(record.register), "key": named(record.key), "country": record.country}
    told |= {"topics": [fenced(topic, _TOPIC) for topic in record.topics[:_TOPICS]], "date": fact.published}
    return {name: value for name, value in (told | {"document": named(fact.document)}).items() if value}


def _narrowing(graph: "Graph") -> dict[str, Any]:
    notes = graph.store.selection.notes()
    return {"notes": notes_of(notes)} if notes else {}


# ------------------------------------------------------------------------------ claim by claim
def claims(graph: "Graph", values: Mapping[str, Any]) -> Found:
    """Return claims one by one: of a company, of two, of a relation, modality or tier, or with some words."""
    store, dates = graph.store, _dates(graph, values)
    if values.get("relation") is not None:
        ontology().relation(values["relation"])
    past = recorded_then(store, dates)
    company, other = (
        None if values.get(name) is None else entity_then(store, values[name], past).id for name in ("company", "other")
    )
    ends = [id_ for id_ in (company, other) if id_ is not None]
    first, fits = ends[0] if ends else None, _filter(set(ends), values)
    wanted = [claim for claim in claims_then(store, first, past) if fits(claim)]
    takes = ClaimFilter(text=values.get("text")).takes
    rows = [
        (section_of(one.modality, one.holds), one.claim, one.modality)
        for one in standing_of(wanted, dates)
        if takes(one.claim) and values.get("modality") in {None, one.modality}
    ]
    if values.get("leads"):
        candidates = visible_claims(store.candidates(entity=first, outcomes={Outcome.TO_REVIEW}), dates)
        rows += [(Section.LEADS, c, c.modality) for c in candidates if fits(c) and takes(c) and _said(c, values)]
    rows = sorted(_of_tier(graph, rows, values.get("tier")), key=lambda row: _newest_first(row[1]))
    rows.sort(key=lambda row: _ORDER.index(row[0]))
    citations = Citations(store)
    items = [Item(section, partial(claim_row, claim, citations, modality.value)) for section, claim, modality in rows]
    return Found.of(clocks_of(dates) | _narrowing(graph), items)


_Row = tuple[Section, Claim, Modality]


def _filter(ends: set[str], values: Mapping[str, Any]) -> Callable[[Claim], bool]:
    relation = values.get("relation")

    def fits(claim: Claim) -> bool:
        return relation in {None, claim.relation} and ends <= {entity.id for entity in claim.entities}

    return fits


def _said(claim: Claim, values: Mapping[str, Any]) -> bool:
    return values.get("modality") in {None, claim.modality.value}


def _of_tier(graph: "Graph", rows: Iterable[_Row], tier: str | None) -> Iterator[_Row]:
    """Yield the rows whose document is of a tier; all where none is asked for."""
    if tier is None:
        yield from rows
        return
    listed = list(rows)
    tiers = tiers_of(graph.store, (claim.document for _, claim, _ in listed))
    yield from (row for row in listed if tiers.get(row[1].document) is Tier(tier))


def _newest_first(claim: Claim) -> tuple[tuple[int, ...], str, int, str]:
    # A later date sorts first: each of its characters by the complement of its code.
    date = tuple(-ord(char) for char in claim.known_from or "")
    return date or (1,), claim.document, claim.evidence[0].start, claim.id
