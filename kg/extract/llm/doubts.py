"""What rules doubt of a model's claims: those are asked again, by themselves (`kg.extract.llm.verification`)."""

import re
from collections.abc import Sequence

from kg.extract.agreement import is_same_modality
from kg.extract.figures import figures
from kg.extract.plain import plain
from kg.extract.proposal import Parsed, Proposal
from kg.extract.reasons import MEANINGS
from kg.model import Modality, Outcome
from kg.ontology import ontology

__all__ = ["questionable"]

_BY = re.compile(r"\b(?:by|par|of|de|du|d'|from)\W*(?:the|la|le|les|l'|its|son|sa)?\W*$", re.IGNORECASE)
_NOT_SO = ("hedged_phrase", "planned_phrase", "denied", "conditional", "conditional_word", "conditional_phrase")
_SURE = frozenset({Modality.ASSERTED, Modality.PAST, Modality.ENDED})


def questionable(proposals: Sequence[Proposal], before: Sequence[Proposal], parsed: Parsed) -> list[int]:
    """Return which of a model's proposals are to be asked again; `before` is what other readers proposed.

    Those that have a doubt already; whose object stands before the subject without a "by"; that are said as a fact
    beside a word of doubt; whose figure has a rival in the quote; of whose ends another reader says something else.
    """
    return [
        at
        for at, proposal in enumerate(proposals)
        if any(MEANINGS[doubt][0] is Outcome.TO_REVIEW for doubt in proposal.doubts)
        or any(rule(proposal, parsed) for rule in (_is_turned, _is_unsure, _has_rivals))
        or any(_differs(proposal, other) for other in before)
    ]


def _quote(proposal: Proposal, parsed: Parsed) -> str:
    return plain(parsed.document.text[slice(*proposal.evidence[0])])


def _is_turned(proposal: Proposal, parsed: Parsed) -> bool:
    """Whether the object comes before the subject, and no "by" before the subject says why."""
    subject, object_ = proposal.subject, proposal.object
    if object_ is None or ontology().relation(proposal.relation).symmetric or object_.start >= subject.start:
        return False
    start, end = proposal.evidence[0]
    if not (start <= object_.start and subject.end <= end):
        return False
    return _BY.search(plain(parsed.document.text[object_.end : subject.start])) is None


def _is_unsure(proposal: Proposal, parsed: Parsed) -> bool:
    """Whether a word of doubt, denial or plan, or a question mark, stands in the quote of a fact."""
    if proposal.modality not in _SURE:
        return False
    words = re.findall(r"[^\W\d_]+", _quote(proposal, parsed).casefold())
    quote = f" {' '.join(words)} "
    listed = (word for cue in _NOT_SO for word in parsed.lexicon.cues.get(f"modality.{cue}", ()))
    return "?" in _quote(proposal, parsed) or any(f" {word} " in quote for word in listed)


def _has_rivals(proposal: Proposal, parsed: Parsed) -> bool:
    """Whether the quote has another figure of a kind that the claim has one of."""
    found = figures(_quote(proposal, parsed), parsed.document.lang)
    said = proposal.qualifiers
    mine = {
        kind: {getattr(said, name) for name in proposal.printed if name.startswith(kind)}
        for kind in ("amount", "percent", "quantity")
    }
    return any(mine.get(f.kind) and f.value not in mine[f.kind] for f in found)


def _differs(proposal: Proposal, other: Proposal) -> bool:
    """Whether another reader says something else of the same ends in the same place."""
    (start, end), (first, last) = proposal.evidence[0], other.evidence[0]
    if not (start < last and first < end) or set(_names(proposal)) != set(_names(other)):
        return False
    turned = _names(proposal) != _names(other) and not ontology().relation(proposal.relation).symmetric
    return turned or proposal.relation != other.relation or not is_same_modality(proposal.modality, other.modality)


def _names(proposal: Proposal) -> tuple[str, str]:
    return plain(proposal.subject.name), "" if proposal.object is None else plain(proposal.object.name)
