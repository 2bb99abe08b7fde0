"""Names paired by Spark have the answers of `kg identify --file`, row by row."""

import csv
import io

import pytest

from kg.query.batch_identification import NameFile, identify_file
from kg.store import open_store

pytestmark = [
    pytest.mark.long,
    # The wire between PySpark and Java, which PySpark 4.1 leaves to the collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"),
]
pytest.importorskip("pyspark", reason="pyspark is not here: the jobs on Spark need it")
pytest.importorskip("duckdb")
pytest.importorskip("rapidfuzz")

from kg.spark.names import asked_of, registered, resolve  # noqa: E402

NAMES = """name,country
Microsft Corporation,US
Societe Generale,FR
Nobody Knows This One,
,FR
BNP,
International Business Machines,US
Nvidia,United States
Alphabet Group,
"""


def test_each_name_has_the_rows_of_one_machine(spark, tmp_path):
    path, out, rejected, rounds = tmp_path / "names.csv", io.StringIO(), [], []
    path.write_text(NAMES)
    with open_store(None) as store:
        identify_file(store, NameFile(path), out, on_reject=rejected.append)
        listed = registered(store)
    told = []
    asked = asked_of(path, told.append)
    assert told == rejected
    assert len(told) == 2
    found = resolve(*map(spark.createDataFrame, (asked, listed)), watch=rounds.append).collect()
    expected = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [{name: str(value) for name, value in row.asDict().items()} for row in found] == expected
    assert {row["decision"] for row in expected} == {"same", "review", "none"}
    assert [each.number for each in rounds] == [1, 2]
    assert rounds[0].moving >= rounds[1].moving > 0
