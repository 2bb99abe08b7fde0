"""What holds of taking in a reading, whatever keeps it: its fingerprint, the times of its claims, their grounds."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from kg.errors import InvalidRecord
from kg.judgements import IdentityJudgement
from kg.model import Claim, Document, Entity, Outcome
from kg.ontology import ontology
from kg.places import PlaceKind
from kg.resolve import RegisterRecord
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme, class_node
from kg.store.journal_format import compact
from kg.store.json_codec import document_record

__all__ = [
    "by_id",
    "check_claims",
    "check_identity",
    "compared",
    "fingerprint",
    "hidden",
    "named",
    "place_order",
    "selected",
    "stamped",
]


_MOVING = frozenset({PlaceKind.LINE, PlaceKind.POINTER})


def fingerprint(document: Document, reader: str) -> str:
    """Return a hash of a document and of what read it; where the document was found does not count.

    Nor does the line, or the place in the JSON, on which a register's file has a record: it moves with those before it.
    """
    places = tuple(place for place in document.places if place.kind not in _MOVING)
    where = replace(document, source="", places=places)
    return hashlib.sha256(compact({"reader": reader, **document_record(where)})).hexdigest()


def _stamped_claims(claims: Iterable[Claim], before: Mapping[str, Claim], now: str) -> dict[str, Claim]:
    """Return claims by id, to be recorded now; those known `before` keep the time when they first were."""
    since = {id_: claim.recorded_at for id_, claim in before.items()}
    return {claim.id: claim.recorded(since.get(claim.id, now)) for claim in claims}


def stamped(reading: DocumentClaims, before: DocumentClaims | None, now: str) -> DocumentClaims:
    """Return a reading whose claims and candidates, each once, are to be recorded now.

    Those that the reading `before` had keep their time: a candidate that is admitted is recorded when it is admitted,
    for that is when the graph came to hold it.
    """
    old = before or replace(reading, claims=(), candidates=())
    claims = _stamped_claims(reading.claims, by_id(old.claims), now)
    others = (claim for claim in reading.candidates if claim.id not in claims)
    candidates = _stamped_claims(others, by_id(old.candidates), now)
    return replace(reading, claims=tuple(claims.values()), candidates=tuple(candidates.values()))


def named(claims: Iterable[Claim]) -> frozenset[str]:
    """Return the ids of the entities that claims name."""
    return frozenset(entity.id for claim in claims for entity in claim.entities)


def hidden(reading: DocumentClaims) -> frozenset[str]:
    """Return the ids of the entities that a reading's reader, records or judgements name, and its claims do not."""
    judged = (claim for one in reading.judgements for claim in (one.claim, one.correction, one.read) if claim)
    read = {record.read.id for record in reading.records if record.read is not None}
    return (named((*reading.as_read, *judged)) | read) - named((*reading.claims, *reading.candidates))


def selected(candidates: Iterable[Claim], entity: str | None, outcomes: Collection[Outcome] | None) -> Iterator[Claim]:
    """Yield those of some candidates that name an entity and have one of some outcomes; None is any."""
    for claim in candidates:
        if (entity is None or entity in named([claim])) and (outcomes is None or claim.outcome in outcomes):
            yield claim


def place_order(claim: Claim) -> tuple[int, str, str, str]:
    """Return what sorts the claims of a document by their places."""
    return claim.evidence[0].start, claim.relation, claim.subject.id, claim.id


def by_id(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Return claims by their ids."""
    return {claim.id: claim for claim in claims}


def compared(reading: DocumentClaims) -> tuple[object, ...]:
    """Return what tells one reading of a document from another: the order of claims does not count."""
    return by_id(reading.claims), by_id(reading.candidates), reading.words, reading.as_read, _whole(reading.records)


def _whole(records: Iterable[RegisterRecord]) -> tuple[object, ...]:
    """Return what tells records apart: of their entities the names and identifiers too, which equality passes over."""
    ends = ((record.entity, record.read) for record in records)
    return tuple(records), [(end.aliases, end.identifiers) for pair in ends for end in pair if end is not None]


def check_claims(reading: DocumentClaims, iris: IriScheme) -> None:
    """Refuse claims that their document does not say to the letter, and claims and records that no graph could hold.

    Of candidates, which no graph holds, the quotes alone are compared. Raises `InvalidRecord`, or `OntologyError` for a
    relation that there is not.
    """
    for claim in reading.candidates:
        _check_grounds(claim, reading.document)
        if claim.outcome is Outcome.ADMITTED:
            raise InvalidRecord(f"claim {claim.id} is admitted, and stands among the candidates of '{claim.document}'")
    for claim in reading.claims:
        _check_grounds(claim, reading.document)
        if claim.outcome is not Outcome.ADMITTED:
            raise InvalidRecord(f"claim {claim.id} is {claim.outcome.value}: only admitted claims enter the graph")
        ontology().relation(claim.relation)
        for end in claim.entities:
            _check_entity(end, iris)
    for record in reading.records:
        _check_entity(record.entity, iris)


def _check_entity(entity: Entity, iris: IriScheme) -> None:
    iris.entity(entity.id)
    class_node(entity.type)
    _check_identifiers(entity)


def _check_identifiers(entity: Entity) -> None:
    """Refuse kinds of identifiers that the ontology does not have: no graph could say them."""
    for kind, value in entity.identifiers:
        if kind not in ontology().identifiers or not value:
            known = ", ".join(sorted(ontology().identifiers))
            raise InvalidRecord(f"'{entity.id}' is identified by {kind!r} {value!r}: the kinds are {known}")


def check_identity(judgement: IdentityJudgement, iris: IriScheme) -> None:
    """Refuse a judgement of identity about what no graph could hold; raise `InvalidRecord`."""
    for end in (judgement.one, judgement.other):
        iris.entity(end.id)
        class_node(end.type)


def _check_grounds(claim: Claim, document: Document) -> None:
    if claim.document != document.id:
        raise InvalidRecord(f"claim {claim.id} is of '{claim.document}', not of '{document.id}'")
    for place in claim.evidence:
        if place.document == document.id and document.text[place.start : place.end] != place.quote:
            raise InvalidRecord(f"'{document.id}' does not say «{place.quote[:40]}» at {place.start}–{place.end}")
