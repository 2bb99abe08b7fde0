"""The store: a checksummed journal is the truth, an RDF graph over it is what is asked; or an endpoint's graph."""

from kg.store.api import Committed, Reading, Store
from kg.store.checks import Report, Violation, check
from kg.store.copies import Copies
from kg.store.local import utc_now
from kg.store.opening import open_store
from kg.store.remote import is_address, without_secrets

__all__ = [
    "Committed",
    "Copies",
    "Reading",
    "Report",
    "Store",
    "Violation",
    "check",
    "is_address",
    "open_store",
    "utc_now",
    "without_secrets",
]
