"""What documents and registers call each entity, as their readers had it: what a resolver goes by."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kg.model import Claim, Document, Entity, Outcome
from kg.ontology import ontology
from kg.pipeline.record_spool import RecordSpool
from kg.resolve import RegisterRecord
from kg.resolve.names import normalise
from kg.resolve.record import KEYS
from kg.store import DocumentClaims, Store
from kg.store.register_index import RegisterIndex

__all__ = ["JOINING", "Mention", "Mentions", "mention_index", "mentions"]

JOINING = (*KEYS, "isin", "cusip")
"""Identifiers that join, the surest first: a security has one issuer; tickers change hands."""

_RESOLVED = frozenset({"Company", "Organisation", "PublicBody"})
_SPELLINGS = 3
"""Spellings of an entity that are looked up, the fullest."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity as documents and registers call it, before anybody said who is whom.

    `spellings` are its names in documents, `documents` those that name it, by id; `neighbours` are those to
    whom it is tied, by id. `is_registered` says that a register has a record of it, `is_shipped` that kg knows it.
    `day` is the latest day on which it was called so, where its documents say.
    """

    entity: Entity
    spellings: tuple[str, ...]
    documents: tuple[str, ...]
    neighbours: frozenset[str] = frozenset()
    is_registered: bool = False
    is_shipped: bool = False
    day: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether a register or kg itself has it: other mentions may mean it."""
        return self.is_registered or self.is_shipped

    @property
    def fullest(self) -> tuple[str, ...]:
        """The spellings that tell most: with a legal form first, then the longest."""
        forms = [normalise(name) for name in self.spellings]
        ranked = sorted(forms, key=lambda form: (not form.legal, -form.distinctiveness, -len(form.name), form.name))
        return tuple(form.name for form in ranked[:_SPELLINGS])

    def own(self, document: str) -> Entity:
        """Return the entity that a document's mention is where nothing tells which company it means."""
        digest = hashlib.sha256(document.encode()).hexdigest()[:8]
        return Entity(f"{self.entity.id}-{digest}", self.entity.name, self.entity.type)


@dataclass(slots=True)
class _Gathered:
    """What is found of an entity on the way through a store."""

    entity: Entity
    spellings: set[str] = field(default_factory=set)
    identifiers: set[tuple[str, str]] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    neighbours: set[str] = field(default_factory=set)
    days: set[str] = field(default_factory=set)
    is_registered: bool = False

    def add(self, entity: Entity, document: str, day: str | None) -> None:
        """Take up that a document names the entity."""
        self.spellings.update(entity.aliases or (entity.name,))
        self.identifiers.update(entity.identifiers)
        self.documents.add(document)
        if day is not None:
            self.days.add(day)

    def mention(self) -> Mention:
        """Return what was gathered."""
        entity, spellings = self.entity, tuple(sorted(self.spellings))
        return Mention(
            replace(entity, aliases=spellings, identifiers=ontology().identifiers_of(entity.id, self.identifiers)),
            spellings,
            tuple(sorted(self.documents)),
            frozenset(self.neighbours),
            self.is_registered,
            ontology().company(entity.id) is not None,
            max(self.days, default=None),
        )


@dataclass(frozen=True, slots=True)
class Mentions:
    """What documents and registers call entities, in order of id.

    `those` are the entities that documents name, and those of registers' records that share an identifier with another.
    `count` is of all: millions of records that nobody names are in the index of registers alone.
    """

    those: tuple[Mention, ...]
    count: int


def mentions(store: Store) -> Mentions:
    """Return what a store's documents and registers call each entity that can own or trade.

    What the readings say counts: the graph knows an entity by all names of what was joined to it.
    """
    gathered: dict[str, _Gathered] = {}
    with RecordSpool() as spool:
        for reading in map(store.reading, spool.sorted_documents(store.document_ids())):
            for claim in _admitted(reading.as_read or reading.claims):
                for entity in claim.entities:
                    found = gathered.setdefault(entity.id, _Gathered(entity))
                    found.add(entity, claim.document, claim.known_from)
                    found.neighbours.update(end.id for end in claim.entities if end.id != entity.id)
            for record in reading.records:
                entity = record.read or record.entity
                spool.add_record(entity.id, entity.type, reading.document.id)
                spool.add_identifiers(entity.id, _joining(entity.id, entity.identifiers))
        named = tuple(gathered)
        spool.add_named(named)
        for id_, found in gathered.items():
            spool.add_identifiers(id_, _joining(id_, found.identifiers))
        others = spool.only_in_records(_RESOLVED)
        for document in spool.documents_of_interest():
            for record in store.records(document=document):
                _add_record(gathered, record)
    those = (gathered[id_].mention() for id_ in sorted(gathered) if gathered[id_].entity.type in _RESOLVED)
    return Mentions(tuple(those), others + sum(gathered[id_].entity.type in _RESOLVED for id_ in named))


def _joining(id_: str, identifiers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return (pair for pair in ontology().identifiers_of(id_, identifiers) if pair[0] in JOINING)


def mention_index(those: Iterable[Mention]) -> RegisterIndex:
    """Return an index, in memory, of mentions that no register has: documents may spell one company in several ways."""
    index = RegisterIndex()
    index.change((), (_reading(one) for one in those if not one.is_known), many=True)
    return index


def _reading(mention: Mention) -> DocumentClaims:
    record = RegisterRecord(mention.entity, "documents", mention.entity.id)
    return DocumentClaims(Document(mention.entity.id, mention.entity.name, "en"), (), records=(record,))


def _add_record(gathered: dict[str, _Gathered], record: RegisterRecord) -> None:
    entity = record.read or record.entity
    found = gathered.setdefault(entity.id, _Gathered(entity))
    found.entity, found.is_registered = entity, True
    found.spellings.update(record.names)
    found.identifiers.update(entity.identifiers)


def _admitted(claims: Iterable[Claim]) -> Iterator[Claim]:
    return (claim for claim in claims if claim.outcome is Outcome.ADMITTED)
