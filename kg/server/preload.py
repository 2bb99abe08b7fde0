"""What every worker needs, loaded once, in the process that they are forked from."""

import kg.query
import kg.view
from kg.ontology import ontology
from kg.server.worker import serve

__all__ = ["serve"]

ontology()
kg.query.catalogue()
