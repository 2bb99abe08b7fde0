"""What the page tells of a line and of an entity, as plain values: for its table, and as JSON for its script."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from kg.facts import Fact
from kg.model import Claim, Document, Entity, Evidence, Modality
from kg.ontology import ontology
from kg.query.rendering import printable
from kg.wording.terms import figure, short_terms

__all__ = ["STYLES", "Presentation", "address", "clipped", "entity", "label", "language", "presentation"]

Presentation: TypeAlias = dict[str, Any]

STYLES: Mapping[Modality, str] = {
    Modality.ASSERTED: "fact",
    Modality.ANNOUNCED: "ahead",
    Modality.PLANNED: "ahead",
    Modality.CONDITIONAL: "ahead",
    Modality.HEDGED: "reported",
    Modality.DENIED: "over",
    Modality.PAST: "over",
    Modality.ENDED: "over",
}
"""How a line of each modality is drawn: solid, dashed, dotted, or grey. Only a fact is solid."""

_CROSSED = frozenset({Modality.DENIED, Modality.ENDED})
_LONGEST_ON_CANVAS = 48
_LONGEST_NAME = 300
_LONGEST_QUOTE = 4000


def clipped(text: str, longest: int = _LONGEST_ON_CANVAS) -> str:
    """Return a text of at most so many characters, made safe to show on one line."""
    shown = printable(text)
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def label(line: Fact, lang: str) -> tuple[str, str, str]:
    """Return what stands on an edge: the relation, the short terms, and what fits where the first does not.

    All that is no fact is marked as such, in each of them that can stand alone.
    """
    words, terms = ontology().relation(line.relation).label[lang], clipped(short_terms(line.qualifiers, lang))
    if line.is_fact:
        return words, terms, terms
    mark = ontology().modalities[line.modality].label[lang]
    cross = "✕ " if line.modality in _CROSSED else ""
    return f"{cross}{words} ({mark})", terms, f"{cross}{terms} ({mark})" if terms else f"{cross}{mark}"


def presentation(line: Fact, documents: Mapping[str, Document], lang: str) -> Presentation:
    """Return what a line says: its ends, relation, terms, modality, date, and each sentence with its source."""
    is_figure = not isinstance(line.object, Entity)
    return {
        "subject": clipped(line.subject.name, _LONGEST_NAME),
        "relation": ontology().relation(line.relation).label[lang],
        "object": clipped(line.object.name, _LONGEST_NAME)
        if isinstance(line.object, Entity)
        else figure(line.object, lang),
        "terms": clipped(line.terms(lang), _LONGEST_NAME),
        "modality": ontology().modalities[line.modality].label[lang],
        "style": STYLES[line.modality],
        "is_figure": is_figure,
        "known_from": line.known_from or "",
        "sources": [_source(claim, documents) for claim in line.claims],
    }


def _source(claim: Claim, documents: Mapping[str, Document]) -> dict[str, str]:
    document = documents.get(claim.document)
    title = document.title if document and document.title else claim.document
    return {
        "quote": " … ".join(_quote(evidence) for evidence in claim.evidence),
        "lang": language(claim.evidence[0].lang),
        "title": clipped(title, _LONGEST_NAME),
        "document": clipped(claim.document, _LONGEST_NAME),
        "date": claim.known_from or "",
        "url": address(document.url if document else None),
    }


def _quote(evidence: Evidence) -> str:
    return clipped(evidence.quote, _LONGEST_QUOTE)


def language(lang: str) -> str:
    """Return a language's tag where it is one, else ""."""
    return lang if lang.replace("-", "").isalnum() and lang.isascii() else ""


def address(url: str | None) -> str:
    """Return an address that a link may lead to, else "": http and https with a host, nothing that acts."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    is_safe = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    return url if url and is_safe and printable(url) == url else ""


def entity(entity: Entity, lang: str) -> dict[str, Any]:
    """Return what is said of an entity itself: its name, its class, its public identifiers."""
    known = ontology().companies.get(entity.id)
    identifiers = known.identifiers if known else {}
    kind = ontology().classes.get(entity.type)
    return {
        "name": clipped(entity.name, _LONGEST_NAME),
        "kind": kind.label[lang] if kind else printable(entity.type),
        "type": entity.type,
        "identifiers": [[ontology().identifiers[name].label[lang], value] for name, value in identifiers.items()],
    }
