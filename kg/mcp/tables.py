"""Tables of questions and analyses as rows of an answer: each text fenced, each in the list of how it stands."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from kg.facts import AsOf, TriState, standing_of
from kg.facts.fact import Standing
from kg.mcp.answer import Found, Item
from kg.mcp.fence import fenced
from kg.mcp.rows import Citations, currency, number, word
from kg.mcp.sections import Section, section_of
from kg.model import Modality
from kg.store import Store

__all__ = ["cell", "claim_of", "line_section", "lines_found", "standings_of", "table_found"]

_ROW, _LEAST, _MOST = 6_000, 120, 1_000
"""Bytes of a row's texts together at most; those of one text, at least and at most."""
_CLAIM = re.compile(r"(?:.*/claim/)?([0-9a-f]{32})")
_CITED = 5
_CHANGED: Mapping[Any, Section] = {"ended": Section.PAST, "withdrawn": Section.PAST, "denied": Section.DENIED}
"""What became of a relation: one that ended may have been a fact, and is none."""
_CALLED: Mapping[str, str] = {"claims": "claim_count"}
"""A column of counts, by another name than that of the claims under a row."""
_EVIDENCE = frozenset({"document", "sentence", "claim", "claims"})
"""Columns that say where a row stands: they become its claims."""
_MODALITIES = ("modality", "rivalry")
"""Columns that say in which modality something is told on which a row rests: it is as firm as the least of them."""


def cell(name: str, value: Any, base: str, columns: int) -> Any:
    """Return a value of a table as JSON has it: text of sources fenced, an IRI of this graph as the id that it names.

    `name` is its column, `columns` how many there are: many leave each less room.
    """
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "unlimited" if value > 0 else "unknown"
    if not isinstance(value, str):
        return value
    if match := _CLAIM.fullmatch(value):
        return match[1]
    if name == "unit" or name.endswith("currency"):
        return currency(value)
    local = value.removeprefix(base)
    kept = word(local)
    return kept if kept == local else fenced(local, min(_MOST, max(_LEAST, _ROW // max(columns, 1))))


def claim_of(row: Mapping[str, Any]) -> str | None:
    """Return the id of the first claim that a row names; None where it names none."""
    ids = _ids(row)
    match = _CLAIM.fullmatch(ids[0]) if ids else None
    return match[1] if match else None


def _ids(row: Mapping[str, Any]) -> list[str]:
    return str(row.get("claims") or row.get("claim") or "").split()


def standings_of(store: Store, ids: Iterable[str | None], dates: AsOf) -> Mapping[str, Standing]:
    """Return how claims stand on a day, by id: what others say of the same relationship decides that."""
    wanted = {id_ for id_ in ids if id_ is not None}
    subjects = {(claim.subject.id, claim.relation) for claim in store.claims(ids=sorted(wanted))}
    near = [
        claim
        for subject in sorted({subject for subject, _ in subjects})
        for claim in store.claims(entity=subject)
        if (claim.subject.id, claim.relation) in subjects or claim.id in wanted
    ]
    return {each.claim.id: each for each in standing_of(near, dates) if each.claim.id in wanted}


def table_found(
    head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], store: Store, standings: Mapping[str, Standing] = {}
) -> Found:
    """Return rows in their lists, within each in their order; `standings` tell how the claims of some stand."""
    return lines_found(head, ((_section(row, standings), partial(_same, row)) for row in rows), store)


def lines_found(
    head: Mapping[str, Any], lines: Iterable[tuple[Section, Callable[[], Mapping[str, Any]]]], store: Store
) -> Found:
    """Return lines in their lists, within each in their order; what makes a line is called when it is on the page."""
    citations, order = Citations(store), list(Section)
    placed = sorted(lines, key=lambda line: order.index(line[0]))
    return Found.of(head, [Item(section, partial(_made, make, citations, store.base)) for section, make in placed])


def line_section(line: Mapping[str, Any]) -> Section:
    """Return the list for a line of an analysis, whose claims are left alone: to look them up takes long."""
    return _section({name: value for name, value in line.items() if name not in _EVIDENCE}, {})


def _same(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return row


def _made(make: Callable[[], Mapping[str, Any]], citations: Citations, base: str) -> Mapping[str, Any]:
    return _row(make(), citations, base)


def _section(row: Mapping[str, Any], standings: Mapping[str, Standing]) -> Section:
    """Return the list for a row: that of its modality, where it has one, else `Section.ROWS`, or what is left open."""
    if row.get("change") in _CHANGED:
        return _CHANGED[row["change"]]
    standing = standings.get(claim_of(row) or "")
    if standing is not None:
        return section_of(standing.modality, standing.holds)
    told = [section_of(found) for name in _MODALITIES if (found := _modality(row.get(name))) is not None]
    if told:
        return max(told, key=list(Section).index)
    # A name may be the word, too.
    is_open = any(isinstance(value, TriState) and value is TriState.UNDECIDED for value in row.values())
    return Section.UNDECIDED if is_open else Section.ROWS


def _modality(value: Any) -> Modality | None:
    """Return a modality by its name or its IRI."""
    local = str(value).rpartition("#")[2].lower()
    return Modality(local) if local in set(Modality) else None


def _row(row: Mapping[str, Any], citations: Citations, base: str) -> Mapping[str, Any]:
    is_cited = row.get("sentence") is not None
    hidden = _EVIDENCE | {"known_from"} if is_cited else frozenset()
    shown = {
        _CALLED.get(name, name): cell(name, value, base, len(row))
        for name, value in row.items()
        if value not in {None, ""} and name not in hidden
    }
    if (modality := _modality(row.get("modality"))) is not None:
        shown["modality"] = modality.value
    return shown | (_cited(row, citations) if is_cited else {})


def _cited(row: Mapping[str, Any], citations: Citations) -> dict[str, Any]:
    document, sentence = str(row["document"]), str(row["sentence"])
    ids = [match[1] for id_ in _ids(row) if (match := _CLAIM.fullmatch(id_))]
    told, others = citations.telling(ids, document, sentence)
    cited = {"claim": told, "quote": fenced(sentence), **citations.source(document, row.get("known_from"))}
    found: dict[str, Any] = {"claims": [cited]}
    alike = others.pop(None, [])
    found |= {"other_claims": alike[:_CITED]} if alike else {}
    # What denies or plans it stands in no list with what says it.
    found |= {"said_otherwise": {str(name): each[:_CITED] for name, each in others.items()}} if others else {}
    return found | ({"claim_count": len(ids)} if len(ids) > 1 else {})
