"""Documents read by workers of Spark: the store that `kg build` makes, whatever is killed in the middle."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

import kg
from kg.errors import StoreError
from kg.store import open_store
from tests.spark.graphs import ROOT

pytestmark = [
    pytest.mark.long,
    # The wire between PySpark and Java, which PySpark 4.1 leaves to the collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"),
]
pytest.importorskip("pyspark", reason="pyspark is not here: the jobs on Spark need it")

from kg.spark.copies import copies, texts_of  # noqa: E402
from kg.spark.reading import ReadOptions, read_documents, readings, rejects, take_in  # noqa: E402

EXAMPLES = str(ROOT / "kg" / "examples")


def said(store):
    """What a store holds, but for when it was recorded."""
    told = [store.reading(id_) for id_ in sorted(store.document_ids())]
    return [
        (
            *(reading.document, reading.reader),
            sorted((claim.id, claim.confidence, claim.method) for claim in reading.claims),
            sorted((claim.id, claim.outcome, claim.reasons) for claim in reading.candidates),
        )
        for reading in told
    ]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """A folder with a picture for a text, a file of no kind, and an article."""
    folder = tmp_path_factory.mktemp("poisoned")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "unknown.xyz").write_text("?")
    (folder / "good.txt").write_text("Oracle has acquired Opower for $532 million. The deal was closed in June 2016.\n")
    return folder


@pytest.fixture(scope="module")
def built(poisoned, tmp_path_factory):
    """The store that a build makes of the same."""
    with kg.open(tmp_path_factory.mktemp("built") / "store", write=True) as graph:
        report = graph.build(EXAMPLES, str(poisoned))
        return said(graph.store), report


@pytest.fixture(scope="module")
def dataset(spark, poisoned, tmp_path_factory):
    """The dataset of readings, and the report of the call that made it."""
    out = str(tmp_path_factory.mktemp("dataset") / "readings")
    return out, read_documents(spark, [EXAMPLES, str(poisoned)], out)


def rows_of(spark, out):
    return sorted(map(str, spark.read.parquet(out).collect()))


def test_the_claims_are_those_of_a_build(dataset, built, tmp_path):
    out, report = dataset
    expected, build = built
    with open_store(tmp_path / "store", write=True) as store:
        first, again = (take_in(store, Path(out)) for _ in range(2))
        assert said(store) == expected
    assert (report.read, report.claims) == (first.read, first.claims) == (build.read, build.claims)
    assert (again.read, again.unchanged) == (0, first.read)


def test_rejects_are_rows_that_say_where_what_and_why(spark, dataset, built):
    out, report = dataset
    told = [(row["where"], row.what, row.why) for row in rejects(spark.read.parquet(out)).collect()]
    assert {(where, why) for where, _, why in told} == {(one.source, one.reason) for one in built[1].skipped}
    assert {what for _, what, _ in told} == {"find", "parse"}
    assert report.rejects == 2


def test_a_second_run_changes_nothing_and_a_changed_text_is_read_again(spark, poisoned, tmp_path):
    out, article = str(tmp_path / "readings"), tmp_path / "article.txt"
    texts = [(poisoned / "good.txt").read_text(), "Nvidia has acquired Mellanox for $6.9 billion in April 2020.\n"]
    claims = []
    for text in (texts[0], texts[1], texts[0]):
        article.write_text(text)
        report = read_documents(spark, [str(article)], out)
        assert (report.read, report.known) == (1, 0)
        before = rows_of(spark, out)
        again = read_documents(spark, [str(article)], out)
        assert (again.read, again.known) == (0, 1)
        assert rows_of(spark, out) == before
        [row] = readings(spark.read.parquet(out)).collect()
        claims.append(row.reading)
    assert claims[0] == claims[2] != claims[1]


def test_a_worker_killed_in_the_middle_changes_nothing(spark, dataset, poisoned, tmp_path):
    out, killed = str(tmp_path / "readings"), tmp_path / "killed"
    once = _killing_once(str(killed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.spark.reading.read_batches", once)
        read_documents(spark, [EXAMPLES, str(poisoned)], out, ReadOptions())
    assert killed.exists()
    assert rows_of(spark, out) == rows_of(spark, dataset[0])


def _killing_once(marker):
    """What a worker does, which is killed after its first rows: by itself, and not again."""

    def read_then_die(batches, run=0, limit=None):
        from kg.spark import workers

        workers._AT_ONCE = 1
        for batch in workers.read_batches(batches, run, limit):
            yield batch
            with contextlib.suppress(FileExistsError):
                os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
                os.kill(os.getpid(), signal.SIGKILL)

    return read_then_die


def test_a_document_that_takes_too_long_costs_itself_alone(spark, tmp_path):
    (tmp_path / "short.txt").write_text("Nvidia has acquired Mellanox for $6.9 billion in April 2020.\n")
    sentence = (
        "Oracle, which Opower and Nvidia and Mellanox supply, has acquired Opower for $532 million in June 2016. "
    )
    (tmp_path / "long.txt").write_text(sentence * 4000)
    out = str(tmp_path / "readings")
    report = read_documents(spark, [str(tmp_path)], out, ReadOptions(limit=3))
    assert (report.read, report.rejects) == (1, 1)
    [row] = rejects(spark.read.parquet(out)).collect()
    assert row["where"].endswith("long.txt")
    assert "took longer than" in row.why


def test_copies_among_readings_are_those_of_the_store(spark, tmp_path):
    text = "".join(f"On day {at} Oracle said that it had acquired company number {at} for money. " for at in range(12))
    folder, out = tmp_path / "texts", str(tmp_path / "readings")
    folder.mkdir()
    for name, told in (("a", text), ("b", text.upper()), ("c", text + "And more was to come of it."), ("d", "Nvidia.")):
        (folder / f"{name}.txt").write_text(told)
    read_documents(spark, [str(folder)], out, ReadOptions(lang="en"))
    rounds = []
    found = copies(texts_of(spark.read.parquet(out)), rounds.append).collect()
    with open_store(tmp_path / "store", write=True) as store:
        take_in(store, Path(out))
        near = store.near_duplicates()
        expected = {
            (one, other): near.nearest(one, [other])[1]
            for one in near.texts
            for other in near.texts
            if one < other and near.nearest(one, [other])
        }
    assert {(row.one, row.other): row.share for row in found} == expected
    assert len(expected) == 3
    assert rounds[0].moving == 1


def test_what_is_no_dataset_is_told(tmp_path):
    with open_store(tmp_path / "store", write=True) as store, pytest.raises(StoreError, match="holds no readings"):
        take_in(store, tmp_path)
