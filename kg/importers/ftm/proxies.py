"""Entities of FollowTheMoney as they stand in a file: nested ones taken apart, statements put together."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kg.dates import is_partial_date
from kg.importers.record_chunks import BadRecord

__all__ = ["PARTIES", "Proxy", "day_of", "first_date", "last_date", "proxies_of", "proxy_of_rows"]

PARTIES: Mapping[str, str] = {
    "Company": "Company",
    "LegalEntity": "LegalEntity",
    "Organization": "Organisation",
    "Person": "Person",
    "PublicBody": "PublicBody",
}
"""The schemata of FollowTheMoney that are parties of ties, with the classes of kg."""
_RANK = {"Thing": 0, "LegalEntity": 1, "Organization": 2, "Company": 3, "PublicBody": 3, "Person": 3}
_BACK = {
    "ownershipOwner": "owner",
    "ownershipAsset": "asset",
    "sanctions": "entity",
    "unknownLinkTo": "subject",
    "unknownLinkFrom": "object",
}
"""By which property an entity that stands in another one points back to it; the file may leave that out."""
_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Proxy:
    """An entity of FollowTheMoney: its schema, and its properties with all their values, as texts.

    `datasets` are those that speak of it, `seen` is since when they say what they say, a partial date, `caption` the
    name that the file puts first.
    """

    id: str
    schema: str
    properties: Mapping[str, tuple[str, ...]]
    datasets: tuple[str, ...] = ()
    seen: str | None = None
    caption: str | None = None

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the values of some properties, each once, in their order."""
        if len(names) == 1:
            return self.properties.get(names[0], ())
        return tuple(dict.fromkeys(value for name in names for value in self.properties.get(name, ())))

    def first(self, name: str) -> str | None:
        """Return the first value of a property; None where it has none."""
        return next(iter(self.properties.get(name, ())), None)

    def joined(self, other: "Proxy") -> "Proxy":
        """Return this entity with what another fragment says of it; the more special schema counts."""
        names = dict.fromkeys((*self.properties, *other.properties))
        properties = {name: tuple(dict.fromkeys((*self.values(name), *other.values(name)))) for name in names}
        is_special = _RANK.get(other.schema, 2) > _RANK.get(self.schema, 2)
        return replace(
            self,
            schema=other.schema if is_special else self.schema,
            properties=properties,
            datasets=tuple(dict.fromkeys((*self.datasets, *other.datasets))),
            seen=max((each for each in (self.seen, other.seen) if each is not None), default=None),
            caption=self.caption or other.caption,
        )


def proxies_of(value: Any) -> Iterator[tuple[Proxy, str | None]]:
    """Yield the entity that a JSON object is, and those nested in it; of these also their text, as canonical JSON.

    What is nested and says of no day since when it is there has the day of what it is nested in.

    Raises `BadRecord` for what is no entity.
    """
    yield from _taken_apart(value, (), _DEPTH, text=None, seen=None)


def _taken_apart(
    value: Any, back: tuple[str, str] | tuple[()], depth: int, *, text: str | None, seen: str | None
) -> Iterator[tuple[Proxy, str | None]]:
    if not isinstance(value, dict):
        raise BadRecord("entity", value, "is no JSON object: write one entity a line")
    if not depth:
        raise BadRecord("properties", value.get("id"), "nest too deeply")
    id_, schema, properties = _parts(value)
    flat: dict[str, list[str]] = {}
    nested: list[tuple[Any, str]] = []
    for name, values in properties.items():
        for each in values if isinstance(values, list) else [values]:
            nested += [(each, name)] if isinstance(each, dict) else []
            text_ = each.get("id") if isinstance(each, dict) else each
            if isinstance(text_, str) and text_.strip():
                flat.setdefault(name, []).append(text_.strip())
    if back and back[0] not in flat:
        flat[back[0]] = [back[1]]
    proxy = Proxy(
        id_,
        schema,
        {name: tuple(dict.fromkeys(values)) for name, values in flat.items()},
        _texts(value.get("datasets")),
        _seen(value.get("last_change"), *flat.get("modifiedAt", ())) or seen,
        value.get("caption") if isinstance(value.get("caption"), str) else None,
    )
    yield proxy, None if text is None else _canonical(value, flat)
    for each, name in nested:
        yield from _taken_apart(
            each, (_BACK[name], proxy.id) if name in _BACK else (), depth - 1, text="", seen=proxy.seen
        )


def _parts(value: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]]:
    id_, schema, properties = (value.get(name) for name in ("id", "schema", "properties"))
    if not isinstance(id_, str) or not id_.strip():
        raise BadRecord("id", id_, "is no text: every entity has one")
    if not isinstance(schema, str) or not schema:
        raise BadRecord("schema", schema, "is no text: it is a schema of FollowTheMoney, such as Company")
    if not isinstance(properties, dict):
        raise BadRecord("properties", properties, "are no object: each has a list of values")
    return id_.strip(), schema, properties


def _texts(values: object) -> tuple[str, ...]:
    return tuple(each for each in values if isinstance(each, str)) if isinstance(values, list) else ()


def _canonical(value: Mapping[str, Any], properties: Mapping[str, list[str]]) -> str:
    return json.dumps({**value, "properties": properties}, ensure_ascii=False, sort_keys=True)


def _seen(*dates: object) -> str | None:
    """Return the latest of some dates, without a time of day."""
    days = [day for each in dates if (day := day_of(each)) is not None]
    return max(days, default=None)


def day_of(value: object) -> str | None:
    """Return a date without a time of day; None for what is none.

    >>> day_of("2024-03-01T10:00:00"), day_of("2024"), day_of("soon")
    ('2024-03-01', '2024', None)

    """
    day = value.strip().replace(" ", "T").partition("T")[0] if isinstance(value, str) else ""
    return day if is_partial_date(day) else None


def proxy_of_rows(rows: Iterable[Mapping[str, str]]) -> Proxy:
    """Return the entity that statements are of, which have one canonical id and one dataset.

    The columns are those of followthemoney's statements: canonical_id, prop, schema, value, dataset, first_seen …
    Raises `BadRecord` where one has no schema.
    """
    proxy: Proxy | None = None
    for row in rows:
        id_ = row.get("canonical_id") or row.get("entity_id") or ""
        schema, dataset = row.get("schema") or "", row.get("dataset") or ""
        if not id_ or not schema:
            raise BadRecord("schema" if id_ else "canonical_id", "", "is empty: every statement has one")
        # The row of an entity's own id says since when it is there, and nothing else.
        named = {} if row.get("prop") in {"id", "", None} else {row["prop"]: (row.get("value") or "",)}
        properties = {name: values for name, values in named.items() if values[0]}
        other = Proxy(id_, schema, properties, (dataset,) if dataset else (), day_of(row.get("first_seen")))
        proxy = other if proxy is None else proxy.joined(other)
    if proxy is None:
        raise BadRecord("canonical_id", "", "is empty: every statement has one")
    return proxy


def first_date(values: Iterable[str]) -> str | None:
    """Return the earliest of some dates, as exactly as they say it; None where none is a date.

    >>> first_date(["2019-03-01", "2019", "2020"])
    '2019-03-01'

    """
    days = sorted(day for value in values if (day := day_of(value)) is not None)
    return next((day for day in reversed(days) if day.startswith(days[0])), None) if days else None


def last_date(values: Iterable[str]) -> str | None:
    """Return the latest of some dates, as exactly as they say it; None where none is a date."""
    return max((day for value in values if (day := day_of(value)) is not None), default=None)
