"""The store: a checksummed journal is the truth, an RDF graph over it is what is asked; or an endpoint's graph."""

from kg.store.api import NO_BINDINGS, Committed, Reading, Store
from kg.store.checks import Report, Violation, check, verify
from kg.store.columns import Columns, table_of
from kg.store.copies import Copies
from kg.store.following import Follower, Snapshot
from kg.store.keeping import Lost, Saved, backup, migrate, restore, salvage
from kg.store.local import utc_now
from kg.store.opening import open_store
from kg.store.remote import is_address, without_secrets
from kg.store.sparql import ALL, Scope
from kg.store.updating import Annotated

__all__ = [
    "ALL",
    "NO_BINDINGS",
    "Annotated",
    "Columns",
    "Committed",
    "Copies",
    "Follower",
    "Lost",
    "Reading",
    "Report",
    "Saved",
    "Scope",
    "Snapshot",
    "Store",
    "Violation",
    "backup",
    "check",
    "is_address",
    "migrate",
    "open_store",
    "restore",
    "salvage",
    "table_of",
    "utc_now",
    "verify",
    "without_secrets",
]
