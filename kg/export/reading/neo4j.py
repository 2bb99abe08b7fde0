"""The claims of a folder of Neo4j's CSV that kg wrote."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import DocumentError, InvalidRecord
from kg.export.escapes import unescaped
from kg.export.neo4j import ARRAYS, FILES, MANIFEST, header
from kg.export.properties import Kind, claim_of, entity_of, node_kinds, parsed
from kg.export.reading.contract import check_format
from kg.export.reading.rows import document_of, figure_of
from kg.importers.contract import RecordReject
from kg.model import Claim, Document, Entity, Figure

__all__ = ["Neo4jFolder"]

_LONGEST = 1 << 24
"""Characters of a cell: no text of a claim has so many."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a file: the line on which it ends, its ids as they are written, and its properties as texts."""

    file: str
    line: int
    ids: list[str]
    texts: Mapping[str, str]

    def properties(self) -> dict[str, Any]:
        """Return what the row says, each as what it is; a node's id is one of them."""
        kinds = FILES[self.file][1]
        kinds = node_kinds() if kinds is None else kinds
        lists = {name: tuple(self.texts[name].split(ARRAYS)) for name in self.texts if kinds.get(name) is Kind.TEXTS}
        letters = unescaped({**self.texts, **lists, "id": self.ids[0]})
        return {
            name: value if name == "id" or isinstance(value, tuple) else parsed(name, kinds[name], value)
            for name, value in letters.items()
        }


class Neo4jFolder:
    """A folder of CSV files: see `kg.export.reading.contract`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._documents: dict[str, Document] = {}

    def document(self, id_: str) -> Document | None:
        """Return what documents.csv tells of a document."""
        return self._documents.get(id_)

    def notes(self) -> Iterator[str]:
        """Yield nothing: the files hold what kg wrote, or are refused."""
        return iter(())

    def claims(self) -> Iterator[Claim | RecordReject]:
        """Yield the claims that the relationships are, those of figures last."""
        self._check()
        for row in self._rows("documents.csv"):
            document = self._node(row, document_of)
            self._documents[document.id] = document
        entities = {row.ids[0]: self._node(row, entity_of) for row in self._rows("entities.csv")}
        for number, row in enumerate(self._rows("claims.csv"), 1):
            yield self._claim(number, row, entities, entities.get(row.ids[1]))
        figures = self._rows("figures.csv")
        for number, row in enumerate(self._rows("figure_claims.csv"), 1):
            # They are written together, and so in one order.
            node = next(figures, None)
            figure = None if node is None or node.ids[0] != row.ids[1] else self._node(node, figure_of)
            yield self._claim(number, row, entities, figure)

    def _check(self) -> None:
        try:
            told = json.loads(self._path.joinpath(MANIFEST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise DocumentError(f"{self._path} is no folder that kg exported: {MANIFEST} cannot be read") from error
        check_format(self._path, told.get("format") if isinstance(told, dict) else None, "a folder of CSV files")

    def _rows(self, name: str) -> Iterator[_Row]:
        path, fields = self._path / name, header(name)
        first = sum(1 for field in fields if "ID(" in field)
        names = [field.partition(":")[0] for field in fields[first:-1]]
        try:
            with path.open(encoding="utf-8", newline="") as stream:
                reader = csv.reader(stream, strict=True)
                rows = _long_rows(reader)
                if next(rows, None) != fields:
                    raise DocumentError(f"{path}: the header is not that which kg writes")
                for cells in rows:
                    if len(cells) != len(fields):
                        raise DocumentError(
                            f"{path}, line {reader.line_num}: has {len(cells)} cells, not {len(fields)}"
                        )
                    told = zip(names, cells[first:-1], strict=True)
                    yield _Row(name, reader.line_num, cells[:first], {key: cell for key, cell in told if cell})
        except (csv.Error, UnicodeDecodeError) as error:
            raise DocumentError(f"{path}: is no whole CSV file: {error}") from error
        except OSError as error:
            raise DocumentError(f"{path} cannot be read: {error.strerror}") from error

    def _node(self, row: _Row, made: Any) -> Any:
        try:
            properties = row.properties()
            return made(str(properties.pop("id")), properties)
        except InvalidRecord as error:
            raise DocumentError(f"{self._path / row.file}, line {row.line}: {error}") from error

    def _claim(
        self, number: int, row: _Row, entities: Mapping[str, Entity], object_: Entity | Figure | None
    ) -> Claim | RecordReject:
        subject = entities.get(row.ids[0])
        if subject is None or object_ is None:
            reason = "goes from or to a node that is not there"
            return RecordReject(number, row.line, f"{row.file}, claim", row.texts.get("claim", ""), reason)
        try:
            return claim_of(row.properties(), subject, object_)
        except InvalidRecord as error:
            return RecordReject(number, row.line, f"{row.file}, claim", row.texts.get("claim", ""), f"– {error}")


def _long_rows(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield rows whose cells may be as long as a document.

    The limit is one for all readers of a process: it is raised for each row alone, as several files are read at once.
    """
    while True:
        limit = csv.field_size_limit(_LONGEST)
        try:
            row = next(reader, None)
        finally:
            csv.field_size_limit(limit)
        if row is None:
            return
        yield row
