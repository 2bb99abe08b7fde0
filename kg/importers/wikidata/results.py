"""Saved results of queries to Wikidata, in SPARQL 1.1 Query Results JSON Format: a record a row.

The variables tell what a row is; docs/reference/registers/wikidata.md has a query with them all. `item` is the company;
`owner`, `owns`, `parent`, `subsidiary` and `product` are others that it is tied to. Each has a label (`ownerLabel`), a
class (`ownerClass`, a value of its P31) and identifiers (`ownerLei`, `ownerCik`); those of the item are `lei`, `cik`
and `isin`. `proportion`, `start`, `end`, `pointInTime` and `rank` are of the tie, `country`, `inception` and
`dissolved` of the item. Times have a precision beside them (`startPrecision`); without one January 1 stands for the
whole year, since that is how the query service writes years. Other variables stay in the row's text.

https://www.w3.org/TR/sparql11-results-json/
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.dates import is_partial_date
from kg.errors import InvalidRecord
from kg.identifiers import canonical
from kg.importers.contract import Chunk, RecordReject
from kg.importers.json_elements import JsonElement, json_elements
from kg.importers.packed import unpacked
from kg.importers.record_chunks import LeftOut
from kg.importers.register_file import RegisterFile
from kg.importers.wikidata.items import Items
from kg.importers.wikidata.kinds import COUNTRIES, KINDS
from kg.importers.wikidata.ties import METHOD, TIES, ends_of
from kg.model import Claim, Document, Entity, Modality, Qualifiers, Tier
from kg.places import Place, PlaceKind
from kg.resolve import RegisterRecord, register_entity

__all__ = ["ResultsRegister"]

_READER = "wikidata/results/1"
_ITEM = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9]\d*)")
_OTHERS: Mapping[str, str] = {
    "owner": "P127",
    "owns": "P1830",
    "parent": "P749",
    "subsidiary": "P355",
    "product": "P1056",
}
_PARTS: Mapping[str, int] = {"9": 4, "10": 7, "11": 10}
"""The characters of a time that are as precise as Wikidata says: year, month, day."""


@dataclass(slots=True)
class ResultsRegister(RegisterFile):
    """Results of a query as a register: see `kg.importers.contract`."""

    @property
    def prefix(self) -> str:
        """How the ids of all its documents begin."""
        return f"{self.name or 'wikidata'}/query/{self.path.name}/"

    def chunks(self) -> Iterator[Chunk]:
        """Yield the results row by row. Raises `DocumentError` for a file that is none."""
        self._left_out = LeftOut()
        with Items() as items:
            for element in self._rows():
                row = _Row(element.value)
                for variable in ("item", *_OTHERS):
                    if id_ := row.item(variable):
                        items.add(id_, row.kind(variable), row.label(variable, id_), row.keys(variable, []))
            for number, element in enumerate(self._rows(), 1):
                try:
                    yield self._chunk(number, element, items)
                except InvalidRecord as error:
                    rejected = RecordReject(number, element.line, "row", element.text, f"does not hold: {error}")
                    yield Chunk(None, (), (rejected,), 1, _READER)

    def _rows(self) -> Iterator[JsonElement]:
        with unpacked(self.path) as stream:
            yield from json_elements(stream, self.path, ("results", "bindings"))

    def _chunk(self, number: int, element: JsonElement, items: Items) -> Chunk:
        row = _Row(element.value)
        id_, problems = row.item("item"), list[tuple[str, str, str]]()
        if id_ is None:
            reason = "is no item of Wikidata: a row has one in the variable item"
            rejected = RecordReject(number, element.line, "item", row.text("item"), reason)
            return Chunk(None, (), (rejected,), 1, _READER)
        entity = self._entity(row, id_, items, problems)
        digest = hashlib.sha256(element.text.encode()).hexdigest()[:12]
        document = Document(
            f"{self.prefix}{id_}/{digest}",
            element.text,
            "en",
            self.retrieved,
            entity.name,
            f"https://www.wikidata.org/wiki/{id_}",
            source=str(self.path),
            tier=Tier.REGISTER,
            places=(Place(0, len(element.text), PlaceKind.POINTER, element.pointer),),
        )
        claims = tuple(self._claims(row, entity, document, items, problems))
        rejects = tuple(RecordReject(number, element.line, *problem) for problem in problems)
        named = [(other, items.find(other)) for variable in ("item", *_OTHERS) if (other := row.item(variable))]
        reader = f"{_READER} {hashlib.sha256(repr(named).encode()).hexdigest()[:16]}"
        return Chunk(document, claims, rejects, 1, reader, (_record(row, id_, entity),))

    def _entity(self, row: "_Row", id_: str, items: Items, problems: list[tuple[str, str, str]]) -> Entity:
        kind, name, pairs = items.find(id_)
        isin = row.text("isin")
        told = [*pairs, *row.keys("item", problems), ("qid", id_)]
        if isin and (value := canonical("isin", isin)):
            told.append(("isin", value))
        elif isin:
            problems.append(("isin", isin, "is not well formed"))
        return register_entity(name or id_, kind or "Company", "wikidata", id_, identifiers=told)

    def _claims(
        self, row: "_Row", entity: Entity, document: Document, items: Items, problems: list[tuple[str, str, str]]
    ) -> Iterator[Claim]:
        for variable, property_ in _OTHERS.items():
            other, tie = row.item(variable), TIES[property_]
            if other is None:
                if row.text(variable):
                    self._left_out.add(f"values of {variable} that are no items")
                continue
            if row.text("rank").endswith("DeprecatedRank"):
                self._left_out.add(f"values of {variable} of the rank deprecated, which means known to be wrong")
                continue
            ends = ends_of(tie, entity, other, items)
            if isinstance(ends, str):
                self._left_out.add(f"values of {variable} {ends}")
                continue
            try:
                terms = row.terms(is_share=tie.relation == "holds-stake")
            except InvalidRecord as error:
                problems.append((variable, other, f"does not hold: {error}"))
                continue
            evidence, known_from = (document.evidence(0, len(document.text)),), document.published
            yield Claim(ends[0], tie.relation, ends[1], Modality.ASSERTED, evidence, terms, known_from, method=METHOD)


def _record(row: "_Row", id_: str, entity: Entity) -> RegisterRecord:
    return RegisterRecord(
        entity,
        "wikidata",
        id_,
        country=COUNTRIES.get(row.item("country") or ""),
        is_active=False if row.text("dissolved") else None,
        start=row.date("inception"),
        end=row.date("dissolved"),
    )


class _Row:
    """A row of results: what its variables are bound to."""

    def __init__(self, value: Any) -> None:
        self._bindings = value if isinstance(value, dict) else {}

    def text(self, variable: str) -> str:
        binding = self._bindings.get(variable)
        value = binding.get("value") if isinstance(binding, dict) else None
        return " ".join(value.split()) if isinstance(value, str) else ""

    def item(self, variable: str) -> str | None:
        match = _ITEM.fullmatch(self.text(variable))
        return match[1] if match else None

    def label(self, variable: str, id_: str) -> str | None:
        """Return a label; where there is none, the query service gives the item's id."""
        told = self.text(f"{variable}Label")
        return told if told and told != id_ else None

    def kind(self, variable: str) -> str | None:
        return KINDS.get(self.item(f"{variable}Class") or "")

    def keys(self, variable: str, problems: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
        """Return the LEI and the CIK of an item; `problems` takes up those that are not well formed."""
        pairs = []
        for kind in ("lei", "cik"):
            name = kind if variable == "item" else f"{variable}{kind.title()}"
            told = self.text(name)
            value = canonical(kind, told) if told else None
            if value is not None:
                pairs.append((kind, value))
            elif told:
                problems.append((name, told, "is not well formed"))
        return pairs

    def date(self, variable: str) -> str | None:
        told, precision = self.text(variable)[:10], self.text(f"{variable}Precision")
        length = _PARTS.get(precision, 4 if told.endswith("-01-01") and not precision else 10)
        return told[:length] if is_partial_date(told[:length]) else None

    def terms(self, *, is_share: bool) -> Qualifiers:
        told = self.text("proportion") if is_share else ""
        try:
            percent = Decimal(told) * 100 if told else None
        except InvalidOperation as error:
            raise InvalidRecord(f"proportion '{told}' is no number") from error
        if percent is not None and not percent.is_finite():
            raise InvalidRecord(f"proportion '{told}' is no number")
        return Qualifiers(
            percent=percent, start=self.date("start"), end=self.date("end"), as_of=self.date("pointInTime")
        )
