"""Commands that analyse a store, or a list of edges: one for each entry of `kg.analysis.registry`."""

import io
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from kg.analysis.registry import ANALYSES, Analysis
from kg.cli.common import LANGUAGES, opened_graph, selection_option, store_option, tell_notes, today_option
from kg.cli.query import write_answer
from kg.errors import EdgeListError, QueryError, did_you_mean
from kg.questions import Parameter, Question
from kg.renamed import PARAMETERS, warn_of_old_name
from kg.settings import today

if TYPE_CHECKING:
    from kg.analysis.results.result import Result
    from kg.model import Claim
    from kg.store import Selection

__all__ = ["analyse", "diff"]

_Decorator: TypeAlias = Callable[[Callable[..., None]], Callable[..., None]]
_SHOWN = 20
_UNITS = click.Choice(["fraction", "percent"])
_FORMAT = click.option(
    "--format", "form", default="text", show_default=True, help="text, table, csv, json, jsonl or markdown."
)
_LANG = click.option("--lang", type=LANGUAGES, default="en", help="The language of relations and figures in a table.")
_COMMON: Sequence[_Decorator] = (
    store_option,
    today_option,
    click.option("--edges", metavar="FILE|-", help="A CSV file of holder,issuer,share instead of a store; - is stdin."),
    click.option("--unit", type=_UNITS, default="fraction", show_default=True, help="What --edges' shares are."),
    click.option("--skip-bad", is_flag=True, help="Leave out the rows of --edges that do not hold, and count them."),
    click.option("--valid", metavar="DATE", help="As it is true on this date; by default --today."),
    click.option("--known", metavar="DATE", help="As the world could know it at this date."),
    click.option("--recorded", metavar="DATE", help="As the store had it at this date."),
    _FORMAT,
    _LANG,
    selection_option,
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options that all analyses share."""

    store_path: str
    edges: str | None
    unit: str
    skip_bad: bool
    valid: str | None
    known: str | None
    recorded: str | None
    form: str
    lang: str
    selection: "Selection"


class _Questions(click.Group):
    """The analyses as commands, and behind them all other questions of the catalogue."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; say of old names of its options what they are called now."""
        for old, new in PARAMETERS.items():
            if any(argument.partition("=")[0] == f"--{old}" for argument in args):
                warn_of_old_name(f"--{old}", f"--{new.replace('_', '-')}")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of an analysis, or one that answers another question of the catalogue."""
        from kg.query import questions

        command = super().get_command(ctx, cmd_name)
        return _library_command(questions()[cmd_name]) if command is None and cmd_name in questions() else command


def _library_command(question: Question) -> click.Command:
    title = f"{question.title['en']}."

    @click.command(question.name, help=f"{title}\n\nFor example: {question.examples[0]}.", short_help=title)
    @click.argument("arguments", nargs=-1)
    @click.option("--format", "form", default="table", show_default=True, help="table, csv, json, jsonl or markdown.")
    @selection_option
    @today_option
    @store_option
    def run(arguments: tuple[str, ...], form: str, store_path: str, selection: "Selection") -> None:
        write_answer(store_path, question.name, arguments, form, selection)

    return run


@click.group(cls=_Questions, invoke_without_command=True)
@click.option("--list", "listing", is_flag=True, help="List all questions and what they take.")
@click.pass_context
def analyse(context: click.Context, listing: bool) -> None:
    """Ask what only a graph of companies can answer: who controls whom, what goes round, whom a failure reaches.

    For example: kg analyse control --threshold 50%, or from a list: kg analyse owners Gamma --edges register.csv.
    """
    if listing:
        from kg.catalogue import listing as catalogue

        click.echo(catalogue())
        context.exit()
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _help(parameter: Parameter) -> str:
    choices = f" ({', '.join(parameter.choices)})" if parameter.choices else ""
    default = "" if parameter.default in {None, False} else f"; by default {parameter.default}"
    return f"{parameter.help}{choices}{default}"


def _own(parameter: Parameter) -> _Decorator:
    if parameter.kind == "entity":
        return click.argument(parameter.name, required=parameter.required)
    help_ = f"{_help(parameter)[:1].upper()}{_help(parameter)[1:]}."
    if parameter.kind == "flag":
        return click.option(*_flags(parameter), parameter.name, is_flag=True, help=help_)
    if parameter.kind == "names":
        return click.option(*_flags(parameter), parameter.name, metavar="FILE|NAME", callback=_names, help=help_)
    return click.option(*_flags(parameter), parameter.name, metavar=parameter.kind.upper(), help=help_)


def _names(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Return names, one a line: those in the file that is given, or the one that is."""
    if given is None or not Path(given).is_file():
        return given
    try:
        return Path(given).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(f"{given} cannot be read as names, one a line, in UTF-8: {error}") from error


def _flags(parameter: Parameter) -> list[str]:
    """Return how a parameter is called as an option: by its name of today, and by its old one."""
    old = [f"--{name}" for name, new in PARAMETERS.items() if new == parameter.name]
    return [f"--{parameter.name.replace('_', '-')}", *old]


def _command(analysis: Analysis) -> click.Command:
    names = [parameter.name for parameter in analysis.parameters]

    def run(**given: Any) -> None:
        options = {name: given.pop(name) for name in names}
        _answer(analysis, _Asked(**given), options)

    for decorate in reversed([*map(_own, analysis.parameters), *_COMMON]):
        run = decorate(run)
    title = f"{analysis.title['en']}."
    return click.command(analysis.name, help=f"{title}\n\nFor example: {analysis.examples[0]}.", short_help=title)(run)


def _answer(analysis: Analysis, asked: _Asked, options: dict[str, Any]) -> None:
    from kg.analysis.registry import analyse as run
    from kg.facts import AsOf

    _check(asked.form)
    as_of = AsOf(asked.valid, asked.known, asked.recorded).or_on(today())
    if asked.edges is not None:
        from kg.ontology import BASE

        if asked.selection.narrows:
            raise QueryError("a list of edges is not narrowed: leave --accepted-only and --tiers out, or ask a store")
        result = run(_edges(asked.edges, asked), analysis.name, as_of=as_of, **options)
        _show(result, asked.form, BASE, asked.lang)
        return
    with opened_graph(asked.store_path, asked.selection) as graph:
        _show(graph.analyse(analysis.name, as_of=as_of, **options), asked.form, graph.store.base, asked.lang)


def _check(form: str) -> None:
    """Refuse a form that there is not before anything is worked out."""
    from kg.tables.rendering import RENDERERS, renderer

    if form not in {"text", *RENDERERS}:
        hint = did_you_mean(form, ("text", *RENDERERS))
        raise QueryError(f"there is no output form '{form}': choose one of text, {', '.join(RENDERERS)}.{hint}")
    if form != "text":
        renderer(form)


def _show(result: "Result[Any]", form: str, base: str, lang: str) -> None:
    from kg.analysis.results.tables import table
    from kg.query import render

    if form == "text":
        from kg.analysis.results.text import as_text

        click.echo(as_text(result, lang=lang, width=max(60, min(shutil.get_terminal_size().columns, 120))))
        return
    tell_notes(result.notes)
    render(table(result, words=form == "table", base=base, lang=lang), form, sys.stdout)


def _edges(path: str, asked: _Asked) -> "Sequence[Claim]":
    """Read a list of edges; name its rows that do not hold, or count them."""
    from kg.importers.edges.reading import read_edges

    if asked.recorded is not None:
        raise QueryError("no store has recorded a list of edges: leave --recorded out, or ask as of --known")
    piped = path == "-"
    source = io.TextIOWrapper(io.BytesIO(sys.stdin.buffer.read()), "utf-8", newline="") if piped else path
    name, percent = "stdin" if piped else None, asked.unit == "percent"
    read = read_edges(source, name=name, unit="percent" if percent else "fraction")
    said = f"{read.bad_rows} of {read.count} rows of {read.document.id} do not hold"
    if read.rejected and not asked.skip_bad:
        for rejected in read.rejected[:_SHOWN]:
            click.echo(f"kg: {rejected}", err=True)
        if len(read.rejected) > _SHOWN:
            click.echo(f"kg: … and {len(read.rejected) - _SHOWN} more", err=True)
        raise EdgeListError(f"{said}, and nothing was analysed: mend them, or add --skip-bad", read.rejected)
    undated = sum(claim.known_from is None for claim in read.claims)
    skipped = [f"{said}, and were left out"] if read.rejected else []
    late = [f"{undated} rows say not from when they were known, and take no part"] if asked.known and undated else []
    tell_notes((*skipped, *read.notes(), *late))
    return read.claims


for _analysis in ANALYSES.values():
    analyse.add_command(_command(_analysis))


@click.command()
@click.argument("company", required=False)
@click.option("--from", "since", metavar="DATE", required=True, help="The earlier date: 2025, 2025-03, 2025-03-11.")
@click.option("--to", "until", metavar="DATE", required=True, help="The later date.")
@click.option("--clock", default="known", show_default=True, help="known, valid or recorded.")
@_FORMAT
@_LANG
@selection_option
@store_option
def diff(
    company: str | None,
    since: str,
    until: str,
    clock: str,
    form: str,
    lang: str,
    store_path: str,
    selection: "Selection",
) -> None:
    """Show what changed between two dates: what came, changed, ended or was withdrawn, and which sentence says so.

    For example: kg diff --from 2025-01 --to 2025-03 OpenAI.
    """
    _check(form)
    with opened_graph(store_path, selection) as graph:
        _show(graph.diff(since, until, clock, company), form, graph.store.base, lang)
