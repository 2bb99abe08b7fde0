"""The store: a checksummed journal is the truth, an RDF graph over it is what is asked; or an endpoint's graph."""

from kg.dates import utc_now
from kg.store.api import NO_BINDINGS, CommitResult, DocumentClaims, Store
from kg.store.backups import backup, migrate, restore, salvage
from kg.store.checks import CheckReport, Violation, check, verify
from kg.store.columns import Columns, table_of
from kg.store.journal_walk import DamagedLine, SalvageReport
from kg.store.judging import as_read, close_document, closed, judge, reading_now, unmatched
from kg.store.narrowed import NarrowedFolder
from kg.store.near_duplicates import NearDuplicates
from kg.store.opening import open_store
from kg.store.remote import is_endpoint, without_secrets
from kg.store.replica import IndexSnapshot, Replica
from kg.store.selected import select, whole_of
from kg.store.selection import EVERYTHING, Selection
from kg.store.sparql import ALL, Scope
from kg.store.user_graphs import UpdateResult

__all__ = [
    "ALL",
    "EVERYTHING",
    "NO_BINDINGS",
    "CheckReport",
    "Columns",
    "CommitResult",
    "DamagedLine",
    "DocumentClaims",
    "IndexSnapshot",
    "NarrowedFolder",
    "NearDuplicates",
    "Replica",
    "SalvageReport",
    "Scope",
    "Selection",
    "Store",
    "UpdateResult",
    "Violation",
    "as_read",
    "backup",
    "check",
    "close_document",
    "closed",
    "is_endpoint",
    "judge",
    "migrate",
    "open_store",
    "reading_now",
    "restore",
    "salvage",
    "select",
    "table_of",
    "unmatched",
    "utc_now",
    "verify",
    "whole_of",
    "without_secrets",
]
