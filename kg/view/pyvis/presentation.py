"""What the page tells of an edge and of a company, as plain values: for its table, and as JSON for its script."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from kg.facts import TriState
from kg.model import Modality
from kg.ontology import ontology
from kg.view.clock import ShownLine
from kg.view.presentation import STYLES
from kg.wording.viewer import wording

__all__ = ["Presentation", "company", "label", "presentation"]

Presentation: TypeAlias = dict[str, Any]

_CROSSED = frozenset({Modality.DENIED, Modality.ENDED})
_NO_WORDS: Mapping[str, str] = {"en": "", "fr": ""}


def label(shown: ShownLine, lang: str) -> tuple[str, str, str]:
    """Return what stands on an edge: the relation, the short terms, and what fits where the first does not.

    All that is no fact, or may be none, is marked as such, in each of them that can stand alone.
    """
    words = ontology().relation(shown.line["relation"]).label[lang]
    terms = shown.line.get("short", _NO_WORDS)[lang]
    mark = _mark(shown, lang)
    if not mark:
        return words, terms, terms
    cross = "✕ " if shown.modality in _CROSSED else ""
    return f"{cross}{words} ({mark})", terms, f"{cross}{terms} ({mark})" if terms else f"{cross}{mark}"


def _mark(shown: ShownLine, lang: str) -> str:
    if shown.holds is TriState.UNDECIDED:
        return wording(lang)["undecided"]
    return "" if shown.modality is Modality.ASSERTED else ontology().modalities[shown.modality].label[lang]


def presentation(shown: ShownLine, view: Mapping[str, Any], lang: str) -> Presentation:
    """Return what a line says: its ends, relation, terms, modality, date, and each sentence with its source."""
    line, modality = shown.line, ontology().modalities[shown.modality].label[lang]
    figure = line.get("figure", _NO_WORDS)[lang]
    return {
        "subject": view["companies"][line["subject"]]["name"],
        "relation": ontology().relation(line["relation"]).label[lang],
        "object": view["companies"][line["object"]]["name"] if "object" in line else figure,
        "terms": " ".join(filter(None, (figure, line.get("terms", _NO_WORDS)[lang]))),
        "modality": f"{modality} ({_mark(shown, lang)})" if shown.holds is TriState.UNDECIDED else modality,
        "style": STYLES[shown.modality],
        "is_figure": "object" not in line,
        "known_from": line.get("known", ""),
        "sources": [_source(claim, view["documents"][claim["document"]]) for claim in line["claims"]],
    }


def _source(claim: Mapping[str, Any], document: Mapping[str, str]) -> dict[str, str]:
    return {
        "quote": claim["quote"],
        "lang": claim.get("lang", ""),
        "title": document["title"],
        "document": document["id"],
        "date": claim.get("known", ""),
        "url": document["url"],
    }


def company(company: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return what is said of a company itself: its name, its class, its public identifiers."""
    kind = ontology().classes.get(company["kind"])
    words = {term.label["en"]: term.label[lang] for term in ontology().identifiers.values()}
    return {
        "name": company["name"],
        "kind": kind.label[lang] if kind else company["kind"],
        "type": company["kind"],
        "identifiers": [[words[name], value] for name, value in company.get("ids", ())],
    }
