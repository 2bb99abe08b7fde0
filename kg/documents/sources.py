"""Sources: the files, folders and standard input that a user names."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import NamedTuple

from kg.documents.formats import DESCRIBED, SUFFIXES, media_type

__all__ = ["COLUMNS", "STDIN", "Position", "SkippedSource", "Source", "find", "suffix_reason"]

STDIN = "-"
COLUMNS = ".columns.toml"
"""What the name of a file that says what a sheet's columns mean has behind the sheet's."""


class Position(NamedTuple):
    """Where a document stands in a file of many: it is the `number`-th from 0, and begins at byte `offset`."""

    number: int
    offset: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file, one document of a file that holds many, or standard input. `path` is the file's, "-" for standard input.

    `id` names the document in a store: the posix path below the folder that the user named, the file name where
    the user named the file, "stdin" for standard input. Where two would be equal, ids take more of the path.
    `member` names the document in its file (`kg.documents.containers`); "" where the file is the document. Their
    ids and names have it behind a "#": ``mails.mbox#12``, ``mails.zip#mails.mbox#12``. `position` and `media_type` are
    what its container says of it, to find it again without a search.
    """

    id: str
    path: str
    member: str = ""
    position: Position | None = field(default=None, repr=False, compare=False)
    media_type: str | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What messages call it, and what `Document.source` is."""
        return f"{self.path}#{self.member}" if self.member else self.path


@dataclass(frozen=True, slots=True)
class SkippedSource:
    """A source that is not read, and the reason."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class _File:
    """A file; its id is the last `depth` parts of its path."""

    path: Path
    depth: int

    def id(self, extra: int) -> str:
        """Return the id, with `extra` more parts of the path."""
        parts = Path(os.path.abspath(self.path)).parts[1:]  # noqa: PTH100 - resolve() would follow links
        return _printable("/".join(parts[-min(self.depth + extra, len(parts)) :]))


def find(paths: Iterable[str]) -> Iterator[Source | SkippedSource]:
    """List the sources below some paths.

    Folders are searched at every depth; hidden files and folders are ignored.

    Args:
        paths: files, folders, or "-" for standard input.

    Yields:
        Each file once, in the order of `paths`, sorted within a folder. In a folder, a file whose suffix kg does not
        read is a `SkippedSource`, except a ``.json`` file that describes a text. A file that the user names is
        always a `Source`, even if it does not exist: `read` reports the error.

    >>> list(find(["-"]))
    [Source(id='stdin', path='-', member='')]

    """
    entries = list(_once(_all(paths)))
    extra = _extra_parts([entry for entry in entries if isinstance(entry, _File)])
    for entry in entries:
        if isinstance(entry, _File):
            yield Source(entry.id(extra[entry]), str(entry.path))
        else:
            yield entry


def _all(paths: Iterable[str]) -> Iterator[_File | Source | SkippedSource]:
    paths = list(paths)
    for name in paths:
        path = Path(name)
        if name == STDIN:
            yield Source("stdin", STDIN)
        elif name and path.is_dir():
            yield from _folder(path)
        elif not _is_sidecar(path):
            yield _File(path, 1)
        elif not any(Path(other).stem == path.stem for other in paths if other != name):
            yield SkippedSource(_printable(name), "describes the file beside it: name that file")


def _folder(top: Path) -> Iterator[_File | SkippedSource]:
    failures: list[OSError] = []
    empty = True
    for folder, folders, names in os.walk(top, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (Path(folder) / name).is_symlink():
                yield SkippedSource(_printable(str(Path(folder) / name)), "a link to a folder is not followed")
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(folder) / name
            if _is_sidecar(path):
                continue
            if media_type(path) and not path.is_file():
                yield SkippedSource(
                    _printable(str(path)), "no file that can be read: a pipe, a device or a broken link"
                )
            elif media_type(path):
                empty = False
                yield _File(path, len(path.relative_to(top).parts))
            else:
                yield SkippedSource(_printable(str(path)), suffix_reason(path))
    for error in failures:
        yield SkippedSource(_printable(str(error.filename)), f"the folder cannot be listed: {error.strerror}")
    if empty and not failures:
        yield SkippedSource(_printable(str(top)), f"the folder holds no file that kg reads ({', '.join(SUFFIXES)})")


def suffix_reason(path: PurePath) -> str:
    """Return why a file is passed over that nobody named."""
    kind = f"'{_printable(path.suffix)}' is" if path.suffix else "a name without an ending is"
    return f"{kind} none of the kinds read in a folder; name the file itself to have it tried"


def _is_sidecar(path: Path) -> bool:
    """Return whether this is a ``.json`` file that describes a text beside it, or the map of a sheet's columns."""
    if path.name.endswith(COLUMNS):
        return path.with_name(path.name.removesuffix(COLUMNS)).exists()
    if path.suffix != ".json":
        return False
    return any(path.with_suffix(form).exists() for suffix in DESCRIBED for form in (suffix, suffix.upper()))


def _once(entries: Iterable[_File | Source | SkippedSource]) -> Iterator[_File | Source | SkippedSource]:
    seen = set()
    for entry in entries:
        key = os.path.realpath(entry.path) if isinstance(entry, _File) else entry
        if key not in seen:
            seen.add(key)
            yield entry


def _extra_parts(files: list[_File]) -> dict[_File, int]:
    """Return for each file how many more parts of its path make its id unique."""
    extra = dict.fromkeys(files, 0)
    while True:
        ids = Counter([*(file.id(extra[file]) for file in files), "stdin"])
        ambiguous = [
            file for file in files if ids[file.id(extra[file])] > 1 and file.id(extra[file] + 1) != file.id(extra[file])
        ]
        if not ambiguous:
            return extra
        for file in ambiguous:
            extra[file] += 1


def _printable(name: str) -> str:
    """Return a file name as text that can be stored; bytes that are not UTF-8 are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")
