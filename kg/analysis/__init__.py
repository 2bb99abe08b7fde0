"""Questions that only a graph of companies can answer, as functions on claims.

Each takes claims, of a store or of a list of edges, and gives a `Result` of rows that name the claims they rest on:

>>> from kg.analysis import claims_of_edges, owners
>>> [str(row.net) for row in owners(claims_of_edges([("Alice", "Beta", 0.6)]), "Beta")]
['Interval(low=0.6, high=0.6)']

ownership       shares along chains, control, owners, groups
deals           circles of money, concentration, rivals that are tied
shocks          whom a failure reaches
network         paths, centralities, communities
history         what changed between two dates
records         what all answer with, as data; `results` has its tables, text, plots and graphs
registry        the analyses by name, as ``kg analyse`` and notebooks call them
"""

from typing import TYPE_CHECKING, Any

from kg.renamed import ANALYSIS_NAMES, warn_of_old_name

if TYPE_CHECKING:
    from kg.analysis.deals.circular import circular_deals
    from kg.analysis.deals.common_owners import common_owners
    from kg.analysis.deals.concentration import concentration, largest_customers
    from kg.analysis.deals.dependence import dependence
    from kg.analysis.deals.frenemies import frenemies
    from kg.analysis.history.changes import changes
    from kg.analysis.network.measures import centrality, communities
    from kg.analysis.network.paths import paths
    from kg.analysis.ownership.control import control, ultimate_controllers
    from kg.analysis.ownership.groups import close_links, consolidation
    from kg.analysis.ownership.issues import issues
    from kg.analysis.ownership.owners import beneficial_owners
    from kg.analysis.ownership.sanctions import owned_by_listed
    from kg.analysis.ownership.shares import owners, portfolio
    from kg.analysis.ownership.structure import group_structure
    from kg.analysis.registry import ANALYSES, analyse
    from kg.analysis.results.result import Result
    from kg.analysis.shocks.debtrank import debt_rank, supply_cascade
    from kg.facts import AsOf, Interval, TriState
    from kg.importers.edges.reading import claims_of_edges, read_edges

__all__ = [
    "ANALYSES",
    "AsOf",
    "Interval",
    "Result",
    "TriState",
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
    "group_structure",
    "issues",
    "largest_customers",
    "owned_by_listed",
    "owners",
    "paths",
    "portfolio",
    "read_edges",
    "supply_cascade",
    "ultimate_controllers",
]

_HOMES = {
    **dict.fromkeys(("ANALYSES", "analyse"), "registry"),
    **dict.fromkeys(("centrality", "communities"), "network.measures"),
    **dict.fromkeys(("close_links", "consolidation"), "ownership.groups"),
    **dict.fromkeys(("concentration", "largest_customers"), "deals.concentration"),
    **dict.fromkeys(("control", "ultimate_controllers"), "ownership.control"),
    **dict.fromkeys(("debt_rank", "supply_cascade"), "shocks.debtrank"),
    **dict.fromkeys(("owners", "portfolio"), "ownership.shares"),
    "Result": "results.result",
    "beneficial_owners": "ownership.owners",
    "changes": "history.changes",
    "circular_deals": "deals.circular",
    "common_owners": "deals.common_owners",
    "dependence": "deals.dependence",
    "frenemies": "deals.frenemies",
    "group_structure": "ownership.structure",
    "issues": "ownership.issues",
    "owned_by_listed": "ownership.sanctions",
    "paths": "network.paths",
}

_ELSEWHERE = {
    **dict.fromkeys(("AsOf", "Interval", "TriState"), "kg.facts"),
    **dict.fromkeys(("claims_of_edges", "read_edges"), "kg.importers.edges.reading"),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for, and its libraries, when it is first asked for."""
    if name in ANALYSIS_NAMES:
        warn_of_old_name(f"kg.analysis.{name}", ANALYSIS_NAMES[name])
        name = ANALYSIS_NAMES[name]
    if name not in _HOMES and name not in _ELSEWHERE:
        raise AttributeError(f"module 'kg.analysis' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_ELSEWHERE.get(name) or f"kg.analysis.{_HOMES[name]}"), name)
