"""Level 2, why no parent is reported: a reporting exception (RepEx-CDF 1.1, 2.1) as a record of its entity.

It names no parent, so it is no claim of one: that natural persons stand behind a company says not who. It stands as a
topic of the entity's record, "parent-exception:direct:NATURAL_PERSONS", beside what level 1 says of it.

Source: GLEIF, Level 2 Data: Reporting Exceptions 2.1 (https://www.gleif.org/en/lei-data/access-and-use-lei-data/level-2-data-reporting-exceptions-2-1-format).
"""

import re

from kg.importers.gleif.records import REGISTER, Understood, known_by_lei
from kg.importers.gleif.tree import Tree, children, day, lei, own_text, text
from kg.importers.record_chunks import BadRecord
from kg.resolve import RegisterRecord

__all__ = ["understood"]

_PARENTS = {
    "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT": "direct",
    "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT": "ultimate",
}
_CODE = re.compile(r"[A-Z][A-Z_]{1,63}")


def understood(tree: Tree) -> Understood:
    """Return what a reporting exception says; raise `BadRecord` where it does not hold."""
    who = lei(tree, "LEI", "LEI")
    category = text(tree, "ExceptionCategory") or ""
    if category not in _PARENTS:
        raise BadRecord("ExceptionCategory", category, f"is no category: there are {', '.join(_PARENTS)}")
    parent = _PARENTS[category]
    key = f"{who}/{parent}"
    record = RegisterRecord(
        known_by_lei(who),
        REGISTER,
        key,
        topics=tuple(f"parent-exception:{parent}:{reason}" for reason in _reasons(tree)),
    )
    return Understood(key, day(tree, "ContentDate", "ContentDate"), f"{who} {category}", records=(record,))


def _reasons(tree: Tree) -> list[str]:
    reasons = [own_text(one) for one in children(tree, "ExceptionReason", "ExceptionReason")]
    if not reasons:
        raise BadRecord("ExceptionReason", "", "is empty: an exception needs a reason")
    for reason in reasons:
        if reason is None or not _CODE.fullmatch(reason):
            raise BadRecord("ExceptionReason", reason or "", "is no code, as NATURAL_PERSONS is one")
    return sorted(dict.fromkeys(filter(None, reasons)))
