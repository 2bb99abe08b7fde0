"""OpenCorporates' bulk data as CSV: companies of registers the world over, and relationships between them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.importers.contract import Register

__all__ = ["reader", "recognises"]

_COMPANIES = frozenset({b"company_number", b"jurisdiction_code", b"name", b"company_type"})
_RELATIONSHIPS = frozenset({b"relationship_type", b"subject_entity_name", b"object_entity_name"})


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
        path: companies.csv or relationships.csv, as they are delivered or unpacked.
        name: how the ids of documents begin, by default "opencorporates".
        retrieved: when the file was delivered, for rows that do not say when they were.
        is_delta: whether companies that the file lacks stay.

    """
    from kg.errors import DocumentError
    from kg.importers.opencorporates.companies import CompaniesRegister
    from kg.importers.opencorporates.relationships import RelationshipsRegister
    from kg.importers.registers import head_of

    kind = _kind(head_of(path))
    if kind == "companies":
        return CompaniesRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    if kind == "relationships":
        return RelationshipsRegister(path, name=name, retrieved=retrieved, is_delta=is_delta)
    raise DocumentError(f"{path} is no companies.csv or relationships.csv of OpenCorporates: its header has others")


def _kind(head: bytes) -> str | None:
    columns = {cell.strip(b'"') for cell in head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].strip().split(b",")}
    if columns >= _COMPANIES:
        return "companies"
    return "relationships" if columns >= _RELATIONSHIPS else None
