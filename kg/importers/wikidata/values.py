"""The values of Wikibase's JSON: snaks, statements, ranks; whatever has another shape is no value.

https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.dates import is_partial_date

__all__ = ["Statement", "amount", "item_id", "partial_date", "statements", "text"]

_TIME = re.compile(r"\+(\d{4})-(\d{2})-(\d{2})T")
_YEAR, _MONTH, _DAY = 9, 10, 11
"""Precisions of times: what is vaguer than a year is no date of kg's."""
_QID = re.compile(r"Q[1-9]\d*")
_PERCENT = "Q11229"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: its place among those of its property, its rank, its main snak and its qualifiers by property."""

    index: int
    rank: str
    snak: Mapping[str, Any]
    qualifiers: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether the main snak has a value: Wikidata also says "some value" and "no value"."""
        return self.snak.get("snaktype") == "value"

    def qualifier(self, property_: str) -> Mapping[str, Any]:
        """Return the first snak of a qualifier; {} where there is none."""
        snaks = self.qualifiers.get(property_)
        return snaks[0] if snaks else {}

    @property
    def has_ended(self) -> bool:
        """Whether it has an end, known or not (P582)."""
        return self.qualifier("P582").get("snaktype") in {"value", "somevalue"}


def statements(item: Mapping[str, Any], property_: str) -> list[Statement]:
    """Return the statements of a property, of all ranks; those of another shape than the format's are none."""
    claims = item.get("claims")
    found = claims.get(property_) if isinstance(claims, dict) else None
    return list(_statements(found)) if isinstance(found, list) else []


def _statements(found: Sequence[Any]) -> Iterator[Statement]:
    for index, one in enumerate(found):
        snak = one.get("mainsnak") if isinstance(one, dict) else None
        if isinstance(snak, dict):
            told = one.get("qualifiers")
            qualifiers = told.items() if isinstance(told, dict) else ()
            snaks = {key: _snaks(value) for key, value in qualifiers}
            yield Statement(index, str(one.get("rank", "normal")), snak, snaks)


def _snaks(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _value(snak: Mapping[str, Any]) -> Any:
    data = snak.get("datavalue")
    return data.get("value") if snak.get("snaktype") == "value" and isinstance(data, dict) else None


def item_id(snak: Mapping[str, Any]) -> str | None:
    """Return the id of the item that a snak has for a value; older dumps give its number alone."""
    value = _value(snak)
    if not isinstance(value, dict):
        return None
    found = str(value.get("id") or f"Q{value.get('numeric-id')}")
    return found if _QID.fullmatch(found) else None


def text(snak: Mapping[str, Any]) -> str | None:
    """Return the string, or the text in a language, that a snak has for a value."""
    value = _value(snak)
    told = value.get("text") if isinstance(value, dict) else value
    return " ".join(told.split()) or None if isinstance(told, str) else None


def partial_date(snak: Mapping[str, Any]) -> str | None:
    """Return the time of a snak as a partial date, by its precision; None for one vaguer than a year.

    >>> time = {"time": "+2004-08-19T00:00:00Z", "precision": "10"}
    >>> partial_date({"snaktype": "value", "datavalue": {"value": time}})
    '2004-08'

    """
    value = _value(snak)
    match = _TIME.match(str(value.get("time"))) if isinstance(value, dict) else None
    if match is None:
        return None
    told = str(value.get("precision"))
    parts = {str(_YEAR): 1, str(_MONTH): 2}.get(told, 3 if told.isdigit() and int(told) >= _DAY else 0)
    date = "-".join(match.groups()[:parts])
    return date if parts and is_partial_date(date) else None


def amount(snak: Mapping[str, Any]) -> Decimal | None:
    """Return a proportion as a percentage; None for what is no number.

    >>> amount({"snaktype": "value", "datavalue": {"value": {"amount": "+0.25", "unit": "1"}}})
    Decimal('25.00')

    """
    value = _value(snak)
    if not isinstance(value, dict):
        return None
    try:
        number = Decimal(str(value.get("amount")))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > len(_PERCENT) * 2:
        return None
    return number if str(value.get("unit")).endswith(f"/{_PERCENT}") else number * 100
