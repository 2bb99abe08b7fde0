"""Which texts are copies of which, by many workers: the pairs and groups of `kg.store.near_duplicates`.

Texts of equal words are one. Of each text two MinHash sketches are made, of the whole and of its opening, and cut into
bands; texts that share a band of either are compared, word for word, by the measure of one machine.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.documents.minhash import Sketcher, bands, overlap, words
from kg.spark.frames import Round, Watch, kept, silent
from kg.spark.reading import readings
from kg.store.columns import arrow
from kg.store.near_duplicates import text_key

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["copies", "groups", "texts_of"]


def texts_of(rows: "DataFrame") -> "DataFrame":
    """Return the texts of a dataset of readings, as document and text."""
    from pyspark.sql import functions as f

    told = f.from_json("reading", "document struct<text: string>")
    return readings(rows).select("document", told["document"]["text"].alias("text"))


def copies(texts: "DataFrame", watch: Watch = silent) -> "DataFrame":
    """Return every two documents of which one is a copy: one, other, and the share of the shorter's runs of words.

    `texts` has document and text, each document once. `watch` is told first how many pairs share a band, which are
    those that are compared.
    """
    from pyspark.sql import functions as f

    sketched = kept(texts.mapInArrow(_sketched, "document string, text string, key string, bands array<string>"))
    one_each = kept(sketched.groupBy("key").agg(f.min_by("text", "document").alias("text"), f.first("bands")))
    one_each = one_each.withColumnRenamed("first(bands)", "bands")
    in_band = one_each.select("key", f.explode("bands").alias("band"))
    beside = in_band.withColumnRenamed("key", "other")
    pairs = kept(in_band.join(beside, "band").where("key < other").select("key", "other").distinct())
    watch(Round("copies", 1, pairs.count(), one_each.count()))
    text = one_each.select("key", "text")
    both = pairs.join(text, "key").join(text.toDF("other", "other_text"), "other")
    alike = both.mapInArrow(_compared, "key string, other string, share double")
    own = sketched.select("document", "key")
    apart = (
        alike.join(own.toDF("one", "key"), "key")
        .join(own.toDF("second", "other"), "other")
        .select(f.least("one", "second").alias("one"), f.greatest("one", "second").alias("other"), "share")
    )
    equal = own.toDF("one", "key").join(own.toDF("other", "key"), "key").where("one < other")
    return apart.unionByName(equal.select("one", "other", f.lit(1.0).alias("share"))).orderBy("one", "other")


def _sketched(batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    """Yield texts with what names their words, and the bands of their sketches."""
    pa, sketcher = arrow(), Sketcher()
    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            said = words(row["text"])
            key = text_key(row["document"], said).hex()
            found = [] if not said else [f"{place}:{band.hex()}" for place, band in bands(sketcher.sketch(said))]
            rows.append({"document": row["document"], "text": row["text"], "key": key, "bands": found})
        kinds = {"bands": pa.list_(pa.string())}
        names = ("document", "text", "key", "bands")
        yield pa.RecordBatch.from_pylist(rows, pa.schema([(name, kinds.get(name, pa.string())) for name in names]))


def _compared(batches: Iterator["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    """Yield the pairs of texts of which one is a copy."""
    pa = arrow()
    schema = pa.schema([("key", pa.string()), ("other", pa.string()), ("share", pa.float64())])
    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            share = overlap(words(row["text"]), words(row["other_text"]))
            rows += [] if share is None else [{"key": row["key"], "other": row["other"], "share": share}]
        yield pa.RecordBatch.from_pylist(rows, schema)


def groups(pairs: "DataFrame", watch: Watch = silent) -> "DataFrame":
    """Return documents that copies tie together, one by one, as document and source: the least of its group."""
    from pyspark.sql import functions as f

    ties = pairs.select("one", "other").unionByName(
        pairs.select(f.col("other").alias("one"), f.col("one").alias("other"))
    )
    ties = kept(ties)
    found = kept(ties.select(f.col("one").alias("document"), f.col("one").alias("source")).distinct())
    moving, number, total = 1, 0, found.count()
    while moving:
        number += 1
        told = ties.join(found.toDF("one", "source"), "one").select(f.col("other").alias("document"), "source")
        least = told.unionByName(found.select("document", "source")).groupBy("document").agg(f.min("source"))
        after = kept(least.toDF("document", "source"))
        moving = after.join(found.toDF("document", "before"), "document").where("source != before").count()
        found = after
        watch(Round("groups", number, moving, total))
    return found.orderBy("source", "document")
