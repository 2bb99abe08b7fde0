"""Beneficial ownership data (BODS 0.4, and 0.2–0.3 by upgrade): https://standard.openownership.org."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.importers.bods.importer import BodsRegister

__all__ = ["reader", "recognises"]

_OPENING = re.compile(rb"^(?:\xef\xbb\xbf)?\s*[\[{]")
_MARKS = re.compile(
    rb'"recordType"\s*:\s*"(?:entity|person|relationship)"'
    rb'|"statementType"\s*:\s*"(?:entity|person|ownershipOrControl)Statement"'
)


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - files of BODS have names of all kinds
    """Tell whether a file that begins so is of BODS: it has statements with an id and the type of what they are on.

    >>> recognises(b'[{"statementId": "1", "recordType": "entity"}]', "x.json")
    True

    """
    return bool(_OPENING.match(head)) and b'"statementI' in head and bool(_MARKS.search(head))


def reader(
    path: Path, *, name: str | None = None, retrieved: str | None = None, is_delta: bool = False
) -> "BodsRegister":
    """Return what reads a file of BODS: see `kg.importers.registers.register`."""
    from kg.importers.bods.importer import BodsRegister

    return BodsRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
