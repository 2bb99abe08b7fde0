"""Claims and documents as JSON records (kg-claims/1): what the journal keeps and the export prints.

Numbers are strings, exact. Reading back is strict: an unknown or missing key, NaN or a wrong type
is an `InvalidRecord`, and a claim whose id is not that of what it says is refused.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kg import formats
from kg.errors import InvalidRecord
from kg.model import NUMERIC_QUALIFIERS, Claim, Document, Entity, Evidence, Figure, Modality, Outcome, Qualifiers, Tier
from kg.places import Place, PlaceKind

__all__ = [
    "claim_from",
    "claim_line",
    "claim_record",
    "document_from",
    "document_record",
    "entity_from",
    "entity_record",
    "strict_json",
]

_CLAIM_KEYS = {"id", "subject", "relation", "object", "modality", "qualifiers", "evidence"}
_PLAIN_KEYS = {"known_from", "recorded_at", "retracted_at", "method", "confidence"}
_OPTIONAL_KEYS = {*_PLAIN_KEYS, "outcome", "reasons", "selection"}


def entity_record(entity: Entity) -> dict[str, Any]:
    """Return an entity as a record."""
    record: dict[str, Any] = {"id": entity.id, "name": entity.name, "type": entity.type}
    identifiers = [list(pair) for pair in entity.identifiers]
    record |= {"aliases": list(entity.aliases)} if entity.aliases else {}
    return record | ({"identifiers": identifiers} if identifiers else {})


def claim_record(claim: Claim) -> dict[str, Any]:
    """Return a claim as a record of kg-claims/1; what it does not say is left out, as is that it is admitted."""
    end = claim.object
    terms = claim.qualifiers.terms()
    record: dict[str, Any] = {
        "id": claim.id,
        "subject": entity_record(claim.subject),
        "relation": claim.relation,
        "object": entity_record(end) if isinstance(end, Entity) else {"value": str(end.value), "unit": end.unit},
        "modality": claim.modality.value,
        "qualifiers": {name: str(value) if isinstance(value, Decimal) else value for name, value in terms.items()},
        "evidence": [
            {"document": e.document, "start": e.start, "end": e.end, "quote": e.quote, "lang": e.lang}
            for e in claim.evidence
        ],
        "method": claim.method,
        "confidence": claim.confidence,
    }
    if claim.outcome is not Outcome.ADMITTED:
        record["outcome"] = claim.outcome.value
    if claim.reasons:
        record["reasons"] = list(claim.reasons)
    moments = {"known_from": claim.known_from, "recorded_at": claim.recorded_at, "retracted_at": claim.retracted_at}
    return record | {name: value for name, value in moments.items() if value is not None}


def claim_line(claim: Claim, selection: str | None = None) -> bytes:
    """Return a claim as a line of an export, which says its format, and to what the export was narrowed."""
    head = {"format": formats.CLAIMS} | ({} if selection is None else {"selection": selection})
    return json.dumps(head | claim_record(claim), ensure_ascii=False).encode() + b"\n"


def document_record(document: Document) -> dict[str, Any]:
    """Return a document, text and all, as a record."""
    names = ("id", "text", "lang", "published", "title", "url", "source", "tier")
    record = {name: getattr(document, name) for name in names}
    if document.places:
        record["places"] = [
            [one.start, one.end, one.kind.value, one.name, *(() if one.box is None else one.box)]
            for one in document.places
        ]
    return {name: value for name, value in record.items() if value is not None}


def strict_json(line: str | bytes) -> Any:
    """Parse JSON; refuse what is valid to Python and to nobody else: NaN, Infinity, a key said twice."""

    def no_constant(name: str) -> Any:
        raise InvalidRecord(f"{name} is no JSON")

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) != len(pairs):
            raise InvalidRecord(f"a key is said twice: {', '.join(sorted(name for name, _ in pairs))}")
        return record

    try:
        return json.loads(line, parse_constant=no_constant, object_pairs_hook=no_duplicates)
    except InvalidRecord:
        raise
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits is a `ValueError`, too.
        raise InvalidRecord(f"this is no JSON: {error}") from error


def _checked(record: Any, what: str, required: set[str], optional: set[str]) -> Mapping[str, Any]:
    if not isinstance(record, dict):
        raise InvalidRecord(f"{what} must be an object, not {type(record).__name__}")
    missing, unknown = required - set(record), set(record) - required - optional
    if missing or unknown:
        parts = [f"lacks {', '.join(sorted(missing))}"] if missing else []
        parts += [f"has the unknown {', '.join(sorted(unknown))}"] if unknown else []
        raise InvalidRecord(f"{what} {' and '.join(parts)}")
    return record


def _check_texts(what: str, values: Any) -> None:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InvalidRecord(f"{what} must be texts")


def entity_from(record: Any) -> Entity:
    """Return the entity that a record is; raise `InvalidRecord`, naming what is wrong with it."""
    fields = _checked(record, "an entity", {"id", "name", "type"}, {"aliases", "identifiers"})
    identifiers, aliases = fields.get("identifiers", []), fields.get("aliases", [])
    if not isinstance(identifiers, list):
        raise InvalidRecord("the identifiers of an entity must be a list")
    _check_texts("the aliases of an entity", aliases)
    if not all(isinstance(pair, list) and list(map(type, pair)) == [str, str] for pair in identifiers):
        raise InvalidRecord("the identifiers of an entity must be pairs of a kind and a value")
    pairs = tuple((kind, value) for kind, value in identifiers)
    return Entity(fields["id"], fields["name"], fields["type"], tuple(aliases), pairs)


def _decimal(name: str, value: Any) -> Decimal:
    try:
        return Decimal(value) if isinstance(value, str) else Decimal(str(value))
    except InvalidOperation as error:
        raise InvalidRecord(f"{name} '{value}' is no number") from error


def _qualifiers_from(record: Any) -> Qualifiers:
    fields = _checked(record, "the qualifiers", set(), set(Qualifiers.__dataclass_fields__))
    terms: dict[str, Any] = {k: _decimal(k, value) if k in NUMERIC_QUALIFIERS else value for k, value in fields.items()}
    return Qualifiers(**terms)


def _evidence_from(record: Any) -> Evidence:
    fields = _checked(record, "an evidence", {"document", "start", "end", "quote", "lang"}, set())
    if type(fields["start"]) is not int or type(fields["end"]) is not int:
        raise InvalidRecord("an evidence goes from one whole number to another")
    _check_texts(
        "document, quote and language of an evidence", [fields[name] for name in ("document", "quote", "lang")]
    )
    return Evidence(**fields)


def claim_from(record: Any, known_as: Callable[[Entity], Entity] | None = None, *, checked: bool = True) -> Claim:
    """Return the claim that a record is; raise `InvalidRecord`, naming what is wrong with it.

    `known_as` may give an entity of the same id that says more of it than the record does. Unless `checked`, the
    record's id is taken as it stands: the journal guards its bytes, and `kg verify` compares the ids.
    """
    fields = _checked(record, "a claim", _CLAIM_KEYS, {"format", *_OPTIONAL_KEYS})
    if (version := fields.get("format", formats.CLAIMS)) != formats.CLAIMS:
        raise InvalidRecord(f"a claim has the format {version!r}, this kg reads {formats.CLAIMS}")
    _check_texts("the reasons of a claim", fields.get("reasons", []))
    if not isinstance(fields.get("method", ""), str):
        raise InvalidRecord("the method of a claim must be a text")
    end = fields["object"]
    figure = isinstance(end, dict) and "value" in end

    def entity(record_: Any) -> Entity:
        return known_as(entity_from(record_)) if known_as else entity_from(record_)

    try:
        claim = Claim(
            subject=entity(fields["subject"]),
            relation=fields["relation"],
            object=Figure(_decimal("value", end["value"]), end["unit"]) if figure else entity(end),
            modality=Modality(fields["modality"]),
            evidence=tuple(_evidence_from(evidence) for evidence in fields["evidence"]),
            qualifiers=_qualifiers_from(fields["qualifiers"]),
            stored_id=None if checked else fields["id"],
            outcome=Outcome(fields.get("outcome", Outcome.ADMITTED)),
            reasons=tuple(fields.get("reasons", ())),
            **{name: fields[name] for name in _PLAIN_KEYS if name in fields},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise error if isinstance(error, InvalidRecord) else InvalidRecord(f"a claim is not whole: {error}") from error
    if claim.id != fields["id"]:
        raise InvalidRecord(f"claim {fields['id']} says what claim {claim.id} would: it was changed after it was made")
    return claim


def document_from(record: Any) -> Document:
    """Return the document that a record is."""
    optional = {"published", "title", "url", "source", "tier", "places"}
    fields = _checked(record, "a document", {"id", "text", "lang"}, optional)
    try:
        tier = Tier(fields["tier"]) if "tier" in fields else None
    except ValueError as error:
        raise InvalidRecord(f"a document has the tier {fields['tier']!r}; there are {', '.join(Tier)}") from error
    return Document(**{**fields, "tier": tier, "places": tuple(map(_place_from, fields.get("places", ())))})


def _place_from(record: Any) -> Place:
    try:
        start, end, kind, name, *box = record
        return Place(start, end, PlaceKind(kind), name, (box[0], box[1], box[2], box[3]) if box else None)
    except (TypeError, ValueError, IndexError) as error:
        raise error if isinstance(error, InvalidRecord) else InvalidRecord(f"a place is not whole: {error}") from error
