"""Marked documents of a user: folders of kg-gold/1 files, or JSON lines of passages."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.dates import is_partial_date
from kg.documents import LANGUAGES
from kg.errors import AnnotationError
from kg.evaluation.fields import RecordFields, parsed
from kg.evaluation.gold import gold_of
from kg.evaluation.passages import Passage

__all__ = ["hashes", "read_marks"]

_GOLD, _LINES = ".gold.json", ".jsonl"
_TIERS = ("core", "accept")
_UP = 3
"""Folders in which the text of a gold file is looked for: its own, and those above."""


def read_marks(paths: Iterable[Path]) -> tuple[Passage, ...]:
    """Return the marked documents below some paths, sorted by id.

    A folder gives its files ``*.gold.json`` and ``*.jsonl``. Raises `AnnotationError` in one line for what is not there
    or does not hold, and for two documents of one id.
    """
    found: dict[str, Passage] = {}
    for path in _files(paths):
        for passage in _gold(path) if path.name.endswith(_GOLD) else _passages(path):
            if passage.id in found:
                raise AnnotationError(f"{path}: there are two documents '{passage.id}': give each an id of its own")
            found[passage.id] = passage
    return tuple(found[id_] for id_ in sorted(found))


def hashes(paths: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file of marks, by its name."""
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(paths)}


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        inside = [path]
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.name.endswith((_GOLD, _LINES)))
        if not inside or not all(file.name.endswith((_GOLD, _LINES)) for file in inside):
            raise AnnotationError(
                f"{path}: holds no marks: name folders of *{_GOLD} (kg-gold/1) or of *{_LINES}, or such a file"
            )
        yield from inside


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read: {error.strerror}") from error


def _gold(path: Path) -> Iterator[Passage]:
    fields = parsed(_bytes(path), str(path))
    name = fields.need("text_file", str)
    places = [folder / name for folder in path.absolute().parents[:_UP]]
    at = next((place for place in places if place.is_file()), None)
    if at is None:
        raise fields.wrong(f"its text '{name}' is neither in its folder nor in the {_UP - 1} above: put it there")
    try:
        text = _bytes(at).decode()
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{at}: is no UTF-8 text (byte {error.start + 1}): write it as UTF-8") from error
    yield _checked(path.name, fields, fields.get("document_date", str), text)


def _passages(path: Path) -> Iterator[Passage]:
    for number, line in enumerate(_bytes(path).splitlines(), 1):
        if not line.strip():
            continue
        fields = parsed(line, f"{path}:{number}")
        id_, text = fields.need("id", str), fields.need("text", str)
        whole = {**fields.record, "schema": "kg-gold/1", "text_file": id_}
        yield _checked(id_, RecordFields(whole, fields.where), fields.get("date", str), text)


def _checked(id_: str, fields: RecordFields, published: str | None, text: str) -> Passage:
    """Return a marked document once its marks are known to hold."""
    lang = fields.need("lang", str)
    if lang not in LANGUAGES:
        raise fields.wrong(f"'lang' is {json.dumps(lang)}: kg reads {', '.join(sorted(LANGUAGES))}")
    if published is not None and not is_partial_date(published):
        raise fields.wrong(f"the date {json.dumps(published)} is none: write YYYY, YYYY-MM or YYYY-MM-DD")
    gold_of(fields, id_, text)
    for entity in fields.each("entities"):
        entity.need("type", str)
    relations = [_relation(relation, text) for relation in fields.each("relations")]
    return Passage(id_, text, lang, published, {**fields.record, "relations": relations})


def _relation(fields: RecordFields, text: str) -> Mapping[str, Any]:
    """A tie of the marks with the place of its quote; the places of its terms are of no use here."""
    quote, start = fields.need("quote", str), fields.get("char_start", int)
    start = text.find(quote) if start is None else start
    if start < 0 or text[start : start + len(quote)] != quote:
        raise fields.wrong(f"its quote {json.dumps(quote[:60], ensure_ascii=False)} is not in the text there")
    named = {name: fields.need(name, str) for name in ("subject", "predicate", "object", "status", "tier")}
    if named["tier"] not in _TIERS:
        raise fields.wrong(f"'tier' is {json.dumps(named['tier'])}: it is one of {', '.join(_TIERS)}")
    return {**named, "quote": quote, "char_start": start}
