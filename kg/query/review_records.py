"""Cards, claims and their judgements as JSON has them: what `kg serve` gives to pages, panels and widgets.

Places are counted in characters of Unicode (code points), as everywhere in kg; JavaScript counts otherwise.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from kg.judgements import Judgement, in_force, standing
from kg.model import Claim, Entity, Evidence
from kg.query.passages import passages
from kg.query.review import Card, phrase, state_of
from kg.store import DocumentClaims
from kg.wording.terms import figure

__all__ = ["card_record", "claims_at", "claims_records", "judgements_records"]


def card_record(card: Card, reading: DocumentClaims, lang: str = "en") -> dict[str, Any]:
    """Return a card with its claims, and with what people said of each."""
    return {
        "document": card.document.id,
        "title": card.document.title or card.document.id,
        "lang": card.document.lang,
        "text_sha256": card.document.sha256,
        "paragraph": card.paragraph,
        "start": card.start,
        "marks": [list(mark) for mark in card.marks],
        "claims": claims_records(card.claims, reading, lang),
    }


def claims_records(claims: Iterable[Claim], reading: DocumentClaims, lang: str = "en") -> list[dict[str, Any]]:
    """Return claims of a document's reading, each with what people said of it."""
    return [_claim_record(claim, reading.judgements, lang) for claim in claims]


def claims_at(reading: DocumentClaims, evidence: Evidence) -> list[Claim]:
    """Return the claims, admitted or not, of those passages that some evidence touches, in order of place."""
    touched = (one for one in passages(reading) if one.start < evidence.end and evidence.start < one.end)
    return [claim for passage in touched for claim in passage.claims]


def _claim_record(claim: Claim, judgements: Sequence[Judgement], lang: str) -> dict[str, Any]:
    terms = claim.qualifiers.terms()
    return {
        "id": claim.id,
        "phrase": phrase(claim, lang),
        "outcome": claim.outcome.value,
        "reasons": list(claim.reasons),
        "confidence": claim.confidence,
        "subject": claim.subject.name,
        "relation": claim.relation,
        "object": claim.object.name if isinstance(claim.object, Entity) else figure(claim.object, lang),
        "modality": claim.modality.value,
        "terms": {name: _term(value) for name, value in terms.items()},
        "judged": judgements_records((one for one in judgements if one.claim.id == claim.id), lang),
    }


def _term(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def judgements_records(judgements: Iterable[Judgement], lang: str = "en") -> list[dict[str, Any]]:
    """Return all that was said, oldest first: what holds, what its author replaced, what was taken back.

    `state` tells which: "holds", "replaced", "taken back", and "takes back" for what only undoes another.
    """
    ordered = sorted(judgements, key=lambda one: one.order)
    held, stands = ({one.id for one in choose(ordered)} for choose in (in_force, standing))
    return [_judgement_record(one, state_of(one, held, stands), lang) for one in ordered]


def _judgement_record(judgement: Judgement, state: str, lang: str) -> dict[str, Any]:
    record = {
        "id": judgement.id,
        "author": judgement.author,
        "at": judgement.at,
        "verdict": judgement.verdict.value,
        "part": judgement.part and judgement.part.value,
        "state": state,
    }
    correction = judgement.correction
    return record | ({} if correction is None else {"correction": phrase(correction, lang)})
