"""Commands that change or check a store: build, forget, check."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, BinaryIO

import click

from kg.cli.common import LANGUAGES, opened, output_file, store_option, today_option
from kg.settings import setting

if TYPE_CHECKING:
    from kg.extract import Reader, Refusal
    from kg.pipeline import BuildReport

__all__ = ["build", "check", "forget"]

_JOBS = (
    "Documents to read at once, each in a process of its own; 0 reads in kg's own, unprotected. "
    "By default as many as there are cores, if there are documents enough to make up for the start."
)
_PRECISION = (
    "The share of admitted claims that are to be right; what is less sure is to review. Documents that the graph "
    "has at another precision are sorted anew, without reading."
)
_LIMIT = "Time that one document may take; by default a minute, and one second more for each 4000 characters."


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--lang", type=LANGUAGES, help="The texts' language, where it should not be found.")
@click.option("--date", "published", metavar="DATE", help="Their publication date: YYYY, YYYY-MM or YYYY-MM-DD.")
@click.option("-j", "--jobs", type=click.IntRange(0), metavar="N", envvar="KG_JOBS", show_envvar=True, help=_JOBS)
@click.option("--time-limit", "limit", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help=_LIMIT)
@click.option("--precision", type=click.FloatRange(0, 1), default=0.95, show_default=True, help=_PRECISION)
@click.option("--refused", metavar="FILE", help="Write what the gate refuses to FILE, a JSON line each.")
@click.option("--llm", metavar="MODEL", help="Have a language model read too; its key is in KG_LLM_KEY.")
@click.option("--llm-url", metavar="URL", help="Its OpenAI-compatible endpoint; OpenAI's own by default.")
@click.option("--llm-price", metavar="IN,OUT", help="What a million tokens cost, sent and received, to print the sum.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
@store_option
def build(
    paths: tuple[str, ...],
    lang: str | None,
    published: str | None,
    jobs: int | None,
    limit: float | None,
    precision: float,
    refused: str | None,
    llm: str | None,
    llm_url: str | None,
    llm_price: str | None,
    quiet: bool,
    store_path: str,
) -> None:
    """Read files, folders or standard input (-) into the graph.

    Plain text, Markdown and HTML, in French and English. A document that is in the graph already is
    left alone; one whose text has changed is read again. One that fails is reported, the rest is built. Claims that
    are admitted enter the graph; the others are kept beside it: kg claims lists them.
    """
    from kg.dates import is_partial_date
    from kg.pipeline import BuildOptions, SourceOptions
    from kg.pipeline import build as run_build

    if published is not None and not is_partial_date(published):
        raise click.BadParameter(f"{published!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD", param_hint="--date")
    price = _price(llm_price)
    with ExitStack() as stack:
        refusals = None if refused is None else _as_json_lines(stack.enter_context(output_file(refused)))
        store = stack.enter_context(opened(store_path, write=True))
        readers = None if llm is None else _readers(llm, llm_url, store_path)
        how = BuildOptions(jobs, limit, stack.enter_context(_watching(quiet=quiet)), refusals, readers, precision)
        report = run_build(store, paths, SourceOptions(lang, published, sys.stdin.buffer), how)
    _print_failures(report)
    if not quiet:
        click.echo(_summary(report, store_path, price))
    if report.skipped or report.failed or report.partially_read:
        sys.exit(1)


def _print_failures(report: "BuildReport") -> None:
    for one in (*report.skipped, *report.failed):
        click.echo(f"kg: not read: {_reason(one.source, one.reason)}", err=True)
    for one in report.partially_read:
        click.echo(f"kg: read by rules alone: {_reason(one.source, one.reason)}", err=True)


def _readers(model: str, url: str | None, store_path: str) -> "tuple[Reader, ...]":
    """The usual readers and a language model, its answers kept in KG_CACHE, or beside the store if it is a folder."""
    from kg.extract import READERS
    from kg.extract.llm import LanguageModel
    from kg.store import is_endpoint

    cache = setting("KG_CACHE") or (None if is_endpoint(store_path) else f"{store_path.rstrip('/')}.llm")
    return (*READERS, LanguageModel(model, url, cache))


def _price(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        sent, received = (float(part) for part in text.split(","))
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is no price: write IN,OUT, as in 0.15,0.60", param_hint="--llm-price"
        ) from error
    return sent, received


@contextmanager
def _watching(*, quiet: bool) -> Iterator["Callable[[BuildReport], None] | None"]:
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


def _summary(report: "BuildReport", store_path: str, price: tuple[float, float] | None) -> str:
    from kg.store import without_secrets

    parts = [f"read {report.read} documents"]
    parts += [f"{report.sorted_anew} documents sorted anew"] if report.sorted_anew else []
    parts += [f"{report.claims} claims admitted", f"{report.to_review} to review", f"{report.refused} refused"]
    optional = {
        "unchanged": report.unchanged,
        "claims withdrawn": report.retracted,
        "lines left out as furniture or headings": report.dropped,
        "proposals that point at nothing in the text": report.ungrounded,
        "sources not read": len(report.skipped) + len(report.failed),
    }
    parts += [f"{count} {what}" for what, count in optional.items() if count]
    if report.requests:
        cost = (
            "" if price is None else f", {(report.tokens_in * price[0] + report.tokens_out * price[1]) / 1e6:.4f} paid"
        )
        parts.append(f"{report.requests} requests ({report.tokens_in} tokens sent, {report.tokens_out} received{cost})")
    return f"{', '.join(parts)}. The graph is in {without_secrets(store_path)}"


@click.command()
@click.argument("document")
@store_option
def forget(document: str, store_path: str) -> None:
    """Withdraw a document: its claims, and the edges that only it supported."""
    with opened(store_path, write=True) as store:
        done = store.forget(document)
    click.echo(f"forgot {document}: {done.retracted} claims withdrawn, {done.edges_removed} edges removed")


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
