"""What is done to one document, in whichever process: parse its bytes, read its claims.

What these take and give can be sent between processes. Their libraries load on use: a process that
only hands out work needs none of them.
"""

import io
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kg import documents
from kg.errors import KgError, ReadingFailed
from kg.model import Claim, Document, Entity, Outcome
from kg.pipeline.precision import reader_at, settled_reading
from kg.settings import PRECISION, setting
from kg.store import DocumentClaims

if TYPE_CHECKING:
    from kg.extract import Extraction, Reader, Refusal, TableSummary, Usage

__all__ = [
    "ParseTask",
    "ParsedDocument",
    "ReadResult",
    "attempt",
    "parse",
    "prepare",
    "read",
    "read_document",
    "refusals_of",
    "seconds_for",
]

_PATIENCE, _PACE = 60.0, 4000
"""A document may take so many seconds, and one more for each so many characters: a quarter of the usual pace."""
_RECOGNITION = 3600.0
"""A document whose pictures are recognised may take so many seconds: two hundred pages take half of them."""
_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class ParseTask:
    """A source to parse, with what the user says of it; `data` is what came over standard input."""

    source: documents.Source
    lang: str | None = None
    published: str | None = None
    data: bytes | None = None
    readers: "tuple[Reader, ...] | None" = None
    precision: float = PRECISION
    tier: str | None = None
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document, the readers that are to read it (None: the usual ones), and their fingerprint with the precision.

    `stored` is what these readers have read in it already, to be sorted by this precision, `notes` tell what of the
    source is not in the text.
    """

    document: Document
    reader: str
    readers: "tuple[Reader, ...] | None" = None
    precision: float = PRECISION
    stored: DocumentClaims | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read in a document: claims and candidates, entities resolved, lines left out and proposals refused.

    `usage` is what a language model cost, `failed` why readers could not read, `tables` what became of each table,
    `unnamed` how many customers a filing tells the shares of and does not name.
    """

    claims: tuple[Claim, ...]
    candidates: tuple[Claim, ...]
    dropped: int
    refused: "tuple[Refusal, ...]"
    usage: "Usage"
    failed: tuple[str, ...] = ()
    tables: "tuple[TableSummary, ...]" = ()
    unnamed: int = 0


def read_document(
    document: Document, readers: "tuple[Reader, ...] | None" = None, precision: float = PRECISION
) -> "tuple[DocumentClaims, Extraction]":
    """Read one document's claims, entities resolved, with the usual readers or those given, sorted by a precision.

    A reading in which one of them failed counts as no reader's: the next build reads it again.
    """
    from kg import extract
    from kg.resolve import Resolver

    resolver = Resolver()
    active = readers or extract.READERS
    extraction = extract.read(document, resolver.kind, active, resolver.entity)
    reader = "" if extraction.failed else reader_at(extract.fingerprint(document.lang, active), precision)
    reading = DocumentClaims(document, extraction.claims, reader, extraction.candidates)
    return settled_reading(reading, precision), extraction


def prepare(item: ParseTask | ParsedDocument) -> None:
    """Load what acting on an item takes and keeps: seconds that are not to be laid to its charge."""
    if isinstance(item, ParsedDocument) and item.stored is not None:
        return
    if isinstance(item, ParsedDocument):
        from kg.extract.reader import pipeline

        pipeline(item.document.lang)
    else:
        documents.identify("Oracle has announced that it will buy the company.", "")


def parse(task: ParseTask) -> ParsedDocument:
    """Return the document that a source is; raise what `kg.documents.read` raises."""
    from kg import extract

    stdin = None if task.data is None else io.BytesIO(task.data)
    notes: list[str] = []
    document = documents.read(
        task.source,
        lang=task.lang,
        published=task.published,
        tier=task.tier,
        stdin=stdin,
        tell=notes.append,
        ocr=task.ocr,
    )
    reader = reader_at(extract.fingerprint(document.lang, task.readers or extract.READERS), task.precision)
    return ParsedDocument(document, reader, task.readers, task.precision, notes=tuple(notes))


def read(parsed: ParsedDocument) -> ReadResult:
    """Read a document's claims, or sort those that are stored; raise what `kg.extract.read` raises."""
    if parsed.stored is not None:
        from kg.extract import Usage

        reading = settled_reading(parsed.stored, parsed.precision)
        return ReadResult(reading.claims, reading.candidates, 0, (), Usage())
    reading, extraction = read_document(parsed.document, parsed.readers, parsed.precision)
    return ReadResult(
        reading.claims,
        reading.candidates,
        len(extraction.dropped),
        extraction.refused,
        extraction.usage,
        extraction.failed,
        extraction.tables,
        extraction.unnamed,
    )


def refusals_of(result: ReadResult) -> "tuple[Refusal, ...]":
    """Return all that the gate refused in a document: proposals of which there is no claim, and refused claims."""
    from kg.extract import Refusal
    from kg.reasons import MEANINGS, Reason

    refused = [claim for claim in result.candidates if claim.outcome is Outcome.REFUSED]
    return *result.refused, *(
        Refusal(
            (reason := Reason(claim.reasons[0])),
            MEANINGS[reason][1],
            claim.subject.name,
            claim.relation,
            claim.object.name if isinstance(claim.object, Entity) else f"{claim.object.value} {claim.object.unit}",
            claim.evidence[0].quote,
            claim.evidence[0].start,
            claim.method,
        )
        for claim in refused
    )


def seconds_for(item: "documents.ListingTask | ParseTask | ParsedDocument") -> float:
    """Return how many seconds acting on an item may take, where nobody says."""
    length = len(item.document.text) if isinstance(item, ParsedDocument) else 0
    patience = _RECOGNITION if isinstance(item, ParseTask) and item.ocr else _PATIENCE
    return patience + length / _PACE


def attempt(act: Callable[[_T], _R], item: _T) -> _R | KgError:
    """Return what `act` makes of an item, or the error that it ends in.

    An error that nobody foresaw is a `ReadingFailed`: one text that brings out a defect must not cost
    the ten thousand beside it. KG_DEBUG shows where it happened.
    """
    try:
        return act(item)
    except KgError as error:
        return error
    except Exception as error:  # noqa: BLE001 - it is reported with the document's name, and the status tells
        if setting("KG_DEBUG"):
            traceback.print_exc(file=sys.stderr)
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return ReadingFailed(f"this brings out a defect of kg ({reason}): set KG_DEBUG=1 to see where, and report it")
