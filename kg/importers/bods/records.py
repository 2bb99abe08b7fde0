"""Records of BODS whose statements have all come: what they say of entities, and the claims that relationships are."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from kg.errors import InvalidRecord
from kg.importers.bods.entities import REGISTER, Party, party_of, record_of
from kg.importers.bods.interests import SUBSIDIARY, Tie, ties_of
from kg.importers.bods.statements import Statement, optional_text, statement_of
from kg.importers.contract import Chunk
from kg.importers.json_elements import loaded
from kg.importers.record_chunks import (
    BadRecord,
    LeftOut,
    record_chunk,
    record_document,
    record_evidence,
    rejected_chunk,
)
from kg.importers.record_index import Piece, RecordIndex
from kg.model import Claim, Document, Entity, Modality
from kg.ontology import ontology
from kg.resolve import RegisterRecord

__all__ = ["METHOD", "UNSPECIFIED", "RecordReader"]

METHOD = "bods/2"
"""What reads statements; its number changes where the same statement becomes another claim."""
_CLAIMED_BY = "register/bods"
UNSPECIFIED = "unspecified-owner"
"""The topic of an entity whose owner nobody names, with the reason: "unspecified-owner:noBeneficialOwners"."""


class RecordReader:
    """Reads the records of one file, whose parties an index knows."""

    def __init__(self, index: RecordIndex, path: Path, name: str, retrieved: str | None, left_out: LeftOut) -> None:
        self._index, self._path, self._name, self._retrieved = index, path, name, retrieved
        self._left_out = left_out
        self._entity = lru_cache(maxsize=1 << 14)(self._looked_up)

    def chunk(self, document_id: str, key: str, pieces: Sequence[Piece], last: Statement) -> Chunk:
        """Return the chunk of a record, or that of its reject; `last` is the statement of its last piece."""
        try:
            earlier = [statement_of(piece, loaded(piece.text)) for piece in pieces[:-1]]
            statements = [*earlier, last]
            history = sorted(enumerate(statements), key=lambda each: (each[1].date or "", each[0]))
            latest = history[-1][1]
            self._left_out.add("annotation", sum(each.annotations for each in statements))
            document = self._document(document_id, pieces, latest)
            if latest.kind == "relationship":
                claims, records = self._claims(history, document), self._unspecified(latest, key)
            else:
                claims, records = [], [self._record([each for _, each in history], key)]
            return record_chunk(METHOD, pieces, document, claims, records)
        except (BadRecord, InvalidRecord) as error:
            return rejected_chunk(METHOD, pieces, error)

    def _document(self, id_: str, pieces: Sequence[Piece], latest: Statement) -> Document:
        return record_document(
            pieces,
            id_,
            path=self._path,
            title=f"{latest.publisher or self._name}: {latest.kind} {latest.record}",
            published=latest.published or latest.date or self._retrieved,
            url=latest.url,
        )

    def _record(self, history: Sequence[Statement], key: str) -> RegisterRecord:
        """Return what the latest statement says of a party; names of earlier ones are former names."""
        latest = history[-1]
        party = party_of(latest, self._left_out)
        earlier = [party_of(each).name for each in history[:-1]]
        return record_of(latest, party.entity(self._name, key), f"{self._name}/{key}", earlier)

    def _claims(self, history: Sequence[tuple[int, Statement]], document: Document) -> list[Claim]:
        """Return the claims of a relationship, an interest each.

        The latest statement says what is, or what ended where it closes the record. What earlier ones said
        otherwise is past: it held when they were made, and nobody says until when. Where a record is closed and no
        end is given, the statement before asserts what the last one ends (`kg.facts` takes it from there).
        """
        latest = history[-1][1]
        if isinstance(latest.details.get("interestedParty"), dict) or isinstance(latest.details.get("subject"), dict):
            return []
        claims: list[Claim] = []
        interests: set[tuple[object, ...]] = set()
        closed: set[tuple[object, ...]] = set()
        for number, statement in reversed(history):
            ties = ties_of(statement, self._left_out if statement is latest else LeftOut())
            ends = self._ends(statement) if ties else None
            for tie in ties:
                if ends is None or tie.interest in interests - closed:
                    continue
                modality = _modality(statement, is_latest=statement is latest, is_closed=tie.interest in closed)
                claims.append(self._claim(tie, ends, modality, document, number, statement))
                if modality is Modality.ENDED and tie.qualifiers.end is None:
                    closed.add(tie.interest)
                else:
                    closed.discard(tie.interest)
            interests |= {tie.interest for tie in ties}
        return claims

    def _claim(  # noqa: PLR0913, PLR0917 - what a claim is made of
        self,
        tie: Tie,
        ends: tuple[Entity, Entity],
        modality: Modality,
        document: Document,
        number: int,
        said: Statement,
    ) -> Claim:
        holder, issuer = ends
        subject, object_ = (issuer, holder) if tie.relation == SUBSIDIARY else (holder, issuer)
        relation = ontology().relation(tie.relation)
        for end, allowed, name in ((subject, relation.domain, "subject"), (object_, relation.range, "object")):
            if end.type not in allowed:
                raise BadRecord("interests", end.name, f"is a {end.type}, which cannot be the {name} of {tie.relation}")
        known_from = said.published or said.date or self._retrieved
        evidence = record_evidence(document, number)
        return Claim(
            *(subject, tie.relation, object_, modality, (evidence,), tie.qualifiers),
            known_from=known_from,
            method=_CLAIMED_BY,
        )

    def _ends(self, statement: Statement) -> tuple[Entity, Entity] | None:
        """Return who holds and what is held; None where an earlier statement says that nobody is specified."""
        subject, party = statement.details.get("subject"), statement.details.get("interestedParty")
        if isinstance(party, dict) or isinstance(subject, dict):
            return None
        issuer, holder = self._party("subject", subject), self._party("interestedParty", party)
        if issuer.id == holder.id:
            raise BadRecord("interestedParty", holder.name, "is the subject itself: a claim is of two")
        return holder, issuer

    def _unspecified(self, statement: Statement, key: str) -> list[RegisterRecord]:
        """Return what a relationship without a party says of its subject: that its owner is not told, and why."""
        party = statement.details.get("interestedParty")
        if isinstance(statement.details.get("subject"), dict):
            self._left_out.add("relationship whose subject is not specified")
            return []
        if not isinstance(party, dict):
            return []
        reason = optional_text(party.get("reason")) or "unknown"
        subject = self._party("subject", statement.details.get("subject"))
        return [RegisterRecord(subject, REGISTER, f"{self._name}/{key}", topics=(f"{UNSPECIFIED}:{reason}",))]

    def _party(self, field: str, reference: object) -> Entity:
        id_ = optional_text(reference)
        entity = None if id_ is None else self._entity(id_)
        if entity is None:
            raise BadRecord(
                field, reference, "is on no record of this file: a file has the parties of its relationships"
            )
        return entity

    def _looked_up(self, reference: str) -> Entity | None:
        key = self._index.key_of(reference)
        text = self._index.description(key)
        return None if text is None else Party.from_text(text).entity(self._name, key)


def _modality(statement: Statement, *, is_latest: bool, is_closed: bool) -> Modality:
    if is_latest:
        return Modality.ENDED if statement.status == "closed" else Modality.ASSERTED
    return Modality.ASSERTED if is_closed else Modality.PAST
