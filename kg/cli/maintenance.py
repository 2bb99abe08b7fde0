"""Commands that keep a store safe."""

import sys
from pathlib import Path

import click

from kg.cli.common import opened, store_option
from kg.errors import JournalDamaged

__all__ = ["backup", "migrate", "restore", "verify"]


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@store_option
def backup(target: Path, store_path: str) -> None:
    """Write a backup of the store to a new file; 'kg build' may run meanwhile."""
    from kg.store import backup as write_backup

    commits = write_backup(Path(store_path), target)
    click.echo(f"wrote {target}: {commits} commits")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--salvage", is_flag=True, help="Take what is whole of a damaged journal, and name what is not.")
@store_option
def restore(source: Path, store_path: str, *, salvage: bool) -> None:
    """Make a store out of a backup, or of a journal, at a new place.

    With --salvage a damaged one gives every commit that is whole; what is lost is named, a line each.
    """
    from kg.store import restore as make_store
    from kg.store import salvage as save

    if salvage:
        saved = save(source, Path(store_path))
        for lost in saved.lost:
            click.echo(f"{source}: {lost}", err=True)
        commits = saved.commits
    else:
        commits = make_store(source, Path(store_path))
    with opened(store_path) as store:
        documents = sum(1 for _ in store.documents())
    click.echo(f"restored {commits} commits, {documents} documents. The graph is in {store_path}")


@click.command()
@store_option
def verify(store_path: str) -> None:
    """Verify the store's files: the journal's checksums, the graph against the journal, every quote."""
    from kg.store import salvage
    from kg.store import verify as run_verify

    try:
        with opened(store_path) as store:
            report = run_verify(store)
    except JournalDamaged:
        journal = Path(store_path) / "journal.jsonl"
        saved = salvage(journal)
        for lost in saved.lost:
            click.echo(f"{journal}: {lost}", err=True)
        click.echo(
            f"{len(saved.lost)} lines of the journal are damaged, {saved.commits} commits are whole: "
            f"restore a backup, or keep what is whole with 'kg restore {journal} --salvage --store NEW'"
        )
        sys.exit(1)
    for violation in report.violations:
        click.echo(f"{violation.focus}: {violation.message}", err=True)
    counts = ", ".join(f"{count} {what}" for what, count in report.counts.items())
    click.echo(f"{len(report.violations)} differences; verified {counts}")
    if report.violations:
        click.echo("delete the store's folder 'index': it is made again out of the journal", err=True)
        sys.exit(1)


@click.command()
@store_option
def migrate(store_path: str) -> None:
    """Bring a store of an older kg to the format of this one; the old journal is kept beside the new."""
    from kg.store import migrate as run_migrate

    first, last = run_migrate(Path(store_path))
    click.echo(f"{store_path} has the format {last} already" if first == last else f"brought from {first} to {last}")
