"""What the marks of a passage say of a window: what its names are, which are tied, which figures belong to a tie."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.evaluation.paragraph.labelled import LabelledWindow, Tie
from kg.evaluation.passages import Passage
from kg.extract.paragraph.network import ROLES
from kg.extract.paragraph.windows import Mark, Window

__all__ = ["Marks", "labelled", "marked", "marks_of", "occurrences"]

_APART = {"exchange": "Exchange", "agency": "Agency"}
"""Types of gold that take no part in ties: the model tells them from companies."""
_DATES = frozenset({"start", "end", "as_of"})

Occurrence = tuple[int, int, str]
"""Where a marked name stands, and its id."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a passage: where its names stand, and what each party is, by its id.

    `kinds` holds the class that a name is marked with in a window, `told` the kind that the model is to tell.
    """

    passage: Passage
    occurrences: tuple[Occurrence, ...]
    kinds: Mapping[str, str]
    told: Mapping[str, str]


def marks_of(passage: Passage) -> Marks:
    """Return the marks of a passage that is marked completely."""
    entities = (passage.gold or {})["entities"]
    # A spelling that two parties share is the first one's.
    spellings = {name: e["id"] for e in reversed(entities) for name in (*e.get("aliases", ()), e["name"]) if name}
    known = passage.kinds
    kinds = {e["id"]: known.get(e["name"], "Company") for e in entities}
    told = {e["id"]: _APART.get(e["type"], known.get(e["name"])) for e in entities}
    found = tuple(occurrences(passage.text, spellings))
    return Marks(passage, found, kinds, {party: kind for party, kind in told.items() if kind is not None})


def occurrences(text: str, spellings: Mapping[str, str]) -> list[Occurrence]:
    """Return where names stand as whole words, in order; of two that overlap the longer."""
    found: list[Occurrence] = []
    for name in sorted(spellings, key=len, reverse=True):
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            start, end = match.span()
            if not any(first < end and start < last for first, last, _ in found):
                found.append((start, end, spellings[name]))
    return sorted(found)


def marked(window: Window, marks: Marks) -> Window:
    """Return a window with the names that the marks give instead of those that were found."""
    numbers: dict[str, int] = {}
    names = [
        Mark(start, end, marks.kinds[party], numbers.setdefault(party, len(numbers)))
        for start, end, party in marks.occurrences
        if any(first <= start and end <= last for first, last in window.spans)
    ]
    free = (m for m in window.marks if m.name is None and not any(m.start < n.end and n.start < m.end for n in names))
    return Window(window.spans, tuple(sorted([*names, *free], key=lambda mark: mark.start)), tuple(numbers))


def labelled(window: Window, marks: Marks, part: str, names_by: str) -> LabelledWindow:
    """Return a window with what the marks say of it."""
    parties = _parties(window, marks.occurrences)
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, party in parties.items():
        if party is not None:
            numbers[party].append(number)
    passage = marks.passage
    return LabelledWindow(
        passage.id,
        passage.lang,
        part,
        names_by,
        window.spans,
        tuple(passage.text[start:end] for start, end in window.spans),
        tuple((mark.start, mark.end, mark.kind, mark.name) for mark in window.marks),
        window.names,
        tuple(_kind(parties.get(number), marks.told) for number in range(len(window.names))),
        tuple(_ties((passage.gold or {})["relations"], window, numbers)),
        tuple((one, two) for those in numbers.values() for one in those for two in those if one != two),
    )


def _kind(party: str | None, told: Mapping[str, str]) -> str | None:
    """What a name is to be told to be: marks name organisations whole, so that what they leave out is none."""
    return "Other" if party is None else told.get(party)


def _parties(window: Window, found: Sequence[Occurrence]) -> dict[int, str | None]:
    """The party that each name of a window is, by its number: that of half its mentions or more."""
    votes: dict[int, Counter[str | None]] = defaultdict(Counter)
    for mark in window.marks:
        if mark.name is not None:
            votes[mark.name][_party(mark, found)] += 1
    parties: dict[int, str | None] = {}
    for number, counts in votes.items():
        best = next((party for party, _ in counts.most_common() if party is not None), None)
        parties[number] = best if counts[best] * 2 >= counts.total() else None
    return parties


def _party(mark: Mark, found: Sequence[Occurrence]) -> str | None:
    shared = [(min(end, mark.end) - max(start, mark.start), party) for start, end, party in found]
    most = max(shared, default=(0, ""))
    return most[1] if most[0] > 0 else None


def _ties(
    relations: Iterable[Mapping[str, Any]], window: Window, numbers: Mapping[str, Sequence[int]]
) -> Iterator[Tie]:
    """Yield the ties between names of a window, once for each pair of names that its parties have there."""
    for relation in relations:
        subjects, objects = (numbers.get(relation[end], ()) for end in ("subject", "object"))
        if not subjects or not objects or relation["subject"] == relation["object"]:
            continue
        start = relation["char_start"]
        quote = start, start + len(relation["quote"])
        here = quote[0] < window.body[1] and window.body[0] < quote[1]
        terms = tuple(_terms(relation.get("marks", ()), window)) if here else ()
        said = relation["predicate"], relation["status"], tuple(relation.get("status_also", ()))
        tier = relation["tier"] if here else "mask"
        for one in subjects:
            for two in objects:
                if one != two:
                    yield Tie(one, said[0], two, tier, said[1], said[2], quote, terms)


def _terms(marks: Iterable[Mapping[str, Any]], window: Window) -> Iterator[tuple[int, str]]:
    """Yield the figures of a window that the words of a tie's terms hold, each with its role."""
    for mark in marks:
        role = mark["key"].removesuffix("_min").removesuffix("_max")
        if role not in ROLES[1:]:
            continue
        start, end = mark["char_start"], mark["char_start"] + len(mark["words"])
        kind = "date" if role in _DATES else role
        for number, figure in enumerate(window.marks):
            if figure.name is None and figure.kind == kind and figure.start < end and start < figure.end:
                yield number, role
