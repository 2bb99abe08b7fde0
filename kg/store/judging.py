"""Judgements in a store: kept with their document's reading, and heeded whenever it is committed.

So they survive whatever reads the document next, and every answer follows from what was committed, as ever.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kg.judgements import NO_IDENTITIES, Identities, IdentityJudgement, Judgement, judged, unjudged
from kg.model import Outcome
from kg.store.api import CommitResult, DocumentClaims, Store
from kg.store.iris import IriScheme
from kg.store.validation import check_identity

__all__ = ["as_read", "extended", "heeding", "judge", "unmatched"]


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
    known = {one.id: one for one in before.judgements} if before else {}
    come = {one.id: _with_read(one, before, identities) for one in reading.judgements if one.id not in known}
    judgements = tuple(sorted((known | come).values(), key=lambda one: one.order))
    reading = as_read(reading)
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
        judgements=judgements,
        as_read=tuple(sorted(readers, key=lambda claim: claim.id)) if changed else (),
    )


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


def _with_read(judgement: Judgement, before: DocumentClaims | None, identities: Identities) -> Judgement:
    """Return a judgement with the claim as its reader had it, where identities had changed what was shown."""
    if before is None or judgement.read is not None or not identities:
        return judgement
    earlier = (claim for one in before.judgements for claim in (one.claim, one.correction) if claim is not None)
    for claim in (*before.as_read, *earlier):
        if claim.id != judgement.claim.id and identities.claim(claim).id == judgement.claim.id:
            return replace(judgement, read=claim)
    return judgement


def judge(store: Store, judgements: Iterable[Judgement]) -> CommitResult:
    """Take in judgements, all or none; those that are there already change nothing.

    Raises `UnknownDocument` where one is about a document that the store does not hold.
    """
    by_document: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_document[judgement.document].append(judgement)
    readings = ((store.reading(document), those) for document, those in by_document.items())
    return store.commit([replace(reading, judgements=(*reading.judgements, *those)) for reading, those in readings])


def unmatched(reading: DocumentClaims, identities: Identities = NO_IDENTITIES) -> tuple[Judgement, ...]:
    """Return the judgements of a document that fit nothing in it any more: its text was changed under them."""
    read = as_read(reading)
    return judged(read.document, read.claims, read.candidates, read.judgements, identities).unmatched
