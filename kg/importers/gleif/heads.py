"""What a file of GLEIF is, by how it begins: its format, and what its records are of."""

import re
from enum import Enum

from kg.importers.gleif.records import Kind

__all__ = ["Format", "format_of", "golden_key", "is_gleif", "sort_of"]


class Format(Enum):
    """The formats in which GLEIF publishes its data."""

    XML = "xml"
    JSON = "json"
    JSON_LINES = "jsonl"
    CSV = "csv"
    TURTLE = "turtle"


_XML = re.compile(rb"<(?:\w+:)?(?:LEIData|RelationshipData|ReportingExceptionData)[\s>]")
_JSON = re.compile(rb'"(Relationship|ExceptionCategory|LegalName)"\s*:')
_GOLDEN = re.compile(rb'\{\s*"(records|relations|exceptions)"\s*:\s*\[')
_NODES = re.compile(rb'"(?:StartNode|RelationshipRecord)"\s*:')
_LEI = re.compile(rb'"LEI"\s*:\s*(?:\{\s*"\$"\s*:\s*)?"[0-9A-Z]{18}[0-9]{2}"')
_CSV = re.compile(rb'"?(?:LEI"?,(?=[^\r\n]*(?:Entity\.LegalName|Exception\.Category))|Relationship\.StartNode\.NodeID)')
_TURTLE = re.compile(rb"<https://www\.gleif\.org/ontology/(?:L1|L2|ReportingException)/")
_INSTANCES = re.compile(rb"\bhas(?:LegalName|Child|ExceptionReason)\b")
_BOM = b"\xef\xbb\xbf"

_SORTS = (
    (Kind.EXCEPTION, re.compile(rb'ReportingExceptionData|"ExceptionCategory"|Exception\.Category|hasExceptionReason')),
    (Kind.RELATIONSHIP, re.compile(rb'RelationshipData|"StartNode"|Relationship\.StartNode|hasChild\b')),
    (Kind.ENTITY, re.compile(rb'LEIData|"LegalName"|Entity\.LegalName|hasLegalName\b')),
)


def format_of(head: bytes) -> Format:
    """Return the format of a file by its first bytes; what begins as no other is CSV.

    >>> format_of(b'<?xml version="1.0"?><lei:LEIData'), format_of(b"LEI,Entity.LegalName")
    (<Format.XML: 'xml'>, <Format.CSV: 'csv'>)

    """
    start = head.removeprefix(_BOM).lstrip()
    if start.startswith((b"#", b"@")) or start[:7].lower() == b"prefix ":
        return Format.TURTLE
    if start.startswith(b"<"):
        is_xml = start.startswith((b"<?xml", b"<!")) or _XML.match(start) is not None
        return Format.XML if is_xml else Format.TURTLE
    if start.startswith(b"{"):
        return Format.JSON if golden_key(head) else Format.JSON_LINES
    return Format.JSON if start.startswith(b"[") else Format.CSV


def golden_key(head: bytes) -> tuple[str, ...]:
    """Return the key under which the golden copy has its records, in JSON; none where they stand at the top.

    >>> golden_key(b'{"records": ['), golden_key(b"[")
    (('records',), ())

    """
    match = _GOLDEN.match(head.removeprefix(_BOM).lstrip())
    return (match[1].decode(),) if match else ()


def sort_of(head: bytes) -> Kind:
    """Return what the records of a file are of, by the one that comes first.

    >>> sort_of(b"Relationship.StartNode.NodeID,Relationship.StartNode.NodeIDType")
    <Kind.RELATIONSHIP: 'rr'>

    """
    found = ((match.start(), kind) for kind, names in _SORTS if (match := names.search(head)) is not None)
    return min(found, default=(0, Kind.ENTITY))[1]


def is_gleif(head: bytes) -> bool:
    """Tell whether a file that begins so is one of GLEIF's: level 1, level 2 or exceptions, in one of its formats.

    >>> is_gleif(b"LEI,Entity.LegalName,Entity.LegalAddress.Country"), is_gleif(b"lei,name")
    (True, False)

    """
    kind = format_of(head)
    if kind is Format.XML:
        return _XML.search(head) is not None
    if kind is Format.CSV:
        return _CSV.match(head.removeprefix(_BOM).lstrip()) is not None
    if kind is Format.TURTLE:
        return _TURTLE.search(head) is not None and _INSTANCES.search(head) is not None
    told = {match[1] for match in _JSON.finditer(head)}
    if b"Relationship" in told and _NODES.search(head) is not None:
        return True
    return bool(told - {b"Relationship"}) and _LEI.search(head) is not None
