"""The command that watches sources, and writes digests of what is news."""

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from kg.cli.build import print_failures
from kg.cli.common import store_option, today_option, weights_option
from kg.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from kg.watch.config import Config
    from kg.watch.watcher import RoundReport, Watcher

__all__ = ["watch"]

_JOBS = "Documents to read at once, each in a process of its own; 0 reads in kg's own, unprotected."


@click.command()
@click.argument("path", metavar="CONFIG")
@click.option("--check", is_flag=True, help="Tell what is wrong with CONFIG, and do nothing.")
@click.option("--once", is_flag=True, help="Do one round and end, as for cron; without it, stay and look again.")
@click.option("--online", is_flag=True, help="Fetch the feeds and pages of CONFIG; without it no network is used.")
@click.option("-j", "--jobs", type=click.IntRange(0), metavar="N", envvar="KG_JOBS", show_envvar=True, help=_JOBS)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
@weights_option
@today_option
@store_option
@click.pass_context
def watch(
    context: click.Context,
    path: str,
    check: bool,
    once: bool,
    online: bool,
    jobs: int | None,
    quiet: bool,
    store_path: str,
) -> None:
    """Read sources when they change, and write what is news of companies and relations.

    CONFIG is a TOML file that names the sources, and the companies and relations of interest. Of each a digest is
    written: new facts, what a second source confirms, what is contradicted, changed or over, each with its sentence.
    kg sends nothing: the files are an Atom feed, JSON lines, Markdown and a page fit for a mail.
    """
    from kg.watch.config_file import read_config

    is_given = context.get_parameter_source("store_path") is click.core.ParameterSource.COMMANDLINE

    if check:
        _check(path, store_path, is_given=is_given)
        return
    config = read_config(path)
    store = _store_of(config, store_path, is_given=is_given)
    if overlapping := config.overlapping(store):
        raise ConfigError(overlapping[0], overlapping)
    from kg.watch.fetching.client import WebClient
    from kg.watch.state import locked
    from kg.watch.watcher import Watcher

    if config.addresses and not online and not quiet:
        click.echo(
            f"kg: note: what CONFIG has of the web ({len(config.addresses)}) is fetched only with --online", err=True
        )
    with _ending_in_order(), locked(config.digests):
        watcher = Watcher(config, store, WebClient() if online else None, jobs)
        if once:
            sys.exit(1 if _round(watcher, quiet=quiet, is_last=True) else 0)
        _stay(watcher, config.every, quiet=quiet)


def _store_of(config: "Config", store_path: str, *, is_given: bool) -> str:
    """Return the graph's path: that of the command line, where one is given, before that of CONFIG."""
    return store_path if is_given or config.store is None else config.store


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Take SIGTERM for a wish to end: files are closed, workers are ended, and what was told stays told."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stay(watcher: "Watcher", every: int, *, quiet: bool) -> None:
    while True:
        try:
            _round(watcher, quiet=quiet)
        except StoreError as error:
            # It is written to, or cannot be had just now: what was not told is told in a later round.
            click.echo(f"kg: later: {error}", err=True)
        time.sleep(every)


def _round(watcher: "Watcher", *, quiet: bool, is_last: bool = False) -> bool:
    """Do a round, and print what it did; return whether something could not be read."""
    report = watcher.round()
    for skipped in report.not_fetched:
        click.echo(f"kg: not fetched: {skipped.source}: {skipped.reason}", err=True)
    for built in report.builds:
        print_failures(built)
    if not quiet:
        _print(report, is_last=is_last)
    return bool(report.not_fetched) or any(
        built.skipped or built.failed or built.partially_read or built.left for built in report.builds
    )


def _print(report: "RoundReport", *, is_last: bool) -> None:
    for line in report.notes:
        click.echo(f"kg: note: {line}", err=True)
    if report.fetched:
        click.echo(f"fetched {report.fetched} feeds and pages")
    if report.builds:
        read, claims = (sum(getattr(built, name) for built in report.builds) for name in ("read", "claims"))
        click.echo(f"read {read} documents, {claims} claims admitted")
    for told in report.told:
        counts = ", ".join(f"{count} {kind}" for kind, count in told.counts.items())
        click.echo(f"{told.interest.name}: {counts}: {', '.join(map(str, told.files))}")
    if is_last and not report.told:
        click.echo("nothing is new")


def _check(path: str, store_path: str, *, is_given: bool) -> None:
    from kg.watch.config_file import read_config

    try:
        config = read_config(path)
        problems = (*config.missing(), *config.overlapping(_store_of(config, store_path, is_given=is_given)))
    except ConfigError as error:
        problems = error.problems
    for problem in problems:
        click.echo(f"kg: {problem}", err=True)
    if problems:
        sys.exit(1)
    click.echo(
        f"{path} holds. Paths: {len(config.paths)}, addresses: {len(config.addresses)}, "
        f"interests: {len(config.interests)}; digests go to {config.digests}"
    )
