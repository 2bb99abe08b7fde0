"""Documents and claims as N-Quads text: the writing half of `kg.store.rdf_decode`, whose docstring has the design.

Text is what a store takes in fastest: an object for each of a claim's forty quads costs as much as the loading.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

import pyoxigraph as ox

from kg.dates import canonical_duration
from kg.judgements import Closing, Identities, IdentityJudgement, Judgement
from kg.model import Claim, Document, Entity, Evidence, canonical_decimal
from kg.ontology import ontology
from kg.places import Place, PlaceKind
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme, class_node, date_text, term, text_term
from kg.store.record_rdf import record_lines

__all__ = ["claim_text", "document_text", "fragment", "identities_text"]


@functools.cache
def _iri(prefixed: str) -> str:
    return str(term(prefixed))


_TYPE, _SUBJECT, _PREDICATE, _OBJECT = (_iri(f"rdf:{name}") for name in ("type", "subject", "predicate", "object"))
_CLAIM, _MODALITY, _EVIDENCE, _UNIT = (_iri(f"kg:{name}") for name in ("Claim", "modality", "evidence", "unit"))
_KNOWN, _RECORDED, _RETRACTED = (_iri(f"kg:{name}") for name in ("knownFrom", "recordedAt", "retractedAt"))
_SENTENCE, _DOCUMENT, _REASON = _iri("kg:sentence"), _iri("kg:document"), _iri("kg:reason")
_CONFIDENCE, _ORDER, _METHOD = _iri("kg:confidence"), _iri("kg:order"), _iri("prov:wasGeneratedBy")
_SOURCE, _SELECTOR = _iri("oa:hasSource"), _iri("oa:hasSelector")
_EXACT, _START, _END, _LANGUAGE = (_iri(f"oa:{n}") for n in ("exact", "start", "end", "processingLanguage"))
_QUOTE, _POSITION = _iri("oa:TextQuoteSelector"), _iri("oa:TextPositionSelector")
_PLACE, _MENTION, _BODY, _TARGET = (_iri(f"oa:{n}") for n in ("SpecificResource", "Annotation", "hasBody", "hasTarget"))
_FRAGMENT, _XPATH, _VALUE = _iri("oa:FragmentSelector"), _iri("oa:XPathSelector"), _iri("rdf:value")
_CONFORMS = _iri("dcterms:conformsTo")
_NORMS = {PlaceKind.PAGE: "http://tools.ietf.org/rfc/rfc3778"}
"""What a fragment is written by, as the Web Annotation model lists it; kinds without a norm have none."""
_KIND, _NAME, _SPELLING = _iri("dcterms:type"), _iri("skos:prefLabel"), _iri("skos:altLabel")
_AS_SAID, _IDENTIFIER = _iri("schema:duration"), _iri("schema:identifier")
_XSD = {name: _iri(f"xsd:{name}") for name in ("dateTime", "decimal", "integer", "boolean", "duration")}


def _decimal(value: Decimal) -> str:
    return f'"{value}"^^{_XSD["decimal"]}'


def _integer(value: int) -> str:
    return f'"{value}"^^{_XSD["integer"]}'


_ENCODERS: Mapping[str, Callable[[str], str]] = {
    "start": date_text,
    "end": date_text,
    "as_of": date_text,
    "duration": lambda value: f'"{canonical_duration(value)}"^^{_XSD["duration"]}',
}


def _qualifier(name: str, value: Decimal | str | bool) -> str:  # noqa: FBT001 - a qualifier's value
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^{_XSD["boolean"]}'
    if isinstance(value, Decimal):
        return _decimal(value)
    return _ENCODERS.get(name, text_term)(value)


@functools.cache
def _terms() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the IRIs of modalities and of qualifiers by name, as text."""
    ontology_ = ontology()
    modalities, qualifiers = (
        {name: f"<{term_.iri}>" for name, term_ in kind.items()}
        for kind in (ontology_.modalities, ontology_.qualifiers)
    )
    return modalities, qualifiers


def claim_text(claim: Claim, iris: IriScheme) -> str:
    """Return a claim as N-Quads, a line each, all in its document's graph."""
    return "".join(_claim_lines(claim, None, iris, f" {iris.document(claim.document)} .\n"))


def _claim_lines(claim: Claim, document: Document | None, iris: IriScheme, end: str) -> Iterator[str]:
    """Yield the lines of a claim; `end` is what each of them ends with, its graph. `document` knows the places."""
    modalities, qualifiers = _terms()
    claim_, object_ = str(iris.claim(claim.id)), claim.object
    yield f"{claim_} {_TYPE} {_CLAIM}{end}"
    yield f"{claim_} {_SUBJECT} {iris.entity(claim.subject.id)}{end}"
    yield f"{claim_} {_PREDICATE} <{ontology().relation(claim.relation).iri}>{end}"
    if isinstance(object_, Entity):
        yield f"{claim_} {_OBJECT} {iris.entity(object_.id)}{end}"
    else:
        yield f"{claim_} {_OBJECT} {_decimal(object_.value)}{end}"
        yield f"{claim_} {_UNIT} {text_term(object_.unit)}{end}"
    yield f"{claim_} {_MODALITY} {modalities[claim.modality.value]}{end}"
    for name, value in claim.qualifiers.terms().items():
        yield f"{claim_} {qualifiers[name]} {_qualifier(name, value)}{end}"
    duration = claim.qualifiers.duration
    if duration is not None and duration != canonical_duration(duration):
        yield f"{claim_} {_AS_SAID} {text_term(duration)}{end}"
    if claim.known_from is not None:
        yield f"{claim_} {_KNOWN} {date_text(claim.known_from)}{end}"
    for predicate, moment in ((_RECORDED, claim.recorded_at), (_RETRACTED, claim.retracted_at)):
        if moment is not None:
            yield f'{claim_} {predicate} "{moment}"^^{_XSD["dateTime"]}{end}'
    yield f"{claim_} {_CONFIDENCE} {_decimal(canonical_decimal(Decimal(str(claim.confidence))))}{end}"
    yield f"{claim_} {_METHOD} {iris.reader(claim.method)}{end}"
    for reason in claim.reasons:
        yield f"{claim_} {_REASON} {text_term(reason)}{end}"
    yield f"{claim_} {_SENTENCE} {text_term(claim.evidence[0].quote)}{end}"
    yield f"{claim_} {_DOCUMENT} {text_term(claim.document)}{end}"
    for order, evidence in enumerate(claim.evidence):
        yield _evidence_text(claim_, order, evidence, iris, end)
        for number, place in enumerate(document.places_of(evidence) if document is not None else ()):
            yield _place_text(f"{claim_[:-1]}#e{order}", number, place, end)


def _evidence_text(claim: str, order: int, evidence: Evidence, iris: IriScheme, end: str) -> str:
    stem = f"{claim[:-1]}#e{order}"
    node, exact, place = f"{stem}>", f"{stem}-quote>", f"{stem}-position>"
    return (
        f"{claim} {_EVIDENCE} {node}{end}"
        f"{node} {_TYPE} {_PLACE}{end}"
        f"{node} {_ORDER} {_integer(order)}{end}"
        f"{node} {_SOURCE} {iris.document(evidence.document)}{end}"
        f"{node} {_SELECTOR} {exact}{end}"
        f"{node} {_SELECTOR} {place}{end}"
        f"{exact} {_TYPE} {_QUOTE}{end}"
        f"{exact} {_EXACT} {text_term(evidence.quote)}{end}"
        f"{exact} {_LANGUAGE} {text_term(evidence.lang)}{end}"
        f"{place} {_TYPE} {_POSITION}{end}"
        f"{place} {_START} {_integer(evidence.start)}{end}"
        f"{place} {_END} {_integer(evidence.end)}{end}"
    )


def _place_text(stem: str, number: int, place: Place, end: str) -> str:
    """Return where evidence stands in the file, as one more selector: https://www.w3.org/TR/annotation-model/#selectors."""
    node = f"{stem}-place{number}>"
    kind = _XPATH if place.kind is PlaceKind.ELEMENT else _FRAGMENT
    norm = _NORMS.get(place.kind)
    return (
        f"{stem}> {_SELECTOR} {node}{end}"
        f"{node} {_TYPE} {kind}{end}"
        f"{node} {_VALUE} {text_term(fragment(place))}{end}"
        f"{node} {_ORDER} {_integer(number)}{end}"
    ) + (f"{node} {_CONFORMS} <{norm}>{end}" if norm is not None else "")


def fragment(place: Place) -> str:
    """Return a place as the standard of its kind of file writes it, where there is one.

    >>> fragment(Place(0, 9, PlaceKind.PAGE, "12", (72.0, 90.5, 523.0, 104.0)))
    'page=12&viewrect=72,90.5,451,13.5'

    """
    if place.kind is PlaceKind.ELEMENT:
        return place.name
    if place.kind is PlaceKind.PAGE and place.box is not None:
        left, top, right, bottom = place.box
        sides = (left, top, round(right - left, 2), round(bottom - top, 2))
        return f"page={place.name}&viewrect={','.join(f'{side:g}' for side in sides)}"
    return f"{place.kind}={place.name}"


def document_text(reading: DocumentClaims, mentions: Iterable[Entity], iris: IriScheme) -> str:
    """Return a document's graph as N-Quads, a line each: its description, claims, mentions, words, records."""
    document = reading.document
    node = iris.document(document.id)
    end = f" {node} .\n"
    values = {
        "identifier": document.id,
        "inLanguage": document.lang,
        "sha256": document.sha256,
        "name": document.title,
        "url": document.url,
    }
    lines = [f"{node} {_TYPE} {_iri('schema:NewsArticle')}{end}"]
    lines += [
        f"{node} {_iri(f'schema:{key}')} {text_term(value)}{end}" for key, value in values.items() if value is not None
    ]
    if document.published is not None:
        lines.append(f"{node} {_iri('schema:datePublished')} {date_text(document.published)}{end}")
    if document.tier is not None:
        lines.append(f"{node} {_iri('kg:tier')} <{ontology().tiers[document.tier].iri}>{end}")
    for claim in reading.claims:
        lines += _claim_lines(claim, document, iris, end)
    lines += [_mention_text(entity, node, iris, end) for entity in mentions]
    for word in reading.words:
        lines += _closing_lines(word, iris, end) if isinstance(word, Closing) else _judgement_lines(word, iris, end)
    lines += record_lines(reading.records, str(node), iris, end)
    return "".join(lines)


def _judgement_lines(judgement: Judgement, iris: IriScheme, end: str) -> Iterator[str]:
    """Yield the lines of a judgement, an activity of PROV; the claim that it is about may be in no graph."""
    node = iris.judgement(judgement.id)
    yield f"{node} {_TYPE} {_iri('kg:Judgement')}{end}"
    yield f"{node} {_iri('prov:used')} {iris.claim(judgement.claim.id)}{end}"
    yield f"{node} {_iri('kg:verdict')} {text_term(judgement.verdict)}{end}"
    yield f"{node} {_iri('kg:drawn')} {text_term(judgement.drawn)}{end}"
    yield from _activity_lines(node, judgement, iris, end)
    if judgement.stratum.name:
        yield f"{node} {_iri('kg:drawnFrom')} {text_term(judgement.stratum.name)}{end}"
    if judgement.part is not None:
        yield f"{node} {_iri('kg:wrongPart')} {text_term(judgement.part)}{end}"
    if judgement.correction is not None:
        yield f"{node} {_iri('prov:generated')} {iris.claim(judgement.correction.id)}{end}"


def _activity_lines(
    node: ox.NamedNode, word: Judgement | IdentityJudgement | Closing, iris: IriScheme, end: str
) -> Iterator[str]:
    """Yield who said it when, with what, and what it takes back."""
    yield f"{node} {_iri('prov:wasAssociatedWith')} {iris.reader(f'person/{word.author}')}{end}"
    yield f'{node} {_iri("prov:endedAtTime")} "{_moment(word.at)}"^^{_XSD["dateTime"]}{end}'
    if word.undoes is not None:
        undone = iris.closing(word.undoes) if isinstance(word, Closing) else iris.judgement(word.undoes)
        yield f"{node} {_iri('kg:undoes')} {undone}{end}"
    if word.tool:
        yield f"{node} {_iri('kg:tool')} {text_term(word.tool)}{end}"


def _closing_lines(closing: Closing, iris: IriScheme, end: str) -> Iterator[str]:
    """Yield the lines of a closing, an activity of PROV that used the document; its claims are in the journal."""
    node = iris.closing(closing.id)
    yield f"{node} {_TYPE} {_iri('kg:Closing')}{end}"
    yield f"{node} {_iri('prov:used')} {iris.document(closing.document)}{end}"
    yield f"{node} {_iri('kg:textSha256')} {text_term(closing.text)}{end}"
    yield from _activity_lines(node, closing, iris, end)


def identities_text(identities: Identities, iris: IriScheme) -> str:
    """Return what is said of who is whom as N-Quads, a line each, and which IRIs come to mean the same."""
    end = f" {iris.identities} .\n"
    lines = [line for judgement in identities.judgements for line in _identity_lines(judgement, iris, end)]
    for id_, entity in identities.same.items():
        if id_ != entity.id:
            lines.append(f"{iris.entity(entity.id)} {_iri('skos:exactMatch')} {iris.entity(id_)}{end}")
    return "".join(lines)


def _identity_lines(judgement: IdentityJudgement, iris: IriScheme, end: str) -> Iterator[str]:
    node = iris.judgement(judgement.id)
    yield f"{node} {_TYPE} {_iri('kg:IdentityJudgement')}{end}"
    for entity in (judgement.one, judgement.other):
        yield f"{node} {_iri('prov:used')} {iris.entity(entity.id)}{end}"
    yield f"{node} {_iri('kg:verdict')} {text_term(judgement.verdict)}{end}"
    yield from _activity_lines(node, judgement, iris, end)
    if judgement.mention is not None:
        yield f"{node} {_iri('kg:mention')} {text_term(judgement.mention)}{end}"
    if judgement.why:
        yield f"{node} {_iri('rdfs:comment')} {text_term(judgement.why)}{end}"
    if judgement.is_split:
        yield f"{node} {_iri('prov:generated')} {iris.entity(judgement.other.id)}{end}"
    for document in judgement.documents:
        yield f"{node} {_SOURCE} {iris.document(document)}{end}"


def _moment(at: str) -> str:
    """Return a moment to the second: engines write fractions each in their own way, and the journal has them."""
    return f"{at.rstrip('Z').partition('.')[0]}Z"


def _mention_text(entity: Entity, graph: ox.NamedNode, iris: IriScheme, end: str) -> str:
    body = iris.entity(entity.id)
    node = f"<{graph.value}#{body.value.removeprefix(iris.base)}>"
    return (
        f"{node} {_TYPE} {_MENTION}{end}"
        f"{node} {_TARGET} {graph}{end}"
        f"{node} {_BODY} {body}{end}"
        f"{node} {_KIND} {class_node(entity.type)}{end}"
        f"{node} {_NAME} {text_term(entity.name)}{end}"
        + "".join(f"{node} {_SPELLING} {text_term(name)}{end}" for name in entity.aliases)
        + "".join(f"{node} {_IDENTIFIER} {text_term(f'{kind}:{value}')}{end}" for kind, value in entity.identifiers)
    )
