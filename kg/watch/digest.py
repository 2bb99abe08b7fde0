"""A digest: what a round tells of an interest, a line for each piece of news, in the words of one language.

All text of sources is on one line, printable and bounded in length; addresses are http(s). What writes it
(`kg.watch.pages`) has only to escape it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from kg import formats
from kg.documents.metadata import is_address
from kg.errors import UnknownDocument
from kg.facts import Fact
from kg.model import Claim, Document, Entity, Evidence, Modality
from kg.ontology import ontology
from kg.places import Place, PlaceKind
from kg.watch.config import Interest
from kg.watch.news import NewsItem
from kg.wording.digests import DIGEST_WORDING
from kg.wording.places import place_label
from kg.wording.printable import printable
from kg.wording.terms import figure

__all__ = ["Citation", "DigestLine", "LineWriter", "line_from", "line_record"]

_LONGEST_QUOTE, _LONGEST_NAME = 600, 200
"""Characters: a sentence of a law has fewer, and a name that has more is an attack on the page."""
_MOST_TERMS = 5
"""Terms that a line gives where sources differ."""
_NO_CHARACTER = {0xFFFE: "\N{REPLACEMENT CHARACTER}", 0xFFFF: "\N{REPLACEMENT CHARACTER}"}
"""https://www.w3.org/TR/xml/#charsets"""


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of the language `lang`, and where it stands: document, page or cell, address; "" where none is."""

    quote: str
    document: str
    title: str = ""
    published: str = ""
    place: str = ""
    url: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A piece of news in words: "planned: CoreWeave supplies OpenAI", its terms, what they were before, the sentence.

    `statement` begins with the modality, `modality`, of what is not simply asserted.
    `id` is the same whenever the same is told. `at` is when it was told (UTC). `sources` and `documents` count what
    says so now; `sources` is None where copies cannot be told apart. `earlier` is the sentence that is confirmed,
    contradicted or repeated, or that told what stood before. `repeated` counts the statements of a copy.
    """

    id: str
    at: str
    interest: str
    kind: str
    subject: str
    relation: str
    object: str
    statement: str
    modality: str
    terms: str
    before: str
    sources: int | None
    documents: int
    repeated: int
    citation: Citation
    earlier: Citation | None
    claims: tuple[str, ...]


def line_record(line: DigestLine) -> dict[str, Any]:
    """Return a line as a record of kg-digest/1; what it does not say is left out."""
    record = {name: _filled(value) if isinstance(value, dict) else value for name, value in asdict(line).items()}
    return {"format": formats.DIGEST, **_filled(record)}


def line_from(record: Mapping[str, Any]) -> DigestLine:
    """Return the line of a record; raise `KeyError`, `TypeError` or `ValueError` for what is none."""
    fields = {name: value for name, value in record.items() if name != "format"}
    if record["format"] != formats.DIGEST:
        raise ValueError(f"a line of {record['format']}")
    earlier = fields.get("earlier")
    empty = {"object": "", "modality": "", "terms": "", "before": "", "sources": None, "repeated": 0}
    return DigestLine(
        **{
            **empty,
            **fields,
            "citation": Citation(**fields["citation"]),
            "earlier": None if earlier is None else Citation(**earlier),
            "claims": tuple(fields["claims"]),
        }
    )


def _filled(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value}


@dataclass(frozen=True, slots=True)
class LineWriter:
    """Puts news into words of `lang`, with what a store knows of documents and of the places of quotes."""

    lang: str
    at: str
    document: Callable[[str], Document]
    places: Mapping[Evidence, tuple[Place, ...]]

    def line(self, interest: Interest, item: NewsItem) -> DigestLine:
        """Return a piece of news as a line."""
        claims = item.claims
        end = item.object.name if isinstance(item.object, Entity) else figure(item.object, self.lang)
        label = ontology().relation(item.relation).label[self.lang]
        statement = _short(f"{item.subject.name} {label} {end}", 2 * _LONGEST_NAME)
        modality = "" if item.modality is Modality.ASSERTED else ontology().modalities[item.modality].label[self.lang]
        if modality:
            # It is a part of the statement, which some programs show alone: a denial must not read as the fact.
            statement = DIGEST_WORDING[self.lang].labelled.format(modality, statement)
        names = {name for fact in item.facts for name in fact.documents} or {claim.document for claim in claims}
        terms = _terms(item.facts, self.lang)
        before = _terms(item.former, self.lang)
        return DigestLine(
            id=_id(interest, item),
            at=self.at,
            interest=interest.name,
            kind=item.kind.value,
            subject=_short(item.subject.name),
            relation=item.relation,
            object=_short(end),
            statement=statement,
            modality=modality,
            terms=terms,
            before=before if before != terms else "",
            sources=item.sources,
            documents=len(names),
            repeated=len(claims) if item.kind == "copy" else 0,
            citation=self._citation(claims[0]),
            earlier=self._citation(item.earlier[0]) if item.earlier else None,
            claims=tuple(claim.id for claim in islice(claims, _LONGEST_NAME)),
        )

    def _citation(self, claim: Claim) -> Citation:
        evidence = claim.evidence[0]
        places = self.places.get(evidence, ())
        try:
            document = self.document(evidence.document)
        except UnknownDocument:
            # It was withdrawn, and with it its title and address.
            document = Document(evidence.document, "", evidence.lang, claim.known_from)
        return Citation(
            quote=_short(evidence.quote, _LONGEST_QUOTE),
            document=_short(document.id),
            title=_short(document.title or ""),
            published=document.published or "",
            place=_short(place_label(places, self.lang)),
            url=_address(document.url, places),
            lang=evidence.lang or "",
        )


def _id(interest: Interest, item: NewsItem) -> str:
    claims = sorted(claim.id for claim in item.claims)
    earlier = sorted(claim.id for claim in item.earlier)
    whole = json.dumps([interest.file, item.kind, claims, earlier])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _terms(facts: Iterable[Fact], lang: str) -> str:
    words = list(dict.fromkeys(filter(None, (fact.terms(lang) for fact in facts))))
    return _short("; ".join([*words[:_MOST_TERMS], *(["…"] if len(words) > _MOST_TERMS else [])]), _LONGEST_QUOTE)


def _short(text: str, longest: int = _LONGEST_NAME) -> str:
    line = printable(text[: 2 * longest]).translate(_NO_CHARACTER)
    return line if len(line) <= longest and len(text) <= 2 * longest else f"{line[: longest - 1].rstrip()}…"


def _address(url: str | None, places: Iterable[Place]) -> str:
    """Return the address of a document, of the page in a PDF (RFC 8118); "" where it is not safe to link to."""
    if url is None or not is_address(url) or not url.isprintable():
        return ""
    page = next((place.name for place in places if place.kind is PlaceKind.PAGE), None)
    return f"{url}#page={page}" if page is not None and not urlsplit(url).fragment else url
