"""What a relationship of BODS says that kg has a relation for: shares and votes; all else is left out and counted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.errors import InvalidRecord
from kg.importers.bods.statements import Statement, date_of, optional_text
from kg.importers.record_chunks import BadRecord, LeftOut
from kg.importers.shares import Share
from kg.model import Qualifiers

__all__ = ["SUBSIDIARY", "Tie", "ties_of"]

SUBSIDIARY = "subsidiary-of"
_PERCENT_OF: Mapping[str, str] = {"shareholding": "capital", "votingRights": "votes"}
# As kg writes it, and as GLEIF's level 2 is written in BODS.
_CONSOLIDATED = re.compile(rf"{SUBSIDIARY}|(?:.*\W)?IS_(?:DIRECTLY|ULTIMATELY)_CONSOLIDATED_BY", re.DOTALL)
_BOUNDS = ("exact", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie of a relationship: the interested party holds a stake in the subject, or is its parent."""

    relation: str
    qualifiers: Qualifiers

    @property
    def interest(self) -> tuple[object, ...]:
        """What makes it one interest in several statements: all but the day of the statement, and its end."""
        terms = self.qualifiers.terms()
        return (self.relation, *((name, terms[name]) for name in terms if name not in {"as_of", "end"}))


def ties_of(statement: Statement, left_out: LeftOut) -> list[Tie]:
    """Return the ties that a relationship states, each once. Raises `BadRecord` where one does not hold.

    Args:
        statement: a statement on a relationship.
        left_out: counts interests for which kg has no relation.

    """
    interests = statement.details.get("interests")
    if interests is None or interests == []:
        left_out.add("relationship that names no interest")
        return []
    if not isinstance(interests, list):
        raise BadRecord("interests", interests, "is no list")
    has_components = bool(statement.details.get("componentRecords"))
    ties: dict[Tie, None] = {}
    for interest in interests:
        if not isinstance(interest, dict):
            raise BadRecord("interests", interest, "is no object")
        ties |= dict.fromkeys(_tie(interest, statement, left_out, has_components=has_components))
    return list(ties)


def _tie(
    interest: Mapping[str, Any], statement: Statement, left_out: LeftOut, *, has_components: bool
) -> Iterator[Tie]:
    kind = optional_text(interest.get("type"))
    details = optional_text(interest.get("details"))
    is_parent = kind == "otherInfluenceOrControl" and details is not None and _CONSOLIDATED.fullmatch(details)
    if kind not in _PERCENT_OF and not is_parent:
        left_out.add(f"interest '{kind}', for which kg has no relation" if kind else "interest of no known type")
        return
    try:
        share = _share(interest.get("share"))
        terms = Qualifiers(
            **share,
            percent_of=_PERCENT_OF.get(kind or ""),
            indirect=_indirect(interest, has_components=has_components),
            start=date_of(interest, "startDate"),
            end=date_of(interest, "endDate"),
            as_of=statement.date,
        )
    except InvalidRecord as error:
        raise BadRecord("interests", statement.record, str(error)) from error
    yield Tie(SUBSIDIARY if is_parent else "holds-stake", terms)


def _indirect(interest: Mapping[str, Any], *, has_components: bool) -> bool | None:
    word = optional_text(interest.get("directOrIndirect"))
    if word in {"direct", "indirect"}:
        return word == "indirect"
    # A relationship has components where it goes through others, whatever an interest leaves open.
    return True if has_components else None


def _share(share: object) -> dict[str, Any]:
    """Return the terms of a share. kg's bounds are inclusive: of exclusive ones the text keeps that they are."""
    if share is None:
        return {}
    if not isinstance(share, dict):
        raise BadRecord("share", share, "is no object: it has exact, or minimum and maximum")
    given = {name: _number(name, share[name]) for name in _BOUNDS if share.get(name) is not None}
    if "exact" in given:
        return {"percent": given["exact"]}
    low = max((given[name] for name in ("minimum", "exclusiveMinimum") if name in given), default=None)
    high = min((given[name] for name in ("maximum", "exclusiveMaximum") if name in given), default=None)
    if low is not None and high is not None and low > high:
        raise BadRecord("share", f"{low}–{high}", "has a minimum above its maximum")
    is_low_open = low is not None and given.get("exclusiveMinimum") == low
    is_high_open = high is not None and given.get("exclusiveMaximum") == high
    return Share(low=low, high=high, is_low_open=is_low_open, is_high_open=is_high_open).terms()


def _number(name: str, value: object) -> Decimal:
    try:
        # Numbers come as text, so that no digit is lost.
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise BadRecord(name, value, "is no percentage: write a number from 0 to 100")
    return number
