"""Judgements in a store: kept with their document's reading, and heeded whenever it is committed.

So they survive whatever reads the document next, and every answer follows from what was committed, as ever.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kg.judgements import Judgement, judged
from kg.store.api import CommitResult, DocumentClaims, Store

__all__ = ["heeding", "judge", "unmatched"]


def heeding(reading: DocumentClaims, before: DocumentClaims | None) -> DocumentClaims:
    """Return a reading as its document's judgements have it: those that it brings, and those there were `before`."""
    all_ = {one.id: one for one in (*(before.judgements if before else ()), *reading.judgements)}
    if not all_:
        return reading
    judgements = tuple(sorted(all_.values(), key=lambda one: one.order))
    told = judged(reading.document, reading.claims, reading.candidates, judgements)
    return replace(reading, claims=told.claims, candidates=told.candidates, judgements=judgements)


def judge(store: Store, judgements: Iterable[Judgement]) -> CommitResult:
    """Take in judgements, all or none; those that are there already change nothing.

    Raises `UnknownDocument` where one is about a document that the store does not hold.
    """
    by_document: defaultdict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_document[judgement.document].append(judgement)
    readings = ((store.reading(document), those) for document, those in by_document.items())
    return store.commit([replace(reading, judgements=(*reading.judgements, *those)) for reading, those in readings])


def unmatched(reading: DocumentClaims) -> tuple[Judgement, ...]:
    """Return the judgements of a document that fit nothing in it any more: its text was changed under them."""
    return judged(reading.document, reading.claims, reading.candidates, reading.judgements).unmatched
