"""Schedules 13D and 13G in XML: who holds how much of a class of an issuer's shares (17 CFR 240.13d-101, 13d-102).

The elements are those of the EDGAR Schedule 13D and 13G XML Technical Specification, in force since December 2024. What
was filed before is text, which `kg.extract.filings` reads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kg.errors import DocumentError, InvalidRecord
from kg.filings import is_whole_capital
from kg.identifiers import canonical
from kg.importers.contract import Chunk, RecordReject
from kg.importers.sec.fields import country, day, filer, number
from kg.importers.sec.filing import FilingPart, filing_parts
from kg.importers.xml_elements import XmlElement, XmlRecord, xml_records
from kg.model import Claim, Document, Entity, Evidence, Modality, Qualifiers, Tier
from kg.places import Place, PlaceKind
from kg.resolve import RegisterRecord
from kg.validation import check_date

__all__ = ["ScheduleRegister"]

_READER = "sec/schedule/1"
_METHOD = "register/sec"
_NO_CUSIP = frozenset({"", "NONE", "N/A", "NA", "00000000", "000000000"})


@dataclass(frozen=True, slots=True)
class ScheduleRegister:
    """A schedule as a register: see `kg.importers.contract`. It says nothing of others, so it withdraws none."""

    path: Path
    name: str | None = None
    retrieved: str | None = None

    def __post_init__(self) -> None:
        """Check the date."""
        check_date("--retrieved", self.retrieved)

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'sec'}/13dg/"

    @property
    def is_delta(self) -> bool:
        """A schedule is one of many."""
        return True

    def notes(self) -> Iterator[str]:
        """Yield nothing: what a file of this kind has that kg has no term for stays in its text."""
        return iter(())

    def chunks(self) -> Iterator[Chunk]:
        """Yield the schedule. Raises `DocumentError` for a file that is none."""
        number_ = 0
        for part in filing_parts(self.path):
            for record in xml_records(part.stream, ("edgarSubmission",), self.path):
                if record.root.value("headerData", "submissionType").upper().startswith("SCHEDULE 13"):
                    number_ += 1
                    yield _Schedule(self, number_, part, record).chunk()
        if not number_:
            raise DocumentError(f"{self.path} holds no schedule 13D or 13G in XML: kg build reads one that is text")


class _Schedule:
    """One schedule on its way to claims."""

    def __init__(self, register: ScheduleRegister, row: int, part: FilingPart, record: XmlRecord) -> None:
        self.register, self.row, self.record = register, row, record
        self.rejected: list[RecordReject] = []
        root = record.root
        cover = root.find("formData", "coverPageHeader") or XmlElement("coverPageHeader", 0)
        self.cover, self.issuer_info = cover, cover.find("issuerInfo")
        self.form = root.value("headerData", "submissionType")
        self.filer = canonical("cik", root.value("headerData", "filerInfo", "filer", "filerCredentials", "cik")) or ""
        self.event = cover.find("dateOfEvent") or cover.find("eventDateRequiresFilingThisStatement")
        self.as_of = self._day("dateOfEvent", self.event.text if self.event else "")
        signed = [day(signature.text) for signature in root.all("date")]
        self.filed = part.filed or max((one for one in signed if one), default=None) or register.retrieved
        self.accession = part.accession

    def chunk(self) -> Chunk:
        issuer = self._issuer()
        persons = [
            person
            for name in ("reportingPersonInfo", "coverPageHeaderReportingPersonDetails")
            for person in self.record.root.all(name)
        ]
        if issuer is None or not persons:
            if issuer is not None:
                self._reject("reportingPersonName", "", "is missing: a schedule names who holds")
            return Chunk(None, (), tuple(self.rejected), 1, _READER)
        document = self._document(issuer)
        records = [RegisterRecord(issuer, "sec", self._cik() or issuer.id)]
        claims = []
        for person in persons:
            record = self._holder(person)
            if record is None:
                continue
            records.append(record)
            claim = self._claim(record.entity, issuer, person, document)
            claims += [claim] if claim else []
        unique = {record.key: record for record in records}
        return Chunk(document, tuple(claims), tuple(self.rejected), 1, _READER, tuple(unique.values()))

    def _document(self, issuer: Entity) -> Document:
        text = self.record.text
        return Document(
            f"{self.register.prefix}{self.accession or self._key()}",
            text,
            "en",
            self.filed,
            f"{self.form}: {issuer.name}",
            source=str(self.register.path),
            tier=Tier.FILING,
            places=(Place(0, len(text), PlaceKind.LINE, str(self.record.line)),),
        )

    def _key(self) -> str:
        """Which schedule this is where its accession number is not told: whose, on whom, of when, which amendment."""
        parts = (self.filer, self._cik(), self._cusip(), self.as_of, self.form, self.cover.value("amendmentNo"))
        return "-".join("".join(part.split()).lower().replace("/", "") for part in parts if part)

    def _cik(self) -> str:
        info = self.issuer_info
        return canonical("cik", (info.value("issuerCIK") or info.value("issuerCik")) if info else "") or ""

    def _cusip(self) -> str | None:
        info = self.issuer_info
        told = (info.value("issuerCUSIP") or info.value("issuerCusip")) if info else ""
        return canonical("cusip", told) if told.upper() not in _NO_CUSIP else None

    def _issuer(self) -> Entity | None:
        name = self.issuer_info.value("issuerName") if self.issuer_info else ""
        cusip = self._cusip()
        if not name or not (self._cik() or cusip):
            self._reject("issuerName", name, "has no name, or neither a CIK nor a CUSIP: an issuer is known by one")
            return None
        pairs = [("cusip", cusip)] if cusip else []
        return filer(name, "Company", self._cik(), f"cusip-{(cusip or '')[:6]}", *pairs)

    def _holder(self, person: XmlElement) -> RegisterRecord | None:
        name = person.value("reportingPersonName")
        if not name:
            self._reject("reportingPersonName", "", "is missing: a reporting person has a name")
            return None
        types = {element.text.strip().upper() for element in person.all("typeOfReportingPerson")}
        cik = person.value("reportingPersonCIK") or person.value("reportingCik")
        # Whoever has no CIK is the one of that name in this filer's schedules on this issuer, and no other.
        otherwise = f"{self.filer}/{self._cik() or self._cusip()}/{' '.join(name.casefold().split())}"
        entity = filer(name, "Person" if "IN" in types else "Company", cik, otherwise)
        at = country(person.value("citizenshipOrOrganization"))
        return RegisterRecord(entity, "sec", canonical("cik", cik) or otherwise, country=at)

    def _claim(self, holder: Entity, issuer: Entity, person: XmlElement, document: Document) -> Claim | None:
        if holder.id == issuer.id:
            self._reject("reportingPersonName", holder.name, "is the issuer itself")
            return None
        percent = self._number(person, "percentOfClass", "classPercent")
        shares = self._number(person, "aggregateAmountOwned", "reportingPersonBeneficiallyOwnedAggregateNumberOfShares")
        if percent is None and shares is None:
            return None
        # "0 shares, 0 %" tells that it is over: the event is when.
        has_ended = not percent and not shares
        whole = is_whole_capital(self.cover.value("securitiesClassTitle"), document.text)
        try:
            terms = Qualifiers(
                percent=percent,
                percent_of="capital" if whole and percent is not None else None,
                quantity=shares,
                end=self.as_of if has_ended else None,
                as_of=None if has_ended else self.as_of,
            )
        except InvalidRecord as error:
            self._reject("percentOfClass", str(percent), str(error))
            return None
        modality = Modality.ENDED if has_ended else Modality.ASSERTED
        evidence = self._evidence(person, document)
        return Claim(holder, "holds-stake", issuer, modality, evidence, terms, document.published, method=_METHOD)

    def _evidence(self, person: XmlElement, document: Document) -> tuple[Evidence, ...]:
        """The person's own element first; then who the issuer is, and when."""
        elements = (person, self.issuer_info, self.event)
        return tuple(document.evidence(element.start, element.end) for element in elements if element is not None)

    def _number(self, person: XmlElement, *names: str) -> Decimal | None:
        for name in names:
            told = person.value(name)
            if told:
                value = number(told.removesuffix("%"))
                if value is None:
                    self._reject(name, told, "is no number")
                return value
        return None

    def _day(self, name: str, told: str) -> str | None:
        found = day(told)
        if found is None:
            self._reject(name, told.strip(), "is no day: it is written MM/DD/YYYY")
        return found

    def _reject(self, column: str, value: str, reason: str) -> None:
        self.rejected.append(RecordReject(self.row, self.record.line, column, value, reason))
