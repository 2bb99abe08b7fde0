"""Articles in a JSON file: an array of objects, or the array in the answer of a news service, or one article.

Each is called after its place in the list, from 1. JSON Feed (https://www.jsonfeed.org/version/1.1/) is such a list.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from kg.documents.containers.article_fields import address_of, article_page, fields_of
from kg.documents.containers.container import FIRST, Address, Container, Member, Part
from kg.documents.page import Page
from kg.documents.sources import Position
from kg.errors import DocumentError

__all__ = ["listed", "open_container", "unknown_shape"]

_LIMIT = 64 * 1024 * 1024
"""The most bytes of a JSON file, which has to be parsed whole, in eight times as much memory."""
_DEPTH = 3
"""How deep in an answer its list may stand: {"response": {"results": […]}}."""
_SHOWN = 12
"""Names of fields in a message."""


def open_container(file: BinaryIO, where: str, beside: Path | None) -> Container:
    """Open a list of articles; raise `DocumentError` where the file is no JSON, or no list of articles."""
    del beside
    data = file.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise DocumentError(
            f"{where}: is JSON of more than {_LIMIT >> 20} MiB: turn it into JSON lines, as with `jq -c '.[]' FILE`"
        )
    try:
        content = json.loads(data.decode("utf-8-sig") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else data)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{where}: is no JSON that can be read ({_first_line(error)}): get a whole copy") from error
    records = _records(content)
    if not any(listed(record) for record in records):
        raise DocumentError(f"{where}: {unknown_shape(records[0] if records else content)}")
    return _ArticleList(records)


class _ArticleList:
    def __init__(self, records: list[Any]) -> None:
        self._records = records

    def members(self, start: Position) -> Iterator[Member | Address]:
        """Yield each article."""
        for number in range(start.number, len(self._records)):
            yield listed(self._records[number], Position(number, 0)) or Member(
                Position(number, 0), str(number + 1), reason=unknown_shape(self._records[number])
            )

    def part(self, name: str, position: Position | None, limit: int) -> Part | Page:
        """Return an article by its place."""
        del position, limit
        if not name.isdecimal() or not 1 <= int(name) <= len(self._records):
            raise DocumentError("is not in the list")
        return article_page(fields_of(self._records[int(name) - 1]))


def listed(record: Any, position: Position = FIRST) -> Member | Address | None:
    """Return what a record is: an article, or the address of one; None where it is neither."""
    if not isinstance(record, dict):
        return None
    fields = fields_of(record)
    url = address_of(fields)
    if url is not None:
        return Address(position, url)
    return Member(position, str(position.number + 1)) if "text" in fields else None


def unknown_shape(content: Any) -> str:
    """Return why a value is no article, with the names of its fields."""
    if not isinstance(content, Mapping):
        return "is JSON, and no list of articles: an article is an object with a text and a title"
    names = [str(name)[:40] for name in content]
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return f"is JSON, and no article: none of its fields ({shown or 'it has none'}) holds a text: call it 'text'"


def _records(content: Any) -> list[Any]:
    """Return the list of records in a JSON value: the first list whose objects are articles, else what there is."""
    level = [content]
    for _ in range(_DEPTH + 1):
        for value in level:
            if isinstance(value, list) and any(listed(record) for record in value[:100]):
                return value
        level = [inner for value in level if isinstance(value, dict) for inner in value.values()]
    if isinstance(content, list):
        return content
    return [content]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:100] or type(error).__name__
