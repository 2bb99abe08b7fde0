"""What an index keeps in a graph of its own: where each reading stands in the journal, what is said of who is whom."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import pyoxigraph as ox

from kg.judgements import Identities, IdentityJudgement
from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme, term, text_term
from kg.store.journal_format import Span
from kg.store.judgement_codec import identity_from, identity_record
from kg.store.rdf_encode import identities_text
from kg.store.validation import hidden, named

__all__ = [
    "HIDDEN",
    "NAMES",
    "READING",
    "RECORD",
    "JournalPlace",
    "identities_from",
    "identity_quads",
    "kept",
    "kept_text",
]

READING, NAMES = term("dcterms:isVersionOf"), term("dcterms:references")
HIDDEN = term("dcterms:isReplacedBy")
"""From a document to the id of an entity that its claims would name, were it not for what people say."""
RECORD = term("prov:value")
"""From a judgement of identity to the whole of it."""


@dataclass(frozen=True, slots=True)
class JournalPlace:
    """Where a document's reading stands in the journal, and the fingerprint of what was read by whom."""

    span: Span
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.span.start} {self.span.length} {self.span.checksum} {self.fingerprint}"

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Return the place that a text tells."""
        start, length, checksum, fingerprint = text.split(" ")
        return cls(Span(int(start), int(length), int(checksum)), fingerprint)


def kept(place: JournalPlace, reading: DocumentClaims, iris: IriScheme) -> set[ox.Quad]:
    """Return what is kept of a reading: its place, and the ids of entities that stand in no graph of it.

    Some its candidates name, others its reader or a judgement named before it was said who is whom.

    The ids are literals, so that nothing that is asked of an entity meets what was not admitted.
    """
    return set(ox.parse(kept_text(place, reading, iris), ox.RdfFormat.N_QUADS))


def kept_text(place: JournalPlace, reading: DocumentClaims, iris: IriScheme) -> str:
    """Return what is kept of a reading as N-Quads, a line each."""
    values = {(READING, str(place)), *((NAMES, id_) for id_ in named(reading.candidates))}
    values |= {(HIDDEN, id_) for id_ in hidden(reading)}
    node = iris.document(reading.document.id)
    return "".join(f"{node} {predicate} {text_term(value)} {iris.store} .\n" for predicate, value in values)


def identity_quads(identities: Identities, iris: IriScheme, records: ox.NamedNode) -> set[ox.Quad]:
    """Return what is kept of who is whom: each judgement as a record, in the graph of `records`, and all in RDF."""
    texts = ((one, json.dumps(identity_record(one), ensure_ascii=False)) for one in identities.judgements)
    kept_ = {ox.Quad(iris.judgement(one.id), RECORD, ox.Literal(text), records) for one, text in texts}
    return kept_ | set(ox.parse(identities_text(identities, iris), ox.RdfFormat.N_QUADS))


def identities_from(quads: Iterable[ox.Quad]) -> Identities:
    """Return who is whom by the records among quads."""
    return Identities.of(judgement for quad in quads if (judgement := _recorded(quad)) is not None)


def _recorded(quad: ox.Quad) -> IdentityJudgement | None:
    if quad.predicate != RECORD or not isinstance(quad.object, ox.Literal):
        return None
    return identity_from(json.loads(quad.object.value))
