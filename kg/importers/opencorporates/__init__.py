"""OpenCorporates' bulk data as CSV: companies of registers the world over, and relationships between them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.importers.contract import Register

__all__ = ["reader", "recognises"]

_COMPANIES = frozenset({b"company_number", b"jurisdiction_code", b"name", b"company_type"})
_RELATIONSHIPS = frozenset({b"relationship_type", b"subject_entity_name", b"object_entity_name"})
_KEY_OF_RELATIONSHIPS = b"oc_relationship_identifier"
_OF_NAMES = frozenset({b"company_number", b"jurisdiction_code"})
_NAMES = frozenset({b"alternative_name", b"company_name", b"name"})
_OF_A_NAME = frozenset({b"end_date", b"language", b"start_date", b"type"})
_OF_OTHERS = frozenset({b"address_type", b"position", b"identifier_system_code", b"uid"})
"""Columns of the files of addresses, officers and further identifiers, which have a company's number too."""


def recognises(head: bytes, name: str) -> bool:
    r"""Whether a file that begins so is one of OpenCorporates' that kg reads; its `name` does not matter.

    >>> recognises(b"company_number,jurisdiction_code,name,normalised_name,company_type\n", "x.csv")
    True

    """
    del name
    return _kind(head) is not None


def reader(path: Path, *, name: str | None, retrieved: str | None, is_delta: bool) -> "Register":
    """Return what reads a file of OpenCorporates. Raises `DocumentError` for another file.

    Args:
        path: companies.csv, relationships.csv or alternative_names.csv, as they are delivered or unpacked.
        name: how the ids of documents begin, by default "opencorporates".
        retrieved: when the file was delivered, for rows that do not say when they were.
        is_delta: whether companies that the file lacks stay.

    """
    from kg.errors import DocumentError
    from kg.importers.opencorporates.companies import CompaniesRegister
    from kg.importers.opencorporates.names import NamesRegister
    from kg.importers.opencorporates.relationships import RelationshipsRegister
    from kg.importers.registers import head_of

    head = head_of(path)
    kind = _kind(head)
    if kind == "companies":
        return CompaniesRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    if kind == "names":
        return NamesRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    if kind == "relationships":
        if _KEY_OF_RELATIONSHIPS not in _columns(head):
            raise DocumentError(
                f"{path} has no column {_KEY_OF_RELATIONSHIPS.decode()}, by which relationships are known: take the"
                " file as it is delivered"
            )
        return RelationshipsRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    raise DocumentError(
        f"{path} is no companies.csv, relationships.csv or alternative_names.csv of OpenCorporates: its"
        f" header lacks {_lacking(head)}"
    )


def _kind(head: bytes) -> str | None:
    columns = _columns(head)
    if columns >= _COMPANIES:
        return "companies"
    if columns >= _RELATIONSHIPS:
        return "relationships"
    is_of_names = columns >= _OF_NAMES and columns & _NAMES and columns & _OF_A_NAME and not columns & _OF_OTHERS
    return "names" if is_of_names else None


def _columns(head: bytes) -> set[bytes]:
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].strip()
    return {cell.strip(b'"') for cell in line.split(b",")}


def _lacking(head: bytes) -> str:
    """Say which columns a file lacks of the kind that it has most of."""
    columns = _columns(head)
    kinds = (_COMPANIES, _RELATIONSHIPS | {_KEY_OF_RELATIONSHIPS})
    lacking = min((kind - columns for kind in kinds), key=len)
    return ", ".join(sorted(name.decode() for name in lacking))
