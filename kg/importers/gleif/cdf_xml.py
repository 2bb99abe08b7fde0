"""CDF as XML: record by record, each with the text of its element to the letter."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from kg.importers.gleif.records import Header, RawRecord
from kg.importers.xml_elements import XmlElement, xml_records
from kg.places import PlaceKind

__all__ = ["read_xml"]

_HEADERS = frozenset({"LEIHeader", "Header"})
_RECORDS = frozenset({"LEIRecord", "RelationshipRecord", "Exception"})
_UNREAD = frozenset(
    {"Geocoding", "HeadquartersAddress", "OtherAddresses", "TransliteratedOtherAddresses", "ValidationAuthority"}
)
"""Elements of which nothing is read: they are half of a record."""


def read_xml(stream: IO[bytes], path: Path, header: Header) -> Iterator[RawRecord]:
    """Yield the records of a CDF file; what its header says is put into `header`.

    Raises `DocumentError` for what is no XML, is cut off or would do harm (`kg.importers.xml_elements`).
    """
    number = 0
    for record in xml_records(stream, _HEADERS | _RECORDS, path, unread=_UNREAD):
        tree = _tree(record.root)
        if record.root.name in _HEADERS:
            header.fields.update({name: value for name, value in tree.items() if isinstance(value, str)})
            continue
        number += 1
        yield RawRecord(number, record.text, tree, (PlaceKind.LINE, str(record.line)), record.line)


def _tree(element: XmlElement) -> dict[str, Any]:
    """Return what an element holds: elements that stand once as they are, the others as lists."""
    tree: dict[str, Any] = {}
    for child in element.children:
        value = _value(child)
        held = tree.setdefault(child.name, value)
        if held is value:
            continue
        if isinstance(held, list):
            held.append(value)
        else:
            tree[child.name] = [held, value]
    return tree


def _value(element: XmlElement) -> Any:
    value: Any = _tree(element) if element.children else element.text
    if not element.attributes:
        return value
    attributes = {f"@{name}": told for name, told in element.attributes.items()}
    return attributes | (value if isinstance(value, dict) else {"$": value})
