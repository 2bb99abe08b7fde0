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
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

import pyoxigraph as ox

from kg.errors import InvalidRecord
from kg.model import Claim, Document, Entity, Evidence, Figure, Modality, Qualifiers, Tier
from kg.ontology import ontology
from kg.resolve import RegisterRecord
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme, term
from kg.store.rdf_encode import claim_text, document_text

__all__ = [
    "IDENTIFIER",
    "claim_quads",
    "claims_from",
    "document_from",
    "document_quads",
    "identifier_from",
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
_AS_SAID, _REASON = term("schema:duration"), term("kg:reason")
_XSD = {name: term(f"xsd:{name}") for name in ("decimal", "boolean")}
_ARTICLE = term("schema:NewsArticle")
IDENTIFIER = term("schema:identifier")
"""What a mention says that its entity is identified by."""
_MENTION, _BODY = (term(f"oa:{n}") for n in ("Annotation", "hasBody"))
_KIND, _NAME, _SPELLING = term("dcterms:type"), term("skos:prefLabel"), term("skos:altLabel")


@functools.cache
def _qualifier_node(name: str) -> ox.NamedNode:
    return ox.NamedNode(ontology().qualifiers[name].iri)


def claim_quads(claim: Claim, iris: IriScheme) -> Iterator[ox.Quad]:
    """Yield the quads of a claim, all in its document's graph."""
    return ox.parse(claim_text(claim, iris), ox.RdfFormat.N_QUADS)


def document_quads(reading: DocumentClaims, iris: IriScheme) -> Iterator[ox.Quad]:
    """Yield a document's graph: its description, its claims, its mentions of what they name, words, records."""
    mentions = mentioned(reading.claims, reading.records).values()
    return ox.parse(document_text(reading, mentions, iris), ox.RdfFormat.N_QUADS)


def mentioned(claims: Iterable[Claim], records: Iterable[RegisterRecord] = ()) -> Mapping[str, Entity]:
    """Return the entities that claims and records name, by id; the aliases are all spellings, so the identifiers."""
    entities: dict[str, list[Entity]] = defaultdict(list)
    for record in records:
        entities[record.entity.id].append(record.entity)
    for claim in claims:
        for end in (claim.subject, claim.object):
            if isinstance(end, Entity):
                entities[end.id].append(end)
    merged = {}
    for id_, same in entities.items():
        identifiers = {pair for entity in same for pair in entity.identifiers}
        spellings = {name for entity in same for name in (entity.aliases or (entity.name,))}
        # Who refers to it by a key alone gives it no name.
        spellings -= {value for _, value in identifiers}
        name, type_ = min((entity.name, entity.type) for entity in same)
        merged[id_] = Entity(id_, name, type_, tuple(sorted(spellings)), tuple(sorted(identifiers)))
    return merged


def _facts(quads: Iterable[ox.Quad]) -> Facts:
    facts: defaultdict[ox.NamedNode, defaultdict[ox.NamedNode, list[Node]]]
    facts = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        facts[quad.subject][quad.predicate].append(quad.object)  # type: ignore[index, arg-type]
    return facts


def claims_from(quads: Iterable[ox.Quad], iris: IriScheme, entity: Callable[[str], Entity]) -> Iterator[Claim]:
    """Yield the claims that quads hold, in order of place; `entity` describes an entity by its id."""
    facts = _facts(quads)
    claims = [_claim(node, facts, iris, entity) for node in list(facts) if _CLAIM in facts[node][_TYPE]]
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
        tier=_tier(_maybe(facts, node, term("kg:tier"))),
    )


def mentions_from(quads: Iterable[ox.Quad], iris: IriScheme) -> Mapping[str, Entity]:
    """Return the entities that the quads of one document mention, by id, as it calls them."""
    facts = _facts(quads)
    classes = {class_.iri: name for name, class_ in ontology().classes.items()}
    mentions = {}
    for node in [node for node in facts if _MENTION in facts[node][_TYPE]]:
        id_ = iris.id_of(_one(facts, node, _BODY))
        spellings = tuple(sorted(name.value for name in facts[node].get(_SPELLING, ())))
        name, type_ = _one(facts, node, _NAME).value, classes[_one(facts, node, _KIND).value]
        identifiers = sorted(identifier_from(one.value) for one in facts[node].get(IDENTIFIER, ()))
        mentions[id_] = Entity(id_, name, type_, spellings, tuple(identifiers))
    return mentions


def identifier_from(text: str) -> tuple[str, str]:
    """Return the kind and the value of an identifier that a mention carries: "cik:1551152"."""
    kind, _, value = text.partition(":")
    return kind, value


def _one(facts: Facts, node: ox.NamedNode, predicate: ox.NamedNode) -> Node:
    values = facts[node].get(predicate, [])
    if len(values) != 1:
        raise InvalidRecord(f"<{node.value}> has {len(values)} values for <{predicate.value}>, not one")
    return values[0]


def _maybe(facts: Facts, node: ox.NamedNode, predicate: ox.NamedNode) -> str | None:
    return _one(facts, node, predicate).value if predicate in facts[node] else None


def _claim(node: ox.NamedNode, facts: Facts, iris: IriScheme, entity: Callable[[str], Entity]) -> Claim:
    def value(predicate: ox.NamedNode) -> Node:
        return _one(facts, node, predicate)

    subject, object_ = value(_SUBJECT), value(_OBJECT)
    end: Entity | Figure
    if isinstance(object_, ox.Literal):
        end = Figure(Decimal(object_.value), value(_UNIT).value)
    else:
        end = entity(iris.id_of(object_))
    places = sorted((n for n in facts[node][_EVIDENCE] if isinstance(n, ox.NamedNode)), key=lambda n: _order(facts, n))
    return Claim(
        subject=entity(iris.id_of(ox.NamedNode(subject.value))),
        relation=ontology().relation_of(value(_PREDICATE).value).name,
        object=end,
        modality=_modality(value(_MODALITY).value),
        evidence=tuple(_evidence(place, facts, iris) for place in places),
        qualifiers=_qualifiers(node, facts),
        known_from=_maybe(facts, node, _KNOWN),
        recorded_at=_maybe(facts, node, _RECORDED),
        retracted_at=_maybe(facts, node, _RETRACTED),
        method=iris.id_of(ox.NamedNode(value(_METHOD).value), "reader/"),
        confidence=float(value(_CONFIDENCE).value),
        reasons=tuple(sorted(reason.value for reason in facts[node].get(_REASON, ()))),
    )


def _order(facts: Facts, place: ox.NamedNode) -> int:
    return int(_one(facts, place, _ORDER).value)


def _modality(iri: str) -> Modality:
    for name, term_ in ontology().modalities.items():
        if term_.iri == iri:
            return Modality(name)
    raise InvalidRecord(f"the ontology has no modality <{iri}>")


def _tier(iri: str | None) -> Tier | None:
    names = {term_.iri: Tier(name) for name, term_ in ontology().tiers.items()}
    if iri is not None and iri not in names:
        raise InvalidRecord(f"the ontology has no tier <{iri}>")
    return None if iri is None else names[iri]


def _qualifiers(node: ox.NamedNode, facts: Facts) -> Qualifiers:
    values: dict[str, object] = {}
    for name, qualifier in ontology().qualifiers.items():
        text = _maybe(facts, node, _qualifier_node(name))
        if text is None:
            continue
        if qualifier.datatype == _XSD["decimal"].value:
            values[name] = Decimal(text)
        else:
            values[name] = text in {"true", "1"} if qualifier.datatype == _XSD["boolean"].value else text
    if "duration" in values:
        values["duration"] = _maybe(facts, node, _AS_SAID) or values["duration"]
    return Qualifiers(**values)  # type: ignore[arg-type]


def _evidence(place: ox.NamedNode, facts: Facts, iris: IriScheme) -> Evidence:
    # Those that say where it stands in the file are told by the document's places.
    selectors = {_one(facts, n, _TYPE): n for n in facts[place][_SELECTOR] if isinstance(n, ox.NamedNode)}
    exact, position = selectors[_QUOTE], selectors[_POSITION]
    return Evidence(
        document=iris.id_of(ox.NamedNode(_one(facts, place, _SOURCE).value), "document/"),
        start=int(_one(facts, position, _START).value),
        end=int(_one(facts, position, _END).value),
        quote=_one(facts, exact, _EXACT).value,
        lang=_one(facts, exact, _LANGUAGE).value,
    )
