"""SEC's files of tickers: a record a company, with all that it is listed by.

company_tickers.json is an object of objects; the rows of company_tickers_exchange.json name the exchange too.
https://www.sec.gov/search-filings/edgar-search-assistance/accessing-edgar-data
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kg.errors import DocumentError, InvalidRecord
from kg.identifiers import canonical
from kg.importers.contract import Chunk, RecordReject
from kg.importers.groups import GroupedRow, Groups
from kg.importers.json_elements import json_elements, loaded
from kg.importers.packed import unpacked
from kg.importers.register_file import RegisterFile
from kg.importers.registers import head_of
from kg.model import Document, Tier
from kg.places import Place, PlaceKind
from kg.resolve import RegisterRecord, register_entity
from kg.validation import check_text

__all__ = ["TickersRegister"]

_READER = "sec/tickers/1"
_EXCHANGES: Mapping[str, str] = {"nasdaq": "XNAS", "nyse": "XNYS", "cboe": "BATS"}
"""Market identifier codes (ISO 10383); over the counter there is no exchange."""


@dataclass(slots=True)
class TickersRegister(RegisterFile):
    """A file of tickers as a register: see `kg.importers.contract`."""

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'sec'}/company/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file company by company, in the order of their CIK as text. Raises `DocumentError`."""
        columns = self._columns()
        with Groups() as groups:
            with unpacked(self.path) as stream:
                rows = json_elements(stream, self.path, ("data",) if columns else ())
                for number, element in enumerate(rows, 1):
                    row = _cells(element.value, columns)
                    problem = _problem(row)
                    if problem is not None:
                        rejected = RecordReject(number, element.line, *problem)
                        yield Chunk(None, (), (rejected,), 1, _READER)
                        continue
                    cik = canonical("cik", str(row["cik_str"])) or ""
                    groups.add(cik, GroupedRow(number, element.pointer, element.text))
            for cik, group in groups:
                yield self._chunk(cik, group, columns)

    def _columns(self) -> list[str]:
        """Return the columns of a file whose rows are arrays; none of another file."""
        if b'"fields"' not in head_of(self.path)[:64]:
            return []
        with unpacked(self.path) as stream:
            names = [element.value for element in json_elements(stream, self.path, ("fields",))]
        if not {"cik", "ticker", "name"} <= {name for name in names if isinstance(name, str)}:
            raise DocumentError(f"{self.path} has rows of {names}: write cik, name, ticker and exchange")
        return names

    def _chunk(self, cik: str, group: list[GroupedRow], columns: list[str]) -> Chunk:
        rows = [_cells(loaded(row.text), columns) for row in group]
        names = list(dict.fromkeys(" ".join(row["title"].split()) for row in rows))
        pairs: list[tuple[str, str]] = [("cik", cik)]
        rejected: list[RecordReject] = []
        for place, row in zip(group, rows, strict=True):
            ticker = canonical("ticker", row["ticker"])
            if ticker is None:
                reason = "is no ticker of the United States: left out"
                rejected.append(RecordReject(place.number, None, "ticker", row["ticker"], reason))
                continue
            pairs.append(("ticker", ticker))
            exchange = _EXCHANGES.get(str(row.get("exchange") or "").casefold())
            pairs += [("listing", f"{exchange}:{ticker}")] if exchange else []
        entity = register_entity(names[0], "Company", "sec", cik, identifiers=pairs, aliases=names[1:])
        text, places = _together(group)
        document = Document(
            f"{self.prefix}{cik}",
            text,
            "en",
            self.retrieved,
            names[0],
            source=str(self.path),
            tier=Tier.FILING,
            places=places,
        )
        record = RegisterRecord(entity, "sec", cik)
        return Chunk(document, (), tuple(rejected), len(group), _READER, (record,))


def _cells(value: Any, columns: list[str]) -> Mapping[str, Any]:
    """Return a row by column, an array by the columns of the file."""
    if columns and isinstance(value, list) and len(value) == len(columns):
        row = dict(zip(columns, value, strict=True))
        return {**row, "cik_str": row["cik"], "title": row["name"]}
    return value if isinstance(value, dict) else {}


def _problem(row: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return what is wrong with a row: the column, the value, the reason."""
    for column in ("cik_str", "ticker", "title"):
        if not isinstance(row.get(column), str) or not row[column].strip():
            return column, str(row.get(column, "")), "is no text: a row has a CIK, a ticker and a title"
    try:
        check_text("a row", row["ticker"], row["title"])
    except InvalidRecord as error:
        return "title", row["title"], str(error)
    if canonical("cik", row["cik_str"]) is None:
        return "cik_str", row["cik_str"], "is no CIK: it has up to ten digits"
    return None


def _together(group: list[GroupedRow]) -> tuple[str, tuple[Place, ...]]:
    """Return the rows of a company as one text, and where each of them stands in the file."""
    places, at = [], 0
    for row in group:
        places.append(Place(at, at + len(row.text), PlaceKind.POINTER, row.place))
        at += len(row.text) + 1
    return "\n".join(row.text for row in group), tuple(places)
