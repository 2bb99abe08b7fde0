"""The claims of JSON lines (kg-claims/1)."""

from collections.abc import Iterator
from pathlib import Path

from kg.errors import DocumentError, InvalidRecord
from kg.export.reading.contract import check_format
from kg.formats import CLAIMS
from kg.importers.contract import RecordReject
from kg.model import Claim, Document
from kg.store.json_codec import claim_from, strict_json

__all__ = ["JsonLinesFile"]

_LONGEST = 1 << 24
"""Bytes of a line: no claim has so many."""


class JsonLinesFile:
    """A file of kg-claims/1: see `kg.export.reading.contract`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def document(self, _id: str) -> Document | None:
        """Return None: the file tells nothing of documents but their names."""
        return None

    def notes(self) -> Iterator[str]:
        """Yield nothing: lines hold what kg wrote, or are no claims."""
        return iter(())

    def claims(self) -> Iterator[Claim | RecordReject]:
        """Yield the claims that the lines are."""
        with self._path.open("rb") as stream:
            number = 0
            while line := stream.readline(_LONGEST):
                number += 1
                if len(line) == _LONGEST:
                    raise DocumentError(f"{self._path}, line {number}: has more than {_LONGEST:,} bytes")
                if not line.strip():
                    continue
                try:
                    record = strict_json(line.decode())
                    if number == 1 and isinstance(record, dict):
                        check_format(self._path, record.get("format", CLAIMS), "JSON lines", CLAIMS)
                    yield claim_from(record)
                except (InvalidRecord, UnicodeDecodeError) as error:
                    yield RecordReject(
                        number, number, "claim", line[:40].decode(errors="replace").strip(), f"– {error}"
                    )
