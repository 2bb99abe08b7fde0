"""Judgements in a store: kept with their document's reading, and heeded whenever it is committed.

So they survive whatever reads the document next, and every answer follows from what was committed, as ever.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kg.judgements import (
    NO_IDENTITIES,
    ClosedDocument,
    Closing,
    Identities,
    IdentityJudgement,
    Judgement,
    closed_document,
    judged,
    unjudged,
)
from kg.model import Claim, Outcome
from kg.resolve import RegisterRecord
from kg.store.api import CommitResult, DocumentClaims, Store
from kg.store.iris import IriScheme
from kg.store.validation import check_identity

__all__ = ["as_read", "close_document", "closed", "extended", "heeding", "judge", "reading_now", "unmatched"]


def as_read(reading: DocumentClaims) -> DocumentClaims:
    """Return a reading as its reader had it, where it was changed by what people say of who is whom."""
    if not reading.as_read:
        return reading
    claims = tuple(claim for claim in reading.as_read if claim.outcome is Outcome.ADMITTED)
    candidates = tuple(claim for claim in reading.as_read if claim.outcome is not Outcome.ADMITTED)
    return replace(reading, claims=claims, candidates=candidates, as_read=())


def heeding(
    reading: DocumentClaims, before: DocumentClaims | None, identities: Identities = NO_IDENTITIES
) -> DocumentClaims:
    """Return a reading as judgements have it: those that it brings, those there were `before`, those of identity."""
    judgements, closings = _judgements(reading, before, identities), _closings(reading, before, identities)
    records = tuple(_meant(record, identities) for record in reading.records)
    reading = replace(as_read(reading), judgements=judgements, closings=closings, records=records)
    if not judgements and not identities:
        return reading
    told = judged(reading.document, reading.claims, reading.candidates, judgements, identities)
    read = unjudged(reading.claims, reading.candidates) if judgements else (reading.claims, reading.candidates)
    readers = tuple(claim.recorded(None) for side in read for claim in side)
    changed = any(identities.claim(claim) is not claim for claim in readers)
    return replace(
        reading,
        claims=told.claims,
        candidates=told.candidates,
        as_read=tuple(sorted(readers, key=lambda claim: claim.id)) if changed else (),
    )


def _meant(record: RegisterRecord, identities: Identities) -> RegisterRecord:
    """Return a register's record about the entity that is meant, by what people say of who is whom."""
    read = record.read or record.entity
    entity = identities.joined(read)
    if entity is read:
        return record if record.read is None else replace(record, entity=read, read=None)
    return replace(record, entity=entity, read=read)


def extended(
    identities: Identities, judgements: Iterable[IdentityJudgement], iris: IriScheme
) -> tuple[list[IdentityJudgement], Identities]:
    """Return which judgements of identity are new, and who is whom with them.

    Raises `InvalidRecord` for one about what no graph could hold.
    """
    known = {one.id for one in identities.judgements}
    new = list({one.id: one for one in judgements if one.id not in known}.values())
    for one in new:
        check_identity(one, iris)
    return new, Identities.of((*identities.judgements, *new)) if new else identities


def _judgements(
    reading: DocumentClaims, before: DocumentClaims | None, identities: Identities
) -> tuple[Judgement, ...]:
    """Return all judgements of a document, each once, oldest first."""
    known = {one.id: one for one in before.judgements} if before else {}
    come = {one.id: _with_read(one, before, identities) for one in reading.judgements if one.id not in known}
    return tuple(sorted((known | come).values(), key=lambda one: one.order))


def _with_read(judgement: Judgement, before: DocumentClaims | None, identities: Identities) -> Judgement:
    """Return a judgement with the claim as its reader had it, where identities had changed what was shown."""
    if before is None or judgement.read is not None or not identities:
        return judgement

    def is_shown(claim: Claim) -> bool:
        return identities.claim(claim).id == judgement.claim.id

    earlier = (claim for one in before.judgements for claim in (one.claim, one.correction) if claim is not None)
    read = identities.surest(filter(is_shown, before.as_read)) or next(filter(is_shown, earlier), None)
    return judgement if read is None or read.id == judgement.claim.id else replace(judgement, read=read)


def _closings(reading: DocumentClaims, before: DocumentClaims | None, identities: Identities) -> tuple[Closing, ...]:
    """Return all closings of a document, each once, oldest first."""
    known = {one.id: one for one in before.closings} if before else {}
    come = {one.id: _closed_as_read(one, before, identities) for one in reading.closings if one.id not in known}
    return tuple(sorted((known | come).values(), key=lambda one: one.order))


def _closed_as_read(closing: Closing, before: DocumentClaims | None, identities: Identities) -> Closing:
    """Return a closing with its claims as their readers had them, where identities had changed what was shown.

    Of several that were shown as one, those that the gate had admitted held.
    """
    if before is None or closing.read or not before.as_read:
        return closing
    read: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in before.as_read:
        read[identities.claim(claim).id].append(claim)
    held = ((claim, read[claim.id]) for claim in closing.claims)
    return replace(closing, read=tuple(one for claim, those in held for one in _admitted(those) or (claim,)))


def _admitted(claims: list[Claim]) -> list[Claim]:
    """Return those of some claims that were admitted; all where a person alone said that they hold."""
    return [claim for claim in claims if claim.outcome is Outcome.ADMITTED] or claims


def judge(store: Store, judgements: Iterable[Judgement]) -> CommitResult:
    """Take in judgements, all or none; those that are there already change nothing.

    Raises `UnknownDocument` where one is about a document that the store does not hold.
    """
    by_document: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_document[judgement.document].append(judgement)
    readings = ((store.reading(document), those) for document, those in by_document.items())
    return store.commit([replace(reading, judgements=(*reading.judgements, *those)) for reading, those in readings])


def close_document(store: Store, closing: Closing) -> CommitResult:
    """Take in a closing of a document; one that is there already changes nothing.

    Raises `UnknownDocument` where the store does not hold the document.
    """
    reading = store.reading(closing.document)
    return store.commit([replace(reading, closings=(*reading.closings, closing))])


def closed(reading: DocumentClaims, identities: Identities = NO_IDENTITIES) -> ClosedDocument | None:
    """Return what a document tells that was read to the end; None where it was not, or its text has changed since.

    `identities` are those of its store: what held is told as the reading is, between the entities that are meant now.
    """
    return closed_document(
        reading.document, reading.closings, (reading.claims, reading.candidates), reading.judgements, identities
    )


def reading_now(store: Store, document: str, identities: Identities | None = None) -> DocumentClaims:
    """Return a document's reading, with what people said of its claims as words on these, whoever is whom by now.

    It is for showing: the store keeps each word as it was said. Whoever reads many passes the store's `identities`,
    which an endpoint has to be asked for. Raises `UnknownDocument`.
    """
    reading = store.reading(document)
    if identities is None:
        identities = store.identities if reading.judgements else NO_IDENTITIES
    if not identities or not reading.judgements:
        return reading
    return replace(reading, judgements=tuple(map(identities.judgement, reading.judgements)))


def unmatched(reading: DocumentClaims, identities: Identities = NO_IDENTITIES) -> tuple[Judgement, ...]:
    """Return the judgements of a document that fit nothing in it any more: its text was changed under them."""
    read = as_read(reading)
    return judged(read.document, read.claims, read.candidates, read.judgements, identities).unmatched
