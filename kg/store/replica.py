"""A private copy of a store's index that follows its journal, whoever writes it.

Nobody can open an index beside the one who writes it. The journal can be read at any time: what stands in it
whole is committed. So a reader that outlives commits of others keeps an index of its own, brings it up to date
out of the journal, and asks snapshots of that, which cost some ten milliseconds each.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import settings
from kg.errors import MissingExtra, NotAStore, StoreError, StoreInUse
from kg.ontology import BASE
from kg.store.api import Store
from kg.store.checksums import Condition, condition
from kg.store.column_cache import ColumnCache
from kg.store.dataset.address import is_dataset
from kg.store.index import Index
from kg.store.journal import FileJournal, Pin
from kg.store.local import LocalStore
from kg.store.near_duplicates import NearDuplicateIndex
from kg.store.replay import catch_up, make
from kg.store.searches import Searches
from kg.store.selection import EVERYTHING, Selection
from kg.store.store_folder import (
    COLUMNS,
    COPIES,
    FOR_READING,
    INDEX,
    JOURNAL,
    SUMS,
    iri_scheme_of,
    lock,
    open_journal,
)

__all__ = ["IndexSnapshot", "Replica"]


@dataclass(frozen=True, slots=True)
class IndexSnapshot:
    """A store as it was after a commit.

    `index` is the folder of its index and `size` the number of its quads, `folder` its own, `pin` how far its
    journal counts, `selection` to what it is narrowed; beside the index are its columns, where scanning them pays.
    """

    index: Path
    folder: Path
    pin: Pin
    size: int | None = None
    selection: Selection = EVERYTHING

    @property
    def number(self) -> int:
        """The number of the commit."""
        return self.pin.end.position.sequence

    def open(self) -> Store:
        """Open it for reading; any number may, in as many processes, and nobody waits for anybody."""
        journal = FileJournal(self.folder / JOURNAL, write=False, pin=self.pin)
        index = Index(ox.Store.read_only(str(self.index)), iri_scheme_of(journal, BASE), self.size)
        near_duplicate_index, column_cache = NearDuplicateIndex(self.folder / COPIES), ColumnCache(self._columns)
        return LocalStore(
            journal,
            index,
            read_only_reason=FOR_READING,
            near_duplicate_index=near_duplicate_index,
            column_cache=column_cache,
            searches=Searches.below(self._searches),
            selection=self.selection,
        )

    @property
    def _columns(self) -> Path:
        return self.index.with_suffix(".arrow")

    @property
    def _searches(self) -> Path:
        return self.index.with_suffix(".searches")

    def link(self, columns: Path) -> None:
        """Take over columns that stand at its commit."""
        self._columns.hardlink_to(columns)

    def link_searches(self, searches: Searches) -> None:
        """Take over the indexes for searching that stand at its commit."""
        searches.link(self._searches)

    def discard(self) -> None:
        """Remove its files; who has them open keeps them."""
        shutil.rmtree(self.index, ignore_errors=True)
        self._columns.unlink(missing_ok=True)
        shutil.rmtree(self._searches, ignore_errors=True)


class Replica:
    """Keeps up with the store in `folder`, in the folder `work`, which is empty and its own, and with the day.

    `today` returns the day for which the edges are to stand, `selection` says to what the store has been narrowed.
    Raises `NotAStore` where the folder is no store, and what opening a journal raises.
    """

    def __init__(
        self,
        folder: Path,
        work: Path,
        today: Callable[[], dt.date] = settings.today,
        selection: Selection = EVERYTHING,
    ) -> None:
        self.folder = folder
        self._selection = selection
        self._today = today
        self._work = work
        self._taken = 0
        self._changed: set[str] = set()
        self._column_cache = ColumnCache(work / COLUMNS)
        self._searches = Searches.below(work, folder)
        if not (folder / JOURNAL).is_file() and is_dataset(folder):
            raise NotAStore(
                f"{folder} is a dataset, which grows elsewhere: give the clone on this machine, {folder}/clone"
            )
        if not (folder / JOURNAL).is_file():
            raise NotAStore(f"there is no store at {folder}: make one with 'kg build ARTICLES --store {folder}'")
        self._journal = open_journal(folder, write=False)
        try:
            self._index = self._copied()
        except BaseException:
            self._journal.close()
            raise

    def close(self) -> None:
        """Let go of files; snapshots stay."""
        self._journal.close()
        self._index.let_go()

    def follow(self) -> bool:
        """Take in what has been committed since, and today's day; return whether anything changed.

        Raises `StoreError` where the journal is damaged or has been replaced.
        """
        has_grown = self._journal.follow()
        if has_grown and not catch_up(self._journal, self._index, self._changed):
            raise StoreError(f"{self.folder} is no longer the store that it was: start again")
        return self._index.set_day(self._today()) or has_grown

    def take_changed(self) -> set[str]:
        """Return the ids of the documents that commits changed which `follow` took in since the call before."""
        changed, self._changed = self._changed, set()
        return changed

    @property
    def store(self) -> Store:
        """The store for reading; what is read of a document while `follow` runs may be of before or after."""
        return LocalStore(self._journal, self._index, read_only_reason=FOR_READING, selection=self._selection)

    def snapshot(self) -> IndexSnapshot:
        """Return the store as it is at the last commit that was taken in."""
        self._taken += 1
        target = self._work / f"snapshot-{self._taken}"
        self._index.store.backup(str(target))
        snapshot = IndexSnapshot(target, self.folder, self._journal.pin, self._index.size, self._selection)
        if self._column_cache.get_if_worthwhile(self._journal, self._index, make=True) is not None:
            with suppress(FileNotFoundError):
                snapshot.link(self._work / COLUMNS)
        # Without Tantivy nothing is searched; a worker, which may write nothing, makes no index of its own.
        with suppress(MissingExtra, OSError):
            self._searches.make(self._journal, self._index)
            snapshot.link_searches(self._searches)
        return snapshot

    def _copied(self) -> Index:
        """Copy the index where nobody is writing it, and bring it up to date; else make one out of the journal."""
        place, iris = self._work / "index", iri_scheme_of(self._journal, BASE)
        with suppress(OSError, RuntimeError, StoreError, ValueError):
            stands = self._copy(place)
            index = Index(ox.Store(str(place)), iris)
            if stands is Condition.AS_CLOSED:
                index.trust()
            if catch_up(self._journal, index):
                index.set_day(self._today())
                return index
            index.let_go()
        shutil.rmtree(place, ignore_errors=True)
        index = Index(ox.Store(str(place)), iris)
        make(self._journal, index, self._today())
        return index

    def _copy(self, place: Path) -> Condition:
        """Copy the index, and tell how its files stood."""
        with closing((self.folder / JOURNAL).open("rb")) as file:
            lock(file, self.folder, exclusive=False)
            index = self.folder / INDEX
            stands = condition(index, self.folder / SUMS)
            if not (index / "CURRENT").is_file() or stands is Condition.DAMAGED:
                raise StoreInUse(f"{self.folder} has no index that can be copied")
            ox.Store.read_only(str(index)).backup(str(place))
            return stands
