"""The store on this machine: a journal that is the truth, and its index, on disk or in memory.

A folder holds ``journal.jsonl`` and ``index/``. One process writes (exclusive lock), or many read
(shared lock). The index is compared with the journal at opening and mended by itself.
"""

import datetime as dt
import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from kg.errors import InvalidRecord, NotAStore, StoreError, StoreFull, StoreInUse, UnknownDocument, did_you_mean
from kg.model import Claim, Document, Entity
from kg.ontology import BASE
from kg.store.api import NO_BINDINGS, Committed, Reading, Store
from kg.store.codec import Names
from kg.store.index import Change, Index
from kg.store.journal import FileJournal, Journal, MemoryJournal, translated
from kg.store.record import claim_from, claim_record, document_from, document_record

if TYPE_CHECKING:
    import rdflib

__all__ = ["LocalStore", "open_store", "utc_now"]

_JOURNAL, _INDEX = "journal.jsonl", "index"


def utc_now() -> str:
    """Return the time, in UTC and to the second, as claims write it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reading_record(reading: Reading) -> dict[str, Any]:
    return {
        "document": document_record(reading.document),
        "reader": reading.reader,
        "claims": [claim_record(claim) for claim in reading.claims],
    }


def _reading_from(record: Mapping[str, Any]) -> Reading:
    claims = tuple(claim_from(claim) for claim in record["claims"])
    return Reading(document_from(record["document"]), claims, str(record["reader"]))


@dataclass(frozen=True, slots=True)
class Hold:
    """How a store is held: the open lock file, whether it may be written, what was mended at opening."""

    lock: IO[bytes] | None = None
    writable: bool = True
    notes: tuple[str, ...] = ()


class LocalStore:
    """A journal with its index; made by `open_store`."""

    def __init__(self, journal: Journal, index: Index, hold: "Hold", clock: Callable[[], str] = utc_now) -> None:
        self.base = index.names.base
        self.notes = hold.notes
        self._journal, self._index, self._hold, self._clock = journal, index, hold, clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and locks."""
        self._journal.close()
        # RocksDB lets its files go when the last reference does.
        self._index.store = ox.Store()
        if self._hold.lock is not None:
            self._hold.lock.close()

    # ------------------------------------------------------------------------------ writing
    def commit(self, readings: Iterable[Reading]) -> Committed:
        """Take in readings, all or none."""
        now = self._clock()
        wanted = {reading.document.id: reading for reading in readings}
        changed, claims, retracted = [], 0, 0
        for reading in wanted.values():
            before = {claim.id: claim for claim in self._claims_of(reading.document.id)}
            told = tuple(_recorded(claim, before, now) for claim in _once(reading.claims))
            if before.keys() == {claim.id for claim in told} and self._is_same(reading):
                continue
            changed.append(replace(reading, claims=told))
            claims += sum(claim.id not in before for claim in told)
            retracted += len(before.keys() - {claim.id for claim in told})
        counts = Committed(len(changed), len(wanted) - len(changed), claims, retracted)
        return self._change(now, tuple(changed), (), counts) if changed else counts

    def forget(self, document: str) -> Committed:
        """Withdraw a document."""
        self._known(document)
        retracted = sum(1 for _ in self._claims_of(document))
        return self._change(self._clock(), (), (document,), Committed(1, 0, 0, retracted))

    def _change(
        self, now: str, readings: tuple[Reading, ...], forgotten: tuple[str, ...], counts: Committed
    ) -> Committed:
        if not self._hold.writable:
            raise StoreError("the store was opened for reading: open it with write=True to change it")
        record = {"at": now, "readings": [_reading_record(r) for r in readings], "forgotten": list(forgotten)}
        position = self._journal.append(record)
        come, gone = self._index.apply(Change(position, readings, forgotten))
        return replace(counts, edges_added=come, edges_removed=gone)

    def is_current(self, document: Document, reader: str) -> bool:
        """Whether the store holds this document as this reader read it."""
        return self._is_same(Reading(document, (), reader))

    def _is_same(self, reading: Reading) -> bool:
        if self._index.reader_of(reading.document.id) != reading.reader:
            return False
        known, new = self.document(reading.document.id), reading.document
        return replace(known, source="") == replace(new, source="")

    # ------------------------------------------------------------------------------ reading
    def documents(self) -> Iterator[Document]:
        """Yield the documents with their texts, in order of id."""
        for id_ in self._index.document_ids():
            yield self.document(id_)

    def document(self, id_: str) -> Document:
        """Return a document."""
        line = self._index.line_of(id_)
        if line is None:
            self._known(id_)
        found = (r["document"] for r in self._journal.read(line or 0)["readings"])
        return document_from(next(record for record in found if record["id"] == id_))

    def _known(self, id_: str) -> None:
        known = self._index.document_ids()
        if id_ not in known:
            hint = did_you_mean(id_, known) or (f" It holds {len(known)}, such as '{known[0]}'." if known else "")
            raise UnknownDocument(f"the store holds no document '{id_}'.{hint}")

    def _claims_of(self, document: str) -> Iterator[Claim]:
        if self._index.line_of(document) is not None:
            yield from self._index.claims(document, None)

    def claims(self, *, document: str | None = None, entity: str | None = None) -> Iterator[Claim]:
        """Yield the current claims."""
        if document is not None:
            self._known(document)
        return self._index.claims(document, entity)

    def claim(self, id_: str) -> Claim:
        """Return a current claim."""
        found = next(self._index.claim(id_), None)
        if found is None:
            raise StoreError(f"the store holds no claim '{id_}'")
        return found

    def history(self) -> Iterator[Claim]:
        """Yield every claim ever recorded, in the order of recording."""
        current: dict[str, dict[str, Claim]] = {}
        ended: list[Claim] = []
        for _, commit in self._journal.commits():
            readings = [_reading_from(record) for record in commit["readings"]]
            told = {r.document.id: {c.id: c for c in r.claims} for r in readings}
            for id_ in (*told, *commit["forgotten"]):
                before = current.pop(id_, {})
                gone = (claim for key, claim in before.items() if key not in told.get(id_, {}))
                ended += [replace(claim, retracted_at=commit["at"]) for claim in gone]
            current.update(told)
        live = [claim for claims in current.values() for claim in claims.values()]
        yield from sorted([*ended, *live], key=lambda c: (c.recorded_at or "", c.document, c.evidence[0].start, c.id))

    def entities(self) -> Iterator[Entity]:
        """Yield the entities, in order of id."""
        return self._index.entities()

    def query(self, sparql: str, bindings: Mapping[str, Any] = NO_BINDINGS) -> Any:
        """Answer SPARQL 1.1."""
        return self._index.query(sparql, bindings)

    def dataset(self) -> "rdflib.Dataset":
        """Return the graph as an `rdflib.Dataset` over the same data."""
        import rdflib
        from oxrdflib import OxigraphStore

        return rdflib.Dataset(store=OxigraphStore(store=self._index.store), default_union=True)

    def quads(self) -> Iterator[ox.Quad]:
        """Yield all data."""
        return self._index.quads()

    # ------------------------------------------------------------------------------ upkeep
    def is_in_step(self) -> bool:
        """Whether the index stands at the journal's last commit and is whole."""
        state, end = self._index.state(), self._journal.end
        if state.sequence != end.sequence or (end.sequence and state.hash != end.hash):
            return False
        return self._index.is_whole()

    def catch_up(self) -> bool:
        """Replay the commits that the index lacks; False where it is not the journal's, and must be made again."""
        state, end = self._index.state(), self._journal.end
        if state.sequence > end.sequence or not self._index.is_whole():
            return False
        for position, commit in self._journal.commits(max(state.sequence - 1, 0)):
            if position.sequence == state.sequence:
                if position.hash != state.hash:
                    return False
                continue
            readings = tuple(_reading_from(record) for record in commit["readings"])
            self._index.apply(Change(position, readings, tuple(commit["forgotten"])))
        return True


def _once(claims: Iterable[Claim]) -> Iterator[Claim]:
    yield from {claim.id: claim for claim in claims}.values()


def _recorded(claim: Claim, before: Mapping[str, Claim], now: str) -> Claim:
    known = before.get(claim.id)
    return replace(claim, recorded_at=now if known is None else known.recorded_at)


# ---------------------------------------------------------------------------------- opening
def open_store(
    path: str | Path | None, *, write: bool = False, base: str = BASE, clock: Callable[[], str] = utc_now
) -> Store:
    """Open the store in the folder `path`; None gives an empty one in memory.

    For reading, a store must be there, and many may read at once. For writing it is made where there
    is none (with `base` for its IRIs), and no other process may have it open. Raises `NotAStore`,
    `StoreInUse`, `StoreFull`, `JournalDamaged` or another `StoreError`, each with one line.
    """
    if path is None:
        return LocalStore(MemoryJournal({"base": base}), Index(ox.Store(), Names(base)), Hold(), clock)
    folder = Path(path)
    try:
        _prepare(folder, write=write, base=base)
        return _open(folder, write=write, clock=clock)
    except InvalidRecord as error:
        raise StoreError(f"{folder}: {error}") from error
    except OSError as error:
        raise translated(error, folder) from error


def _prepare(folder: Path, *, write: bool, base: str) -> None:
    """See that the folder is a store, or can become one; never touch one that holds something else."""
    if (folder / _JOURNAL).is_file():
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "is no folder" if not folder.is_dir() else f"holds other things and no {_JOURNAL}"
        raise NotAStore(f"{folder} {what}, so it is no store of kg: choose another place")
    if not write:
        raise StoreError(f"there is no store at {folder}: make one with 'kg build ARTICLES --store {folder}'")
    folder.mkdir(parents=True, exist_ok=True)
    FileJournal.begin(folder / _JOURNAL, {"base": base})


def _locked(folder: Path, *, write: bool) -> IO[bytes]:
    file = (folder / _JOURNAL).open("rb")
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if write else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        doing = "reading or writing" if write else "writing"
        raise StoreInUse(f"{folder} is in use: another process is {doing}; try again when it is done") from error
    return file


def _open(folder: Path, *, write: bool, clock: Callable[[], str]) -> LocalStore:
    lock = _locked(folder, write=write)
    try:
        journal = FileJournal(folder / _JOURNAL, write=write)
        names = Names(str(journal.header["base"]))
        store = _with_index(folder, journal, names, write=write)
        if store is None and not write:
            # A reader that finds the index behind mends it, alone, and then reads on.
            lock.close()
            journal.close()
            _open(folder, write=True, clock=clock).close()
            return _open(folder, write=False, clock=clock)
        index, notes = store if store is not None else _made_again(folder, journal, names)
    except BaseException:
        lock.close()
        raise
    return LocalStore(journal, index, Hold(lock, write, (*journal.notes, *notes)), clock)


def _with_index(
    folder: Path, journal: FileJournal, names: Names, *, write: bool
) -> tuple[Index, tuple[str, ...]] | None:
    """Open the index on disk and bring it up to date; None where it must be made again or mended by a writer."""
    place = folder / _INDEX
    if not (place / "CURRENT").is_file():
        return None
    try:
        index = Index(ox.Store(str(place)) if write else ox.Store.read_only(str(place)), names)
        store = LocalStore(journal, index, Hold())
        if store.is_in_step():
            return index, ()
        if write and store.catch_up():
            return index, ("the index was behind the journal and has caught up",)
    except (OSError, RuntimeError, ValueError, StopIteration):
        # Whatever RocksDB finds wrong with its files, the journal has all that they held.
        return None
    return None


def _made_again(folder: Path, journal: FileJournal, names: Names) -> tuple[Index, tuple[str, ...]]:
    """Make the index anew out of the journal, beside the old one, and put it in its place."""
    place = folder / _INDEX
    new = Path(tempfile.mkdtemp(prefix="index-", dir=folder))
    try:
        index = Index(ox.Store(str(new)), names)
        LocalStore(journal, index, Hold()).catch_up()
        index.store.flush()
        del index
        had = place.exists()
        shutil.rmtree(place, ignore_errors=True)
        new.replace(place)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        raise StoreFull(
            f"the index of {folder} cannot be made: {error.strerror or error}; free space or rights"
        ) from error
    notes = ("the index was damaged and has been made again from the journal",) if had else ()
    return Index(ox.Store(str(place)), names), notes
