"""What a build is told, and what it reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from kg.documents import ColumnQuestion, SkippedSource, Source
from kg.settings import PRECISION

if TYPE_CHECKING:
    from kg.extract import Reader, Refusal, TableSummary

__all__ = ["BuildOptions", "BuildReport", "SourceOptions"]


@dataclass(slots=True)
class BuildReport:
    """What a build did: documents read, sorted anew and unchanged; claims admitted, to review, refused, withdrawn.

    `found` counts the sources come upon. `skipped` holds each that cannot be read, with the reason;
    `failed` each that should have been read and was not: a reader broke down, was killed or took too
    long. Both are sorted by source. `sorted_anew` counts documents of which the stored claims were sorted by another
    precision, without reading. `claims` are those admitted, `to_review` and `refused` the other outcomes, `ungrounded`
    proposals that point at nothing in the text, of which no claim can be made. `dropped` counts lines left out as
    furniture or headings, `tables` tables that were read; `unread_tables` holds the others beside their source, and
    `unnamed` counts rows of tables, and customers of a filing, that the source does not name ("Customer A").
    `partially_read` holds each source that one of several readers could not read, the others' claims being kept,
    `left` each of which nothing was read: the store has what it had of it, and the next build reads it. `notes` tell
    what of a source is not in its text, as pages that are pictures or what is behind a paywall. `requests`, `tokens_in`
    and `tokens_out` are what a language model cost. `passed_over` counts parts of archives and mails that are no
    documents, as pictures; `addresses` those in lists of addresses, `not_at_hand` those of them of which no source is
    the page. `seconds` is how long it all took.
    """

    found: int = 0
    read: int = 0
    sorted_anew: int = 0
    unchanged: int = 0
    claims: int = 0
    to_review: int = 0
    refused: int = 0
    ungrounded: int = 0
    retracted: int = 0
    dropped: int = 0
    tables: int = 0
    unnamed: int = 0
    unread_tables: "list[tuple[str, TableSummary]]" = field(default_factory=list)
    skipped: list[SkippedSource] = field(default_factory=list)
    failed: list[SkippedSource] = field(default_factory=list)
    partially_read: list[SkippedSource] = field(default_factory=list)
    left: list[SkippedSource] = field(default_factory=list)
    notes: list[SkippedSource] = field(default_factory=list)
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    passed_over: int = 0
    addresses: int = 0
    not_at_hand: int = 0
    seconds: float = 0.0

    @property
    def done(self) -> int:
        """How many of the sources are settled, one way or another."""
        return self.read + self.sorted_anew + self.unchanged + len(self.skipped) + len(self.failed) + len(self.left)


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What the user says of the sources: their language, publication date and tier, and what standard input is.

    `ocr` asks to have pictures, and pages of PDF that are pictures, recognised.
    """

    lang: str | None = None
    published: str | None = None
    stdin: BinaryIO | None = None
    tier: str | None = None
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How a build goes about it.

    `jobs` documents are read at once, each in a process of its own that may be killed; 0 reads in this
    process, None asks for what suits the machine and the number of sources. `limit` is the time in
    seconds that one document may take there; by default it grows with the length of the text.
    `watch` is called with the report whenever a source is settled, `refusals` with a document's id and
    what the gate refused in it, claims or not. `readers` read instead of the usual ones; they must pickle.
    `precision` is how many of a hundred admitted claims are to be right, as a share: what is less sure is to review. A
    document that the store has at another precision is sorted anew, not read. `columns` is asked for the meaning of a
    sheet's columns where nothing tells it; its answer is kept beside the sheet.
    """

    jobs: int | None = 0
    limit: float | None = None
    watch: Callable[[BuildReport], None] | None = None
    refusals: Callable[[str, Sequence["Refusal"]], None] | None = None
    readers: "tuple[Reader, ...] | None" = None
    precision: float = PRECISION
    columns: Callable[[Source, ColumnQuestion], Mapping[str, str]] | None = None
