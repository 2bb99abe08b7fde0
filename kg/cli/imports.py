"""Commands that take lists and registers into a store: one for each importer of `kg.importers`."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.common import opened, store_option

if TYPE_CHECKING:
    from kg.importers.contract import Reject
    from kg.pipeline.imports import ImportReport

__all__ = ["edges", "imports"]

_SHOWN = 20
_UNITS = click.Choice(["fraction", "percent"])


@click.group("import")
def imports() -> None:
    """Take a list or a register into the graph: a row is a claim, and its evidence.

    A second import of the same list changes nothing, and an interrupted one goes on where it was.
    """


@imports.command()
@click.argument("file", metavar="FILE|-")
@click.option("--unit", type=_UNITS, default="fraction", show_default=True, help="What the shares are.")
@click.option("--name", help="What the list is called in the graph; by default as the file is.")
@click.option("--skip-bad", is_flag=True, help="Rows that do not hold are no failure: count them, and exit with 0.")
@store_option
def edges(file: str, unit: str, name: str | None, skip_bad: bool, store_path: str) -> None:
    """Take in a CSV file of edges with the columns holder, issuer and share; - is standard input.

    Further columns are relation, percent, amount, currency, start, end, as_of, known_from and others. Rows that do
    not hold are named with their line and column, and left out; the others are taken in.
    """
    from kg.importers.edges.importer import EdgeImporter
    from kg.pipeline.imports import import_claims

    rejects = _Rejects()
    with _file(file) as path, opened(store_path, write=True) as store:
        importer = EdgeImporter(
            path, name=name or ("stdin" if file == "-" else None), unit="percent" if unit == "percent" else "fraction"
        )
        report = import_claims(store, importer, rejects.show)
    rejects.close()
    click.echo(_summary(report, store_path))
    if report.bad_rows and not skip_bad:
        sys.exit(1)


class _Rejects:
    """Names the first rows that do not hold on standard error, and counts the rest."""

    def __init__(self) -> None:
        self._count = 0

    def show(self, reject: "Reject") -> None:
        """Name one, unless there were many."""
        self._count += 1
        if self._count <= _SHOWN:
            click.echo(f"kg: {reject}", err=True)

    def close(self) -> None:
        """Tell how many more there were."""
        if self._count > _SHOWN:
            click.echo(f"kg: … and {self._count - _SHOWN} more", err=True)


@contextmanager
def _file(path: str) -> Iterator[str]:
    """Give the path of a file; of standard input that of a copy, since a list is read twice."""
    if path != "-":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "stdin")
        with copy.open("wb") as out:
            shutil.copyfileobj(sys.stdin.buffer, out)
        yield str(copy)


def _summary(report: "ImportReport", store_path: str) -> str:
    from kg.store import without_secrets

    parts = [f"read {report.rows} rows", f"{report.claims} claims"]
    optional = {
        "rows left out": report.bad_rows,
        "chunks unchanged": report.unchanged,
        "chunks that the list no longer has": report.forgotten,
        "claims withdrawn": report.retracted,
    }
    parts += [f"{count} {what}" for what, count in optional.items() if count]
    return f"{', '.join(parts)}. The graph is in {without_secrets(store_path)}"
