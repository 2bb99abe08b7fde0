"""The one codec between claims and RDF 1.1 (design: ``ontology/kg.ttl``).

A document's claims stand in its named graph, with its description and one mention (an
oa:Annotation) for each entity that they name, with its spellings. No triple stands in two graphs:
the union of all graphs, as pyoxigraph reads it, would say it twice and count it twice. There are
no blank nodes: evidence is named after its claim, so that two exports compare line by line. A
document's text is never written into RDF, nor where on a machine it was read; the journal keeps it.

Standards: PROV-O (https://www.w3.org/TR/prov-o/), Web Annotation selectors
(https://www.w3.org/TR/annotation-model/#selectors), RDF reification
(https://www.w3.org/TR/rdf-schema/#ch_reificationvocab).
"""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

import pyoxigraph as ox

from kg.errors import InvalidRecord
from kg.model import Claim, Document, Entity, Evidence, Figure, Modality, Qualifiers, canonical_decimal
from kg.ontology import ontology
from kg.store.names import Names, class_node, term

__all__ = [
    "claim_quads",
    "claims_from",
    "date_term",
    "document_from",
    "document_quads",
    "mentioned",
    "mentions_from",
]

Node = ox.NamedNode | ox.Literal
Facts = Mapping[ox.NamedNode, Mapping[ox.NamedNode, list[Node]]]


_TYPE, _SUBJECT, _PREDICATE, _OBJECT = (term(f"rdf:{name}") for name in ("type", "subject", "predicate", "object"))
_CLAIM, _MODALITY, _EVIDENCE, _UNIT = (term(f"kg:{name}") for name in ("Claim", "modality", "evidence", "unit"))
_KNOWN, _RECORDED, _RETRACTED = (term(f"kg:{name}") for name in ("knownFrom", "recordedAt", "retractedAt"))
_CONFIDENCE, _ORDER, _METHOD = term("kg:confidence"), term("kg:order"), term("prov:wasGeneratedBy")
_SOURCE, _SELECTOR = term("oa:hasSource"), term("oa:hasSelector")
_EXACT, _START, _END, _LANGUAGE = (term(f"oa:{n}") for n in ("exact", "start", "end", "processingLanguage"))
_QUOTE, _POSITION = term("oa:TextQuoteSelector"), term("oa:TextPositionSelector")
_PLACE, _MENTION, _BODY, _TARGET = (term(f"oa:{n}") for n in ("SpecificResource", "Annotation", "hasBody", "hasTarget"))
_KIND, _NAME, _SPELLING = term("dcterms:type"), term("skos:prefLabel"), term("skos:altLabel")
_AS_SAID, _ARTICLE = term("schema:duration"), term("schema:NewsArticle")
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?")
_XSD = {
    name: term(f"xsd:{name}")
    for name in ("date", "dateTime", "gYear", "gYearMonth", "decimal", "integer", "boolean", "duration")
}
_BY_LENGTH = {4: _XSD["gYear"], 7: _XSD["gYearMonth"], 10: _XSD["date"]}


def _decimal(value: Decimal) -> ox.Literal:
    return ox.Literal(str(value), datatype=_XSD["decimal"])


def date_term(iso: str) -> ox.Literal:
    """Return a partial date typed by what it holds: xsd:gYear, xsd:gYearMonth or xsd:date."""
    return ox.Literal(iso, datatype=_BY_LENGTH[len(iso)])


def _text(value: str) -> ox.Literal:
    return ox.Literal(value)


_ENCODERS: Mapping[str, Callable[[str], ox.Literal]] = {
    "start": date_term,
    "end": date_term,
    "as_of": date_term,
    "duration": lambda value: ox.Literal(_canonical_duration(value), datatype=_XSD["duration"]),
}


def _canonical_duration(said: str) -> str:
    """Return the spelling that a store keeps: P18M is P1Y6M, P0D is PT0S.

    https://www.w3.org/TR/xmlschema11-2/#f-durationCanMap
    """
    match = _DURATION.fullmatch(said)
    years, months, days = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    years, months = years + months // 12, months % 12
    parts = ((years, "Y"), (months, "M"), (days, "D"))
    return "P" + ("".join(f"{count}{unit}" for count, unit in parts if count) or "T0S")


def _qualifier(name: str, value: Decimal | str | bool) -> ox.Literal:  # noqa: FBT001 - a qualifier's value
    if isinstance(value, bool):
        return ox.Literal(str(value).lower(), datatype=_XSD["boolean"])
    if isinstance(value, Decimal):
        return _decimal(value)
    return _ENCODERS.get(name, _text)(value)


def claim_quads(claim: Claim, names: Names) -> Iterator[ox.Quad]:
    """Yield the quads of a claim, all in its document's graph."""
    graph, node = names.document(claim.document), names.claim(claim.id)
    relation = ontology().relation(claim.relation)

    def quad(predicate: ox.NamedNode, value: Node) -> ox.Quad:
        return ox.Quad(node, predicate, value, graph)

    yield quad(_TYPE, _CLAIM)
    yield quad(_SUBJECT, names.entity(claim.subject.id))
    yield quad(_PREDICATE, ox.NamedNode(relation.iri))
    if isinstance(claim.object, Entity):
        yield quad(_OBJECT, names.entity(claim.object.id))
    else:
        yield quad(_OBJECT, _decimal(claim.object.value))
        yield quad(_UNIT, _text(claim.object.unit))
    yield quad(_MODALITY, ox.NamedNode(ontology().modalities[claim.modality.value].iri))
    for name, value in claim.qualifiers.said().items():
        yield quad(_qualifier_node(name), _qualifier(name, value))
    said = claim.qualifiers.duration
    if said is not None and said != _canonical_duration(said):
        yield quad(_AS_SAID, _text(said))
    if claim.known_from is not None:
        yield quad(_KNOWN, date_term(claim.known_from))
    for predicate, moment in ((_RECORDED, claim.recorded_at), (_RETRACTED, claim.retracted_at)):
        if moment is not None:
            yield quad(predicate, ox.Literal(moment, datatype=_XSD["dateTime"]))
    yield quad(_CONFIDENCE, _decimal(canonical_decimal(Decimal(str(claim.confidence)))))
    yield quad(_METHOD, names.reader(claim.method))
    for order, evidence in enumerate(claim.evidence):
        yield from _evidence_quads(node, order, evidence, graph, names)


@functools.cache
def _qualifier_node(name: str) -> ox.NamedNode:
    return ox.NamedNode(ontology().qualifiers[name].iri)


def _evidence_quads(
    claim: ox.NamedNode, order: int, evidence: Evidence, graph: ox.NamedNode, names: Names
) -> Iterator[ox.Quad]:
    node, exact, place = (ox.NamedNode(f"{claim.value}#e{order}{part}") for part in ("", "-quote", "-position"))
    triples: list[tuple[ox.NamedNode, ox.NamedNode, Node]] = [
        (claim, _EVIDENCE, node),
        (node, _TYPE, _PLACE),
        (node, _ORDER, ox.Literal(str(order), datatype=_XSD["integer"])),
        (node, _SOURCE, names.document(evidence.document)),
        (node, _SELECTOR, exact),
        (node, _SELECTOR, place),
        (exact, _TYPE, _QUOTE),
        (exact, _EXACT, _text(evidence.quote)),
        (exact, _LANGUAGE, _text(evidence.lang)),
        (place, _TYPE, _POSITION),
        (place, _START, ox.Literal(str(evidence.start), datatype=_XSD["integer"])),
        (place, _END, ox.Literal(str(evidence.end), datatype=_XSD["integer"])),
    ]
    yield from (ox.Quad(*triple, graph) for triple in triples)


def document_quads(document: Document, claims: Iterable[Claim], names: Names) -> Iterator[ox.Quad]:
    """Yield a document's graph: its description, its claims, its mentions of what they name."""
    graph = names.document(document.id)
    said: list[tuple[ox.NamedNode, Node]] = [
        (_TYPE, _ARTICLE),
        (term("schema:identifier"), _text(document.id)),
        (term("schema:inLanguage"), _text(document.lang)),
        (term("schema:sha256"), _text(document.sha256)),
    ]
    if document.title is not None:
        said.append((term("schema:name"), _text(document.title)))
    if document.url is not None:
        said.append((term("schema:url"), _text(document.url)))
    if document.published is not None:
        said.append((term("schema:datePublished"), date_term(document.published)))
    yield from (ox.Quad(graph, predicate, value, graph) for predicate, value in said)
    claims = tuple(claims)
    for claim in claims:
        yield from claim_quads(claim, names)
    for entity in mentioned(claims).values():
        yield from _mention_quads(entity, graph, names)


def mentioned(claims: Iterable[Claim]) -> Mapping[str, Entity]:
    """Return the entities that claims name, by id; the aliases are all spellings, in order."""
    found: dict[str, list[Entity]] = defaultdict(list)
    for claim in claims:
        for end in (claim.subject, claim.object):
            if isinstance(end, Entity):
                found[end.id].append(end)
    merged = {}
    for id_, same in found.items():
        spellings = {name for entity in same for name in (entity.aliases or (entity.name,))}
        name, type_ = min((entity.name, entity.type) for entity in same)
        merged[id_] = Entity(id_, name, type_, tuple(sorted(spellings)))
    return merged


def _mention_quads(entity: Entity, graph: ox.NamedNode, names: Names) -> Iterator[ox.Quad]:
    node = ox.NamedNode(f"{graph.value}#{names.entity(entity.id).value.removeprefix(names.base)}")
    yield ox.Quad(node, _TYPE, _MENTION, graph)
    yield ox.Quad(node, _TARGET, graph, graph)
    yield ox.Quad(node, _BODY, names.entity(entity.id), graph)
    yield ox.Quad(node, _KIND, class_node(entity.type), graph)
    yield ox.Quad(node, _NAME, _text(entity.name), graph)
    for name in entity.aliases:
        yield ox.Quad(node, _SPELLING, _text(name), graph)


def _facts(quads: Iterable[ox.Quad]) -> Facts:
    facts: defaultdict[ox.NamedNode, defaultdict[ox.NamedNode, list[Node]]]
    facts = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        facts[quad.subject][quad.predicate].append(quad.object)  # type: ignore[index, arg-type]
    return facts


def claims_from(quads: Iterable[ox.Quad], names: Names, entity: Callable[[str], Entity]) -> Iterator[Claim]:
    """Yield the claims that quads hold, in order of place; `entity` describes an entity by its id."""
    facts = _facts(quads)
    claims = [_claim(node, facts, names, entity) for node in list(facts) if _CLAIM in facts[node][_TYPE]]
    yield from sorted(claims, key=lambda c: (c.document, c.evidence[0].start, c.relation, c.subject.id, c.id))


def document_from(quads: Iterable[ox.Quad]) -> Document:
    """Return the document that quads describe; its text is empty, since RDF does not hold it."""
    facts = _facts(quads)
    node = next((node for node in facts if _ARTICLE in facts[node][_TYPE]), ox.NamedNode("urn:x-kg:no-document"))
    return Document(
        id=_one(facts, node, term("schema:identifier")).value,
        text="",
        lang=_one(facts, node, term("schema:inLanguage")).value,
        published=_maybe(facts, node, term("schema:datePublished")),
        title=_maybe(facts, node, term("schema:name")),
        url=_maybe(facts, node, term("schema:url")),
    )


def mentions_from(quads: Iterable[ox.Quad], names: Names) -> Mapping[str, Entity]:
    """Return the entities that the quads of one document mention, by id, as it calls them."""
    facts = _facts(quads)
    classes = {known.iri: name for name, known in ontology().classes.items()}
    found = {}
    for node in [node for node in facts if _MENTION in facts[node][_TYPE]]:
        id_ = names.id_of(_one(facts, node, _BODY))
        spellings = tuple(sorted(name.value for name in facts[node].get(_SPELLING, ())))
        name, type_ = _one(facts, node, _NAME).value, classes[_one(facts, node, _KIND).value]
        found[id_] = Entity(id_, name, type_, spellings)
    return found


def _one(facts: Facts, node: ox.NamedNode, predicate: ox.NamedNode) -> Node:
    values = facts[node].get(predicate, [])
    if len(values) != 1:
        raise InvalidRecord(f"<{node.value}> has {len(values)} values for <{predicate.value}>, not one")
    return values[0]


def _maybe(facts: Facts, node: ox.NamedNode, predicate: ox.NamedNode) -> str | None:
    return _one(facts, node, predicate).value if predicate in facts[node] else None


def _claim(node: ox.NamedNode, facts: Facts, names: Names, entity: Callable[[str], Entity]) -> Claim:
    def one(predicate: ox.NamedNode) -> Node:
        return _one(facts, node, predicate)

    subject, found = one(_SUBJECT), one(_OBJECT)
    end: Entity | Figure
    if isinstance(found, ox.Literal):
        end = Figure(Decimal(found.value), one(_UNIT).value)
    else:
        end = entity(names.id_of(found))
    places = sorted((n for n in facts[node][_EVIDENCE] if isinstance(n, ox.NamedNode)), key=lambda n: _order(facts, n))
    return Claim(
        subject=entity(names.id_of(ox.NamedNode(subject.value))),
        relation=ontology().relation_of(one(_PREDICATE).value).name,
        object=end,
        modality=_modality(one(_MODALITY).value),
        evidence=tuple(_evidence(place, facts, names) for place in places),
        qualifiers=_qualifiers(node, facts),
        known_from=_maybe(facts, node, _KNOWN),
        recorded_at=_maybe(facts, node, _RECORDED),
        retracted_at=_maybe(facts, node, _RETRACTED),
        method=names.id_of(ox.NamedNode(one(_METHOD).value), "reader/"),
        confidence=float(one(_CONFIDENCE).value),
    )


def _order(facts: Facts, place: ox.NamedNode) -> int:
    return int(_one(facts, place, _ORDER).value)


def _modality(iri: str) -> Modality:
    for name, known in ontology().modalities.items():
        if known.iri == iri:
            return Modality(name)
    raise InvalidRecord(f"the ontology has no modality <{iri}>")


def _qualifiers(node: ox.NamedNode, facts: Facts) -> Qualifiers:
    said: dict[str, object] = {}
    for name, known in ontology().qualifiers.items():
        text = _maybe(facts, node, _qualifier_node(name))
        if text is None:
            continue
        if known.datatype == _XSD["decimal"].value:
            said[name] = Decimal(text)
        else:
            said[name] = text in {"true", "1"} if known.datatype == _XSD["boolean"].value else text
    if "duration" in said:
        said["duration"] = _maybe(facts, node, _AS_SAID) or said["duration"]
    return Qualifiers(**said)  # type: ignore[arg-type]


def _evidence(place: ox.NamedNode, facts: Facts, names: Names) -> Evidence:
    selectors = {_one(facts, n, _TYPE): n for n in facts[place][_SELECTOR] if isinstance(n, ox.NamedNode)}
    exact, position = selectors[_QUOTE], selectors[_POSITION]
    return Evidence(
        document=names.id_of(ox.NamedNode(_one(facts, place, _SOURCE).value), "document/"),
        start=int(_one(facts, position, _START).value),
        end=int(_one(facts, position, _END).value),
        quote=_one(facts, exact, _EXACT).value,
        lang=_one(facts, exact, _LANGUAGE).value,
    )
