"""Decisions on mergers: who is to take control of whom, as a competition authority puts it.

The Autorité de la concurrence (code de commerce, art. L430-1 to L430-10) and the European Commission (regulation
139/2004) name an operation in one form: « prise de contrôle exclusif de la société X par le groupe Y », "Y acquires …
sole control of the whole of X". They say whether it may take place, not that it has: it is announced, and ended where
it is prohibited or its notification withdrawn.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.extract.dates import dates
from kg.extract.names import Mention
from kg.extract.plain import plain
from kg.extract.proposal import End, Parsed, Proposal
from kg.filings import MERGER, cover
from kg.model import Modality, Qualifiers

__all__ = ["control_taken", "operations", "passages"]

_SURE = 0.97
_BY = re.compile(
    r"\bprise\s+de\s+contrôle\s+(?:exclusif\s+|(?P<joint>conjoint)\s+)?(?P<target>(?:de|des|du|d['’])[^\n;.]*?)\s+par\s+"
    r"(?P<buyer>[^\n;.(]+)",
    re.IGNORECASE,
)
_ACQUIRES = re.compile(
    r"(?P<buyer>[^\n;]+?)\b(?:acquiert|acquièrent|will\s+acquire|acquires?|acquired)\b(?P<law>[^\n;]{0,160}?)\b"
    r"(?:contrôle\s+(?:exclusif|(?P<conjoint>en\s+commun|conjoint))|(?:sole|exclusive|(?P<joint>joint))\s+control)\s+"
    r"(?P<target>(?:of|over|de|d['’]|du|des)[^\n;]*)"
)
_LEADS = re.compile(r"\b(?:by\s+which|whereby|par\s+(?:lequel|laquelle))\b", re.IGNORECASE)
_CONTROLLED = re.compile(
    r"\b(?:controlled\s+by|belonging\s+to|part\s+of|contrôlée?\s+par|appartenant\s+à|filiale\s+de|aux\s+côtés)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"(?:of|over|des|de|du|d['’])\s*(?:(?:the\s+whole\s+of|l['’]ensemble\s+d(?:e\s+|['’]))\s*)?"
    r"(?:(?:the\s+)?(?:company|undertaking|group)\s+|(?:la\s+|l['’]|les\s+)?(?:sociétés?|groupes?|entreprises?)\s+"
    r"(?:anonyme\s+|par\s+actions\s+simplifiée\s+)?)?$",
    re.IGNORECASE,
)
"""What may stand before the name of a company that is acquired as a whole: of its assets, or a shop, it is not said."""
_AND = re.compile(r"[\s,]*(?:\([^()]*\))?[\s,]*(?:et|and|,)\s+(?:(?:la|le)\s+(?:société|groupe)\s+)?$", re.IGNORECASE)
_PROHIBITED = re.compile(
    r"\bopération\b[^.]{0,120}\best\s+interdite\b|\bincompatible\s+with\s+the\s+(?:internal|common)\s+market\b"
    r"|\bincompatible\s+avec\s+le\s+marché\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(
    r"\bretrait\s+de\s+(?:la\s+)?notification\b|\bwithdr[ae]wal?\s+(?:of\s+)?(?:its\s+|the\s+)?notification\b",
    re.IGNORECASE,
)
_COMPANY = frozenset({"Company"})


@dataclass(frozen=True, slots=True)
class _Operation:
    """Who is to acquire whom, and the characters that say it."""

    buyer: Mention
    target: Mention
    place: tuple[int, int]


def operations(parsed: Parsed) -> tuple[_Operation, ...]:
    """Return the operations that a decision on a merger is about; none for another text."""
    flat = plain(parsed.document.text)
    mentions = [m for sentence in parsed.text.sentences for m in sentence.mentions if m.fits(_COMPANY)]
    told: dict[tuple[str, str], _Operation] = {}
    for match in _matches(parsed):
        for one in _operations(flat, match, mentions):
            told.setdefault((one.buyer.name.casefold(), one.target.name.casefold()), one)
    return tuple(told.values())


def passages(parsed: Parsed) -> tuple[tuple[int, int], ...]:
    """Return where a decision on a merger tells who takes control of what, whether of a company or of its assets."""
    return tuple(match.span() for match in _matches(parsed))


def _matches(parsed: Parsed) -> tuple[re.Match[str], ...]:
    found = cover(parsed.document.text)
    flat = plain(parsed.document.text)
    return (*_BY.finditer(flat), *_ACQUIRES.finditer(flat)) if found is not None and found.form == MERGER else ()


def control_taken(parsed: Parsed, method: str) -> Iterator[Proposal]:
    """Yield who is to take control of whom, as of the day of the decision."""
    text = parsed.document.text
    found = cover(text)
    day = next((date.iso for date in dates((found and found.signed) or "", parsed.document.lang, None)), None)
    withdrawn = _WITHDRAWN.search(plain(text)) is not None
    ended = withdrawn or _PROHIBITED.search(plain(text)) is not None
    for one in operations(parsed):
        yield Proposal(
            End(one.buyer.name, "Company", *one.buyer.place, one.buyer.full),
            "acquires",
            End(one.target.name, "Company", *one.target.place, one.target.full),
            Modality.ENDED if ended else Modality.ANNOUNCED,
            (one.place,),
            # What is withdrawn has the day of its notification, not of its end.
            Qualifiers(as_of=None if withdrawn else day),
            why="filings/merger",
            method=method,
            confidence=_SURE,
        )


def _operations(flat: str, match: re.Match[str], mentions: Sequence[Mention]) -> Iterator[_Operation]:
    groups = match.groupdict()
    start, end = match.span("buyer")
    leads = list(_LEADS.finditer(flat, start, end))
    buyers = _listed(flat, leads[-1].end() if leads else start, end, mentions)
    if not (groups["joint"] or groups.get("conjoint")):
        buyers = buyers[:1]
    targets = _targets(flat, *match.span("target"), mentions)
    for buyer in buyers:
        for target in targets:
            yield _Operation(buyer, target, match.span())


def _listed(flat: str, start: int, end: int, mentions: Sequence[Mention]) -> list[Mention]:
    """The companies between two characters, but for those in brackets, and for who stands behind one of them."""
    behind = _CONTROLLED.search(flat, start, end)
    inside = [m for m in mentions if start <= m.start and m.place[1] <= (behind.start() if behind else end)]
    return [m for m in inside if flat.count("(", start, m.start) == flat.count(")", start, m.start)]


def _targets(flat: str, start: int, end: int, mentions: Sequence[Mention]) -> list[Mention]:
    """The companies that are acquired as wholes: the first one, and those that « et » and commas join to it."""
    found: list[Mention] = []
    for mention in _listed(flat, start, end, mentions):
        if not found and not _WHOLE.fullmatch(flat, start, mention.start):
            break
        if found and not _AND.fullmatch(flat, found[-1].place[1], mention.start):
            break
        found.append(mention)
    return found
