"""Lines of a JSON dump of Wikidata, or of a part of one: an item a line.

The file is read twice: once for the names, classes and identifiers of its items, which statements name by their ids
alone, and once for what they say.
https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kg.dates import is_partial_date
from kg.errors import DocumentError, InvalidRecord
from kg.importers.contract import Chunk, RecordReject
from kg.importers.groups import Keys
from kg.importers.json_elements import loaded, spans
from kg.importers.packed import lines_of, unpacked
from kg.importers.record_chunks import LeftOut
from kg.importers.register_file import RegisterFile
from kg.importers.wikidata.items import Items
from kg.importers.wikidata.kinds import KINDS
from kg.importers.wikidata.record import identifiers, kind_of_item, name_of, record_of
from kg.importers.wikidata.ties import TIES, Ties
from kg.importers.wikidata.values import item_id, statements
from kg.model import Document, Tier
from kg.places import Place, PlaceKind
from kg.resolve.record import KEYS

__all__ = ["DumpRegister"]

_READER = "wikidata/item/1"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the dump: its number in the file, that of its item, its text, and its value or what is wrong."""

    line: int
    row: int
    text: str
    value: Mapping[str, Any] | str


@dataclass(slots=True)
class DumpRegister(RegisterFile):
    """A dump as a register: see `kg.importers.contract`. `kinds` are the classes that items of a P31 are of."""

    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'wikidata'}/item/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the dump item by item. Raises `DocumentError` for a file that is none, or that is cut off."""
        self._left_out = LeftOut()
        with Items() as items, Keys() as keys:
            for line in self._lines():
                if not isinstance(line.value, str) and _is_item(line.value):
                    item = line.value
                    pairs = [pair for pair in identifiers(item, []) if pair[0] in KEYS]
                    items.add(item["id"], kind_of_item(item, self.kinds), name_of(item), pairs)
            for line in self._lines():
                yield self._chunk(line, items, keys)

    def _lines(self) -> Iterator[_Line]:
        row, is_array, is_over = 0, False, False
        with unpacked(self.path) as stream:
            for number, raw in enumerate(lines_of(stream, self.path), 1):
                body = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
                body = body.strip()
                if number == 1 and body.startswith(b"["):
                    is_array, body = True, body[1:].strip()
                if is_array and body.endswith(b"]"):
                    is_over, body = True, body[:-1].strip()
                body = body.removesuffix(b",")
                if not body:
                    continue
                row += 1
                line = _line(number, row, body)
                if isinstance(line.value, str) and not raw.endswith(b"\n") and not is_over:
                    raise DocumentError(f"{self.path}, line {number}: is cut off: fetch the file again")
                yield line
        if is_array and not is_over:
            raise DocumentError(f"{self.path} is cut off: its array is not closed; fetch the file again")

    def _chunk(self, line: _Line, items: Items, keys: Keys) -> Chunk:
        if isinstance(line.value, str):
            rejected = RecordReject(line.row, line.line, "line", line.text[:80], line.value)
            return Chunk(None, (), (rejected,), 1, _READER)
        kind = kind_of_item(line.value, self.kinds) if _is_item(line.value) else None
        if kind is None:
            self._left_out.add("items that are no companies, organisations, public bodies or people")
            return Chunk(None, (), (), 1, _READER)
        if not keys.is_new(line.value["id"]):
            rejected = RecordReject(
                line.row, line.line, "id", line.value["id"], "is that of an item further up: left out"
            )
            return Chunk(None, (), (rejected,), 1, _READER)
        try:
            return self._item(line, line.value, kind, items)
        except InvalidRecord as error:
            rejected = RecordReject(line.row, line.line, "item", line.value["id"], f"does not hold: {error}")
            return Chunk(None, (), (rejected,), 1, _READER)

    def _item(self, line: _Line, item: Mapping[str, Any], kind: str, items: Items) -> Chunk:
        wrong: list[tuple[str, str]] = []
        record = record_of(item, kind, items, wrong)
        document = Document(
            f"{self.prefix}{item['id']}",
            line.text,
            "en",
            _modified(item) or self.retrieved,
            record.entity.name,
            f"https://www.wikidata.org/wiki/{item['id']}",
            source=str(self.path),
            tier=Tier.REGISTER,
            places=(Place(0, len(line.text), PlaceKind.LINE, str(line.line)),),
        )
        ties = Ties(item, record.entity, items, self._left_out)
        # Most items have no tie, and their text need not be gone through.
        ties_of = {property_ for property_ in TIES if statements(item, property_)}
        found = spans(line.text, ("claims", ties_of)) if ties_of else ()
        places = {pointer: (start, end) for pointer, start, end in found}
        claims = tuple(ties.claims(document, places))
        if kind == "Person" and not claims:
            # Wikidata has eleven million people, and the items of companies name those who own them.
            self._left_out.add("people who own nothing by their own items")
            return Chunk(None, (), (), 1, _READER)
        problems = [*ties.wrong, *((property_, told, "is not well formed") for property_, told in wrong)]
        rejected = tuple(RecordReject(line.row, line.line, *one) for one in problems)
        return Chunk(document, claims, rejected, 1, f"{_READER} {_told(item, items)}", (record,))


def _line(number: int, row: int, body: bytes) -> _Line:
    try:
        text = body.decode()
        value = loaded(text)
    except ValueError as error:
        return _Line(number, row, body.decode("utf-8", "replace"), f"is no JSON in UTF-8: {error}")
    if not isinstance(value, dict):
        return _Line(number, row, text, "is no JSON object: a line is an item")
    return _Line(number, row, text, value)


def _is_item(value: Mapping[str, Any]) -> bool:
    return item_id({"snaktype": "value", "datavalue": {"value": {"id": value.get("id")}}}) is not None


def _modified(item: Mapping[str, Any]) -> str | None:
    told = item.get("modified")
    return told[:10] if isinstance(told, str) and is_partial_date(told[:10]) else None


def _told(item: Mapping[str, Any], items: Items) -> str:
    """Return a hash of what other lines say of the items that this one names: names and classes decide claims."""
    named = [
        (other, items.find(other))
        for property_ in (*TIES, "P1454")
        for one in statements(item, property_)
        if (other := item_id(one.snak))
    ]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:16]
