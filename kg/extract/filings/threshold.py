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
_NOW = re.compile(r"\b(?:soit|représentant)\b(?=[^;]*%)", re.IGNORECASE)
_OF = re.compile(r"\s*(?:du|de son) (?P<capital>capital)|\s*des (?P<votes>droits de vote)", re.IGNORECASE)
_ISSUER = re.compile(r"\bde (?:la société|l'émetteur)\s*$", re.IGNORECASE)
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
        holder, issuer = _holder(parsed, sentence.start + declares.start()), _issuer(sentence, text, declares)
        if holder is None or issuer is None:
            continue
        lang = parsed.document.lang
        days = dates(text[declares.end() : declares.end() + _DAY], lang, parsed.document.published)
        day = next((span.iso for span in days), None)
        for figure, share_of in _shares(text, holds.end(), lang):
            first = parsed.text.sentence_at(holder.start) or sentence
            yield _proposal((first, sentence), (holder, issuer), (figure, share_of, day), method)


def _holder(parsed: Parsed, verb: int) -> Mention | None:
    """Return the first company, or person, of the paragraph before the verb, outside brackets.

    A bracket with an address and a number may look like the end of a sentence.
    """
    text = parsed.document.text
    start = text.rfind("\n\n", 0, verb) + 1
    for mention in (mention for sentence in parsed.text.sentences for mention in sentence.mentions):
        outside = text.count("(", start, mention.start) == text.count(")", start, mention.start)
        told = mention.fits({"Company"}) or mention.kind == "Person"
        if start <= mention.start and mention.place[1] <= verb and outside and told:
            return mention
    return None


def _issuer(sentence: Sentence, text: str, declares: re.Match[str]) -> Mention | None:
    """The company that "de la société" leads to, behind the verb."""
    for mention in sentence.mentions:
        at = mention.start - sentence.start
        if at > declares.start() and _ISSUER.search(text, 0, at) and mention.fits({"Company"}):
            return mention
    return None


def _shares(text: str, start: int, lang: str) -> Iterator[tuple[FigureSpan, str]]:
    """Yield the shares behind "soit", each with what it is a share of."""
    now = list(_NOW.finditer(text, start))
    for figure in figures(text, lang):
        of = _OF.match(text, figure.end)
        if now and figure.kind == "percent" and figure.start >= now[-1].end() and of:
            yield figure, "capital" if of["capital"] else "votes"


def _proposal(
    sentences: tuple[Sentence, Sentence],
    ends: tuple[Mention, Mention],
    share: tuple[FigureSpan, str, str | None],
    method: str,
) -> Proposal:
    holder, issuer = ends
    first, sentence = sentences
    figure, share_of, day = share
    return Proposal(
        End(holder.name, holder.kind if holder.kind == "Person" else "Company", *holder.place, holder.full),
        "holds-stake",
        End(issuer.name, "Company", *issuer.place, issuer.full),
        Modality.ASSERTED,
        ((first.start, sentence.end),),
        Qualifiers(percent=figure.value, percent_of=share_of, as_of=day),
        MappingProxyType({"percent": (sentence.start + figure.start, sentence.start + figure.end)}),
        "filings/threshold",
        method,
        _SURE,
    )
