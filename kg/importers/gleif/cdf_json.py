"""CDF as JSON: an array of records, alone or as the golden copy has it, or a record a line.

Each record keeps the text of its object to the letter. Numbers stay as they are written.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from kg.errors import DocumentError
from kg.importers.gleif.records import RawRecord
from kg.importers.json_elements import json_elements, loaded
from kg.importers.packed import lines_of
from kg.places import PlaceKind

__all__ = ["read_json", "read_json_lines"]

_WRAPPERS = ("LEIRecord", "RelationshipRecord", "Exception")


def read_json(stream: IO[bytes], path: Path, keys: tuple[str, ...]) -> Iterator[RawRecord]:
    """Yield the records of the array to which some keys lead from the top of a file.

    Raises `DocumentError` for what is no JSON, is cut off or would do harm (`kg.importers.json_elements`).
    """
    for number, element in enumerate(json_elements(stream, path, keys), 1):
        yield _record(number, element.text, element.value, (PlaceKind.POINTER, element.pointer), element.line)


def read_json_lines(stream: IO[bytes], path: Path) -> Iterator[RawRecord]:
    """Yield the records of a file that has one a line; what is no JSON is a record that does not hold."""
    number = 0
    for line, whole in enumerate(lines_of(stream, path), 1):
        try:
            text = whole.decode("utf-8-sig" if line == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise DocumentError(f"{path}, line {line}: is not in UTF-8: convert it") from error
        if not text:
            continue
        number += 1
        place = (PlaceKind.LINE, str(line))
        try:
            value = loaded(text)
        except ValueError as error:
            yield RawRecord(number, text, {}, place, line, wrong=f"is no JSON: {error}")
        else:
            yield _record(number, text, value, place, line)


def _record(number: int, text: str, value: object, place: tuple[PlaceKind, str], line: int) -> RawRecord:
    if not isinstance(value, dict):
        return RawRecord(number, text, {}, place, line, wrong="is no object: a record is one")
    inner = next((value[name] for name in _WRAPPERS if len(value) == 1 and isinstance(value.get(name), dict)), value)
    return RawRecord(number, text, inner, place, line)
