"""A store or its claims in the formats that other programs read.

`export` writes a store in a named format, `export_folder` in one that is a folder of files, `export_shards` as RDF in
parts for bulk loaders; `to_networkx` and `frame`
hand claims to networkx and pandas in the same process. `kg.export.reading` takes claims out of such files again.
"""

from kg.export.formats import FOLDERS, FORMATS, export, export_folder, export_shards, format_of
from kg.export.network import to_networkx
from kg.export.table import frame

__all__ = ["FOLDERS", "FORMATS", "export", "export_folder", "export_shards", "format_of", "frame", "to_networkx"]
