"""A claim as others cite it: the sentence, its source, and where in that it stands.

============  ==========================================================================================
chicago       a note and an entry of the bibliography, The Chicago Manual of Style, notes and bibliography
              (14.205–14.209 of its 17th edition, 14.102–14.104 of its 18th: what stands on the web)
bibtex        an entry of BibTeX, for LaTeX
csl-json      items of CSL-JSON 1.0.2: https://github.com/citation-style-language/schema
annotation    a Web Annotation: https://www.w3.org/TR/annotation-model/
============  ==========================================================================================

Nobody is named as author whom no source names: such an entry begins with the title. What has no date is "n.d.", and of
what stands on the web it is said when it was read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from kg.errors import QueryError, UnknownDocument, did_you_mean
from kg.export.latex import bibtex_entry
from kg.export.sources import Source
from kg.facts import AsOf, fact_id, facts_of
from kg.judgements import author_of
from kg.model import Claim, Document, Evidence, Tier
from kg.ontology import BASE
from kg.query.review import find_claim, phrase
from kg.store import Store
from kg.store.iris import IriScheme
from kg.wording.citations import citation_wording
from kg.wording.places import place_label
from kg.wording.printable import printable

__all__ = ["STYLES", "annotation", "bibliography", "chicago_note", "cite", "cited", "csl_item"]

STYLES = ("chicago", "bibtex", "csl-json", "annotation")
"""How a claim can be cited."""

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32
"""Characters before and behind a quote that tell it from the same words elsewhere."""
_TYPES: Mapping[Tier | None, str] = {
    Tier.REGISTER: "dataset",
    Tier.FILING: "report",
    Tier.COMPANY_RELEASE: "article",
    Tier.NEWS: "article-newspaper",
    Tier.WEB: "webpage",
    Tier.OWN_NOTE: "document",
}


def cited(store: Store, id_: str, as_of: AsOf) -> tuple[Claim, ...]:
    """Return what an id names, or its first letters: a claim, or all claims of a fact (`kg.facts.fact_id`) on a day.

    Raises `QueryError` where nothing, or several, are called so.
    """
    try:
        return (find_claim(store, id_),)
    except QueryError as error:
        facts = {fact_id(fact): fact.claims for fact in facts_of(store.claims(), as_of)} if id_ else {}
        found = [claims for name, claims in facts.items() if name.startswith(id_)]
        if len(found) != 1:
            raise QueryError(f"{error}; facts: {len(found)} begin with it") from error
        return found[0]


def cite(store: Store, claims: Iterable[Claim], style: str = "chicago", lang: str = "en") -> str:
    """Return claims of a store as citations in one of `STYLES`, in words of `lang`; raise `QueryError` for others."""
    if style not in STYLES:
        raise QueryError(
            f"there is no style '{style}': choose one of {', '.join(STYLES)}.{did_you_mean(style, STYLES)}"
        )
    pairs = [(claim, _document(store, claim)) for claim in claims]
    if style == "annotation":
        made = [
            annotation(claim, Source.of(doc, (claim,)), lang, base=store.base, text=doc.text) for claim, doc in pairs
        ]
        return json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False, indent=2)
    cites = [(claim, Source.of(document, (claim,))) for claim, document in pairs]
    if style == "csl-json":
        return json.dumps([csl_item(*pair) for pair in cites], ensure_ascii=False, indent=2)
    if style == "bibtex":
        return "\n\n".join(bibtex_entry(csl_item(*pair)) for pair in cites)
    words = citation_wording(lang)
    return "\n\n".join(
        f"{words.note}{chicago_note(*pair, lang)}\n{words.entry}{bibliography(*pair, lang)}" for pair in cites
    )


def _document(store: Store, claim: Claim) -> Document:
    try:
        return store.document(claim.document)
    except UnknownDocument as error:
        raise QueryError(f"claim {claim.id} cannot be cited: {error}") from error


# ------------------------------------------------------------------------------ Chicago
def chicago_note(claim: Claim, source: Source, lang: str = "en") -> str:
    """Return a claim's source as a note, with the page on which the sentence stands, where there are pages."""
    words = citation_wording(lang)
    parts = [
        printable(author_of(claim) or ""),
        words.quoted_title(_title(source), ",") if source.title else _title(source),
        _site(source) or (printable(source.id) if source.title else ""),
        *_dates(claim, source, lang),
        printable(place_label(source.places_of(claim.evidence[0]), lang)),
        printable(source.url or ""),
    ]
    return _joined(parts, lang, ",")


def bibliography(claim: Claim, source: Source, lang: str = "en") -> str:
    """Return a claim's source as an entry of the bibliography."""
    words = citation_wording(lang)
    parts = [
        printable(author_of(claim) or ""),
        words.quoted_title(_title(source), ".") if source.title else _title(source),
        _site(source) or (printable(source.id) if source.title else ""),
        *(date[:1].upper() + date[1:] if number else date for number, date in enumerate(_dates(claim, source, lang))),
        printable(source.url or ""),
    ]
    return _joined(parts, lang, ".")


def _joined(parts: Iterable[str], lang: str, mark: str) -> str:
    """Return the parts that there are, a mark between each; none follows one that stands inside quotation marks."""
    text, words = "", citation_wording(lang)
    closed = tuple(f"{stop}{words.marks[1]}" for stop in ("?", "!")) if words.mark_inside and mark == "." else ()
    for part in filter(None, parts):
        between = "" if not text else " " if text.endswith((words.closed(mark), mark, *closed)) else f"{mark} "
        text += between + part
    return text if text.endswith((".", words.closed("."))) else f"{text}."


def _dates(claim: Claim, source: Source, lang: str) -> Iterator[str]:
    """Yield the day of publication; of what has none "n.d.", and when it was read where it stands on the web."""
    words = citation_wording(lang)
    if source.published:
        yield words.date(source.published)
        return
    yield words.undated
    if source.url and claim.recorded_at:
        yield words.accessed.format(words.date(claim.recorded_at[:10]))


def _title(source: Source) -> str:
    return printable(source.title or source.id)


def _site(source: Source) -> str:
    """Return the name of the site by its address: Chicago takes it where nobody names the publication."""
    try:
        return (urlsplit(source.url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


# ------------------------------------------------------------------------------ for programs
def csl_item(claim: Claim, source: Source) -> dict[str, Any]:
    """Return a claim's source as an item of CSL-JSON 1.0.2; `annote` has the sentence, `note` where it stands."""
    evidence, author = claim.evidence[0], author_of(claim)
    item: dict[str, Any] = {
        "id": f"kg{claim.id[:12]}",
        "type": _TYPES.get(source.tier, "webpage" if source.url else "document"),
        "title": _title(source),
        "container-title": _site(source),
        "author": [{"literal": printable(author)}] if author else [],
        "issued": _parts(source.published),
        "accessed": _parts(claim.recorded_at[:10]) if claim.recorded_at and source.url else None,
        "URL": source.url or "",
        "language": source.lang,
        "annote": printable(evidence.quote),
        "note": printable(f"kg claim {claim.id}, characters {evidence.start}–{evidence.end} of {source.id}"),
    }
    return {name: value for name, value in item.items() if value}


def _parts(date: str | None) -> dict[str, Any] | None:
    return None if date is None else {"date-parts": [[int(part) for part in date.split("-")]]}


def annotation(
    claim: Claim, source: Source, lang: str = "en", *, base: str = BASE, text: str | None = None
) -> dict[str, Any]:
    """Return a claim as a Web Annotation: what it says as body, each sentence by its words and its place as target.

    `text` is that of the document, where it is at hand: then it is told what stands around each sentence. Places are
    those in the text that kg reads, whose SHA-256 is that of `source`.
    """
    iri = IriScheme(base).claim(claim.id).value
    return {
        "@context": _CONTEXT,
        "id": f"{iri}#annotation",
        "type": "Annotation",
        "motivation": "describing",
        **({"created": claim.recorded_at} if claim.recorded_at else {}),
        "body": [
            iri,
            {"type": "TextualBody", "value": printable(phrase(claim, lang)), "format": "text/plain", "language": lang},
        ],
        "target": [_target(evidence, source, base, text) for evidence in claim.evidence],
    }


def _target(evidence: Evidence, source: Source, base: str, text: str | None) -> dict[str, Any]:
    document = IriScheme(base).document(evidence.document).value
    is_web = evidence.document == source.id and bool(_site(source))
    exact: dict[str, Any] = {"type": "TextQuoteSelector", "exact": evidence.quote}
    if text is not None and text[evidence.start : evidence.end] == evidence.quote:
        exact["prefix"] = text[max(0, evidence.start - _AROUND) : evidence.start]
        exact["suffix"] = text[evidence.end : evidence.end + _AROUND]
    return {
        "type": "SpecificResource",
        "source": source.url if is_web else document,
        "selector": [exact, {"type": "TextPositionSelector", "start": evidence.start, "end": evidence.end}],
    }
