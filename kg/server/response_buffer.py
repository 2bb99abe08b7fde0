"""Where a worker writes an answer: into memory while it is small, then into a file, within its limits."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

__all__ = ["LimitExceeded", "LimitedBuffer", "RowCounter", "row_counter"]

_IN_MEMORY = 1 << 20
RowCounter: TypeAlias = Callable[[bytes], int]
"""Takes the next bytes of an answer and returns how many rows have ended so far; exact, whatever the cells hold."""

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OPEN_STRING = re.compile(rb'"(?:[^"\\]|\\.)*\\?\Z', re.DOTALL)


class LimitExceeded(Exception):
    """An answer went over a limit."""


class LimitedBuffer(io.RawIOBase):
    """A binary file that takes at most `rows` rows and `size` bytes; a larger answer goes into the file `path`."""

    def __init__(self, path: Path, *, rows: int, size: int) -> None:
        super().__init__()
        self.path = path
        self.refusal: str | None = None
        self.count: RowCounter | None = None
        self._rows, self._most = rows, size
        self._size = 0
        self._small = bytearray()
        self._file: io.FileIO | None = None

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; raise `LimitExceeded`, and keep the reason in `refusal`, where a limit is passed."""
        taken = bytes(data)
        self._size += len(taken)
        if self._size > self._most:
            self._refuse(f"the answer is larger than {self._most >> 20} MB")
        if self.count is not None and self.count(taken) > self._rows:
            self._refuse(f"the answer has more than {self._rows} rows")
        if self._file is None and len(self._small) + len(taken) > _IN_MEMORY:
            self._file = self.path.open("xb", buffering=0)
            self._file.write(self._small)
        if self._file is None:
            self._small += taken
        else:
            self._file.write(taken)
        return len(taken)

    def _refuse(self, why: str) -> None:
        self.refusal = f"{why}: add LIMIT, or ask for less"
        raise LimitExceeded(self.refusal)

    def content(self) -> bytes | Path:
        """Return what was written, or the file that it is in."""
        if self._file is None:
            return bytes(self._small)
        self._file.close()
        return self.path

    def discard(self) -> None:
        """Remove the file of an answer that nobody will read."""
        if self._file is not None:
            self._file.close()
            self.path.unlink(missing_ok=True)


def row_counter(media: str) -> RowCounter | None:
    """Return what counts the rows of an answer in a media type of query results; None for other answers."""
    kinds = {"json": _json_rows, "xml": _xml_rows, "csv": _csv_rows, "tab-separated-values": _tsv_rows}
    return next((make() for kind, make in kinds.items() if media.endswith(kind)), None)


def _json_rows() -> RowCounter:
    # Without strings, rows are the only objects that a comma parts from the next.
    rows, rest = 1, b""

    def count(data: bytes) -> int:
        nonlocal rows, rest
        text = _STRING.sub(b"", rest + data)
        found = _OPEN_STRING.search(text)
        text, tail = (text[: found.start()], text[found.start() :]) if found else (text, b"")
        rows += text.count(b"},{")
        # What may begin a mark stays.
        rest = text[-2:] + tail
        return rows

    return count


def _xml_rows() -> RowCounter:
    rows, rest = 0, b""

    def count(data: bytes) -> int:
        nonlocal rows, rest
        text = rest + data
        rows += text.count(b"</result>")
        rest = text[-8:]
        return rows

    return count


def _csv_rows() -> RowCounter:
    rows, quoted = -1, False

    def count(data: bytes) -> int:
        nonlocal rows, quoted
        for at, part in enumerate(data.split(b'"')):
            quoted = quoted if at == 0 else not quoted
            rows += 0 if quoted else part.count(b"\n")
        return rows

    return count


def _tsv_rows() -> RowCounter:
    rows = -1

    def count(data: bytes) -> int:
        nonlocal rows
        rows += data.count(b"\n")
        return rows

    return count
