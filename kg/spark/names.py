"""Which companies names mean, by many workers: the answers of `kg identify --file`, name by name.

Names are paired where they share a block, as in `kg.query.name_blocks`, with the same bounds: blocks are counted first,
what too many names share is left out, and of a name's blocks the rarest are taken. A pair is then scored as ever.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.query.batch_identification import COLUMNS, NameFile, told_of
from kg.query.identification import registered_names
from kg.query.name_blocks import FAR, KEPT, LOOKED_AT, MOST, Name, block_keys
from kg.resolve.names import normalise
from kg.spark.frames import Round, Watch, in_groups, kept, silent
from kg.store import Store
from kg.store.columns import arrow
from kg.store.record_codec import name_form_from, name_form_record

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["asked_of", "registered", "resolve"]

_NAMES = "number long, name string, country string, told string"
_KEYED = "number long, country string, told string, form string, key decimal(20,0), is_whole boolean"


def registered(store: Store) -> "pa.Table":
    """Return the names that a store's registers and kg itself know: the second argument of `resolve`, as a table.

    Its columns are number, name, country, and told, as JSON: the company's id, what it is called, the register, the
    record's key, and when a former name was in use.
    """
    rows = [
        {"number": number, "name": name.form.name, "country": name.country, "told": json.dumps(name.told)}
        for number, name in enumerate(registered_names(store))
    ]
    pa = arrow()
    texts = [(name, pa.string()) for name in ("name", "country", "told")]
    return pa.Table.from_pylist(rows, pa.schema([("number", pa.int64()), *texts]))


def asked_of(path: Path, on_reject: Callable[[str], None]) -> "pa.Table":
    """Return the names of a CSV file, as `kg identify --file` takes it: the first argument of `resolve`, as a table.

    Rows that do not hold are told, each with its line, and left out. Raises `DocumentError` as `NameFile` does.
    """
    rows = [
        {"number": name.told, "name": name.form.name, "country": name.country}
        for name in NameFile(path).rows(on_reject)
    ]
    pa = arrow()
    return pa.Table.from_pylist(
        rows, pa.schema([("number", pa.int64()), ("name", pa.string()), ("country", pa.string())])
    )


def resolve(
    asked: "DataFrame", listed: "DataFrame", *, limit: int = 3, lang: str = "en", watch: Watch = silent
) -> "DataFrame":
    """Return which companies names mean, with the columns of `kg.query.batch_identification`, at most `limit` a name.

    Args:
        asked: number (its line, say), name, and country (ISO 3166-1, two letters; null where it is not known).
        listed: the same of the registers' names, and told; see `registered`.
        limit: how many candidates of a name at most.
        lang: the language of the reasons, "en" or "fr".
        watch: told how many pairs share a block at most, then how many are compared, before any is.

    """
    from pyspark.sql import functions as f

    if "told" not in asked.columns:
        asked = asked.withColumn("told", f.col("number").cast("string"))
    order = [name.partition(" ")[0] for name in _NAMES.split(", ")]
    sides = [
        kept(side.select(*order).mapInArrow(act, _KEYED))
        for side, act in ((asked, _keys_asked), (listed, _keys_listed))
    ]
    asked_keys, listed_keys = (side.select("number", "key", "is_whole").distinct() for side in sides)
    pairs = kept(_pairs(asked_keys, listed_keys, watch))
    names = [side.select("number", "country", "told", "form").dropDuplicates(["number"]) for side in sides]
    other = names[1].select(f.col("number").alias("other"), *(f.col(c).alias(f"other_{c}") for c in _OF_NAME))
    both = names[0].join(pairs, "number", "left").join(other, "other", "left")
    pa = arrow()
    kinds = {"line": pa.int64(), "place": pa.int32()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in (*COLUMNS, "place")])

    def answered(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for _, group in groupby(rows, key=lambda row: row["number"]):
            yield from _answered(list(group), limit, lang)

    return in_groups(both, ["number"], answered, schema).orderBy("line", "place").drop("place")


_OF_NAME = ("country", "told", "form")


def _answered(rows: list[dict[str, Any]], limit: int, lang: str) -> Iterator[dict[str, Any]]:
    """Yield what is said of one name, by the names that it is compared with."""
    first = rows[0]
    asked = Name(name_form_from(json.loads(first["form"])), first["country"], first["number"])
    with_pairs = sorted((row for row in rows if row["other"] is not None), key=lambda row: row["other"])
    listed = [
        Name(name_form_from(json.loads(row["other_form"])), row["other_country"], json.loads(row["other_told"]))
        for row in with_pairs
    ]
    _, answers = told_of(asked, listed, limit, lang)
    for place, answer in enumerate(answers):
        line, *texts = answer
        told = {name: str(text) for name, text in zip(COLUMNS[1:], texts, strict=True)}
        yield {"line": int(line), "place": place, **told}


def _keys_asked(batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    return _keyed(batches, lambda row: {"is_asked": True} | row)


def _keys_listed(batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    return _keyed(batches, lambda row: {"is_asked": False} | row)


def _keyed(
    batches: Iterator["pa.RecordBatch"], side: Callable[[dict[str, Any]], dict[str, Any]]
) -> Iterator["pa.RecordBatch"]:
    """Yield each name prepared, once for each of its blocks; these are named by the hash that one machine takes."""
    pa = arrow()
    for batch in batches:
        rows = []
        for row in map(side, batch.to_pylist()):
            form = normalise(row["name"] or "")
            told = {"number": row["number"], "country": row["country"], "told": row["told"]}
            told["form"] = json.dumps(name_form_record(form), ensure_ascii=False)
            keys = block_keys(form, is_asked=row["is_asked"])
            rows += [told | {"block": key, "is_whole": key[:4] in {"all ", "key "}} for key in keys]
        texts = [(name, pa.string()) for name in ("country", "told", "form", "block")]
        schema = pa.schema([("number", pa.int64()), *texts, ("is_whole", pa.bool_())])
        yield from _hashed(pa.Table.from_pylist(rows, schema)).to_batches()


def _hashed(keyed: "pa.Table") -> "pa.Table":
    """Return rows with the hashes of their blocks, by which equal counts are ranked."""
    import duckdb

    with duckdb.connect() as database:
        database.register("keyed", keyed)
        columns = "number, country, told, form, hash(block)::DECIMAL(20, 0) AS key, is_whole"
        return database.sql(f"SELECT {columns} FROM keyed").to_arrow_table()  # noqa: S608 - ours


def _pairs(asked: "DataFrame", listed: "DataFrame", watch: Watch) -> "DataFrame":
    """Return which names are compared with which, as number and other: blocks are counted before any is joined."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    asks = asked.groupBy("key").agg(f.count("*").alias("asks"))
    names = listed.groupBy("key").agg(f.count("*").alias("names"), f.bool_or("is_whole").alias("whole"))
    blocks = kept(names.join(asks, "key").withColumn("is_kept", f.col("whole") | (f.col("names") <= MOST)))
    most, left_out = blocks.agg(
        f.coalesce(f.sum(f.when(f.col("is_kept"), f.col("asks") * f.col("names"))), f.lit(0)),
        f.count_if(~f.col("is_kept")),
    ).collect()[0]
    watch(Round("blocks", 1, int(most), int(most) + int(left_out)))
    rarest = Window.partitionBy("number").orderBy("names", "key").rowsBetween(Window.unboundedPreceding, 0)
    of_name = asked.select("number", "key").join(blocks.where("is_kept"), "key")
    weight = f.round(f.lit(1e6) / f.log(f.lit(1.5) + f.col("names"))).cast("long")
    wanted = of_name.select(
        "number",
        "key",
        weight.alias("weight"),
        ((f.sum("names").over(rarest) <= LOOKED_AT) | (f.count("*").over(rarest) == 1)).alias("is_taken"),
    ).where("is_taken")
    shared = wanted.join(listed.select(f.col("number").alias("other"), "key"), "key")
    weighed = shared.groupBy("number", "other").agg(f.sum("weight").alias("weight"))
    ranked = Window.partitionBy("number").orderBy(f.desc("weight"), "other")
    best = f.max("weight").over(Window.partitionBy("number"))
    found = weighed.select("number", "other", "weight", f.row_number().over(ranked).alias("at"), best.alias("best"))
    pairs = kept(found.where((f.col("at") <= KEPT) & (f.col("weight") * FAR >= f.col("best"))))
    watch(Round("blocks", 2, pairs.count(), int(most)))
    return pairs.select("number", "other")
