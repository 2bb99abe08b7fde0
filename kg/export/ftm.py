"""Claims as entities of FollowTheMoney, a JSON line each: https://followthemoney.tech."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from kg.export.parties import AGENTS, Party, Unsaid, party_of, sayable_parts, sayable_terms
from kg.importers.ftm.parties import OWN_DATASET, ftm_id
from kg.importers.ftm.proxies import PARTIES
from kg.importers.shares import printed_share, share_of
from kg.model import Claim, Entity, Modality, Qualifiers
from kg.ontology import ontology
from kg.query.registers import sanctioned
from kg.store import Store

__all__ = ["write_ftm"]

_SCHEMATA = {kind: schema for schema, kind in PARTIES.items()}
_MODALITIES = frozenset({Modality.ASSERTED.value, Modality.ENDED.value, Modality.PAST.value})
_DATED = frozenset({"start", "end", "as_of", "indirect"})
_OWNED = frozenset(
    {
        *_DATED,
        *("percent", "percent_min", "percent_max", "percent_of", "as_printed", "quantity", "amount", "currency"),
    }
)
_KINDS = {"lei": "leiCode", "qid": "wikidataId"}
_OF_COMPANIES = {"cik": "cikCode", "isin": "isinCode"}
_PARTS = frozenset({"country", "legal_form", "start", "end", "is_active", "topics", "sectors", "addresses"})
_ACTIVE = {True: "active", False: "inactive", None: None}
_OWN_TOPIC = re.compile(r"[a-z]+(?:\.[a-z]+)*")
"""How FollowTheMoney writes a topic."""
_DIRECT = {True: "indirect", False: "direct"}


def write_ftm(store: Store, claims: Iterable[Claim], out: BinaryIO) -> tuple[str, ...]:
    """Write claims as entities of FollowTheMoney; return a note on each kind of thing that it cannot say.

    A stake is an Ownership; each other relation between companies, organisations and persons is an UnknownLink whose
    role is the relation's name, without amounts. A programme of sanctions is a Sanction with its days. The entities
    are of the dataset "kg", whose ids are those of kg.
    """
    writer = _Writer(store)
    out.writelines(
        json.dumps({**entity, "datasets": [OWN_DATASET]}, ensure_ascii=False).encode() + b"\n"
        for entity in writer.entities(claims)
    )
    return tuple(writer.unsaid.notes())


class _Writer:
    def __init__(self, store: Store) -> None:
        self.unsaid = Unsaid("FollowTheMoney")
        self._store = store
        self._parties: set[str] = set()
        self._relations = frozenset(ontology().relations)

    def entities(self, claims: Iterable[Claim]) -> Iterator[dict[str, Any]]:
        """Yield the entities that claims are, and those that no claim names."""
        for claim in claims:
            if not self.unsaid.is_sayable(claim, self._relations, _MODALITIES):
                continue
            if claim.qualifiers.percent_of in {"revenue", "cost"} and claim.relation == "holds-stake":
                self.unsaid.claim(f"a share of {claim.qualifiers.percent_of} has no term in FollowTheMoney")
                continue
            for entity in claim.entities:
                yield from self._party(entity)
            yield self._ownership(claim) if claim.relation == "holds-stake" else self._link(claim)
        for record in self._store.records():
            if record.entity.type in AGENTS:
                yield from self._party(record.entity)

    def _ownership(self, claim: Claim) -> dict[str, Any]:
        sayable_terms(claim, _OWNED, self.unsaid)
        terms = claim.qualifiers
        has_amount = terms.amount is not None and terms.currency is not None
        properties = {
            "owner": ftm_id(claim.subject.id),
            "asset": ftm_id(claim.entities[1].id),
            "percentage": _percentage(terms),
            "sharesType": terms.percent_of,
            "sharesCount": None if terms.quantity is None else format(terms.quantity, "f"),
            "sharesValue": format(terms.amount, "f") if has_amount and terms.amount is not None else None,
            "sharesCurrency": terms.currency if has_amount else None,
            "ownershipType": None if terms.indirect is None else _DIRECT[terms.indirect],
        }
        return self._interest(claim, "Ownership", properties)

    def _link(self, claim: Claim) -> dict[str, Any]:
        sayable_terms(claim, _DATED, self.unsaid)
        indirect = claim.qualifiers.indirect
        roles = [claim.relation, *([] if indirect is None else [_DIRECT[indirect]])]
        properties = {"subject": ftm_id(claim.subject.id), "object": ftm_id(claim.entities[1].id), "role": roles}
        return self._interest(claim, "UnknownLink", properties)

    def _interest(self, claim: Claim, schema: str, properties: Mapping[str, object]) -> dict[str, Any]:
        terms = claim.qualifiers
        around = {
            "startDate": terms.start,
            "endDate": terms.end,
            "date": terms.as_of,
            "status": None if claim.modality is Modality.ASSERTED else claim.modality.value,
            "modifiedAt": claim.known_from,
            "sourceUrl": self._url(claim.document),
        }
        return _entity(f"kg-{claim.id}", schema, {**properties, **around})

    def _url(self, document: str) -> str | None:
        url = self._store.document(document).url
        return url if url is not None and url.startswith(("http://", "https://")) else None

    def _party(self, entity: Entity) -> Iterator[dict[str, Any]]:
        if entity.id in self._parties:
            return
        self._parties.add(entity.id)
        party = party_of(entity, self._store)
        is_person, is_company = entity.type == "Person", entity.type == "Company"
        dates = ("birthDate", "deathDate") if is_person else ("incorporationDate", "dissolutionDate")
        properties = {
            "name": party.entity.name,
            "alias": party.aliases,
            "previousName": party.former_names,
            "jurisdiction": None if is_person or party.country is None else self._country(party.country),
            "legalForm": party.legal_form,
            **dict(zip(dates, (party.start, party.end), strict=True)),
            "status": None if is_person else _ACTIVE[party.is_active],
            "address": party.addresses,
            "sector": party.sectors,
            "topics": [topic for topic in party.topics if _OWN_TOPIC.fullmatch(topic)],
            **self._identifiers(party, is_company=is_company),
        }
        sayable_parts(party, _PARTS, self.unsaid)
        yield _entity(ftm_id(entity.id), _SCHEMATA[entity.type], properties) | {"caption": party.entity.name}
        yield from self._sanctions(entity.id, party.topics)

    def _sanctions(self, id_: str, topics: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Yield a Sanction for each programme that the topics of an entity tell."""
        for topic in topics:
            told = sanctioned(topic)
            if told is not None:
                properties = {
                    "entity": ftm_id(id_),
                    "program": told.programme,
                    "startDate": told.start,
                    "endDate": told.end,
                    "status": "ended" if told.is_over else None,
                }
                key = hashlib.sha256(f"{id_} {topic}".encode()).hexdigest()[:32]
                yield _entity(f"kg-sanction-{key}", "Sanction", properties)
            elif not _OWN_TOPIC.fullmatch(topic):
                self.unsaid.part(f"topic {topic.partition(':')[0]} has no place in FollowTheMoney")

    def _country(self, country: str) -> str:
        if "-" in country:
            self.unsaid.part("part of a country has no place in FollowTheMoney")
        return country.partition("-")[0].lower()

    def _identifiers(self, party: Party, *, is_company: bool) -> dict[str, list[str]]:
        kinds = _KINDS | (_OF_COMPANIES if is_company else {})
        found: dict[str, list[str]] = {}
        for kind, value in party.identifiers:
            country, _, number = value.partition(":")
            if kind in kinds:
                found.setdefault(kinds[kind], []).append(value)
            elif kind == "registration" and is_company and country == party.country:
                found.setdefault("registrationNumber", []).append(number)
            else:
                self.unsaid.part(f"identifier {kind} has no place in FollowTheMoney")
        return found


def _percentage(terms: Qualifiers) -> str | None:
    """Return a share as its source prints it where that says the same, else as kg writes it."""
    share = printed_share(terms)
    if share is None:
        return terms.as_printed
    return terms.as_printed if terms.as_printed and share_of(terms.as_printed) == share else share.text


def _entity(id_: str, schema: str, properties: Mapping[str, object]) -> dict[str, Any]:
    values = {
        name: [each] if isinstance(each, str) else list(each)
        for name, each in properties.items()
        if each and isinstance(each, str | list | tuple)
    }
    return {"id": id_, "schema": schema, "properties": values}
