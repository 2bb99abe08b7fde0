"""Claims as items of Wikidata, in the JSON of Wikibase: https://www.mediawiki.org/wiki/Wikibase/DataModel/JSON.

The properties are P127 (owned by) and P1830 (owner of), P749 (parent organisation) and P355 (has subsidiary), with the
qualifiers P1107 (proportion), P580, P582 and P585 (start, end, point in time).
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from kg.dates import first_day
from kg.export.parties import AGENTS, Unsaid, party_of, sayable_parts, sayable_terms
from kg.facts import TriState, periods
from kg.model import Claim, Entity, Modality
from kg.store import Store

__all__ = ["write_wikidata"]

_MODALITIES = frozenset({Modality.ASSERTED.value, Modality.ENDED.value, Modality.PAST.value})
# The property of the subject's item, and that of the object's.
_PROPERTIES: Mapping[str, tuple[str, str]] = {"holds-stake": ("P1830", "P127"), "subsidiary-of": ("P749", "P355")}
_TERMS = frozenset({"percent", "percent_of", "start", "end", "as_of"})
_IDENTIFIERS = {"cik": "P5531", "isin": "P946", "lei": "P1278", "ticker": "P249"}
_NAMED_AS = "P1932"
_CALENDAR = "http://www.wikidata.org/entity/Q1985727"
_PRECISIONS = {len("2025"): 9, len("2025-03"): 10, len("2025-03-12"): 11}
_WEB = ("http://", "https://")


def write_wikidata(store: Store, claims: Iterable[Claim], out: BinaryIO, today: dt.date) -> tuple[str, ...]:
    """Write claims as an array of items of Wikibase; return a note on each kind of thing that Wikidata cannot say.

    An item is an entity: by its QID where kg knows it, else without an id, as a new one. The other end of a tie is an
    item, or, where it has no QID, a value that is not known, named as it is (P1932). Each claim has its rank (preferred
    where it holds today and another one of its property does not) and its source as reference.
    """
    writer = _Writer(store, today)
    separator = "["
    for item in writer.items(list(claims)):
        out.write(f"{separator}\n{json.dumps(item, ensure_ascii=False)}".encode())
        separator = ","
    out.write(b"\n]\n" if separator == "," else b"[]\n")
    return tuple(writer.unsaid.notes())


class _Writer:
    def __init__(self, store: Store, today: dt.date) -> None:
        self.unsaid = Unsaid("Wikidata")
        self._store, self._today = store, today
        self._holding: set[str] = set()

    def items(self, claims: Sequence[Claim]) -> Iterator[dict[str, Any]]:
        """Yield an item for each entity that has a claim or an identifier."""
        sayable = [claim for claim in claims if self._is_sayable(claim)]
        spans = periods(claims)
        self._holding = {id_ for id_, span in spans.items() if span.holds_on(self._today) is not TriState.FALSE}
        entities: dict[str, Entity] = {}
        ties: dict[str, list[tuple[str, Claim, Entity]]] = {}
        for claim in sayable:
            sayable_terms(claim, _TERMS, self.unsaid)
            first, second = claim.entities
            for entity, other, name in ((first, second, 0), (second, first, 1)):
                entities.setdefault(entity.id, entity)
                ties.setdefault(entity.id, []).append((_PROPERTIES[claim.relation][name], claim, other))
        for record in self._store.records():
            if record.entity.type in AGENTS:
                entities.setdefault(record.entity.id, record.entity)
        for id_, entity in sorted(entities.items()):
            yield self._item(entity, ties.get(id_, []))

    def _is_sayable(self, claim: Claim) -> bool:
        if claim.qualifiers.percent_of not in {None, "capital"}:
            self.unsaid.claim(f"a share of {claim.qualifiers.percent_of} has no term in Wikidata")
            return False
        return self.unsaid.is_sayable(claim, frozenset(_PROPERTIES), _MODALITIES)

    def _item(self, entity: Entity, ties: Sequence[tuple[str, Claim, Entity]]) -> dict[str, Any]:
        party = party_of(entity, self._store)
        qids = party.values("qid")
        if not qids:
            self.unsaid.part("item without a QID: Wikidata has it under none that kg knows")
        statements: dict[str, list[dict[str, Any]]] = {}
        for kind, value in party.identifiers:
            if kind in _IDENTIFIERS:
                property_ = _IDENTIFIERS[kind]
                statement = {"mainsnak": _snak(property_, "string", value), "type": "statement", "rank": "normal"}
                statements.setdefault(property_, []).append(statement)
            elif kind != "qid":
                self.unsaid.part(f"identifier {kind} has no place in Wikidata")
        for property_, claim, other in ties:
            statements.setdefault(property_, []).append(self._statement(property_, claim, other, ties))
        sayable_parts(party, frozenset(), self.unsaid)
        names = [*party.aliases, *party.former_names]
        if party.former_names:
            self.unsaid.part("former name told as an alias, since labels have no days")
        return {
            "type": "item",
            **({"id": qids[0]} if qids else {}),
            "labels": {"mul": {"language": "mul", "value": entity.name}},
            "aliases": {"mul": [{"language": "mul", "value": name} for name in names]} if names else {},
            "claims": statements,
        }

    def _statement(
        self, property_: str, claim: Claim, other: Entity, ties: Sequence[tuple[str, Claim, Entity]]
    ) -> dict[str, Any]:
        qids = party_of(other, self._store).values("qid")
        value = {"entity-type": "item", "id": qids[0]} if qids else None
        main = _snak(property_, "wikibase-entityid", value)
        qualifiers = _qualifiers(claim) + ([] if qids else [_snak(_NAMED_AS, "string", other.name)])
        holds = claim.id in self._holding
        rivals = (each.id in self._holding for name, each, _ in ties if name == property_)
        return {
            "mainsnak": main,
            "type": "statement",
            "id": f"{qids[0] if qids else 'kg'}${claim.id}",
            "rank": "preferred" if holds and not all(rivals) else "normal",
            "qualifiers": _by_property(qualifiers),
            "references": [{"snaks": _by_property(self._reference(claim))}],
        }

    def _reference(self, claim: Claim) -> list[dict[str, Any]]:
        document = self._store.document(claim.document)
        title = {"text": document.title or document.id, "language": document.lang}
        snaks = [_snak("P1476", "monolingualtext", title)]
        if document.url is not None and document.url.startswith(_WEB):
            snaks.append(_snak("P854", "string", document.url))
        if claim.known_from is not None:
            snaks.append(_snak("P577", "time", _time(claim.known_from)))
        return snaks


def _qualifiers(claim: Claim) -> list[dict[str, Any]]:
    terms = claim.qualifiers
    snaks = []
    if terms.percent is not None:
        # A proportion is a number from 0 to 1, without a unit.
        amount = format((terms.percent / 100).normalize(), "f")
        snaks.append(_snak("P1107", "quantity", {"amount": f"+{amount}", "unit": "1"}))
    dates = (("P580", terms.start), ("P582", terms.end), ("P585", terms.as_of))
    return [*snaks, *(_snak(name, "time", _time(date)) for name, date in dates if date is not None)]


def _snak(property_: str, kind: str, value: object) -> dict[str, Any]:
    if value is None:
        return {"snaktype": "somevalue", "property": property_}
    return {"snaktype": "value", "property": property_, "datavalue": {"type": kind, "value": value}}


def _time(date: str) -> dict[str, Any]:
    """Return a partial date as a time of Wikibase, whose precision tells what of it counts."""
    whole = first_day(date).isoformat() if len(date) == len("2025-03-12") else f"{date}{'-00' * (2 - date.count('-'))}"
    return {
        "time": f"+{whole}T00:00:00Z",
        "timezone": 0,
        "before": 0,
        "after": 0,
        "precision": _PRECISIONS[len(date)],
        "calendarmodel": _CALENDAR,
    }


def _by_property(snaks: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for snak in snaks:
        grouped.setdefault(snak["property"], []).append(snak)
    return grouped
