"""French threshold notices (code monétaire et financier, art. L233-7): who holds how much of which company now.

The notices that the AMF publishes tell it in one form: who, "a déclaré avoir franchi", the day, "de la société" which,
"soit" how much of the capital and of the votes.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType

from kg.extract.dates import dates
from kg.extract.figures import figures
from kg.extract.names import Mention
from kg.extract.numerals import FigureSpan
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.sentence import Sentence
from kg.filings import THRESHOLD, cover
from kg.model import Modality, Qualifiers

__all__ = ["crossings"]

_SURE = 0.97
_DECLARES = re.compile(r"\b(?:a|ont) déclaré\b[^;]{0,60}?\bavoir franchi\b[^,;]{0,40}", re.IGNORECASE)
_HOLDS = re.compile(r"\bdétenir\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:soit|représentant)\b", re.IGNORECASE)
_OF = re.compile(r"\s*(?:du|de son) (?P<capital>capital)|\s*des (?P<votes>droits de vote)", re.IGNORECASE)
_ISSUER = re.compile(r"\bde (?:la société|l'émetteur)\s*$", re.IGNORECASE)
_NEAR = 40
"""Characters before a name in which "de la société" stands."""
_DAY = 60
"""Characters behind the verb in which the day stands."""


def crossings(parsed: Parsed, method: str) -> Iterator[Proposal]:
    """Yield what a notice says that its author holds, of the capital and of the votes."""
    found = cover(parsed.document.text)
    if found is None or found.form != THRESHOLD:
        return
    for sentence in parsed.text.sentences:
        text = plain(sentence.span.text)
        declares = _DECLARES.search(text)
        holds = _HOLDS.search(text, declares.end()) if declares else None
        if declares is None or holds is None:
            continue
        holder, issuer = _holder(sentence, declares), _issuer(sentence, text, declares)
        if holder is None or issuer is None:
            continue
        lang = parsed.document.lang
        days = dates(text[declares.end() : declares.end() + _DAY], lang, parsed.document.published)
        day = next((span.iso for span in days), None)
        for figure, share_of in _shares(text, holds.end(), lang):
            yield _proposal(sentence, (holder, issuer), (figure, share_of, day), method)


def _holder(sentence: Sentence, declares: re.Match[str]) -> Mention | None:
    """The first company, or person, before the verb."""
    before = [m for m in sentence.mentions if m.place[1] <= sentence.start + declares.start()]
    return next((m for m in before if m.fits({"Company"}) or m.kind == "Person"), None)


def _issuer(sentence: Sentence, text: str, declares: re.Match[str]) -> Mention | None:
    """The company that "de la société" leads to, behind the verb."""
    for mention in sentence.mentions:
        at = mention.start - sentence.start
        if at > declares.start() and _ISSUER.search(text, max(at - _NEAR, 0), at) and mention.fits({"Company"}):
            return mention
    return None


def _shares(text: str, start: int, lang: str) -> Iterator[tuple[FigureSpan, str]]:
    """Yield the shares behind "soit", each with what it is a share of."""
    # Behind the last "soit" with a share in its part of the sentence.
    now = next(
        (m for m in reversed(list(_NOW.finditer(text, start))) if "%" in text[m.end() :].partition(";")[0]), None
    )
    for figure in figures(text, lang):
        of = _OF.match(text, figure.end)
        if now and figure.kind == "percent" and figure.start >= now.end() and of:
            yield figure, "capital" if of["capital"] else "votes"


def _proposal(
    sentence: Sentence, ends: tuple[Mention, Mention], share: tuple[FigureSpan, str, str | None], method: str
) -> Proposal:
    holder, issuer = ends
    figure, share_of, day = share
    return Proposal(
        End(holder.name, holder.kind if holder.kind == "Person" else "Company", *holder.place, holder.full),
        "holds-stake",
        End(issuer.name, "Company", *issuer.place, issuer.full),
        Modality.ASSERTED,
        ((sentence.start, sentence.end),),
        Qualifiers(percent=figure.value, percent_of=share_of, as_of=day),
        MappingProxyType({"percent": (sentence.start + figure.start, sentence.start + figure.end)}),
        "filings/threshold",
        method,
        _SURE,
    )
