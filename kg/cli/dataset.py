"""Commands for datasets: claims as tables that machines share."""

import datetime as dt
import sys
from typing import Any

import click

from kg.cli.common import opened, output_file, store_option

__all__ = ["dataset"]


@click.group()
def dataset() -> None:
    """Keep a graph as tables that many machines read and write: Parquet in a folder or a bucket.

    ADDRESS is a folder, or s3://BUCKET/PATH. As --store it opens the graph itself: kg query suppliers CoreWeave --store
    ADDRESS. DuckDB, Polars, pandas and Spark read the tables without kg.
    """


@dataset.command("push")
@click.argument("address")
@store_option
def _push(address: str, store_path: str) -> None:
    """Write the graph to a dataset, or what has come to it since; its history goes with it."""
    from kg.store.dataset import push as write

    with opened(store_path) as store:
        written, commits = write(store, address)
    click.echo(f"wrote {written} of {commits} commits to {address}")


@dataset.command("compact")
@click.argument("address")
def _compact(address: str) -> None:
    """Put a dataset's small files together; what it says and said stays as it is."""
    from kg.store.dataset import Tables

    for name, (before, after) in _tables(Tables(address)).compact().items():
        click.echo(f"{name}: {before} files, now {after}")


@dataset.command("ask")
@click.argument("address")
@click.argument("question", required=False)
@click.argument("arguments", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--until", metavar="DATE", help="As the graph was on this day on its own clock.")
@click.option("--memory", default="4GB", show_default=True, help="Memory above which DuckDB writes to disk.")
@click.option("--to", "path", metavar="FILE", help="Write the rows as Parquet; they need not fit into memory.")
@click.option("--format", "form", help="table (by itself), csv, json, jsonl or markdown; without --to.")
def _ask(
    address: str,
    question: str | None,
    arguments: tuple[str, ...],
    until: str | None,
    memory: str,
    path: str | None,
    form: str | None,
) -> None:
    """Answer a question by a scan of the tables, out of core; without a question, list them.

    For example: kg dataset ask s3://deals/graph ties company=company/openai day=2025-03-12.
    """
    from kg.query import render
    from kg.query.sql import DuckDB, questions, write_answer
    from kg.query.sql import ask as answer
    from kg.store.dataset import Tables
    from kg.tables.table import Table

    if question is None:
        for one in questions().values():
            needs = "".join(f" {name}=…" for name in one.parameters)
            click.echo(f"{one.name}{needs}\n    {one.title}")
        return
    if path == "-":
        raise click.UsageError("Parquet is written into a file: write --to rows.parquet, or --format csv without --to")
    if path is not None and form is not None:
        raise click.UsageError("--to writes Parquet: leave --format out, or write --format csv > rows.csv without --to")
    engine = DuckDB(_tables(Tables(address)), memory=memory)
    given = dict(map(_pair, arguments))
    if path is not None:
        with output_file(path) as file:
            write_answer(engine, question, given, file.name, until=until)
        return
    columns, rows = answer(engine, question, given, until=until)
    shown = [tuple(map(_shown, row)) for row in rows]
    render(Table(columns, shown, questions()[question].title), form or "table", sys.stdout)


def _tables(tables: Any) -> Any:
    """Return the tables where a dataset is there; raise `StoreError` where none is."""
    from kg.errors import NotAStore

    if not tables.is_there:
        raise NotAStore(f"there is no dataset at {tables.address}: make one with 'kg dataset push {tables.address}'")
    tables.check()
    return tables


def _pair(argument: str) -> tuple[str, str]:
    name, sign, value = argument.partition("=")
    if not sign:
        raise click.UsageError(f"'{argument}' is no value by name: write day=2025-03-12")
    return name, value


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
