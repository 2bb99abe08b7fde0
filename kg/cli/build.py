"""Commands that change or check a store: build, forget, check."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, BinaryIO

import click

from kg.cli.common import LANGUAGES, opened, output_file, store_option, today_option, weights_option
from kg.cli.identify import resolve_option, resolved_in_words
from kg.cli.model_options import ModelOptions, model_options
from kg.model import Tier
from kg.settings import PRECISION

if TYPE_CHECKING:
    from kg.documents import ColumnQuestion, SkippedSource, Source
    from kg.extract import Refusal, TableSummary
    from kg.judgements import Share
    from kg.pipeline import BuildReport
    from kg.pipeline.progress import ProgressBar
    from kg.store import Store

__all__ = ["build", "check", "forget", "print_failures"]

_SHOWN_TABLES = 3
"""Tables of one document that are told of: a filing has hundreds that name nobody."""
_JOBS = (
    "Documents to read at once, each in a process of its own; 0 reads in kg's own, unprotected. "
    "By default as many as there are cores, if there are documents enough to make up for the start."
)
_PRECISION = (
    "The share of admitted claims that are to be right; what is less sure is to review. Documents that the graph "
    "has at another precision are sorted anew, without reading."
)
_OCR = "Recognise pictures, and pages of PDF that are pictures, by the program tesseract."
_LIMIT = "Time that one document may take; by default a minute, and one second more for each 4000 characters."


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--lang", type=LANGUAGES, help="The texts' language, where it should not be found.")
@click.option("--date", "published", metavar="DATE", help="Their publication date: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("--tier", type=click.Choice([tier.value for tier in Tier]), help="What kind of source they are.")
@click.option("--ocr", is_flag=True, help=_OCR)
@click.option("-j", "--jobs", type=click.IntRange(0), metavar="N", envvar="KG_JOBS", show_envvar=True, help=_JOBS)
@click.option("--time-limit", "limit", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help=_LIMIT)
@click.option("--precision", type=click.FloatRange(0, 1), default=PRECISION, show_default=True, help=_PRECISION)
@click.option("--refused", metavar="FILE", help="Write what the gate refuses to FILE, a JSON line each.")
@model_options
@weights_option
@resolve_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
@store_option
def build(
    paths: tuple[str, ...],
    lang: str | None,
    published: str | None,
    tier: str | None,
    ocr: bool,
    jobs: int | None,
    limit: float | None,
    precision: float,
    refused: str | None,
    model: ModelOptions,
    resolves: bool,
    quiet: bool,
    store_path: str,
) -> None:
    """Read files, folders or standard input (-) into the graph.

    Plain text, Markdown, HTML, PDF, office files, sheets and mail, in French and English, and files that hold many:
    archives, mailboxes, feeds, web archives, lists and sheets of articles. Nothing is fetched. A document that is in
    the graph already is left alone; one whose text has changed is read again. One that fails is reported, the rest is
    built. Claims that are admitted enter the graph; the others are kept beside it: kg claims lists them.
    """
    from kg.pipeline import BuildOptions, SourceOptions
    from kg.pipeline import build as run_build
    from kg.query.judged import judged_share

    _check_options(published, ocr=ocr)
    with ExitStack() as stack:
        refusals = None if refused is None else _as_json_lines(stack.enter_context(output_file(refused)))
        store = stack.enter_context(opened(store_path, write=True))
        readers = stack.enter_context(model.readers(store_path))
        watch = stack.enter_context(_watching(model, quiet=quiet))
        how = BuildOptions(jobs, model.limit(limit), watch, refusals, readers, precision, _asking(watch))
        report = run_build(store, paths, SourceOptions(lang, published, sys.stdin.buffer, tier, ocr), how)
        identities = resolved_in_words(store) if resolves else None
        share = None if quiet else judged_share(store)
    print_failures(report)
    if share is not None:
        _print_summary(report, store_path, model, share)
    if identities is not None and not quiet:
        click.echo(identities)
    if report.skipped or report.failed or report.partially_read or report.left:
        sys.exit(1)


def _check_options(published: str | None, *, ocr: bool) -> None:
    from kg.dates import is_partial_date

    if ocr:
        from kg.documents.pdf.recognition import check_installed

        check_installed()
    if published is not None and not is_partial_date(published):
        raise click.BadParameter(f"{published!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD", param_hint="--date")


def _print_summary(report: "BuildReport", store_path: str, model: ModelOptions, share: "Share") -> None:
    """Print what was done, and how many of the claims that were judged at random are right, where any was."""
    from kg.query.judged import judged_in_words

    click.echo(_summary(report, store_path, model))
    if share.judged:
        click.echo(judged_in_words(share))


def print_failures(report: "BuildReport") -> None:
    """Print what a build could not read, a line each."""
    for one in (*report.skipped, *report.failed):
        click.echo(f"kg: not read: {_reason(one.source, one.reason)}", err=True)
    in_part, left = ("read in part", report.partially_read), ("left for the next build", report.left)
    for what, sources in (in_part, left, ("note", report.notes)):
        for reason, those in _by_reason(sources):
            more = f" and {len(those) - 1} more" if len(those) > 1 else ""
            click.echo(f"kg: {what}: {_reason(f'{those[0]}{more}', reason)}", err=True)
    for line in _unread_tables(report):
        click.echo(f"kg: {line}", err=True)


def _unread_tables(report: "BuildReport") -> Iterator[str]:
    """Yield a line for each document with tables that were not read: how many, and the first ones."""
    by_document: dict[str, list[TableSummary]] = {}
    for document, table in report.unread_tables:
        by_document.setdefault(document, []).append(table)
    for document, tables in by_document.items():
        first = "; ".join(f"“{table.label}”: {table.reason}" for table in tables[:_SHOWN_TABLES])
        more = f"; and {len(tables) - _SHOWN_TABLES} more" if len(tables) > _SHOWN_TABLES else ""
        yield f"tables not read: {len(tables)} in {document}: {first}{more}"


def _by_reason(sources: "Sequence[SkippedSource]") -> list[tuple[str, list[str]]]:
    """Sources by what happened to them: a budget that is spent, or a server that is down, is one line for all."""
    found: dict[str, list[str]] = {}
    for one in sources:
        found.setdefault(one.reason, []).append(one.source)
    return list(found.items())


@contextmanager
def _watching(model: ModelOptions, *, quiet: bool) -> Iterator["ProgressBar | None"]:
    """A progress bar on standard error, where somebody looks at it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from kg.pipeline.progress import bar

    with bar(sys.stderr, model.cost) as watch:
        yield watch


def _asking(watch: "ProgressBar | None") -> "Callable[[Source, ColumnQuestion], dict[str, str]] | None":
    """A function that asks what a sheet's columns mean, where somebody can answer."""
    if not (sys.stderr.isatty() and sys.stdin.isatty()):
        return None
    from kg.cli.columns import ask_columns

    def ask(source: "Source", question: "ColumnQuestion") -> dict[str, str]:
        with watch.paused() if watch is not None else nullcontext():
            return ask_columns(source, question)

    return ask


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


def _summary(report: "BuildReport", store_path: str, model: ModelOptions) -> str:
    from kg.store import without_secrets

    parts = [f"read {report.read} documents"]
    parts += [f"{report.sorted_anew} documents sorted anew"] if report.sorted_anew else []
    parts += [f"{report.claims} claims admitted", f"{report.to_review} to review", f"{report.refused} refused"]
    optional = {
        "unchanged": report.unchanged,
        "claims withdrawn": report.retracted,
        "lines left out as furniture or headings": report.dropped,
        "tables read": report.tables,
        "tables not read": len(report.unread_tables),
        "rows and customers that are not named (“Customer A”)": report.unnamed,
        "proposals that point at nothing in the text": report.ungrounded,
        "sources not read": len(report.skipped) + len(report.failed),
        "parts of files passed over that are no documents": report.passed_over,
        f"of {report.addresses} listed addresses without a page in these files": report.not_at_hand,
        "left for the next build": len(report.left),
    }
    parts += [f"{count} {what}" for what, count in optional.items() if count]
    parts += [model.spent(report)] if report.requests else []
    return f"{', '.join(parts)}. The graph is in {without_secrets(store_path)}"


@click.command()
@click.argument("document")
@store_option
def forget(document: str, store_path: str) -> None:
    """Withdraw a document: its claims, and the edges that only it supported.

    The name of a file that held many documents withdraws all of them, that of a mail also what is attached to it.
    """
    with opened(store_path, write=True) as store:
        members = _members(store, document)
        names = [document, *members] if store.holds(document) or not members else members
        done = [store.forget(name) for name in names]
    name = f"{len(names)} documents of {document}" if members else document
    claims, edges = sum(each.retracted for each in done), sum(each.edges_removed for each in done)
    click.echo(f"forgot {name}: {claims} claims withdrawn, {edges} edges removed")


def _members(store: "Store", file: str) -> list[str]:
    """The documents that stood in a file of many."""
    return [document.id for document in store.documents() if document.id.startswith(f"{file}#")]


@click.command()
@today_option
@store_option
def check(store_path: str) -> None:
    """Check the store: the ontology's rules, the evidence, the journal's checksums."""
    from kg.store import check as run_check

    with opened(store_path) as store:
        report = run_check(store)
    for violation in report.violations:
        click.echo(f"{violation.rule}: {violation.focus}: {violation.message}", err=True)
    counts = ", ".join(f"{count} {what}" for what, count in report.counts.items())
    click.echo(f"{len(report.violations)} violations; checked {counts}")
    if report.violations:
        sys.exit(1)
