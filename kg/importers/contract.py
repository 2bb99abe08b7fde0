"""What every importer promises, so that ``kg import`` treats them all alike.

streaming     memory does not grow with the list: it is given in chunks, and what all rows have to know of each other
              (which names are one company) is kept on disk
rejects       a row that does not hold becomes no claim. It is counted and named with its place, its column and the
              way out; the other rows are imported
evidence      the evidence of a claim is its row, to the letter, in the text of its chunk
idempotent    the same list gives the same chunks, documents and claims: a second import changes nothing
resumable     chunks are committed in order, each a document of its own. After an interruption the same command goes
              on: chunks that the store holds already are left alone
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from kg.model import Claim, Document

__all__ = ["Chunk", "Importer", "Reject"]


class Reject(Protocol):
    """What does not hold in a row; as text one line: its place, the value, the reason, what to write instead."""

    @property
    def row(self) -> int:
        """The number of the row, from 1; 0 is the header."""

    @property
    def line(self) -> int | None:
        """The line of the file on which the row begins, where there is a file."""

    @property
    def column(self) -> str:
        """The column, by the list's own name for it."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a list in order: their text as a document, the claims that they are, and what does not hold.

    `reader` names the importer, its version and all that decides what a row becomes beside its own text: where it
    and the text are what they were, so are the claims.
    """

    document: Document
    claims: tuple[Claim, ...]
    rejected: tuple[Reject, ...]
    rows: int
    reader: str


class Importer(Protocol):
    """A list that becomes claims."""

    def chunks(self) -> Iterator[Chunk]:
        """Yield the list chunk by chunk. Raises a `KgError` before the first one where the list is none."""

    def document_id(self, number: int) -> str:
        """Return the id of the document that a chunk is; chunks count from 1."""
