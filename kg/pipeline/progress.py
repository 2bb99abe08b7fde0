"""A build going on, as a bar on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from kg.pipeline.report import BuildReport

__all__ = ["bar"]


@contextmanager
def bar(
    stream: TextIO, cost: Callable[[BuildReport], float | None] = lambda _: None
) -> Iterator[Callable[[BuildReport], None]]:
    """Draw a bar on a terminal while the block runs; what is yielded takes the report as it grows.

    It shows documents done out of all, claims, documents a second and the time left; where a language model reads, its
    tokens a second and what it has cost. It goes when the block ends.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[claims]} claims"),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[model]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task("reading", total=None, claims=0, rate="", model="")

        def watch(report: BuildReport) -> None:
            speed = progress.tasks[0].speed
            rate = f"{speed:.1f} documents/s" if speed else ""
            model = _spent(report, progress.tasks[0].elapsed or 0.0, cost(report))
            progress.update(
                task, total=report.found, completed=report.done, claims=report.claims, rate=rate, model=model
            )

        yield watch


def _spent(report: BuildReport, seconds: float, cost: float | None) -> str:
    """What a language model does, and has cost; nothing where none reads."""
    tokens = report.tokens_in + report.tokens_out
    rate = f"{tokens / seconds:.0f} tokens/s" if tokens and seconds else ""
    return rate if cost is None or not rate else f"{rate}, {cost:.4f} paid"
