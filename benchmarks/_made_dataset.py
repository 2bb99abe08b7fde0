"""A dataset of companies that do not exist, as large as one likes: `kg.store.dataset`'s tables, drawn by columns.

Heavy tails: a few companies take part in most claims, a few documents say much. Months of 2015 to 2025, more claims in
the later ones. Of a hundred claims two report an end, two deny, and stakes of one pair are told with differing shares;
one document in a hundred was read twice. Equal numbers and seeds give equal files.

What a claim has no value for is null, as in a graph of news; its sentence is made of its names.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kg.ontology import ontology
from kg.store.dataset.rows import empty_tables

__all__ = ["FolderTables", "make"]

# Relation, of a hundred claims how many.
RELATIONS = (
    ("supplies", 28), ("holds-stake", 22), ("invests-in", 15), ("competes-with", 12), ("partners-with", 9),
    ("acquires", 4), ("subsidiary-of", 5), ("lends-to", 3), ("merges-with", 1), ("revenue-share-from", 1),
)  # fmt: skip
MODALITIES = ("asserted", "announced", "planned", "conditional", "hedged", "denied", "past", "ended")
HOW_OFTEN = (0.72, 0.05, 0.08, 0.02, 0.05, 0.02, 0.04, 0.02)
CURRENCIES, GOODS = ("USD", "EUR", "JPY"), ("chips", "batteries", "computing power", "steel", "software")
YEARS = range(2015, 2026)
PER_DOCUMENT, READ_TWICE = 8, 0.01
COMMITS = 1_000
EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class FolderTables:
    """The tables of a folder without a log: all files count."""

    address: str

    def uri(self, name: str) -> str:
        return f"{self.address}/{name}"

    def files(self, name: str) -> Sequence[str]:
        return sorted(map(str, Path(self.uri(name)).rglob("*.parquet")))


def make(folder: Path, claims: int, companies: int, seed: int = 22) -> int:
    """Write a dataset of about so many claims; return how many there are, readings that count no more included."""
    months = [(year, month) for year in YEARS for month in range(1, 13)]
    weights = np.linspace(1, 5, len(months))
    per_month = np.maximum(1, (weights / weights.sum() * claims).astype(int))
    names = pa.array([f"company/{number:x}" for number in range(companies)])
    written, document = 0, 0
    for at, ((year, month), count) in enumerate(zip(months, per_month, strict=True)):
        chance = np.random.default_rng([seed, at])
        made = _Month(year, month, int(count), document, names, chance)
        made.write(folder)
        written, document = written + made.rows, document + made.documents
    _write(folder / "commits", "all", _whole("commits", COMMITS + 1, {
        "number": pa.array(np.arange(COMMITS + 1)),
        "at": pa.array([f"{2015 + number // 100:04}-01-01T00:00:00Z" for number in range(COMMITS + 1)]),
    }))  # fmt: skip
    return written


@dataclass
class _Month:
    year: int
    month: int
    claims: int
    first_document: int
    names: pa.Array
    chance: np.random.Generator

    def __post_init__(self) -> None:
        self.first = dt.date(self.year, self.month, 1)
        self.documents = max(1, self.claims // PER_DOCUMENT)
        # Some documents say much: a share of them is drawn as its square.
        said_by = (self.documents * self.chance.random(self.claims) ** 2).astype(np.int64)
        self.commit_of = self.chance.integers(1, COMMITS // 2, self.documents)
        self.twice = self.chance.random(self.documents) < READ_TWICE
        again = said_by[self.twice[said_by]]
        self.said_by = np.concatenate([said_by, again])
        self.is_again = np.arange(len(self.said_by)) >= self.claims
        self.rows = len(self.said_by)
        self.days = self.chance.integers(0, 28, self.documents)
        numbers = np.arange(self.documents) + self.first_document
        self.ids = pa.array([f"news/{number:09}.txt" for number in numbers])

    def write(self, folder: Path) -> None:
        known = f"{self.year}-{self.month:02}"
        weights = np.array([often for _, often in RELATIONS]) / 100
        drawn = self.chance.choice(len(RELATIONS), self.rows, p=weights)
        for number, (relation, _) in enumerate(RELATIONS):
            rows = np.flatnonzero(drawn == number)
            if len(rows):
                where = folder / "claims" / f"relation={relation}" / f"known={known}"
                table = _whole("claims", len(rows), self._columns(relation, rows)).drop_columns(["relation", "known"])
                _write(where, "made", table)
        _write(folder / "documents", known, self._documents())

    def _documents(self) -> pa.Table:
        commits = np.concatenate([self.commit_of, self.commit_of[self.twice] + COMMITS // 2])
        which = np.concatenate([np.arange(self.documents), np.flatnonzero(self.twice)])
        ids = self.ids.take(pa.array(which))
        return _whole("documents", len(which), {
            "id": ids, "lang": _same("en", len(which)), "commit": pa.array(commits),
            "withdrawn": _same(value=False, count=len(which)), "characters": pa.array(np.full(len(which), 3_000)),
        })  # fmt: skip

    def _columns(self, relation: str, rows: np.ndarray) -> dict[str, Any]:
        count, chance = len(rows), self.chance
        subjects, objects = self._ends(count)
        documents = self.said_by[rows]
        days = _day(self.first) + self.days[documents]
        modality = chance.choice(len(MODALITIES), count, p=HOW_OFTEN)
        asserted, ended = modality == 0, modality == len(MODALITIES) - 1
        until = days + chance.integers(100, 4_000, count)
        has_end = asserted & (chance.random(count) < 0.1)
        ids, other = self.names.take(pa.array(subjects)), self.names.take(pa.array(objects))
        symmetric = ontology().relation(relation).symmetric
        low, high = (np.minimum, np.maximum) if symmetric else (lambda a, _: a, lambda _, b: b)
        sentence = pc.binary_join_element_wise(ids, f" is said to be tied by {relation} to ", other, "")
        commits = self.commit_of[documents] + np.where(self.is_again[rows], COMMITS // 2, 0)
        share = chance.integers(1, 1000, count) if relation in {"holds-stake", "supplies"} else None
        columns = {
            "claim": _hexadecimal(chance.bytes(16 * count)), "document": self.ids.take(pa.array(documents)),
            "subject_id": ids, "subject": ids, "subject_type": _same("Company", count),
            "object_id": other, "object": other, "object_type": _same("Company", count),
            "modality": pa.array(MODALITIES).take(pa.array(modality)), "outcome": _same("admitted", count),
            "valid_from": _dates(days, asserted), "valid_until": _dates(until, has_end),
            "surely_from": _dates(days, asserted), "surely_until": _dates(until, has_end),
            "known_from_first": _dates(days), "known_from_last": _dates(days),
            "known_from": _dates(days).cast("string"),
            "recorded_at": pa.array(days * 86_400_000_000, pa.timestamp("us", "UTC")), "quote": sentence,
            "lang": _same("en", count), "method": _same("made/1", count), "confidence": pa.array(np.full(count, 0.9)),
            "commit": pa.array(commits), "reports_end": pa.array(ended | has_end),
            "ends_on": _dates(np.where(ended, days - 1, until), ended | has_end),
            "surely_ends_on": _dates(np.where(ended, days - 1, until), ended | has_end),
            "party_a": self.names.take(pa.array(low(subjects, objects))),
            "party_b": self.names.take(pa.array(high(subjects, objects))),
        }  # fmt: skip
        return columns | self._sums(relation, count, share)

    def _ends(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw two companies; the fourth power makes low numbers frequent."""
        companies = len(self.names)
        subjects = (companies * self.chance.random(count) ** 4).astype(np.int64)
        objects = ((companies - 1) * self.chance.random(count) ** 4).astype(np.int64)
        return subjects, objects + (objects >= subjects)

    def _sums(self, relation: str, count: int, share: np.ndarray | None) -> dict[str, Any]:
        chance, columns = self.chance, {}
        if relation in {"supplies", "invests-in", "acquires", "lends-to"}:
            amounts = pa.array(chance.integers(1, 9_000, count) * 1_000_000)
            columns |= {"amount": _decimal(amounts), "amount_text": amounts.cast("string")}
            columns["currency"] = pa.array(CURRENCIES).take(pa.array(chance.choice(3, count, p=(0.7, 0.2, 0.1))))
        if relation == "supplies":
            columns["goods"] = pa.array(GOODS).take(pa.array(chance.integers(0, len(GOODS), count)))
        if share is not None:
            percent = pa.array(share / 10)
            of = "capital" if relation == "holds-stake" else "revenue"
            columns |= {"percent": _decimal(percent), "percent_text": percent.cast("string")}
            columns["percent_of"] = _same(of, count)
        return columns


def _whole(name: str, count: int, columns: dict[str, Any]) -> pa.Table:
    """Return a table with all columns of a dataset's table: null where nothing is given."""
    schema = empty_tables()[name].schema
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _write(folder: Path, name: str, table: pa.Table) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd", row_group_size=1 << 17)


def _same(value: Any, count: int) -> pa.Array:
    return pa.repeat(value, count)


def _day(date: dt.date) -> int:
    return (date - EPOCH).days


def _dates(days: np.ndarray, where: np.ndarray | None = None) -> pa.Array:
    return pa.array(days.astype(np.int32), pa.int32(), mask=None if where is None else ~where).cast(pa.date32())


def _decimal(numbers: pa.Array) -> pa.Array:
    kind = empty_tables()["claims"].schema.field("amount").type
    return numbers.cast(pa.decimal128(19, 1)).cast(kind) if pa.types.is_floating(numbers.type) else numbers.cast(kind)


def _hexadecimal(drawn: bytes) -> pa.Array:
    """Return random bytes as texts of 32 hexadecimal digits."""
    digits = drawn.hex().encode()
    count = len(digits) // 32
    offsets = pa.py_buffer(np.arange(0, 32 * (count + 1), 32, dtype=np.int32))
    return pa.StringArray.from_buffers(count, offsets, pa.py_buffer(digits))
