"""Rows of an answer as lines of text: the same as its data, for an assistant that is shown text alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from kg.mcp.sections import Section

__all__ = ["head_text", "row_text", "section_text"]

_TITLES: Mapping[Section, str] = {
    Section.ROWS: "ROWS",
    Section.FACTS: "FACTS, which hold on the day asked for",
    Section.UNDECIDED: "UNDECIDED: what the sources say leaves open whether this holds",
    Section.PLANS: "PLANS, no facts: announced, planned or conditional",
    Section.REPORTS: "REPORTS, no facts: hearsay",
    Section.DENIED: "DENIED",
    Section.PAST: "PAST: over, or not current on the day asked for",
    Section.LEADS: "LEADS, no facts: not admitted, to be checked by a person",
}
_IDS = "_id"


def section_text(section: Section) -> str:
    """Return the line above a list."""
    return f"{_TITLES[section]}:"


def head_text(head: Mapping[str, Any]) -> str:
    """Return what stands above all rows, a line each."""
    return "\n".join(f"{name}: {_words(value)}" for name, value in head.items() if value not in (None, [], {}))


def row_text(number: int, row: Mapping[str, Any]) -> str:
    """Return a row, numbered from 1; the claims under it have a line each.

    >>> print(row_text(0, {"subject": "⟦A⟧", "relation": "supplies", "object": "⟦B⟧", "date": "2025"}))
    1. ⟦A⟧ supplies ⟦B⟧; date: 2025
    """
    rest = dict(row)
    claims = rest.pop("claims") if isinstance(rest.get("claims"), list) else ()
    lead = ""
    if {"subject", "relation"} <= rest.keys():
        subject, relation = rest.pop("subject"), rest.pop("relation")
        lead = f"{subject} {relation} {_words(rest.pop('object', None))}".strip()
    parts = [
        f"{name}: {_words(value)}"
        for name, value in rest.items()
        if value not in (None, [], {}) and not name.endswith(_IDS)
    ]
    line = "; ".join(filter(None, (lead, *parts)))
    return "\n".join((f"{number + 1}. {line}", *map(_claim, claims)))


def _claim(claim: Mapping[str, Any] | str) -> str:
    if isinstance(claim, str):
        return f"   claim {claim}"
    rest = {name: value for name, value in claim.items() if name not in {"claim", "quote"} and value is not None}
    told = "; ".join(f"{name}: {_words(value)}" for name, value in rest.items())
    return f"   claim {claim['claim']}: {claim['quote']} ({told})"


def _words(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{name} {_words(each)}" for name, each in value.items() if each not in (None, [], {}))
        case str():
            return value
        case Sequence():
            return " | ".join(map(_words, value))
    return str(value)
