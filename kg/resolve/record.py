"""What a register says of an entity itself: what it is called, where it is, by which keys others know it."""

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.companies import Company
from kg.errors import InvalidRecord
from kg.model import Entity
from kg.ontology import listed, ontology
from kg.validation import check_date, check_text

__all__ = ["KEYS", "DatedName", "RegisterRecord", "register_entity"]

_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_SLUG = re.compile(r"[^a-z0-9]+")
_PLAIN = re.compile(r"[A-Z0-9:/_-]+|[a-z0-9:/_-]+")
"""Keys in letters of one case; of one register, none differ by the sign between two parts alone."""
_LONGEST = 48

KEYS = ("lei", "cik", "qid", "registration")
"""The identifiers that mean one entity and no other, the surest first; securities and tickers change hands."""


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name that an entity went by, from `start` until `end` (partial dates); None where the register does not say."""

    name: str
    start: str | None = None
    end: str | None = None

    def __post_init__(self) -> None:
        """Check the dates."""
        if not self.name.strip():
            raise InvalidRecord("a former name needs a name")
        check_text("a former name", self.name)
        check_date("start", self.start)
        check_date("end", self.end)


@dataclass(frozen=True, slots=True)
class RegisterRecord:
    """One record of a register on one entity; the document that it stands in is the record to the letter.

    `register` and `key` say which: "gleif" and an LEI. `country` is where the entity is registered (ISO 3166-1 alpha-2,
    with ISO 3166-2 for a part of it, as in "US-DE"). `legal_form` is as the register calls it. `is_active` is None
    where the register does not say. `start` and `end` are when the entity began and ended, partial dates.
    `topics` are what a list puts it on for ("sanction"), `sectors` codes with their scheme ("nace:K64"),
    `addresses` each in one line, that of the seat first. `aliases` of
    the entity are its other names, `former_names` those of earlier days. `read` is the entity as the register has it
    where people say that it is another one.

    >>> RegisterRecord(Entity("company/lei-x", "Acme SA", "Company"), "gleif", "X", country="FR").country
    'FR'

    """

    entity: Entity
    register: str
    key: str
    country: str | None = None
    legal_form: str | None = None
    is_active: bool | None = None
    start: str | None = None
    end: str | None = None
    former_names: tuple[DatedName, ...] = ()
    topics: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    read: Entity | None = field(default=None)

    def __post_init__(self) -> None:
        """Check that the record says which it is, and where the entity is in the form that it should."""
        if not self.register or not self.key:
            raise InvalidRecord(f"a record of '{self.entity.name}' needs a register and a key")
        if self.country is not None and not _COUNTRY.fullmatch(self.country):
            raise InvalidRecord(f"{self.country!r} is no country: write two capitals, as in FR or US-DE (ISO 3166)")
        told = *self.topics, *self.sectors, *self.addresses
        check_text("a register's record", self.register, self.key, self.legal_form, *told)
        check_date("start", self.start)
        check_date("end", self.end)

    @property
    def names(self) -> tuple[str, ...]:
        """All names that the record gives, the one in use first."""
        entity = self.read or self.entity
        return tuple(dict.fromkeys((entity.name, *entity.aliases, *(one.name for one in self.former_names))))


def register_entity(  # noqa: PLR0913 - what a record says of whom
    name: str,
    type_: str,
    register: str,
    key: str,
    *,
    identifiers: Iterable[tuple[str, str]] = (),
    aliases: Iterable[str] = (),
) -> Entity:
    """Return the entity that a record of a register is about; its id comes of identifiers, never of its name.

    Where the shipped registry has a company with one of them, it is that company. Else the surest of `KEYS` is the id,
    so that two registers that give one LEI speak of one entity; without any, the register and its key are.

    Args:
        name: as the register has it.
        type_: a class of the ontology ("Company", "Person").
        register: the register's short name ("gleif").
        key: the record's key there.
        identifiers: kinds of the ontology with values in their one spelling (`kg.identifiers.canonical`).
        aliases: other names in use.

    >>> register_entity("Acme SA", "Company", "gleif", "x", identifiers=[("lei", "969500T3MBS4SQAMHJ45")]).id
    'company/lei-969500t3mbs4sqamhj45'
    >>> register_entity("MICROSOFT CORP", "Company", "sec", "789019", identifiers=[("cik", "789019")]).id
    'company/microsoft'

    """
    pairs = tuple(sorted(set(identifiers)))
    spellings = tuple(sorted({name, *aliases}))
    known = (_registered().get(pair) for pair in sorted(pairs, key=_sureness))
    company = next((one for one in known if one is not None and one.type == type_), None)
    if company is not None:
        return Entity(company.id, company.name, type_, spellings, pairs)
    surest = next((pair for kind in KEYS for pair in pairs if pair[0] == kind), (register, key))
    return Entity(f"{type_.lower()}/{'-'.join(map(_slug, surest))}", name, type_, spellings, pairs)


def _sureness(pair: tuple[str, str]) -> tuple[int, str]:
    return (KEYS.index(pair[0]) if pair[0] in KEYS else len(KEYS)), pair[1]


def _slug(text: str) -> str:
    plain = _SLUG.sub("-", text.lower()).strip("-")
    if _PLAIN.fullmatch(text):
        return plain
    # What is spelt otherwise must stay apart from its like.
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    slug = plain[:_LONGEST].strip("-")
    return f"{slug}-{digest}" if slug else digest


@functools.cache
def _registered() -> Mapping[tuple[str, str], Company]:
    """The shipped companies by each of the keys that mean one entity."""
    return {
        (kind, company.identifiers[kind]): company
        for company in (*listed().values(), *ontology().companies.values())
        for kind in KEYS
        if kind in company.identifiers
    }
