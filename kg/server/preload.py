"""What every worker needs; the process that they are forked from imports it once."""

from contextlib import suppress

import kg.query
import kg.view
from kg.ontology import ontology
from kg.server.worker import serve

__all__ = ["serve"]

ontology()
kg.query.catalogue()
for _optional in ("datasketch", "duckdb", "pyarrow"):
    with suppress(ImportError):
        __import__(_optional)
