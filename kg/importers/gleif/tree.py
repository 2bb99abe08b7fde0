"""A record of the Common Data File formats as a tree, whichever format it came in.

A leaf is its text; one that has attributes is a mapping of "$" (the text), "@type" and "@lang". What may stand several
times is a list, or the one thing. This is how GLEIF writes the golden copy as JSON, and near to what others make of it.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from kg.errors import InvalidRecord
from kg.identifiers import canonical
from kg.importers.record_chunks import BadRecord
from kg.validation import check_date

__all__ = ["Tree", "children", "day", "is_checked", "lei", "own_text", "text"]

Tree: TypeAlias = dict[str, Any]

_LEI = re.compile(r"[0-9A-Z]{18}[0-9]{2}", re.ASCII)


def own_text(node: object) -> str | None:
    """Return the text of a leaf, its blanks run together; None where it has none, or is no leaf.

    >>> own_text({"$": " Acme   SA ", "@lang": "fr"}), own_text(""), own_text({"Country": "FR"})
    ('Acme SA', None, None)

    """
    if isinstance(node, list) and len(node) == 1:
        node = node[0]
    if isinstance(node, dict):
        node = node.get("$")
    return " ".join(node.split()) or None if isinstance(node, str) else None


def text(node: object, *path: str) -> str | None:
    """Return the text of the leaf at the end of a path; None where there is none.

    >>> text({"Entity": {"LegalName": {"$": "Acme SA"}}}, "Entity", "LegalName")
    'Acme SA'

    """
    return own_text(_at(node, path))


def children(node: object, container: str, item: str) -> Iterator[Any]:
    """Yield the items of a container, one or many, also where its format leaves out the one or the other level.

    >>> list(children({"Names": {"Name": ["a", "b"]}}, "Names", "Name"))
    ['a', 'b']
    >>> list(children({"Names": [{"type": "x", "Name": "a"}]}, "Names", "Name"))
    [{'type': 'x', 'Name': 'a'}]

    """
    held = _at(node, (container,))
    if isinstance(held, dict) and item in held:
        held = held[item]
    if held is not None:
        yield from held if isinstance(held, list) else (held,)


def _at(node: object, path: tuple[str, ...]) -> object:
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node


def lei(node: object, field: str, *path: str) -> str:
    """Return the LEI at the end of a path; raise `BadRecord` where there is none.

    Its check digits need not hold (`is_checked`): GLEIF has published some with others, and they are its keys too.
    """
    found = text(node, *path) or ""
    if not _LEI.fullmatch(found.upper()):
        raise BadRecord(field, found, "is no LEI: write 18 letters and digits, and 2 check digits (ISO 17442)")
    return found.upper()


def is_checked(key: str) -> bool:
    """Tell whether the check digits of an LEI hold.

    >>> is_checked("506700GE1G29325QX363"), is_checked("39120001Z9GOWMYW0G44")
    (True, False)

    """
    return canonical("lei", key) is not None


def day(node: object, field: str, *path: str) -> str | None:
    """Return the day of a moment (XML Schema dateTime) as it is written; raise `BadRecord` for what is none.

    >>> day({"EntityCreationDate": "2012-11-29T00:00:00.000Z"}, "start", "EntityCreationDate")
    '2012-11-29'

    """
    found = text(node, *path)
    if found is None:
        return None
    written = found.partition("T")[0]
    try:
        check_date(field, written)
    except InvalidRecord as error:
        raise BadRecord(field, found, "is no date: write YYYY-MM-DD, with a time or without") from error
    return written
