"""Sentences marked with their claims (``ontology/corpus``): to test a reader with, and to train one on.

The format stands in ``ontology/corpus/README.md``. No reader is loaded here.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from kg.errors import AnnotationError, InvalidRecord, did_you_mean
from kg.model import BOOLEAN_QUALIFIERS, NUMERIC_QUALIFIERS, Document, Modality, Qualifiers
from kg.ontology import ontology

__all__ = ["KINDS", "NEAR_MISSES", "Item", "Marked", "read_corpora", "read_corpus"]

KINDS = frozenset({"Company", "PublicBody", "Organisation", "Person", "Product", "Programme", "Place", "Other"})
"""What a name may be."""

NEAR_MISSES = frozenset(
    (
        *("lawsuit", "job", "ranking", "fleet", "share-price", "product", "event", "regulation", "strike"),
        *("link-list", "person", "own-affair", "other"),
    )
)
"""What a sentence without a claim may be about."""

_KEYS = frozenset({"id", "lang", "sector", "published", "text", "names", "claims", "near_miss"})
_CLAIM_KEYS = frozenset({"subject", "relation", "object", "modality", "qualifiers"})
_LANGUAGES = frozenset({"fr", "en"})
_TRUTH = {"true": True, "false": False}

_Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Marked:
    """A claim that a sentence makes; subject and object are names of its item."""

    subject: str
    relation: str
    object: str
    modality: Modality
    qualifiers: Qualifiers


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence, or a few, with every name in it by kind and every claim that it makes.

    `near_miss` says what an item without claims is about, and is None on one that has claims.
    `published` is a partial date, given where the text needs it.
    """

    id: str
    lang: str
    text: str
    names: Mapping[str, str]
    claims: tuple[Marked, ...]
    near_miss: str | None = None
    published: str | None = None
    sector: str | None = None

    @property
    def document(self) -> Document:
        """The item as a document to read, under its own id."""
        return Document(id=self.id, text=self.text, lang=self.lang, published=self.published, source="corpus")


def read_corpora(paths: Iterable[Path]) -> tuple[Item, ...]:
    """Return the items of some corpus files; no id and no text may stand in two of them."""
    items = [(path, item) for path in paths for item in read_corpus(path)]
    for what in ("id", "text"):
        seen: dict[str, Path] = {}
        for path, item in items:
            value = getattr(item, what)
            if value in seen:
                raise AnnotationError(f"{path}: the {what} of {item.id} stands in {seen[value]} too: keep one of them")
            seen[value] = path
    return tuple(item for _, item in items)


def read_corpus(path: Path) -> tuple[Item, ...]:
    """Return the items of a corpus file, in its order.

    Raises `AnnotationError` in one line for the first thing that does not hold: file, line, item, what
    is wrong and what to do.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        hint = "name a corpus file (.jsonl); kg's own are in its repository, in ontology/corpus, not in the package"
        raise AnnotationError(f"{path}: cannot be read: {error.strerror}: {hint}") from error
    items: dict[str, Item] = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                item = _item(_record(line), items)
            except InvalidRecord as error:
                raise AnnotationError(f"{path}:{number}: {error}") from error
            items[item.id] = item
    return tuple(items.values())


def _record(line: bytes) -> _Record:
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"is no JSON ({error}): write one object a line") from error
    return _object("the line", record)


def _object(what: str, value: Any) -> _Record:
    if not isinstance(value, dict):
        raise InvalidRecord(f"{what} must be an object, with its fields by name")
    return value


def _text(record: _Record, name: str, choices: Iterable[str] | None = None) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InvalidRecord(f"lacks '{name}': give it a text")
    if choices is not None and value not in choices:
        known = sorted(choices)
        raise InvalidRecord(f"'{value}' is no {name}: choose one of {', '.join(known)}.{did_you_mean(value, known)}")
    return value


def _known_keys(what: str, record: _Record, keys: frozenset[str]) -> None:
    if unknown := sorted(set(record) - keys):
        raise InvalidRecord(f"{what} has '{unknown[0]}', which is no field of it.{did_you_mean(unknown[0], keys)}")


def _item(record: _Record, taken: Collection[str]) -> Item:
    id_ = _text(record, "id")
    if id_ in taken:
        raise InvalidRecord(f"{id_}: the id is taken: give each item its own")
    try:
        return _checked(id_, record)
    except InvalidRecord as error:
        raise InvalidRecord(f"{id_}: {error}") from error


def _checked(id_: str, record: _Record) -> Item:
    _known_keys("the item", record, _KEYS)
    text = _text(record, "text")
    names = _names(record.get("names"), text)
    marked = record.get("claims")
    if not isinstance(marked, list):
        raise InvalidRecord("lacks 'claims': give it a list, empty for a near miss")
    claims = tuple(_marked(_object("a claim", one), names) for one in marked)
    if claims and "near_miss" in record:
        raise InvalidRecord("has claims and 'near_miss': take one of them away")
    item = Item(
        id=id_,
        lang=_text(record, "lang", _LANGUAGES),
        text=text,
        names=MappingProxyType(names),
        claims=claims,
        near_miss=None if claims else _text(record, "near_miss", NEAR_MISSES),
        published=_text(record, "published") if "published" in record else None,
        sector=_text(record, "sector") if "sector" in record else None,
    )
    _ = item.document  # it checks the date
    return item


def _names(value: Any, text: str) -> dict[str, str]:
    names = {}
    for name, kind in _object("'names'", value).items():
        if not name.strip() or name not in text:
            raise InvalidRecord(f"the name '{name}' is not in the text: write it as it is printed there")
        names[name] = _text({"kind": kind}, "kind", KINDS)
    return names


def _marked(record: _Record, names: Mapping[str, str]) -> Marked:
    _known_keys("a claim", record, _CLAIM_KEYS)
    ends = {name: _text(record, name) for name in ("subject", "object")}
    for what, end in ends.items():
        if end not in names:
            raise InvalidRecord(f"the {what} '{end}' is none of 'names': add it.{did_you_mean(end, names)}")
    if ends["subject"] == ends["object"]:
        raise InvalidRecord(f"'{ends['subject']}' is tied to itself: name two ends")
    relations = [relation.name for relation in ontology().relations.values() if not relation.is_figure]
    return Marked(
        subject=ends["subject"],
        relation=_text(record, "relation", relations),
        object=ends["object"],
        modality=Modality(_text(record, "modality", [modality.value for modality in Modality])),
        qualifiers=_qualifiers(_object("'qualifiers'", record.get("qualifiers", {}))),
    )


def _qualifiers(record: _Record) -> Qualifiers:
    _known_keys("'qualifiers'", record, frozenset(Qualifiers.__dataclass_fields__))
    said: dict[str, Any] = {}
    for name in record:
        value = _text(record, name)
        said[name] = value
        if name in NUMERIC_QUALIFIERS:
            try:
                said[name] = Decimal(value)
            except InvalidOperation as error:
                raise InvalidRecord(f"{name} '{value}' is no number: write plain digits, as 340000000") from error
        elif name in BOOLEAN_QUALIFIERS:
            said[name] = _TRUTH[_text(record, name, _TRUTH)]
    return Qualifiers(**said)
