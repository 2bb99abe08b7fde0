"""What a lexicon says, with its types: frames, cues, figures, furniture."""

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.errors import OntologyError
from kg.ontology import lexicon as raw_lexicon
from kg.ontology import ontology

__all__ = ["LANGUAGES", "Frame", "Lexicon", "load"]

LANGUAGES = ("fr", "en")
"""The languages that have a lexicon."""

_FRAME_KEYS = {
    "relation", "verb", "noun", "adjective", "via", "subject", "object", "subject_is", "requires", "terms",
    "voice", "through", "event", "closes", "percent_of", "modality", "examples", "counter", "reflexive", "unless",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to state a relation: a trigger, and where its two ends stand (see ``lexicon/*.toml``)."""

    name: str
    relation: str
    pos: str
    lemmas: frozenset[str]
    via: frozenset[str]
    subject: tuple[str, ...]
    object: tuple[str, ...]
    subject_is: frozenset[str]
    requires: str | None
    unless: str | None
    terms: frozenset[str]
    passive_only: bool
    reflexive: bool
    through: bool
    event: bool
    closes: bool
    percent_of: str | None
    modality: str | None
    examples: tuple[str, ...]
    counter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that one language's lexicon says; `cues` are its word lists as ``section.key``."""

    lang: str
    pipeline: str
    frames: tuple[Frame, ...]
    by_lemma: Mapping[str, tuple[Frame, ...]]
    cues: Mapping[str, frozenset[str]]
    tables: Mapping[str, Mapping[str, Any]]
    decimal: str
    masks: tuple[str, ...]

    def says(self, cue: str, *words: str) -> bool:
        """Whether any of the words is in the list `cue`, such as "modality.planned"."""
        known = self.cues.get(cue, frozenset())
        return any(word in known for word in words)


def _frame(lang: str, index: int, entry: Mapping[str, Any]) -> Frame:
    unknown = set(entry) - _FRAME_KEYS
    relation = str(entry.get("relation", ""))
    where = f"ontology/lexicon/{lang}.toml, frame {index + 1} ({relation})"
    if unknown:
        raise OntologyError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    kinds = [kind for kind in ("verb", "noun", "adjective") if kind in entry]
    if len(kinds) != 1:
        raise OntologyError(f"{where}: give one of verb, noun, adjective")
    if relation not in ontology().relations:
        raise OntologyError(f"{where}: the ontology has no such relation")
    lemmas = entry[kinds[0]]
    return Frame(
        name=f"{lang}/{relation}/{kinds[0]}/{lemmas[0]}",
        relation=relation,
        pos=kinds[0],
        lemmas=frozenset(lemmas),
        via=frozenset(entry.get("via", ())),
        subject=tuple(entry["subject"]),
        object=tuple(entry["object"]),
        subject_is=frozenset(entry.get("subject_is", ())),
        requires=entry.get("requires"),
        unless=entry.get("unless"),
        terms=frozenset(entry.get("terms", ())),
        passive_only=entry.get("voice") == "passive",
        reflexive=bool(entry.get("reflexive", False)),
        through=bool(entry.get("through", False)),
        event=bool(entry.get("event", False)),
        closes=bool(entry.get("closes", False)),
        percent_of=entry.get("percent_of"),
        modality=entry.get("modality"),
        examples=tuple(entry.get("examples", ())),
        counter=tuple(entry.get("counter", ())),
    )


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
    frames = tuple(_frame(lang, index, entry) for index, entry in enumerate(raw["frame"]))
    sections = {name: section for name, section in raw.items() if isinstance(section, dict)}
    return Lexicon(
        lang=lang,
        pipeline=raw["pipeline"],
        frames=frames,
        by_lemma=_index(frames),
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
