"""The tables of a dataset: Parquet files in folders of partitions, with the log of Delta Lake (https://delta.io).

Five tables stand beside each other in a folder or a bucket. ``journal`` is the truth: a row a commit, with the line of
the journal to the letter. A commit is there when its row is, and two writers cannot both write a commit of one number,
on object stores either. ``claims``, ``documents``, ``judgements`` follow from it, and ``commits`` comes last: what it
does not list yet is not to be counted. Each says in its log up to which commit it goes, so whoever writes next
completes what a writer that broke off has left, and nothing is written twice.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg import formats
from kg.errors import MissingExtra, NotAStore, StoreError, StoreFull, StoreInUse
from kg.store.dataset.rows import COMMITS, PARTITIONS, empty_tables, journal_table, tables_of
from kg.store.journal_format import HASH, Position, decode_commit

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Tables", "delta"]

_JOURNAL = "journal"
_APP = "kg"
"""The name under which the log of each table keeps the number of the last commit that it has."""
_LINES = 1 << 8
"""Commits that are in memory at once."""
_ATTEMPTS = 5
_COLOURS = re.compile(r"\x1b\[[\d;]*m|↳")
"""How the library shows on a terminal what led to what."""


def delta() -> Any:
    """Return deltalake; raise `MissingExtra` where it is not installed."""
    try:
        import deltalake
        import deltalake.exceptions
    except ImportError as error:
        raise MissingExtra("a dataset needs Delta Lake: pip install 'kg[dataset]'") from error
    return deltalake


@contextmanager
def _translated(address: str) -> Iterator[None]:
    """Tell in one line what the tables' library says."""
    exceptions = delta().exceptions
    try:
        yield
    except exceptions.CommitFailedError as error:
        raise StoreInUse(f"{address} was changed by somebody else meanwhile: open it again") from error
    except (exceptions.DeltaError, OSError, ValueError) as error:
        reason = " ".join(_COLOURS.sub("", str(error)).split())[:200]
        if any(word in reason.lower() for word in ("denied", "read-only", "forbidden")):
            raise StoreFull(f"{address} cannot be read or written: {reason}; look at its rights") from error
        raise StoreError(f"{address}: {reason}") from error


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables at an address: a folder, or ``s3://bucket/path`` and what else Delta Lake opens.

    Who may read and write is told by the environment, as for other tools of the place (AWS_ACCESS_KEY_ID …).
    """

    address: str

    def uri(self, name: str) -> str:
        """Return where a table stands."""
        return f"{self.address.rstrip('/')}/{name}"

    def _open(self, name: str) -> Any:
        return delta().DeltaTable(self.uri(name))

    @property
    def is_there(self) -> bool:
        """Whether a dataset stands at the address."""
        with _translated(self.address):
            return bool(delta().DeltaTable.is_deltatable(self.uri(_JOURNAL)))

    def create(self, header: bytes) -> None:
        """Make empty tables, with the first line of a journal as commit 0; leave those alone that are there."""
        with _translated(self.address):
            first = journal_table([(0, "", header[:HASH].decode("ascii"), header)])
            make, told = delta().DeltaTable.create, {"description": formats.DATASET, "mode": "ignore"}
            for name, empty in empty_tables().items():
                make(self.uri(name), empty.schema, partition_by=list(PARTITIONS.get(name, ())) or None, **told)
            make(self.uri(_JOURNAL), first.schema, **told)
            journal = self._open(_JOURNAL)
            if _number(journal) < 0:
                _append(journal, first, 0)

    def check(self) -> None:
        """Raise `NotAStore` or `StoreError` where the tables are not of this format."""
        with _translated(self.address):
            found = self._open(_JOURNAL).metadata().description or ""
        if found == formats.DATASET:
            return
        if not found.startswith("kg-dataset/"):
            raise NotAStore(f"{self.address} holds tables that are no dataset of kg: choose another place")
        raise StoreError(f"{self.address} has the format {found}, this kg reads {formats.DATASET}: update kg")

    # ------------------------------------------------------------------------------ the journal
    def end(self) -> Position:
        """Return the last commit; that of number 0 is the header."""
        with _translated(self.address):
            table = self._open(_JOURNAL)
            number = _number(table)
            rows = _rows(table, ["hash"], lambda column: column("number") == number)
        if not len(rows):
            raise StoreError(f"{self.address} lacks commit {number}: restore its table 'journal'")
        return Position(number, rows.column("hash")[0].as_py())

    def lines(self, after: int) -> Iterator[tuple[int, bytes]]:
        """Yield the commits above a number, as lines of a journal; the header is above -1."""
        with _translated(self.address):
            table = self._open(_JOURNAL)
            last = _number(table)
        for first in range(after + 1, last + 1, _LINES):
            yield from self._between(table, first, min(first + _LINES, last + 1))

    def _between(self, table: Any, first: int, end: int) -> Iterator[tuple[int, bytes]]:
        with _translated(self.address):
            wanted = ["number", "line"]
            rows = _rows(table, wanted, lambda column: (column("number") >= first) & (column("number") < end))
        lines = dict(zip(rows.column("number").to_pylist(), rows.column("line").to_pylist(), strict=True))
        if len(rows) != end - first or set(lines) != set(range(first, end)):
            raise StoreError(f"{self.address} lacks commits between {first} and {end - 1}: restore its table 'journal'")
        for number in range(first, end):
            yield number, lines[number].encode("ascii")

    def append(self, rows: Sequence[tuple[int, str, str, bytes]]) -> None:
        """Write commits (number, when, hash, line) that follow on the last one.

        Raises `StoreInUse` where somebody else wrote one meanwhile. The other tables are for `follow`.
        """
        with _translated(self.address):
            table = self._open(_JOURNAL)
            if _number(table) != rows[0][0] - 1:
                raise StoreInUse(f"{self.address} was changed by somebody else meanwhile: open it again")
            _append(table, journal_table(rows), rows[-1][0])

    # ------------------------------------------------------------------------------ what follows from it
    def follow(self) -> None:
        """Bring the other tables up to the journal, whoever wrote it; another who does so too is no harm."""
        with _translated(self.address):
            last = _number(self._open(_JOURNAL))
            while (first := max(0, min(map(_number, map(self._open, empty_tables())))) + 1) <= last:
                lines = list(self._between(self._open(_JOURNAL), first, min(first + _LINES, last + 1)))
                tables = tables_of([decode_commit(number, line, 0) for number, line in lines])
                for name, rows in tables.items():
                    self._follow(name, rows, lines[-1][0])

    def _follow(self, name: str, rows: "pa.Table", number: int) -> None:
        """Append rows to a table that lacks some of them, up to a commit."""
        import pyarrow.compute as pc

        for attempt in range(_ATTEMPTS):
            table = self._open(name)
            if (has := _number(table)) >= number:
                return
            try:
                _append(table, rows.filter(pc.field("number" if name == COMMITS else "commit") > has), number)
            except delta().exceptions.CommitFailedError:
                # Somebody else completes it as well.
                if attempt == _ATTEMPTS - 1:
                    raise

    def files(self, name: str) -> Sequence[str]:
        """Return the files of a table: what to give an engine that knows no logs."""
        with _translated(self.address):
            return sorted(self._open(name).file_uris())

    def dataset(self, name: str) -> Any:
        """Return a table as a `pyarrow.dataset.Dataset`, wherever it stands."""
        with _translated(self.address):
            return self._open(name).to_pyarrow_dataset()

    def compact(self) -> Mapping[str, tuple[int, int]]:
        """Put small files together; return how many there were of each table, and how many there are.

        Rows stay as they are, and so do commits. Who reads with the log, or through `files`, never sees a row twice;
        who reads all files of the folder may, until this returns.
        """
        done = {}
        with _translated(self.address):
            for name in (_JOURNAL, *empty_tables()):
                table = self._open(name)
                before = len(table.file_uris())
                table.optimize.compact()
                table.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
                table.create_checkpoint()
                done[name] = before, len(table.file_uris())
        return done


def _number(table: Any) -> int:
    """Return the last commit that a table has; -1 where it has none."""
    version: int | None = table.transaction_version(_APP)
    return -1 if version is None else version


def _rows(table: Any, columns: list[str], wanted: Callable[[Callable[[str], Any]], Any]) -> "pa.Table":
    import pyarrow.dataset as ds

    return table.to_pyarrow_dataset().to_table(columns=columns, filter=wanted(ds.field))


def _append(table: Any, rows: "pa.Table", number: int) -> None:
    """Append rows, none too, as those up to a commit; raise `CommitFailedError` where somebody else did meanwhile."""
    lib = delta()
    said = lib.CommitProperties(app_transactions=[lib.Transaction(_APP, number)])
    properties = lib.WriterProperties(compression="ZSTD")
    lib.write_deltalake(table, rows, mode="append", commit_properties=said, writer_properties=properties)
