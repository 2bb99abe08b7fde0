"""The inner loops of the analyses, over arrays; nothing here knows of claims.

A graph of n nodes stands in compressed rows: the neighbours of node u are ``to[start[u]:start[u + 1]]``. Indices are
int64 throughout. Each kernel is plain Python; `fast` compiles it where the input is large.
"""

from kg.analysis.kernels.compilation import Flags, Floats, Ints, fast
from kg.analysis.kernels.components import reached, strong_components, weak_components
from kg.analysis.kernels.control import controlled
from kg.analysis.kernels.csr import CsrGraph, csr_graph
from kg.analysis.kernels.cycles import typed_cycles
from kg.analysis.kernels.shares import better_chosen, most_reached, settle, spread

__all__ = [
    "CsrGraph",
    "Flags",
    "Floats",
    "Ints",
    "better_chosen",
    "controlled",
    "csr_graph",
    "fast",
    "most_reached",
    "reached",
    "settle",
    "spread",
    "strong_components",
    "typed_cycles",
    "weak_components",
]
