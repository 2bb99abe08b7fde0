"""The rows of commits: what a dataset's tables hold of them.

``claims`` has the columns of `kg.store.exchange_columns`; of a claim that was not admitted, too, as `outcome` tells. A
claim's `valid_from` and `valid_until` are its own: what later sources report of an end is for
`kg.store.dataset.views` to heed, with these columns:

========================== =========================================================================================
commit                     the number of the commit whose reading has it
known                      the month in which its source appeared, 2025-03; a year alone where no more is known, and
                           "unknown": with `relation`, what the files are partitioned by
party_a, party_b           its ends, sorted where the relation has no direction: equal for what speaks of one thing
surely_from, surely_until  the days of validity on which it holds whatever its exact dates are; null where open
reports_end                whether it reports an end of what its parties have
ends_on, surely_ends_on    that end, at the latest and at the earliest
========================== =========================================================================================

``documents`` has a row for each reading of a document and for each withdrawal, with `commit`, `at` (when), `reader`
and `withdrawn`. ``judgements`` has what people say, by the commit that has it. ``commits`` has a row a commit: its
number, when, its hash, how many readings, withdrawals and claims.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kg.facts.periods import last_days, own_period, relationship_key, reports_end
from kg.model import Claim, Document, Entity
from kg.store.api import DocumentClaims
from kg.store.columns import NO_VALIDITY, Validity, arrow
from kg.store.exchange_columns import Word, documents_table, exchange_table, words_table
from kg.store.journal_format import Commit
from kg.store.judgement_codec import identity_from
from kg.store.replay import reading_from

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["COMMITS", "PARTITIONS", "UNKNOWN", "empty_tables", "journal_table", "month", "tables_of"]

COMMITS = "commits"
"""The table that comes last."""
PARTITIONS: Mapping[str, tuple[str, ...]] = {"claims": ("relation", "known")}
"""The tables that are partitioned, and by what."""
UNKNOWN = "unknown"
_MONTH = len("2025-03")
_COUNTS = ("readings", "withdrawn", "claims")


def month(date: str | None) -> str:
    """Return the month of a partial date, or as much as is known of it.

    >>> month("2025-03-11"), month("2024"), month(None)
    ('2025-03', '2024', 'unknown')
    """
    return UNKNOWN if date is None else date[:_MONTH]


def tables_of(commits: Iterable[Commit]) -> Mapping[str, "pa.Table"]:
    """Return the rows of commits, by table, in the order in which they are to be written."""
    claims: list[tuple[int, Claim]] = []
    documents: list[tuple[int, str, DocumentClaims]] = []
    withdrawn: list[tuple[int, str, str]] = []
    words: list[tuple[int, Word]] = []
    rows: list[tuple[Any, ...]] = []
    for commit in commits:
        number, before = commit.position.sequence, len(claims)
        for _, record in commit.readings:
            reading = reading_from(record)
            documents.append((number, commit.at, reading))
            claims += ((number, claim) for claim in (*reading.claims, *reading.candidates))
            words += ((number, word) for word in reading.words)
        words += ((number, identity_from(record)) for record in commit.identities)
        withdrawn += ((number, commit.at, id_) for id_ in commit.forgotten)
        counts = len(commit.readings), len(commit.forgotten), len(claims) - before
        rows.append((number, commit.at, commit.position.hash, *counts))
    return {
        "claims": _claims(claims),
        "documents": _documents(documents, withdrawn),
        "judgements": _with(words_table(word for _, word in words), commit=[number for number, _ in words]),
        COMMITS: _commits(rows),
    }


def empty_tables() -> Mapping[str, "pa.Table"]:
    """Return tables without rows: their names and schemas."""
    return tables_of(())


def journal_table(rows: Sequence[tuple[int, str, str, bytes]]) -> "pa.Table":
    """Return commits (number, when, hash, line) as a table."""
    told = [(number, at, digest, line.decode("ascii")) for number, at, digest, line in rows]
    return _table(told, {"number": "int64", "at": "string", "hash": "string", "line": "string"})


def _commits(rows: Sequence[tuple[Any, ...]]) -> "pa.Table":
    return _table(rows, {"number": "int64", "at": "string", "hash": "string"} | dict.fromkeys(_COUNTS, "int64"))


def _table(rows: Sequence[tuple[Any, ...]], kinds: Mapping[str, str]) -> "pa.Table":
    pa = arrow()
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in kinds.items()])
    return pa.Table.from_pylist([dict(zip(kinds, row, strict=True)) for row in rows], schema)


def _claims(numbered: Sequence[tuple[int, Claim]]) -> "pa.Table":
    pa = arrow()
    claims = [claim for _, claim in numbered]
    day, text = pa.date32(), pa.string()
    rows = [_row(claim) for claim in claims]
    # A claim may stand there twice, and every time with the same period.
    validity = {claim.id: row[0] for claim, row in zip(claims, rows, strict=True)}
    table = exchange_table(claims, lambda id_: validity[id_])
    kinds = {"surely_from": day, "surely_until": day, "reports_end": pa.bool_(), "ends_on": day, "surely_ends_on": day}
    names = ("party_a", "party_b", *kinds)
    columns = {name: pa.array([row[1][at] for row in rows], kinds.get(name, text)) for at, name in enumerate(names)}
    known = pa.array([month(claim.known_from) for claim in claims], text)
    table = _with(table, commit=[number for number, _ in numbered])
    for name, column in ({"known": known} | columns).items():
        table = table.append_column(name, column)
    # The formats of tables have no seconds.
    at = table.schema.get_field_index("recorded_at")
    return table.set_column(at, "recorded_at", table["recorded_at"].cast(pa.timestamp("us", "UTC")))


def _row(claim: Claim) -> tuple[Validity, tuple[Any, ...]]:
    """Return the days of a claim by itself, and what the columns of this module hold of it from `party_a` on."""
    if not isinstance(claim.object, Entity):
        return NO_VALIDITY, (claim.subject.id, None, None, None, False, None, None)
    _, *parties = relationship_key(claim)
    period, ends = own_period(claim), reports_end(claim)
    last, surely_last = last_days(claim) if ends else (None, None)
    if period is None:
        return NO_VALIDITY, (*parties, None, None, ends, last, surely_last)
    validity = period.first or dt.date.min, period.last
    return validity, (*parties, period.surely_first, period.surely_last, ends, last, surely_last)


def _documents(
    readings: Sequence[tuple[int, str, DocumentClaims]], withdrawn: Sequence[tuple[int, str, str]]
) -> "pa.Table":
    table = documents_table(
        [*(one.document for *_, one in readings), *(Document(id_, "", "en") for *_, id_ in withdrawn)]
    )
    both = [*((number, at) for number, at, _ in readings), *((number, at) for number, at, _ in withdrawn)]
    table = _with(table, commit=[number for number, _ in both])
    pa = arrow()
    readers = [*(one.reader for *_, one in readings), *(None for _ in withdrawn)]
    table = table.append_column("at", pa.array([at for _, at in both], pa.string()))
    table = table.append_column("reader", pa.array(readers, pa.string()))
    gone = [False] * len(readings) + [True] * len(withdrawn)
    return table.append_column("withdrawn", pa.array(gone, pa.bool_()))


def _with(table: "pa.Table", *, commit: Sequence[int]) -> "pa.Table":
    pa = arrow()
    return table.append_column("commit", pa.array(commit, pa.int64()))
