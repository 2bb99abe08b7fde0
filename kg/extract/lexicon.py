"""What a lexicon says, with its types: frames, cues, figures, furniture."""

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.extract.templates import Frame, frames_of
from kg.ontology import lexicon as raw_lexicon

__all__ = ["LANGUAGES", "Entry", "Lexicon", "load"]

LANGUAGES = ("fr", "en")
"""The languages that have a lexicon."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a lexicon: the frames that follow from it, the sentences that it must and must not read."""

    relation: str
    frames: tuple[Frame, ...]
    examples: tuple[str, ...]
    counter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that one language's lexicon says; `cues` are its word lists as ``section.key``."""

    lang: str
    pipeline: str
    entries: tuple[Entry, ...]
    by_lemma: Mapping[str, tuple[Frame, ...]]
    cues: Mapping[str, frozenset[str]]
    tables: Mapping[str, Mapping[str, Any]]
    decimal: str
    masks: tuple[str, ...]

    def frames_at(self, lemma: str, printed: str) -> tuple[Frame, ...]:
        """The frames that a word can trigger, by its lemma or, inside a compound ("X-backed"), as printed."""
        found = self.by_lemma.get(lemma, ())
        if lemma == printed:
            return found
        return found + tuple(f for f in self.by_lemma.get(printed, ()) if f.pos == "compound")

    def says(self, cue: str, *words: str) -> bool:
        """Whether any of the words is in the list `cue`, such as "modality.planned"."""
        known = self.cues.get(cue, frozenset())
        return any(word in known for word in words)


def _entry(lang: str, index: int, entry: Mapping[str, Any], grammar: Mapping[str, Any]) -> Entry:
    frames = tuple(frames_of(lang, index, entry, grammar))
    return Entry(entry["relation"], frames, tuple(entry.get("examples", ())), tuple(entry.get("counter", ())))


def _index(frames: Sequence[Frame]) -> dict[str, tuple[Frame, ...]]:
    found: dict[str, list[Frame]] = defaultdict(list)
    for frame in frames:
        for lemma in frame.lemmas:
            found[lemma].append(frame)
    return {lemma: tuple(those) for lemma, those in found.items()}


@functools.cache
def load(lang: str) -> Lexicon:
    """Read a language's lexicon; raise `OntologyError` where it does not say what it must."""
    raw = raw_lexicon(lang)
    entries = tuple(_entry(lang, index, entry, raw["grammar"]) for index, entry in enumerate(raw["entry"]))
    sections = {name: section for name, section in raw.items() if isinstance(section, dict)}
    return Lexicon(
        lang=lang,
        pipeline=raw["pipeline"],
        entries=entries,
        by_lemma=_index([frame for entry in entries for frame in entry.frames]),
        cues={
            f"{name}.{key}": frozenset(value)
            for name, section in sections.items()
            for key, value in section.items()
            if isinstance(value, list)
        },
        tables={
            f"{name}.{key}": value
            for name, section in sections.items()
            for key, value in section.items()
            if isinstance(value, dict)
        },
        decimal=raw["figures"]["decimal"],
        masks=tuple(raw["names"]["masks"]),
    )
