"""What the viewer gets: a graph as plain values ("kg-view/1"), each with its place, in English and in French.

==============  =====================================================================================
title, lang     the heading, and the language that the viewer opens in
focus           the id of the company that it opens at, or null
asOf            the day that its clock shows, or ""
kinds           the classes that occur: name, label, comment, colour (light, dark), shape
relations       the relations: name, label, comment, colour (light, dark), symmetric
modalities      how a thing can be said: name, label, comment, style (fact, ahead, reported, over)
documents       the sources: id, title, url, date
paragraphs      texts around quotes, each once
companies       the entities: id, name, kind, x, y (pixels), ids (label, value), more (how many
                neighbours it has that are not here)
lines           what sources say together: subject, object (places in `companies`; null for a figure),
                terms, amount, percent, start, end, known, and the claims, each with its quote
first           the ids of what is shown at first
layers          what analyses find (`kg.view.layers`), left out where they find nothing: name, label, comment,
                more (how many findings are not told), notes (how many notes there are), findings: title,
                detail, companies (ids), lines (ids)
==============  =====================================================================================

Of companies, lines and claims what is empty is left out, as are the modality of a fact and no neighbours more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg import formats
from kg.dates import last_day
from kg.errors import MissingExtra
from kg.facts import Fact, disputes_of, facts_of
from kg.model import Claim, Document, Entity, Modality
from kg.ontology import Relation, Term, ontology
from kg.query.rendering import printable
from kg.view.colours import pair
from kg.view.layers import layers
from kg.view.layout import beside, layout
from kg.view.presentation import STYLES, address, clipped, language
from kg.view.snippets import Snippets
from kg.view.subgraph import most_connected
from kg.wording.terms import figure, short_terms, terms

__all__ = ["FIRST", "SHAPES", "view_data"]

FIRST = (120, 260)
"""So many companies and lines at most are shown at first: more is reached by search and by opening neighbours."""
SHAPES: Mapping[str, str] = {
    "Organisation": "square",
    "PublicBody": "triangle",
    "Person": "triangleDown",
    "Programme": "diamond",
    "Product": "hexagon",
}
"""The shape of each class; any other is a disc."""

_NOTHING: Mapping[str, int] = {}
_EMPTY: tuple[Any, ...] = ("", None, [], {"en": "", "fr": ""})
_LANGUAGES = ("en", "fr")
_OTHER_COLOUR = "#737373"
_LONGEST_NAME = 300


def view_data(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    documents: Mapping[str, Document],
    *,
    title: str,
    lang: str = "en",
    focus: str | None = None,
    as_of: str | None = None,
    hidden_neighbours: Mapping[str, int] = _NOTHING,
    whole: bool = True,
) -> dict[str, Any]:
    """Return the view of some claims, which `json.dumps` can write; the module tells its parts.

    `focus` is the id of the entity to open at, `as_of` the partial date that the viewer's clock shows,
    `hidden_neighbours` how many neighbours an entity has that are not drawn. `whole` says that the claims are all of
    a graph: communities are told of that alone. Raises `MissingExtra` where numpy is not installed, `InvalidRecord`
    for what is no date.
    """
    told = tuple(claims)
    lines = facts_of(told)
    entities = {end.id: end for line in lines for end in (line.subject, line.object) if isinstance(end, Entity)}
    first = most_connected(entities, lines, focus, FIRST)
    places = _places(entities, lines, first)
    index = {id_: at for at, id_ in enumerate(entities)}
    said, found = _Lines(documents, index), layers(told, lines, whole=whole)
    return {
        "format": formats.VIEW,
        "title": clipped(title, _LONGEST_NAME),
        "lang": lang,
        "focus": focus,
        "asOf": "" if as_of is None else last_day(as_of).isoformat(),
        **_vocabulary(entities),
        "companies": [_company(each, places[id_], hidden_neighbours.get(id_, 0)) for id_, each in entities.items()],
        "lines": said.told(lines),
        "documents": said.documents,
        "paragraphs": said.paragraphs.texts,
        "first": sorted(first, key=index.__getitem__),
        **({"layers": found} if found else {}),
    }


def _vocabulary(entities: Mapping[str, Entity]) -> dict[str, Any]:
    """Return the terms of the ontology, with what the eye tells them by."""
    occurring = {entity.type for entity in entities.values()}
    return {
        "kinds": [
            _term(term) | {"colour": _colours(term), "shape": SHAPES.get(term.name, "dot")}
            for term in ontology().classes.values()
            if term.name in occurring
        ],
        "relations": [
            _term(term) | {"colour": _colours(term), "symmetric": term.symmetric}
            for term in ontology().relations.values()
        ],
        "modalities": [_term(term) | {"style": STYLES[Modality(term.name)]} for term in ontology().modalities.values()],
    }


def _places(
    entities: Mapping[str, Entity], lines: Sequence[Fact], first: set[str]
) -> Mapping[str, tuple[float, float]]:
    """Lay out what is shown at first; set the rest down around it."""
    pairs = [(line.subject.id, line.object.id) for line in lines if isinstance(line.object, Entity)]
    try:
        import networkx as nx

        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(sorted(first))
        graph.add_edges_from((a, b) for a, b in pairs if a != b and a in first and b in first)
        return beside(layout(graph), pairs, entities)
    except ImportError as error:
        raise MissingExtra("a picture needs numpy: pip install 'kg[view]'") from error


def _without_empty(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out what says nothing: a large graph is mostly that. The viewer fills it in."""
    return {name: value for name, value in told.items() if value not in _EMPTY}


def _words(of: Mapping[str, str]) -> dict[str, str]:
    return {lang: of.get(lang, "") for lang in _LANGUAGES}


def _term(term: Term | Relation) -> dict[str, Any]:
    return {"name": term.name, "label": _words(term.label), "comment": _words(term.comment)}


def _colours(term: Term | Relation) -> list[str]:
    both = pair(term.colour or _OTHER_COLOUR)
    return [both.light, both.dark]


def _company(entity: Entity, place: tuple[float, float], more: int) -> dict[str, Any]:
    known = ontology().companies.get(entity.id)
    identifiers = known.identifiers if known else {}
    told = {
        "id": entity.id,
        "name": clipped(entity.name, _LONGEST_NAME),
        "kind": entity.type,
        "x": place[0],
        "y": place[1],
        "ids": [[ontology().identifiers[name].label["en"], value] for name, value in identifiers.items()],
        "more": more,
    }
    return _without_empty(told if more else {name: value for name, value in told.items() if name != "more"})


class _Lines:
    """Lines as plain values; the sources and paragraphs that they refer to are gathered on the way."""

    def __init__(self, documents: Mapping[str, Document], index: Mapping[str, int]) -> None:
        self.paragraphs = Snippets(documents)
        self.documents: list[dict[str, str]] = []
        self._known = documents
        self._index = index
        self._places: dict[str, int] = {}

    def told(self, lines: Sequence[Fact]) -> list[dict[str, Any]]:
        names = {line: line.claims[0].id for line in lines}
        against: dict[Fact, list[str]] = defaultdict(list)
        for dispute in disputes_of(lines):
            for line in dispute.facts:
                against[line] += [names[other] for other in dispute.facts if other is not line]
        return [self._line(line, names[line], against[line]) for line in lines]

    def _line(self, line: Fact, name: str, against: Sequence[str]) -> dict[str, Any]:
        said, end = line.qualifiers, line.object
        is_figure = not isinstance(end, Entity)
        told = {
            "id": name,
            "subject": self._index[line.subject.id],
            "object": self._index[end.id] if isinstance(end, Entity) else None,
            "figure": {lang: figure(end, lang) for lang in _LANGUAGES} if not isinstance(end, Entity) else None,
            "relation": line.relation,
            "modality": None if line.is_fact else line.modality.value,
            "terms": {lang: clipped(terms(said, lang), _LONGEST_NAME) for lang in _LANGUAGES},
            "short": {lang: "" if is_figure else clipped(short_terms(said, lang)) for lang in _LANGUAGES},
            "amount": None if said.amount is None else [float(said.amount), said.currency or ""],
            "percent": None if said.percent is None else float(said.percent),
            "start": said.start or said.as_of or "",
            "end": said.end or "",
            "known": line.known_from or "",
            "confidence": max(claim.confidence for claim in line.claims),
            "claims": [self._claim(claim) for claim in line.claims],
            "against": list(against),
        }
        return _without_empty(told)

    def _claim(self, claim: Claim) -> dict[str, Any]:
        paragraph, marks = self.paragraphs.around(claim.evidence)
        told = {
            "id": claim.id,
            "terms": {lang: clipped(terms(claim.qualifiers, lang), _LONGEST_NAME) for lang in _LANGUAGES},
            "document": self._document(claim.document),
            "quote": clipped(" … ".join(evidence.quote for evidence in claim.evidence), 4000),
            "lang": language(claim.evidence[0].lang),
            "paragraph": paragraph,
            "marks": marks,
            "known": claim.known_from or "",
            "confidence": claim.confidence,
            "method": printable(claim.method),
        }
        return _without_empty(told)

    def _document(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = len(self.documents)
            known = self._known.get(name)
            self.documents.append(
                {
                    "id": clipped(name, _LONGEST_NAME),
                    "title": clipped(known.title if known and known.title else name, _LONGEST_NAME),
                    "url": address(known.url if known else None),
                    "date": known.published or "" if known else "",
                }
            )
        return self._places[name]
