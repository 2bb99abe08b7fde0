"""Holders in a list, each with its own share beside it: what is read of one holds of those behind it.

"held by A with 40 per cent, B with 35 per cent and C (25%)": the parse hangs the later names on figures, on the list
or on nothing, but the list itself is plain.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kg.extract.figures import FigureSpan
from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.plain import plain
from kg.extract.proposal import Proposal
from kg.extract.sentence import Sentence
from kg.ontology import ontology

__all__ = ["behind"]

_NEXT = re.compile(r"\s*\)?\s*(?:[,;]\s*(?:and|et)?|and|et)\s*(?:the|les?|la|l')?\s*", re.IGNORECASE)
"""What stands between the share of one holder and the name of the next."""


def behind(
    proposal: Proposal, sentence: Sentence, figures: Sequence[FigureSpan], text: str, lexicon: Lexicon
) -> Iterator[Proposal]:
    """Yield a proposal for each holder that stands behind that of a proposal in one list.

    `figures` are those of the sentence, with the offsets of its parsed line; `text` is the document's.
    """
    own = next((m for m in sentence.mentions if m.start == proposal.subject.start), None)
    if proposal.relation != "holds-stake" or own is None or "percent" not in proposal.printed:
        return
    shares = [(sentence.offset + f.start, sentence.offset + f.end, f) for f in figures if f.kind == "percent"]
    beside, kinds, flat = _beside(lexicon), ontology().relation(proposal.relation).domain, plain(text)
    start, end = proposal.printed["percent"]
    if not beside.fullmatch(flat[own.place[1] : start]):
        return
    for mention in sentence.mentions:
        share = next((one for one in shares if one[0] >= mention.place[1]), None)
        if mention.start < end or share is None or share[2].bound:
            continue
        listed = _NEXT.fullmatch(flat[end : mention.start]) and beside.fullmatch(flat[mention.place[1] : share[0]])
        if not listed:
            return
        end = share[1]
        yield _of(proposal, mention, share, flat, kinds)


def _beside(lexicon: Lexicon) -> re.Pattern[str]:
    """What may stand between a holder and its own share: a bracket, a colon, "with", or nothing."""
    words = "|".join(map(re.escape, sorted(lexicon.cues["figures.holds_with"])))
    return re.compile(rf"\s*(?:\(|:|-)?\s*(?:{words})?\s*(?:\(\s*)?", re.IGNORECASE)


def _of(
    proposal: Proposal, mention: Mention, share: tuple[int, int, FigureSpan], text: str, kinds: Collection[str]
) -> Proposal:
    start, end, figure = share
    kind = mention.kind if mention.kind in kinds or not mention.maybe else "Company"
    said = replace(proposal.qualifiers, percent=figure.value, as_printed=text[start:end].strip())
    holder = replace(
        proposal.subject,
        name=mention.name,
        kind=kind,
        start=mention.start,
        end=mention.place[1],
        antecedent=mention.full,
    )
    printed = {**proposal.printed, "percent": (start, end)}
    return replace(proposal, subject=holder, qualifiers=said, printed=printed, led_by=proposal.subject.name)
