"""Marked passages and texts as material to fit and to calibrate on: their names and ties, and how they are split.

Passages (JSON lines) and gold (kg-gold/1) mark organisations whole, persons and products only where they are parties.
A passage belongs to one part for good, by its name: three in five are fitted on, one in five is for calibrating what
was fitted, one in five is frozen, for scoring only. Those that were added later to be learnt from say so.
"""

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.evaluation.matching import Key, key, norm
from kg.evaluation.report import is_read_half

__all__ = ["Passage", "part_of", "read_half", "read_judged", "read_marked", "read_passages", "text_of"]

_KINDS = {
    "company": "Company", "public-body": "PublicBody", "organization": "Organisation", "person": "Person",
    "product": "Product", "programme": "Programme", "place": "Place", "exchange": "Company", "agency": "Company",
}  # fmt: skip
_PARTS = ("train", "train", "train", "calibrate", "frozen")


@dataclass(frozen=True)
class Passage:
    """A text with its marks: `gold` is its record (complete marks), or None where single edges were `judged`."""

    id: str
    text: str
    lang: str
    published: str | None
    gold: Mapping[str, Any] | None = None
    judged: Mapping[Key, bool] = field(default_factory=dict)

    @property
    def part(self) -> str:
        """What it is for: the part that its record names, or else the one that its name tells (`part_of`)."""
        return str((self.gold or {}).get("part") or part_of(self.id))

    @property
    def kinds(self) -> Mapping[str, str]:
        """What each marked name is, by the ontology's classes, all its spellings."""
        return {
            name: _KINDS[entity["type"]]
            for entity in (self.gold or {}).get("entities", ())
            if entity["type"] in _KINDS
            for name in (entity["name"], *entity.get("aliases", ()))
        }

    @property
    def limit(self) -> int:
        """How many characters of the text are marked."""
        return int((self.gold or {}).get("annotated_chars") or len(self.text))

    @functools.cached_property
    def has_ties(self) -> bool:
        """Whether the text states a tie between organisations."""
        return bool((self.gold or {}).get("relations")) or any(self.judged.values())

    @functools.cached_property
    def _ids(self) -> Mapping[str, str]:
        entities = (self.gold or {}).get("entities", ())
        return {norm(name): e["id"] for e in entities for name in (e["name"], *e.get("aliases", ()))}

    @functools.cached_property
    def _tiers(self) -> Mapping[Key, str]:
        relations = (self.gold or {}).get("relations", ())
        return {_key(relation): relation["tier"] for relation in relations}

    @functools.cached_property
    def rejected(self) -> frozenset[Key] | None:
        """The ties that were called wrong, where single ties were judged and the marks are not complete; else None."""
        relations = (self.gold or {}).get("rejected")
        return None if relations is None else frozenset(_key(relation) for relation in relations)

    @property
    def core_ties(self) -> int:
        """How many ties must be found."""
        return sum(tier == "core" for tier in self._tiers.values())

    def verdict(self, subject: str, relation: str, object_: str) -> tuple[Key, bool, bool] | None:
        """Return an edge as it is compared, whether it is right, and whether it must be found; None where not judged.

        A name that the marks do not have is compared as it is written.
        """
        if self.gold is None:
            edge = key(norm(subject), relation, norm(object_))
            return (edge, self.judged[edge], False) if edge in self.judged else None
        edge = key(self._id(subject), relation, self._id(object_))
        tier = self._tiers.get(edge)
        if tier is None and self.rejected is not None and edge not in self.rejected:
            return None
        return edge, tier is not None, tier == "core"

    def _id(self, name: str) -> str:
        return self._ids.get(norm(name), f"?{norm(name)}")


def _key(relation: Mapping[str, Any]) -> Key:
    return key(relation["subject"], relation["predicate"], relation["object"])


def part_of(id_: str) -> str:
    """Return the part to which a passage belongs: train, calibrate or frozen.

    >>> part_of("en-h3-001") in {"train", "calibrate", "frozen"}
    True
    """
    return _PARTS[int(hashlib.sha256(id_.encode()).hexdigest(), 16) % len(_PARTS)]


def read_passages(folder: Path) -> Iterator[Passage]:
    """Yield the passages in the files ``*.jsonl`` of a folder."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            record = json.loads(line)
            yield Passage(record["id"], record["text"], record["lang"], record["date"], record)


def read_marked(folder: Path, texts: Path) -> Iterator[Passage]:
    """Yield the texts that the gold files of a folder mark; of gold that is split, only the half that may be read."""
    for path in sorted(folder.glob("*.gold.json")):
        record = json.loads(path.read_text("utf-8"))
        text = text_of(record, texts).read_bytes().decode()
        yield Passage(path.name, text, record["lang"], record.get("document_date"), record)


def text_of(record: Mapping[str, Any], texts: Path) -> Path:
    """Return the file of the text that a gold record marks, anywhere below a folder."""
    named = texts / str(record["text_file"])
    return named if named.is_file() else next(iter(sorted(texts.rglob(named.name))))


def read_half(passages: Iterator[Passage]) -> Iterator[Passage]:
    """Yield the passages of gold that lie in the half that was read in development."""
    return (passage for passage in passages if is_read_half(passage.id))


def read_judged(folder: Path) -> Iterator[Passage]:
    """Yield the texts of a folder, each with the edges that ``judged.jsonl`` there tells right or wrong."""
    judged: dict[str, dict[Key, bool]] = {}
    for line in (folder / "judged.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        ends = norm(record["subject"]), norm(record["object"])
        edges = judged.setdefault(record["document"], {})
        edge = key(ends[0], record["relation"], ends[1])
        edges[edge] = edges.get(edge, False) or record["right"]
    for path in sorted(folder.glob("*/*.txt")):
        record = json.loads(path.with_suffix(".json").read_text("utf-8"))
        name = f"{path.parent.name}/{path.name}"
        yield Passage(name, path.read_bytes().decode(), record["lang"], record.get("date"), judged=judged.get(name, {}))
