"""Windows with their labels, as they are written between marking and fitting: one JSON object a line."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kg.extract.paragraph.windows import Mark, Window

__all__ = ["FITTED", "FOUND", "MARKED", "WATCHED", "LabelledWindow", "Tie", "read_windows", "renamed", "write_windows"]

FITTED = ("train", "real", "core", "corpus")
"""The parts that are fitted on: passages, real texts, CORE's sentences, the corpus's."""
WATCHED = "calibrate"
"""The part that tells how good a fit is."""
FOUND, MARKED = "found", "marked"
"""Whose names a window has: those that the reader finds, or those that the marks give."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two names of a window, by their numbers.

    `tier` is "core" (must be found), "accept" (may be) or "mask" (told elsewhere in the document: neither right nor
    wrong here). `status` is its modality as gold has it, `also` others that are as right; None where nothing is judged.
    `quote` is the place of the words that say it; `terms` are figures, by the number of their mark, each with its role:
    None where figures were not marked.
    """

    subject: int
    relation: str
    object: int
    tier: str
    status: str | None = None
    also: tuple[str, ...] = ()
    quote: tuple[int, int] | None = None
    terms: tuple[tuple[int, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class LabelledWindow:
    """A window, what its spans read, and what is right of it: kinds of names (None: not judged) and ties.

    `same` holds pairs of names that are one party. `names_by` says whose names they are.
    """

    id: str
    lang: str
    part: str
    names_by: str
    spans: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]
    marks: tuple[tuple[int, int, str, int | None], ...]
    names: tuple[str, ...]
    kinds: tuple[str | None, ...]
    ties: tuple[Tie, ...]
    same: tuple[tuple[int, int], ...] = ()

    @property
    def window(self) -> Window:
        """The window as the reader has it, but for what its figures say."""
        return Window(self.spans, tuple(Mark(*mark) for mark in self.marks), self.names)

    @property
    def text(self) -> str:
        """The document as far as the window goes: what lies outside its spans is blank."""
        characters = [" "] * max(end for _, end in self.spans)
        for (start, end), text in zip(self.spans, self.texts, strict=True):
            characters[start:end] = text
        return "".join(characters)


def renamed(window: LabelledWindow, name_for: Callable[[str], str]) -> LabelledWindow:
    """Return a window in which each company is called otherwise, all places moved along.

    A name that is learnt by heart teaches nothing: what is said of it shall tell.
    """
    moves: list[tuple[int, int]] = []
    texts = []
    for (start, end), text in zip(window.spans, window.texts, strict=True):
        at, parts = start, []
        for first, last, kind, name in window.marks:
            if name is None or kind != "Company" or not start <= first < last <= end:
                continue
            new = name_for(text[first - start : last - start])
            parts += [text[at - start : first - start], new]
            moves.append((last, len(new) - (last - first)))
            at = last
        texts.append("".join([*parts, text[at - start :]]))

    def moved(place: int) -> int:
        return place + sum(shift for behind, shift in moves if behind <= place)

    return replace(
        window,
        spans=tuple((moved(start), moved(end)) for start, end in window.spans),
        texts=tuple(texts),
        marks=tuple((moved(start), moved(end), kind, name) for start, end, kind, name in window.marks),
        ties=tuple(
            replace(tie, quote=(moved(tie.quote[0]), moved(tie.quote[1]))) if tie.quote else tie for tie in window.ties
        ),
    )


def write_windows(windows: Iterable[LabelledWindow], path: Path) -> int:
    """Write windows as JSON lines; return how many."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        for window in windows:
            file.write(json.dumps(asdict(window), ensure_ascii=False) + "\n")
            number += 1
    return number


def read_windows(path: Path) -> Iterator[LabelledWindow]:
    """Yield the windows of a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = _tuples(json.loads(line))
            yield LabelledWindow(**{**record, "ties": tuple(Tie(**tie) for tie in record["ties"])})


def _tuples(value: Any) -> Any:
    """JSON's lists as tuples, all the way down."""
    if isinstance(value, dict):
        return {name: _tuples(inner) for name, inner in value.items()}
    return tuple(_tuples(inner) for inner in value) if isinstance(value, list) else value
