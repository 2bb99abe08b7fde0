"""Keeping a store safe: backups beside a running writer, their way back, what can be saved of a damaged journal.

A backup is one file: the journal up to its last whole commit. It carries its own checksums, needs no index, and
can be taken at any time, since whole lines are committed ones.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from kg import formats
from kg.errors import JournalDamaged, NotAStore, StoreError
from kg.store.journal import FileJournal, synced, translated
from kg.store.journal_format import Record, compact, frame_line
from kg.store.journal_walk import JournalWalk, SalvageReport, header_of
from kg.store.migrations import MIGRATIONS, Commits
from kg.store.store_folder import JOURNAL, lock

__all__ = ["backup", "migrate", "restore", "salvage"]

_CHUNK = 1 << 20


def backup(folder: Path, target: Path) -> int:
    """Write a backup of the store in `folder` to the new file `target`, and return the number of its commits.

    A writer may be at work. Raises `StoreError` where the file is there already, and what opening a journal raises.
    """
    journal = _opened(folder / JOURNAL)
    try:
        size = journal.pin.end.size
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

    A backup of an older format is brought to this one. Raises `JournalDamaged` for a backup that is not whole: what
    can be saved of it is `salvage`'s to say.
    """
    if _is_older(source):
        _new(folder)
        return _brought(source, folder / JOURNAL)
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
            header = header_of(file.readline(), source)
            whole = JournalWalk.after(header, saved).bodies(file)
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

    The old journal stays beside the new one, under the name of its format; the index is made again when the store
    is opened next. Raises `StoreInUse` where somebody has the store open, `StoreError` for a format that this kg does
    not know, `JournalDamaged` for a journal that is not whole.
    """
    path = folder / JOURNAL
    try:
        with path.open("rb") as file:
            lock(file, folder, exclusive=True)
            first = _format(path)
            if first == formats.JOURNAL:
                return first, first
            new = path.with_name(f"{JOURNAL}.new")
            new.unlink(missing_ok=True)
            _brought(path, new)
            _put_aside(path, path.with_name(f"{JOURNAL}.{first.replace('/', '-')}"))
            new.replace(path)
            synced(folder)
    except FileNotFoundError as error:
        raise NotAStore(f"there is no store at {folder}") from error
    except OSError as error:
        raise translated(error, path) from error
    return first, formats.JOURNAL


def _format(path: Path) -> str:
    """Return the format that a journal says it has."""
    with path.open("rb") as file:
        return str(json.loads(header_of(file.readline(), path))["format"])


def _is_older(path: Path) -> bool:
    """Whether a file is a journal of an older format; what it is otherwise, opening it tells."""
    try:
        return formats.is_older(_format(path), formats.JOURNAL)
    except (NotAStore, OSError):
        return False


def _brought(source: Path, target: Path) -> int:
    """Write a journal of an older format as one of this format, and return the number of its commits."""
    with source.open("rb") as file:
        header: Record = json.loads(header_of(file.readline(), source))
    version = str(header["format"])
    commits: Commits = partial(_commits, source)
    while version in MIGRATIONS:
        version, migration = MIGRATIONS[version]
        commits = partial(migration, header, commits)
    if version != formats.JOURNAL:
        raise StoreError(
            f"{source} has the format {version}, which this kg cannot bring to {formats.JOURNAL}: update kg"
        )
    return _written(target, compact(header | {"format": version}), map(compact, commits()))


def _commits(path: Path) -> Iterator[Record]:
    """Yield a journal's commits; raise `JournalDamaged` at the end where one is not whole."""
    saved = SalvageReport()
    with path.open("rb") as file:
        walk = JournalWalk.after(header_of(file.readline(), path), saved)
        for body in walk.bodies(file):
            yield json.loads(body)
    if saved.lost:
        raise JournalDamaged(f"{path}: {saved.lost[0]}: salvage what is whole first")


def _put_aside(path: Path, name: Path) -> None:
    """Give a file a second name, in place of whatever had it, so that it is there at every moment."""
    part = name.with_name(f"{name.name}.{os.getpid()}.part")
    part.hardlink_to(path)
    part.replace(name)
    part.unlink(missing_ok=True)


def _opened(path: Path) -> FileJournal:
    if not path.is_file():
        raise NotAStore(f"there is no store at {path.parent}")
    return FileJournal(path, write=False)


def _written(path: Path, header: bytes, bodies: Iterable[bytes]) -> int:
    """Write a journal of commits, linked anew, and return their number."""
    count = 0
    with _aside(path) as out:
        digest, line = frame_line("", header)
        out.write(line)
        for body in bodies:
            digest, line = frame_line(digest, body)
            out.write(line)
            count += 1
    return count


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
