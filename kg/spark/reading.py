"""Documents read by many workers: a dataset of readings, from which a store takes what `kg build` would commit.

The sources are listed here, as `kg build` lists them; the workers open them, so that their paths have to be the same on
every machine. Each wave of documents is one job, whose rows appear in the dataset all together: a worker that is killed
costs its tasks, which another repeats with equal rows, and a job that is killed costs its wave. What the dataset has
already, the same text read by the same reader, is not read again.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import documents
from kg.errors import KgError, StoreError
from kg.pipeline import BuildOptions, BuildReport
from kg.pipeline.document_steps import ParseTask, seconds_for
from kg.pipeline.unpacking import Unpacker
from kg.pipeline.workers import ProcessRunner
from kg.settings import PRECISION
from kg.spark.records import READING, REJECT, reading_from, reject_row, row_schema
from kg.spark.workers import read_batches
from kg.store import Store
from kg.store.columns import arrow

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["ReadOptions", "ReadReport", "read_documents", "readings", "rejects", "take_in"]

_WAVE = 4096
_PER_TASK = 32
"""Documents of a task: what a killed worker can cost, and few enough that all workers have some to the end."""
_BATCH = 64


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What is said of the documents: `lang`, `published`, `tier` as for `kg build`; how they are read.

    `limit` are the seconds that a document may take, `wave` how many documents one job writes.
    """

    lang: str | None = None
    published: str | None = None
    tier: str | None = None
    ocr: bool = False
    precision: float = PRECISION
    limit: float | None = None
    wave: int = _WAVE


@dataclass(slots=True)
class ReadReport:
    """What a call did: documents found, those read and their claims, those whose row is there already, new rejects."""

    found: int = 0
    read: int = 0
    known: int = 0
    claims: int = 0
    rejects: int = 0
    waves: int = 0


_USUAL = ReadOptions()


def read_documents(
    spark: "SparkSession",
    paths: Iterable[str],
    out: str,
    options: ReadOptions = _USUAL,
    watch: Callable[[ReadReport], None] = lambda _: None,
) -> ReadReport:
    """Read the documents below some paths into the dataset `out`, a folder or an address that Spark can write to.

    A second call changes nothing, unless documents have changed or could not be read. `watch` is told of each wave.
    """
    report = ReadReport()
    rejected: list[dict[str, Any]] = []
    tasks = _tasks(paths, options, rejected)
    before = _before(spark, out)
    run = 1 if before is None else int(before.agg({"run": "max"}).first()[0] or 0) + 1
    while wave := list(islice(tasks, options.wave)):
        report.found += len(wave)
        report.waves += 1
        _write(_read(spark, wave, before, run, options), out)
        _count(spark, out, run, report)
        watch(report)
    rows = [reject_row(row["source"], row["what"], row["why"], run) for row in rejected]
    if rows:
        told = _frame(spark, rows)
        _write(told if before is None else told.join(before.select("key"), "key", "left_anti"), out)
    _count(spark, out, run, report)
    return report


def _count(spark: "SparkSession", out: str, run: int, report: ReadReport) -> None:
    """Count what a run has written so far."""
    written = _before(spark, out)
    if written is None:
        return
    of_run = written.where(f"run = {run}").groupBy("kind", "what").agg({"*": "count", "claims": "sum"})
    told = {(row["kind"], row["what"]): (row["count(1)"], row["sum(claims)"]) for row in of_run.collect()}
    report.read, report.claims = told.get((READING, None), (0, 0))
    refused = {what: count for (kind, what), (count, _) in told.items() if kind == REJECT}
    report.rejects = sum(refused.values())
    report.known = max(0, report.found - report.read - report.rejects + refused.get("find", 0))


def _tasks(paths: Iterable[str], options: ReadOptions, rejected: list[dict[str, Any]]) -> Iterator[ParseTask]:
    """Yield what there is to parse, each id once; what cannot be read goes to `rejected`."""

    def reject(source: str, why: str) -> None:
        rejected.append({"source": source, "what": "find", "why": why})

    def fail(source: str, error: KgError) -> None:
        reject(source, str(error))

    seen: set[str] = set()
    with ProcessRunner(1) as runner:
        unpacker = Unpacker(
            BuildOptions(), BuildReport(), runner, fail, lambda task: options.limit or seconds_for(task)
        )
        for source in unpacker.unpacked(documents.find(paths)):
            if isinstance(source, documents.SkippedSource):
                reject(source.source, source.reason)
            elif source.path == documents.STDIN or source.id in seen:
                reject(source.name, "comes by standard input, or has the id of another: give it a file of its own")
            else:
                seen.add(source.id)
                how = options
                yield ParseTask(source, how.lang, how.published, None, None, how.precision, how.tier, how.ocr)


def _read(
    spark: "SparkSession", wave: Sequence[ParseTask], before: "DataFrame | None", run: int, options: ReadOptions
) -> "DataFrame":
    """Return the rows that a wave of documents makes."""
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import from_arrow_schema

    rows = [(task.source.id, task.source.name, pickle.dumps(task)) for task in wave]
    frame = spark.createDataFrame(rows, "document string, source string, task binary")
    if before is None:
        frame = frame.select("*", *(f.lit(None).cast("string").alias(name) for name in ("known", "known_reject")))
    else:
        latest = readings(before).select("document", f.col("key").alias("known"))
        refused = before.where(f.col("kind") == REJECT).groupBy("source").agg(f.max_by("key", "run"))
        refused = refused.toDF("source", "known_reject")
        frame = frame.join(latest, "document", "left").join(refused, "source", "left")
    frame = frame.repartition(max(1, len(rows) // _PER_TASK), "document").select("task", "known", "known_reject")
    act = partial(read_batches, run=run, limit=options.limit)
    return frame.mapInArrow(act, from_arrow_schema(row_schema()))


def _frame(spark: "SparkSession", rows: list[dict[str, Any]]) -> "DataFrame":
    from pyspark.sql.pandas.types import from_arrow_schema

    names = row_schema().names
    return spark.createDataFrame([tuple(map(row.get, names)) for row in rows], from_arrow_schema(row_schema()))


def _write(rows: "DataFrame", out: str) -> None:
    rows.write.mode("append").partitionBy("kind").parquet(out)


def _before(spark: "SparkSession", out: str) -> "DataFrame | None":
    """Return the rows of a dataset as it stands; None where there is none."""
    from pyspark.errors import AnalysisException
    from pyspark.sql.pandas.types import from_arrow_schema

    try:
        found = spark.read.schema(from_arrow_schema(row_schema())).parquet(out)
        return None if found.isEmpty() else found
    except AnalysisException:
        return None


def readings(rows: "DataFrame") -> "DataFrame":
    """Return the latest reading of each document of a dataset."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    latest = f.row_number().over(Window.partitionBy("document").orderBy(f.desc("run"), "key"))
    found = rows.where(f.col("kind") == READING).withColumn("place", latest)
    return found.where("place = 1").drop("place", "what", "why")


def rejects(rows: "DataFrame") -> "DataFrame":
    """Return where, what and why of each source that has not been read since."""
    from pyspark.sql import functions as f

    read = rows.where(f.col("kind") == READING).select("source", f.col("run").alias("read"))
    found = rows.where(f.col("kind") == REJECT).join(read, "source", "left").where("read is null or run > read")
    return found.select(f.col("source").alias("where"), "what", "why").distinct().orderBy("where", "what", "why")


def take_in(store: Store, out: Path) -> BuildReport:
    """Commit the latest readings of a dataset into a store, which then has what `kg build` would have given it.

    A document that the store has, read by the same reader, is left alone. Spark takes no part in it. Raises
    `StoreError` where the folder is no such dataset.
    """
    arrow()
    import pyarrow.dataset as pads

    folder = Path(out) / f"kind={READING}"
    if not folder.is_dir():
        raise StoreError(f"{out} holds no readings: write them with kg-spark read DOCUMENTS --out {out}")
    dataset, report = pads.dataset(folder, format="parquet"), BuildReport()
    heads = dataset.to_table(columns=["document", "run"]).to_pylist()
    latest: dict[str, int] = {}
    for row in heads:
        latest[row["document"]] = max(row["run"], latest.get(row["document"], 0))
    rows = (row for batch in dataset.to_batches(batch_size=_BATCH) for row in batch.to_pylist())
    wanted = (row["reading"] for row in rows if row["run"] == latest[row["document"]])
    for texts in iter(lambda: list(islice(wanted, _BATCH)), []):
        found = [reading_from(text) for text in texts]
        report.found += len(found)
        new = [reading for reading in found if not store.is_current(reading.document, reading.reader)]
        report.unchanged += len(found) - len(new)
        if new:
            committed = store.commit(new)
            report.read += committed.documents
            report.claims += committed.claims
            report.retracted += committed.retracted
    return report
