"""companies.csv: a record a company, by its number in the register of its jurisdiction.

The columns are those of https://knowledge.opencorporates.com/knowledge-base/data-dictionary-companies/. Dates
of accounts and what a register says of charges have no term in kg, and stay in the record's text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.importers.contract import Chunk, RecordReject
from kg.importers.csv_rows import CsvRow, csv_rows
from kg.importers.groups import Keys
from kg.importers.opencorporates.fields import company, day, jurisdiction, several
from kg.importers.packed import unpacked
from kg.importers.register_file import RegisterFile
from kg.model import Document, Tier
from kg.places import Place, PlaceKind
from kg.resolve import DatedName, RegisterRecord

__all__ = ["CompaniesRegister"]

_READER = "opencorporates/companies/2"
_TRUTH: Mapping[str, bool | None] = {"true": True, "false": False, "": None}
_ADDRESS = ("street_address", "locality", "region", "postal_code", "country")


@dataclass(slots=True)
class CompaniesRegister(RegisterFile):
    """A file of companies as a register: see `kg.importers.contract`."""

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'opencorporates'}/company/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file company by company. Raises `DocumentError`."""
        with Keys() as keys, unpacked(self.path) as stream:
            for row in csv_rows(stream, self.path):
                yield self._chunk(row, keys)

    def _chunk(self, row: CsvRow, keys: Keys) -> Chunk:
        problem = ("row", row.text, row.wrong) if row.wrong else _problem(row.cells, keys)
        if problem is not None:
            return Chunk(None, (), (RecordReject(row.number, row.line, *problem),), 1, _READER)
        rejected: list[RecordReject] = []
        record = _record(row, rejected)
        text = row.document
        document = Document(
            f"{self.prefix}{record.key}",
            text,
            "en",
            day(row.cells.get("retrieved_at", "")) or self.retrieved,
            record.entity.name,
            row.cells.get("registry_url") or None,
            source=str(self.path),
            tier=Tier.REGISTER,
            places=(Place(len(text) - len(row.text), len(text), PlaceKind.LINE, str(row.line)),),
        )
        return Chunk(document, (), tuple(rejected), 1, _READER, (record,))


def _problem(cells: Mapping[str, str], keys: Keys) -> tuple[str, str, str] | None:
    for column in ("company_number", "jurisdiction_code", "name"):
        if not cells[column]:
            return column, "", "is empty: a company has a number, a jurisdiction and a name"
    if jurisdiction(cells["jurisdiction_code"]) is None:
        return "jurisdiction_code", cells["jurisdiction_code"], "is no code: it is written as in gb or us_de"
    if not keys.is_new(f"{cells['jurisdiction_code']}/{cells['company_number']}"):
        return "company_number", cells["company_number"], "is that of a company further up: left out"
    return None


def _record(row: CsvRow, rejected: list[RecordReject]) -> RegisterRecord:
    cells = row.cells
    code, number = cells["jurisdiction_code"], cells["company_number"]
    aliases = [*several(cells.get("current_alternative_legal_name", "")), *several(cells.get("alternative_names", ""))]
    dates = {}
    for column in ("incorporation_date", "dissolution_date"):
        told = cells.get(column, "")
        dates[column] = day(told) if told else None
        if told and dates[column] is None:
            rejected.append(RecordReject(row.number, row.line, column, told, "is no date: write YYYY-MM-DD"))
    is_inactive = _TRUTH.get(cells.get("inactive", "").lower())
    return RegisterRecord(
        company(cells["name"], code, number, *aliases),
        "opencorporates",
        f"{code}/{number}",
        country=jurisdiction(code),
        legal_form=cells.get("company_type") or None,
        is_active=None if is_inactive is None else not is_inactive,
        start=dates["incorporation_date"],
        end=dates["dissolution_date"],
        former_names=tuple(DatedName(name) for name in several(cells.get("previous_names", ""))),
        addresses=tuple(filter(None, (_address(cells),))),
        sectors=tuple(uid.replace("-", ":", 1) for uid in several(cells.get("industry_code_uids", ""))),
    )


def _address(cells: Mapping[str, str]) -> str | None:
    """Return the registered address in one line: as the register has it, or put together of its parts."""
    whole = cells.get("registered_address.in_full") or cells.get("registered_address_in_full") or ""
    parts = (cells.get(f"registered_address.{part}", "") for part in _ADDRESS)
    return " ".join((whole or ", ".join(filter(None, parts))).split()) or None
