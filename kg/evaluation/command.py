"""The command ``kg evaluate``: it parses, calls and prints."""

import sys
from pathlib import Path

import click

__all__ = ["evaluate"]

_PATH = click.Path(path_type=Path)
_FORMATS = click.Choice(["table", "json", "markdown"])


class _Number(click.ParamType[int | None]):
    """A number of errors, or "all": None."""

    name = "N|all"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if value == "all":
            return None
        if isinstance(value, int):
            return value
        if not str(value).isdecimal():
            self.fail(f"{value!r} is no number of errors: write one such as 20, or all", param, ctx)
        return int(str(value))


@click.command()
@click.option("--gold", "folders", type=_PATH, multiple=True, help="A folder of gold annotations (*.gold.json).")
@click.option("--texts", type=_PATH, help="Where their texts lie; the folder above the gold by default.")
@click.option("--store", help="Score what this store holds, and build nothing.")
@click.option("--claims", type=_PATH, help="Score this export (JSON lines, kg-claims/1), and build nothing.")
@click.option("--corpus", type=_PATH, multiple=True, help="Score the reader on this file of marked sentences.")
@click.option(
    "--judgements",
    is_flag=True,
    help="What people say of claims of --store, drawn at random, and of documents read to the end.",
)
@click.option("--split", is_flag=True, help="Report the read and the unread half of the gold side by side.")
@click.option("--errors", type=_Number(), default=0, show_default=True, help="How many errors to list.")
@click.option("--format", "form", type=_FORMATS, default="table", show_default=True, help="The form.")
def evaluate(
    folders: tuple[Path, ...],
    texts: Path | None,
    store: str | None,
    claims: Path | None,
    corpus: tuple[Path, ...],
    judgements: bool,
    split: bool,
    errors: int | None,
    form: str,
) -> None:
    """Score the reader: against gold annotations (kg-gold/1), on marked sentences, or by what people say.

    The gold's texts are read into a graph in memory, unless --store or --claims says what to score.
    docs/quality.md tells what each figure means.
    """
    from kg.evaluation.report_writer import write
    from kg.evaluation.runner import evaluate_corpus, evaluate_gold

    if judgements:
        if folders or corpus or store is None or texts or claims or split or errors:
            raise click.UsageError("--judgements goes with --store, and with nothing else to score")
        _write_judged(store, form)
        return
    if bool(folders) == bool(corpus):
        raise click.UsageError("give --gold FOLDER, or --corpus FILE: one of them")
    if corpus and (texts or store or claims or split):
        raise click.UsageError("--texts, --store, --claims and --split go with --gold")
    if store and claims:
        raise click.UsageError("give --store or --claims, not both")
    if corpus:
        write(evaluate_corpus(corpus), form, errors, sys.stdout)
        return
    done = evaluate_gold(folders, texts=texts, store=store, claims=claims, split=split)
    for reason in done.not_read:
        click.echo(f"kg: not read: {reason}", err=True)
    write(done, form, errors, sys.stdout)
    if done.not_read:
        sys.exit(1)


def _write_judged(store: str, form: str) -> None:
    from kg.evaluation.judged import judged_table
    from kg.query.closings import closed_documents
    from kg.query.review import judgements_of
    from kg.store import open_store
    from kg.tables.rendering import renderer

    write = renderer(form)
    with open_store(store) as opened:
        words = map(opened.identities.judgement, judgements_of(opened))
        table = judged_table(words, closed_documents(opened))
    write(table, sys.stdout)
