"""relationships.csv: who holds, controls or belongs to whom, a claim a row, or two where votes differ from shares.

The columns are those of https://knowledge.opencorporates.com/knowledge-base/data-dictionary-relationships/. The subject
is who holds or controls, the object who is held.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from kg.errors import InvalidRecord
from kg.importers.contract import Chunk, RecordReject
from kg.importers.csv_rows import CsvRow, csv_rows
from kg.importers.groups import Keys
from kg.importers.opencorporates.fields import company, day, jurisdiction
from kg.importers.packed import unpacked
from kg.importers.record_chunks import BadRecord, LeftOut
from kg.importers.register_file import RegisterFile
from kg.model import Claim, Document, Entity, Modality, Qualifiers, Tier
from kg.places import Place, PlaceKind
from kg.resolve import register_entity

__all__ = ["RelationshipsRegister"]

_READER = "opencorporates/relationships/1"
_METHOD = "register/opencorporates"
_TYPES = frozenset({"control statement", "control_statement", "subsidiary", "branch", "share_parcel", "share parcel"})
_KINDS: Mapping[str, str] = {"share_ownership": "capital", "voting_rights": "votes"}


class _NoTerm(Exception):
    """What a row is that kg has no term for."""


@dataclass(slots=True)
class RelationshipsRegister(RegisterFile):
    """A file of relationships as a register: see `kg.importers.contract`."""

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'opencorporates'}/relationship/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file row by row. Raises `DocumentError`."""
        self._left_out = LeftOut()
        with Keys() as keys, unpacked(self.path) as stream:
            for row in csv_rows(stream, self.path):
                try:
                    yield self._chunk(row, keys)
                except BadRecord as bad:
                    rejected = RecordReject(row.number, row.line, bad.column, bad.value, bad.reason)
                    yield Chunk(None, (), (rejected,), 1, _READER)
                except _NoTerm as what:
                    self._left_out.add(str(what))
                    yield Chunk(None, (), (), 1, _READER)

    def _chunk(self, row: CsvRow, keys: Keys) -> Chunk:
        if row.wrong:
            raise BadRecord("row", row.text, row.wrong)
        cells, text = row.cells, row.document
        id_, kind = cells.get("oc_relationship_identifier", ""), cells["relationship_type"].lower()
        if not id_:
            raise BadRecord("oc_relationship_identifier", "", "is empty: a row is known by it")
        if kind not in _TYPES:
            raise BadRecord("relationship_type", kind, "is none of OpenCorporates' types")
        if kind == "branch":
            raise _NoTerm("branches, which are a company's own registrations elsewhere")
        ends = _end(cells, "subject", id_, kind), _end(cells, "object", id_, kind)
        if ends[0].id == ends[1].id:
            raise BadRecord("object_entity_name", ends[1].name, "is the subject itself")
        if not keys.is_new(id_):
            raise BadRecord("oc_relationship_identifier", id_, "is that of a row further up: left out")
        start = len(text) - len(row.text)
        document = Document(
            f"{self.prefix}{id_}",
            text,
            "en",
            day(cells.get("updated_at", "")) or day(cells.get("created_at", "")) or self.retrieved,
            f"{ends[0].name} – {ends[1].name}",
            source=str(self.path),
            tier=Tier.REGISTER,
            places=(Place(start, len(text), PlaceKind.LINE, str(row.line)),),
        )
        evidence = (document.evidence(start, len(text)),)
        relation = "subsidiary-of" if kind == "subsidiary" else "holds-stake"
        subject, object_ = reversed(ends) if kind == "subsidiary" else ends
        claims = tuple(
            Claim(*(subject, relation, object_, Modality.ASSERTED, evidence, terms, document.published), method=_METHOD)
            for terms in _terms(cells, kind)
        )
        return Chunk(document, claims, (), 1, _READER)


def _end(cells: Mapping[str, str], end: str, id_: str, kind: str) -> Entity:
    """Return who stands at an end; one that no register numbers is of this row alone."""
    name, number, code = (
        cells.get(f"{end}_entity_{part}", "") for part in ("name", "company_number", "jurisdiction_code")
    )
    if not name:
        raise BadRecord(f"{end}_entity_name", "", "is empty: both ends have a name")
    if number and jurisdiction(code) is not None:
        return company(name, code, number)
    # Only companies have subsidiaries or are held; whoever else holds may be a person.
    is_company = end == "object" or kind == "subsidiary"
    return register_entity(name, "Company" if is_company else "Agent", "opencorporates", f"relationship/{id_}/{end}")


def _terms(cells: Mapping[str, str], kind: str) -> list[Qualifiers]:
    """Return the terms of each claim that a row is."""
    try:
        period = _period(cells)
        if kind == "subsidiary":
            return [period]
        if kind.startswith("share"):
            return [replace(period, quantity=_number(cells, "number_of_shares"))]
        held = [_bounds(cells, name, of, period) for name, of in _KINDS.items()]
    except InvalidRecord as error:
        raise BadRecord("row", cells["relationship_type"], f"does not hold: {error}") from error
    terms = [one for one in held if one is not None]
    if not terms:
        raise _NoTerm("control by other means than shares or votes")
    return terms


def _bounds(cells: Mapping[str, str], name: str, of: str, period: Qualifiers) -> Qualifiers | None:
    low, high = (_number(cells, f"percentage_{bound}_{name}") for bound in ("min", "max"))
    if low is None and high is None:
        return None
    if low == high:
        return replace(period, percent=low, percent_of=of)
    return replace(period, percent_min=low, percent_max=high, percent_of=of)


def _number(cells: Mapping[str, str], column: str) -> Decimal | None:
    told = cells.get(column, "").replace(",", "").removesuffix("%")
    try:
        value = Decimal(told) if told else None
    except InvalidOperation as error:
        raise BadRecord(column, told, "is no number") from error
    if value is not None and (not value.is_finite() or value < 0):
        raise BadRecord(column, told, "is no number of 0 or more")
    return value


def _period(cells: Mapping[str, str]) -> Qualifiers:
    """Return when a row holds: a start "before" a day is not known, an end "before" one is that day at the latest."""
    dates = {}
    for column in ("start_date", "end_date"):
        told = cells.get(column, "")
        dates[column] = day(told) if told else None
        if told and dates[column] is None:
            raise BadRecord(column, told, "is no date: write YYYY-MM-DD")
    start = dates["start_date"] if cells.get("start_date_type", "") in {"", "at"} else None
    end = dates["end_date"] if cells.get("end_date_type", "") in {"", "at", "before"} else None
    return Qualifiers(start=start, end=end)
