"""A Spark session for one machine: tests and notebooks. Jobs take any other session as well."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kg.errors import MissingExtra
from kg.settings import changed_environment, environment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["local_session"]

_ATTEMPTS = 4
"""How often a task is tried before its job fails: a worker that is killed costs its task alone."""


def local_session(workers: int = 2, settings: Mapping[str, str] | None = None) -> "SparkSession":
    """Return a session whose executors are threads of this machine, each with a Python worker of its own.

    `settings` are Spark's, as ``{"spark.driver.memory": "4g"}``. Raises `MissingExtra` where pyspark
    is not installed.

    Example::

        with local_session(2) as spark:
            control(spark.read.parquet("claims.parquet")).show()
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtra("jobs on Spark need pyspark, and Java 17: pip install 'kg[spark]'") from error
    builder = SparkSession.builder.master(f"local[{workers},{_ATTEMPTS}]").appName("kg")
    usual = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(2 * workers),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    for name, value in (usual | dict(settings or {})).items():
        builder = builder.config(name, value)
    # Workers run the Python that this process runs: the first in the PATH may have no kg.
    with changed_environment({"PYSPARK_PYTHON": environment().get("PYSPARK_PYTHON", sys.executable)}):
        spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark
