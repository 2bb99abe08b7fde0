"""A filing in XML, alone or within the text of its whole submission, whose header tells when it was filed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kg.importers.packed import lines_of, unpacked
from kg.importers.sec.fields import day

__all__ = ["FilingPart", "filing_parts"]

_ACCESSION = re.compile(rb"^ACCESSION NUMBER:\s*(\d{10}-\d{2}-\d{6})\s*$")
_FILED = re.compile(rb"^FILED AS OF DATE:\s*(\d{8})\s*$")
_HEAD = 16


@dataclass(frozen=True, slots=True)
class FilingPart:
    """A document in XML of a filing, as a stream; the filing's accession number and day, where a header tells them."""

    stream: IO[bytes]
    accession: str | None = None
    filed: str | None = None


def filing_parts(path: Path) -> Iterator[FilingPart]:
    """Yield the documents in XML of a filing, each to be read before the next. Raises `DocumentError`.

    The text of a submission (https://www.sec.gov/submit-filings/technical-specifications, PDS) has a header and holds
    each between <XML> and </XML>.
    """
    with unpacked(path) as stream:
        if not stream.read(_HEAD).lstrip().startswith((b"<SEC-DOC", b"-----BEGIN")):
            is_whole = False
        else:
            is_whole = True
            accession = filed = None
            lines = lines_of(stream, path)
            for line in lines:
                if match := _ACCESSION.match(line):
                    accession = match[1].decode()
                elif match := _FILED.match(line):
                    filed = day(match[1].decode())
                elif line.strip() == b"<XML>":
                    part = _Part(lines)
                    yield FilingPart(part, accession, filed)  # type: ignore[arg-type]
                    part.skip()
    if not is_whole:
        with unpacked(path) as stream:
            yield FilingPart(stream)


class _Part:
    """The lines up to </XML> as a stream."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._is_over = lines, False

    def read(self, size: int = -1) -> bytes:
        taken, length = [], 0
        while not self._is_over and (size < 0 or length < size):
            line = next(self._lines, b"</XML>")
            self._is_over = line.strip() == b"</XML>"
            if not self._is_over:
                taken.append(line)
                length += len(line)
        return b"".join(taken)

    def skip(self) -> None:
        while not self._is_over:
            self.read(1)
