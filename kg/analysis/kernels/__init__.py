"""The inner loops of the analyses, over arrays; nothing here knows of claims.

A graph of n nodes stands in compressed rows: the neighbours of node u are ``to[start[u]:start[u + 1]]``. Indices are
int64 throughout. Each kernel is plain Python; `fast` compiles it where the input is large.
"""

from kg.analysis.kernels.compiling import Flags, Floats, Ints, fast
from kg.analysis.kernels.control import controlled
from kg.analysis.kernels.cycles import typed_cycles
from kg.analysis.kernels.parts import reached, strong_parts, weak_parts
from kg.analysis.kernels.rows import Rows, rows_of
from kg.analysis.kernels.shares import better_chosen, most_reached, settle, spread

__all__ = [
    "Flags",
    "Floats",
    "Ints",
    "Rows",
    "better_chosen",
    "controlled",
    "fast",
    "most_reached",
    "reached",
    "rows_of",
    "settle",
    "spread",
    "strong_parts",
    "typed_cycles",
    "weak_parts",
]
