"""What every importer promises, so that ``kg import`` treats them all alike.

streaming     memory does not grow with the list: it is given in chunks, and what all rows have to know of each other
              (which names are one company) is kept on disk
rejects       a row that does not hold becomes no claim. It is counted and named with its place, its column and the
              way out; the other rows are imported
evidence      the evidence of a claim is its row, to the letter, in the text of its chunk
idempotent    the same list gives the same chunks, documents and claims: a second import changes nothing
resumable     chunks are committed in order, each a document of its own. After an interruption the same command goes
              on: chunks that the store holds already are left alone

A list is cut into chunks of rows. A register is a chunk a record, whose document is named after the record's key: so a
later file, or one that has only what changed, touches no other record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from kg.model import Claim, Document
from kg.resolve import RegisterRecord
from kg.wording.printable import printable

__all__ = ["Chunk", "Importer", "RecordReject", "Register", "Reject"]


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

    `document` is None where no row holds. `records` are what a register says of entities themselves. `reader` names
    the importer, its version and all that decides what a row becomes beside its own text: where it and the text are
    what they were, so are the claims.
    """

    document: Document | None
    claims: tuple[Claim, ...]
    rejected: tuple[Reject, ...]
    rows: int
    reader: str
    records: tuple[RegisterRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordReject:
    """What does not hold in a record of a register: its `key` where it has one, the field, the value and the reason.

    >>> str(RecordReject(3, 120, "lei", "96950", "has 5 characters: an LEI has 20"))
    "record 3 (line 120): lei '96950' has 5 characters: an LEI has 20"

    """

    row: int
    line: int | None
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        line = f" (line {self.line})" if self.line is not None else ""
        shown = printable(self.value)
        shown = shown if len(shown) <= 60 else f"{shown[:59]}…"  # noqa: PLR2004 - a line stays a line
        return f"record {self.row}{line}: {self.column} '{shown}' {self.reason}"


class Importer(Protocol):
    """A list that becomes claims."""

    def chunks(self) -> Iterator[Chunk]:
        """Yield the list chunk by chunk. Raises a `KgError` before the first one where the list is none."""

    def document_id(self, number: int) -> str:
        """Return the id of the document that a chunk is; chunks count from 1."""


class Register(Protocol):
    """A file of a register, or a part of it: a chunk a record."""

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin, and those of no other source: "gleif/lei/"."""

    @property
    def is_delta(self) -> bool:
        """Whether the file has only what changed: records that it does not have stay as they are."""

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file record by record. Raises a `KgError` before the first one where it is no such file."""

    def notes(self) -> Iterator[str]:
        """Yield what of a file that was read kg has no term for, and how often, a line each."""
