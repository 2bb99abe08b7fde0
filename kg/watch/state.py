"""What kg watch has told, in one file of the digests' folder; and the lock on that folder.

What was told is kept by the ids of claims, not by a date or a position in the journal: the times that a store records
are whole seconds of a clock that may be set back, and an endpoint has no journal. So whatever happened to the store in
between, what is new is what was not told.

The file is put in place whole: before that nothing of a round was told, after that all of it is. The pages are written
out of it, and are written again where a round was killed before it came to that.
"""

import contextlib
import datetime as dt
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kg import formats
from kg.errors import StoreError, StoreFull, StoreInUse
from kg.watch.changes import StoreMark
from kg.watch.config import Interest
from kg.watch.digest import DigestLine, line_from, line_record

if sys.platform != "win32":
    import fcntl

__all__ = ["InterestState", "WatchState", "locked", "read_state", "write_file", "write_state"]

_STATE, _LOCK = "watch-state.json", ".kg-watch.lock"


@dataclass(frozen=True, slots=True)
class InterestState:
    """What was told of an interest.

    `told` are the ids of the claims that are accounted for, `day` is the day on which they were true; `entity` is the
    company that its name led to, "" where it led to none, or asks for none. `lines` are what
    was told, the newest digest last; that one has `latest` of them, and told `total`, of which the rest was too much
    to be kept. `others` counts new claims that added nothing, `pending` those since the latest digest.
    """

    asks: tuple[str | None, str | None]
    day: dt.date
    told: frozenset[str] = frozenset()
    entity: str = ""
    lines: tuple[DigestLine, ...] = ()
    latest: int = 0
    total: int = 0
    others: int = 0
    pending: int = 0

    @property
    def digest(self) -> tuple[DigestLine, ...]:
        """The lines of the newest digest."""
        return self.lines[len(self.lines) - self.latest :]

    def with_lines(self, lines: Sequence[DigestLine], others: int, keep: int) -> "InterestState":
        """Return the state after a digest; an empty one changes nothing but the count of what is pending."""
        pending = self.pending + others
        if not lines:
            return replace(self, pending=pending)
        new = tuple(lines[:keep])
        kept = (*self.lines[max(0, len(self.lines) + len(new) - keep) :], *new)
        return replace(self, lines=kept, latest=len(new), total=len(lines), others=pending, pending=0)


@dataclass(frozen=True, slots=True)
class WatchState:
    """How everything stood when the last round ended: the sources, the store's journal, the interests by file name.

    `sources` gives for each path what `kg.watch.changes.fingerprint` said of it, `journal` the same of the store, which
    is `store`. `failures` gives of a path that a reader broke down on its fingerprint, and how often.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    journal: str = ""
    interests: Mapping[str, InterestState] = field(default_factory=dict)
    failures: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    store: StoreMark | None = None

    def of(self, interest: Interest) -> InterestState | None:
        """Return what was told of an interest; None of one that is new, or that asks for something else now."""
        state = self.interests.get(interest.file)
        return state if state is not None and state.asks == interest.asks else None


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder of digests, so that two rounds never tell the same; raise `StoreInUse` where another one does."""
    if sys.platform == "win32":
        raise StoreError(f"{folder}: digests need the file locks of Linux or macOS: on Windows, run kg in WSL")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / _LOCK).open("wb")
    except OSError as error:
        raise _unwritable(folder, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreInUse(f"another kg watch works in {folder}: nothing was done, it will do it") from error
        yield


def read_state(folder: Path) -> WatchState:
    """Return the state that a folder of digests has; raise `StoreError` for a file that is none."""
    path = folder / _STATE
    try:
        record = json.loads(path.read_bytes())
    except FileNotFoundError:
        return WatchState()
    except (OSError, RecursionError, ValueError) as error:
        raise _damaged(path) from error
    if isinstance(record, dict) and record.get("format") != formats.WATCH:
        raise StoreError(
            f"{path} is of the format {record.get('format')}, this kg writes {formats.WATCH}: move it away"
        )
    try:
        interests = {name: _interest_from(each) for name, each in record["interests"].items()}
        failures = {str(path): (str(stamp), int(count)) for path, (stamp, count) in record["failures"].items()}
        store = record["store"] and StoreMark(*record["store"])
        return WatchState(dict(record["sources"]), str(record["journal"]), interests, failures, store)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error


def write_state(folder: Path, state: WatchState) -> None:
    """Put the state in its place: from then on, what it holds is told."""
    record = {
        "format": formats.WATCH,
        "sources": dict(state.sources),
        "journal": state.journal,
        "store": state.store,
        "failures": dict(state.failures),
        "interests": {name: _interest_record(each) for name, each in state.interests.items()},
    }
    write_file(folder / _STATE, json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())


def write_file(path: Path, data: bytes) -> None:
    """Put a file in its place whole; leave one alone that is as it should be: readers go by its time."""
    part = path.with_name(f".{path.name}.part")
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> StoreFull:
    return StoreFull(f"{path} cannot be written: {error.strerror}; free space or choose another place")


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path} cannot be read as what kg watch has told: bring it back, or move it away to begin anew")


def _interest_record(state: InterestState) -> dict[str, Any]:
    return {
        "asks": list(state.asks),
        "day": str(state.day),
        "told": sorted(state.told),
        "entity": state.entity,
        "lines": [line_record(line) for line in state.lines],
        "latest": state.latest,
        "total": state.total,
        "others": state.others,
        "pending": state.pending,
    }


def _interest_from(record: Mapping[str, Any]) -> InterestState:
    company, relation = record["asks"]
    counts = {name: int(record[name]) for name in ("latest", "total", "others", "pending")}
    lines = tuple(line_from(each) for each in record["lines"])
    if not 0 <= counts["latest"] <= len(lines):
        raise ValueError(counts["latest"])
    day = dt.date.fromisoformat(record["day"])
    return InterestState((company, relation), day, frozenset(record["told"]), str(record["entity"]), lines, **counts)
