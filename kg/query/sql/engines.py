"""The engines that answer questions to a dataset: DuckDB on this machine, Spark on many.

Both get the same texts. What differs stands here: how files are named to them, and the sign before a parameter.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias

from kg.errors import MissingExtra, QueryError
from kg.query.sql.questions import question
from kg.query.sql.views import SOURCES, views
from kg.settings import day_of
from kg.store.dataset import Tables
from kg.store.dataset.address import is_remote
from kg.store.dataset.rows import empty_tables

__all__ = ["DuckDB", "Engine", "Rows", "Spark", "ask", "write_answer"]

Rows: TypeAlias = tuple[tuple[str, ...], list[tuple[Any, ...]]]
"""The names of an answer's columns, and its rows."""
_PARAMETER = re.compile(r"\$(\w+)")
_BEFORE = "before_"


class Engine(Protocol):
    """What answers SQL over the tables of a dataset."""

    def view(self, name: str, sql: str) -> None:
        """Call a query by a name; one that was called so before is called so no more."""

    def rows(self, sql: str, arguments: Mapping[str, str] = ...) -> Rows:
        """Answer SQL; a value of `arguments` stands where ``$name`` does."""

    def write(self, sql: str, to: str, arguments: Mapping[str, str] = ...) -> None:
        """Write the answer as Parquet; it need not fit into memory."""


def ask(engine: Engine, name: str, arguments: Mapping[str, str], *, until: str | None = None) -> Rows:
    """Answer a question of `kg.query.sql.questions`, as of a day on the recorded clock, or of the last commit.

    Raises `UnknownQuery`, `QueryError` where its parameters are not those, and `InvalidRecord` for what is no date.
    """
    return engine.rows(*_prepared(engine, name, arguments, until))


def write_answer(engine: Engine, name: str, arguments: Mapping[str, str], to: str, *, until: str | None = None) -> None:
    """Write the answer to a question as Parquet, in the order of its rows; it need not fit into memory.

    `to` is a file where DuckDB answers, and a folder, which Spark makes, where Spark does. Raises what `ask` does.
    """
    sql, given = _prepared(engine, name, arguments, until)
    engine.write(sql, to, given)


def _prepared(
    engine: Engine, name: str, arguments: Mapping[str, str], until: str | None
) -> tuple[str, Mapping[str, str]]:
    """Make the views that a question asks; return its SQL and the values of its parameters."""
    asked = question(name)
    given = asked.arguments(arguments)
    for parameter, what in asked.parameters.items():
        if what == "a date":
            given[parameter] = day_of(given[parameter], parameter).isoformat()
        elif what.startswith("a number"):
            given[parameter] = _number(given[parameter], parameter)
    pasts = [(until, "")] + ([(given.pop(asked.before), _BEFORE)] if asked.before else [])
    for day, prefix in pasts:
        for view, sql in views(day, prefix):
            engine.view(view, sql)
    return asked.sql, given


def _number(text: str, parameter: str) -> str:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", text):
        raise QueryError(f"{parameter} '{text}' is no number: write 3 or 2.5")
    return text


class DuckDB:
    """DuckDB over the files of a dataset, out of core: it spills to `folder` above `memory`.

    Raises `QueryError` where `memory` is none that DuckDB knows.
    """

    def __init__(self, tables: Tables, *, memory: str = "4GB", threads: int | None = None, folder: str = "") -> None:
        try:
            import duckdb
        except ImportError as error:
            raise MissingExtra("questions to a dataset need DuckDB: pip install 'kg[columns]'") from error
        self._error = duckdb.Error
        options: dict[str, Any] = {"memory_limit": memory} | ({"threads": threads} if threads else {})
        try:
            self.connection = duckdb.connect(config=options | ({"temp_directory": folder} if folder else {}))
        except duckdb.Error as error:
            raise QueryError(f"DuckDB cannot be opened with {memory} of memory: write 4GB or 500MB") from error
        # Files are looked into several times for a question, and there may be thousands.
        self.connection.execute("LOAD parquet")
        self.connection.execute("SET parquet_metadata_cache = true")
        # Each question says in which order its rows come; to keep that of files would hold all of them in memory.
        self.connection.execute("SET preserve_insertion_order = false")
        # The views name what is small last in each join. DuckDB guesses how much files hold by the first of them, and
        # would hold most of all claims in memory to look up a few documents.
        self.connection.execute("SET disabled_optimizers = 'join_order'")
        for name, source in SOURCES.items():
            self._source(tables, name, source)

    def _source(self, tables: Tables, name: str, source: str) -> None:
        files = tables.files(name)
        if not files:
            self.connection.register(source, empty_tables()[name])
        elif is_remote(tables.address):
            # Its own reader of buckets is an extension that is not in its wheel.
            self.connection.register(source, tables.dataset(name))
        else:
            quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
            read = f"read_parquet([{quoted}], hive_partitioning = true, hive_types_autocast = false)"
            self.connection.sql(f"FROM {read}").create_view(source)

    def view(self, name: str, sql: str) -> None:
        """Call a query by a name."""
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {sql}")

    def rows(self, sql: str, arguments: Mapping[str, str] = {}) -> Rows:
        """Answer SQL; raise `QueryError` for what it cannot answer."""
        with self._told():
            answer = self.connection.execute(sql, dict(arguments))
            return tuple(column[0] for column in answer.description), answer.fetchall()

    def write(self, sql: str, to: str, arguments: Mapping[str, str] = {}) -> None:
        """Write the answer as a file of Parquet; raise `QueryError` for what DuckDB cannot answer."""
        place = to.replace("'", "''")
        with self._told():
            # Else threads write their rows as they come.
            self.connection.execute("SET preserve_insertion_order = true")
            try:
                copy = f"COPY ({sql}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)"
                self.connection.execute(copy, dict(arguments))
            finally:
                self.connection.execute("SET preserve_insertion_order = false")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            raise QueryError(f"DuckDB: {' '.join(str(error).split())[:200]}") from error


class Spark:
    """A session of Spark (4 or newer), or of an engine that speaks its protocol, over the files of a dataset.

    The views are temporary views of the session. `paths` name the files of the tables where the cluster calls them
    otherwise than this machine.
    """

    def __init__(self, session: Any, tables: Tables, paths: Mapping[str, Sequence[str]] | None = None) -> None:
        self.session = session
        session.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        for name, source in SOURCES.items():
            files = tables.files(name) if paths is None else paths[name]
            self._source(tables.uri(name), name, list(files)).createOrReplaceTempView(source)

    def _source(self, folder: str, name: str, files: list[str]) -> Any:
        if not files:
            return self.session.createDataFrame([], _ddl(empty_tables()[name]))
        return self.session.read.option("basePath", folder).parquet(*files)

    def view(self, name: str, sql: str) -> None:
        """Call a query by a name."""
        self.session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {sql}")

    def rows(self, sql: str, arguments: Mapping[str, str] = {}) -> Rows:
        """Answer SQL; what it cannot answer is Spark's own error."""
        answer = self._answer(sql, arguments)
        return tuple(answer.columns), [tuple(row) for row in answer.collect()]

    def write(self, sql: str, to: str, arguments: Mapping[str, str] = {}) -> None:
        """Write the answer as a folder of Parquet files, the rows in the order of the files' names."""
        self._answer(sql, arguments).write.parquet(to)

    def _answer(self, sql: str, arguments: Mapping[str, str]) -> Any:
        return self.session.sql(_PARAMETER.sub(r":\1", sql), args=dict(arguments))


def _ddl(table: Any) -> str:
    """Return the columns of an Arrow table as Spark's DDL; of a nested one nothing is asked."""
    kinds = {"int64": "BIGINT", "int32": "INT", "bool": "BOOLEAN", "date32[day]": "DATE", "double": "DOUBLE"}

    def kind(field: Any) -> str:
        name = str(field.type)
        if name.startswith("decimal128"):
            return name.replace("decimal128", "DECIMAL")
        return kinds.get(name, "TIMESTAMP" if name.startswith("timestamp") else "STRING")

    return ", ".join(f"`{field.name}` {kind(field)}" for field in table.schema)
