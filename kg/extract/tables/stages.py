"""How far what a table lists is: done, announced, planned, ended – or not told, by its status or its caption."""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.extract.lexicon import Lexicon, load
from kg.extract.tables.captions import about
from kg.extract.tables.grid import Cell
from kg.extract.tables.heads import holds, listed, phrases_in, words_of
from kg.extract.tables.layout import Layout
from kg.model import Modality
from kg.reasons import Reason

__all__ = ["EVENTS", "Stage", "stage_of"]

EVENTS = frozenset({"acquires", "invests-in", "lends-to"})
"""Relations that begin on a day; the others last, and what is "closed" of them is over."""
_DOUBT = "doubt"
_GRAVEST = (_DOUBT, Modality.ENDED, Modality.HEDGED, Modality.PLANNED, Modality.ANNOUNCED, Modality.ASSERTED)
_MOST_BETWEEN = 3
"""Words, all of them small, that may part a stage from what a caption lists: "companies that we sold"."""
_ENDINGS = re.compile(r"(?:es|e|s)$")


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a row is, the cells that tell, and the doubt where it is not understood."""

    modality: Modality = Modality.ASSERTED
    cells: tuple[Cell, ...] = ()
    doubts: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A stage that words say: where it begins and ends among them, and whether it is one of a weak word."""

    stage: str
    start: int
    end: int
    is_weak: bool


def stage_of(layout: Layout, row: int, section: Cell | None, lexicon: Lexicon) -> Stage:
    """Return how far a row is: by its status, by the line that heads its section, or by the captions."""
    lasts = layout.tie is not None and layout.tie.relation not in EVENTS
    for column in layout.telling("status"):
        cell = layout.grid.rows[row][column.at]
        if any(char.isalpha() for char in cell.text):
            return _stage(_by_status(words_of(cell.text), lexicon, lasts=lasts), cell)
    captions = layout.captions if section is None else (section, *layout.captions)
    for at, caption in enumerate(captions):
        is_near = at == 0 or (section is not None and at == 1)
        stage = _by_caption(caption, lexicon, lasts=lasts) if is_near or about(caption.text, lexicon) else ""
        if stage not in {"", Modality.ASSERTED}:
            return _stage(stage, caption)
    return Stage()


def _stage(stage: str, cell: Cell) -> Stage:
    if stage == _DOUBT:
        return Stage(Modality.ASSERTED, (cell,), (Reason.NOT_HAPPENED,))
    return Stage(Modality(stage), (cell,))


def _by_status(words: tuple[str, ...], lexicon: Lexicon, *, lasts: bool) -> str:
    """What a status says; a doubt where it is not known, or turned round, or says two things."""
    found = list(_stages(words, lexicon, lasts=lasts))
    said = {one.stage for one in found}
    inside = {at for one in found for at in range(one.start, one.end)}
    rest = [word for at, word in enumerate(words) if at not in inside]
    denied = any((word,) in listed(lexicon.lang, "denying") for word in rest)
    if not found or denied:
        return _DOUBT
    # "Completed in May 2024" is done; of "Completed, later unwound" that is not sure.
    is_told = len(said) == 1 and all(_says_nothing(word, lexicon) for word in rest)
    if Modality.ASSERTED in said and not is_told:
        return _DOUBT
    return next(stage for stage in _GRAVEST if stage in said)


def _says_nothing(word: str, lexicon: Lexicon) -> bool:
    """Whether a word beside a stage is small, or a part of a date."""
    small = phrases_in(lexicon.lang).get((word,)) == frozenset()
    months = lexicon.tables["dates.months"]
    return small or word.isdigit() or word in months or word.capitalize() in months


def _by_caption(caption: Cell, lexicon: Lexicon, *, lasts: bool) -> str:
    """What a caption says of all that it lists, "" where nothing."""
    words = words_of(caption.text)
    if any(holds(words, phrase) for phrase in listed(lexicon.lang, "other_time")):
        return _DOUBT
    listed_at = _listed_at(words, lexicon)
    found = list(_stages(words, lexicon, lasts=lasts))
    beside = [one for one in found if one.start == 0 or _is_beside(one, found, listed_at, words, lexicon)]
    said = {one.stage for one in beside}
    if Modality.ASSERTED in said and len(said) > 1:
        return _DOUBT
    if said:
        return next(stage for stage in _GRAVEST if stage in said)
    apart = [one for one in found if one.stage != Modality.ASSERTED and not one.is_weak]
    return _DOUBT if apart else ""


def _is_beside(one: _Found, found: list[_Found], topics: set[int], words: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether a stage stands right before or after what a caption lists, or after another stage that does."""
    stages = {at for other in found if other != one for at in range(other.start, other.end)}
    small = phrases_in(lexicon.lang)
    for at in range(max(0, one.start - _MOST_BETWEEN - 1), one.start):
        between = words[at + 1 : one.start]
        if at in topics | stages and all(small.get((word,)) == frozenset() for word in between):
            return at in topics or one.stage != Modality.ASSERTED
    return one.end in topics


def _listed_at(words: tuple[str, ...], lexicon: Lexicon) -> set[int]:
    """The places of the words that say what a caption lists."""
    found = set[int]()
    for phrase in _topics(lexicon.lang):
        for at in range(len(words) - len(phrase) + 1):
            found |= set(range(at, at + len(phrase))) if words[at : at + len(phrase)] == phrase else set()
    return found


@functools.cache
def _topics(lang: str) -> frozenset[tuple[str, ...]]:
    names = [name for name in load(lang).cues if name.startswith("tables.about_")]
    return frozenset(phrase for name in names for phrase in listed(lang, name.removeprefix("tables.")))


def _stages(words: tuple[str, ...], lexicon: Lexicon, *, lasts: bool) -> Iterator[_Found]:
    """Yield the stages that words say, at each place the longest phrase."""
    stages, weak = _phrases(lexicon.lang, lasts), _weak(lexicon.lang)
    bare = tuple(_bare(word, lexicon.lang) for word in words)
    longest, at = max(map(len, stages)), 0
    while at < len(bare):
        size = next((size for size in range(longest, 0, -1) if bare[at : at + size] in stages), 0)
        if size:
            phrase = bare[at : at + size]
            yield _Found(stages[phrase], at, at + size, phrase in weak)
        at += size or 1


@functools.cache
def _phrases(lang: str, lasts: bool) -> Mapping[tuple[str, ...], str]:  # noqa: FBT001
    tables = load(lang).tables
    told = {**tables["tables.stage"], **(tables["tables.stage_of_state"] if lasts else {})}
    return {tuple(_bare(word, lang) for word in words_of(phrase)): str(stage) for phrase, stage in told.items()}


@functools.cache
def _weak(lang: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_bare(word, lang) for word in phrase) for phrase in listed(lang, "weak_stage"))


def _bare(word: str, lang: str) -> str:
    """A word without the endings of gender and number, which French statuses have in any form."""
    return _ENDINGS.sub("", word) if lang == "fr" else word
