"""Which of many names are worth comparing with which of many others: found out of core, by DuckDB.

Two names are compared where they share a *block*: all their letters, a rare word, two words, the letters that they
begin or end with, a word of one that is the other's initials. A block that very many names of the register share tells
nothing and is left out. Of what is left a name takes the rarest blocks, so long as few names are in them, and keeps the
companies with which it shares most of these. It is done for some names after the other, so that memory is bounded
however many there are; what is left out is counted.

Source: I. Fellegi, A. Sunter, "A Theory for Record Linkage", JASA 64 (1969); P. Christen, "Data Matching" (2012),
chapter 4.
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import MissingExtra
from kg.resolve.names import NameForm
from kg.store.record_codec import name_form_from, name_form_record

if TYPE_CHECKING:
    import duckdb

__all__ = ["FAR", "KEPT", "LOOKED_AT", "MOST", "Blocks", "Name", "block_keys"]

_GROUP = 0.13
"""What a word for a group tells at most: it makes no block."""
_RAREST = 3
_HEAD, _TAIL = 10, 7
"""Letters that two names begin with alike, but for a typing error, or end with."""
_LEAST = 3
"""Letters up to which a typing error makes another name."""
_ACRONYM = range(2, 7)
MOST = 200
"""Names of the register that may share a block, unless it is all their letters."""
LOOKED_AT = 400
"""Names of the register, each as often as it shares a block, out of which those are taken that one is compared with."""
KEPT = 12
"""Names of the register that one name is compared with at most."""
FAR = 4
"""What shares a so many times lighter part of a name's blocks than the best is not compared."""
_AT_ONCE = 1 << 15
"""Names that are paired at once."""
_ROWS = 1 << 13
"""Rows that are written or read at once."""
_MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class Name:
    """A name, prepared, with where its company is registered and what else is to be found again with it."""

    form: NameForm
    country: str | None = None
    told: Any = None


def block_keys(form: NameForm, *, is_asked: bool) -> list[str]:
    """Return the blocks that a name is in.

    Args:
        form: the name.
        is_asked: whether it is one that is looked for, or one of the register: initials are of one side alone.

    >>> from kg.resolve.names import normalise
    >>> block_keys(normalise("Zeltan SA"), is_asked=True)[:3]
    ['all zeltan', 'key zeltan', 'word zeltan']

    """
    keys = ["all " + form.joined, "key " + form.key]
    ranked = sorted((-weight, word) for word, weight in zip(form.words, form.weights, strict=True) if weight > _GROUP)
    rare = [word for _, word in ranked[:_RAREST]]
    keys += ["word " + word for word in (*rare, *form.spellings.values(), *form.spellings)]
    keys += ["two " + " ".join(pair) for pair in itertools.combinations(sorted(rare), 2)]
    head = form.joined[:_HEAD]
    # Texts that differ by one letter, or by two that are swapped, are alike without it.
    keys += ["head " + head, *("less " + head[:at] + head[at + 1 :] for at in range(len(head)) if len(head) > _LEAST)]
    keys += ["less " + head] if len(head) < _HEAD else []
    if len(form.joined) > _TAIL:
        keys.append("tail " + form.joined[-_TAIL:])
    short, long = ("asks ", "told ") if is_asked else ("told ", "asks ")
    keys += [long + letters for letters in form.initials if len(form.words) > 1 and len(letters) in _ACRONYM]
    if len(form.words) == 1 and len(form.joined) in _ACRONYM:
        keys.append(short + form.joined)
    return list(dict.fromkeys(keys))


class Blocks:
    """The names of a register and those that are looked for, in a file of DuckDB."""

    def __init__(self, folder: Path) -> None:
        """Begin with none.

        Raises:
            MissingExtra: DuckDB or Arrow is not installed.

        """
        try:
            import duckdb
            import pyarrow as pa  # noqa: F401 - rows go to DuckDB in its tables
        except ImportError as error:
            raise MissingExtra(
                "identifying a file of names needs DuckDB and pyarrow: pip install 'kg[columns]'"
            ) from error
        self._database: duckdb.DuckDBPyConnection = duckdb.connect(
            str(folder / "names.duckdb"), config={"memory_limit": _MEMORY, "temp_directory": str(folder / "spilled")}
        )
        self._database.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
        for side in ("asked", "listed"):
            self._database.execute(f"CREATE TABLE {side} (id INTEGER, country VARCHAR, form VARCHAR, told VARCHAR)")
            self._database.execute(f"CREATE TABLE {side}_key (id INTEGER, key UBIGINT, is_whole BOOLEAN)")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def take_asked(self, names: Iterable[Name]) -> int:
        """Take in names that are looked for; return how many they are."""
        return self._take("asked", names)

    def take_listed(self, names: Iterable[Name]) -> int:
        """Take in names of the register; return how many they are."""
        return self._take("listed", names)

    def _take(self, side: str, names: Iterable[Name]) -> int:
        at, left = 0, iter(names)
        while batch := list(itertools.islice(left, _ROWS)):
            rows = list(zip(*itertools.starmap(_row, enumerate(batch, at)), strict=True))
            keys = [block_keys(name.form, is_asked=side == "asked") for name in batch]
            ids = itertools.chain.from_iterable(itertools.repeat(number, len(k)) for number, k in enumerate(keys, at))
            flat = list(ids), list(itertools.chain.from_iterable(keys))
            with self._database.cursor() as cursor:
                cursor.register("rows", _arrow(("id", "country", "form", "told"), rows))
                cursor.register("keys", _arrow(("id", "key"), flat))
                cursor.execute(f"INSERT INTO {side} SELECT * FROM rows")  # noqa: S608 - one of two names
                cursor.execute(
                    f"INSERT INTO {side}_key SELECT id, hash(key), key[:4] IN ('all ', 'key ') FROM keys"  # noqa: S608
                )
            at += len(batch)
        return at

    def find(self) -> tuple[int, int]:
        """Find the blocks that both sides have: return how many pairs share one at most, and the blocks left out."""
        self._database.execute(f"""
            CREATE TABLE block AS
            WITH asks AS (SELECT key, count(*) AS asks FROM asked_key GROUP BY key)
            SELECT key, asks, count(*) AS names, bool_or(is_whole) OR count(*) <= {MOST} AS is_kept
            FROM listed_key JOIN asks USING (key) GROUP BY key, asks
        """)  # noqa: S608 - a number
        # What no name asks for need not be read again.
        self._database.execute("""
            CREATE TABLE listed_block AS SELECT key, l.id FROM listed_key l JOIN block USING (key) WHERE is_kept;
            DROP TABLE listed_key
        """)
        return self._one(
            "SELECT coalesce(sum(asks * names) FILTER (is_kept), 0)::BIGINT, count(*) FILTER (NOT is_kept) FROM block"
        )

    def join(self) -> tuple[int, int, int]:
        """Pair the names by their blocks.

        Returns how many pairs there are, how many names are in one, and how many blocks of a name were left out since
        it is in rarer ones that have names enough.
        """
        self._database.execute("CREATE TABLE pair (one INTEGER, other INTEGER)")
        count, _ = self._one("SELECT coalesce(max(id) + 1, 0), 0 FROM asked")
        left_out = sum(self._join(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE))
        return *self._one("SELECT count(*), count(DISTINCT one) FROM pair"), left_out

    def _join(self, start: int, end: int) -> int:
        """Pair the names of some numbers; return how many of their blocks were left out."""
        self._database.execute(f"""
            CREATE OR REPLACE TEMP TABLE wanted AS
            SELECT id, key, (1e6 / ln(1.5 + names))::BIGINT AS weight, sum(names) OVER rarest <= {LOOKED_AT}
                OR row_number() OVER rarest = 1 AS is_taken
            FROM asked_key JOIN block USING (key) WHERE is_kept AND id >= {start} AND id < {end}
            WINDOW rarest AS (PARTITION BY id ORDER BY names, key ROWS UNBOUNDED PRECEDING)
        """)  # noqa: S608 - numbers
        # Whole numbers add up to the same in any order.
        self._database.execute(f"""
            INSERT INTO pair SELECT one, other FROM (
                SELECT w.id AS one, l.id AS other, sum(weight) AS weight
                FROM wanted w JOIN listed_block l USING (key) WHERE is_taken GROUP BY w.id, l.id
            ) QUALIFY row_number() OVER (PARTITION BY one ORDER BY weight DESC, other) <= {KEPT}
                AND weight * {FAR} >= max(weight) OVER (PARTITION BY one)
        """)  # noqa: S608 - numbers
        left_out, _ = self._one("SELECT count(*) FILTER (NOT is_taken), 0 FROM wanted")
        return left_out

    def _one(self, sql: str) -> tuple[int, int]:
        one, other = self._database.execute(sql).fetchall()[0]
        return int(one), int(other)

    def pairs(self) -> Iterator[tuple[Name, list[Name]]]:
        """Yield each name that is looked for, in order, with those of the register that it shares a block with."""
        with self._database.cursor() as asking, self._database.cursor() as listing:
            asked = asking.execute("SELECT id, country, form, told FROM asked ORDER BY id")
            found = _grouped(
                listing.execute(
                    "SELECT one, country, form, told FROM pair JOIN listed ON listed.id = other ORDER BY one, other"
                )
            )
            number, names = next(found, (-1, []))
            for row in _rows(asked):
                if row[0] != number:
                    yield _name(row), []
                    continue
                yield _name(row), names
                number, names = next(found, (-1, []))


def _arrow(names: Sequence[str], columns: Iterable[Sequence[Any]]) -> Any:
    import pyarrow as pa

    return pa.table([pa.array(values) for values in columns], names=names)


def _row(number: int, name: Name) -> tuple[Any, ...]:
    form = json.dumps(name_form_record(name.form), ensure_ascii=False)
    return number, name.country, form, json.dumps(name.told)


def _rows(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_ROWS):
        yield from rows


def _grouped(cursor: "duckdb.DuckDBPyConnection") -> Iterator[tuple[int, list[Name]]]:
    for number, rows in itertools.groupby(_rows(cursor), lambda row: row[0]):
        yield number, [_name(row) for row in rows]


def _name(row: tuple[Any, ...]) -> Name:
    _, country, form, told = row
    return Name(name_form_from(json.loads(form)), country, json.loads(told))
