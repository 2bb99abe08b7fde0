"""Claims as gold annotations (kg-gold/1): what holds in a document, and what was called wrong as traps."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kg.evaluation.matching import TERMS, key
from kg.judgements import Judgement, Part
from kg.model import Claim, Document, Entity

__all__ = ["GOLD_TYPES", "entity_records", "gold_record", "relation_records"]

GOLD_TYPES: Mapping[str, str] = {
    "Company": "company", "PublicBody": "public-body", "Organisation": "organization", "Person": "person",
    "Product": "product", "Programme": "programme", "Place": "place",
}  # fmt: skip
"""What gold calls the classes of the ontology."""


def gold_record(document: Document, claims: Sequence[Claim], rejected: Sequence[Judgement] = ()) -> dict[str, Any]:
    """Return the gold of a document in which `claims` hold and no others; its text goes elsewhere.

    What `rejected` judgements call wrong is a trap. All that holds must be found: it is of the tier core.
    """
    ties = [claim for claim in claims if isinstance(claim.object, Entity)]
    spelt = [*ties, *(word.claim for word in rejected if isinstance(word.claim.object, Entity))]
    record: dict[str, Any] = {
        "schema": "kg-gold/1",
        "document": document.id,
        "lang": document.lang,
        "document_date": document.published,
        "annotated_chars": len(document.text),
        "entities": entity_records(spelt),
        "relations": relation_records(ties),
        "attributes": [_attribute(claim) for claim in claims if not isinstance(claim.object, Entity)],
        "traps": [_trap(word, ties) for word in rejected if isinstance(word.claim.object, Entity)],
    }
    return {name: value for name, value in record.items() if value is not None}


def entity_records(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Return the ends of claims as gold's entities, each with all spellings that the claims have."""
    spellings: dict[str, tuple[Entity, set[str]]] = {}
    for claim in claims:
        for entity in claim.entities:
            _, names = spellings.setdefault(entity.id, (entity, set()))
            names.update((entity.name, *entity.aliases))
    return [
        {
            "id": id_,
            "name": entity.name,
            "type": GOLD_TYPES.get(entity.type, "company"),
            "aliases": sorted(names - {entity.name}),
        }
        for id_, (entity, names) in sorted(spellings.items())
    ]


def relation_records(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """Return claims between entities as gold's relations."""
    return [
        {
            "id": f"r{number:02}",
            "subject": claim.subject.id,
            "predicate": claim.relation,
            "object": claim.entities[-1].id,
            "status": claim.modality.value,
            "tier": "core",
            "qualifiers": _terms(claim),
            "quote": claim.evidence[0].quote,
            "char_start": claim.evidence[0].start,
        }
        for number, claim in enumerate(claims, 1)
    ]


def _attribute(claim: Claim) -> dict[str, Any]:
    value = getattr(claim.object, "value", None)
    return {
        "entity": claim.subject.id,
        "attribute": claim.relation,
        "value": _number(value) if isinstance(value, Decimal) else value,
        "unit": getattr(claim.object, "unit", None),
        "status": claim.modality.value,
        "quote": claim.evidence[0].quote,
        "char_start": claim.evidence[0].start,
    }


def _trap(word: Judgement, ties: Sequence[Claim]) -> dict[str, Any]:
    claim, what = word.claim, word.part.value if word.part else "wrong"
    trap: dict[str, Any] = {
        "must_not": f"{claim.subject.name} {claim.relation} {claim.entities[-1].name}: {what}, says {word.author}",
        "quote": claim.evidence[0].quote,
        "char_start": claim.evidence[0].start,
    }
    edge = _forbidden(word, [tie for tie in ties if _key(tie) == _key(claim)])
    return trap | ({} if edge is None else {"edges": [edge]})


def _forbidden(word: Judgement, same: Sequence[Claim]) -> dict[str, Any] | None:
    """Return the edge that a judgement forbids, as far as it differs from the ties of the `same` ends that hold.

    None where the edges do not tell it from what holds: whatever is not right is forbidden at its quote then.
    """
    claim = word.claim
    edge: dict[str, Any] = {"subject": claim.subject.id, "predicate": claim.relation, "object": claim.entities[-1].id}
    if not same and word.part not in {Part.MODALITY, Part.TERM}:
        return edge
    if word.part is not Part.TERM and all(tie.modality is not claim.modality for tie in same):
        return edge | {"statuses": [claim.modality.value]}
    held = [_terms(tie) for tie in same]
    terms = {name: value for name, value in _terms(claim).items() if name in TERMS}
    differing = {name: value for name, value in terms.items() if all(other.get(name) != value for other in held)}
    return edge | {"qualifiers": differing} if differing else None


def _key(claim: Claim) -> tuple[str, str, str]:
    return key(claim.subject.id, claim.relation, claim.entities[-1].id)


def _terms(claim: Claim) -> dict[str, Any]:
    terms = claim.qualifiers.terms()
    return {name: _number(value) if isinstance(value, Decimal) else value for name, value in terms.items()}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
