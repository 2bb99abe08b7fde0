"""A CSV file of edges as an importer: read twice, once for its names and once for its claims, a chunk at a time."""

import itertools
from collections.abc import Iterator
from pathlib import Path

from kg.errors import EdgeListError
from kg.importers.contract import Chunk
from kg.importers.edges.drafts import LANG, METHOD, Draft, claim_of, draft_of
from kg.importers.edges.names import Names
from kg.importers.edges.reading import UNITS, Unit
from kg.importers.edges.rows import ListText, rows_of
from kg.model import Document, Tier

__all__ = ["ROWS", "EdgeImporter"]

ROWS = 1000
"""Rows in a chunk: what an interruption can cost, and what a changed row has read again."""


class EdgeImporter:
    """The edges of a CSV file, by the columns of `kg.importers.edges.columns.COLUMNS`: see `kg.importers.contract`.

    `name` is that of the documents, by default the file's; they are called NAME/000001 and so on, each with the
    header and some rows. `unit` says what shares are, a fraction of 0–1 or a percentage, `tier` what kind of source the
    list is.
    """

    def __init__(
        self, path: str | Path, *, name: str | None = None, unit: Unit = "fraction", tier: Tier | None = None
    ) -> None:
        if unit not in UNITS:
            raise EdgeListError(f"no unit '{unit}': shares are a 'fraction' (0 to 1) or a 'percent' (0 to 100)")
        self._path, self._name, self._unit, self._tier = Path(path), name or Path(path).name, unit, tier

    def document_id(self, number: int) -> str:
        """Return the id of the document that a chunk is; chunks count from 1."""
        return f"{self._name}/{number:06}"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the list chunk by chunk.

        Raises `EdgeListError` where the header does not hold, and `DocumentError` for a file that cannot be read.
        """
        with Names() as names:
            for draft in self._drafts(ListText(is_kept=False)):
                draft.add_names(names)
            names.settle()
            reader = f"{METHOD} {self._unit} {names.fingerprint()}"
            text = ListText()
            drafts = self._drafts(text)
            for number in itertools.count(1):
                batch = list(itertools.islice(drafts, ROWS))
                if not batch:
                    return
                yield self._chunk(number, batch, text.cut(), names, reader)

    def _drafts(self, text: ListText) -> Iterator[Draft]:
        return (draft_of(row, percent=self._unit == "percent") for row in rows_of(self._path, self._name, text))

    def _chunk(self, number: int, drafts: list[Draft], text: str, names: Names, reader: str) -> Chunk:
        id_ = self.document_id(number)
        claims = tuple(claim for draft in drafts if (claim := claim_of(draft, id_, names)) is not None)
        rejected = tuple(each for draft in drafts for each in draft.fields.rejected)
        first, last = drafts[0].fields.row.number, drafts[-1].fields.row.number
        title, source = f"{self._name}, rows {first}–{last}", str(self._path)
        document = Document(id_, text, LANG, title=title, source=source, tier=self._tier)
        return Chunk(document, claims, rejected, len(drafts), reader)
