"""Fields of a JSON record, checked as they are taken: what is wrong, and in which record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from kg.errors import AnnotationError
from kg.evaluation.matching import Value

__all__ = ["RecordFields", "parsed"]

_T = TypeVar("_T")
_NAMES = {str: "a text", int: "a whole number", list: "a list", dict: "an object"}


def parsed(data: str | bytes, where: str) -> "RecordFields":
    """Return the fields of a JSON object; raise `AnnotationError` for what is none, naming `where`."""
    try:
        record = json.loads(data)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AnnotationError(f"{where}: is no JSON ({error}): mend or remove it") from error
    if not isinstance(record, dict):
        raise AnnotationError(f"{where}: is no JSON object: write one, with its fields by name")
    return RecordFields(record, where)


@dataclass(frozen=True, slots=True)
class RecordFields:
    """A record and where it stands, for messages. Each method raises `AnnotationError`."""

    record: Mapping[str, Any]
    where: str

    def wrong(self, what: str) -> AnnotationError:
        """Return the error that says `what` is wrong with this record."""
        return AnnotationError(f"{self.where}: {what}")

    def need(self, name: str, kind: type[_T]) -> _T:
        """Return a field that must be there."""
        value = self.get(name, kind)
        if value is None:
            raise self.wrong(f"lacks '{name}': give it {_NAMES[kind]}")
        return value

    def get(self, name: str, kind: type[_T]) -> _T | None:
        """Return a field, None where it is absent or null."""
        value = self.record.get(name)
        if value is None:
            return None
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(f"'{name}' is {json.dumps(value, ensure_ascii=False)[:60]}: make it {_NAMES[kind]}")
        return value

    def each(self, name: str) -> Iterator["RecordFields"]:
        """Yield the records of a list, each named by its id or its place; nothing where it is absent."""
        for number, item in enumerate(self.get(name, list) or (), 1):
            where = f"{self.where}: {name} {number}"
            if not isinstance(item, dict):
                raise AnnotationError(f"{where} is no object: write one, with its fields by name")
            yield RecordFields(item, f"{where} ({item['id']})" if isinstance(item.get("id"), str) else where)

    def inside(self, name: str) -> "RecordFields":
        """Return the record that a field is."""
        return RecordFields(self.need(name, dict), f"{self.where}: {name}")

    def texts(self, name: str) -> Sequence[str]:
        """Return a list of texts; an empty one where it is absent."""
        items = self.get(name, list) or []
        if not all(isinstance(item, str) for item in items):
            raise self.wrong(f"'{name}' must be a list of texts")
        return items

    def values(self, name: str, only: frozenset[str] | None = None) -> dict[str, Value]:
        """Return the terms of a field by name (those of `only`), each a text, a number, a truth value or null."""
        terms = {k: v for k, v in (self.get(name, dict) or {}).items() if only is None or k in only}
        for term, value in terms.items():
            if not isinstance(value, str | int | float | bool | None):
                raise self.wrong(f"'{name}': {term} must be a text, a number, true, false or null")
        return terms
