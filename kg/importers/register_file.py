"""What readers of one kind of a register's files have in common; what such a file becomes is each one's own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.importers.record_chunks import LeftOut
from kg.validation import check_date

__all__ = ["RegisterFile"]


@dataclass(slots=True)
class RegisterFile:
    """A file of a register: see `kg.importers.contract.Register`, whose `prefix` and `chunks` are for subclasses.

    `name` is what the source is called, by default as its register; `retrieved` is the day on which the file was
    fetched, a partial date; `is_delta` says that it has only what changed. `_left_out` counts what kg has no term for.
    """

    path: Path
    name: str | None = None
    retrieved: str | None = None
    is_delta: bool = False
    _left_out: LeftOut = field(default_factory=LeftOut, init=False)

    def __post_init__(self) -> None:
        """Check the date."""
        check_date("--retrieved", self.retrieved)

    def notes(self) -> Iterator[str]:
        """Yield what of a file that was read kg has no term for, and how often."""
        return self._left_out.notes()
