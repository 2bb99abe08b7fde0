"""A clone of a dataset: an ordinary store on this machine, brought up to the tables whenever it is opened.

SPARQL is asked of an index, and an index needs a disk. So who opens a dataset as a store has its journal here, with all
that is derived of it; commits go to the tables first. For a dataset that no disk holds there are engines: see
`kg.query.sql`.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kg import formats
from kg.errors import NotAStore, StoreError, StoreInUse
from kg.store.api import Store
from kg.store.dataset.address import clone_folder, is_remote
from kg.store.dataset.journal import DatasetJournal
from kg.store.dataset.tables import Tables
from kg.store.journal import FileJournal, Journal
from kg.store.journal_format import HASH, Position, compact, content, decode_commit, frame_line
from kg.store.store_folder import JOURNAL, lock, open_folder, open_journal

if TYPE_CHECKING:
    from kg.store.local import LocalStore

__all__ = ["open_dataset", "push"]

_ATTEMPTS = 3
_BATCH = 1 << 8
"""Commits that are taken over at once."""


def open_dataset(  # noqa: PLR0913 - what an opening may be told
    address: str, *, write: bool, create: bool, base: str, clock: Callable[[], str], today: dt.date
) -> Store:
    """Open a dataset: its clone, as of the last commit; with `write` what is committed goes into the tables."""
    tables = Tables(address)
    if not tables.is_there:
        if not create:
            raise StoreError(f"there is no dataset at {address}: make one with 'kg dataset push {address}'")
        tables.create(_header(base))
    tables.check()
    folder = clone_folder(address)
    for _ in range(_ATTEMPTS):
        notes = _pulled(tables, folder)
        store = cast("LocalStore", open_folder(folder, write=write, create=False, base=base, clock=clock, today=today))
        store.notes = (*store.notes, *notes)
        if not write:
            return store
        if store.journal.end == tables.end():
            tables.follow()
            store.journal = DatasetJournal(cast("FileJournal", store.journal), tables)
            return store
        # Somebody committed in between.
        store.close()
    raise StoreInUse(f"{address} is being written by others: try again when that is done")


def _header(base: str) -> bytes:
    return frame_line("", compact({"format": formats.JOURNAL, "base": base}))[1]


def _pulled(tables: Tables, folder: Path) -> tuple[str, ...]:
    """Bring a clone up to the tables; return what is to be told of it."""
    place = folder / JOURNAL
    if not place.is_file():
        _, header = next(tables.lines(-1))
        folder.mkdir(parents=True, exist_ok=True)
        told = content(header)
        if told.pop("format") != formats.JOURNAL:
            raise StoreError(f"{tables.address} has commits of another format: open it with the kg that wrote them")
        FileJournal.begin(place, told)
    with place.open("rb") as file:
        try:
            lock(file, folder, exclusive=True)
        except StoreInUse:
            return ("others have the dataset open here: what was committed elsewhere since is not seen yet",)
        with closing(open_journal(folder, write=True)) as journal:
            if _begins_alike(journal, tables):
                _extended(journal, tables)
                return ()
    # A dataset of the same address took the other's place.
    shutil.rmtree(folder)
    return _pulled(tables, folder)


def _begins_alike(journal: FileJournal, tables: Tables) -> bool:
    """Whether a clone is the beginning of a dataset."""
    end, last = journal.end, tables.end()
    if end == last:
        return True
    if end.sequence > last.sequence:
        return False
    _, line = next(tables.lines(end.sequence - 1))
    # A journal's hash of its header is in its first line; that of a commit is its position's.
    return line.startswith(end.hash.encode())


def _extended(journal: FileJournal, tables: Tables) -> None:
    lines = (line for _, line in tables.lines(journal.end.sequence))
    while some := list(islice(lines, _BATCH)):
        journal.extend(some)


def push(store: Store, address: str) -> tuple[int, int]:
    """Write what a store's journal has to a dataset, which is made where there is none; only what it lacks.

    Returns how many commits were written, and how many there are. Raises `StoreError` where the store has no journal,
    or the dataset is not its own.
    """
    journal: Journal | None = getattr(store, "journal", None)
    if journal is None or store.selection.narrows:
        raise StoreError("a dataset is made of a whole store on this machine: export that, without --accepted-only")
    tables = Tables(address)
    if not tables.is_there:
        folder = Path(address)
        if not is_remote(address) and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise NotAStore(f"{address} holds other things and no dataset: choose another place")
        tables.create(_header(store.base))
    tables.check()
    end = tables.end()
    if not _is_part(tables, end, store.base, journal):
        raise StoreError(f"{address} is not the dataset of this store: choose another place")
    digest, lines = end.hash, journal.lines(end.sequence)
    numbers = count(end.sequence + 1)
    while some := list(islice(lines, _BATCH)):
        rows = []
        for line, number in zip(some, numbers, strict=False):
            # A journal in memory has no header that its first commit could follow on.
            digest, framed = frame_line(digest, line[HASH + 1 : -1])
            rows.append((number, decode_commit(number, line, 0).at, digest, framed))
        tables.append(rows)
    tables.follow()
    return journal.end.sequence - end.sequence, journal.end.sequence


def _is_part(tables: Tables, end: Position, base: str, journal: Journal) -> bool:
    """Whether a dataset is the beginning of a journal."""
    _, header = next(tables.lines(-1))
    if content(header) != {"format": formats.JOURNAL, "base": base} or end.sequence > journal.end.sequence:
        return False
    if not end.sequence:
        return True
    _, line = next(tables.lines(end.sequence - 1))
    return next(journal.lines(end.sequence - 1))[HASH:] == line[HASH:]
