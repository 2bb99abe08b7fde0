"""The command kg-spark: the jobs, each with what it reads and what it writes. It is also what spark-submit is given.

Where a session runs already, as under spark-submit or in a notebook, jobs run in it; else one of this machine is made.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import KgError
from kg.facts import AsOf
from kg.settings import environment
from kg.spark.frames import Round

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["control", "copies", "loops", "main", "ownership", "read", "resolve", "take"]

_SHOWN = 50
_SUBMITTED = "PYSPARK_GATEWAY_PORT"
"""A variable of the environment that spark-submit sets."""
_CLAIMS = click.argument("claims", metavar="CLAIMS.parquet")
_TO = click.option("--to", "out", metavar="FOLDER", help="Write the answer there as Parquet; without it, it is shown.")
_WORKERS = click.option(
    "--workers", default=2, show_default=True, help="Workers of this machine, where no session of a cluster runs."
)
_REMOTE = click.option("--remote", metavar="sc://HOST", help="A server of Spark Connect, instead.")
_AS_OF = click.option("--as-of", metavar="DATE", help="The day for which it is asked; today's by default.")


def _common(command: Callable[..., None]) -> Callable[..., None]:
    return _WORKERS(_REMOTE(_TO(command)))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def _jobs() -> None:
    """Read documents, and analyse claims, by Spark: the answers of kg, beyond one machine.

    CLAIMS.parquet is what kg export --format parquet writes, a file or a folder of such files.
    """


def _session(workers: int, remote: str | None) -> "SparkSession":
    """Return the session that runs, one of a server, or one of this machine."""
    from kg.spark.session import local_session

    if remote is None and _SUBMITTED not in environment():
        return local_session(workers)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("kg")
    return (builder if remote is None else builder.remote(remote)).getOrCreate()


def _claims(spark: "SparkSession", path: str) -> "DataFrame":
    """Return the claims of a file, or of a folder: a folder of kg export has documents beside them."""
    whole = Path(path) / "claims.parquet"
    return spark.read.parquet(str(whole) if whole.is_file() else path)


def _round(told: Round) -> None:
    click.echo(f"kg: {told}", err=True)


def _date(as_of: str | None) -> AsOf | None:
    return None if as_of is None else AsOf(as_of)


def _end(found: "DataFrame", out: str | None) -> None:
    """Write an answer, or show its first rows."""
    if out is not None:
        found.write.mode("overwrite").parquet(out)
        return
    rows = found.limit(_SHOWN + 1).collect()
    click.echo("\t".join(found.columns))
    for row in rows[:_SHOWN]:
        click.echo("\t".join(_cell(value) for value in row))
    if len(rows) > _SHOWN:
        click.echo(f"… the first {_SHOWN} rows: write all with --to FOLDER", err=True)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return " → ".join(str(leg["payer"]) if hasattr(leg, "asDict") else str(leg) for leg in value)
    return "" if value is None else str(value)


@_jobs.command()
@click.argument("documents", nargs=-1, required=True)
@click.option("--out", required=True, metavar="DATASET", help="The folder, or address, of the readings.")
@click.option("--lang", help="The language of the documents, where it should not be found.")
@click.option("--date", "published", help="The day on which they were published.")
@click.option("--time-limit", "limit", type=float, help="The seconds that a document may take.")
@click.option("--wave", default=4096, show_default=True, help="Documents that one job writes.")
@_WORKERS
@_REMOTE
def read(documents: tuple[str, ...], out: str, workers: int, remote: str | None, **told: Any) -> None:
    """Read documents into a dataset of readings; what is there already is not read again.

    A document that cannot be read is a row of rejects: where, what, why. kg-spark take takes readings into a store.
    """
    from kg.spark.reading import ReadOptions, ReadReport, read_documents

    def tell(report: ReadReport) -> None:
        click.echo(f"kg: wave {report.waves}: {report.found:,} documents, {report.read:,} read", err=True)

    report = read_documents(_session(workers, remote), documents, out, ReadOptions(**told), tell)
    click.echo(
        f"{report.read:,} of {report.found:,} documents read, {report.known:,} known; {report.claims:,} claims,"
        f" {report.rejects:,} rejects"
    )


@_jobs.command()
@click.argument("dataset", type=click.Path(exists=True, file_okay=False))
@click.option("--store", envvar="KG_STORE", default="kg-store", show_default=True, help="The store's folder.")
def take(dataset: str, store: str) -> None:
    """Take readings into a store: without Spark, and without reading again what the store has."""
    from kg.spark.reading import take_in
    from kg.store import open_store

    with open_store(store, write=True) as opened:
        report = take_in(opened, Path(dataset))
    click.echo(f"{report.read:,} documents taken in, {report.unchanged:,} unchanged; {report.claims:,} claims")


@_jobs.command()
@_CLAIMS
@click.option("--threshold", default=0.5, show_default=True, help="The fraction of votes above which control begins.")
@click.option("--inclusive", is_flag=True, help="The threshold itself is enough.")
@_AS_OF
@_common
def control(claims: str, out: str | None, workers: int, remote: str | None, as_of: str | None, **how: Any) -> None:
    """Tell who controls whom."""
    from kg.spark.control import control as job

    frame = _claims(_session(workers, remote), claims)
    _end(job(frame, as_of=_date(as_of), watch=_round, **how), out)


@_jobs.command()
@_CLAIMS
@click.option("--owner", "owners", multiple=True, metavar="ID", help="Of these owners alone.")
@click.option("--of", "basis", type=click.Choice(["capital", "votes"]), default="capital", show_default=True)
@_AS_OF
@_common
def ownership(  # noqa: PLR0913, PLR0917 - the same
    claims: str,
    owners: tuple[str, ...],
    out: str | None,
    workers: int,
    remote: str | None,
    as_of: str | None,
    basis: str,
) -> None:
    """Tell who owns how much of whom, directly and indirectly."""
    from kg.spark.ownership import shares

    frame = _claims(_session(workers, remote), claims)
    found = shares(frame, owners or None, basis=basis, as_of=_date(as_of), watch=_round)
    _end(found.orderBy("holder", "issuer"), out)


@_jobs.command()
@_CLAIMS
@click.option("--max-length", default=4, show_default=True, help="The most companies in a circle.")
@_AS_OF
@_common
def loops(  # noqa: PLR0913, PLR0917 - the same
    claims: str, max_length: int, out: str | None, workers: int, remote: str | None, as_of: str | None
) -> None:
    """Find circular deals of two to four companies."""
    from kg.spark.loops import circular_deals

    frame = _claims(_session(workers, remote), claims)
    _end(circular_deals(frame, max_length=max_length, as_of=_date(as_of), watch=_round), out)


@_jobs.command()
@click.argument("dataset")
@_common
def copies(dataset: str, out: str | None, workers: int, remote: str | None) -> None:
    """Tell which documents of a dataset of readings are copies of which."""
    from kg.spark.copies import copies as job
    from kg.spark.copies import texts_of

    frame = _session(workers, remote).read.parquet(dataset)
    _end(job(texts_of(frame), watch=_round), out)


@_jobs.command()
@click.argument("names", metavar="NAMES.csv")
@click.option("--store", help="A store whose registers are looked up, beside the companies that kg knows.")
@click.option("--limit", default=3, show_default=True, help="Candidates of a name at most.")
@click.option("--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@_common
def resolve(names: str, store: str | None, out: str | None, workers: int, remote: str | None, **how: Any) -> None:
    """Tell which companies the names of a CSV file mean: its columns are name and, if need be, country."""
    from kg.spark.names import asked_of, registered
    from kg.spark.names import resolve as job
    from kg.store import open_store

    spark = _session(workers, remote)
    with open_store(store) as opened:
        listed = registered(opened)
    asked = asked_of(Path(names), lambda line: click.echo(f"kg: {line}", err=True))
    _end(job(spark.createDataFrame(asked), spark.createDataFrame(listed), watch=_round, **how), out)


def main() -> None:
    """Run the command; an error of kg's is one line."""
    try:
        _jobs()
    except KgError as error:
        click.echo(f"kg: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
