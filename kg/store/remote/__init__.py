"""A graph behind a SPARQL 1.1 endpoint: any engine that answers from the union of its graphs, or can be told to."""

from kg.store.remote.address import is_address, without_secrets
from kg.store.remote.opening import open_remote
from kg.store.remote.store import RemoteStore
from kg.store.remote.wire import Limits

__all__ = ["Limits", "RemoteStore", "is_address", "open_remote", "without_secrets"]
