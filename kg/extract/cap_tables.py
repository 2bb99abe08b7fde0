"""Holders in a list, each with its own share beside it: what is read of one holds of those behind it.

"held by A with 40 per cent, B with 35 per cent and C (25%)": the parse hangs the later names on figures, on the list
or on nothing, but the list itself is plain.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from kg.extract.attachment import beside
from kg.extract.figures import FigureSpan
from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.plain import plain
from kg.extract.proposal import Proposal, without_figures
from kg.extract.sentence import Sentence
from kg.model import NUMERIC_QUALIFIERS
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
    between, kinds, flat = beside(lexicon), ontology().relation(proposal.relation).domain, plain(text)
    start, end = proposal.printed["percent"]
    if not between.fullmatch(flat[own.place[1] : start]):
        return
    for mention in sentence.mentions:
        share = next((one for one in shares if one[0] >= mention.place[1]), None)
        if mention.start < end or share is None or share[2].bound:
            continue
        listed = _NEXT.fullmatch(flat[end : mention.start]) and between.fullmatch(flat[mention.place[1] : share[0]])
        if not listed:
            return
        end = share[1]
        yield _of(proposal, mention, share, flat, kinds)


def _of(
    proposal: Proposal, mention: Mention, share: tuple[int, int, FigureSpan], text: str, kinds: Collection[str]
) -> Proposal:
    start, end, figure = share
    kind = mention.kind if mention.kind in kinds or not mention.maybe else "Company"
    # A sum beside the first holder is that one's own: the others share only the dates, and what the share is of.
    bare = without_figures(proposal, NUMERIC_QUALIFIERS)
    of, printed_as = proposal.qualifiers.percent_of, text[start:end].strip()
    said = replace(bare.qualifiers, percent=figure.value, percent_of=of, as_printed=printed_as)
    holder = replace(
        proposal.subject,
        name=mention.name,
        kind=kind,
        start=mention.start,
        end=mention.place[1],
        antecedent=mention.full,
    )
    led_by = proposal.subject.name
    return replace(bare, subject=holder, qualifiers=said, printed={"percent": (start, end)}, led_by=led_by)
