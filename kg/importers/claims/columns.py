"""The columns of a list of own claims: those of edges, and those that the table of claims is exported with."""

from collections.abc import Mapping

from kg.errors import EdgeListError, did_you_mean
from kg.importers.edges.columns import COLUMNS, Columns

__all__ = ["LEFT_OUT", "OWN_COLUMNS", "renamed_columns"]

LEFT_OUT = (
    *("fact", "lang", "from", "to", "quote", "recorded_at", "method", "confidence", "claim"),
    *("valid_from", "valid_until", "undecided", "today", "reasons", "selection"),
)
"""Columns of an export that tell how a claim was read, or what follows from it: an own claim takes nothing of them."""

_ENDS = {name: known for name, known in COLUMNS.items() if name != "source"}
_OWN = (
    *("subject_id", "object_id", "value", "unit", "quantity", "as_printed"),
    *("source", "author", "tier", "outcome", "retracted_at"),
)
OWN_COLUMNS: Mapping[str, str] = {
    **_ENDS,
    **{name: name for name in _OWN},
    "date": "known_from",
    "document": "source",
    "url": "source",
    **dict.fromkeys(LEFT_OUT, ""),
}
"""What each column means, by every name that it may go by; "" is left out."""
_NEEDED = {"subject": ("subject", "holder", "owner", "parent"), "object": ("object", "issuer", "company", "value")}


def renamed_columns(pairs: Mapping[str, str]) -> Columns:
    """Return the columns of a list whose own names are told: each with what it means, "" to leave it out.

    Raises `EdgeListError` for a meaning that there is not.

    >>> renamed_columns({"Actionnaire": "subject", "Note": ""}).of_header(["Actionnaire", "issuer", "Note"], "a.csv")
    {'Actionnaire': 'subject', 'issuer': 'object', 'Note': ''}

    """
    for own, known in pairs.items():
        if known and known not in OWN_COLUMNS:
            hint = did_you_mean(known, OWN_COLUMNS) or f" There are: {', '.join(OWN_COLUMNS)}."
            raise EdgeListError(f"column '{own}' cannot be '{known}': there is no such column.{hint}")
    renamed = {own: OWN_COLUMNS[known] if known else "" for own, known in pairs.items()}
    return Columns(OWN_COLUMNS, _NEEDED, renamed, may_be_nameless=True, told=pairs)
