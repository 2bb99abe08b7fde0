"""Judgements in a store: kept with their document's reading, and heeded whenever it is committed.

So they survive whatever reads the document next, and every answer follows from what was committed, as ever.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from kg.judgements import ClosedDocument, Closing, Judgement, closed_document, judged
from kg.judgements.judgement import Undoable
from kg.store.api import CommitResult, DocumentClaims, Store

__all__ = ["close_document", "closed", "heeding", "judge", "unmatched"]

_Word = TypeVar("_Word", bound=Undoable)


def heeding(reading: DocumentClaims, before: DocumentClaims | None) -> DocumentClaims:
    """Return a reading as its document's judgements have it: those that it brings, and those there were `before`."""
    closings = _together(before.closings if before else (), reading.closings)
    judgements = _together(before.judgements if before else (), reading.judgements)
    if not judgements:
        return replace(reading, closings=closings)
    told = judged(reading.document, reading.claims, reading.candidates, judgements)
    return replace(reading, claims=told.claims, candidates=told.candidates, judgements=judgements, closings=closings)


def _together(before: Iterable[_Word], words: Iterable[_Word]) -> tuple[_Word, ...]:
    """All that people say of a document, each once, oldest first."""
    return tuple(sorted({word.id: word for word in (*before, *words)}.values(), key=lambda word: word.order))


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


def closed(reading: DocumentClaims) -> ClosedDocument | None:
    """Return what a document tells that was read to the end; None where it was not, or its text has changed since."""
    return closed_document(reading.document, reading.closings, reading.claims, reading.candidates, reading.judgements)


def unmatched(reading: DocumentClaims) -> tuple[Judgement, ...]:
    """Return the judgements of a document that fit nothing in it any more: its text was changed under them."""
    return judged(reading.document, reading.claims, reading.candidates, reading.judgements).unmatched
