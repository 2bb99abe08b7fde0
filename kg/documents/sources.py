"""What there is to read: the files, folders and standard input that a user names."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.documents.formats import SUFFIXES, media_type

__all__ = ["STDIN", "SkippedSource", "Source", "find"]

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read. `path` is where it lies, "-" for standard input.

    `id` names the document in a store: its posix path below the folder that was given, its file
    name when it was given itself, "stdin" for standard input; longer where two would be the same.
    """

    id: str
    path: str


@dataclass(frozen=True, slots=True)
class SkippedSource:
    """Something that was come upon and is not read, with the reason."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, and how many of the last parts of its path name it."""

    path: Path
    depth: int

    def id(self, longer: int) -> str:
        parts = Path(os.path.abspath(self.path)).parts[1:]  # noqa: PTH100 - resolve() would follow links
        return _printable("/".join(parts[-min(self.depth + longer, len(parts)) :]))


def find(paths: Iterable[str]) -> Iterator[Source | SkippedSource]:
    """Yield what is to be read, in the order given and sorted within a folder, each file once.

    Folders are walked down; hidden names are passed over. In a folder only the kinds that kg reads
    are taken: others are yielded as `SkippedSource`, but for the ``.json`` that describes a text beside
    it. A file that is named is always yielded: `read` tells what is wrong with it, if only that it
    does not exist.
    """
    come_upon = list(_once(_all(paths)))
    longer = _lengths([one for one in come_upon if isinstance(one, _Found)])
    for one in come_upon:
        if isinstance(one, _Found):
            yield Source(one.id(longer[one]), str(one.path))
        else:
            yield one


def _all(paths: Iterable[str]) -> Iterator[_Found | Source | SkippedSource]:
    for given in paths:
        path = Path(given)
        if given == STDIN:
            yield Source("stdin", STDIN)
        elif given and path.is_dir():
            yield from _folder(path)
        elif not _is_sidecar(path):
            yield _Found(path, 1)


def _folder(top: Path) -> Iterator[_Found | SkippedSource]:
    failures: list[OSError] = []
    empty = True
    for here, folders, names in os.walk(top, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if (Path(here) / name).is_symlink():
                yield SkippedSource(_printable(str(Path(here) / name)), "a link to a folder is not followed")
        for name in sorted(name for name in names if not name.startswith(".")):
            path = Path(here) / name
            if media_type(path) and not path.is_file():
                yield SkippedSource(
                    _printable(str(path)), "no file that can be read: a pipe, a device or a broken link"
                )
            elif media_type(path):
                empty = False
                yield _Found(path, len(path.relative_to(top).parts))
            elif not _is_sidecar(path):
                yield SkippedSource(_printable(str(path)), _not_read(path))
    for error in failures:
        yield SkippedSource(_printable(str(error.filename)), f"the folder cannot be listed: {error.strerror}")
    if empty and not failures:
        yield SkippedSource(_printable(str(top)), f"the folder holds no file that kg reads ({', '.join(SUFFIXES)})")


def _not_read(path: Path) -> str:
    kind = f"'{_printable(path.suffix)}' is" if path.suffix else "a name without an ending is"
    return f"{kind} none of the kinds read in a folder ({', '.join(SUFFIXES)}); name the file itself to have it tried"


def _is_sidecar(path: Path) -> bool:
    """Whether this ``.json`` describes a text beside it, and so is no text itself."""
    if path.suffix != ".json":
        return False
    return any(path.with_suffix(each).exists() for suffix in SUFFIXES for each in (suffix, suffix.upper()))


def _once(come_upon: Iterable[_Found | Source | SkippedSource]) -> Iterator[_Found | Source | SkippedSource]:
    seen = set()
    for one in come_upon:
        key = os.path.realpath(one.path) if isinstance(one, _Found) else one
        if key not in seen:
            seen.add(key)
            yield one


def _lengths(found: list[_Found]) -> dict[_Found, int]:
    """Return for each file how many further parts of its path its id needs to be the only one."""
    longer = dict.fromkeys(found, 0)
    while True:
        ids = Counter([*(one.id(longer[one]) for one in found), "stdin"])
        crowded = [
            one for one in found if ids[one.id(longer[one])] > 1 and one.id(longer[one] + 1) != one.id(longer[one])
        ]
        if not crowded:
            return longer
        for one in crowded:
            longer[one] += 1


def _printable(name: str) -> str:
    """Return a file name as text that can be stored: bytes that are no UTF-8 are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")
