"""Inline XBRL: the facts of a filing that tell whose it is, and how much of its sales its customers are.

The other facts, thousands in an annual report, are figures of the company's own accounts and are left alone.
https://www.xbrl.org/specification/inlinexbrl-part1/rec-2013-11-18/inlinexbrl-part1-rec-2013-11-18.html
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.xbrl import XbrlFact

__all__ = ["tagged"]

_NAMES = frozenset(
    {
        "ConcentrationRiskPercentage",
        "ConcentrationRiskPercentage1",
        "EntityCentralIndexKey",
        "LegalEntityIdentifier",
        "NameOfReportingEntityOrOtherMeansOfIdentification",
        "TradingSymbol",
    }
)
_MOST = 10_000
"""Facts of these names in one page; a filing has some dozens."""
_LARGEST = 30
"""Powers of ten that a figure is scaled by; a filing has -2 to 9."""


def tagged(tree: Any) -> list[tuple[Any, XbrlFact]]:
    """Return the elements of a page that are such facts, each with its fact, which has no place yet."""
    marked = tree.xpath("//*[@contextref and contains(@name, ':')]")
    chosen = [element for element in marked if _local(element.get("name")) in _NAMES][:_MOST]
    if not chosen:
        return []
    contexts = {each.get("id"): each for each in tree.xpath("//*[substring-after(name(), ':') = 'context']")}
    return [(element, _fact(element, contexts)) for element in chosen]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _fact(element: Any, contexts: Mapping[str | None, Any]) -> XbrlFact:
    context = contexts.get(element.get("contextref"))
    parts = [] if context is None else list(context.iter())
    told = {_local(each.tag): " ".join((each.text or "").split()) for each in parts}
    period = tuple(told.get(name) or told.get("instant", "") for name in ("startdate", "enddate"))
    identifier = next((each for each in parts if _local(each.tag) == "identifier"), None)
    return XbrlFact(
        element.get("name"),
        _value(element),
        period=(period[0], period[1]) if all(period) else None,
        members=tuple(
            (each.get("dimension") or "", " ".join((each.text or "").split()))
            for each in parts
            if _local(each.tag) == "explicitmember"
        ),
        entity=None if identifier is None else (identifier.get("scheme") or "", told["identifier"]),
    )


def _value(element: Any) -> str:
    """Return the value of a fact: a figure scaled and with its sign, another text on one line."""
    text = " ".join("".join(element.itertext()).split())
    if _local(element.tag) != "nonfraction":
        return text
    digits = text.replace(" ", "")
    digits = digits.replace(".", "").replace(",", ".") if "comma" in (element.get("format") or "") else digits
    try:
        scale = int(element.get("scale") or 0)
        figure = Decimal(digits.replace(",", "")).scaleb(max(min(scale, _LARGEST), -_LARGEST))
    except (InvalidOperation, ValueError):
        # Words ("no", "one") and dashes stand for figures, too; no share of sales is written so.
        return text
    return f"{-figure if element.get('sign') == '-' else figure:f}"
