"""The same texts on Spark, and on Sail, an engine that speaks Spark's protocol: equal rows."""

import os

import pytest

from kg.query.sql import DuckDB, Spark, ask, questions
from kg.query.sql.views import SOURCES

pytestmark = [
    pytest.mark.long,
    # The wire between PySpark and Java, which PySpark 4.1 leaves to the collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"),
]
pytest.importorskip("pyspark", reason="pyspark is not installed: make test-long installs it")

GIVEN = {"company": "company/acme", "least": "1", "points": "2", "relation": "supplies", "most": "3"}
DATES = {"day": "2025-12-31", "from": "2024-06-01", "to": "2026-12-01", "since": "2025-04-02"}


@pytest.fixture(scope="module", params=["spark", "sail"])
def session(request):
    from pyspark.sql import SparkSession

    if request.param == "spark":
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.config("spark.sql.shuffle.partitions", "2").getOrCreate()
        yield session
        session.stop()
        return
    sail = pytest.importorskip("pysail.spark", reason="pysail is not installed: make test-long installs it")
    server = sail.SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
    yield session
    session.stop()
    server.stop()
    # Else every later session of this process is taken for one of a server.
    for name in ("SPARK_CONNECT_MODE_ENABLED", "SPARK_REMOTE"):
        os.environ.pop(name, None)


@pytest.fixture(scope="module")
def engines(graph, session):
    # Sail knows relation and month where it is given a folder, not where it is given its files.
    paths = {name: [graph[1].uri(name)] if graph[1].files(name) else [] for name in SOURCES}
    is_sail = "connect" in type(session).__module__
    return DuckDB(graph[1], threads=1), Spark(session, graph[1], paths if is_sail else None)


@pytest.mark.parametrize("name", questions())
def test_a_question_has_the_same_answer(engines, name):
    given = {key: value for key, value in (GIVEN | DATES).items() if key in questions()[name].parameters}
    here, there = (ask(engine, name, given) for engine in engines)
    assert here == there
    assert here[1]


def test_the_past_is_the_same(engines):
    here, there = (ask(engine, "relations", {}, until="2025-04-03") for engine in engines)
    assert here == there
