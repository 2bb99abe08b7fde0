"""A claim as an edge of a property graph: named texts, numbers and truth values, and the claim made of them again.

GraphML, Neo4j and Cypher share this form. An edge goes from the claim's subject to its object and has the claim's id;
`EDGE` has its properties in order. What a source does not say is absent.

========================================= ==============================================================================
claim                                     the claim's id, also where a reader loses the edge's own, as igraph does
label, weight                             what drawing programs show: the relation with its terms; the confidence, so
                                          that parallel edges add up to the support
relation, modality                        "holds-stake", "asserted"
fact, undecided, valid_from, valid_until  whether it holds on the day asked for, whether its dates leave that open, and
                                          the days on which it holds: they follow from the claims, and are not read back
symmetric                                 whether the direction means nothing
the terms                                 those of `kg.model.Qualifiers`
amount_text, percent_text, …              a number's digits where a double would not give them back
quote, lang, document                     all quotes in one text, the first one's language and document
evidence_start, evidence_end              where the first quote stands
evidence                                  of several quotes, as JSON: document, start, end and language of each
known_from, recorded_at, retracted_at     the clocks
method, confidence, outcome, reasons      how it was read, and what the gate decided; admitted where nothing is said
subject_name, subject_type, object_…      what an end is called here, where its node has another name or type
empty                                     the texts that are there and empty
========================================= ==============================================================================
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from kg.errors import InvalidRecord, OntologyError
from kg.export.dated import DatedClaim
from kg.facts import TriState
from kg.model import (
    BOOLEAN_QUALIFIERS,
    NUMERIC_QUALIFIERS,
    Claim,
    Entity,
    Evidence,
    Figure,
    Modality,
    Outcome,
    Qualifiers,
    canonical_decimal,
)
from kg.ontology import ontology
from kg.wording.terms import terms

__all__ = [
    "EDGE",
    "Kind",
    "Property",
    "claim_of",
    "edge_properties",
    "entity_of",
    "exact_number",
    "node_kinds",
    "node_properties",
    "parsed",
    "renamed_ends",
]

Property: TypeAlias = str | float | int | bool | tuple[str, ...]
"""A value of a property; of a node also several texts."""


class Kind(StrEnum):
    """What a property holds, by the name that GraphML and Neo4j have for it; `TEXTS` are several."""

    TEXT = "string"
    NUMBER = "double"
    INTEGER = "long"
    BOOLEAN = "boolean"
    TEXTS = "string[]"


_TERMS = tuple(Qualifiers.__dataclass_fields__)
_JOINT = " … "
"""What stands between quotes in one text: see `kg.model.Claim.quote`."""


def _edge_kinds() -> Iterator[tuple[str, Kind]]:
    yield from (
        ("claim", Kind.TEXT),
        ("label", Kind.TEXT),
        ("weight", Kind.NUMBER),
        ("relation", Kind.TEXT),
        ("modality", Kind.TEXT),
    )
    yield from ((name, Kind.BOOLEAN) for name in ("fact", "undecided", "symmetric"))
    for name in _TERMS:
        kind = Kind.BOOLEAN if name in BOOLEAN_QUALIFIERS else Kind.TEXT
        yield name, Kind.NUMBER if name in NUMERIC_QUALIFIERS else kind
    yield from ((f"{name}_text", Kind.TEXT) for name in NUMERIC_QUALIFIERS)
    yield from ((name, Kind.TEXT) for name in ("quote", "lang", "document"))
    yield from (("evidence_start", Kind.INTEGER), ("evidence_end", Kind.INTEGER), ("evidence", Kind.TEXT))
    yield from ((name, Kind.TEXT) for name in ("known_from", "recorded_at", "retracted_at"))
    yield from ((name, Kind.TEXT) for name in ("valid_from", "valid_until", "method"))
    yield from (("confidence", Kind.NUMBER), ("outcome", Kind.TEXT), ("reasons", Kind.TEXT))
    yield from ((f"{end}_{part}", Kind.TEXT) for end in ("subject", "object") for part in ("name", "type"))
    yield "empty", Kind.TEXT


EDGE: Mapping[str, Kind] = dict(_edge_kinds())
"""The properties of an edge, in order, and what each holds."""
_TEXTS = tuple(name for name, kind in EDGE.items() if kind is Kind.TEXT)


def node_kinds() -> Mapping[str, Kind]:
    """Return the properties of a node, in order: its name twice, since programs show a label, its class, what it is
    identified by in a property each and all together, and its spellings.
    """  # noqa: D205 - one sentence
    identifiers = dict.fromkeys(sorted(ontology().identifiers), Kind.TEXT)
    return {
        "label": Kind.TEXT,
        "name": Kind.TEXT,
        "type": Kind.TEXT,
        **identifiers,
        "aliases": Kind.TEXTS,
        "identifiers": Kind.TEXTS,
    }


def node_properties(entity: Entity) -> dict[str, Property]:
    """Return the properties of an entity's node; several identifiers of a kind have a space between."""
    by_kind: dict[str, list[str]] = {}
    for kind, value in ontology().identifiers_of(entity.id, entity.identifiers):
        by_kind.setdefault(kind, []).append(value)
    properties: dict[str, Property] = {"label": entity.name, "name": entity.name, "type": entity.type}
    properties |= {kind: " ".join(values) for kind, values in by_kind.items()}
    lists = {"aliases": entity.aliases, "identifiers": tuple(f"{kind}:{value}" for kind, value in entity.identifiers)}
    return properties | {name: values for name, values in lists.items() if values}


def entity_of(id_: str, properties: Mapping[str, Any]) -> Entity:
    """Return the entity that a node is; raise `InvalidRecord` where it is not whole."""
    missing = [name for name in ("name", "type") if not properties.get(name)]
    if missing:
        raise InvalidRecord(f"the node {id_!r} has no {' and no '.join(missing)}")
    pairs = (pair.partition(":") for pair in properties.get("identifiers", ()))
    identifiers = tuple((kind, value) for kind, _, value in pairs)
    return Entity(id_, properties["name"], properties["type"], tuple(properties.get("aliases", ())), identifiers)


def exact_number(value: Decimal) -> tuple[float, str | None]:
    """Return a number as a double, and its digits where the double does not give them back.

    >>> exact_number(Decimal("11900000000")), exact_number(Decimal("0.12345678901234567891"))
    ((11900000000.0, None), (0.12345678901234568, '0.12345678901234567891'))

    """
    double = float(value)
    return double, None if canonical_decimal(Decimal(repr(double))) == value else format(value, "f")


def edge_properties(dated: DatedClaim) -> dict[str, Property]:
    """Return the properties of a claim's edge that say something, in the order of `EDGE`."""
    claim = dated.claim
    values: dict[str, Property | None] = {
        "claim": claim.id,
        "label": _label(claim),
        "weight": claim.confidence,
        "relation": claim.relation,
        "modality": claim.modality.value,
        "fact": dated.is_fact,
        "undecided": True if dated.holds is TriState.UNDECIDED else None,
        "symmetric": ontology().relation(claim.relation).symmetric,
        **dict(_terms(claim.qualifiers)),
        **dict(_places(claim)),
        **{name: getattr(claim, name) for name in ("known_from", "recorded_at", "retracted_at")},
        **{name: getattr(dated, name) for name in ("valid_from", "valid_until")},
        "method": claim.method,
        "confidence": claim.confidence,
        "outcome": None if claim.outcome is Outcome.ADMITTED else claim.outcome.value,
        "reasons": " ".join(claim.reasons) or None,
    }
    values["empty"] = " ".join(name for name, value in values.items() if value == "") or None
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _label(claim: Claim) -> str:
    relation, told = ontology().relation(claim.relation).label["en"], terms(claim.qualifiers, "en")
    return f"{relation}, {told}" if told else relation


def _terms(qualifiers: Qualifiers) -> Iterator[tuple[str, Property | None]]:
    for name, value in qualifiers.terms().items():
        if isinstance(value, Decimal):
            double, digits = exact_number(value)
            yield name, double
            yield f"{name}_text", digits
        else:
            yield name, value


def _places(claim: Claim) -> Iterator[tuple[str, Property | None]]:
    first = claim.evidence[0]
    yield from (("quote", claim.quote), ("lang", first.lang), ("document", first.document))
    yield from (("evidence_start", first.start), ("evidence_end", first.end))
    if len(claim.evidence) > 1:
        places = [[each.document, each.start, each.end, each.lang] for each in claim.evidence]
        yield "evidence", json.dumps(places, ensure_ascii=False)


def renamed_ends(claim: Claim, subject: Entity, object_: Entity | Figure) -> dict[str, Property]:
    """Return what the ends of a claim are called where the nodes that stand for them are called otherwise."""
    pairs = (("subject", claim.subject, subject), ("object", claim.object, object_))
    return {
        f"{name}_{part}": getattr(end, part)
        for name, end, node in pairs
        if isinstance(end, Entity)
        for part in ("name", "type")
        if getattr(end, part) != getattr(node, part)
    }


# ---------------------------------------------------------------------------------- and back
def parsed(name: str, kind: Kind, text: str) -> Property:
    """Return what a property's text says; raise `InvalidRecord` where it is of another kind.

    >>> parsed("fact", Kind.BOOLEAN, "true"), parsed("amount", Kind.NUMBER, "11900000000.0")
    (True, 11900000000.0)

    """
    try:
        match kind:
            case Kind.BOOLEAN:
                return {"true": True, "false": False}[text.lower()]
            case Kind.NUMBER:
                return float(text)
            case Kind.INTEGER:
                return int(text)
            case Kind.TEXTS:
                return tuple(_strings(json.loads(text)))
    except (KeyError, ValueError, RecursionError) as error:
        raise InvalidRecord(f"{name} {text[:60]!r} is no {kind.value}") from error
    return text


def _strings(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError
    return values


def claim_of(properties: Mapping[str, Any], subject: Entity, object_: Entity | Figure) -> Claim:
    """Return the claim that an edge is; raise `InvalidRecord` where it is not whole, or was changed."""
    id_ = properties.get("claim", "")
    told = {**dict.fromkeys(str(properties.get("empty", "")).split(), ""), **properties}
    missing = [name for name in ("relation", "modality", "quote", "document") if name not in told]
    if missing:
        raise InvalidRecord(f"the edge {id_!r} has no {' and no '.join(missing)}: it is no claim of kg")
    try:
        claim = Claim(
            _called(subject, told, "subject"),
            told["relation"],
            _called(object_, told, "object") if isinstance(object_, Entity) else object_,
            Modality(told["modality"]),
            tuple(_evidence(told)),
            _qualifiers(told),
            **{name: told[name] for name in ("known_from", "recorded_at", "retracted_at", "method") if name in told},
            confidence=float(told.get("confidence", 1.0)),
            outcome=Outcome(told.get("outcome", Outcome.ADMITTED)),
            reasons=tuple(str(told.get("reasons", "")).split()),
        )
        ontology().relation(claim.relation)
    except (KeyError, TypeError, ValueError, ArithmeticError, OntologyError) as error:
        raise error if isinstance(error, InvalidRecord) else InvalidRecord(f"the edge {id_!r}: {error}") from error
    if claim.id != id_:
        raise InvalidRecord(f"claim {id_} says what claim {claim.id} would: it was changed after it was made")
    return claim


def _called(entity: Entity, told: Mapping[str, Any], end: str) -> Entity:
    name, type_ = told.get(f"{end}_name", entity.name), told.get(f"{end}_type", entity.type)
    if (name, type_) == (entity.name, entity.type):
        return entity
    return Entity(entity.id, name, type_, entity.aliases, entity.identifiers)


def _qualifiers(told: Mapping[str, Any]) -> Qualifiers:
    values = {name: told[name] for name in _TERMS if name in told}
    for name in NUMERIC_QUALIFIERS:
        if name in values:
            values[name] = Decimal(told.get(f"{name}_text") or repr(float(values[name])))
    return Qualifiers(**values)


def _evidence(told: Mapping[str, Any]) -> Iterator[Evidence]:
    start, end = int(told["evidence_start"]), int(told["evidence_end"])
    first = [told["document"], start, end, told.get("lang", "")]
    places = json.loads(told["evidence"]) if "evidence" in told else [first]
    quote, at = told["quote"], 0
    for document, begin, stop, lang in places:
        yield Evidence(document, begin, stop, quote[at : at + stop - begin], lang)
        at += stop - begin + len(_JOINT)
    if at != len(quote) + len(_JOINT):
        raise InvalidRecord(f"evidence {start}–{end} of {told['document']!r} does not span its quote")
