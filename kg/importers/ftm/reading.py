"""The entities of a FollowTheMoney file, one at a time: JSON lines, a JSON array, or statements as CSV."""

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import DocumentError
from kg.importers.csv_rows import CsvRow, csv_rows
from kg.importers.ftm.proxies import Proxy, proxies_of, proxy_of_rows
from kg.importers.json_elements import json_elements, loaded
from kg.importers.packed import lines_of, unpacked
from kg.importers.record_chunks import BadRecord
from kg.importers.record_index import Piece
from kg.importers.registers import head_of
from kg.places import PlaceKind

__all__ = ["Fragment", "FtmFile"]

_ARRAY = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\[")
_OBJECT = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\{")
_NEEDED = {"prop", "schema", "value"}
_ROWS = 10_000
"""Statements of one entity in a row that are taken together."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of an entity: the key of the record that it is of, its text, and what it says, or why it does not hold.

    `aliases` are other ids of the entity.
    """

    key: str
    piece: Piece
    proxy: Proxy | None
    reject: BadRecord | None = None
    aliases: tuple[str, ...] = ()


class FtmFile:
    """A file of FollowTheMoney; which form it has is told by how it begins."""

    def __init__(self, path: Path) -> None:
        self._path = path
        head = head_of(path)
        self._is_array, self._is_json = bool(_ARRAY.match(head)), bool(_OBJECT.match(head) or _ARRAY.match(head))
        self.header = ""

    def fragments(self) -> Iterator[Fragment]:
        """Yield the parts of entities in the order of the file.

        Raises `DocumentError` for a file that is neither, or is cut off.
        """
        if self._is_json:
            for piece, value in self._values():
                yield from _fragments(piece, value)
        else:
            yield from self._statements()

    def proxy(self, pieces: Sequence[Piece]) -> Proxy:
        """Return the entity that pieces are of, read again."""
        proxies = [self._proxy(piece) for piece in pieces]
        proxy = proxies[0]
        for other in proxies[1:]:
            proxy = proxy.joined(other)
        return proxy

    def _proxy(self, piece: Piece) -> Proxy:
        if self._is_json:
            return next(proxies_of(loaded(piece.text)))[0]
        return proxy_of_rows(csv.DictReader(io.StringIO(f"{self.header}\n{piece.text}", newline="")))

    def _values(self) -> Iterator[tuple[Piece, Any]]:
        with unpacked(self._path) as stream:
            if self._is_array:
                for row, element in enumerate(json_elements(stream, self._path), 1):
                    yield Piece(row, element.line, PlaceKind.POINTER, element.pointer, element.text), element.value
                return
            for number, line in enumerate(lines_of(stream, self._path), 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
                if text:
                    piece = Piece(number, number, PlaceKind.LINE, str(number), text)
                    yield piece, self._value(line, number)

    def _value(self, line: bytes, number: int) -> Any:
        try:
            return loaded(line.decode("utf-8-sig"))
        except ValueError as error:
            if not line.endswith(b"\n"):
                raise DocumentError(f"{self._path}, line {number}: is cut off, or no JSON: {error}") from error
            return None

    def _statements(self) -> Iterator[Fragment]:
        with unpacked(self._path) as stream:
            rows = csv_rows(stream, self._path)
            for (dataset, id_), group in itertools.groupby(rows, _owner):
                while batch := list(itertools.islice(group, _ROWS)):
                    self.header = batch[0].header
                    yield self._of_rows(dataset, id_, batch)

    def _of_rows(self, dataset: str, id_: str, rows: list[CsvRow]) -> Fragment:
        first = rows[0]
        text = "\n".join(row.text for row in rows)
        piece = Piece(first.number, first.line, PlaceKind.LINE, str(first.line), text, len(rows))
        key = f"{dataset}/{id_}" if dataset else id_
        if first.wrong is not None:
            return Fragment(key, piece, None, BadRecord("row", first.text, first.wrong))
        if _NEEDED - first.cells.keys():
            columns = ", ".join(sorted(_NEEDED))
            raise DocumentError(f"{self._path} is no list of statements: it has no columns {columns}")
        aliases = {row.cells.get("entity_id", "") for row in rows} - {"", id_}
        try:
            proxy = proxy_of_rows(row.cells for row in rows)
        except BadRecord as error:
            return Fragment(key, piece, None, error)
        return Fragment(key, piece, proxy, aliases=tuple(sorted(aliases)))


def _owner(row: CsvRow) -> tuple[str, str]:
    if row.wrong is not None:
        # Each a reject of its own.
        return "", f"row {row.number}"
    return row.cells.get("dataset", ""), row.cells.get("canonical_id") or row.cells.get("entity_id", "")


def _fragments(piece: Piece, value: Any) -> Iterator[Fragment]:
    if value is None:
        yield Fragment("", piece, None, reject=BadRecord("line", piece.text, "is no JSON, or not in UTF-8"))
        return
    try:
        proxies = list(proxies_of(value))
    except BadRecord as error:
        yield Fragment("", piece, None, reject=error)
        return
    for proxy, text in proxies:
        yield Fragment(proxy.id, piece if text is None else replace(piece, text=text, rows=0), proxy)
