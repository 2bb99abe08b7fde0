"""What people say of the claims of a store, as marked documents: what a reader is trained on.

A document that was read to the end is marked completely. Of any other, only what was judged counts: what is confirmed,
put right or added is a tie, what is called wrong is none, and all else is left open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.evaluation.gold_record import entity_records, gold_record, relation_records
from kg.evaluation.matching import RELATIONS, key
from kg.evaluation.passages import Passage
from kg.judgements import ClosedDocument, Identities, rejected
from kg.model import Claim, Document, Entity
from kg.query.closings import documents_with_words
from kg.reasons import Reason
from kg.store import DocumentClaims, Store, closed

__all__ = ["Corrections", "read_corrections"]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Documents with what people say of them: how many of them were read to the end, what is right and wrong in all."""

    passages: tuple[Passage, ...]
    closed: int
    right: int
    wrong: int

    @property
    def record(self) -> Mapping[str, int]:
        """What is kept of them beside the weights that they made."""
        return {"documents": len(self.passages), "closed": self.closed, "right": self.right, "wrong": self.wrong}


def read_corrections(store: Store) -> Corrections:
    """Return the documents of a store on which people have said something that can be learned; notes have no text."""
    passages, closed_count, right, wrong = [], 0, 0, 0
    identities = store.identities
    for id_ in documents_with_words(store):
        reading = store.reading(id_)
        whole = closed(reading, identities)
        gold = _judged(reading, identities) if whole is None else _complete(whole)
        if reading.reader.startswith("note/") or not (gold["relations"] or gold.get("rejected") or whole):
            continue
        document = reading.document
        passages.append(Passage(document.id, document.text, document.lang, document.published, gold))
        closed_count += whole is not None
        right += len(gold["relations"])
        wrong += len(gold.get("rejected") or gold.get("traps") or ())
    return Corrections(tuple(passages), closed_count, right, wrong)


def _complete(document: ClosedDocument) -> dict[str, Any]:
    return gold_record(document.document, _ties(document.claims), document.rejected)


def _judged(reading: DocumentClaims, identities: Identities) -> dict[str, Any]:
    """Return the marks of a document of which single claims were judged: what is right, and what is rejected."""
    right = _ties(tuple(claim for claim in reading.claims if Reason.CONFIRMED in claim.reasons))
    edges = {_key(claim) for claim in right}
    words = rejected(reading.document, right, reading.judgements, identities)
    wrong = _ties(tuple(word.claim for word in words))
    # A tie with wrong terms is a tie all the same.
    wrong = tuple(claim for claim in wrong if _key(claim) not in edges and _is_quoted(claim, reading.document))
    return {
        "entities": entity_records((*right, *wrong)),
        "relations": relation_records(right),
        "rejected": relation_records(wrong),
    }


def _ties(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    return tuple(claim for claim in claims if claim.relation in RELATIONS and isinstance(claim.object, Entity))


def _key(claim: Claim) -> tuple[str, str, str]:
    return key(claim.subject.id, claim.relation, claim.entities[-1].id)


def _is_quoted(claim: Claim, document: Document) -> bool:
    """Whether a document has a claim's quote where it was, to the letter: places count in training."""
    place = claim.evidence[0]
    return document.text[place.start : place.end] == place.quote
