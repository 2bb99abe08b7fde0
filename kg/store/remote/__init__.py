"""A graph behind a SPARQL 1.1 endpoint: any engine that answers from the union of its graphs, or can be told to."""

from kg.store.remote.connection import open_remote
from kg.store.remote.endpoint import is_endpoint, without_secrets
from kg.store.remote.http import HttpLimits
from kg.store.remote.store import RemoteStore

__all__ = ["HttpLimits", "RemoteStore", "is_endpoint", "open_remote", "without_secrets"]
