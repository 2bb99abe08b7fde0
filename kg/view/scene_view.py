"""How a scene is looked at: its layout, its colours, its window of time, what is chosen and what is in sight.

A scene of "kg-scenes/1" may say so in its table `view`; of what the table leaves out the picture has its first choice,
and a scene without one leaves the picture as it is:

=========================  ===========================================================================
layout, size, mark,        what the viewer's choices of these names are set to: "owners", "amount", "sector", …
weight, dated
chosen, path               the id of what is chosen; the ids of two companies between which a path is shown
hidden                     the modalities that are not shown
least, surely, source      the filters: an amount, a confidence, the id of a document
since, until, versus       a window of time, and the day with which that of the scene is compared
sight                      what the picture shows: left, top, right, bottom in the pixels of "kg-view/1"
=========================  ===========================================================================
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from kg.errors import InvalidRecord, did_you_mean
from kg.validation import check_date, check_text

__all__ = ["SceneView", "scene_view", "values_of"]

SceneView: TypeAlias = tuple[tuple[str, str | float | tuple[str, ...] | tuple[float, ...]], ...]
"""Names and values, in the order of the names: as a record of a scene has them."""

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "layout": ("web", "owners", "circle"),
    "size": ("lines", "amount", "sources", "same"),
    "mark": ("kind", "country", "sector"),
    "weight": ("amount", "same"),
    "dated": ("holds", "start", "end", "known"),
}
_DATES = ("since", "until", "versus")
_TEXTS = ("chosen", "source")
_LISTS: Mapping[str, int] = {"path": 2, "hidden": 50}
_NUMBERS = ("least", "surely")
_SIDES = 4
_LONGEST = 300
_FARTHEST = 1e15
_NAMES = (*_CHOICES, *_DATES, *_TEXTS, *_LISTS, *_NUMBERS, "sight")


def scene_view(table: Any) -> SceneView:
    """Return what the table `view` of a scene says. Raises `InvalidRecord` for what does not hold.

    >>> scene_view({"mark": "sector", "layout": "owners"})
    (('layout', 'owners'), ('mark', 'sector'))
    """
    if not isinstance(table, Mapping):
        raise InvalidRecord("'view' must be a table")
    for name in table:
        if name not in _NAMES:
            hint = did_you_mean(str(name), _NAMES) or f" There are: {', '.join(_NAMES)}."
            raise InvalidRecord(f"view: there is no key '{str(name)[:40]}'.{hint}")
    return tuple((name, _value(name, table[name])) for name in sorted(table))


def values_of(view: SceneView) -> dict[str, Any]:
    """Return a view as plain values, which `json.dumps` can write.

    >>> values_of((("path", ("company/openai", "company/nvidia")),))
    {'path': ['company/openai', 'company/nvidia']}
    """
    return {name: list(value) if isinstance(value, tuple) else value for name, value in view}


def _value(name: str, value: Any) -> str | float | tuple[str, ...] | tuple[float, ...]:
    if name == "sight":
        return _numbers(name, value)
    if name in _LISTS:
        return _texts(name, value)
    if name in _NUMBERS:
        return _number(name, value)
    if name in _DATES and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()  # TOML has dates without quotes
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise InvalidRecord(f"view: '{name}' must be a text of at most {_LONGEST} characters")
    if name in _DATES:
        check_date(name, value or None)
    if name in _CHOICES and value not in _CHOICES[name]:
        raise InvalidRecord(f"view: '{name}' must be one of {', '.join(_CHOICES[name])}")
    check_text("a view", value)
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    if not is_list or not all(isinstance(each, str) and 0 < len(each) <= _LONGEST for each in value):
        raise InvalidRecord(f"view: '{name}' must be a list of texts")
    if len(value) > _LISTS[name] or (name == "path" and len(value) != _LISTS[name]):
        raise InvalidRecord(f"view: '{name}' has {len(value)} texts instead of {_LISTS[name]}")
    check_text("a view", *value)
    return tuple(value)


def _numbers(name: str, value: Any) -> tuple[float, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != _SIDES:
        raise InvalidRecord(f"view: '{name}' must be [left, top, right, bottom]")
    left, top, right, bottom = (_number(name, each) for each in value)
    if not (left < right and top < bottom):
        raise InvalidRecord(f"view: '{name}' must be [left, top, right, bottom], from less to more")
    return left, top, right, bottom


def _number(name: str, value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not (math.isfinite(value) and abs(value) <= _FARTHEST):
        raise InvalidRecord(f"view: '{name}' must be a number")
    return float(value)
