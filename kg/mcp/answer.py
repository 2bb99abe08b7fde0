"""An answer within its size: a page of rows in their lists, as data and as text, and how to go on."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from kg.errors import QueryError
from kg.mcp.fence import cost, fenced
from kg.mcp.fitting import fitting_head, fitting_row, head_size, row_size, wire_size
from kg.mcp.sections import Section
from kg.mcp.text import head_text, row_text, section_text

__all__ = ["MAX_BYTES", "MAX_ROWS", "Found", "Item", "Page", "answer_of", "notes_of", "page_at"]

MAX_BYTES = 32 << 10
"""Bytes of an answer at most, its data and its text together, as JSON is sent: about 8,000 tokens."""
MAX_ROWS = 100
"""Rows of a page at most."""
_CURSOR = re.compile(r"([0-9]{1,9})\.([0-9]{1,15})")
_ENVELOPE = 700
"""Bytes that the protocol, and what tells how to go on, add to an answer."""
_NOTE, _NOTES = 400, 8
_HEAD = 10_000
"""Bytes of what each page tells beside its rows."""

JSON: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows are asked for: `limit` of them after the first `offset`.

    `commit` is that of the graph which answers, `seen` the one that gave the cursor: rows may have moved between them.
    """

    offset: int = 0
    limit: int = 20
    commit: int = 0
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A row of an answer: its list, and what makes it when it is on the page."""

    section: Section
    make: Callable[[], JSON]


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a call: `head` is told on each page, `items` are its rows, all of them or read as far as asked for.

    `total` is how many rows there are; None where they were not counted.
    """

    head: JSON = field(default_factory=dict)
    items: Iterable[Item] = ()
    total: int | None = None

    @classmethod
    def of(cls, head: JSON, items: Sequence[Item]) -> "Found":
        """Return an answer whose rows are all there."""
        return cls(head, items, len(items))


def page_at(cursor: str | None, limit: int, commit: int) -> Page:
    """Return the page that a cursor ("20.7": after 20 rows, of commit 7) and a limit ask for; raise `QueryError`."""
    if not 1 <= limit <= MAX_ROWS:
        raise QueryError(f"limit {limit}: ask for 1 to {MAX_ROWS} rows a page")
    if cursor is None:
        return Page(0, limit, commit)
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise QueryError(f"'{cursor[:40]}' is no cursor: give back 'next' of the answer before, as it is")
    return Page(int(match[1]), limit, commit, int(match[2]))


def notes_of(notes: Iterable[str]) -> list[str]:
    """Return notes, fenced, for they name companies: the first few, and how many more there are."""
    texts = list(notes)
    more = [f"{len(texts) - _NOTES} more notes"] if len(texts) > _NOTES else []
    return [*(fenced(text, _NOTE) for text in texts[:_NOTES]), *more]


def answer_of(found: Found, page: Page) -> JSON:
    """Return a page of an answer: `structured`, and `text` that says the same; raise `QueryError` for too large a head.

    Lists follow one another in the order of `Section`; `truncated` says that there is more, `next` is the cursor for
    it. A row that would make the answer too large begins the next page; of one that fits no page the texts are cut,
    and it says so.
    """
    head: dict[str, Any] = {**fitting_head(found.head, _HEAD)}
    if page.seen is not None and page.seen != page.commit:
        head["changed"] = "the graph has changed since the first page: rows may repeat or be missing"
    room = MAX_BYTES - _ENVELOPE - head_size(head)
    # One more than the page takes tells whether there is more.
    items = list(islice(found.items, page.offset, page.offset + page.limit + 1))
    lists: dict[Section, list[JSON]] = {}
    taken = 0
    for item in items[: page.limit]:
        row, title = item.make(), 0
        if item.section not in lists:
            title = wire_size(item.section) + cost(section_text(item.section)) + 6
        if not taken:
            row = fitting_row(taken, row, room - title)
        room -= row_size(taken, row) + title
        if room < 0:
            break
        lists.setdefault(item.section, []).append(row)
        taken += 1
    if items and not taken:
        raise QueryError("one row of this answer is larger than an answer may be: ask for less in it")
    truncated, end = len(items) > taken, page.offset + taken
    told: dict[str, Any] = {"rows": taken, "total": found.total, "truncated": truncated}
    told["next"] = f"{end}.{page.commit}" if truncated else None
    structured = head | {section.value: lists[section] for section in Section if section in lists} | {"page": told}
    return {"structured": structured, "text": _text(head, lists, told)}


def _text(head: JSON, lists: Mapping[Section, Sequence[JSON]], told: JSON) -> str:
    total = "" if told["total"] is None else f" of {told['total']}"
    lines = [head_text(head), f"rows: {told['rows']}{total}"]
    if told["truncated"]:
        lines.append(f"truncated: there is more; call again with cursor {told['next']}")
    number = 0
    for section in Section:
        rows = lists.get(section, ())
        lines += [section_text(section)] if rows else []
        for row in rows:
            lines.append(row_text(number, row))
            number += 1
    return "\n".join(filter(None, lines))
