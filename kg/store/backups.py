"""Keeping a store safe: backups beside a running writer, their way back, what can be saved of a damaged journal.

A backup is one file: the journal up to its last whole commit. It carries its own checksums, needs no index, and
can be taken at any time, since whole lines are committed ones. What a damaged journal holds is saved commit by
commit: each line's hash covers the hash of the line before, so that a commit is known to be whole even where the
one before it is not.
"""

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from kg.errors import JournalDamaged, NotAStore, StoreError
from kg.store.journal import FORMAT, FileJournal, synced, translated
from kg.store.journal_format import HASH, Record, compact, digest_of, framed
from kg.store.store_folder import JOURNAL

__all__ = ["MIGRATIONS", "DamagedLine", "SalvageReport", "backup", "migrate", "restore", "salvage"]

MIGRATIONS: Mapping[str, tuple[str, Callable[[Record], Record]]] = {}
"""Older formats of the journal: the format that each becomes, and what makes a commit of it one of that."""

_CHUNK = 1 << 20
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
        said = ", ".join(f"'{name}'" for name in self.documents[:_SHOWN])
        said += f" and {len(self.documents) - _SHOWN} more" if len(self.documents) > _SHOWN else ""
        return (
            f"line {self.line} ({self.length} bytes from byte {self.start}) is damaged; it held {said or 'no document'}"
        )


@dataclass(slots=True)
class SalvageReport:
    """What was saved: commits, and the lines that were not."""

    commits: int = 0
    lost: list[DamagedLine] = field(default_factory=list)


def backup(folder: Path, target: Path) -> int:
    """Write a backup of the store in `folder` to the new file `target`, and return the number of its commits.

    A writer may be at work. Raises `StoreError` where the file is there already, and what opening a journal raises.
    """
    journal = _opened(folder / JOURNAL)
    try:
        size = journal.pin.size
        with _aside(target) as out, (folder / JOURNAL).open("rb") as file:
            while size:
                data = file.read(min(_CHUNK, size))
                if not data:
                    raise StoreError(f"{folder / JOURNAL} was cut while it was copied: verify the store")
                out.write(data)
                size -= len(data)
        return journal.end.sequence
    finally:
        journal.close()


def restore(source: Path, folder: Path) -> int:
    """Make the store in `folder`, which is new or empty, out of a backup; return the number of its commits.

    Raises `JournalDamaged` for a backup that is not whole: what can be saved of it is `salvage`'s to say.
    """
    journal = FileJournal(source, write=False)
    try:
        if journal.notes:
            raise JournalDamaged(f"{source}: {journal.notes[0]}: restore an older backup, or salvage this one")
        _new(folder)
        with _aside(folder / JOURNAL) as out, source.open("rb") as file:
            while data := file.read(_CHUNK):
                out.write(data)
        return journal.end.sequence
    finally:
        journal.close()


def salvage(source: Path, folder: Path | None = None) -> SalvageReport:
    """Tell what is whole in a journal; with `folder`, new or empty, make a store of the commits that are.

    The commits are linked anew. Raises `NotAStore` where even the first line is none of a journal's.
    """
    saved = SalvageReport()
    try:
        with source.open("rb") as file:
            header = _header(file.readline(), source)
            whole = _Walk(saved, {digest_of("", header)}, len(header) + HASH + 2).bodies(file)
            if folder is None:
                saved.commits = sum(1 for _ in whole)
            else:
                _new(folder)
                saved.commits = _written(folder / JOURNAL, header, whole)
    except OSError as error:
        raise translated(error, source) from error
    return saved


def migrate(folder: Path) -> tuple[str, str]:
    """Bring a store's journal to the format of this kg; return the format that it had, and the one it has.

    The old journal stays beside the new one, under the name of its format. Nobody may have the store open. Raises
    `StoreError` for a format that this kg does not know, `JournalDamaged` for a journal that is not whole.
    """
    path, saved = folder / JOURNAL, SalvageReport()
    with path.open("rb") as file:
        header = _header(file.readline(), path)
        said: Record = json.loads(header)
        first, last, steps = _way(str(said["format"]), path)
        if not steps:
            return first, last
        walk = _Walk(saved, {digest_of("", header)}, len(header) + HASH + 2)
        new = path.with_name(f"{JOURNAL}.new")
        new.unlink(missing_ok=True)
        _written(new, compact(said | {"format": last}), (_stepped(body, steps) for body in walk.bodies(file)))
    if saved.lost:
        new.unlink()
        raise JournalDamaged(f"{path}: {saved.lost[0]}: salvage what is whole first")
    path.rename(path.with_name(f"{JOURNAL}.{first.replace('/', '-')}"))
    new.rename(path)
    synced(folder)
    return first, last


def _way(first: str, path: Path) -> tuple[str, str, list[Callable[[Record], Record]]]:
    """Return a format, the newest that it can be brought to, and the steps."""
    last, steps = first, []
    while last in MIGRATIONS:
        last, step = MIGRATIONS[last]
        steps.append(step)
    if last != FORMAT:
        raise StoreError(f"{path} has the format {first}, which this kg cannot bring to {FORMAT}: update kg")
    return first, last, steps


def _stepped(body: bytes, steps: Iterable[Callable[[Record], Record]]) -> bytes:
    record: Record = json.loads(body)
    for step in steps:
        record = step(record)
    return compact(record)


def _opened(path: Path) -> FileJournal:
    if not path.is_file():
        raise NotAStore(f"there is no store at {path.parent}")
    return FileJournal(path, write=False)


def _header(line: bytes, source: Path) -> bytes:
    """Return what a journal's first line says, as JSON."""
    body = line.rstrip(b"\n").partition(b" ")[2]
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict) or not str(said.get("format", "")).startswith(FORMAT.partition("/")[0]):
        raise NotAStore(f"{source} does not begin as a journal of kg: its first line is damaged, or it is none")
    return body


def _written(path: Path, header: bytes, bodies: Iterable[bytes]) -> int:
    """Write a journal of commits, linked anew, and return their number."""
    count = 0
    with _aside(path) as out:
        digest, line = framed("", header)
        out.write(line)
        for body in bodies:
            digest, line = framed(digest, body)
            out.write(line)
            count += 1
    return count


@dataclass(slots=True)
class _Walk:
    """A walk along a journal, which may be damaged.

    `known` are the hashes that the next line may be linked to: what the line before says of itself, what it comes
    to, and, after a damaged line, what those before it said. `held` is a damaged line of which the hash alone may
    be damaged: the next line tells.
    """

    saved: SalvageReport
    known: set[str]
    start: int
    number: int = 1
    held: tuple[bytes, set[str], DamagedLine] | None = None

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
        said = stated.decode("ascii", "replace")
        comes_to = {digest_of(before, body): before for before in self.known}
        if said in comes_to:
            if self.held is not None and comes_to[said] in self.held[1]:
                yield self.held[0]
                self.held = None
            self._give_up()
            self.known = {said}
            yield body
            return
        self._give_up()
        self.held = body, set(comes_to), DamagedLine(self.number, start, len(line), _named(line))
        self.known = self.known | {said, *comes_to}

    def _give_up(self) -> None:
        if self.held is not None:
            self.saved.lost.append(self.held[2])
            self.held = None


def _named(line: bytes) -> tuple[str, ...]:
    """Return the documents that a damaged line names, as far as can be read."""
    found: dict[str, None] = {}
    for name in _DOCUMENT.findall(line):
        with contextlib.suppress(ValueError):
            found[json.loads(name.decode("ascii", "replace"))] = None
    return tuple(found)


def _new(folder: Path) -> None:
    """Make a folder that a store can be put into; never touch one that holds something."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotAStore(f"{folder} is there already, and not empty: choose another place")
    folder.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def _aside(target: Path) -> Iterator[IO[bytes]]:
    """A new file, in its place when it is whole and on the disk; raise `StoreError` where there is one already."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        target.hardlink_to(part)
        synced(target.parent)
    except FileExistsError as error:
        raise StoreError(f"{target} is there already: choose another name") from error
    except OSError as error:
        raise translated(error, target) from error
    finally:
        part.unlink(missing_ok=True)
