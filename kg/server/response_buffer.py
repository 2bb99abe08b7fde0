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
    """An answer has more rows or bytes than it may."""


class LimitedBuffer(io.RawIOBase):
    """A binary file that takes at most `rows` rows and `size` bytes; a large answer goes into the file `path`.

    `limit_message` says which limit was exceeded, None where none was. `row_counter` counts rows where it is set.
    """

    def __init__(self, path: Path, *, rows: int, size: int) -> None:
        super().__init__()
        self.path = path
        self.limit_message: str | None = None
        self.row_counter: RowCounter | None = None
        self._max_rows, self._max_size = rows, size
        self._size = 0
        self._memory = bytearray()
        self._file: io.FileIO | None = None

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes, and return how many; raise `LimitExceeded` where a limit is exceeded."""
        chunk = bytes(data)
        self._size += len(chunk)
        if self._size > self._max_size:
            self._exceed(f"the answer is larger than {self._max_size >> 20} MB")
        if self.row_counter is not None and self.row_counter(chunk) > self._max_rows:
            self._exceed(f"the answer has more than {self._max_rows} rows")
        if self._file is None and len(self._memory) + len(chunk) > _IN_MEMORY:
            self._file = self.path.open("xb", buffering=0)
            self._file.write(self._memory)
        if self._file is None:
            self._memory += chunk
        else:
            self._file.write(chunk)
        return len(chunk)

    def _exceed(self, reason: str) -> None:
        self.limit_message = f"{reason}: add LIMIT, or ask for less"
        raise LimitExceeded(self.limit_message)

    def content(self) -> bytes | Path:
        """Return what was written, or the path of the file that holds it."""
        if self._file is None:
            return bytes(self._memory)
        self._file.close()
        return self.path

    def discard(self) -> None:
        """Remove the file of an answer that nobody will read."""
        if self._file is not None:
            self._file.close()
            self.path.unlink(missing_ok=True)


def row_counter(media_type: str) -> RowCounter | None:
    r"""Return what counts the rows of an answer in a media type of query results; None for other media types.

    Example:
        >>> count = row_counter("text/csv")
        >>> count(b'name\r\n"one'), count(b'\nrow"\r\n')
        (0, 1)

    """
    counters = {
        "json": _json_counter,
        "xml": _xml_counter,
        "csv": _csv_counter,
        "tab-separated-values": _tsv_counter,
    }
    return next((make() for suffix, make in counters.items() if media_type.endswith(suffix)), None)


def _json_counter() -> RowCounter:
    # With its strings taken out, rows are the only objects that a comma separates from the next.
    rows, rest = 1, b""

    def count(chunk: bytes) -> int:
        nonlocal rows, rest
        text = _STRING.sub(b"", rest + chunk)
        match = _OPEN_STRING.search(text)
        text, tail = (text[: match.start()], text[match.start() :]) if match else (text, b"")
        rows += text.count(b"},{")
        # The end may be the beginning of a separator.
        rest = text[-2:] + tail
        return rows

    return count


def _xml_counter() -> RowCounter:
    rows, rest = 0, b""

    def count(chunk: bytes) -> int:
        nonlocal rows, rest
        text = rest + chunk
        rows += text.count(b"</result>")
        rest = text[-8:]
        return rows

    return count


def _csv_counter() -> RowCounter:
    rows, is_quoted = -1, False

    def count(chunk: bytes) -> int:
        nonlocal rows, is_quoted
        for index, part in enumerate(chunk.split(b'"')):
            is_quoted = is_quoted if index == 0 else not is_quoted
            rows += 0 if is_quoted else part.count(b"\n")
        return rows

    return count


def _tsv_counter() -> RowCounter:
    rows = -1

    def count(chunk: bytes) -> int:
        nonlocal rows
        rows += chunk.count(b"\n")
        return rows

    return count
