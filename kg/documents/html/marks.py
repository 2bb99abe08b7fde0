"""Elements within a block that are to be found in its text again, such as the facts of inline XBRL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Mark", "Marks"]

Mark = tuple[int, int, int]
"""The number of an element, and the characters of the text that are it."""


@dataclass(slots=True)
class Marks:
    """The elements to find, by number, while a walk comes upon them.

    A place is counted in letters and digits, which stay the same however white space is laid out.
    """

    elements: Mapping[Any, int]
    _open: dict[int, int] = field(default_factory=dict)
    _ended: list[Mark] = field(default_factory=list)
    _cells: list[tuple[int, str]] = field(default_factory=list)

    def begin(self, element: Any, pieces: Sequence[str]) -> None:
        """Begin an element behind the pieces of a block's text."""
        if element in self.elements:
            self._open[self.elements[element]] = _count(pieces)

    def end(self, element: Any, pieces: Sequence[str]) -> None:
        """End an element; one that several blocks stand in has no place."""
        first = self._open.pop(self.elements[element], None) if element in self.elements else None
        if first is not None:
            self._ended.append((self.elements[element], first, _count(pieces)))

    def in_cell(self, path: str) -> None:
        """Say that what was gathered is text of the cell with this XPath."""
        self._cells += [(number, path) for number, _, _ in self._ended]
        self._forget()

    def in_parts(self, parts: Sequence[str]) -> list[tuple[Mark, ...]]:
        """Return what stands in each part of the text that was gathered."""
        placed, before = [], 0
        for part in parts:
            at = [index for index, character in enumerate(part) if character.isalnum()] if self._ended else []
            placed.append(
                tuple(
                    (number, at[first - before], at[last - 1 - before] + 1)
                    for number, first, last in self._ended
                    if before <= first < last <= before + len(at)
                )
            )
            before += len(at)
        self._forget()
        return placed

    def in_table(self, cells: Iterable[tuple[int, int, str]]) -> tuple[Mark, ...]:
        """Return the elements of a table's cells, each with the whole of its cell."""
        places = {path: (start, end) for start, end, path in reversed(tuple(cells))}
        marks = tuple((number, *places[path]) for number, path in self._cells if path in places)
        self._cells = []
        return marks

    def _forget(self) -> None:
        self._open.clear()
        self._ended = []


def _count(pieces: Sequence[str]) -> int:
    return sum(character.isalnum() for piece in pieces for character in piece)
