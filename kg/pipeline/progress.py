"""A build going on, as a bar on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from kg.pipeline.report import BuildReport

__all__ = ["bar"]


@contextmanager
def bar(stream: TextIO) -> Iterator[Callable[[BuildReport], None]]:
    """Draw a bar on a terminal while the block runs; what is yielded takes the report as it grows.

    It shows documents done out of all, claims, documents a second and the time left, and goes when the
    block ends.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[claims]} claims"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task("reading", total=None, claims=0, rate="")

        def watch(report: BuildReport) -> None:
            speed = progress.tasks[0].speed
            rate = f"{speed:.1f} documents/s" if speed else ""
            progress.update(task, total=report.found, completed=report.done, claims=report.claims, rate=rate)

        yield watch
