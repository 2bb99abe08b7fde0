"""Which format a file or folder has that kg exported, and what reads it."""

from collections.abc import Callable
from pathlib import Path

from kg.errors import DocumentError
from kg.export.neo4j import MANIFEST
from kg.export.parquet import CLAIMS
from kg.export.reading.contract import ExportFile
from kg.export.reading.graphml import GraphmlFile
from kg.export.reading.json_lines import JsonLinesFile
from kg.export.reading.neo4j import Neo4jFolder
from kg.export.reading.parquet import ParquetFile
from kg.export.reading.rdf import SERIALISATIONS, RdfFile
from kg.ontology import NAMESPACE

__all__ = ["READABLE", "exported", "recognised"]

READABLE = "JSON lines, RDF 1.1 and 1.2, GraphML, Parquet, a folder of Neo4j's CSV"
"""The formats that are read back, as a user is told of them."""
_HEAD = 1 << 16


def recognised(path: Path) -> Callable[[Path], ExportFile] | None:
    """Return what reads a file or a folder that kg exported; None where it is none. Raises `DocumentError`."""
    if path.is_dir():
        if (path / MANIFEST).is_file():
            return Neo4jFolder
        return ParquetFile if (path / CLAIMS).is_file() else None
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror}") from error
    if head.startswith(b"PAR1"):
        return ParquetFile
    if b"<graphml" in head:
        return GraphmlFile
    if head.lstrip().startswith(b"{") and b'"kg-claims/' in head.partition(b"\n")[0]:
        return JsonLinesFile
    # Registers give RDF, too.
    return RdfFile if path.suffix.lower() in SERIALISATIONS and NAMESPACE.encode() in head else None


def exported(path: str | Path) -> ExportFile:
    """Return a file or a folder that kg exported, for reading; raise `DocumentError` where it is none."""
    path = Path(path)
    if not path.exists():
        raise DocumentError(f"there is no file '{path}'")
    reader = recognised(path)
    if reader is None:
        raise DocumentError(f"{path} is nothing that kg exported and reads back ({READABLE})")
    return reader(path)
