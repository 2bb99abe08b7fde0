"""Claims out of files that kg exported: the same claims again, and into a graph.

`exported` opens such a file or folder, whatever its format, and `take_in` takes its claims into a store. ``kg import``
does both.
"""

from kg.export.reading.contract import ExportFile, read_claims
from kg.export.reading.files import READABLE, exported, recognised
from kg.export.reading.taking_in import take_in

__all__ = ["READABLE", "ExportFile", "exported", "read_claims", "recognised", "take_in"]
