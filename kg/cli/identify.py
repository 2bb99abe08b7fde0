"""Commands that say which company a name means, and who is whom across documents and registers."""

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.common import LANGUAGES, opened, opened_graph, output_file, store_option
from kg.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.judgements import IdentityJudgement
    from kg.pipeline.resolution import OpenPair, Resolution
    from kg.store import Store

__all__ = ["identify", "resolve", "resolve_option", "resolved_in_words"]

_SHOWN = 20


@click.command()
@click.argument("name", required=False)
@click.option("--country", metavar="CC", help="Where it is registered, ISO 3166-1: FR.")
@click.option("--on", "day", metavar="DATE", help="The day on which it was called so: 2016, 2016-05.")
@click.option(
    "--id", "identifiers", metavar="KIND:VALUE", multiple=True, help="An identifier, as lei:9695…; repeatable."
)
@click.option("--limit", type=click.IntRange(1), help="How many candidates to list.  [default: 5, of a file's names 3]")
@click.option("--format", "form", default="list", show_default=True, help="list, table, csv, json, jsonl or markdown.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of the reasons.")
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A CSV file of many names, not NAME."
)
@click.option("--column", help="The column of the file that has the names.  [default: name]")
@click.option("--country-column", help="The column that has their countries.  [default: country, if there is one]")
@click.option("-o", "--output", default="-", show_default=True, help="Where the matches of a file go, as CSV.")
@store_option
def identify(
    name: str | None,
    country: str | None,
    day: str | None,
    identifiers: tuple[str, ...],
    limit: int | None,
    form: str,
    lang: str,
    file: Path | None,
    column: str | None,
    country_column: str | None,
    output: str,
    store_path: str,
) -> None:
    """Say which company NAME means: candidates out of the store's registers and of what kg knows, each with why.

    The number before a candidate is how likely it is, 0 to 1. "sure" is one that kg resolve would join by itself.
    With --file the names of a CSV file are compared with all registers at once; each row of the matches has a decision:
    same, review (a person should look) or none.

    For example: kg identify 'Acme SA' --country FR, or kg identify --file suppliers.csv -o matches.csv.
    """
    if file is not None:
        if name is not None or country or day or identifiers or form != "list":
            raise click.UsageError("with --file stand only --column, --country-column, --limit, --lang, -o and --store")
        _identify_file(file, column or "name", country_column, limit or 3, lang, output, store_path)
        return
    if name is None:
        raise click.UsageError("give a NAME, or --file with many")
    if column or country_column or output != "-":
        raise click.UsageError("--column, --country-column and -o go with --file")
    _identify(name, country, day, identifiers, limit or 5, form, lang, store_path)


def _identify(
    name: str,
    country: str | None,
    day: str | None,
    identifiers: tuple[str, ...],
    limit: int,
    form: str,
    lang: str,
    store_path: str,
) -> None:
    from kg.tables.rendering import renderer
    from kg.wording.printable import printable

    write = None if form == "list" else renderer(form)
    with opened_graph(store_path) as graph:
        answer = graph.identify(name, country=country, on=day, identifiers=identifiers, limit=limit, lang=lang)
    if write is not None:
        write(answer.table, sys.stdout)
        return
    for probability, called, id_, is_sure, why, keys, records in answer.rows:
        sure = " sure" if is_sure else ""
        click.echo(printable(f"{probability:.2f}{sure} {called}  [{id_}]{f'  {keys}' if keys else ''}"))
        click.echo("     " + printable(f"{why}{f'  ({records})' if records else ''}"))
    if not answer.rows:
        click.echo(
            f"no company is known by a name like '{printable(name)}': import a register, as kg import gleif FILE"
        )


def _identify_file(
    file: Path, column: str, country_column: str | None, limit: int, lang: str, output: str, store_path: str
) -> None:
    """Write the matches of a file's names, name its bad rows, and tell on standard error what came of it."""
    from kg.query.batch_identification import NameFile, identify_file
    from kg.wording.printable import printable

    told = 0

    def rejected(line: str) -> None:
        nonlocal told
        told += 1
        if told <= _SHOWN:
            click.echo(f"kg: {file}: {printable(line)}", err=True)

    with opened(store_path) as store, output_file(output) as out:
        text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
        report = identify_file(
            store,
            NameFile(file, column, country_column),
            text,
            limit=limit,
            lang=lang,
            on_reject=rejected,
            progress=lambda line: click.echo(line, err=True),
        )
        text.flush()
        text.detach()
    if told > _SHOWN:
        click.echo(f"kg: … and {told - _SHOWN} more", err=True)
    left_out = f", {report.bad_rows} rows left out" if report.bad_rows else ""
    click.echo(
        f"{report.names:,} names: {report.same:,} same, {report.review:,} to review, {report.none:,} none{left_out}",
        err=True,
    )
    if report.bad_rows:
        sys.exit(1)


@click.command()
@click.option("--dry-run", is_flag=True, help="Tell what would be said, and say nothing.")
@click.option("--all", "everything", is_flag=True, help="List all pairs that are left open.")
@click.option("--lang", type=LANGUAGES, default="en", help="The language of the reasons.")
@store_option
def resolve(dry_run: bool, everything: bool, lang: str, store_path: str) -> None:
    """Find out who is whom: names in documents, other spellings, companies of registers.

    What identifiers and names leave no doubt of is joined; a short name that several companies share is parted by
    document. Where two candidates stand close nothing is said: the pair is listed for kg merge and kg split. What a
    person says goes before, whenever it was said; kg judgements lists all with the reasons.
    """
    from kg.pipeline.resolution import resolve as resolved
    from kg.wording.printable import printable

    with opened(store_path, write=not dry_run) as store:
        told = resolved(store, lang=lang, commit=not dry_run)
    for sign, those in (("=", told.joined), ("≠", told.parted), ("–", told.taken_back)):
        for one in those[: None if everything else _SHOWN]:
            click.echo(printable(_line(sign, one)))
    shown = told.open_pairs if everything else told.open_pairs[:_SHOWN]
    for pair in shown:
        click.echo(printable(_open_line(pair)))
    click.echo(f"{told.mentions} names and records compared: {_counted(told) or 'nothing new'}")


def resolve_option(command: "Callable[..., None]") -> "Callable[..., None]":
    """Give a command the option --no-resolve, as the argument `resolves`."""
    text = "Do not work out who is whom at the end, which is done where the graph has a register."
    return click.option("--no-resolve", "resolves", flag_value=False, default=True, help=text)(command)


def resolved_in_words(store: "Store") -> str | None:
    """Work out who is whom in a graph that has a register; return what was said, None where nothing new was.

    Without a register, or without what compares names, nothing is done: kg resolve does it when asked.
    """
    from kg.pipeline.resolution import resolve as resolved

    if next(store.records(), None) is None:
        return None
    try:
        told = resolved(store)
    except MissingExtra:
        return None
    return f"who is whom: {_counted(told)}" if told.joined or told.parted or told.taken_back else None


def _counted(told: "Resolution") -> str:
    counts = (
        (len(told.joined), "joined"),
        (len(told.parted), "mentions parted"),
        (len(told.taken_back), "taken back"),
        (len(told.open_pairs), "pairs to decide"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count)


def _line(sign: str, one: "IdentityJudgement") -> str:
    where = f" in {', '.join(one.documents)}" if one.documents else ""
    return f"{sign} {one.other.name} [{one.other.id}] {sign} {one.one.name} [{one.one.id}]{where}: {one.why}"


def _open_line(pair: "OpenPair") -> str:
    return (
        f"? {pair.one.name} [{pair.one.id}] {pair.probability:.2f} {pair.other.name} [{pair.other.id}]: "
        + "; ".join(pair.reasons)
    )
