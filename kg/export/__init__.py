"""A store or its claims in the formats that other programs read.

`export` writes a store in a named format; `to_networkx` and `frame` hand claims to networkx and
pandas in the same process.
"""

from kg.export.formats import FORMATS, export, format_of
from kg.export.network import to_networkx
from kg.export.table import frame

__all__ = ["FORMATS", "export", "format_of", "frame", "to_networkx"]
