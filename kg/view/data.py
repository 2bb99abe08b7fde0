"""What the viewer gets: a graph as plain values ("kg-view/1"), each with its place, in English and in French.

==============  =====================================================================================
title, lang     the heading, and the language that the viewer opens in
focus           the id of the company that it opens at, or null
asOf, today     the day that its clock shows at first, and the day that was today when it was made
kinds           the classes that occur: name, label, comment, colour (light, dark), shape
relations       the relations: name, label, comment, colour (light, dark), symmetric
modalities      how a thing can be said: name, label, comment, style (fact, ahead, reported, over)
documents       the sources: id, title, url, date; tier "register" of a register's records; sha256 of the text,
                where claims are to be judged
paragraphs      texts around quotes, each once
companies       the entities: id, name, kind, x, y (pixels), ids (label, value), more (how many
                neighbours it has that are not here), country (ISO 3166-1) and sector (`kg.view.traits`),
                registers (`kg.view.registers`)
lines           what sources say together: subject, object (places in `companies`; null for a figure),
                terms, amount, percent, start, end, known, and the claims, each with its quote, the page of a
                PDF on which it stands, and the days
                on which it is a fact: from (0001-01-01 where nobody says; left out where it never is one),
                until (left out where that is open), surely (the first and the last day on which it is one
                whatever its exact dates are, where these are not from and until), own (whose own claim it is)
                and judged, what people say of it: by, at (to the minute, UTC), verdict, part, and the
                judgement's id where claims are to be judged
first           the ids of what is shown at first
sectors         what the sectors that occur are called, by their codes (`kg.view.sectors`), left out where none is known
layers          what analyses find (`kg.view.layers`), left out where they find nothing: name, label, comment,
                more (how many findings are not told), notes (how many notes there are), findings: title,
                detail, companies (ids), lines (ids)
scenes          notes and saved views ("kg-scenes/1", `kg.view.scenes`), left out where there are none
==============  =====================================================================================

Of companies, lines and claims what is empty is left out, as are the modality of a fact and no neighbours more.

The modality of a line is that without a day; the clock tells by the days of its claims when it is a fact
(`kg.view.clock`). They are those of `kg.facts.periods`, by all claims of the relationship.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg import formats
from kg.dates import last_day
from kg.errors import MissingExtra
from kg.facts import Fact, Period, disputes_of, facts_of, periods
from kg.judgements import Opinion, author_of
from kg.model import Claim, Document, Entity, Modality, Qualifiers, Tier
from kg.ontology import Relation, Term, ontology
from kg.places import PlaceKind
from kg.settings import today as current_day
from kg.view.colours import pair
from kg.view.company_records import CompanyDetails, company_record
from kg.view.layers import layers
from kg.view.layout import beside, layout
from kg.view.presentation import LONGEST_NAME, STYLES, address, clipped, language, without_empty
from kg.view.sectors import sector_words
from kg.view.snippets import Snippets
from kg.view.subgraph import most_connected
from kg.wording.places import place_label
from kg.wording.printable import printable
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

_NO_DETAILS = CompanyDetails()
_NO_OPINIONS: Mapping[str, tuple[Opinion, ...]] = {}
_LANGUAGES = ("en", "fr")
_OTHER_COLOUR = "#737373"


def view_data(  # noqa: PLR0913 - keywords, each with a default
    claims: Iterable[Claim],
    documents: Mapping[str, Document],
    *,
    title: str,
    lang: str = "en",
    focus: str | None = None,
    as_of: str | None = None,
    today: dt.date | None = None,
    details: CompanyDetails = _NO_DETAILS,
    opinions: Mapping[str, tuple[Opinion, ...]] = _NO_OPINIONS,
    judging: bool = False,
    whole: bool = True,
    size: tuple[int, int] = FIRST,
) -> dict[str, Any]:
    """Return the view of some claims, which `json.dumps` can write; the module tells its parts.

    `claims` are all of their relationships, and all of a graph where `whole`: communities are told of that alone.
    `focus` is the id of the entity to open at, `as_of` the partial date of the viewer's clock, by default `today` (that
    of `kg.settings`), `details` what is known of companies beside their claims, `opinions` what people say of claims
    by their ids, `judging` whether the page can take more, `size` how many companies and facts are shown first.
    """
    today, day = _days_of(today, as_of)
    claims = tuple(claim for claim in claims if claim.retracted_at is None)
    entities = _ends(facts := facts_of(claims), details.besides)
    first, index = most_connected(entities, facts, focus, size), {id_: at for at, id_ in enumerate(entities)}
    places = _places(entities, facts, first)
    records = _FactRecords(documents, index, periods(claims), opinions, judging=judging).of(facts)
    return {
        **_opening(title, lang, focus, day, today),
        **_vocabulary(entities),
        "companies": [company_record(one, places[id_], details) for id_, one in entities.items()],
        "first": sorted(first, key=index.__getitem__),
        **records,
        **_sectors(details),
        **_layers(claims, facts, day, whole=whole),
    }


def _opening(title: str, lang: str, focus: str | None, day: dt.date, today: dt.date) -> dict[str, Any]:
    """Return how the viewer opens: with what heading, in what language, where and when."""
    named = {"format": formats.VIEW, "title": clipped(title, LONGEST_NAME)}
    return {**named, "lang": lang, "focus": focus, "asOf": day.isoformat(), "today": today.isoformat()}


def _sectors(details: CompanyDetails) -> dict[str, Any]:
    found = sector_words(traits.sector for traits in details.traits.values() if traits.sector)
    return {"sectors": found} if found else {}


def _layers(claims: Sequence[Claim], facts: Sequence[Fact], day: dt.date, *, whole: bool) -> dict[str, Any]:
    found = layers(claims, facts, day=day, whole=whole)
    return {"layers": found} if found else {}


def _days_of(today: dt.date | None, as_of: str | None) -> tuple[dt.date, dt.date]:
    """Return the day that is today, and the one that the clock shows."""
    today = today or current_day()
    return today, today if as_of is None else last_day(as_of)


def _ends(facts: Iterable[Fact], besides: Iterable[Entity]) -> Mapping[str, Entity]:
    named = {end.id: end for fact in facts for end in (fact.subject, fact.object) if isinstance(end, Entity)}
    return named | {one.id: one for one in besides if one.id not in named}


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
    entities: Mapping[str, Entity], facts: Sequence[Fact], first: set[str]
) -> Mapping[str, tuple[float, float]]:
    """Lay out what is shown at first; set the rest down around it."""
    pairs = [(fact.subject.id, fact.object.id) for fact in facts if isinstance(fact.object, Entity)]
    try:
        import networkx as nx

        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(sorted(first))
        graph.add_edges_from((a, b) for a, b in pairs if a != b and a in first and b in first)
        return beside(layout(graph), pairs, entities)
    except ImportError as error:
        raise MissingExtra("a picture needs numpy: pip install 'kg[view]'") from error


def _words(of: Mapping[str, str]) -> dict[str, str]:
    return {lang: of.get(lang, "") for lang in _LANGUAGES}


def _term(term: Term | Relation) -> dict[str, Any]:
    return {"name": term.name, "label": _words(term.label), "comment": _words(term.comment)}


def _colours(term: Term | Relation) -> list[str]:
    both = pair(term.colour or _OTHER_COLOUR)
    return [both.light, both.dark]


def _amount(qualifiers: Qualifiers) -> list[Any] | None:
    """Return what filters and sizes take for the sum: the sum, else its least, else its most."""
    amounts = (qualifiers.amount, qualifiers.amount_min, qualifiers.amount_max)
    amount = next((amount for amount in amounts if amount is not None), None)
    return None if amount is None else [float(amount), qualifiers.currency or ""]


def _days(period: Period | None) -> dict[str, Any]:
    """Return the days on which a claim is a fact."""
    if period is None:
        return {}
    first, last = str(period.first or dt.date.min), str(period.last or "")
    surely = [max(first, str(period.surely_first or first)), str(period.surely_last or last)]
    return {"from": first, "until": last, "surely": [] if surely == [first, last] else surely}


class _FactRecords:
    """Facts as plain values; the sources and paragraphs that they refer to are gathered on the way."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        index: Mapping[str, int],
        spans: Mapping[str, Period],
        opinions: Mapping[str, tuple[Opinion, ...]],
        *,
        judging: bool,
    ) -> None:
        self._paragraphs = Snippets(documents)
        self._listed: list[dict[str, str]] = []
        self._documents = documents
        self._index = index
        self._periods = spans
        self._opinions = opinions
        self._judging = judging
        self._places: dict[str, int] = {}

    def of(self, facts: Sequence[Fact]) -> dict[str, Any]:
        """Return the lines of facts, in their order, with the documents and paragraphs that they refer to."""
        names = {fact: fact.claims[0].id for fact in facts}
        against: dict[Fact, list[str]] = defaultdict(list)
        for dispute in disputes_of(facts):
            for fact in dispute.facts:
                against[fact] += [names[opposed] for opposed in dispute.facts if opposed is not fact]
        records = [self._line(fact, names[fact], against[fact]) for fact in facts]
        return {"lines": records, "documents": self._listed, "paragraphs": self._paragraphs.texts}

    def _line(self, fact: Fact, name: str, against: Sequence[str]) -> dict[str, Any]:
        qualifiers, end = fact.qualifiers, fact.object
        is_figure = not isinstance(end, Entity)
        values = {
            "id": name,
            "subject": self._index[fact.subject.id],
            "object": self._index[end.id] if isinstance(end, Entity) else None,
            "figure": {lang: figure(end, lang) for lang in _LANGUAGES} if not isinstance(end, Entity) else None,
            "relation": fact.relation,
            "modality": None if fact.is_fact else fact.modality.value,
            "terms": {lang: clipped(terms(qualifiers, lang), LONGEST_NAME) for lang in _LANGUAGES},
            "short": {lang: "" if is_figure else clipped(short_terms(qualifiers, lang)) for lang in _LANGUAGES},
            "amount": _amount(qualifiers),
            "percent": None if qualifiers.percent is None else float(qualifiers.percent),
            "start": qualifiers.start or qualifiers.as_of or "",
            "end": qualifiers.end or "",
            "known": fact.known_from or "",
            "confidence": max(claim.confidence for claim in fact.claims),
            "claims": [self._claim(claim) for claim in fact.claims],
            "against": list(against),
        }
        return without_empty(values)

    def _claim(self, claim: Claim) -> dict[str, Any]:
        paragraph, marks = self._paragraphs.around(claim.evidence)
        values = {
            "id": claim.id,
            "terms": {lang: clipped(terms(claim.qualifiers, lang), LONGEST_NAME) for lang in _LANGUAGES},
            "document": self._document(claim.document),
            "quote": clipped(claim.quote, 4000),
            "lang": language(claim.evidence[0].lang),
            "paragraph": paragraph,
            "marks": marks,
            "place": self._place(claim),
            "page": self._page(claim),
            "known": claim.known_from or "",
            **_days(self._periods.get(claim.id)),
            "confidence": claim.confidence,
            "method": printable(claim.method),
            "own": clipped(author_of(claim) or ""),
            "judged": [self._opinion(opinion) for opinion in self._opinions.get(claim.id, ())],
        }
        return without_empty(values)

    def _place(self, claim: Claim) -> dict[str, str]:
        """Return where in its file the first quote stands, in words; nothing where the file is the text."""
        document = self._documents.get(claim.document)
        places = document.places_of(claim.evidence[0]) if document else ()
        return {lang: clipped(place_label(places, lang)) for lang in _LANGUAGES} if places else {}

    def _page(self, claim: Claim) -> str:
        """Return the page of a PDF on which the first quote begins, "" where it stands on none."""
        document = self._documents.get(claim.document)
        places = document.places_of(claim.evidence[0]) if document else ()
        return next((place.name for place in places if place.kind is PlaceKind.PAGE), "")

    def _opinion(self, opinion: Opinion) -> dict[str, Any]:
        values = {
            "by": clipped(opinion.author),
            "at": opinion.at[: len("YYYY-MM-DDThh:mm")],
            "verdict": opinion.verdict.value,
            "part": opinion.part and opinion.part.value,
            "id": opinion.judgement if self._judging else "",
        }
        return without_empty(values)

    def _document(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = len(self._listed)
            document = self._documents.get(name)
            self._listed.append(
                {
                    "id": clipped(name, LONGEST_NAME),
                    "title": clipped(document.title if document and document.title else name, LONGEST_NAME),
                    "url": address(document.url if document else None),
                    "date": document.published or "" if document else "",
                    **({"tier": Tier.REGISTER.value} if document and document.tier is Tier.REGISTER else {}),
                    # A hash cannot be packed: a large page that judges nothing goes without.
                    **({"sha256": document.sha256} if document and self._judging else {}),
                }
            )
        return self._places[name]
