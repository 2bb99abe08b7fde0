"""The rule reader: a document in, grounded claims out.

Rules and words are data (``ontology/lexicon``); the parse is spaCy's. Whatever the rules propose
passes one gate: the quote is an exact part of the text, both names stand in it or are linked to it
by a reference, the ends fit the ontology. What the gate refuses is counted with its reason.
"""

import functools
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from kg.errors import InvalidRecord, MissingExtra, UnknownLanguage
from kg.extract import terms
from kg.extract.fillers import Filler, Fillers
from kg.extract.lexicon import LANGUAGES, Lexicon, load
from kg.extract.match import Match, Matcher
from kg.extract.modality import exclusive, modality
from kg.extract.names import Known
from kg.extract.places import Places
from kg.extract.reference import References
from kg.extract.sentences import Sentence, Text, read_text
from kg.model import Claim, Document, Entity, Evidence, Figure, Modality, Qualifiers
from kg.ontology import ontology, turtle

__all__ = ["VERSION", "Extraction", "fingerprint", "pipeline", "read"]

VERSION = "rules/1"
"""Method name of the claims; a change in what the rules read raises the number."""

_CERTAIN, _BY_REFERENCE, _BESIDE = 0.9, 0.75, 0.95
_BACK = 2
"""Sentences that a deal's terms may stand after it."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reading gave: the claims, the lines dropped as furniture or headings, refusals by reason."""

    claims: tuple[Claim, ...]
    dropped: tuple[str, ...] = ()
    refused: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class _Draft:
    match: Match
    modality: Modality
    qualifiers: Qualifiers
    evidence: tuple[Sentence, ...]


@functools.cache
def pipeline(lang: str) -> Any:
    """Load the spaCy pipeline of a language, once in a process; raise `MissingExtra` where it is absent."""
    try:
        import spacy

        return spacy.load(load(lang).pipeline, exclude=["senter"])
    except (ImportError, OSError) as error:
        raise MissingExtra(
            f"reading {lang} text needs spaCy and {load(lang).pipeline}: pip install 'kg[read]'"
        ) from error


@functools.cache
def fingerprint(lang: str) -> str:
    """Name what reads a language today: method, version, lexicon and registry.

    A document that this has read need not be read again.
    """
    told = turtle(f"lexicon/{lang}.toml") + turtle("registry.ttl")
    return f"{VERSION}+{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def _drafts(text: Text, lexicon: Lexicon, published: str | None) -> Iterator[_Draft]:
    references = References(text.sentences, lexicon, text.filer)
    matcher = Matcher(lexicon, Places(lexicon, references), Fillers(references))
    recent: list[tuple[int, list[_Draft]]] = []
    for index, sentence in enumerate(text.sentences):
        found = terms.found_in(sentence, lexicon, published)
        proposed = list(matcher.matches(sentence)) if sentence.mentions else []
        matches = [m for m in proposed if terms.requirement_holds(m, found, lexicon)]
        drafts = [_draft(m, matches, found, lexicon) for m in matches]
        added = terms.deal_terms(sentence, found, lexicon)
        if added is not None and recent and index - recent[-1][0] <= _BACK:
            at, before = recent[-1]
            recent[-1] = (at, [_with_terms(draft, added, sentence) for draft in before])
        if drafts:
            recent.append((index, drafts))
    for _, those in recent:
        yield from those


def _draft(match: Match, matches: Sequence[Match], found: terms.Found, lexicon: Lexicon) -> _Draft:
    said = terms.qualifiers(match, matches, found, lexicon)
    alone = exclusive(match, lexicon)
    how = modality(match, lexicon, dated=said.as_of is not None)
    # The date on which a role ceased to be exclusive is no date of the role itself.
    dates = {"start": None, "end": None, "as_of": None} if alone is False else {}
    said = replace(said, exclusive=alone, **dates)
    return _Draft(match, how, said, (match.sentence,))


def _with_terms(draft: _Draft, added: Qualifiers, sentence: Sentence) -> _Draft:
    """The draft with the terms that a later sentence adds, where it takes amounts and has none yet."""
    said = draft.qualifiers
    if "amount" not in draft.match.frame.terms or said.amount is not None or said.percent is not None:
        return draft
    told = replace(
        draft.qualifiers,
        amount=added.amount,
        currency=added.currency,
        duration=draft.qualifiers.duration or added.duration,
        as_printed=draft.qualifiers.as_printed or added.as_printed,
    )
    return replace(draft, qualifiers=told, evidence=(*draft.evidence, sentence))


def _evidence(document: Document, sentence: Sentence) -> Evidence:
    start, end = sentence.start, sentence.end
    while start < end and document.text[start].isspace():
        start += 1
    return document.evidence(start, end)


def _entity(filler: Filler) -> Entity:
    mention = filler.mention
    slug = "-".join("".join(c if c.isalnum() else " " for c in mention.name.casefold()).split()) or "unnamed"
    aliases = (mention.name,) if filler.by_reference else tuple(sorted({mention.name, mention.text}))
    return Entity(f"{mention.kind.lower()}/{slug}", mention.name, mention.kind, aliases)


def _confidence(match: Match) -> float:
    fillers = [match.subject, *([match.object] if match.object else [])]
    return _BY_REFERENCE if any(f.by_reference for f in fillers) else _CERTAIN


def _claim(draft: _Draft, document: Document) -> Claim:
    match, said = draft.match, draft.qualifiers
    end: Entity | Figure
    if match.object is None:
        if said.amount is None or said.currency is None:
            raise InvalidRecord("a figure without an amount")
        end = Figure(said.amount, said.currency)
        said = replace(said, amount=None, currency=None)
    else:
        end = _entity(match.object)
    return Claim(
        subject=_entity(match.subject),
        relation=match.frame.relation,
        object=end,
        modality=draft.modality,
        evidence=tuple(_evidence(document, sentence) for sentence in draft.evidence),
        qualifiers=said,
        known_from=document.published,
        method=VERSION,
        confidence=_confidence(match),
    )


def _refusal(draft: _Draft, claim: Claim) -> str | None:
    """Return why the gate refuses a claim, or None: names in the quote or by reference, ends that fit."""
    relation = ontology().relation(claim.relation)
    if claim.subject.type not in relation.domain:
        return f"{claim.relation} takes no {claim.subject.type} as subject"
    if isinstance(claim.object, Entity) and claim.object.type not in relation.range:
        return f"{claim.relation} takes no {claim.object.type} as object"
    quote = claim.evidence[0].quote.replace("’", "'")
    for filler in (draft.match.subject, draft.match.object):
        if filler is not None and not filler.by_reference and filler.mention.text not in quote:
            return "a name that is not in the quote"
    return None


def _key(claim: Claim) -> tuple[str, str, str, str, str]:
    first, second = claim.subject.id, claim.object.id if isinstance(claim.object, Entity) else str(claim.object.value)
    if ontology().relation(claim.relation).symmetric and second < first:
        first, second = second, first
    return first, claim.relation, second, claim.modality.value, str(claim.evidence[0].start)


def _better(one: Claim, two: Claim) -> Claim:
    return one if len(one.qualifiers.said()) >= len(two.qualifiers.said()) else two


def read(document: Document, known: Known = lambda _: None) -> Extraction:
    """Read a document's claims.

    `known` tells what a name is where a register knows it. The claims' entities carry provisional
    ids; `kg.resolve` gives them their own. Raises `UnknownLanguage` for a text in neither French nor
    English, `MissingExtra` where the language's pipeline is not installed.
    """
    if document.lang not in LANGUAGES:
        raise UnknownLanguage(f"{document.id}: no reader for the language '{document.lang}'; kg reads fr and en")
    lexicon = load(document.lang)
    text = read_text(document.text, lexicon, pipeline(document.lang), known)
    kept: dict[tuple[str, str, str, str, str], Claim] = {}
    refused: Counter[str] = Counter()
    for draft in _drafts(text, lexicon, document.published):
        try:
            claim = _claim(draft, document)
        except InvalidRecord as error:
            refused[str(error)] += 1
            continue
        reason = _refusal(draft, claim)
        if reason is not None:
            refused[reason] += 1
            continue
        key = _key(claim)
        kept[key] = _better(kept[key], claim) if key in kept else claim
    ordered = sorted(kept.values(), key=lambda c: (c.evidence[0].start, c.relation, c.subject.id))
    return Extraction(tuple(ordered), tuple(line.text for line in text.dropped), MappingProxyType(dict(refused)))
