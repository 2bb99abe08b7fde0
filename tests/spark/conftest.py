"""One session of Spark for all tests of the jobs, and claims as a frame of it."""

import itertools

import pytest

from kg.export.parquet import write_claims


@pytest.fixture(scope="session")
def spark():
    pytest.importorskip("pyspark", reason="pyspark is not here: the jobs on Spark need it")
    from kg.spark.session import local_session

    # Small plans, many of them: compiling them well takes longer than running them.
    settings = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1", "spark.sql.shuffle.partitions": "2"}
    settings |= {"spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false"}
    with local_session(2, settings) as session:
        yield session


@pytest.fixture(scope="session")
def frame_of(spark, tmp_path_factory):
    """Claims, exported as Parquet, as Spark reads them."""
    folder, numbers = tmp_path_factory.mktemp("claims"), itertools.count()

    def frame(claims):
        path = folder / f"{next(numbers)}.parquet"
        with path.open("wb") as out:
            write_claims(claims, out)
        return spark.read.parquet(str(path))

    return frame
