"""FollowTheMoney: entities as JSON lines, nested or flat, and statements as CSV: https://followthemoney.tech."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.importers.ftm.importer import FtmRegister

__all__ = ["reader", "recognises"]

_OPENING = re.compile(rb"^(?:\xef\xbb\xbf)?\s*[\[{]")
_SCHEMA = re.compile(rb'"schema"\s*:\s*"[A-Z][A-Za-z]+"')
_PROPERTIES = re.compile(rb'"properties"\s*:\s*\{')
_COLUMNS = {b"canonical_id", b"prop", b"schema", b"value"}


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - files of FollowTheMoney have names of all kinds
    """Tell whether a file that begins so has entities or statements of FollowTheMoney.

    >>> recognises(b'{"id": "a", "schema": "Company", "properties": {"name": ["Acme"]}}', "entities.ftm.json")
    True
    >>> recognises(b"canonical_id,entity_id,prop,schema,value,dataset", "statements.csv")
    True

    """
    if _OPENING.match(head):
        return bool(_SCHEMA.search(head) and _PROPERTIES.search(head) and b'"id"' in head)
    columns = {column.strip(b'" \r\xef\xbb\xbf') for column in head.partition(b"\n")[0].split(b",")}
    return columns >= _COLUMNS


def reader(
    path: Path, *, name: str | None = None, retrieved: str | None = None, is_delta: bool = False
) -> "FtmRegister":
    """Return what reads a file of FollowTheMoney: see `kg.importers.registers.register`."""
    from kg.importers.ftm.importer import FtmRegister

    return FtmRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
