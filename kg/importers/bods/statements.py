"""The statements of a BODS file, one at a time, whatever its form: a JSON array, JSON lines, an object around them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.dates import is_partial_date
from kg.errors import DocumentError
from kg.importers.bods.upgrade import is_old, upgraded
from kg.importers.json_elements import json_elements, loaded
from kg.importers.packed import lines_of, unpacked
from kg.importers.record_chunks import BadRecord
from kg.importers.record_index import Piece
from kg.importers.registers import head_of
from kg.places import PlaceKind

__all__ = ["Statement", "date_of", "optional_text", "statement_of", "statements_in", "text_of"]

_KINDS = {"entity", "person", "relationship"}
_STATUSES = {"new", "updated", "closed"}
_WRAPPED = re.compile(rb'^(?:\xef\xbb\xbf)?\s*\{(?:(?!"statementI[dD]").)*?"statements"\s*:\s*\[', re.DOTALL)
_ARRAY = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\[")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of BODS 0.4, its fields checked: what it is on, when it was made and published.

    `date` is when the source stated it, `published` when the publisher gave it out, both partial dates. `annotations`
    counts those that it has. `replaces` are the statements that it takes the place of (until 0.3).
    """

    piece: Piece
    id: str
    record: str
    kind: str
    status: str
    date: str | None
    published: str | None
    publisher: str | None
    url: str | None
    details: Mapping[str, Any]
    annotations: int
    replaces: tuple[str, ...]


def statements_in(path: Path) -> Iterator[tuple[Piece, Any]]:
    """Yield the statements of a file: each piece with its value, or with None where its line is no JSON.

    Raises `DocumentError` for a file that is no JSON, or is cut off.
    """
    head = head_of(path)
    with unpacked(path) as stream:
        if _ARRAY.match(head) or _WRAPPED.match(head):
            keys = () if _ARRAY.match(head) else ("statements",)
            for row, element in enumerate(json_elements(stream, path, keys), 1):
                yield Piece(row, element.line, PlaceKind.POINTER, element.pointer, element.text), element.value
            return
        for number, line in enumerate(lines_of(stream, path), 1):
            text, value = _line(line, path, number)
            if text.strip():
                yield Piece(number, number, PlaceKind.LINE, str(number), text), value


def _line(line: bytes, path: Path, number: int) -> tuple[str, Any]:
    text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
    try:
        return text, loaded(line.decode("utf-8-sig")) if text else None
    except ValueError as error:
        if not line.endswith(b"\n"):
            raise DocumentError(f"{path}, line {number}: is cut off, or no JSON: {error}") from error
        return text, None


def statement_of(piece: Piece, value: Any) -> Statement:
    """Return a statement as one of BODS 0.4. Raises `BadRecord` for what is none."""
    if not isinstance(value, dict):
        raise BadRecord("statement", piece.text[:60], "is no JSON object: write one statement a line")
    new = upgraded(value) if is_old(value) else value
    kind, details = optional_text(new.get("recordType")), new.get("recordDetails")
    if kind is None or kind not in _KINDS:
        raise BadRecord(
            "recordType",
            new.get("recordType"),
            "is no type of BODS: entity, person or relationship (0.2 and 0.3: statementType)",
        )
    if not isinstance(details, dict):
        raise BadRecord("recordDetails", details, "is no object: it says what the statement states")
    status = "new" if new.get("recordStatus") is None else optional_text(new["recordStatus"])
    if status is None or status not in _STATUSES:
        raise BadRecord("recordStatus", new["recordStatus"], "is no status of BODS: new, updated or closed")
    publication = _object(new, "publicationDetails")
    annotations = new.get("annotations")
    replaces = new.get("replacesStatements")
    return Statement(
        piece,
        text_of(new, "statementId"),
        text_of(new, "recordId"),
        kind,
        status,
        date_of(new, "statementDate"),
        date_of(publication, "publicationDate"),
        optional_text(_object(publication, "publisher").get("name")),
        _web(_object(new, "source").get("url")),
        details,
        len(annotations) if isinstance(annotations, list) else 0,
        tuple(each for each in replaces if isinstance(each, str)) if isinstance(replaces, list) else (),
    )


def text_of(part: Mapping[str, Any], name: str) -> str:
    """Return a text that must be there. Raises `BadRecord`."""
    value = optional_text(part.get(name))
    if value is None:
        raise BadRecord(name, part.get(name), "is no text: every statement has one")
    return value


def optional_text(value: object) -> str | None:
    """Return a text without blanks around it; None for what is none, or blank."""
    return value.strip() or None if isinstance(value, str) else None


def date_of(part: Mapping[str, Any], name: str) -> str | None:
    """Return a date as a partial ISO date, without a time of day; None where there is none. Raises `BadRecord`.

    >>> date_of({"startDate": "2020-09-11T16:30:23Z"}, "startDate")
    '2020-09-11'

    """
    value = part.get(name)
    if value is None or value == "":
        return None
    date = value.partition("T")[0].strip() if isinstance(value, str) else ""
    if not is_partial_date(date):
        raise BadRecord(name, value, "is no date: write YYYY-MM-DD, YYYY-MM or YYYY")
    return date


def _object(part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = part.get(name)
    return value if isinstance(value, dict) else {}


def _web(value: object) -> str | None:
    text = optional_text(value)
    return text if text is not None and text.startswith(("http://", "https://")) else None
