"""A store of its own that holds what a selection leaves of another, and follows it: what is left out is not in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg.dates import utc_now
from kg.errors import UnknownDocument
from kg.store.api import DocumentClaims
from kg.store.iris import term
from kg.store.journal import FileJournal
from kg.store.journal_format import Delta
from kg.store.replay import reading_record
from kg.store.replica import Replica
from kg.store.selected import SelectedStore
from kg.store.selection import Selection
from kg.store.store_folder import JOURNAL

__all__ = ["NarrowedFolder"]

_BATCH = 500


class NarrowedFolder:
    """What is left of the store in `whole`, kept in the folder `work`, which is empty and its own.

    `folder` is a store: the documents that are left with their claims, without what people said of them, and without
    graphs of the user's own. `folder` is brought up to date by `follow`. Raises what `Replica` raises.
    """

    def __init__(self, whole: Path, work: Path, selection: Selection) -> None:
        self.folder = work / "part"
        self._selection = selection
        (work / "whole").mkdir(parents=True)
        self._replica = Replica(whole, work / "whole")
        try:
            self.folder.mkdir()
            store = self._selected()
            FileJournal.begin(self.folder / JOURNAL, {"base": store.base})
            self._journal = FileJournal(self.folder / JOURNAL, write=True)
            words = ox.Quad(ox.NamedNode(store.base), term("kg:selection"), ox.Literal(selection.words()))
            self._journal.append(utc_now(), (), own=Delta(f"{words} .\n"))
            self._held: set[str] = set()
            self._take_in(document.id for document in store.documents())
        except BaseException:
            self._replica.close()
            raise

    def close(self) -> None:
        """Let go of files."""
        self._replica.close()
        self._journal.close()

    def follow(self) -> None:
        """Take in what has been committed to the whole since; raise `StoreError` where it is another store by now."""
        if self._replica.follow():
            self._take_in(self._replica.take_changed())

    def _selected(self) -> SelectedStore:
        return SelectedStore(self._replica.store, self._selection)

    def _take_in(self, documents: Iterable[str]) -> None:
        store, gone = self._selected(), list[str]()
        readings = self._readings(store, documents, gone)
        while batch := list(islice(readings, _BATCH)):
            self._journal.append(utc_now(), [reading_record(reading) for reading in batch])
            self._held.update(reading.document.id for reading in batch)
        if left := sorted(self._held.intersection(gone)):
            self._journal.append(utc_now(), (), left)
            self._held.difference_update(left)

    def _readings(self, store: SelectedStore, documents: Iterable[str], gone: list[str]) -> Iterator[DocumentClaims]:
        """Yield what is left of some documents; those of which nothing is, or that are there no more, are `gone`."""
        for id_ in documents:
            try:
                left = store.reading(id_)
            except UnknownDocument:
                gone.append(id_)
                continue
            if self._selection.accepted_only and not left.claims and not left.records:
                gone.append(id_)
                continue
            yield replace(left, judgements=(), as_read=(), closings=())
