"""When what was said is what gold says: names, relations, modalities, terms.

The definitions are those that come with the gold format (kg-gold/1). They are fixed here, not read
from the ontology: a figure of last year can be compared with one of today only if both count alike.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

__all__ = [
    "ALSO",
    "GROUPS",
    "NUMERIC",
    "RELATIONS",
    "SYMMETRIC",
    "TERMS",
    "Key",
    "Value",
    "key",
    "norm",
    "same",
    "term_name",
]

Key: TypeAlias = tuple[str, str, str]
"""An edge as it is compared: subject, relation, object; of a symmetric relation in order of the names."""

Value: TypeAlias = str | int | float | bool | None
"""The value of a term, as JSON has it."""

RELATIONS = frozenset(
    (
        *("invests-in", "supplies", "competes-with", "holds-stake", "acquires", "partners-with"),
        *("subsidiary-of", "merges-with", "lends-to", "revenue-share-from"),
    )
)
"""The relations that are scored; claims of others are left alone."""

SYMMETRIC = frozenset({"competes-with", "partners-with", "merges-with"})

GROUPS: Mapping[str, str] = {
    "asserted": "asserted",
    "announced": "future",
    "planned": "future",
    "conditional": "future",
    "past": "past",
    "ended": "past",
    "terminated": "past",
    "hedged": "hedged",
    "alleged": "hedged",
    "denied": "denied",
}
"""The group of each status: two of one group are the same answer."""

ALSO: Mapping[str, frozenset[str]] = {
    "announced": frozenset({"asserted", "future"}),
    "past": frozenset({"past", "asserted"}),
}
"""The groups that are right where gold has this status: an announced deal reads as a fact to one, a plan to another."""

TERMS = frozenset(
    (
        *("amount", "currency", "percent", "duration", "quantity", "start", "end", "as_of"),
        *("percent_of_supplier_revenue", "quantity_min"),
    )
)
"""The terms of gold that are scored."""

NUMERIC = frozenset({"amount", "percent", "quantity", "percent_of_supplier_revenue", "quantity_min"})
"""The terms that are numbers, and equal within half a per cent of what gold has."""

_TOLERANCE = Decimal("0.005")
_DATES = frozenset({"start", "end", "as_of"})
_ALIASES = {"percent_of_supplier_revenue": "percent", "quantity_min": "quantity"}
_LEGAL = re.compile(
    r"[\s,]+(inc|incorporated|corp|corporation|co|company|ltd|limited|llc|plc|sa|sas|ag|gmbh|nv|se|"
    r"group|groupe|holdings?|systems|technologies|technology)\.?$"
)
_ARTICLE = re.compile(r"^(the|la|le|les|l'|groupe)\s*")


def norm(name: str) -> str:
    """Return a name as it is compared: without case, quotes, article, legal form.

    >>> norm("Le Groupe Tarnos, S.A."), norm("L’Oréal"), norm("Red-Hat Inc.")
    ('groupe tarnos, s.a', 'oréal', 'red hat')
    """
    text = unicodedata.normalize("NFKC", name).replace("’", "'").casefold().strip(" .\"'«»")
    text = _ARTICLE.sub("", text) or text
    before = None
    while before != text:
        before, text = text, _LEGAL.sub("", text)
    return re.sub(r"[\s\-]+", " ", text)


def key(subject: str, relation: str, object_: str) -> Key:
    """Return an edge as it is compared: the ends of a symmetric relation in one order."""
    if relation in SYMMETRIC and object_ < subject:
        subject, object_ = object_, subject
    return subject, relation, object_


def term_name(name: str) -> str:
    """Return what a claim calls a term of gold: gold's percent_of_supplier_revenue is its percent."""
    return _ALIASES.get(name, name)


def same(term: str, gold: Value, claimed: Value, numeric: frozenset[str] = NUMERIC) -> bool | None:
    """Tell whether a term's value is right; None where nothing is said.

    Numbers are right within half a per cent of gold's, dates where one is the other's beginning
    (2024 and 2024-03), all else where it is the same but for case and what stands in brackets.
    """
    if claimed is None:
        return None
    if term in numeric:
        try:
            expected, actual = Decimal(str(gold)), Decimal(str(claimed))
        except InvalidOperation:
            return False
        return abs(expected - actual) <= abs(expected) * _TOLERANCE
    first, second = (re.sub(r"\s*\(.*", "", str(value)).casefold() for value in (gold, claimed))
    if term in _DATES:
        return first.startswith(second) or second.startswith(first)
    return first == second
