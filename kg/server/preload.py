"""What every worker needs; the process that they are forked from imports it once."""

from contextlib import suppress

import kg.catalogue
import kg.graph
import kg.mcp.calls
import kg.view
from kg.ontology import ontology
from kg.server.worker import serve

__all__ = ["serve"]

ontology()
kg.catalogue.listing()
for _optional in ("datasketch", "duckdb", "igraph", "networkx", "numpy", "pyarrow"):
    with suppress(ImportError):
        __import__(_optional)
