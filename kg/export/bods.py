"""Claims of ownership as statements of BODS 0.4: https://standard.openownership.org/en/0.4.0/."""

import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from kg.dates import first_day
from kg.export.parties import AGENTS, Party, Unsaid, party_of, sayable_parts, sayable_terms
from kg.importers.bods.entities import OWN_SCHEME, SCHEME_NAMES
from kg.importers.bods.records import UNSPECIFIED
from kg.importers.register_numbers import SCHEMES
from kg.importers.shares import Share, printed_share
from kg.model import Claim, Document, Entity, Modality, Tier
from kg.resolve import RegisterRecord
from kg.store import Store

__all__ = ["write_bods"]

_VERSION = "0.4"
_RELATIONS = frozenset({"holds-stake", "subsidiary-of"})
_MODALITIES = frozenset({Modality.ASSERTED.value, Modality.ENDED.value, Modality.PAST.value})
_TERMS = frozenset(
    {
        *("percent", "percent_min", "percent_max", "percent_of", "indirect", "start", "end", "as_of"),
        "as_printed",
    }
)
_PARTS = frozenset({"country", "legal_form", "start", "end", "addresses"})
_INTERESTS = {"capital": "shareholding", "votes": "votingRights", None: "shareholding"}
_ENTITY_TYPES = {"Company": "registeredEntity", "PublicBody": "stateBody"}
_SCHEMES = {country: scheme for scheme, country in SCHEMES.items()}
_SOURCES = {
    Tier.REGISTER: "officialRegister",
    Tier.FILING: "selfDeclaration",
    Tier.COMPANY_RELEASE: "selfDeclaration",
    Tier.OWN_NOTE: "primaryResearch",
}
_WHOLE = len("2025-03-12")


def write_bods(store: Store, claims: Iterable[Claim], out: BinaryIO, today: dt.date) -> tuple[str, ...]:
    """Write claims as an array of statements of BODS 0.4; return a note on each kind of thing that it cannot say.

    Parties come before the relationships that name them. Stakes become interests, of shares or of votes; a subsidiary
    is a relationship of control whose details are "subsidiary-of". Statements of one source on one tie are of one
    record, so that what is past stands before what is.
    """
    writer = _Writer(store, today)
    separator = b"["
    for statement in writer.statements(claims):
        out.write(separator + b"\n")
        out.write(json.dumps(statement, ensure_ascii=False).encode())
        separator = b","
    out.write(b"\n]\n" if separator == b"," else b"[]\n")
    return tuple(writer.unsaid.notes())


@dataclass(frozen=True, slots=True)
class _Stated:
    """Claims that are one statement: of one tie, day and modality."""

    day: str
    published: str
    modality: Modality
    claims: tuple[Claim, ...]


class _Writer:
    def __init__(self, store: Store, today: dt.date) -> None:
        self.unsaid = Unsaid("BODS")
        self._store, self._today = store, today
        self._parties: set[str] = set()

    def statements(self, claims: Iterable[Claim]) -> Iterator[dict[str, Any]]:
        """Yield the statements of claims, which come document by document, then the parties that no claim names."""
        for document, group in itertools.groupby(claims, key=lambda claim: claim.document):
            sayable = [claim for claim in group if self._is_sayable(claim)]
            ties: dict[tuple[str, str, str], list[Claim]] = {}
            for claim in sayable:
                ties.setdefault((claim.subject.id, claim.relation, claim.entities[1].id), []).append(claim)
            source = self._store.document(document) if ties else None
            for tie in ties.values():
                for number, record in enumerate(self._records(tie)):
                    yield from self._relationship(record, source, number)
        for told in self._store.records():
            if told.entity.type in AGENTS:
                yield from self._party(told.entity, None)
                yield from self._unspecified(told)

    def _unspecified(self, record: RegisterRecord) -> Iterator[dict[str, Any]]:
        """Yield what a register says of an owner that nobody names: BODS has its reason in the place of the party."""
        for topic in record.topics:
            name, _, reason = topic.partition(":")
            if name != UNSPECIFIED:
                continue
            day, subject = self._today.isoformat(), record.entity.id
            details = {"isComponent": False, "subject": subject, "interestedParty": {"reason": reason}}
            id_ = _hash("unspecified", record.register, record.key, reason)
            yield self._statement(id_, "relationship", details, "new", day, day, subject)

    def _is_sayable(self, claim: Claim) -> bool:
        if claim.qualifiers.percent_of in {"revenue", "cost"}:
            self.unsaid.claim(f"a share of {claim.qualifiers.percent_of} has no term in BODS")
            return False
        return self.unsaid.is_sayable(claim, _RELATIONS, _MODALITIES)

    def _records(self, claims: Sequence[Claim]) -> Iterator[list[_Stated]]:
        """Yield the records of a tie, each its statements in order.

        A later statement of a record takes the place of an earlier one. So what is asserted on two days is two records,
        and before a statement in one there is only what is past, and what an end without a day ends.
        """
        key = lambda claim: (*self._days(claim), claim.modality)  # noqa: E731 - of use here alone
        stated = [_Stated(*parts, tuple(group)) for parts, group in itertools.groupby(sorted(claims, key=key), key)]
        past = [each for each in stated if each.modality is Modality.PAST]
        asserted = [each for each in stated if each.modality is Modality.ASSERTED]
        ended = [each for each in stated if each.modality is Modality.ENDED]
        current: list[list[_Stated]] = []
        for end in ended:
            ends = {_interest_of(claim) for claim in end.claims if claim.qualifiers.end is None}
            before = [
                each for each in asserted
                if each.day < end.day and any(_interest_of(claim) in ends for claim in each.claims)
            ]  # fmt: skip
            asserted = [each for each in asserted if each not in before]
            current.append([*before, end])
        current += [[each] for each in asserted]
        current.sort(key=lambda record: record[-1].day)
        if current:
            last = current[-1]
            earlier = [each for each in past if each.day < last[0].day]
            current[-1] = [*earlier, *last]
            past = [each for each in past if each not in earlier]
        for each in past:
            for _ in each.claims:
                self.unsaid.claim("what is past, and was not replaced in its source, has no term in BODS")
        yield from current

    def _days(self, claim: Claim) -> tuple[str, str]:
        """Return when the source states a claim, and when that was published: BODS has both, as whole days."""
        known = claim.known_from or claim.qualifiers.as_of or (claim.recorded_at or "")[:_WHOLE]
        stated = claim.qualifiers.as_of or known or self._today.isoformat()
        return self._whole(stated), self._whole(known or stated)

    def _whole(self, date: str) -> str:
        if len(date) < _WHOLE:
            self.unsaid.part("date rounded to its first day, since BODS has whole days alone")
        return first_day(date).isoformat()

    def _relationship(
        self, record: Sequence[_Stated], source: Document | None, number: int
    ) -> Iterator[dict[str, Any]]:
        claim = record[-1].claims[0]
        subject, object_ = claim.entities
        holder, issuer = (object_, subject) if claim.relation == "subsidiary-of" else (subject, object_)
        for entity in (issuer, holder):
            yield from self._party(entity, record[0])
        id_ = _hash("relationship", claim.document, holder.id, issuer.id, claim.relation, number)
        for at, stated in enumerate(record):
            details = {
                "isComponent": False,
                "subject": issuer.id,
                "interestedParty": holder.id,
                "interests": [self._interest(each) for each in stated.claims],
            }
            status = "closed" if stated.modality is Modality.ENDED else "updated" if at else "new"
            statement = self._statement(id_, "relationship", details, status, stated.day, stated.published, issuer.id)
            yield statement | ({} if source is None else {"source": _source(source)})

    def _interest(self, claim: Claim) -> dict[str, Any]:
        sayable_terms(claim, _TERMS, self.unsaid)
        terms = claim.qualifiers
        is_parent = claim.relation == "subsidiary-of"
        interest: dict[str, Any] = {
            "type": "otherInfluenceOrControl" if is_parent else _INTERESTS[terms.percent_of],
            "directOrIndirect": {True: "indirect", False: "direct", None: "unknown"}[terms.indirect],
        }
        if is_parent:
            interest["details"] = "subsidiary-of"
        share = printed_share(terms)
        if share is not None:
            interest["share"] = _share(share)
        if terms.as_printed is not None and (share is None or share.text != terms.as_printed):
            self.unsaid.part("term as_printed has no place in BODS")
        for name, date in (("startDate", terms.start), ("endDate", terms.end)):
            if date is not None:
                interest[name] = self._whole(date)
        return interest

    def _party(self, entity: Entity, stated: _Stated | None) -> Iterator[dict[str, Any]]:
        if entity.id in self._parties:
            return
        self._parties.add(entity.id)
        party = party_of(entity, self._store)
        day = self._today.isoformat() if stated is None else stated.day
        published = day if stated is None else stated.published
        is_person = entity.type == "Person"
        details = self._person(party) if is_person else self._entity(party)
        kind = "person" if is_person else "entity"
        yield self._statement(entity.id, kind, details, "new", day, published, entity.id)

    def _person(self, party: Party) -> dict[str, Any]:
        names = [{"type": "legal", "fullName": party.entity.name}]
        names += [{"type": "alternative", "fullName": name} for name in party.aliases]
        names += [{"type": "former", "fullName": name} for name in party.former_names]
        details = {"isComponent": False, "personType": "knownPerson", "names": names}
        return details | self._common(party, ("birthDate", "deathDate"))

    def _entity(self, party: Party) -> dict[str, Any]:
        type_ = {"type": _ENTITY_TYPES.get(party.entity.type, "legalEntity")}
        if party.legal_form is not None:
            type_["details"] = party.legal_form
        details: dict[str, Any] = {"isComponent": False, "entityType": type_, "name": party.entity.name}
        alternates = [*party.aliases, *party.former_names]
        details |= {"alternateNames": alternates} if alternates else {}
        if party.former_names:
            self.unsaid.part("former name of an entity told as an alternate one, since BODS has no other")
        details |= {"jurisdiction": {"code": party.country, "name": party.country}} if party.country else {}
        return details | self._common(party, ("foundingDate", "dissolutionDate"))

    def _common(self, party: Party, names: tuple[str, str]) -> dict[str, Any]:
        days: dict[str, Any] = {
            name: self._whole(date) for name, date in zip(names, (party.start, party.end), strict=True) if date
        }
        has_all = all(topic.startswith(UNSPECIFIED) for topic in party.topics)
        sayable_parts(party, _PARTS | ({"topics"} if has_all else set()), self.unsaid)
        days |= {"addresses": [{"address": line} for line in party.addresses]} if party.addresses else {}
        identifiers = [_identifier(kind, value) for kind, value in party.identifiers]
        own = {"id": party.entity.id, "schemeName": OWN_SCHEME}
        return {"identifiers": [*identifiers, own], **days}

    def _statement(  # noqa: PLR0913, PLR0917 - what a statement is made of
        self, record: str, kind: str, details: dict[str, Any], status: str, day: str, published: str, subject: str
    ) -> dict[str, Any]:
        return {
            "statementId": _hash(record, kind, status, day, details),
            "declarationSubject": subject,
            "statementDate": day,
            "publicationDetails": {
                "publicationDate": published,
                "bodsVersion": _VERSION,
                "publisher": {"name": "kg"},
            },
            "recordId": record,
            "recordType": kind,
            "recordStatus": status,
            "recordDetails": details,
        }


def _interest_of(claim: Claim) -> tuple[tuple[str, object], ...]:
    return tuple((name, value) for name, value in claim.qualifiers.terms().items() if name not in {"as_of", "end"})


def _share(share: Share) -> dict[str, float]:
    if share.exact is not None:
        return {"exact": _number(share.exact)}
    low = "exclusiveMinimum" if share.is_low_open else "minimum"
    high = "exclusiveMaximum" if share.is_high_open else "maximum"
    return {name: _number(value) for name, value in ((low, share.low), (high, share.high)) if value is not None}


def _number(value: Decimal) -> float:
    return int(value) if value == value.to_integral_value() else float(value)


def _identifier(kind: str, value: str) -> dict[str, str]:
    if kind == "lei":
        return {"id": value, "scheme": "XI-LEI"}
    if kind == "cik":
        return {"id": value, "scheme": "US-SEC"}
    country, _, number = value.partition(":")
    if kind == "registration" and country in _SCHEMES:
        return {"id": number, "scheme": _SCHEMES[country]}
    return {"id": value, "schemeName": SCHEME_NAMES[kind]}


def _source(document: Document) -> dict[str, Any]:
    kind = "thirdParty" if document.tier is None else _SOURCES.get(document.tier, "thirdParty")
    source: dict[str, Any] = {"type": [kind], "description": document.title or document.id}
    is_web = document.url is not None and document.url.startswith(("http://", "https://"))
    return source | ({"url": document.url} if is_web else {})


def _hash(*parts: object) -> str:
    # A statement's id has 32 to 64 characters.
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:40]
