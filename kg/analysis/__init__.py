"""Questions that only a graph of companies can answer, as functions on claims.

Each takes claims, of a store or of a list of edges, and gives a `Result` of rows that name the claims they rest on:

>>> from kg.analysis import claims_of_edges, owners
>>> [str(row.net) for row in owners(claims_of_edges([("Alice", "Beta", 0.6)]), "Beta")]
['Interval(low=0.6, high=0.6)']
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.analysis.changes import changes
    from kg.analysis.circular import circular_deals
    from kg.analysis.clocks import Clocks
    from kg.analysis.common_owners import common_owners
    from kg.analysis.concentration import concentration, largest_customers
    from kg.analysis.control import control, ultimate_controllers
    from kg.analysis.dependence import dependence
    from kg.analysis.edges import claims_of_edges, read_edges
    from kg.analysis.explanation import paths
    from kg.analysis.groups import close_links, consolidation
    from kg.analysis.issues import issues
    from kg.analysis.measures import centrality, communities
    from kg.analysis.owners import beneficial_owners
    from kg.analysis.ownership import owners, portfolio
    from kg.analysis.records import Answer, Interval, Result
    from kg.analysis.registry import ANALYSES, analyse
    from kg.analysis.rivalry import frenemies
    from kg.analysis.shock import debt_rank, supply_cascade

__all__ = [
    "ANALYSES",
    "Answer",
    "Clocks",
    "Interval",
    "Result",
    "analyse",
    "beneficial_owners",
    "centrality",
    "changes",
    "circular_deals",
    "claims_of_edges",
    "close_links",
    "common_owners",
    "communities",
    "concentration",
    "consolidation",
    "control",
    "debt_rank",
    "dependence",
    "frenemies",
    "issues",
    "largest_customers",
    "owners",
    "paths",
    "portfolio",
    "read_edges",
    "supply_cascade",
    "ultimate_controllers",
]

_HOMES = {
    **dict.fromkeys(("ANALYSES", "analyse"), "registry"),
    **dict.fromkeys(("Answer", "Interval", "Result"), "records"),
    **dict.fromkeys(("centrality", "communities"), "measures"),
    **dict.fromkeys(("claims_of_edges", "read_edges"), "edges"),
    **dict.fromkeys(("close_links", "consolidation"), "groups"),
    **dict.fromkeys(("concentration", "largest_customers"), "concentration"),
    **dict.fromkeys(("control", "ultimate_controllers"), "control"),
    **dict.fromkeys(("debt_rank", "supply_cascade"), "shock"),
    **dict.fromkeys(("owners", "portfolio"), "ownership"),
    "Clocks": "clocks",
    "beneficial_owners": "owners",
    "changes": "changes",
    "circular_deals": "circular",
    "common_owners": "common_owners",
    "dependence": "dependence",
    "frenemies": "rivalry",
    "issues": "issues",
    "paths": "explanation",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and its libraries, when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kg.analysis' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"kg.analysis.{_HOMES[name]}"), name)


class _Package(ModuleType):
    """The package itself: a name that a module and its function share means the function, whatever is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
