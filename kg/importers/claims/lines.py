"""Own claims as JSON lines: an object a line, by column, or a claim as ``kg export --format jsonl`` writes it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg import formats
from kg.importers.edges.columns import Columns
from kg.importers.edges.rows import RawRow

__all__ = ["rows_of_lines"]

_READ = {"format", "id", "evidence", "method", "confidence", "reasons", "recorded_at", "selection"}
"""Keys of a claim that tell how it was read, and not what it says; of evidence the document alone is taken."""


class _NoClaim(Exception):
    """What is wrong with a line."""


def rows_of_lines(lines: Iterable[str], columns: Columns, seen: dict[str, bool]) -> Iterator[RawRow]:
    """Yield the rows of JSON lines, blank ones left out; what is no object is a row that does not hold.

    `seen` takes up the keys that lines have, in their order, and whether they are left out.
    """
    number = 0
    for line, whole in enumerate(lines, 1):
        text = whole.rstrip("\r\n").removeprefix("\ufeff")
        if text.strip():
            number += 1
            yield _row(number, line, text, columns, seen)


def _row(number: int, line: int, text: str, columns: Columns, seen: dict[str, bool]) -> RawRow:
    try:
        whole = _parsed(text)
        record = _by_column(whole)
    except _NoClaim as reason:
        return RawRow(number, {}, {}, text, 0, (("row", text, str(reason)),), line)
    known, wrong = columns.found(record)
    seen |= {key: known.get(key) == "" for key in record if key in known}
    if record is not whole:
        seen |= dict.fromkeys((key for key in whole if key in _READ - {"format"}), True)
    values = {known[key]: value for key, value in record.items() if known.get(key) and not _is_empty(value)}
    return RawRow(number, values, {meaning: own for own, meaning in known.items()}, text, 0, tuple(wrong), line)


def _by_column(record: Mapping[str, Any]) -> Mapping[str, Any]:
    if "format" in record or isinstance(record.get("subject"), dict):
        record = _of_claim(record)
    nested = [key for key, value in record.items() if isinstance(value, dict | list)]
    if nested:
        raise _NoClaim(f"has more than one value in '{nested[0]}': write text, a number, true or false")
    return record


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _parsed(text: str) -> Mapping[str, Any]:
    """Return the object of a line, its numbers as text, so that no digit is lost."""
    try:
        record = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=_refused, object_pairs_hook=_each_key_once
        )
    except (ValueError, RecursionError) as error:
        raise _NoClaim(f"is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise _NoClaim('is no JSON object: write {"subject": …, "relation": …, "object": …}')
    return record


def _refused(name: str) -> Any:
    raise _NoClaim(f"holds {name}, which is no JSON: leave the key out where nothing is known")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise _NoClaim("says a key twice")
    return record


def _of_claim(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a claim of kg-claims/1 by column."""
    version = record.get("format", formats.CLAIMS)
    if version != formats.CLAIMS:
        raise _NoClaim(f"has the format '{version}', this kg reads {formats.CLAIMS}")
    subject, object_, terms = (_object(record, key) for key in ("subject", "object", "qualifiers"))
    row: dict[str, Any] = {key: value for key, value in record.items() if key not in {*_READ, *_NESTED}}
    for name, end in (("subject", subject), ("object", object_)):
        row |= {name: end.get("name"), f"{name}_id": end.get("id"), f"{name}_type": end.get("type")}
    row |= {name: object_[name] for name in ("value", "unit") if name in object_}
    evidence = record.get("evidence")
    place = evidence[0] if isinstance(evidence, list) and evidence else None
    return row | dict(terms) | {"source": place.get("document") if isinstance(place, dict) else None}


_NESTED = ("subject", "object", "qualifiers")


def _object(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = record.get(key, {})
    if not isinstance(value, dict):
        raise _NoClaim(f"has a '{key}' that is no object, as {formats.CLAIMS} has it")
    return value
