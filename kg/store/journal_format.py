"""One line of the journal: how a commit is written, checked and taken apart."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from kg.errors import InvalidRecord, JournalDamaged
from kg.store.json_codec import strict_json

__all__ = [
    "HASH",
    "NO_DELTA",
    "Commit",
    "Delta",
    "Position",
    "Record",
    "Span",
    "compact",
    "content",
    "decode_commit",
    "decode_reading",
    "digest_of",
    "encode_commit",
    "frame_line",
    "holds",
    "line_start",
    "shift_spans",
]

Record = dict[str, Any]
HASH = 32
"""Characters of a line's hash."""
_READINGS = '"readings":['
_JUDGEMENTS = b',"judgements":['
"""Within a text the quotes would have strokes before them."""
_CHUNK = 1 << 20
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the journal: a commit's number from 1, its line's hash."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where a reading stands: the bytes from `start`, `length` of them, and their CRC-32."""

    start: int
    length: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Delta:
    """What came to graphs of the user's own and what went, as N-Quads: https://www.w3.org/TR/n-quads/."""

    added: str = ""
    removed: str = ""


NO_DELTA = Delta()
"""Nothing came, and nothing went."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What was written at once: readings with their places, names of documents withdrawn, own graphs, the time.

    `identities` are records of what people say of who is whom.
    """

    position: Position
    at: str
    forgotten: tuple[str, ...]
    readings: tuple[tuple[Span, Record], ...]
    own: Delta = NO_DELTA
    identities: tuple[Record, ...] = ()


def digest_of(previous: str, body: bytes) -> str:
    """Return the hash of a line that says `body`, after the line of hash `previous`."""
    return hashlib.sha256(previous.encode() + body).hexdigest()[:HASH]


def frame_line(previous: str, body: bytes) -> tuple[str, bytes]:
    """Return a line's hash, and the line that says `body` after the line of hash `previous`."""
    digest = digest_of(previous, body)
    return digest, digest.encode() + b" " + body + b"\n"


def encode_commit(
    at: str,
    readings: Sequence[Record],
    forgotten: Sequence[str],
    own: Delta = NO_DELTA,
    identities: Sequence[Record] = (),
) -> tuple[bytes, tuple[Span, ...]]:
    """Return a commit as JSON, and where in it its readings stand."""
    changed: Record = {"own": {"added": own.added, "removed": own.removed}} if own != NO_DELTA else {}
    changed |= {"identities": list(identities)} if identities else {}
    # The readings stand last, so that what precedes them can be read on its own.
    body = bytearray(compact({"at": at, "forgotten": list(forgotten), **changed, "readings": []})[:-2])
    spans: list[Span] = []
    for reading in readings:
        text = compact(reading)
        body += b"," if spans else b""
        spans.append(Span(len(body), len(text), zlib.crc32(text)))
        body += text
    return bytes(body + b"]}"), tuple(spans)


def compact(record: Record) -> bytes:
    """Return a record as JSON on one line, in ASCII."""
    return json.dumps(record, separators=(",", ":")).encode()


def shift_spans(spans: Iterable[Span], line: int) -> tuple[Span, ...]:
    """Return spans within a commit's JSON as spans of the journal, the commit's line beginning at `line`."""
    return tuple(replace(span, start=line + HASH + 1 + span.start) for span in spans)


def decode_commit(sequence: int, line: bytes, offset: int) -> Commit:
    """Take a line that begins at `offset` apart, readings with their places."""
    digest, _, body = line.decode("ascii").partition(" ")
    place = body.index(_READINGS) + len(_READINGS)
    head = json.loads(body[:place] + "]}")
    behind = len(digest) + 1
    readings = []
    while body[place] != "]":
        record, end = _DECODER.raw_decode(body, place)
        checksum = zlib.crc32(memoryview(line)[behind + place : behind + end])
        readings.append((Span(offset + behind + place, end - place, checksum), record))
        place = end + (body[end] == ",")
    own = Delta(**head["own"]) if "own" in head else NO_DELTA
    identities = tuple(head.get("identities", ()))
    return Commit(Position(sequence, digest), head["at"], tuple(head["forgotten"]), tuple(readings), own, identities)


def decode_reading(body: bytes, span: Span, *, judged: bool) -> Record:
    """Return the reading that stands at a place; raise `JournalDamaged` where the bytes are not what was written.

    Without `judged`, judgements are not taken apart, which would be half the work: they are what stands last.
    """
    if zlib.crc32(body) != span.checksum:
        raise JournalDamaged(
            f"the journal is damaged in the {span.length} bytes from byte {span.start}, a document's reading: "
            "'kg verify' tells what is whole"
        )
    place = -1 if judged else body.find(_JUDGEMENTS)
    record: Record = json.loads(body if place < 0 else body[:place] + b"}")
    return record


def holds(previous: str, line: bytes) -> str | None:
    """Return a line's hash where the chain holds, else None."""
    digest, space, body = line[:-1].partition(b" ")
    expected = digest_of(previous, body)
    return expected if space and line.endswith(b"\n") and digest == expected.encode() else None


def line_start(file: IO[bytes], size: int, back: int) -> int:
    """Return where in a file's first `size` bytes the line begins that is the `back`th from the end, 1 the last."""
    at, behind = size, size - 1
    while at:
        begin = max(0, at - _CHUNK)
        file.seek(begin)
        data = file.read(at - begin)
        found = len(data)
        while (found := data.rfind(b"\n", 0, found)) >= 0:
            # What ends the last line begins none.
            back -= begin + found < behind
            if not back:
                return begin + found + 1
        at = begin
    return 0


def content(line: bytes) -> Record:
    """Return what a line says."""
    record = strict_json(line.partition(b" ")[2])
    if not isinstance(record, dict):
        raise InvalidRecord("a line of the journal is no object")
    return record
