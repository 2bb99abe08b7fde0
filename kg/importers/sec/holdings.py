"""13F reports: what a manager held at the end of a quarter (15 U.S.C. 78m(f)), as information tables or data sets.

All rows of a report on one issuer are one holding: classes of shares, and parts under other managers, add up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from kg.errors import DocumentError
from kg.identifiers import canonical
from kg.importers.contract import Chunk, RecordReject
from kg.importers.csv_rows import csv_rows
from kg.importers.groups import GroupedRow, Groups
from kg.importers.packed import members_of, unpacked
from kg.importers.record_chunks import LeftOut
from kg.importers.sec.covers import Cover, cover_of, covers_of_set, is_set
from kg.importers.sec.fields import filer, number
from kg.importers.sec.filing import filing_parts
from kg.importers.xml_elements import XmlElement, xml_records
from kg.model import Claim, Document, Evidence, Modality, Qualifiers, Tier
from kg.places import Place, PlaceKind
from kg.resolve import RegisterRecord, register_entity
from kg.validation import check_date

__all__ = ["HoldingsRegister"]

_READER = "sec/13f/1"
_METHOD = "register/sec"
_COVER = "primary_doc.xml"
_RECORDS = ("edgarSubmission", "infoTable")
_UNREAD = frozenset({"votingAuthority", "investmentDiscretion", "otherManager"})
"""Elements of a row that kg has no term for."""
_ISSUER = 6
"""The characters of a CUSIP that are the issuer's: all its securities have them (ANSI X9.6)."""
_XML: Mapping[str, tuple[str, ...]] = {
    "nameOfIssuer": ("nameOfIssuer",),
    "cusip": ("cusip",),
    "value": ("value",),
    "shares": ("shrsOrPrnAmt", "sshPrnamt"),
    "kind": ("shrsOrPrnAmt", "sshPrnamtType"),
    "putCall": ("putCall",),
}
_TSV: Mapping[str, str] = {
    "nameOfIssuer": "NAMEOFISSUER",
    "cusip": "CUSIP",
    "value": "VALUE",
    "shares": "SSHPRNAMT",
    "kind": "SSHPRNAMTTYPE",
    "putCall": "PUTCALL",
}


@dataclass(slots=True)
class HoldingsRegister:
    """A 13F report, or a data set of them, as a register: see `kg.importers.contract`."""

    path: Path
    name: str | None = None
    retrieved: str | None = None
    _left_out: LeftOut = field(default_factory=LeftOut, init=False)

    def __post_init__(self) -> None:
        """Check the date."""
        check_date("--retrieved", self.retrieved)

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'sec'}/13f/"

    @property
    def is_delta(self) -> bool:
        """A report says nothing of other managers or quarters."""
        return True

    def notes(self) -> Iterator[str]:
        """Yield what of a file that was read kg has no term for, and how often."""
        return self._left_out.notes()

    def chunks(self) -> Iterator[Chunk]:
        """Yield the reports issuer by issuer. Raises `DocumentError`."""
        self._left_out = LeftOut()
        with Groups() as groups:
            yield from self._set(groups) if is_set(self.path) else self._report(groups)

    def _report(self, groups: Groups) -> Iterator[Chunk]:
        """Yield the holdings of one report in XML; its cover may stand before its table or beside the file."""
        cover, row = None, 0
        for part in filing_parts(self.path):
            for record in xml_records(part.stream, _RECORDS, self.path, unread=_UNREAD):
                if record.root.name == "edgarSubmission":
                    cover = cover_of(record, part.filed, self.path)
                    continue
                row += 1
                cells = _of_xml(record.root)
                problem = _problem(cells)
                if problem is None:
                    groups.add(f" {cells['cusip'][:_ISSUER]}", GroupedRow(row, str(record.line), record.text, cells))
                else:
                    yield self._without(row, record.line, problem)
        if not row:
            raise DocumentError(
                f"{self.path} holds no information table: give that of the report, which lies beside it"
            )
        covers = {"": cover or self._cover_beside()}
        yield from self._holdings(groups, covers, "")

    def _cover_beside(self) -> Cover | None:
        beside = self.path.with_name(_COVER)
        if not beside.is_file() or beside == self.path:
            return None
        for part in filing_parts(beside):
            for record in xml_records(part.stream, ("edgarSubmission",), beside):
                return cover_of(record, None, beside)
        return None

    def _set(self, groups: Groups) -> Iterator[Chunk]:
        """Yield the holdings of all reports of a data set."""
        covers, restated = covers_of_set(self.path)
        members = {Path(member).name.upper(): member for member in members_of(self.path)}
        header = ""
        with unpacked(self.path, members.get("INFOTABLE.TSV")) as stream:
            for row in csv_rows(stream, self.path, is_tsv=True):
                header = row.header
                report, cells = row.cells.get("ACCESSION_NUMBER", ""), _of_tsv(row.cells)
                problem = ("row", row.text, row.wrong) if row.wrong else _problem(cells)
                if problem is None and report in restated:
                    problem = "holdings of reports that a later one of the set restates"
                if problem is None and report not in covers:
                    problem = "ACCESSION_NUMBER", report, "is in no row of SUBMISSION.tsv and COVERPAGE.tsv that holds"
                if problem is None:
                    groups.add(
                        f"{report} {cells['cusip'][:_ISSUER]}", GroupedRow(row.number, str(row.line), row.text, cells)
                    )
                else:
                    yield self._without(row.number, row.line, problem)
        yield from self._holdings(groups, covers, f"{header}\n")

    def _without(self, row: int, line: int, problem: tuple[str, str, str] | str) -> Chunk:
        """Return the chunk of a row that is no holding: one that does not hold, or one that kg has no term for."""
        if isinstance(problem, str):
            self._left_out.add(problem)
            return Chunk(None, (), (), 1, _READER)
        return Chunk(None, (), (RecordReject(row, line, *problem),), 1, _READER)

    def _holdings(self, groups: Groups, covers: Mapping[str, Cover | None], header: str) -> Iterator[Chunk]:
        for key, rows in groups:
            report, _, issuer = key.partition(" ")
            yield self._holding(issuer, rows, covers[report], header)

    def _holding(self, issuer: str, rows: list[GroupedRow], cover: Cover | None, header: str) -> Chunk:
        cells = [row.cells for row in rows]
        names = list(dict.fromkeys(" ".join(one["nameOfIssuer"].split()) for one in cells))
        cusips = [("cusip", canonical("cusip", one["cusip"]) or "") for one in cells]
        entity = register_entity(names[0], "Company", "cusip", issuer, identifiers=cusips, aliases=names[1:])
        records = [RegisterRecord(entity, "cusip", issuer)]
        document = self._document(issuer, names[0], rows, cover, header)
        if cover is None:
            reason = f"is held by a manager that the file does not name: put {_COVER} of the report beside it"
            rejected = [RecordReject(row.number, int(row.place), "nameOfIssuer", names[0], reason) for row in rows]
            return Chunk(document, (), tuple(rejected), len(rows), _READER, tuple(records))
        manager = filer(cover.manager, "Company", cover.cik, cover.key)
        terms = Qualifiers(
            amount=sum((number(one["value"]) or Decimal(0) for one in cells), Decimal(0)) * cover.unit,
            currency="USD",
            # Shares of two classes are two numbers.
            quantity=sum((number(one["shares"]) or Decimal(0) for one in cells), Decimal(0))
            if len(set(cusips)) == 1
            else None,
            as_of=cover.period,
        )
        claim = Claim(
            *(manager, "holds-stake", entity, Modality.ASSERTED),
            _evidence(document, cover),
            terms,
            document.published,
            method=_METHOD,
        )
        records.append(RegisterRecord(manager, "sec", cover.cik))
        return Chunk(document, (claim,), (), len(rows), _READER, tuple(records))

    def _document(self, issuer: str, name: str, rows: list[GroupedRow], cover: Cover | None, header: str) -> Document:
        """The rows to the letter below the report's cover, and the lines on which they stand."""
        text = "" if cover is None else f"{cover.text}\n"
        text += header
        places = []
        for row in rows:
            places.append(Place(len(text), len(text) + len(row.text), PlaceKind.LINE, row.place))
            text += f"{row.text}\n"
        report = f"{cover.manager}, {cover.period}" if cover else self.path.name
        return Document(
            f"{self.prefix}{cover.key if cover else self.path.name}/{issuer}",
            text,
            "en",
            (cover.filed if cover else None) or self.retrieved,
            f"13F, {report}: {name}",
            source=str(self.path),
            tier=Tier.FILING,
            places=tuple(places),
        )


def _evidence(document: Document, cover: Cover) -> tuple[Evidence, ...]:
    """The rows, each a span; then who holds, and when."""
    spans = [document.evidence(place.start, place.end) for place in document.places]
    return (*spans, document.evidence(0, len(cover.text)))


def _of_xml(row: XmlElement) -> Mapping[str, str]:
    return {name: row.value(*path) for name, path in _XML.items()}


def _of_tsv(row: Mapping[str, str]) -> Mapping[str, str]:
    return {name: row.get(column, "").strip() for name, column in _TSV.items()}


def _problem(cells: Mapping[str, str]) -> tuple[str, str, str] | str | None:
    """Return why a row is no holding of shares: what it is instead, or the field, its value and the reason."""
    if cells["putCall"]:
        return "options on shares (putCall), which are no stakes"
    if cells["kind"].upper() == "PRN":
        return "principals of debts (sshPrnamtType PRN), which are no stakes"
    wrong = (
        ("sshPrnamtType", cells["kind"].upper() == "SH", "is neither SH nor PRN"),
        (
            "cusip",
            canonical("cusip", cells["cusip"]),
            "is no CUSIP: it has nine characters, the last one a check digit",
        ),
        ("nameOfIssuer", cells["nameOfIssuer"], "is missing"),
        ("value", number(cells["value"]) is not None, "is no number: it is written in digits"),
        ("sshPrnamt", number(cells["shares"]) is not None, "is no number: it is written in digits"),
    )
    told = {"sshPrnamtType": "kind", "sshPrnamt": "shares"}
    return next(((name, cells[told.get(name, name)], reason) for name, holds, reason in wrong if not holds), None)
