"""The journal of a dataset: its commits go into the tables first, then into the clone on this machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.errors import StoreError
from kg.store.dataset.tables import Tables
from kg.store.journal import FileJournal
from kg.store.journal_format import NO_DELTA, Commit, Delta, Position, Record, Span, encode_commit, frame_line

__all__ = ["DatasetJournal"]


@dataclass(slots=True)
class DatasetJournal:
    """A journal whose truth are tables; `clone` holds the same lines for reading."""

    clone: FileJournal
    tables: Tables
    _lags: bool = False

    @property
    def header(self) -> Record:
        """What the journal was begun with."""
        return self.clone.header

    @property
    def end(self) -> Position:
        """The last commit's place."""
        return self.clone.end

    @property
    def notes(self) -> tuple[str, ...]:
        """What was mended at opening, a line each."""
        return self.clone.notes

    def append(
        self,
        at: str,
        readings: Sequence[Record],
        forgotten: Sequence[str] = (),
        own: Delta = NO_DELTA,
        identities: Sequence[Record] = (),
    ) -> tuple[Span, ...]:
        """Add a commit and return where its readings stand; raise `StoreInUse` where somebody else added one."""
        self._follow()
        body, _ = encode_commit(at, readings, forgotten, own, identities)
        digest, line = frame_line(self.end.hash, body)
        self.tables.append([(self.end.sequence + 1, at, digest, line)])
        spans = self.clone.append(at, readings, forgotten, own, identities)
        try:
            self.tables.follow()
        except StoreError:
            # The commit is there. What follows from it is made by the next commit, at the latest when this is closed.
            self._lags = True
        return spans

    def _follow(self) -> None:
        if self._lags:
            self.tables.follow()
            self._lags = False

    def commits(self, after: int = 0) -> Iterator[Commit]:
        """Yield the commits whose numbers lie above `after`."""
        return self.clone.commits(after)

    def lines(self, after: int = 0) -> Iterator[bytes]:
        """Yield the lines of the commits above `after`."""
        return self.clone.lines(after)

    def read(self, span: Span, *, judged: bool = True) -> Record:
        """Return the reading at a place, with its judgements or without them."""
        return self.clone.read(span, judged=judged)

    def verify(self) -> None:
        """Read all of it; raise `JournalDamaged` at a line that is not whole."""
        self.clone.verify()

    def close(self) -> None:
        """Let go of the file; raise `StoreError` where the tables cannot follow the journal."""
        self.clone.close()
        self._follow()
