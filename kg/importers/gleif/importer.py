"""A file of GLEIF as a register: whichever of the formats, a chunk a record (see `kg.importers.contract`)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from kg.dates import is_partial_date
from kg.errors import DocumentError, InvalidRecord
from kg.importers.contract import Chunk, RecordReject
from kg.importers.gleif import exceptions, level1, level2
from kg.importers.gleif.cdf_csv import read_csv
from kg.importers.gleif.cdf_json import read_json, read_json_lines
from kg.importers.gleif.cdf_xml import read_xml
from kg.importers.gleif.heads import Format, format_of, golden_key, is_gleif, sort_of
from kg.importers.gleif.rdf import read_rdf
from kg.importers.gleif.records import REGISTER, Header, Kind, RawRecord, Tie, Understood, kind_of
from kg.importers.gleif.tree import is_checked
from kg.importers.packed import unpacked
from kg.importers.record_chunks import BadRecord, LeftOut
from kg.importers.registers import head_of
from kg.model import Claim, Document, Tier
from kg.places import Place
from kg.validation import check_date

__all__ = ["GleifRegister"]

_READER = "gleif/2"
_METHOD = "register/gleif"
_LANG = "en"
_UNDERSTOOD = {
    Kind.ENTITY: level1.understood,
    Kind.RELATIONSHIP: level2.understood,
    Kind.EXCEPTION: exceptions.understood,
}
_DELTA = re.compile(r"-(?:intra-day|last-(?:day|week|month))\b")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})-\d{4}-gleif-goldencopy-")


class GleifRegister:
    """The records of a file, in its order; what stands twice under one key holds as it stands last.

    Attributes:
        prefix: how the ids of the documents begin: NAME/lei/, NAME/rr/ or NAME/repex/.
        is_delta: whether what the file lacks stays as it is. So it does where the file says that it has changes alone,
            by its header or by the name that the golden copy gives it; where it has records of several kinds; and where
            it has another number of records than its header says.

    """

    def __init__(self, path: Path, *, name: str | None, retrieved: str | None, is_delta: bool) -> None:
        check_date("retrieved", retrieved)
        self._path, self._name = path, name or REGISTER
        head = head_of(path)
        self._format = format_of(head)
        if self._format is Format.CSV and not is_gleif(head):
            raise DocumentError(
                f"{path} is no file of GLEIF: it is no XML, JSON or Turtle, and no CSV whose first column is LEI or "
                "Relationship.StartNode.NodeID"
            )
        self._kind, self._keys = sort_of(head), golden_key(head)
        self._header = Header()
        self._dated = retrieved or _day_of(path.name)
        self._is_delta = is_delta or _DELTA.search(path.name) is not None
        self._left_out, self._unchecked = LeftOut(), 0

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin, and those of no other source."""
        return f"{self._name}/{self._kind}/"

    @property
    def is_delta(self) -> bool:
        """Whether the file has only what changed."""
        return self._is_delta or self._header.is_delta

    def notes(self) -> Iterator[str]:
        """Yield what of the file kg has no term for, or takes although it should be otherwise, and how often."""
        yield from self._left_out.notes()
        if self._unchecked:
            yield f"{self._unchecked} LEIs taken whose check digits do not hold"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the file record by record.

        Raises `DocumentError` for a file that is no such one, is cut off or harmful.
        """
        self._left_out, self._unchecked = LeftOut(), 0
        number = 0
        with unpacked(self._path) as stream:
            for raw in self._records(stream):
                number = raw.number
                yield self._chunk(raw)
        said = self._header.records
        if said is not None and said != number:
            self._is_delta = True
            reason = f"is not the number of records: there are {number}. What the file lacks stays as it is"
            reject = RecordReject(0, None, "RecordCount", str(said), reason)
            yield Chunk(None, (), (reject,), 0, _READER)

    def _records(self, stream: IO[bytes]) -> Iterator[RawRecord]:
        if self._format is Format.XML:
            return read_xml(stream, self._path, self._header)
        if self._format is Format.JSON:
            return read_json(stream, self._path, self._keys)
        if self._format is Format.JSON_LINES:
            return read_json_lines(stream, self._path)
        if self._format is Format.CSV:
            return read_csv(stream, self._path)
        return read_rdf(stream, self._path)

    def _chunk(self, raw: RawRecord) -> Chunk:
        if raw.wrong is not None:
            return self._rejected(raw, "record", raw.text[raw.start :], raw.wrong)
        kind = kind_of(raw.tree)
        if kind is not self._kind:
            self._is_delta = True
        try:
            said = _UNDERSTOOD[kind](raw.tree)
            if _is_deleted(raw):
                said = replace(said, records=(), ties=(), left_out="records that were deleted", is_kept=True)
            return self._taken(raw, kind, said)
        except BadRecord as bad:
            return self._rejected(raw, bad.column, bad.value, bad.reason)
        except InvalidRecord as error:
            return self._rejected(raw, "record", raw.text[raw.start :], str(error))

    def _taken(self, raw: RawRecord, kind: Kind, said: Understood) -> Chunk:
        if said.left_out is not None:
            self._left_out.add(said.left_out)
        self._unchecked += kind is Kind.ENTITY and not is_checked(said.key)
        if not said.is_kept:
            return Chunk(None, (), (), 1, _READER)
        published = said.published or _day_in(self._header.fields.get("ContentDate")) or self._dated
        document = Document(
            f"{self._name}/{kind}/{said.key}",
            raw.text,
            _LANG,
            published,
            title=said.title,
            source=str(self._path),
            tier=Tier.REGISTER,
            places=() if raw.place is None else (Place(0, len(raw.text), *raw.place),),
        )
        claims = tuple(_claim(tie, document, raw.start) for tie in said.ties)
        return Chunk(document, claims, (), 1, _READER, said.records)

    def _rejected(self, raw: RawRecord, column: str, value: str, reason: str) -> Chunk:
        return Chunk(None, (), (RecordReject(raw.number, raw.line, column, value, reason),), 1, _READER)


def _claim(tie: Tie, document: Document, start: int) -> Claim:
    evidence = (document.evidence(start, len(document.text)),)
    return Claim(
        tie.subject,
        tie.relation,
        tie.object,
        tie.modality,
        evidence,
        tie.qualifiers,
        known_from=document.published,
        method=_METHOD,
    )


def _is_deleted(raw: RawRecord) -> bool:
    """Whether a file of changes says that the record is there no more; where it stands, full files have it empty."""
    extension = raw.tree.get("Extension")
    return isinstance(extension, dict) and any(extension.get(name) for name in ("Deletion", "gleif:Deletion"))


def _day_of(name: str) -> str | None:
    """Return the day that the golden copy names its files by: "20260801-0800-gleif-goldencopy-lei2-golden-copy.csv"."""
    match = _DAY.match(name)
    return _day_in("-".join(match.groups())) if match else None


def _day_in(moment: str | None) -> str | None:
    day = (moment or "").partition("T")[0]
    return day if is_partial_date(day) else None
