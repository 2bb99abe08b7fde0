"""What every reader of an export promises.

equal      the claims are those that were written: identity, ends, terms, evidence, clocks, modality, outcome, reasons
whole      what is no such file, is cut off or is of another version of the format is refused in one line
rejects    a claim that does not hold, or was changed after it was written, is told by its place and left out
streaming  memory grows with entities and documents, not with claims
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from kg import formats
from kg.errors import DocumentError, InvalidRecord
from kg.importers.contract import RecordReject
from kg.model import Claim, Document

__all__ = ["ExportFile", "check_format", "read_claims"]


class ExportFile(Protocol):
    """A file or a folder that kg exported, for reading."""

    def claims(self) -> Iterator[Claim | RecordReject]:
        """Yield the claims in the order of the file, and in their place those that do not hold.

        Raises `DocumentError` for what is no such file, or is not whole.
        """

    def document(self, id_: str) -> Document | None:
        """Return what the file tells of a document, but for its text, once its claims were read; None for nothing."""

    def notes(self) -> Iterator[str]:
        """Yield what of a file that was read kg has no use for, a line each."""


def read_claims(file: ExportFile) -> Iterator[Claim]:
    """Yield the claims of an export; raise `InvalidRecord` at the first that does not hold."""
    for claim in file.claims():
        if not isinstance(claim, Claim):
            raise InvalidRecord(str(claim))
        yield claim


def check_format(path: Path, form: object, what: str, wanted: str = formats.EXCHANGE) -> None:
    """Refuse what is not of kg, or of another version of the format that is wanted; raise `DocumentError`."""
    if form == wanted:
        return
    if isinstance(form, str) and form.startswith("kg-"):
        raise DocumentError(f"{path} is of the format {form[:40]}, this kg reads {wanted}: use the kg that wrote it")
    raise DocumentError(f"{path} is {what}, but kg did not write it: it does not say {wanted}")
