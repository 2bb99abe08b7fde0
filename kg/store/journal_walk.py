"""A walk along a journal that may be damaged: the commits that are whole, and the lines that are not.

Each line's hash covers the hash of the line before, so that a commit is known to be whole even where the one before
it is not.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from kg import formats
from kg.errors import NotAStore
from kg.store.journal_format import HASH, digest_of

__all__ = ["DamagedLine", "JournalWalk", "SalvageReport", "header_of"]

_BEGINS = re.compile(rb'(?=[0-9a-f]{32} \{"at":)')
_DOCUMENT = re.compile(rb'"document":\{[^{}]*?"id":("(?:[^"\\]|\\.)*")')
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DamagedLine:
    """A damaged line: its number, its first byte, its length, the documents that it named as far as can be read."""

    line: int
    start: int
    length: int
    documents: tuple[str, ...]

    def __str__(self) -> str:
        held = ", ".join(f"'{name}'" for name in self.documents[:_SHOWN])
        held += f" and {len(self.documents) - _SHOWN} more" if len(self.documents) > _SHOWN else ""
        return (
            f"line {self.line} ({self.length} bytes from byte {self.start}) is damaged; it held {held or 'no document'}"
        )


@dataclass(slots=True)
class SalvageReport:
    """What was saved: commits, and the lines that were not."""

    commits: int = 0
    lost: list[DamagedLine] = field(default_factory=list)


def header_of(line: bytes, source: Path) -> bytes:
    """Return what a journal's first line says, as JSON."""
    body = line.rstrip(b"\n").partition(b" ")[2]
    try:
        header = json.loads(body)
    except ValueError:
        header = None
    if not isinstance(header, dict) or not str(header.get("format", "")).startswith(formats.JOURNAL.partition("/")[0]):
        raise NotAStore(f"{source} does not begin as a journal of kg: its first line is damaged, or it is none")
    return body


@dataclass(slots=True)
class JournalWalk:
    """A walk along a journal behind its header, which may be damaged.

    `known` are the hashes that the next line may be linked to: what the line before says of itself, what it comes
    to, and, after a damaged line, what those before it said. `held` is a damaged line of which the hash alone may
    be damaged: the next line tells.
    """

    saved: SalvageReport
    known: set[str]
    start: int
    number: int = 1
    held: tuple[bytes, set[str], DamagedLine] | None = None

    @classmethod
    def after(cls, header: bytes, saved: SalvageReport) -> Self:
        """Return a walk that begins at the second line."""
        return cls(saved, {digest_of("", header)}, len(header) + HASH + 2)

    def bodies(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the commits that are whole, as JSON; note the lines that are not."""
        for line in lines:
            parts = _BEGINS.split(line)
            for at, part in enumerate(parts):
                if part:
                    yield from self._line(part, merged=at + 1 < len(parts))
        self._give_up()

    def _line(self, line: bytes, *, merged: bool) -> Iterator[bytes]:
        self.number += 1
        start, self.start = self.start, self.start + len(line)
        # By its place: the space behind the hash may be what is damaged, or a damaged hash may hold one.
        stated, body = line[:HASH], line[HASH + 1 :]
        # A line that ends otherwise than it should has swallowed the one behind it, or is torn.
        body = body[:-1] if merged or body.endswith(b"\n") else b""
        digest = stated.decode("ascii", "replace")
        comes_to = {digest_of(before, body): before for before in self.known}
        if digest in comes_to:
            if self.held is not None and comes_to[digest] in self.held[1]:
                yield self.held[0]
                self.held = None
            self._give_up()
            self.known = {digest}
            yield body
            return
        self._give_up()
        self.held = body, set(comes_to), DamagedLine(self.number, start, len(line), _named(line))
        self.known = self.known | {digest, *comes_to}

    def _give_up(self) -> None:
        if self.held is not None:
            self.saved.lost.append(self.held[2])
            self.held = None


def _named(line: bytes) -> tuple[str, ...]:
    """Return the documents that a damaged line names, as far as can be read."""
    documents: dict[str, None] = {}
    for name in _DOCUMENT.findall(line):
        with contextlib.suppress(ValueError):
            documents[json.loads(name.decode("ascii", "replace"))] = None
    return tuple(documents)
