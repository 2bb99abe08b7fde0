"""The command ``kg``: each command parses, calls and prints; all else is below.

A `KgError` ends in one line on standard error and exit code 1, wrong usage in 2.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

import click

from kg import __version__
from kg.errors import KgError, StoreFull
from kg.evaluation.command import evaluate

if TYPE_CHECKING:
    from kg.extract import Refusal
    from kg.pipeline import Build
    from kg.store import Store

__all__ = [
    "between",
    "build",
    "check",
    "cli",
    "evaluate",
    "export",
    "forget",
    "main",
    "query",
    "relations",
    "show",
    "view",
]

_F = TypeVar("_F", bound=Callable[..., Any])
_LANGUAGES = click.Choice(["en", "fr"])
_JOBS = (
    "Documents to read at once, each in a process of its own; 0 reads in kg's own, unprotected. "
    "By default as many as there are cores, if there are documents enough to make up for the start."
)
_LIMIT = "Time that one document may take; by default a minute, and one second more for each 4000 characters."


def _store_option(command: _F) -> _F:
    return click.option(
        "--store",
        "store_path",
        metavar="PATH",
        envvar="KG_STORE",
        default="kg-store",
        show_default=True,
        show_envvar=True,
        help="The folder that keeps the graph.",
    )(command)


@contextmanager
def _opened(path: str, *, write: bool = False) -> Iterator["Store"]:
    from kg.store import open_store

    with open_store(path, write=write) as store:
        for note in store.notes:
            click.echo(f"kg: note: {note}", err=True)
        yield store


@contextmanager
def _output(path: str) -> Iterator[BinaryIO]:
    """The file to write to, put in place when it is whole; "-" is standard output."""
    if path == "-":
        yield cast("BinaryIO", sys.stdout.buffer)
        return
    part = Path(f"{path}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise StoreFull(f"{path} cannot be written: {error.strerror}; free space or choose another place") from error
    finally:
        part.unlink(missing_ok=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def cli() -> None:
    """Who is tied to whom, on what terms, since when, and which sentence says so.

    kg reads news in French and English into a graph of company relations. Each command takes
    --store PATH, or the variable KG_STORE; -h after a command explains it.
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--lang", type=_LANGUAGES, help="The texts' language, where it should not be found.")
@click.option("--date", "published", metavar="DATE", help="Their publication date: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("-j", "--jobs", type=click.IntRange(0), metavar="N", envvar="KG_JOBS", show_envvar=True, help=_JOBS)
@click.option("--time-limit", "limit", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help=_LIMIT)
@click.option("--refused", metavar="FILE", help="Write what the grounding gate refuses to FILE, a JSON line each.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
@_store_option
def build(
    paths: tuple[str, ...],
    lang: str | None,
    published: str | None,
    jobs: int | None,
    limit: float | None,
    refused: str | None,
    quiet: bool,
    store_path: str,
) -> None:
    """Read files, folders or standard input (-) into the graph.

    Plain text, Markdown and HTML, in French and English. A document that is in the graph already is
    left alone; one whose text has changed is read again. One that fails is reported, the rest is built.
    """
    from kg.model import is_partial_date
    from kg.pipeline import Given, How
    from kg.pipeline import build as run_build

    if published is not None and not is_partial_date(published):
        raise click.BadParameter(f"{published!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD", param_hint="--date")
    with ExitStack() as stack:
        refusals = None if refused is None else _as_json_lines(stack.enter_context(_output(refused)))
        store = stack.enter_context(_opened(store_path, write=True))
        how = How(jobs, limit, stack.enter_context(_watching(quiet=quiet)), refusals)
        report = run_build(store, paths, Given(lang, published, sys.stdin.buffer), how)
    for one in (*report.rejected, *report.failed):
        click.echo(f"kg: not read: {_reason(one.source, one.reason)}", err=True)
    if not quiet:
        click.echo(_summary(report, store_path))
    if report.rejected or report.failed:
        sys.exit(1)


@contextmanager
def _watching(*, quiet: bool) -> Iterator["Callable[[Build], None] | None"]:
    """A progress bar on standard error, where somebody looks at it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from kg.pipeline.progress import bar

    with bar(sys.stderr) as watch:
        yield watch


def _as_json_lines(out: BinaryIO) -> "Callable[[str, Sequence[Refusal]], None]":
    """A function that writes a document's refusals, a JSON object a line."""
    import json
    from dataclasses import asdict

    def write(document: str, refusals: "Sequence[Refusal]") -> None:
        for refusal in refusals:
            line = json.dumps({"document": document, **asdict(refusal)}, ensure_ascii=False)
            out.write(line.encode("utf-8", "replace") + b"\n")

    return write


def _reason(source: str, reason: str) -> str:
    return reason if reason.startswith(source) else f"{source}: {reason}"


def _summary(report: "Build", store_path: str) -> str:
    parts = [f"read {report.read} documents", f"{report.claims} claims"]
    optional = {
        "unchanged": report.unchanged,
        "claims withdrawn": report.retracted,
        "lines left out as furniture or headings": report.dropped,
        "proposals refused": report.refused,
        "sources not read": len(report.rejected) + len(report.failed),
    }
    parts += [f"{count} {what}" for what, count in optional.items() if count]
    return f"{', '.join(parts)}. The graph is in {store_path}"


@cli.command()
@click.argument("document")
@_store_option
def forget(document: str, store_path: str) -> None:
    """Withdraw a document: its claims, and the edges that only it supported."""
    with _opened(store_path, write=True) as store:
        done = store.forget(document)
    click.echo(f"forgot {document}: {done.retracted} claims withdrawn, {done.edges_removed} edges removed")


@cli.command()
@click.argument("company", required=False)
@click.option("--relation", help="Only this relation, such as holds-stake.")
@click.option("--modality", help="Only this modality, such as planned.")
@click.option("--format", "form", default="table", show_default=True, help="table, csv, json or jsonl.")
@click.option("--lang", type=_LANGUAGES, default="en", help="The language of relations and terms.")
@_store_option
def relations(
    company: str | None, relation: str | None, modality: str | None, form: str, lang: str, store_path: str
) -> None:
    """List the relations, of all companies or of one."""
    from kg.query import relations_table, render

    with _opened(store_path) as store:
        table = relations_table(store, company=company, relation=relation, modality=modality, lang=lang)
        render(table, form, sys.stdout)


@cli.command()
@click.argument("query", required=False)
@click.argument("arguments", nargs=-1)
@click.option("--format", "form", default="table", show_default=True, help="table, csv, json or jsonl.")
@click.option("--list", "listing", is_flag=True, help="List the library's queries and their parameters.")
@_store_option
def query(query: str | None, arguments: tuple[str, ...], form: str, listing: bool, store_path: str) -> None:
    """Ask in SPARQL: a query's text, a file (.rq), or the name of a library query with its values.

    For example: kg query suppliers CoreWeave.

    With names: kg query changes from=2025-01 to=2025-03.

    In SPARQL: kg query 'SELECT ?who ?what { ?who kg:competesWith ?what }'.
    """
    from kg.query import answer, catalogue

    if listing or query is None:
        click.echo(catalogue())
        return
    with _opened(store_path) as store:
        answer(store, query, arguments, form, sys.stdout)


@cli.command()
@click.argument("company")
@click.option("--lang", type=_LANGUAGES, default="en", help="The language of the dossier.")
@_store_option
def show(company: str, lang: str, store_path: str) -> None:
    """Print a company's dossier: each relation with its terms, dates, modality and sentence."""
    from kg.query import dossier, write_dossier

    with _opened(store_path) as store:
        write_dossier(dossier(store, company), sys.stdout, lang)


@cli.command()
@click.argument("company")
@click.argument("other")
@click.option("--lang", type=_LANGUAGES, default="en", help="The language of the dossier.")
@_store_option
def between(company: str, other: str, lang: str, store_path: str) -> None:
    """Print what ties two companies, with the sentences."""
    from kg.query import between as run_between
    from kg.query import write_dossier

    with _opened(store_path) as store:
        write_dossier(run_between(store, company, other), sys.stdout, lang)


@cli.command()
@click.option("-o", "--output", default="graph.html", show_default=True, help="The page to write; - prints it.")
@click.option("--company", help="Only what lies around this company.")
@click.option("--lang", type=_LANGUAGES, default="en", help="The language of the page.")
@click.option("--title", help="The page's heading.")
@_store_option
def view(output: str, company: str | None, lang: str, title: str | None, store_path: str) -> None:
    """Draw the graph as one HTML page that needs no network."""
    from kg.view import store_page

    with _opened(store_path) as store, _output(output) as out:
        out.write(store_page(store, company=company, title=title, lang=lang).encode())
    if output != "-":
        click.echo(f"wrote {output}")


@cli.command()
@click.option(
    "--format", "form", help="turtle, trig, nquads, jsonld, graphml, csv or jsonl; told from the file's name."
)
@click.option("-o", "--output", default="-", help="The file to write; standard output by default.")
@_store_option
def export(form: str | None, output: str, store_path: str) -> None:
    """Write the graph in another format: RDF, GraphML, CSV, or claims as JSON lines (kg-claims/1)."""
    from kg.export import export as run_export
    from kg.export import format_of

    chosen = form or format_of(output)
    with _opened(store_path) as store, _output(output) as out:
        for note in run_export(store, chosen, out):
            click.echo(f"kg: note: {note}", err=True)


@cli.command()
@_store_option
def check(store_path: str) -> None:
    """Check the store: the ontology's rules, the evidence, the journal's checksums."""
    from kg.store import check as run_check

    with _opened(store_path) as store:
        report = run_check(store)
    for violation in report.violations:
        click.echo(f"{violation.rule}: {violation.focus}: {violation.message}", err=True)
    counts = ", ".join(f"{count} {what}" for what, count in report.counts.items())
    click.echo(f"{len(report.violations)} violations; checked {counts}")
    if report.violations:
        sys.exit(1)


cli.add_command(evaluate)


def main() -> None:
    """Run the command line; turn what goes wrong into one line and an exit code."""
    sys.excepthook = _unforeseen
    try:
        cli.main(standalone_mode=False)
    except KgError as error:
        _fail(" ".join(str(error).split()), 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted; what was committed is kept", 130)
    except BrokenPipeError:
        # The reader of a pipe has had enough: no error, and nothing more to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a defect of ours in one line as well; KG_DEBUG shows where it happened."""
    if os.environ.get("KG_DEBUG"):
        sys.__excepthook__(kind, error, trace)
        return
    said = " ".join(f"{kind.__name__}: {error}".split())
    click.echo(f"kg: error: this is a defect of kg ({said}): set KG_DEBUG=1 to see where, and report it", err=True)


def _fail(line: str, code: int) -> None:
    click.echo(f"kg: error: {line}", err=True)
    sys.exit(code)
