"""The command that fits the reader's weights to a user's own documents, marked by hand or by a language model."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.common import opened, weights_option
from kg.cli.model_options import ModelOptions, model_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.evaluation.passages import Passage
    from kg.training.measures import Measures
    from kg.training.teacher import Taught
    from kg.training.trainer import Trained

__all__ = ["train"]

_TEACHER = "Who marks texts that have no marks: llm, the model of --llm, asked again about all that it says."


@click.command()
@click.argument("marked", nargs=-1)
@click.option("--store", help="Learn what people say of the claims of this store, too: a folder or an endpoint.")
@click.option("--out", metavar="DIR", required=True, help="The folder to write the weights into.")
@click.option("--teacher", type=click.Choice(["llm"]), help=_TEACHER)
@model_options
@weights_option
def train(marked: tuple[str, ...], store: str | None, out: str, teacher: str | None, model: ModelOptions) -> None:
    """Fit the reader to documents of your own kind.

    MARKED are folders of marked texts (kg-gold/1) or JSON lines of marked passages; with --teacher llm they are
    unmarked texts, as kg build reads them. Three in five refit the last layer of the paragraph's model, one in five the
    confidence, one in five measure what came of it; weights that do worse than the old ones are not written.

    With --store, what people have confirmed, put right, added and called wrong is learned as well, and the documents
    that they have read to the end whole (kg judge, kg close): kg train --store kg-store --out weights.

    For example: kg train marked/ --out weights; kg build news/ --weights weights.
    """
    from kg.training.trainer import check_folder
    from kg.training.trainer import train as run_train

    if not marked and store is None:
        raise click.UsageError("give marked documents, --store, or both: what is to be learned from?")
    if teacher is not None and store is not None:
        raise click.UsageError("--teacher marks texts that have no marks: train on those of --store by itself")
    check_folder(Path(out))
    passages, made_of = _marks(marked, out, teacher, model) if marked else ((), {})
    if store is not None:
        passages, made_of = _with_corrections(passages, made_of, store)
    trained = run_train(passages, Path(out), made_of)
    for line in _lines(trained):
        click.echo(line)
    if trained.worse:
        click.echo(f"kept the old weights: {trained.worse}; nothing was written")
    else:
        click.echo(f"wrote {out}: read with it by kg build --weights {out}, or KG_WEIGHTS={out}")


def _with_corrections(
    passages: "Sequence[Passage]", made_of: dict[str, Any], store_path: str
) -> tuple["Sequence[Passage]", dict[str, Any]]:
    """Add what people say of the claims of a store; a document that is marked as well is refused."""
    from kg.errors import AnnotationError
    from kg.training.corrections import read_corrections

    with opened(store_path) as store:
        told = read_corrections(store)
    twice = sorted({passage.id for passage in passages} & {passage.id for passage in told.passages})
    if twice:
        raise AnnotationError(f"'{twice[0]}' is marked, and judged in {store_path}: leave its marks out")
    click.echo(
        f"{len(told.passages)} documents of {store_path}: {told.closed} read to the end, "
        f"{told.right} ties right, {told.wrong} wrong"
    )
    return (*passages, *told.passages), {**made_of, "store": dict(told.record)}


def _marks(
    marked: tuple[str, ...], out: str, teacher: str | None, model: ModelOptions
) -> tuple["Sequence[Passage]", dict[str, Any]]:
    """Read the marks, or have them made; and what is to be told of them."""
    if teacher is None:
        if model.model is not None:
            raise click.BadParameter("marked documents need no model: give --teacher llm too", param_hint="--llm")
        from kg.training.marks import hashes, read_marks

        paths = [Path(name) for name in marked]
        return read_marks(paths), {"inputs": hashes(paths)}
    if model.model is None:
        raise click.BadParameter("llm needs a model: give --llm MODEL", param_hint="--teacher")
    from kg.training.teacher import taught

    with replace(model, reader="llm", verify="all").readers(out) as readers:
        told = taught(marked, readers or ())
    for line in _dropped(told):
        click.echo(f"kg: {line}", err=True)
    click.echo(f"the model marked {told.ties} ties in {len(told.passages)} documents; {len(told.dropped)} were dropped")
    return told.passages, {"inputs": told.hashes, "teacher": model.model, "dropped": len(told.dropped)}


def _dropped(told: "Taught") -> "Iterator[str]":
    """A line for each reason why texts were dropped: a server that is down is one for all."""
    first = {one.reason: one.source for one in reversed(told.dropped)}
    for reason, count in Counter(one.reason for one in told.dropped).items():
        more = f" and {count - 1} more" if count > 1 else ""
        yield f"dropped: {'' if reason.startswith(first[reason]) else f'{first[reason]}{more}: '}{reason}"


def _lines(trained: "Trained") -> "Iterator[str]":
    """What was fitted to what, and a table of the measures before and after."""
    count = trained.documents
    thresholds = "with their thresholds" if trained.has_thresholds else "thresholds as before"
    yield f"{count['train']} documents refit the weights"
    yield f"{count['calibrate']} calibrate ({trained.calibrating} proposals, {thresholds})"
    yield f"{count['frozen']} measure:"
    yield f"{'':<28}{'before':>8}{'after':>8}"
    rows = {
        "claims admitted": "admitted",
        "precision": "precision",
        "recall of core ties": "recall",
        "F1": "f1",
        "expected calibration error": "calibration_error",
    }
    for words, name in rows.items():
        yield f"{words:<28}{_cell(trained.before, name):>8}{_cell(trained.after, name):>8}"


def _cell(measures: "Measures", name: str) -> str:
    value = getattr(measures, name)
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
