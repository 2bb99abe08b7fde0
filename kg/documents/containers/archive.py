"""What archives have in common: which members are documents, and how much of one is unpacked.

Nothing is ever written: members are unpacked in memory, up to a limit, whatever the archive says of their sizes.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol

from kg.documents import formats
from kg.documents.sources import suffix_reason

__all__ = ["RATIO", "TOTAL", "ReadLimit", "is_hidden", "is_sidecar", "numbered", "read_up_to", "refusal"]

TOTAL = 4 * 1024 * 1024 * 1024
"""The most bytes to which the documents of an archive may unpack: some hundred thousand articles."""
RATIO = 200
"""The most times that a document of more than a mebibyte may be compressed: text is ten times, a bomb a thousand."""
_DIRECTORY = 16 * 1024 * 1024
"""The most bytes that a library may read at once, as an archive's directory: it believes what it is told."""
_CHUNK = 1 << 16


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class ReadLimit:
    """A file of which no more than 16 MiB are read at once."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read, or raise `OSError` where too much is asked for."""
        wanted = size if size is not None and size >= 0 else _DIRECTORY + 1
        data = self._file.read(min(wanted, _DIRECTORY + 1))
        if len(data) > _DIRECTORY:
            raise OSError(f"a part of more than {_DIRECTORY >> 20} MiB is to be read at once")
        return data


def read_up_to(stream: _Stream, limit: int) -> bytes:
    """Return the bytes of a stream, one more than `limit` at the most."""
    pieces, size = [], 0
    while size <= limit and (piece := stream.read(_CHUNK)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def is_hidden(name: str) -> bool:
    """Return whether a member is a folder, or one that a folder would not be searched for.

    >>> is_hidden("news/.DS_Store"), is_hidden("__MACOSX/news/a.txt"), is_hidden("../a.txt")
    (True, True, False)
    """
    parts = PurePosixPath(name).parts
    return name.endswith("/") or any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)


def is_sidecar(name: str, names: AbstractSet[str]) -> bool:
    """Return whether a member is a ``.json`` file that describes a text beside it."""
    path = PurePosixPath(name)
    return path.suffix == ".json" and any(str(path.with_suffix(suffix)) in names for suffix in formats.DESCRIBED)


def refusal(name: str) -> str | None:
    """Return why a member of this name is not read, None where it is."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        return "its name leads out of the archive: unpack it yourself if you trust it"
    return None if formats.media_type(path) else suffix_reason(path).partition(";")[0].replace("a folder", "an archive")


def numbered(names: Iterator[str]) -> Iterator[str]:
    """Yield the names of members, a second one of a name with a number behind it."""
    taken: dict[str, int] = {}
    for name in names:
        taken[name] = taken.get(name, 0) + 1
        yield name if taken[name] == 1 else f"{name}~{taken[name]}"
