"""What a journal says, told to an index: all of it, or the commits that the index lacks."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.dates import last_day
from kg.judgements import Identities, IdentityJudgement
from kg.model import Claim, Modality, Tier
from kg.store.api import DocumentClaims, PastRecords
from kg.store.bookkeeping import JournalPlace
from kg.store.closing_codec import closing_from, closing_record
from kg.store.index import Index
from kg.store.journal import Journal
from kg.store.journal_format import NO_DELTA, Commit, Position, Record, Span
from kg.store.json_codec import claim_from, claim_record, document_from, document_record
from kg.store.judgement_codec import identity_from, judgement_from, judgement_record
from kg.store.plan import DocumentChange
from kg.store.record_codec import record_from, register_record
from kg.store.user_graphs import quads_of
from kg.store.validation import fingerprint

__all__ = [
    "Beside",
    "beside",
    "catch_up",
    "changed_documents",
    "current",
    "make",
    "may_end",
    "past_records",
    "placed",
    "reading_from",
    "reading_record",
    "recorded",
]


def reading_record(reading: DocumentClaims) -> Record:
    """Return a reading as the journal has it."""
    record: Record = {
        "document": document_record(reading.document),
        "reader": reading.reader,
        "claims": [claim_record(claim) for claim in reading.claims],
    }
    if reading.candidates:
        record["candidates"] = [claim_record(claim) for claim in reading.candidates]
    if reading.records:
        record["records"] = [register_record(one) for one in reading.records]
    if reading.judgements:
        # What follows is cut off for who asks for claims alone: what its reader said precedes it.
        record["judgements"] = [judgement_record(judgement) for judgement in reading.judgements]
    if reading.as_read:
        record["as_read"] = [claim_record(claim) for claim in reading.as_read]
    if reading.closings:
        record["closings"] = [closing_record(closing) for closing in reading.closings]
    return record


def reading_from(record: Record) -> DocumentClaims:
    """Return the reading that a record of the journal is."""
    claims, candidates, as_read = (
        tuple(claim_from(claim, checked=False) for claim in record.get(key, ()))
        for key in ("claims", "candidates", "as_read")
    )
    judgements = tuple(judgement_from(judgement, checked=False) for judgement in record.get("judgements", ()))
    closings = tuple(closing_from(closing, checked=False) for closing in record.get("closings", ()))
    records = tuple(map(record_from, record.get("records", ())))
    document, reader = document_from(record["document"]), str(record["reader"])
    return DocumentClaims(document, claims, reader, candidates, judgements, as_read, closings, records)


def placed(
    changes: Iterable[DocumentChange], spans: Iterable[Span]
) -> list[tuple[DocumentChange, JournalPlace | None]]:
    """Give each new reading its place; spans come in the order of the new readings."""
    place = iter(spans)
    return [
        (change, JournalPlace(next(place), fingerprint(change.new.document, change.new.reader)) if change.new else None)
        for change in changes
    ]


def catch_up(journal: Journal, index: Index, changed: set[str] | None = None) -> bool:
    """Replay the commits that an index lacks; False where it is not this journal's and must be made again.

    `changed` takes up the ids of the documents whose readings they changed.
    """
    stands = index.position()
    if stands is None or stands.sequence > journal.end.sequence:
        return False
    for commit in journal.commits(max(stands.sequence - 1, 0)):
        if commit.position.sequence > stands.sequence and commit.own != NO_DELTA:
            added, removed = (set(quads_of(text)) for text in (commit.own.added, commit.own.removed))
            index.annotate(added, removed, commit.position)
        elif commit.position.sequence > stands.sequence:
            replayed = _replayed(commit, journal, index)
            index.change(replayed, commit.position, [identity_from(record) for record in commit.identities])
            if changed is not None:
                changed.update(change.document for change, _ in replayed)
        elif commit.position != stands:
            return False
    return True


def _replayed(commit: Commit, journal: Journal, index: Index) -> list[tuple[DocumentChange, JournalPlace | None]]:
    def before(document: str) -> DocumentClaims | None:
        place = index.place(document)
        return reading_from(journal.read(place.span)) if place else None

    readings = [reading_from(record) for _, record in commit.readings]
    changes = [DocumentChange(reading.document.id, before(reading.document.id), reading) for reading in readings]
    changes += [DocumentChange(id_, before(id_), None) for id_ in commit.forgotten]
    return placed(changes, [span for span, _ in commit.readings])


def changed_documents(journal: Journal, since: Position) -> set[str] | None:
    """Return the documents that came, changed or went since a commit; None where it is none of this journal's."""
    documents: set[str] = set()
    for commit in journal.commits(max(since.sequence - 1, 0)):
        if commit.position.sequence > since.sequence:
            documents.update(commit.forgotten, (record["document"]["id"] for _, record in commit.readings))
        elif commit.position != since:
            return None
    return documents if since.sequence <= journal.end.sequence else None


def make(journal: Journal, index: Index, day: dt.date) -> None:
    """Fill an empty index with what a journal says in the end; its edges stand for a day."""
    index.begin(day)
    besides = beside(journal)
    index.rebuild(current(journal), besides.own, besides.identities, journal.end)


def current(journal: Journal) -> Iterator[tuple[JournalPlace, DocumentClaims]]:
    """Yield the readings that a journal holds in the end, with their places."""
    for span in _current_spans(journal):
        reading = reading_from(journal.read(span))
        yield JournalPlace(span, fingerprint(reading.document, reading.reader)), reading


def may_end(journal: Journal) -> Iterator[Claim]:
    """Yield the claims that a journal holds in the end and that give an end or a length, or say that something ended.

    No other claim can report an end (`kg.facts.reports_end`); these few alone are made out of their records.
    """
    for span in _current_spans(journal):
        for record in journal.read(span, judged=False)["claims"]:
            terms = record["qualifiers"]
            if record["modality"] == Modality.ENDED or "end" in terms or "duration" in terms:
                yield claim_from(record, checked=False)


def _current_spans(journal: Journal) -> Collection[Span]:
    """Return where the readings stand that a journal holds in the end."""
    spans: dict[str, Span] = {}
    for commit in journal.commits():
        for id_ in commit.forgotten:
            spans.pop(id_, None)
        spans.update({record["document"]["id"]: span for span, record in commit.readings})
    return spans.values()


@dataclass(frozen=True, slots=True)
class Beside:
    """What a journal holds in the end beside readings: the user's own graphs, and who is whom."""

    own: set[ox.Quad]
    identities: Identities


def beside(journal: Journal) -> Beside:
    """Return what a journal holds in the end beside readings."""
    quads: set[ox.Quad] = set()
    identities: list[IdentityJudgement] = []
    for commit in journal.commits():
        identities += map(identity_from, commit.identities)
        if commit.own != NO_DELTA:
            quads.difference_update(quads_of(commit.own.removed))
            quads.update(quads_of(commit.own.added))
    return Beside(quads, Identities.of(identities))


def recorded(journal: Journal, until: str | None = None, known: str | None = None) -> list[Claim]:
    """Return every claim that a journal ever recorded, in the order of recording, as its entities were then called.

    With `until`, a partial date, what was committed after its last day has not happened. With `known`, neither have
    the states of registers' records that were published after its last day, where there is an earlier state.
    """
    current: dict[str, dict[str, Claim]] = {}
    ended: list[Claim] = []
    is_too_late = _published_after(known)
    for commit in _commits(journal, until):
        told = (record for _, record in commit.readings if not is_too_late(record["document"], current))
        readings = [reading_from(record) for record in told]
        claims_of = {reading.document.id: {c.id: c for c in reading.claims} for reading in readings}
        for id_ in (*claims_of, *commit.forgotten):
            before = current.pop(id_, {})
            gone = (claim for key, claim in before.items() if key not in claims_of.get(id_, {}))
            ended += [replace(claim, retracted_at=commit.at) for claim in gone]
        current.update(claims_of)
    live = [claim for claims in current.values() for claim in claims.values()]
    return sorted([*ended, *live], key=lambda c: (c.recorded_at or "", c.document, c.evidence[0].start, c.id))


def past_records(journal: Journal, until: str | None = None, known: str | None = None) -> PastRecords:
    """Yield what registers said, with the documents that say it, in order of documents; dates as in `recorded`."""
    spans: dict[str, Span] = {}
    is_too_late = _published_after(known)
    for commit in _commits(journal, until):
        for id_ in commit.forgotten:
            spans.pop(id_, None)
        for span, record in commit.readings:
            document = record["document"]
            if not is_too_late(document, spans):
                spans.pop(document["id"], None)
                spans |= {document["id"]: span} if record.get("records") else {}
    for _, span in sorted(spans.items()):
        reading = reading_from(journal.read(span))
        yield from ((reading.document, record) for record in reading.records)


def _commits(journal: Journal, until: str | None) -> Iterator[Commit]:
    """Yield the commits to the end of a partial date's last day."""
    end = None if until is None else last_day(until).isoformat()
    return (commit for commit in journal.commits() if end is None or commit.at[:10] <= end)


def _published_after(known: str | None) -> Callable[[Record, Collection[str]], bool]:
    """Return what tells whether a document is a later state of a register's record that is held already."""
    last = None if known is None else last_day(known)

    def is_too_late(document: Record, held: Collection[str]) -> bool:
        if last is None or document["id"] not in held or document.get("tier") != Tier.REGISTER.value:
            return False
        published = document.get("published")
        return published is not None and last_day(published) > last

    return is_too_late
