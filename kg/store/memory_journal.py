"""A journal without a file: what a store in memory keeps its commits in."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.store.journal_format import (
    NO_DELTA,
    Commit,
    Delta,
    Position,
    Record,
    Span,
    decode_commit,
    decode_reading,
    encode_commit,
    frame_line,
    shift_spans,
)

__all__ = ["MemoryJournal"]


class MemoryJournal:
    """A journal that is gone with the process."""

    notes: tuple[str, ...] = ()

    def __init__(self, header: Record) -> None:
        """Begin an empty journal."""
        self.header = header
        self.end = Position(0, "")
        self._bytes = bytearray()
        self._offsets: list[int] = []

    def append(
        self,
        at: str,
        readings: Sequence[Record],
        forgotten: Sequence[str] = (),
        own: Delta = NO_DELTA,
        identities: Sequence[Record] = (),
    ) -> tuple[Span, ...]:
        """Add a commit, as the line that a file would hold."""
        body, spans = encode_commit(at, readings, forgotten, own, identities)
        digest, line = frame_line(self.end.hash, body)
        self._offsets.append(len(self._bytes))
        self._bytes += line
        self.end = Position(self.end.sequence + 1, digest)
        return shift_spans(spans, self._offsets[-1])

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """Yield the commits whose numbers lie above `after`."""
        for sequence, line in enumerate(self.lines(after), start=after + 1):
            yield decode_commit(sequence, line, self._offsets[sequence - 1])

    def lines(self, after: int = 0) -> Iterator[bytes]:
        """Yield the lines of the commits above `after`."""
        for start, end in pairwise([*self._offsets[after:], len(self._bytes)]):
            yield bytes(self._bytes[start:end])

    def read(self, span: Span, *, judged: bool = True) -> Record:
        """Return the reading at a place, with its judgements or without them."""
        return decode_reading(bytes(self._bytes[span.start : span.start + span.length]), span, judged=judged)

    def verify(self) -> None:
        """Do nothing: no disk is between what was written and what is read."""

    def close(self) -> None:
        """Do nothing: nothing is held."""
