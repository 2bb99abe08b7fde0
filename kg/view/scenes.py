"""What people add to a picture: notes, saved views to go through one by one, and where they put the companies.

The form is "kg-scenes/1", a small JSON or TOML file that the viewer writes and reads, and that ``kg bundle --notes``
takes:

=========  ===========================================================================================
format     "kg-scenes/1"; a file that somebody writes by hand may leave it out
notes      each with `on` (the id of a company, or of a claim), `text`, `author`, `written` (a partial date)
scenes     each with `name`, `companies` (ids), `relations`, `as_of` (a partial date), `note`, `view` (how it is
           looked at: `kg.view.scene_view`): in the order to show them
positions  by the id of a company: [x, y], in the pixels of "kg-view/1"
=========  ===========================================================================================

What is empty may be left out, all but `on`, `text` and `name`.
"""

import datetime as dt
import json
import math
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kg import formats
from kg.errors import InvalidRecord, did_you_mean
from kg.ontology import ontology
from kg.validation import check_date, check_text
from kg.view.scene_view import SceneView, scene_view, values_of

__all__ = ["LARGEST", "Note", "Scene", "Scenes", "read_scenes", "scenes_of"]

LARGEST = 4 << 20
"""Bytes of a file of notes: one that is longer is some other file."""
_MOST = 5000
_LONGEST = 20_000
_LONGEST_NAME = 300
_FARTHEST = 1e7

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody writes beside a company or a claim: `on` is the id of it. `written` is a partial date.

    >>> Note("company/nvidia", "Ask them about the 6 %.", "Ana", "2026-11-30").author
    'Ana'
    """

    on: str
    text: str
    author: str = ""
    written: str | None = None

    def __post_init__(self) -> None:
        """Check that it says something, of something."""
        if not self.on.strip() or not self.text.strip():
            raise InvalidRecord("a note needs 'on', the id of a company or of a claim, and a 'text'")
        if len(self.text) > _LONGEST or max(len(self.on), len(self.author)) > _LONGEST_NAME:
            raise InvalidRecord(f"a note has at most {_LONGEST} characters, its author at most {_LONGEST_NAME}")
        check_text("a note", self.on, self.text, self.author)
        check_date("written", self.written)


@dataclass(frozen=True, slots=True)
class Scene:
    """A saved view: the companies and relations that it shows, on which day, and how. Of none of them it shows all.

    >>> Scene("1 – the contract", ("company/openai", "company/coreweave"), ("supplies",), "2025-03").as_of
    '2025-03'
    """

    name: str
    companies: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    as_of: str | None = None
    note: str = ""
    view: SceneView = ()

    def __post_init__(self) -> None:
        """Check the name, the relations, the date and the view."""
        if not self.name.strip() or len(self.name) > _LONGEST_NAME:
            raise InvalidRecord(f"a scene needs a 'name', of at most {_LONGEST_NAME} characters")
        if len(self.note) > _LONGEST or len(self.companies) > _MOST:
            raise InvalidRecord(f"scene '{self.name}' is too large: {_MOST} companies, {_LONGEST} characters at most")
        for relation in self.relations:
            if relation not in ontology().relations:
                hint = did_you_mean(relation, ontology().relations)
                raise InvalidRecord(f"scene '{self.name}' shows '{relation}', which is no relation.{hint}")
        check_text("a scene", self.name, self.note, *self.companies)
        check_date("as_of", self.as_of)
        if self.view != scene_view(values_of(self.view)):
            raise InvalidRecord(f"scene '{self.name}' has a view that is not in the order of its names")


@dataclass(frozen=True, slots=True)
class Scenes:
    """Notes, saved views, and the places of companies by their ids, as one file has them."""

    notes: tuple[Note, ...] = ()
    scenes: tuple[Scene, ...] = ()
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.notes or self.scenes or self.positions)

    def json(self) -> dict[str, Any]:
        """Return it as plain values, in the form that the module tells; what is empty is left out.

        >>> Scenes((Note("company/nvidia", "Ask."),)).json()
        {'format': 'kg-scenes/1', 'notes': [{'on': 'company/nvidia', 'text': 'Ask.'}]}
        """
        values = {
            "notes": [_filled(on=each.on, text=each.text, author=each.author, written=each.written)
                      for each in self.notes],
            "scenes": [_filled(name=each.name, companies=list(each.companies), relations=list(each.relations),
                               as_of=each.as_of, note=each.note, view=values_of(each.view)) for each in self.scenes],
            "positions": {id_: list(self.positions[id_]) for id_ in sorted(self.positions)},
        }  # fmt: skip
        return {"format": formats.SCENES, **_filled(**values)}


def _filled(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def read_scenes(path: str | Path) -> Scenes:
    """Read a file of notes and scenes, JSON or TOML. Raises `InvalidRecord`, in one line, for what does not hold."""
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InvalidRecord(f"{file}: cannot be read: {error.strerror}: name a file of notes (kg-scenes/1)") from error
    return scenes_of(data, str(file))


def scenes_of(data: bytes | str | Mapping[str, Any], name: str = "notes") -> Scenes:
    """Return the notes and scenes that some JSON, TOML or plain values say; `name` names them where they do not hold.

    >>> scenes_of('{"notes": [{"on": "company/nvidia", "text": "Ask."}]}').notes[0].on
    'company/nvidia'

    Raises `InvalidRecord` with the file, the key and what it must be.
    """
    content = data if isinstance(data, Mapping) else _parsed(data, name)
    try:
        _known(content, ("format", "notes", "scenes", "positions"), "")
        _check_format(content.get("format", formats.SCENES))
        return Scenes(
            tuple(_records(content, "notes", _note)),
            tuple(_records(content, "scenes", _scene)),
            _positions(content.get("positions", {})),
        )
    except InvalidRecord as error:
        raise InvalidRecord(f"{name}: {error}") from error


def _parsed(data: bytes | str, name: str) -> Mapping[str, Any]:
    if len(data) > LARGEST:
        raise InvalidRecord(f"{name}: is longer than {LARGEST >> 20} MiB: this is no file of notes")
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
        content = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text.replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise InvalidRecord(f"{name}: is not UTF-8, at byte {error.start}: save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        what = "nested too deep" if isinstance(error, RecursionError) else str(error)
        raise InvalidRecord(f"{name}: is neither JSON nor TOML: {what}") from error
    if not isinstance(content, dict):
        raise InvalidRecord(f"{name}: must be a table with 'notes', 'scenes' or 'positions'")
    return content


def _check_format(format_: object) -> None:
    if format_ != formats.SCENES:
        raise InvalidRecord(f"is of format {str(format_)[:40]!r}: this version reads {formats.SCENES!r}")


def _known(table: Mapping[str, Any], names: Collection[str], where: str) -> None:
    for name in table:
        if name not in names:
            hint = did_you_mean(str(name), names) or f" There are: {', '.join(names)}."
            raise InvalidRecord(f"{where}there is no key '{str(name)[:40]}'.{hint}")


def _records(content: Mapping[str, Any], name: str, made: Callable[[Mapping[str, Any]], _Record]) -> Iterable[_Record]:
    tables = content.get(name, [])
    if not isinstance(tables, list) or len(tables) > _MOST:
        raise InvalidRecord(f"'{name}' must be a list of at most {_MOST} tables")
    for number, table in enumerate(tables, 1):
        if not isinstance(table, Mapping):
            raise InvalidRecord(f"{name}[{number}]: must be a table")
        try:
            yield made(table)
        except InvalidRecord as error:
            raise InvalidRecord(f"{name}[{number}]: {error}") from error


def _note(table: Mapping[str, Any]) -> Note:
    _known(table, ("on", "text", "author", "written"), "")
    return Note(_text(table, "on"), _text(table, "text"), _text(table, "author"), _date(table, "written"))


def _scene(table: Mapping[str, Any]) -> Scene:
    _known(table, ("name", "companies", "relations", "as_of", "note", "view"), "")
    companies, relations = _texts(table, "companies"), _texts(table, "relations")
    day, note, view = _date(table, "as_of"), _text(table, "note"), scene_view(table.get("view", {}))
    return Scene(_text(table, "name"), companies, relations, day, note, view)


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name, "")
    if not isinstance(value, str):
        raise InvalidRecord(f"'{name}' must be a text")
    return value


def _texts(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = table.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise InvalidRecord(f"'{name}' must be a list of texts")
    return tuple(dict.fromkeys(values))


def _date(table: Mapping[str, Any], name: str) -> str | None:
    value = table.get(name)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):  # TOML has dates without quotes
        return value.isoformat()
    if value is not None and not isinstance(value, str):
        raise InvalidRecord(f"'{name}' must be a date: YYYY, YYYY-MM or YYYY-MM-DD, in quotes")
    return value or None


def _positions(table: Any) -> dict[str, tuple[float, float]]:
    if not isinstance(table, Mapping) or len(table) > LARGEST // 16:
        raise InvalidRecord("'positions' must be a table of [x, y] by the ids of companies")
    return {str(id_): _position(str(id_), place) for id_, place in table.items()}


def _position(id_: str, place: Any) -> tuple[float, float]:
    is_pair = isinstance(place, list | tuple) and len(place) == 2  # noqa: PLR2004 - x and y
    if not is_pair or not all(isinstance(at, int | float) and not isinstance(at, bool) for at in place):
        raise InvalidRecord(f"positions: '{id_[:60]}' must be [x, y], two numbers")
    x, y = (float(at) if abs(at) <= _FARTHEST else math.nan for at in place)
    if not (math.isfinite(x) and math.isfinite(y)):
        raise InvalidRecord(f"positions: '{id_[:60]}' lies beyond {_FARTHEST:.0f} pixels, or nowhere")
    return x, y
