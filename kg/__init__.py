"""kg: a company relationship knowledge graph out of news, every edge with its sentence.

>>> import kg
>>> graph = kg.open()                                  # in memory; a path keeps it on disk
>>> graph.read("Nvidia owns a 6% stake in CoreWeave.", lang="en")
1
>>> [(claim.subject.name, claim.relation, claim.object.name) for claim in graph.claims()]
[('Nvidia', 'holds-stake', 'CoreWeave')]
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.facts import NO_CUTOFF, AsOf
    from kg.graph import Graph, examples, open  # noqa: A004 - kg.open reads as what it does

__all__ = ["NO_CUTOFF", "AsOf", "Graph", "__version__", "examples", "open"]

__version__ = "0.1.0"

_HOMES = {
    **dict.fromkeys(("Graph", "examples", "open"), "kg.graph"),
    **dict.fromkeys(("NO_CUTOFF", "AsOf"), "kg.facts"),
}


def __getattr__(name: str) -> object:
    """Load the graph's class and its libraries when they are first asked for, so that `import kg` is cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    from importlib import import_module

    member: object = getattr(import_module(_HOMES[name]), name)
    return member


def __dir__() -> list[str]:
    return sorted(__all__)
