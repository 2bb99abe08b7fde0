"""Who a statement of BODS is about: entities and persons, known, unknown and anonymous ones."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.identifiers import canonical
from kg.importers.bods.statements import Statement, date_of, optional_text
from kg.importers.record_chunks import BadRecord, LeftOut, entity_key
from kg.importers.register_numbers import SCHEMES, registration
from kg.model import Entity
from kg.resolve import DatedName, RegisterRecord, register_entity

__all__ = ["OWN_SCHEME", "REGISTER", "SCHEME_NAMES", "Party", "party_of", "record_of"]

REGISTER = "bods"
OWN_SCHEME = "kg"
"""The `schemeName` by which kg writes its own ids of entities, so that what it exported can be taken in again."""
SCHEME_NAMES: Mapping[str, str] = {
    "cusip": "CUSIP",
    "isin": "ISIN",
    "listing": "Exchange and ticker",
    "qid": "Wikidata",
    "registration": "Companies register",
    "ticker": "Ticker",
}
"""How kinds of identifiers that have no code in org-id.guide are called."""

_CLASSES = {
    "registeredEntity": "Company",
    "legalEntity": "LegalEntity",
    "arrangement": "LegalEntity",
    "anonymousEntity": "LegalEntity",
    "unknownEntity": "LegalEntity",
    "state": "PublicBody",
    "stateBody": "PublicBody",
}
_NAMELESS = {
    "anonymousEntity": "Anonymous entity",
    "unknownEntity": "Unknown entity",
    "anonymousPerson": "Anonymous person",
    "unknownPerson": "Unknown person",
}
_KINDS = {"XI-LEI": "lei", "US-SEC": "cik"}
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_AGENTS = {name.lower(): name for name in ("Company", "LegalEntity", "Organisation", "Person", "PublicBody")}
_KG_ID = re.compile(r"[a-z]+/[^\s\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Party:
    """A party of relationships: class, names and identifiers; `id` is the one of kg where kg wrote the file."""

    type: str
    name: str
    aliases: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    id: str | None = None

    def entity(self, source: str, record: str) -> Entity:
        """Return it as an entity of the record of a source."""
        if self.id is not None:
            return Entity(self.id, self.name, self.type, tuple(sorted({self.name, *self.aliases})), self.identifiers)
        key = entity_key(source, record)
        return register_entity(self.name, self.type, REGISTER, key, identifiers=self.identifiers, aliases=self.aliases)

    def text(self) -> str:
        """Return it as a text that `from_text` reads."""
        return json.dumps([self.type, self.name, self.aliases, self.identifiers, self.id])

    @classmethod
    def from_text(cls, text: str) -> "Party":
        """Return the party that a text is of."""
        type_, name, aliases, identifiers, id_ = json.loads(text)
        return cls(type_, name, tuple(aliases), tuple((kind, value) for kind, value in identifiers), id_)


def party_of(statement: Statement, left_out: LeftOut | None = None) -> Party:
    """Return whom a statement on an entity or a person is about. Raises `BadRecord`.

    A party without a name is called after what the statement says of it ("Anonymous person 81337a6e"): by its record's
    id it stays one of its own. Identifiers that are not well formed are left out, and counted.
    """
    details = statement.details
    found = list(_identifiers(details, left_out or LeftOut()))
    identifiers = tuple(sorted({(kind, value) for kind, value in found if kind != OWN_SCHEME}))
    type_ = _class(details, identifiers) if statement.kind == "entity" else "Person"
    id_ = next((value for kind, value in found if kind == OWN_SCHEME), None)
    # BODS tells less classes apart than kg, whose id begins with the class.
    own = _AGENTS.get(id_.partition("/")[0]) if id_ is not None else None
    if own is None or (own == "Person") != (type_ == "Person"):
        id_, own = None, type_
    first, *others = _names(statement)
    return Party(own, first, tuple(sorted({*others} - {first})), identifiers, id_)


def _class(details: Mapping[str, Any], identifiers: tuple[tuple[str, str], ...]) -> str:
    kind = _entity_type(details)
    if kind not in _CLASSES:
        raise BadRecord("entityType", kind, f"is no type of BODS: one of {', '.join(_CLASSES)}")
    listing = details.get("publicListing")
    is_listed = isinstance(listing, dict) and listing.get("hasPublicListing") is True
    # Whoever has shares at an exchange is a company, also where the statement says no more than "legal entity".
    is_company = kind == "legalEntity" and (is_listed or "lei" in dict(identifiers))
    return "Company" if is_company else _CLASSES[kind]


def _entity_type(details: Mapping[str, Any]) -> str:
    type_ = details.get("entityType")
    return str(type_.get("type") if isinstance(type_, dict) else type_)


def _names(statement: Statement) -> list[str]:
    details = statement.details
    names = list(_person_names(details)) if statement.kind == "person" else list(_entity_names(details))
    if names:
        return names
    kind = str(details.get("personType")) if statement.kind == "person" else _entity_type(details)
    fallback = _NAMELESS.get(kind, "Unnamed person" if statement.kind == "person" else "Unnamed entity")
    return [f"{fallback} {statement.record}"]


def _entity_names(details: Mapping[str, Any]) -> Iterator[str]:
    alternate = details.get("alternateNames")
    for value in (details.get("name"), *(alternate if isinstance(alternate, list) else ())):
        if (name := optional_text(value)) is not None:
            yield name


def _person_names(details: Mapping[str, Any]) -> Iterator[str]:
    given = [each for each in _list(details, "names") if isinstance(each, dict) and not _is_former(each)]
    for name in sorted(given, key=lambda each: each.get("type") != "legal"):
        parts = (optional_text(name.get(part)) for part in ("givenName", "patronymicName", "familyName"))
        whole = optional_text(name.get("fullName")) or " ".join(part for part in parts if part)
        if whole:
            yield whole


_FORMER = {"former", "birth"}


def _list(details: Mapping[str, Any], name: str) -> list[Any]:
    value = details.get(name)
    return value if isinstance(value, list) else []


def _identifiers(details: Mapping[str, Any], left_out: LeftOut) -> Iterator[tuple[str, str]]:
    for each in _list(details, "identifiers"):
        if isinstance(each, dict) and (value := optional_text(each.get("id"))) is not None:
            yield from _identifier(each, value, left_out)
    listing = details.get("publicListing")
    for each in _list(listing, "securitiesListings") if isinstance(listing, dict) else ():
        yield from _security(each, left_out) if isinstance(each, dict) else ()


def _identifier(each: Mapping[str, Any], value: str, left_out: LeftOut) -> Iterator[tuple[str, str]]:
    scheme, called = str(each.get("scheme") or ""), str(each.get("schemeName") or "")
    kinds = {name: kind for kind, name in SCHEME_NAMES.items()}
    if called == OWN_SCHEME and _KG_ID.fullmatch(value):
        yield OWN_SCHEME, value
        return
    if scheme in SCHEMES:
        # A number that the register would not give is none by which to tell companies.
        found = registration(SCHEMES[scheme], value)
        kind = "registration"
    elif kind := _KINDS.get(scheme) or (kinds.get(called, "") if not scheme else ""):
        found = canonical(kind, value)
    else:
        left_out.add(f"identifier of scheme '{scheme or called or 'none'}', which kg has no kind for")
        return
    if found is None:
        left_out.add(f"identifier of scheme '{scheme or called}' that is not well formed")
    else:
        yield kind, found


def _security(listing: Mapping[str, Any], left_out: LeftOut) -> Iterator[tuple[str, str]]:
    security = listing.get("security")
    if not isinstance(security, dict):
        return
    market, ticker = str(listing.get("marketIdentifierCode") or ""), str(security.get("ticker") or "")
    pairs = [(str(security.get("idScheme") or "").lower(), str(security.get("id") or ""))]
    pairs += [("listing", f"{market}:{ticker}")] if market and ticker else []
    for kind, value in pairs:
        found = canonical(kind, value) if kind in {"isin", "cusip", "listing"} else None
        if found is None:
            left_out.add(f"identifier of a security ('{kind}') that is not well formed")
        else:
            yield kind, found


def record_of(statement: Statement, entity: Entity, key: str, earlier: list[str]) -> RegisterRecord:
    """Return what a statement says of an entity itself; `earlier` are names of older ones. Raises `BadRecord`."""
    details, is_person = statement.details, statement.kind == "person"
    start, end = ("birthDate", "deathDate") if is_person else ("foundingDate", "dissolutionDate")
    ended = date_of(details, end)
    type_ = details.get("entityType")
    form = optional_text(type_.get("details") or type_.get("subtype")) if isinstance(type_, dict) else None
    former = [optional_text(each.get("fullName")) for each in _list(details, "names") if _is_former(each)]
    names = dict.fromkeys(name for name in (*former, *earlier) if name and name not in {entity.name, *entity.aliases})
    return RegisterRecord(
        entity,
        REGISTER,
        key,
        country=None if is_person else _country(details),
        legal_form=form,
        is_active=False if ended is not None else None,
        start=date_of(details, start),
        end=ended,
        former_names=tuple(DatedName(name) for name in names),
        addresses=() if is_person else tuple(dict.fromkeys(_addresses(details))),
    )


def _addresses(details: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses of an entity, each in one line, that where it is registered first."""
    told = sorted(_list(details, "addresses"), key=lambda each: not _is_registered(each))
    for each in told:
        line = optional_text(each.get("address")) if isinstance(each, dict) else None
        country = each.get("country") if isinstance(each, dict) else None
        code = optional_text((country.get("code") or country.get("name")) if isinstance(country, dict) else country)
        if line is not None:
            yield ", ".join(filter(None, (" ".join(line.split()), optional_text(each.get("postCode")), code)))


def _is_registered(address: object) -> bool:
    return isinstance(address, dict) and address.get("type") == "registered"


def _is_former(name: object) -> bool:
    return isinstance(name, dict) and optional_text(name.get("type")) in _FORMER


def _country(details: Mapping[str, Any]) -> str | None:
    jurisdiction = details.get("jurisdiction")
    code = str(jurisdiction.get("code") or "").upper() if isinstance(jurisdiction, dict) else ""
    return code if _COUNTRY.fullmatch(code) else None
