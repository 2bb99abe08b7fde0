"""The covers of 13F reports: whose it is, of which quarter, filed when; in XML, or rows of a Form 13F data set.

A report is amended in two ways: a restatement stands for the whole report, new holdings come beside it.
https://www.sec.gov/files/form13f.pdf (instructions 2 and 3), https://www.sec.gov/files/form_13f.pdf (the data sets).
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DocumentError
from kg.identifiers import canonical
from kg.importers.csv_rows import CsvRow, csv_rows
from kg.importers.packed import members_of, unpacked
from kg.importers.registers import head_of
from kg.importers.sec.fields import day
from kg.importers.xml_elements import XmlElement, XmlRecord

__all__ = ["Cover", "cover_of", "covers_of_set", "is_set"]

_DOLLARS_FROM = "2023-01-03"
"""Filings from this day on give values in dollars, those before in thousands (SEC Release 34-95148)."""
_FILINGS = 1_000_000
"""Filings of a quarter, a hundred times over: their covers are held while the holdings are read."""
_DOLLARS_QUARTER = "2022-12-31"
"""The first quarter that was over when the day came."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover: the manager's name and CIK, the end of the quarter, the day of filing, its text to the letter.

    `addition` tells apart amendments that add holdings; it is "" for a report and for one that restates it.
    """

    manager: str
    cik: str
    period: str
    filed: str | None
    text: str
    addition: str = ""

    @property
    def key(self) -> str:
        """Which report it is: a restatement has the key of what it restates."""
        return f"{self.cik}-{self.period}{self.addition and '-'}{self.addition}"

    @property
    def unit(self) -> int:
        """How many dollars a value of the table is in."""
        is_in_dollars = self.filed >= _DOLLARS_FROM if self.filed else self.period >= _DOLLARS_QUARTER
        return 1 if is_in_dollars else 1000


def is_set(path: Path) -> bool:
    """Whether a file is a Form 13F data set, or the table of holdings of one. Raises `DocumentError`."""
    if "INFOTABLE.TSV" in {Path(member).name.upper() for member in members_of(path)}:
        return True
    return head_of(path).removeprefix(b"\xef\xbb\xbf").startswith(b"ACCESSION_NUMBER\t")


def cover_of(record: XmlRecord, filed: str | None, path: Path) -> Cover:
    """Return the cover that primary_doc.xml is; the day of its signature is that of filing where no other is known.

    Raises `DocumentError` where it names no manager or quarter.
    """
    root = record.root
    name, page = _element(root, "filingManager", "name"), root.find("formData", "coverPage")
    cik = canonical("cik", _text(_element(root, "credentials", "cik")))
    quarter = (page.find("reportCalendarOrQuarter") if page else None) or _element(root, "filerInfo", "periodOfReport")
    period = day(_text(quarter))
    if name is None or not _text(name) or cik is None or period is None:
        raise DocumentError(f"{path}, line {record.line}: the cover of a 13F report names no manager, CIK or quarter")
    said = (quarter, _element(root, "credentials", "cik"), name)
    text = "\n".join(record.text[element.start : element.end] for element in said if element)
    kind = page.value("amendmentInfo", "amendmentType") if page else ""
    signed = day(root.value("formData", "signatureBlock", "signatureDate"))
    addition = f"added{page.value('amendmentNo') if page else ''}" if kind.upper() == "NEW HOLDINGS" else ""
    return Cover(_text(name), cik, period, filed or signed, text, addition)


def _element(root: XmlElement, parent: str, name: str) -> XmlElement | None:
    return next((found for one in root.all(parent) if (found := one.find(name)) is not None), None)


def _text(element: XmlElement | None) -> str:
    return " ".join(element.text.split()) if element else ""


def covers_of_set(path: Path) -> tuple[Mapping[str, Cover], frozenset[str]]:
    """Return the covers of a data set by accession number, and the numbers of those that a later one restates.

    Raises `DocumentError` where the tables of submissions and covers are not beside that of holdings.
    """
    submissions = {row.cells.get("ACCESSION_NUMBER", ""): row for row in _table(path, "SUBMISSION.tsv")}
    covers: dict[str, Cover] = {}
    latest: dict[str, tuple[str, str]] = {}
    for row in _table(path, "COVERPAGE.tsv"):
        number = row.cells.get("ACCESSION_NUMBER", "")
        cover = _cover(row, submissions[number]) if number in submissions else None
        if cover is not None:
            covers[number] = cover
            latest[cover.key] = max(latest.get(cover.key, ("", "")), (cover.filed or "", number))
    current = {number for _, number in latest.values()}
    return covers, frozenset(covers.keys() - current)


def _cover(row: CsvRow, submission: CsvRow) -> Cover | None:
    name, cik = row.cells.get("FILINGMANAGER_NAME", ""), canonical("cik", submission.cells.get("CIK", ""))
    period = day(submission.cells.get("PERIODOFREPORT", "")) or day(row.cells.get("REPORTCALENDARORQUARTER", ""))
    if not name or cik is None or period is None:
        return None
    is_addition = row.cells.get("AMENDMENTTYPE", "").upper() == "NEW HOLDINGS"
    addition = f"added{row.cells.get('AMENDMENTNO', '')}" if is_addition else ""
    filed = day(submission.cells.get("FILING_DATE", ""))
    return Cover(name, cik, period, filed, f"{submission.document}\n{row.document}", addition)


def _table(path: Path, name: str) -> list[CsvRow]:
    """Return the rows of a table of a data set; there is one for each filing of a quarter, some ten thousand."""
    members = {Path(member).name.upper(): member for member in members_of(path)}
    member = members.get(name.upper())
    if members and member is None:
        raise DocumentError(f"{path} has no {name}, which tells whose the holdings are")
    source = path if members else path.with_name(name)
    with unpacked(source, member) as stream:
        rows = list(itertools.islice(csv_rows(stream, source, is_tsv=True), _FILINGS + 1))
    if len(rows) > _FILINGS:
        raise DocumentError(f"{source}: {name} has more than {_FILINGS:,} rows, so this is no quarter's data set")
    return rows
