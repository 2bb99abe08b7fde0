"""Schedules 13D and 13G as text: who holds how much of a class of an issuer's shares (17 CFR 240.13d-101, 13d-102)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from kg.extract.dates import dates
from kg.extract.figures import figures
from kg.extract.numerals import FigureSpan
from kg.extract.proposal import End, Parsed, Proposal
from kg.filings import cover
from kg.model import Modality, Qualifiers

__all__ = ["holders"]

_SURE = 0.98
"""The form has a row of its own for each; what is left is a name that a page break cuts."""
_HEAD = 6000
_HOLDER = re.compile(r"names?\s+of\s+reporting\s+persons?[\s.:|]*", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:I\.?R\.?S\.? identification nos?[^\n]*|S\.S\. or [^\n]*)\s*(?:\(entities only\)[\s.:|]*)?", re.IGNORECASE
)
_NAME = re.compile(r"[^\n|]*[^\W_][^\n|]*")
_PERCENT = re.compile(
    r"percent\s+of\s+class\s+represented\s+by\s+amount\s+in\s+row[\s(]*\d{1,2}[)\s.:|]*", re.IGNORECASE
)
_TYPE = re.compile(r"type\s+of\s+reporting\s+person[^\n]{0,200}?[\s.:|]{1,100}+(?P<type>[A-Z]{2})\b", re.IGNORECASE)
_EVENT = re.compile(
    r"(?P<day>[^\W\d_]{3,9}\s+\d{1,2},\s+\d{4})[\s|_-]*\(\s*date\s+of\s+(?:the\s+)?event\s+which\s+requires",
    re.IGNORECASE,
)


def holders(parsed: Parsed, method: str) -> Iterator[Proposal]:
    """Yield what each reporting person of a schedule holds; one that holds nothing any more is left out."""
    text = parsed.document.text
    found = cover(text)
    if found is None or found.owner is None or not found.form.startswith("Schedule"):
        return
    issuer = End(" ".join(text[slice(*found.owner)].split()), "Company", *found.owner)
    event = _EVENT.search(text, 0, _HEAD)
    day = next((span.iso for span in dates(event["day"], parsed.document.lang, None)), None) if event else None
    starts = [match.end() for match in _HOLDER.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        number = _NUMBER.match(text, start)
        name = _NAME.match(text, number.end() if number else start)
        percent = _percent(text, start, end, parsed.document.lang)
        if name is None or percent is None or not percent.value:
            continue
        kind = _TYPE.search(text, percent.end, end)
        yield _proposal(_holder(name, kind), issuer, percent, day, method)


def _holder(name: re.Match[str], kind: re.Match[str] | None) -> End:
    """The holder, a person where the form says so ("IN")."""
    told = name[0].strip()
    start = name.start() + name[0].index(told)
    return End(told, "Person" if kind and kind["type"].upper() == "IN" else "Company", start, start + len(told))


def _percent(text: str, start: int, end: int, lang: str) -> FigureSpan | None:
    row = _PERCENT.search(text, start, end)
    if row is None:
        return None
    for figure in figures(text[row.end() : row.end() + 40], lang):
        if figure.kind == "percent":
            return replace(figure, start=row.end() + figure.start, end=row.end() + figure.end)
    return None


def _proposal(holder: End, issuer: End, percent: FigureSpan, day: str | None, method: str) -> Proposal:
    return Proposal(
        holder,
        "holds-stake",
        issuer,
        Modality.ASSERTED,
        ((holder.start, holder.end), (percent.start, percent.end), (issuer.start, issuer.end)),
        Qualifiers(percent=percent.value, percent_of="capital", as_of=day),
        MappingProxyType({"percent": (percent.start, percent.end)}),
        "filings/schedule",
        method,
        _SURE,
    )
