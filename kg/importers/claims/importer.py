"""A list of own claims as an importer: read once, a chunk at a time, the rows of one origin together."""

import csv
import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO, get_args

from kg.documents.encoding import encoding_of
from kg.errors import DocumentError, EdgeListError, did_you_mean
from kg.importers.claims.columns import renamed_columns
from kg.importers.claims.drafts import LANG, Draft, Origin, draft_of
from kg.importers.claims.lines import rows_of_lines
from kg.importers.claims.spelling import plain_row
from kg.importers.contract import Chunk
from kg.importers.edges.reading import UNITS, Unit
from kg.importers.edges.rows import ListText, RawRow, delimiter_of, rows_of
from kg.model import Document, Tier

__all__ = ["DECIMALS", "METHOD", "ROWS", "ClaimImporter", "DecimalMark"]

METHOD = "claims/1"
"""What reads the rows; its number changes where the same row becomes another claim."""
ROWS = 1000
"""Rows read at once: what an interruption can cost."""
DecimalMark = Literal["auto", "point", "comma"]
DECIMALS = get_args(DecimalMark)
_NO_COLUMNS: Mapping[str, str] = {}
_LOOKED_AT = 1 << 16


class ClaimImporter:
    """The own claims of a CSV file or of JSON lines: see `kg.importers.contract`.

    A claim has its author (the row's, else `author`) as its reader, and stands in a document of the rows that name the
    same source, author and date; the documents are called NAME/000001 and so on. `columns` give the list's own names
    of columns what they mean, "" to leave one out. `decimal` is the mark of decimals: by default a comma where
    semicolons separate the cells, as spreadsheets write where a comma is the mark, else a point. `unit` says what the
    column ``share`` has.
    """

    def __init__(  # noqa: PLR0913 - what a list may need to be told
        self,
        path: str | Path,
        author: str,
        *,
        name: str | None = None,
        tier: Tier = Tier.OWN_NOTE,
        columns: Mapping[str, str] = _NO_COLUMNS,
        decimal: DecimalMark = "auto",
        unit: Unit = "fraction",
        encoding: str | None = None,
    ) -> None:
        if unit not in UNITS or decimal not in DECIMALS:
            raise EdgeListError(
                f"'{unit}', '{decimal}': the unit is {' or '.join(UNITS)}, the mark {', '.join(DECIMALS)}"
            )
        if not author.strip():
            raise EdgeListError("own claims need an author: say who says so")
        self._path, self._author, self._tier = Path(path), author.strip(), tier
        # Two people's lists may be called alike, and so may a list of edges.
        self._name = name or f"{self._author}/{self._path.name}"
        self._columns, self._decimal, self._unit = renamed_columns(columns), decimal, unit
        self._encoding, self._text = encoding, ListText(is_kept=False)
        self._keys: dict[str, bool] = {}

    def document_id(self, number: int) -> str:
        """Return the id of the document that a chunk is; chunks count from 1."""
        return f"{self._name}/{number:06}"

    def notes(self) -> Iterator[str]:
        """Yield what was left out of a list that was read, a sentence each."""
        left = [column for column in self._header() if self._columns.found([column])[0].get(column) == ""]
        left += [key for key, is_left_out in self._keys.items() if is_left_out]
        if left:
            yield f"of {self._path.name} these columns are left out: {', '.join(left)}"
        # Each line has keys of its own, so that only the whole list shows that a name is nowhere.
        for lost in sorted(self._columns.renamed.keys() - self._keys.keys()) if self._keys else ():
            yield f"no line of {self._path.name} has '{lost}', which is to be read.{did_you_mean(lost, self._keys)}"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the list chunk by chunk.

        Raises `EdgeListError` where the header does not hold, and `DocumentError` for a file that cannot be read.
        """
        number = itertools.count(1)
        with self._opened() as handle:
            drafts = self._drafts(handle)
            while batch := list(itertools.islice(drafts, ROWS)):
                groups: dict[Origin, list[Draft]] = {}
                for draft in batch:
                    groups.setdefault(draft.origin, []).append(draft)
                yield from (self._chunk(next(number), origin, group) for origin, group in groups.items())

    def _drafts(self, handle: TextIO) -> Iterator[Draft]:
        is_comma: bool | None = None
        for row in self._rows(handle):
            if is_comma is None:
                is_comma = self._decimal == "comma" or (self._decimal == "auto" and self._is_by_semicolon())
            plain = plain_row(row, is_comma=is_comma)
            yield draft_of(plain, self._columns, percent=self._unit == "percent", author=self._author, tier=self._tier)

    def _is_by_semicolon(self) -> bool:
        return delimiter_of(self._text.header) == ";"

    def _header(self) -> list[str]:
        rows: Iterable[list[str]] = csv.reader([self._text.header], delimiter=delimiter_of(self._text.header))
        return [cell.strip().removeprefix("\ufeff") for row in rows for cell in row]

    def _rows(self, handle: TextIO) -> Iterator[RawRow]:
        start = handle.read(_LOOKED_AT).lstrip("\ufeff \t\r\n")
        handle.seek(0)
        if start.startswith("{"):
            return rows_of_lines(handle, self._columns, self._keys)
        return rows_of(handle, self._path.name, self._text, self._columns)

    @contextmanager
    def _opened(self) -> Iterator[TextIO]:
        try:
            encoding = self._encoding
            if encoding is None:
                with self._path.open("rb") as data:
                    encoding = encoding_of(data, str(self._path))
            with self._path.open(encoding=encoding, newline="") as handle:
                yield handle
        except (OSError, UnicodeError, LookupError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise DocumentError(f"{self._path} cannot be read: {reason}; give CSV or JSON lines as text") from error

    def _chunk(self, number: int, origin: Origin, drafts: list[Draft]) -> Chunk:
        id_, header = self.document_id(number), f"{self._text.header}"
        parts, claims, size = [header], [], len(header)
        for draft in drafts:
            claim = draft.claim(id_, size)
            claims += [] if claim is None else [claim]
            parts.append(f"{draft.row.text}\n")
            size += len(parts[-1])
        document = Document(
            id_,
            "".join(parts),
            LANG,
            origin.known_from,
            title=f"{origin.source or self._name}, noted by {origin.author}",
            url=origin.source if origin.source.startswith(("http://", "https://")) else None,
            source=str(self._path),
            tier=origin.tier,
        )
        rejected = tuple(each for draft in drafts for each in draft.fields.rejected)
        # What a row becomes depends on the registry too: where its claims are others, the reader is another.
        digest = hashlib.sha256("".join(claim.id for claim in claims).encode()).hexdigest()[:16]
        return Chunk(document, tuple(claims), rejected, len(drafts), f"{METHOD} {digest}")
