"""alternative_names.csv: other names of companies, a record a row; those of earlier days with their days.

OpenCorporates publishes no dictionary of its columns. They are taken as its other files and its interface have them:
the company by `company_number` and `jurisdiction_code`, the name in `name` (or `company_name`, `alternative_name`),
with `type`, `start_date` and `end_date` where they are told (https://api.opencorporates.com/documentation/API-Reference).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.importers.contract import Chunk, RecordReject
from kg.importers.csv_rows import CsvRow, csv_rows
from kg.importers.groups import Keys
from kg.importers.opencorporates.fields import company, day, jurisdiction
from kg.importers.packed import unpacked
from kg.importers.record_chunks import BadRecord
from kg.importers.register_file import RegisterFile
from kg.model import Document, Tier
from kg.places import Place, PlaceKind
from kg.resolve import DatedName, RegisterRecord

__all__ = ["NAMES", "NamesRegister"]

NAMES = ("name", "company_name", "alternative_name")
"""What the column of the name may be called."""
_READER = "opencorporates/names/1"
_FORMER = re.compile(r"\b(?:previous|former|old)", re.IGNORECASE)


@dataclass(slots=True)
class NamesRegister(RegisterFile):
    """A file of other names as a register: see `kg.importers.contract`."""

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'opencorporates'}/name/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file name by name. Raises `DocumentError`."""
        with Keys() as keys, unpacked(self.path) as stream:
            for row in csv_rows(stream, self.path):
                try:
                    yield self._chunk(row, keys)
                except BadRecord as bad:
                    rejected = RecordReject(row.number, row.line, bad.column, bad.value, bad.reason)
                    yield Chunk(None, (), (rejected,), 1, _READER)

    def _chunk(self, row: CsvRow, keys: Keys) -> Chunk:
        if row.wrong:
            raise BadRecord("row", row.text, row.wrong)
        cells, text = row.cells, row.document
        code, number = cells["jurisdiction_code"], cells["company_number"]
        name = next((cells[column] for column in NAMES if cells.get(column)), "")
        if not (code and number and name):
            empty = next(column for column, cell in zip(_KEYS, (number, code, name), strict=True) if not cell)
            raise BadRecord(empty, "", "is empty: another name has its company's number and jurisdiction")
        if jurisdiction(code) is None:
            raise BadRecord("jurisdiction_code", code, "is no code: it is written as in gb or us_de")
        start, end = _day(cells, "start_date"), _day(cells, "end_date")
        told = "\n".join((name, cells.get("type", ""), start or "", end or ""))
        key = f"{code}/{number}/{hashlib.sha256(told.encode()).hexdigest()[:12]}"
        if not keys.is_new(key):
            raise BadRecord("name", name, "stands further up for the same company: left out")
        document = Document(
            f"{self.prefix}{key}",
            text,
            "en",
            day(cells.get("retrieved_at", "")) or self.retrieved,
            name,
            source=str(self.path),
            tier=Tier.REGISTER,
            places=(Place(len(text) - len(row.text), len(text), PlaceKind.LINE, str(row.line)),),
        )
        return Chunk(document, (), (), 1, _READER, (_record(cells, key, DatedName(name, start, end)),))


_KEYS = ("company_number", "jurisdiction_code", "name")


def _record(cells: Mapping[str, str], key: str, name: DatedName) -> RegisterRecord:
    """Return what a row says: it refers to its company by the number alone, so that its name stays as it is."""
    code, number = cells["jurisdiction_code"], cells["company_number"]
    is_former = name.end is not None or _FORMER.search(cells.get("type", "")) is not None
    called = f"{jurisdiction(code)}:{number}"
    identifiers = dict(company(called, code, number).identifiers)
    entity = company(identifiers.get("registration", called), code, number, *(() if is_former else (name.name,)))
    former = (name,) if is_former else ()
    return RegisterRecord(entity, "opencorporates", key, country=jurisdiction(code), former_names=former)


def _day(cells: Mapping[str, str], column: str) -> str | None:
    told = cells.get(column, "")
    found = day(told) if told else None
    if told and found is None:
        raise BadRecord(column, told, "is no date: write YYYY-MM-DD")
    return found
