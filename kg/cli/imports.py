"""Commands that take lists and registers into a store: one for each importer of `kg.importers`."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kg.cli.common import opened, store_option
from kg.cli.identify import resolve_option, resolved_in_words
from kg.errors import DocumentError
from kg.importers.registers import REGISTERS
from kg.model import Tier
from kg.settings import setting
from kg.wording.counts import counted

if TYPE_CHECKING:
    from kg.importers.contract import Importer, Reject
    from kg.importers.registers import RegisterKind
    from kg.pipeline.imports import ImportReport
    from kg.store import Store

__all__ = ["claims", "edges", "exported", "imports"]

_Source = TypeVar("_Source")
_SHOWN = 20
_UNITS = click.Choice(["fraction", "percent"])


_LACKS = (
    "lacks {0} of the {1} records held of this source, more than a tenth: they are kept. If the file is whole, give"
    " --withdraw; if it is of another source, give it a --name"
)
_UNDATED = (
    "says of {0} tie neither since when it holds nor when it was known: it counts as a fact of any day. Say when the"
    " file was fetched, with --retrieved DATE"
    "|says of {0} ties neither since when they hold nor when they were known: they count as facts of any day. Say when"
    " the file was fetched, with --retrieved DATE"
)
_TIERS = click.Choice([tier.value for tier in Tier])
_SKIP_BAD = click.option(
    "--skip-bad", is_flag=True, help="Rows that do not hold are no failure: count them, and exit with 0."
)


class _Lists(click.Group):
    """The kinds of lists and registers as commands; a file is of the kind that it is recognised as.

    Whatever is no kind, no export of kg and no register's file is a file of own claims.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the kind before what has none."""
        known = not args or args[0] in {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if known else [_kind_of(args), *args])


def _kind_of(args: list[str]) -> str:
    """Return what the file that is first among arguments is of: "exported", a register, or "claims"."""
    from kg.export.reading import recognised as exported
    from kg.importers.registers import recognised

    if "--author" in args or setting("KG_AUTHOR"):
        return "claims"
    named = [arg for arg in args if not arg.startswith("-")]
    path = next((Path(arg) for arg in named if Path(arg).exists()), None)
    if path is None:
        if "-" in args or not named:
            return "claims"
        raise click.UsageError(f"there is no file '{named[0]}'")
    if exported(path) is not None:
        return "exported"
    kind = None if path.is_dir() else recognised(path)
    if kind is None:
        raise click.UsageError(
            f"{path} is no export of kg that is read back, and of no register that kg reads ({', '.join(REGISTERS)}):"
            " name the kind, as in kg import gleif FILE; for claims of your own say whose they are, with --author"
        )
    return kind


@click.group("import", cls=_Lists)
def imports() -> None:
    """Take a list or a register into the graph: a row is a claim, and its evidence.

    kg import FILE finds out whether kg exported the file, or which register it is of; else it is short for kg import
    claims FILE (kg import claims --help tells its options). A second import of the same list changes nothing, and an
    interrupted one goes on where it was.
    """


@imports.command()
@click.argument("file", metavar="FILE|-")
@click.option(
    "--author",
    envvar="KG_AUTHOR",
    show_envvar=True,
    required=True,
    help="Who says so, where a row has no author of its own.",
)
@click.option(
    "--column",
    "pairs",
    metavar="OWN=NAME",
    multiple=True,
    help="What a column of the list means, as Actionnaire=subject; OWN= leaves it out.",
)
@click.option(
    "--decimal",
    type=click.Choice(["auto", "point", "comma"]),
    default="auto",
    show_default=True,
    help="The mark of decimals; auto is a comma where semicolons separate the cells. With a comma, days stand first.",
)
@click.option("--unit", type=_UNITS, default="fraction", show_default=True, help="What the column share has.")
@click.option("--encoding", help="The encoding of the file, where it should not be found.")
@click.option("--tier", type=_TIERS, default="own-note", show_default=True, help="What kind of source the list is.")
@click.option("--name", help="What the list is called in the graph; by default AUTHOR/FILE.")
@_SKIP_BAD
@store_option
def claims(file: str, pairs: tuple[str, ...], name: str | None, skip_bad: bool, store_path: str, **told: Any) -> None:
    """Take in claims of your own: CSV or JSON lines, a row a claim under its author's name; - is standard input.

    Columns are those of edges (subject or holder, object or issuer, relation, share, percent, amount, currency, start,
    end …) and source, date, author, tier, value and unit (of a figure), quantity. What kg export writes as CSV or
    JSON lines can be taken in again, also after a spreadsheet has saved it.

    For example: kg import stakes.csv --author ada --column Actionnaire=subject --column Participation=percent.
    """
    from kg.importers.claims.importer import ClaimImporter

    columns = dict(_pair(pair) for pair in pairs)
    told["tier"] = Tier(told["tier"])
    with _file(file) as path:
        # What comes by standard input is of no file: it is called so whatever holds it meanwhile.
        called = name or (f"{told['author'].strip()}/stdin" if file == "-" else None)
        importer = ClaimImporter(path, name=called, columns=columns, **told)
        report = _take_in(importer, file, store_path)
    for note in importer.notes():
        click.echo(f"kg: note: {note}", err=True)
    _end(report, skip_bad=skip_bad)


def _pair(text: str) -> tuple[str, str]:
    own, sign, known = text.partition("=")
    if not sign or not own.strip():
        raise click.UsageError(f"--column {text}: write OWN=NAME, as Actionnaire=subject, or OWN= to leave it out")
    return own.strip(), known.strip()


@imports.command()
@click.argument("file", metavar="FILE|-")
@click.option("--unit", type=_UNITS, default="fraction", show_default=True, help="What the shares are.")
@click.option("--name", help="What the list is called in the graph; by default as the file is.")
@click.option("--tier", type=_TIERS, help="What kind of source the list is, such as register.")
@_SKIP_BAD
@store_option
def edges(file: str, unit: str, name: str | None, tier: str | None, skip_bad: bool, store_path: str) -> None:
    """Take in a CSV file of edges with the columns holder, issuer and share; - is standard input.

    Further columns are relation, percent, amount, currency, start, end, as_of, known_from and others. Rows that do
    not hold are named with their line and column, and left out; the others are taken in.
    """
    from kg.importers.edges.importer import EdgeImporter

    with _file(file) as path:
        importer = EdgeImporter(
            path,
            name=name or ("stdin" if file == "-" else None),
            unit="percent" if unit == "percent" else "fraction",
            tier=None if tier is None else Tier(tier),
        )
        report = _take_in(importer, file, store_path)
    _end(report, skip_bad=skip_bad)


@imports.command()
@click.argument("file", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path))
@_SKIP_BAD
@store_option
def exported(file: Path, skip_bad: bool, store_path: str) -> None:
    """Take in what kg export wrote from another graph: the same claims, with their ids, sentences and dates.

    JSON lines (kg-claims/1), RDF 1.1 and 1.2, GraphML, Parquet, a folder of Neo4j's CSV. Of a document's text such a
    file has the sentences alone; a document that this graph has read itself is left as it is.
    """
    from kg.export.reading import exported as opened_export
    from kg.export.reading import take_in

    rejects = _Rejects(str(file))
    source = opened_export(file)
    try:
        with opened(store_path, write=True) as store:
            report = take_in(store, source, str(file), rejects.show)
    finally:
        rejects.close()
    for note in source.notes():
        click.echo(f"kg: note: {note}", err=True)
    optional = {
        "{0} left out|{0} left out": report.bad_rows,
        "{0} document unchanged|{0} documents unchanged": report.unchanged,
    }
    read = f"read {counted('{0} claim|{0} claims', report.rows, 'en')}"
    click.echo(_told([read, f"{report.claims} new"], optional, store_path))
    _end(report, skip_bad=skip_bad)


def _register_command(kind: "RegisterKind") -> click.Command:
    """Return the command that takes in a register's file."""

    @click.command(kind.name, help=f"Take in a file of {kind.about}; packed (.gz, .zip) too.")
    @click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--name", help="What the source is called in the graph; by default as the register, or the file.")
    @click.option("--retrieved", metavar="DATE", help="When the file was fetched, where it does not say.")
    @click.option("--delta", is_flag=True, help="The file has only what changed: what it lacks stays as it is.")
    @click.option("--withdraw", is_flag=True, help="The file is whole: withdraw what it lacks, however much that is.")
    @_SKIP_BAD
    @resolve_option
    @store_option
    def command(file: Path, withdraw: bool, skip_bad: bool, resolves: bool, store_path: str, **told: Any) -> None:
        from kg.importers.registers import register
        from kg.pipeline.imports import import_register

        if told["delta"] and withdraw:
            raise click.UsageError("a file has only changes (--delta) or is whole (--withdraw): leave one out")
        source = register(kind.name, file, name=told["name"], retrieved=told["retrieved"], is_delta=told["delta"])
        take_in = partial(import_register, withdraw=withdraw)
        report = _imported(take_in, source, str(file), store_path, resolves=resolves)
        if not report.rows:
            raise DocumentError(f"{file} has no record: nothing was taken in, nothing withdrawn")
        for note in source.notes():
            click.echo(f"kg: note: {note}", err=True)
        if report.held:
            click.echo(f"kg: note: {file} {_LACKS.format(report.kept, report.held)}", err=True)
        if report.undated:
            click.echo(f"kg: note: {file} {counted(_UNDATED, report.undated, 'en')}", err=True)
        _end(report, skip_bad=skip_bad)

    return command


for _kind in REGISTERS.values():
    imports.add_command(_register_command(_kind))


def _take_in(importer: "Importer", file: str, store_path: str) -> "ImportReport":
    """Import a list, name its rows that do not hold, and tell what came of it."""
    from kg.pipeline.imports import import_claims

    return _imported(import_claims, importer, file, store_path)


def _imported(
    take_in: "Callable[[Store, _Source, Callable[[Reject], None]], ImportReport]",
    source: "_Source",
    file: str,
    store_path: str,
    *,
    resolves: bool = False,
) -> "ImportReport":
    rejects = _Rejects("standard input" if file == "-" else file)
    try:
        with opened(store_path, write=True) as store:
            report = take_in(store, source, rejects.show)
            identities = resolved_in_words(store) if resolves and report.written + report.forgotten else None
    finally:
        rejects.close()
    click.echo(_summary(report, store_path))
    if identities is not None:
        click.echo(identities)
    return report


def _end(report: "ImportReport", *, skip_bad: bool) -> None:
    if report.bad_rows and not skip_bad:
        sys.exit(1)


class _Rejects:
    """Names the first rows that do not hold on standard error, and counts the rest."""

    def __init__(self, file: str) -> None:
        self._file, self._count = file, 0

    def show(self, reject: "Reject") -> None:
        """Name one, unless there were many."""
        self._count += 1
        if self._count <= _SHOWN:
            click.echo(f"kg: {self._file}: {reject}", err=True)

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
    rows, claims = (
        counted(f"{{0}} {one}|{{0}} {one}s", n, "en") for one, n in (("row", report.rows), ("claim", report.claims))
    )
    optional = {
        "{0} record of an entity|{0} records of entities": report.records,
        "{0} row left out|{0} rows left out": report.bad_rows,
        "{0} chunk unchanged|{0} chunks unchanged": report.unchanged,
        "{0} chunk that the list no longer has|{0} chunks that the list no longer has": report.forgotten,
        "{0} claim withdrawn|{0} claims withdrawn": report.retracted,
        "{0} record kept that the file lacks, which may not be whole"
        "|{0} records kept that the file lacks, which may not be whole": report.kept,
    }
    return _told([f"read {rows}", claims], optional, store_path)


def _told(parts: list[str], optional: dict[str, int], store_path: str) -> str:
    from kg.store import without_secrets

    parts += [counted(what, count, "en") for what, count in optional.items() if count]
    return f"{', '.join(parts)}. The graph is in {without_secrets(store_path)}"
