"""French threshold notices (code de commerce, art. L233-7): who holds how much of which company now.

The notices that the AMF publishes tell it in one form: who, "a déclaré avoir franchi", the day, "le seuil … de la
société" which, "et détenir … soit" how much of the capital and of the votes; issuers' news tell it in nearly the same
words, in English too. What several hold in concert is said of none of them: how much each holds stands in the table
below, if at all (`kg.extract.tables`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from kg.extract.dates import dates
from kg.extract.figures import figures
from kg.extract.names import Mention
from kg.extract.numerals import FigureSpan
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed, Proposal
from kg.filings import CROSSED, THRESHOLD, cover
from kg.model import Modality, Qualifiers

__all__ = ["crossings", "paragraphs"]

_SURE = 0.97
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n(?![^\S\n]*[-–•])")
"""A blank line; before an item of a list, none: "a déclaré :" leads to the items."""
_SAYS = re.compile(r"\b(?:a|ont) déclaré\b|\bdeclared\b|\binformed\b|\bnotified\b", re.IGNORECASE)
_REPORTED = re.compile(r"\b(?:informée?s? (?:[^.;]{0,60} )?que|que|informed [^.;]{0,60}that)\s+", re.IGNORECASE)
_THRESHOLD = re.compile(r"\bseuils?\b|\bthresholds?\b", re.IGNORECASE)
_ISSUER = re.compile(
    r"(?:\b(?:capital|droits de vote|voting rights)\s+)(?:de (?:la société|l['’]émetteur)\s+|d['’]|de\s+|of\s+)$",
    re.IGNORECASE,
)
_HOLDS = re.compile(r"\bdétenir\b|\bdétient\b|\bdétiennent\b|\bheld\b|\bholds\b|\bto hold\b|\bholding\b", re.IGNORECASE)
_NO_MORE = re.compile(r"\bne plus détenir\b|\bno longer (?:held|holds)\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:soit|représentant|i\.e\.|representing)(?=\s+(?:\w+\s+)?\d[\d.,]*\s?%)", re.IGNORECASE)
_ASIDE = re.compile(r"\bdont\b|\bassimilation\b|\bof which\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:Article|L\.)").match
"""What the parse takes for a name in "Article L. 233-7"."""
_CONCERT = re.compile(r"\bconcert\b", re.IGNORECASE)
_ALONE = re.compile(r"\bindividuellement\b|\bindividually\b|\bseule?\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\bont déclaré\b|\bles sociétés\b[^,;(]* et \b", re.IGNORECASE)
_OF = re.compile(
    r"\s*(?:(?:du|de son|of (?:the|its))(?: \w+)? (?P<capital>capital)|(?:des|of (?:the|its)) "
    r"(?P<votes>droits de vote|voting rights))(?P<both> et des droits de vote| and (?:the )?voting rights)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Crossing:
    """A crossing that a paragraph tells: who holds, of which company, since which day; `text` is what tells it.

    `start` is where that text begins in the document.
    """

    holder: Mention
    issuer: Mention
    day: str | None
    text: str
    start: int


def paragraphs(parsed: Parsed) -> tuple[tuple[int, int], ...]:
    """Return the paragraphs of a notice that tell of crossings: what they say is read here, and nowhere else."""
    text = parsed.document.text
    found = cover(text)
    if found is None or found.form != THRESHOLD:
        return ()
    return tuple(span for span in _blocks(text) if CROSSED.search(text, *span))


def crossings(parsed: Parsed, method: str) -> Iterator[Proposal]:
    """Yield what a notice says that its author holds, of the capital and of the votes."""
    for span in paragraphs(parsed):
        for crossing in _crossings(parsed, span):
            gone = _NO_MORE.search(crossing.text)
            if gone is not None:
                yield _proposal(crossing, method, span, None)
                continue
            for share in _shares(crossing.text, parsed.document.lang):
                yield _proposal(crossing, method, span, share)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _PARAGRAPH.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _crossings(parsed: Parsed, span: tuple[int, int]) -> Iterator[_Crossing]:
    """Yield the crossings of a paragraph; those of several holders, and of nobody that it names, are left out."""
    flat = plain(parsed.document.text[slice(*span)])
    mentions = [m for s in parsed.text.sentences for m in s.mentions if span[0] <= m.start < span[1]]
    starts = list(CROSSED.finditer(flat))
    for at, crossed in enumerate(starts):
        until = starts[at + 1].start() if at + 1 < len(starts) else len(flat)
        holder, issuer = _holder(mentions, flat, crossed, span[0]), _issuer(mentions, flat, crossed, span[0])
        if holder is None or issuer is None:
            continue
        behind = flat[crossed.end() : until]
        threshold = _THRESHOLD.search(behind)
        days = list(dates(behind[: threshold.start() if threshold else 0], parsed.document.lang, None))
        days = days or list(dates(flat[max(crossed.start() - 40, 0) : crossed.start()], parsed.document.lang, None))
        yield _Crossing(
            holder, issuer, days[0].iso if days else None, flat[crossed.start() : until], span[0] + crossed.start()
        )


def _holder(mentions: list[Mention], flat: str, crossed: re.Match[str], start: int) -> Mention | None:
    """The first company, or person, before the verb, or behind "was informed that"; None where it is more than one."""
    says = next((match for match in _SAYS.finditer(flat, 0, crossed.start())), None)
    reported = [match.end() for match in _REPORTED.finditer(flat, 0, crossed.start())]
    first = reported[0] if reported and says is None else 0
    last = says.end() if says is not None else crossed.start()
    head = flat[first:last]
    if (_CONCERT.search(head) or _SEVERAL.search(head)) and not _ALONE.search(crossed[0]):
        return None
    before = [m for m in mentions if start + first <= m.start and m.place[1] <= start + last and not _ARTICLE(m.text)]
    return next((m for m in before if m.fits({"Company"}) or m.kind == "Person"), None)


def _issuer(mentions: list[Mention], flat: str, crossed: re.Match[str], start: int) -> Mention | None:
    """The company of whose capital or votes a threshold is a share."""
    threshold = _THRESHOLD.search(flat, crossed.start())
    behind = [m for m in mentions if threshold is not None and m.start - start > threshold.start()]
    return next((m for m in behind if _ISSUER.search(flat, 0, m.start - start)), None)


def _shares(text: str, lang: str) -> Iterator[tuple[FigureSpan, str]]:
    """Yield the shares that one holds now, each with what it is a share of.

    They stand behind "soit", or behind the verb; not those that are held in concert, or a part of them ("dont").
    """
    holds = _HOLDS.search(text)
    if holds is None:
        return
    marks = [match.end() for match in _NOW.finditer(text, holds.end())] or [holds.end()]
    in_concert = _CONCERT.search(text[: holds.end()]) is not None
    last = holds.start()
    for at, mark in enumerate(marks):
        led = text[last:mark]
        last = mark
        if _CONCERT.search(led) or (in_concert and not _ALONE.search(led)) or (at and _ASIDE.search(led)):
            continue
        until = marks[at + 1] if at + 1 < len(marks) else len(text)
        aside = _ASIDE.search(text, mark, until)
        yield from _told(text, lang, mark, aside.start() if aside else until)
        return


def _told(text: str, lang: str, start: int, end: int) -> Iterator[tuple[FigureSpan, str]]:
    for figure in figures(text, lang):
        of = _OF.match(text, figure.end)
        if figure.kind == "percent" and start <= figure.start < end and of:
            yield figure, "capital" if of["capital"] else "votes"
            if of["both"] and of["capital"]:
                yield figure, "votes"


def _proposal(
    crossing: _Crossing, method: str, span: tuple[int, int], share: tuple[FigureSpan, str] | None
) -> Proposal:
    """The claim of a share, or, without one, that nothing is held any more."""
    holder, issuer = crossing.holder, crossing.issuer
    figure, share_of = share or (None, None)
    printed = {} if figure is None else {"percent": (crossing.start + figure.start, crossing.start + figure.end)}
    return Proposal(
        End(holder.name, holder.kind if holder.kind == "Person" else "Company", *holder.place, holder.full),
        "holds-stake",
        End(issuer.name, "Company", *issuer.place, issuer.full),
        Modality.ENDED if figure is None else Modality.ASSERTED,
        (span,),
        Qualifiers(percent=figure.value if figure else None, percent_of=share_of, as_of=crossing.day),
        MappingProxyType(printed),
        "filings/threshold",
        method,
        _SURE,
    )
