"""Opening a store: whether a folder is one, who may have it, whether its index is in step.

A folder holds ``journal.jsonl``, ``index/`` and, once somebody asked for it, ``copies.db``, ``columns.arrow`` and
``texts/``. One process writes (exclusive lock on the journal), or many read (shared lock). An index that is missing,
behind, damaged or of another schema is mended or made again by whoever opens the store next, reader
or writer; so are its edges moved to today.

``journal.checkpoint`` and ``index.sums`` say how journal and index stood when they were last known to be whole. Where
they stand so still, an opening reads neither of them through.
"""

import datetime as dt
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from kg.errors import NotAStore, StoreError, StoreInUse
from kg.ontology import BASE
from kg.store.api import Store
from kg.store.checkpoint import Checkpoint
from kg.store.checksums import Condition, condition, keep
from kg.store.column_cache import ColumnCache
from kg.store.index import Index
from kg.store.iris import IriScheme
from kg.store.journal import FileJournal, translated
from kg.store.local import LocalStore
from kg.store.near_duplicates import NearDuplicateIndex
from kg.store.replay import catch_up, make
from kg.store.searches import Searches

if sys.platform != "win32":
    import fcntl

__all__ = [
    "COLUMNS",
    "COPIES",
    "FOR_READING",
    "INDEX",
    "JOURNAL",
    "SUMS",
    "iri_scheme_of",
    "lock",
    "open_folder",
    "open_journal",
]

JOURNAL, INDEX, _NEW, SUMS = "journal.jsonl", "index", "index-", "index.sums"
COPIES, COLUMNS = "copies.db", "columns.arrow"
_CHECKPOINT = "journal.checkpoint"
_PART = f"{JOURNAL}.*.part"
"""What a crash leaves of a journal that was about to begin."""

_PATIENCE, _PAUSE = 2.0, 0.05
"""Seconds to wait for a lock: another reader may be mending the index."""

_ATTEMPTS = 3
_DAMAGE = (OSError, RuntimeError, StoreError, ValueError, KeyError, IndexError)
"""What a damaged index raises, in RocksDB or when its marks are read; the journal has all that it held."""
FOR_READING = "the store is open for reading: open it with write=True to change it"


def open_folder(  # noqa: PLR0913 - what an opening may be told
    folder: Path, *, write: bool, create: bool, base: str, clock: Callable[[], str], today: dt.date
) -> Store:
    """Open the store in a folder: see `kg.store.open_store`."""
    try:
        _prepare(folder, base if create else None)
        return _open_for_writing(folder, base, clock, today) if write else _open_for_reading(folder, base, clock, today)
    except OSError as error:
        raise translated(error, folder) from error


def _prepare(folder: Path, base: str | None) -> None:
    """See that the folder is a store, or make it one; never touch one that holds something else."""
    if (folder / JOURNAL).is_file():
        return
    if folder.exists() and (not folder.is_dir() or any(not left.match(_PART) for left in folder.iterdir())):
        what = f"holds other things and no {JOURNAL}" if folder.is_dir() else "is no folder"
        raise NotAStore(f"{folder} {what}, so it is no store of kg: choose another place")
    if base is None:
        raise StoreError(f"there is no store at {folder}: make one with 'kg build ARTICLES --store {folder}'")
    folder.mkdir(parents=True, exist_ok=True)
    FileJournal.begin(folder / JOURNAL, {"base": base})


def lock(file: BinaryIO, folder: Path, *, exclusive: bool) -> None:
    """Take the lock, or change it; wait a moment for one who mends."""
    if sys.platform == "win32":
        raise StoreError(f"{folder}: a store on disk needs the file locks of Linux or macOS: on Windows, run kg in WSL")
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                doing = "reading or writing" if exclusive else "writing"
                raise StoreInUse(f"{folder} is in use, somebody is {doing} it: try again when that is done") from error
            time.sleep(_PAUSE)
        else:
            return


def open_journal(folder: Path, *, write: bool) -> FileJournal:
    """Open the journal of a store; one that stands as its checkpoint says is not walked through."""
    return FileJournal(folder / JOURNAL, write=write, checkpoint=Checkpoint(folder / _CHECKPOINT))


def _open_for_writing(folder: Path, base: str, clock: Callable[[], str], day: dt.date) -> Store:
    with ExitStack() as opened:
        file = opened.enter_context((folder / JOURNAL).open("rb"))
        lock(file, folder, exclusive=True)
        journal = opened.enter_context(closing(open_journal(folder, write=True)))
        index, notes = _mended(folder, journal, iri_scheme_of(journal, base), day)
        opened.callback(keep, folder / INDEX, folder / SUMS)
        notes = (*journal.notes, *notes)
        near_duplicate_index, column_cache = NearDuplicateIndex(folder / COPIES), ColumnCache(folder / COLUMNS)
        release = opened.pop_all().close
        return LocalStore(
            journal,
            index,
            clock=clock,
            notes=notes,
            release=release,
            near_duplicate_index=near_duplicate_index,
            column_cache=column_cache,
            searches=Searches.below(folder),
            is_damaged=partial(_is_damaged, folder),
        )


def _open_for_reading(folder: Path, base: str, clock: Callable[[], str], day: dt.date) -> Store:
    with ExitStack() as opened:
        file = opened.enter_context((folder / JOURNAL).open("rb"))
        notes: tuple[str, ...] = ()
        has_tried = False
        for _ in range(_ATTEMPTS + 1):
            lock(file, folder, exclusive=False)
            journal = opened.enter_context(closing(open_journal(folder, write=False)))
            index = _readable(folder, journal, iri_scheme_of(journal, base))
            if index is not None and index.day != day and not has_tried:
                has_tried = True
                index.let_go()
                _move(file, folder, base, day)
                continue
            if index is not None:
                notes = (*notes, *journal.notes, *_day_notes(index, day))
                release = opened.pop_all().close
                return LocalStore(
                    journal,
                    index,
                    NearDuplicateIndex(folder / COPIES),
                    ColumnCache(folder / COLUMNS),
                    Searches.below(folder),
                    clock,
                    notes,
                    FOR_READING,
                    release,
                    partial(_is_damaged, folder),
                )
            # The change of lock lets others in between, so what is mended is looked at again.
            lock(file, folder, exclusive=True)
            with closing(open_journal(folder, write=True)) as journal:
                index, mended = _mended(folder, journal, iri_scheme_of(journal, base), day)
                index.let_go()
                keep(folder / INDEX, folder / SUMS)
                notes = (*journal.notes, *mended)
    raise StoreError(f"the index of {folder} cannot be read although it was made anew: check the disk")


def _move(file: BinaryIO, folder: Path, base: str, day: dt.date) -> None:
    """Move the edges to a day, where nobody else has the store open and it may be written."""
    with suppress(OSError, StoreError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with closing(open_journal(folder, write=True)) as journal:
            index, _ = _mended(folder, journal, iri_scheme_of(journal, base), day)
            index.let_go()
            keep(folder / INDEX, folder / SUMS)


def _day_notes(index: Index, day: dt.date) -> tuple[str, ...]:
    return () if index.day == day else (f"its edges stand for {index.day}, since others have the store open",)


def iri_scheme_of(journal: FileJournal, base: str) -> IriScheme:
    """The IRIs of a store: the base it was made with, which a caller may repeat but not change."""
    stored = str(journal.header.get("base", BASE))
    if base not in {BASE, stored}:
        raise StoreError(f"{journal.path.parent} was made with the base {stored}, which cannot be changed to {base}")
    return IriScheme(stored)


def _readable(folder: Path, journal: FileJournal, iris: IriScheme) -> Index | None:
    """Return the index when it can be read and is in step with the journal."""
    place, sums = folder / INDEX, folder / SUMS
    stands = condition(place, sums)
    if stands is Condition.DAMAGED or not (place / "CURRENT").is_file():
        return None
    index = None
    try:
        index = Index(ox.Store.read_only(str(place)), iris)
        if stands is Condition.AS_CLOSED:
            index.trust()
        if index.position() == journal.end:
            if stands is Condition.CHANGED and os.access(folder, os.W_OK):
                keep(place, sums)
            return index
    except _DAMAGE as error:
        _check_free(error, place)
    if index is not None:
        index.let_go()
    return None


def _is_damaged(folder: Path) -> bool:
    return condition(folder / INDEX, folder / SUMS, whole=True) is Condition.DAMAGED


def _check_free(error: Exception, place: Path) -> None:
    """Tell damage from a store that this process has not let go of."""
    if "lock hold by current process" in str(error):
        raise StoreInUse(
            f"{place.parent} is still in use in this process: let go of answers and datasets of its last opening"
        ) from error


def _mended(folder: Path, journal: FileJournal, iris: IriScheme, day: dt.date) -> tuple[Index, tuple[str, ...]]:
    """Open the index for writing and bring it in step and to a day, or make it again."""
    place = folder / INDEX
    stands = condition(place, folder / SUMS)
    if stands is Condition.DAMAGED or not (place / "CURRENT").is_file():
        return _made(folder, journal, iris, day)
    index = None
    try:
        index = Index(ox.Store(str(place)), iris)
        if stands is Condition.AS_CLOSED:
            index.trust()
        if index.position() == journal.end:
            index.set_day(day)
            return index, ()
        if catch_up(journal, index):
            index.set_day(day)
            return index, ("the index was behind the journal and has caught up",)
    except _DAMAGE as error:
        _check_free(error, place)
    if index is not None:
        index.let_go()
    return _made(folder, journal, iris, day)


def _made(folder: Path, journal: FileJournal, iris: IriScheme, day: dt.date) -> tuple[Index, tuple[str, ...]]:
    """Make the index anew beside the old one, and put it in its place."""
    place = folder / INDEX
    for left_over in folder.glob(f"{_NEW}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    # That of a new store is made where it stays, which takes half the time: broken off, it is made again.
    is_first = not place.exists() and journal.end.sequence == 0
    new = place if is_first else folder / f"{_NEW}{os.getpid()}"
    # Not a folder of tempfile's, which nobody else may read.
    new.mkdir()
    index = None
    try:
        index = Index(ox.Store(str(new)), iris)
        make(journal, index, day)
        if is_first:
            (folder / SUMS).unlink(missing_ok=True)
            return index, ()
        index.merge()
        index.store.flush()
        index.let_go()
        had = place.exists() and journal.end.sequence > 0
        # The new tables have the names of old ones.
        (folder / SUMS).unlink(missing_ok=True)
        shutil.rmtree(place, ignore_errors=True)
        new.replace(place)
    except BaseException:
        if index is not None:
            index.let_go()
        shutil.rmtree(new, ignore_errors=True)
        raise
    notes = ("the index was damaged or of an older kg, and has been made again",) if had else ()
    return Index(ox.Store(str(place)), iris), notes
