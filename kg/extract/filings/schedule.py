"""Schedules 13D and 13G as text: who holds how much of a class of an issuer's shares (17 CFR 240.13d-101, 13d-102)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType

from kg.extract.capitals import LEGAL_FORM
from kg.extract.dates import dates
from kg.extract.figures import figures
from kg.extract.numerals import FigureSpan
from kg.extract.proposal import End, Parsed, Proposal
from kg.filings import cover, is_whole_capital
from kg.model import Modality, Qualifiers
from kg.reasons import Reason

__all__ = ["holders"]

_SURE = 0.98
"""The form has a row of its own for each; what is left is a name that a page break cuts."""
_HEAD = 6000
_TITLE = 600
"""Characters behind the issuer's name in which the class of its shares is told."""
_HOLDER = re.compile(r"names?\s+of\s+reporting\s+persons?[\s.:|]*", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:I\.?R\.?S\.? identification nos?[^\n]*|S\.S\. or [^\n]*)\s*(?:\(entities only\)[\s.:|]*)?", re.IGNORECASE
)
_NAME = re.compile(
    r"[^\n|]*[^\W_][^\n|]*"
    r"(?:\n(?![^\S\n]*(?:\d|\(|check\b|sec use|i\.?r\.?s|s\.s\.|names?\b))[^\n|]*[^\W_][^\n|]*){0,3}",
    re.IGNORECASE,
)
"""A name of up to four lines, up to a blank one or the next row."""
_SEVERAL = re.compile(rf"(?:^|[\s,])(?:{LEGAL_FORM.pattern}|L\.?P\.?|L\.L\.C\.)[\s,]+(?:and|&)\s|\s(?:and|&|,)$")
"""What tells that a name is of several, or goes on where it cannot be read: "X LP and Y Ltd"."""
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
    of = _class_of(text, found.owner[1])
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
        yield _proposal(_holder(name, kind), issuer, percent, Qualifiers(percent_of=of, as_of=day), method)


def _class_of(text: str, start: int) -> str | None:
    """What a percentage of the class on the cover is of: the capital, where no other class of shares is told of."""
    event = _EVENT.search(text, start, _HEAD)
    title = text[start : event.start() if event else start + _TITLE]
    return "capital" if is_whole_capital(title, text) else None


def _holder(name: re.Match[str], kind: re.Match[str] | None) -> End:
    """The holder, a person where the form says so ("IN")."""
    told = name[0].strip()
    start = name.start() + name[0].index(told)
    is_person = kind is not None and kind["type"].upper() == "IN"
    return End(" ".join(told.split()), "Person" if is_person else "Company", start, start + len(told))


def _percent(text: str, start: int, end: int, lang: str) -> FigureSpan | None:
    row = _PERCENT.search(text, start, end)
    if row is None:
        return None
    for figure in figures(text[row.end() : row.end() + 40], lang):
        if figure.kind == "percent":
            return replace(figure, start=row.end() + figure.start, end=row.end() + figure.end)
    return None


def _proposal(holder: End, issuer: End, percent: FigureSpan, said: Qualifiers, method: str) -> Proposal:
    term = f"percent_{percent.bound}" if percent.bound else "percent"
    return Proposal(
        holder,
        "holds-stake",
        issuer,
        Modality.ASSERTED,
        ((holder.start, holder.end), (percent.start, percent.end), (issuer.start, issuer.end)),
        replace(said, **{term: percent.value}),  # type: ignore[arg-type]
        MappingProxyType({term: (percent.start, percent.end)}),
        "filings/schedule",
        method,
        _SURE,
        doubts=(Reason.UNKNOWN_KIND,) if _SEVERAL.search(holder.name) else (),
    )
