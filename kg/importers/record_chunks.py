"""What importers of records share: the chunk that a record becomes, its key, and the count of what is left out."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import DocumentError, InvalidRecord
from kg.importers.contract import Chunk, RecordReject
from kg.importers.record_index import Piece
from kg.model import Claim, Document, Evidence, Tier
from kg.places import Place
from kg.resolve import RegisterRecord

__all__ = [
    "BadRecord",
    "LeftOut",
    "entity_key",
    "record_chunk",
    "record_document",
    "record_evidence",
    "rejected_chunk",
    "source_name",
]

LANG = "en"
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ENDINGS = re.compile(r"(\.(gz|zip|json|jsonl|ndjson|ijson|csv))+$", re.IGNORECASE)
_KINDS = 1000
"""Reasons that are counted apart: a hostile file has millions."""


class BadRecord(Exception):
    """A record that does not hold: the field, its value and the reason. It becomes a reject."""

    def __init__(self, column: str, value: object, reason: str) -> None:
        super().__init__(column, value, reason)
        self.column, self.value, self.reason = column, str(value), reason

    def reject(self, piece: Piece) -> RecordReject:
        """Return it as the reject of a piece."""
        return RecordReject(piece.row, piece.line, self.column, self.value, self.reason)


class LeftOut:
    """Counts what of a register kg has no term for.

    >>> left_out = LeftOut()
    >>> left_out.add("schema Payment")
    >>> list(left_out.notes())
    ['1 left out: schema Payment']

    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, reason: str, count: int = 1) -> None:
        """Count something that is left out for a reason."""
        if not count:
            return
        is_counted = reason in self._counts or len(self._counts) < _KINDS
        self._counts[reason if is_counted else "of other kinds"] += count

    def counts(self) -> dict[str, int]:
        """Return how often each reason was counted."""
        return dict(self._counts)

    def notes(self) -> Iterator[str]:
        """Yield a line for each reason, the most frequent first."""
        for reason, count in sorted(self._counts.items(), key=lambda each: (-each[1], each[0])):
            yield f"{count} left out: {reason}"


def source_name(path: Path, name: str | None) -> str:
    """Return what a source is called in the ids of its documents. Raises `DocumentError` for a name with a slash.

    >>> source_name(Path("data/register.json.gz"), None)
    'register'

    """
    called = name.strip() if name else _ENDINGS.sub("", path.name) or path.name
    if "/" in called or not called:
        raise DocumentError(f"--name '{called}': write a name without a slash")
    return called


def entity_key(*parts: str) -> str:
    """Return the key of an entity in a register, so that keys that differ in letters or signs alone stay apart.

    >>> entity_key("acme", "rec-1"), entity_key("acme", "Rec_1")
    ('acme-rec-1', 'acme-Rec_1-c23662fd')

    """
    text = "-".join(parts)
    # Case and signs are lost where a key becomes an id.
    return text if _PLAIN.fullmatch(text) else f"{text}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"


def record_document(  # noqa: PLR0913 - keywords that a document is made of
    pieces: Sequence[Piece],
    id_: str,
    *,
    path: Path,
    title: str,
    header: str = "",
    published: str | None = None,
    url: str | None = None,
    tier: Tier = Tier.REGISTER,
) -> Document:
    """Return the document that a record is: its header, if any, and its pieces to the letter, a line between them."""
    parts, places, at = [header] if header else [], [], len(header) + 1 if header else 0
    for piece in pieces:
        places.append(Place(at, at + len(piece.text), piece.kind, piece.place))
        parts.append(piece.text)
        at += len(piece.text) + 1
    return Document(id_, "\n".join(parts), LANG, published, title, url, str(path), tier=tier, places=tuple(places))


def record_evidence(document: Document, number: int) -> Evidence:
    """Return the evidence that a piece of a document is, by its number from 0."""
    place = document.places[number]
    return document.evidence(place.start, place.end)


def record_chunk(  # noqa: PLR0913, PLR0917 - what a chunk is made of
    method: str,
    pieces: Sequence[Piece],
    document: Document | None,
    claims: Sequence[Claim] = (),
    records: Sequence[RegisterRecord] = (),
    rejected: Sequence[RecordReject] = (),
) -> Chunk:
    """Return the chunk that a record becomes.

    What it becomes depends on other records too (how an end is called): so its reader has a digest of the result.
    """
    digest = hashlib.sha256(repr((list(map(_outcome, claims)), records)).encode("utf-8", "backslashreplace"))
    return Chunk(
        document,
        tuple(claims),
        tuple(rejected),
        sum(piece.rows for piece in pieces),
        f"{method} {digest.hexdigest()[:16]}",
        tuple(records),
    )


def _outcome(claim: Claim) -> tuple[object, ...]:
    return claim.id, claim.known_from, claim.subject.name, claim.object


def rejected_chunk(method: str, pieces: Sequence[Piece], error: BadRecord | InvalidRecord) -> Chunk:
    """Return the chunk of a record that does not hold: nothing but its reject."""
    bad = (
        error if isinstance(error, BadRecord) else BadRecord("record", pieces[-1].text[:80], f"does not hold: {error}")
    )
    return record_chunk(method, pieces, None, rejected=[bad.reject(pieces[-1])])
