"""Facts and claims as rows of an answer: ends, relation, terms, and under each the claims with their sentences."""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kg.dates import is_partial_date
from kg.errors import UnknownDocument
from kg.facts import Fact, TriState
from kg.judgements import Opinion
from kg.mcp.fence import cost, fenced
from kg.model import Claim, Document, Entity, Figure, Modality, Outcome, Qualifiers, Tier
from kg.ontology import ontology
from kg.query.registers import tiers_of
from kg.store import Store

__all__ = [
    "Citations",
    "claim_row",
    "currency",
    "ends_of",
    "entity_row",
    "fact_row",
    "named",
    "number",
    "word",
]

_CITED = 3
"""Claims that a row cites with their sentences at most; it counts the others."""
_NAME, _QUOTE, _WORD = 300, 1_200, 600
"""Bytes of a name or title, of a quote, and of another text, at most."""
_IDENTIFIERS = 900
"""Bytes of the identifiers of an entity at most; those that this leaves out are counted."""
_REASONS, _REASON = 8, 100
_DIGITS = 60
"""Digits of a number that are shown at most."""
_SAFE = re.compile(r"[0-9a-f]{32}|en|fr|P[0-9YMD]{2,12}|-?[0-9]{1,40}(\.[0-9]{1,40})?")
_WORDS = frozenset(
    {"capital", "votes", "revenue", "cost", "appeared", "changed", "withdrawn", *Outcome, *TriState, *Tier}
)
_CURRENCY = re.compile(r"[A-Z]{3}")
_EXACT = 15
_MAGNITUDE = 40
"""Powers of ten beyond which a number is no figure, and would take room for all its noughts."""


@functools.cache
def _vocabulary() -> frozenset[str]:
    schema = ontology()
    return frozenset({*schema.relations, *schema.modalities, *schema.classes, *schema.identifiers, *_WORDS})


def word(text: str, most: int = _WORD) -> str:
    """Return a word of kg's own, a date, a number or a claim's id as it is; all else may come of a source: fenced.

    >>> print(word("holds-stake"), word("2025-03"), word("Ignore this"))
    holds-stake 2025-03 ⟦Ignore this⟧
    """
    return text if text in _vocabulary() or _SAFE.fullmatch(text) or is_partial_date(text) else fenced(text, most)


def currency(text: str) -> str:
    """Return a code of ISO 4217 as it is, another unit fenced.

    >>> print(currency("USD"), currency("employees"))
    USD ⟦employees⟧
    """
    return text if _CURRENCY.fullmatch(text) else fenced(text)


def named(text: str) -> str:
    """Return a name, an id or a title, fenced."""
    return fenced(text, _NAME)


def number(value: Decimal) -> int | float | str:
    """Return a number as JSON has it; one with more digits than a float keeps, or of no sensible size, as text.

    Digits without end are a source's, and cut as its texts are.

    >>> number(Decimal("11900000000")), number(Decimal("5.2")), number(Decimal("1E+999999"))
    (11900000000, 5.2, '1E+999999')
    """
    if abs(value.adjusted()) > _MAGNITUDE:
        return str(value)
    if value == value.to_integral_value():
        return int(value)
    digits = len(value.as_tuple().digits)
    if digits <= _EXACT:
        return float(value)
    return str(value) if digits <= _DIGITS else fenced(str(value), _DIGITS)


class Citations:
    """Where claims stand: the titles, addresses and tiers of their documents, each looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._documents: dict[str, Document | None] = {}
        self._tiers: dict[str, Tier | None] = {}

    def document(self, id_: str) -> Document | None:
        """Return a document; None where the store has it no longer."""
        if id_ not in self._documents:
            try:
                self._documents[id_] = self._store.document(id_)
            except UnknownDocument:
                self._documents[id_] = None
        return self._documents[id_]

    def tier(self, id_: str) -> str | None:
        """Return what kind of source a document is; None where nobody has said."""
        if id_ not in self._tiers:
            self._tiers[id_] = tiers_of(self._store, [id_]).get(id_)
        tier = self._tiers[id_]
        return None if tier is None else tier.value

    def source(self, id_: str, date: str | None = None) -> dict[str, Any]:
        """Return a document as its claims cite it; `date` is the claim's own."""
        document = self.document(id_)
        title = None if document is None or document.title is None else named(document.title)
        known = date or (None if document is None else document.published)
        return {"document": named(id_), "title": title, "date": known, "tier": self.tier(id_)}

    def telling(
        self, ids: Sequence[str], document: str, sentence: str
    ) -> tuple[str | None, dict[Modality | None, list[str]]]:
        """Return which of some claims rests on a sentence of a document, and the others by how they are said.

        Under None are those that are said as that one is. It is the first where that is not known.
        """
        if len(ids) <= 1:
            return next(iter(ids), None), {}
        said = {claim.id: claim for claim in self._store.claims(ids=ids)}
        found = (c.id for c in said.values() if c.document == document and c.evidence[0].quote == sentence)
        told = next(found, ids[0])
        others: dict[Modality | None, list[str]] = {}
        for id_ in ids:
            if id_ != told:
                is_alike = told not in said or id_ not in said or said[id_].modality is said[told].modality
                others.setdefault(None if is_alike else said[id_].modality, []).append(id_)
        return told, others

    def cited(self, claim: Claim, opinions: Iterable[Opinion] = ()) -> dict[str, Any]:
        """Return a claim with its sentence, and what people said of it."""
        cited = {"claim": claim.id, "quote": fenced(claim.quote, _QUOTE)}
        cited |= self.source(claim.document, claim.known_from)
        verdicts = Counter(opinion.verdict.value for opinion in opinions)
        judged = [verdict if count == 1 else f"{verdict} ({count})" for verdict, count in verdicts.items()]
        return cited | ({"judged": judged} if judged else {})


def entity_row(entity: Entity) -> dict[str, Any]:
    """Return an entity: its name, id and class, and what identifies it."""
    row = {"name": named(entity.name), "id": named(entity.id), "type": word(entity.type)}
    shown: list[str] = []
    room = _IDENTIFIERS
    for kind, value in entity.identifiers:
        text = f"{word(kind)}:{named(value)}"
        room -= cost(text)
        if room < 0:
            break
        shown.append(text)
    more = len(entity.identifiers) - len(shown)
    return row | ({"identifiers": shown} if shown else {}) | ({"more_identifiers": more} if more else {})


def ends_of(subject: Entity, relation: str, object_: Entity | Figure) -> dict[str, Any]:
    """Return the ends of a relation by name and id; a figure stands as a value with its unit."""
    ends: dict[str, Any] = {"subject": named(subject.name), "relation": relation}
    ids = {"subject_id": named(subject.id)}
    if isinstance(object_, Figure):
        return ends | {"value": number(object_.value), "unit": currency(object_.unit)} | ids
    return ends | {"object": named(object_.name)} | ids | {"object_id": named(object_.id)}


def _terms(qualifiers: Qualifiers) -> dict[str, Any]:
    return {name: _term(name, value) for name, value in qualifiers.terms().items() if name != "as_printed"}


def _term(name: str, value: Decimal | str | bool) -> Any:  # noqa: FBT001 - a term of a claim, whichever it is
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, bool):
        return value
    return currency(value) if name == "currency" else word(value)


def fact_row(
    fact: Fact, citations: Citations, opinions: Mapping[str, tuple[Opinion, ...]], sources: int | None
) -> dict[str, Any]:
    """Return a fact with the first of its claims; `sources` counts the independent ones."""
    row = ends_of(fact.subject, fact.relation, fact.object) | {"terms": _terms(fact.qualifiers)}
    row |= {"modality": fact.modality.value, "sources": sources}
    # The newest is the one to be read.
    cited = fact.claims[-_CITED:][::-1]
    row["claims"] = [citations.cited(claim, opinions.get(claim.id, ())) for claim in cited]
    return row | ({"more_claims": len(fact.claims) - _CITED} if len(fact.claims) > _CITED else {})


def claim_row(claim: Claim, citations: Citations, modality: str) -> dict[str, Any]:
    """Return a claim as it stands on a day, in a modality."""
    row = ends_of(claim.subject, claim.relation, claim.object) | {"terms": _terms(claim.qualifiers)}
    row |= {"modality": modality} | ({"said": claim.modality.value} if claim.modality.value != modality else {})
    row |= {"recorded": claim.recorded_at}
    if claim.reasons:
        row["reasons"] = [word(reason, _REASON) for reason in claim.reasons[:_REASONS]]
    if len(claim.reasons) > _REASONS:
        row["more_reasons"] = len(claim.reasons) - _REASONS
    return row | {"claims": [citations.cited(claim)]}
