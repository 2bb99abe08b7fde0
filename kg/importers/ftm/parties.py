"""Whom an entity of FollowTheMoney is: its class, names, identifiers, and what a list says of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.identifiers import canonical
from kg.importers.ftm.proxies import PARTIES, Proxy, first_date, last_date
from kg.importers.record_chunks import LeftOut, entity_key
from kg.importers.register_numbers import registration
from kg.model import Entity
from kg.resolve import DatedName, RegisterRecord, register_entity

__all__ = ["OWN_DATASET", "REGISTER", "Party", "ftm_id", "kg_id", "party_of", "record_of", "sanction_topics"]

REGISTER = "ftm"
OWN_DATASET = "kg"
"""The dataset of what kg exports: ids of its entities are kg's own, so that they can be taken in again."""
_KINDS = {
    "cikCode": "cik",
    "isin": "isin",
    "isinCode": "isin",
    "leiCode": "lei",
    "wikidataId": "qid",
}
_COUNTRY = re.compile(r"[a-z]{2}(-[a-z0-9]{1,3})?")
_NO_COUNTRIES = {"eu", "zz", "xx"}
_OWN = "kg-"
_UNPLAIN = re.compile(r"[^0-9a-zA-Z-]|-$")
_ESCAPED = re.compile(r"\.\.([0-9a-f]{2})")
_ACTIVE = {"active", "registered", "live", "in existence"}
_GONE = {"inactive", "dissolved", "liquidated", "deleted", "struck off", "closed", "ceased", "terminated"}
_OVER = {"inactive", "expired", "suspended", "delisted", "removed", "ended"}


@dataclass(frozen=True, slots=True)
class Party:
    """An entity as others refer to it; `type` is its class in kg, "" where kg has none for its `schema`."""

    schema: str
    type: str
    name: str
    aliases: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...]
    is_own: bool

    def text(self) -> str:
        """Return it as a text that `from_text` reads."""
        return json.dumps([self.schema, self.type, self.name, self.aliases, self.identifiers, self.is_own])

    @classmethod
    def from_text(cls, text: str) -> "Party":
        """Return the party that a text is of."""
        schema, type_, name, aliases, identifiers, is_own = json.loads(text)
        return cls(schema, type_, name, tuple(aliases), tuple((kind, value) for kind, value in identifiers), is_own)

    def joined(self, other: "Party", schema: str) -> "Party":
        """Return it with what another fragment says of it, and the schema of both."""
        aliases = tuple(sorted({*self.aliases, other.name, *other.aliases} - {self.name}))
        identifiers = tuple(sorted({*self.identifiers, *other.identifiers}))
        is_own = self.is_own or other.is_own
        return Party(schema, PARTIES.get(schema, ""), self.name, aliases, identifiers, is_own)

    def entity(self, id_: str) -> Entity:
        """Return it as an entity of kg; `id_` is its id in the file."""
        spellings = tuple(sorted({self.name, *self.aliases}))
        own = kg_id(id_) if self.is_own else None
        if own is not None and own.startswith(f"{self.type.lower()}/"):
            return Entity(own, self.name, self.type, spellings, self.identifiers)
        key = entity_key(id_)
        return register_entity(self.name, self.type, REGISTER, key, identifiers=self.identifiers, aliases=self.aliases)


def ftm_id(id_: str) -> str:
    """Return the id of an entity of kg as FollowTheMoney can have it: of letters, digits, dots and hyphens.

    >>> ftm_id("company/acme"), ftm_id("company/é")
    ('kg-company.acme', 'kg-company...c3..a9')

    """
    type_, _, slug = id_.partition("/")
    # The last sign must be a letter or a digit.
    plain = _UNPLAIN.sub(lambda match: "".join(f"..{byte:02x}" for byte in match[0].encode()), slug)
    return f"{_OWN}{type_}.{plain}"


def kg_id(id_: str) -> str | None:
    """Return the id of kg that `ftm_id` was given; None for another one.

    >>> kg_id("kg-company...c3..a9"), kg_id("NK-1")
    ('company/é', None)

    """
    type_, dot, plain = id_.removeprefix(_OWN).partition(".")
    if not id_.startswith(_OWN) or not dot:
        return None
    parts = _ESCAPED.split(plain)
    data = b"".join(bytes.fromhex(part) if at % 2 else part.encode() for at, part in enumerate(parts))
    slug = data.decode("utf-8", "replace")
    return f"{type_}/{slug}" if slug else None


def party_of(proxy: Proxy, left_out: LeftOut | None = None) -> Party:
    """Return whom an entity is. Identifiers that are not well formed are left out, and counted."""
    names = proxy.values("name")
    name = proxy.caption if proxy.caption in names else next(iter(names), None)
    aliases = {*names, *proxy.values("alias", "abbreviation")}
    return Party(
        proxy.schema,
        PARTIES.get(proxy.schema, ""),
        name or next(iter(sorted(aliases)), proxy.id),
        tuple(sorted(aliases - {name})),
        tuple(sorted(set(_identifiers(proxy, left_out or LeftOut())))),
        OWN_DATASET in proxy.datasets,
    )


def _identifiers(proxy: Proxy, left_out: LeftOut) -> Iterator[tuple[str, str]]:
    for name, kind in _KINDS.items():
        for value in proxy.values(name):
            found = canonical(kind, value)
            if found is None:
                left_out.add(f"identifier '{name}' that is not well formed")
            else:
                yield kind, found
    country = _country(proxy, "jurisdiction")
    numbers = proxy.values("registrationNumber") if proxy.schema == "Company" and country else ()
    for number in numbers:
        found = registration(country or "", number)
        if found is None:
            left_out.add("registration number that means nobody without its register")
        else:
            yield "registration", found


def _country(proxy: Proxy, *names: str) -> str | None:
    """Return the country of the first property that has exactly one, in capitals."""
    for name in names:
        codes = {code for code in map(str.casefold, proxy.values(name)) if _COUNTRY.fullmatch(code)} - _NO_COUNTRIES
        if len(codes) == 1:
            return codes.pop().upper()
    return None


def record_of(proxy: Proxy, entity: Entity, key: str) -> RegisterRecord:
    """Return what a file says of an entity itself. Topics are those of FollowTheMoney ("sanction", "role.pep")."""
    is_person = proxy.schema == "Person"
    start, end = ("birthDate", "deathDate") if is_person else ("incorporationDate", "dissolutionDate")
    ended = last_date(proxy.values(end))
    topics = dict.fromkeys(topic for topic in sorted(proxy.values("topics")) if not topic.startswith("role."))
    if "sanction" in topics:
        topics |= dict.fromkeys(f"sanction:{each}" for each in sorted(proxy.values("programId")))
    current = {entity.name, *entity.aliases}
    former = [name for name in proxy.values("previousName") if name not in current]
    return RegisterRecord(
        entity,
        REGISTER,
        key,
        country=None if is_person else _country(proxy, "jurisdiction", "mainCountry", "country"),
        legal_form=proxy.first("legalForm"),
        is_active=False if ended is not None else _is_active(proxy),
        start=first_date(proxy.values(start)),
        end=ended,
        former_names=tuple(DatedName(name) for name in former),
        topics=tuple(topics),
        addresses=() if is_person else tuple(" ".join(each.split()) for each in proxy.values("address")),
    )


def _is_active(proxy: Proxy) -> bool | None:
    words = {value.casefold() for value in proxy.values("status")}
    if words & _GONE:
        return False
    return True if words & _ACTIVE else None


def sanction_topics(sanction: Proxy) -> tuple[str, ...]:
    """Return what a Sanction makes of the one whom it is on: the topic, and the programme with its days.

    The topic "sanction" is there where the sanction has no end and is not said to be over.

    >>> sanction_topics(Proxy("s", "Sanction", {"program": ("SDN",), "startDate": ("2014-03-20",)}))
    ('sanction', 'sanction:SDN 2014-03-20/..')

    """
    names = sanction.values("programId") or sanction.values("program") or sanction.values("authority")
    start = first_date(sanction.values("startDate", "listingDate"))
    end = last_date(sanction.values("endDate"))
    is_over = end is not None or bool({value.casefold() for value in sanction.values("status")} & _OVER)
    days = f" {start or '..'}/{end or '..'}" if start or end else ""
    state = "ended-sanction" if is_over else "sanction"
    return (*(() if is_over else ("sanction",)), *(f"{state}:{' '.join(name.split())}{days}" for name in names))
