"""What an index keeps of each document's reading, in a graph of its own: its place in the journal, and more."""

from dataclasses import dataclass
from typing import Self

import pyoxigraph as ox

from kg.store.api import DocumentClaims
from kg.store.iris import IriScheme, term
from kg.store.journal_format import Span
from kg.store.validation import named

__all__ = ["NAMES", "READING", "JournalPlace", "kept"]

READING, NAMES = term("dcterms:isVersionOf"), term("dcterms:references")


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
    """Return what is kept of a reading: its place, and the ids of the entities that its candidates name.

    The ids are literals, so that nothing that is asked of an entity meets what was not admitted.
    """
    values = {(READING, str(place)), *((NAMES, id_) for id_ in named(reading.candidates))}
    node = iris.document(reading.document.id)
    return {ox.Quad(node, predicate, ox.Literal(value), iris.store) for predicate, value in values}
