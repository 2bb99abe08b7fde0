"""Opening a store, of whatever kind: in memory, in a folder, a dataset, behind an endpoint."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from kg import settings
from kg.dates import utc_now
from kg.errors import StoreError
from kg.ontology import BASE
from kg.store.api import Store
from kg.store.dataset import is_dataset, open_dataset
from kg.store.index import Index
from kg.store.iris import IriScheme
from kg.store.local import LocalStore
from kg.store.memory_journal import MemoryJournal
from kg.store.remote import is_endpoint, open_remote
from kg.store.replay import make
from kg.store.store_folder import open_folder

__all__ = ["open_store"]


def open_store(  # noqa: PLR0913 - what an opening may be told
    path: str | Path | None,
    *,
    write: bool = False,
    create: bool | None = None,
    base: str = BASE,
    clock: Callable[[], str] = utc_now,
    today: dt.date | None = None,
) -> Store:
    """Open the store in the folder `path`; None gives an empty one in memory.

    An address opens what stands behind a SPARQL endpoint (``https://…``), or a dataset in a bucket (``s3://…``).

    For reading, a store must be there, and many may read at once. For writing no other process may
    have it open. It is made where there is none if `create` says so, by default when writing; `base`
    is then the IRI below which it names things. The edges are moved to `today`, by default `kg.settings.today()`; where
    that cannot be done, because others read the store too, `notes` says for which day they stand. Raises
    `NotAStore`, `StoreInUse`, `StoreFull`, `JournalDamaged` or another `StoreError`, each with one line.
    """
    _check_base(base)
    day = settings.today() if today is None else today
    if path is None:
        return _in_memory(base, clock, day)
    if is_endpoint(path):
        return open_remote(str(path), write=write, base=base, clock=clock, today=day)
    make_new = write if create is None else create
    if is_dataset(path):
        return open_dataset(str(path), write=write, create=make_new, base=base, clock=clock, today=day)
    return open_folder(Path(path), write=write, create=make_new, base=base, clock=clock, today=day)


def _check_base(base: str) -> None:
    try:
        ox.NamedNode(base)
    except ValueError as error:
        raise StoreError(f"the base '{base}' is no IRI ({error}): write one such as {BASE}") from error
    if not base.endswith(("/", "#")):
        raise StoreError(f"the base '{base}' must end with / or #, so that names can follow it")


def _in_memory(base: str, clock: Callable[[], str], day: dt.date) -> Store:
    journal, index = MemoryJournal({"base": base}), Index(ox.Store(), IriScheme(base))
    make(journal, index, day)
    return LocalStore(journal, index, clock=clock)
