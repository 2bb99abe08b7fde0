"""What holds of taking in a reading, whatever keeps it: its fingerprint, the times of its claims, their grounds."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from kg.errors import InvalidRecord
from kg.model import Claim, Document, Entity
from kg.ontology import ontology
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme, class_node
from kg.store.journal_format import compact
from kg.store.json_codec import document_record

__all__ = ["check_claims", "fingerprint", "stamp_recorded_at"]


def fingerprint(document: Document, reader: str) -> str:
    """Return a hash of a document and of what read it; where the document was found does not count."""
    return hashlib.sha256(compact({"reader": reader, **document_record(replace(document, source=""))})).hexdigest()


def stamp_recorded_at(reading: DocumentClaims, before: Mapping[str, Claim], now: str) -> dict[str, Claim]:
    """Return a reading's claims by id, to be recorded now; those known `before` keep the time when they first were."""
    since = {id_: claim.recorded_at for id_, claim in before.items()}
    return {claim.id: claim.recorded(since.get(claim.id, now)) for claim in reading.claims}


def check_claims(reading: DocumentClaims, iris: IriScheme) -> None:
    """Refuse claims that their document does not say to the letter, or that no graph could hold.

    Raises `InvalidRecord`, or `OntologyError` for a relation that there is not.
    """
    for claim in reading.claims:
        _check_grounds(claim, reading.document)
        ontology().relation(claim.relation)
        for end in (claim.subject, claim.object):
            if isinstance(end, Entity):
                iris.entity(end.id)
                class_node(end.type)


def _check_grounds(claim: Claim, document: Document) -> None:
    if claim.document != document.id:
        raise InvalidRecord(f"claim {claim.id} is of '{claim.document}', not of '{document.id}'")
    for place in claim.evidence:
        if place.document == document.id and document.text[place.start : place.end] != place.quote:
            raise InvalidRecord(f"'{document.id}' does not say «{place.quote[:40]}» at {place.start}–{place.end}")
