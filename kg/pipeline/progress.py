"""A build going on, as a bar on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from kg.pipeline.report import BuildReport

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["ProgressBar", "bar"]


@contextmanager
def bar(stream: TextIO, cost: Callable[[BuildReport], float | None] = lambda _: None) -> Iterator["ProgressBar"]:
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
        progress.add_task("reading", total=None, claims=0, rate="", model="")
        yield ProgressBar(progress, cost)


@dataclass(frozen=True, slots=True)
class ProgressBar:
    """A bar on a terminal; it is called with a report."""

    progress: "Progress"
    cost: Callable[[BuildReport], float | None]

    def __call__(self, report: BuildReport) -> None:
        """Show how far a build is."""
        [task] = self.progress.tasks
        rate = f"{task.speed:.1f} documents/s" if task.speed else ""
        model = _spent(report, task.elapsed or 0.0, self.cost(report))
        self.progress.update(
            task.id, total=report.found, completed=report.done, claims=report.claims, rate=rate, model=model
        )

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to a question."""
        self.progress.stop()
        try:
            yield
        finally:
            self.progress.start()


def _spent(report: BuildReport, seconds: float, cost: float | None) -> str:
    """What a language model does, and has cost; nothing where none reads."""
    tokens = report.tokens_in + report.tokens_out
    rate = f"{tokens / seconds:.0f} tokens/s" if tokens and seconds else ""
    return rate if cost is None or not rate else f"{rate}, {cost:.4f} paid"
