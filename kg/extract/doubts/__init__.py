"""What speaks against a proposal in the structure of the language: reason codes, with which the gate sorts it.

Each module asks one thing of a proposal and the sentence that says it: whether its ends can be parties, whether
the word stands in the sense that states the relation, whether both ends belong to the clause of that word, whether it
happened, whose the figures are, what the rules read otherwise, and what the text is about. The gate
(`kg.extract.gate`) compares letters; this compares sense.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.extract.doubts import authorities, clauses, objects, parties, readings, sense, terms, topic
from kg.extract.proposal import Parsed, Proposal, without_figures
from kg.extract.read_sentence import ReadSentence
from kg.reasons import Reason

__all__ = ["doubts", "with_own_terms"]

_ASKED = (
    parties.doubts,
    authorities.doubts,
    sense.doubts,
    objects.doubts,
    clauses.doubts,
    terms.doubts,
    readings.doubts,
)


def doubts(proposals: Sequence[Proposal], parsed: Parsed, business: float) -> Iterator[tuple[Reason, ...]]:
    """Yield, for each proposal of a document, what speaks against it.

    `business` is the probability that the text is about the business of organisations (`kg.extract.doubts.topic`).
    """
    for proposal in proposals:
        view = ReadSentence.of(proposal, parsed)
        found = () if view is None else tuple(reason for asked in _ASKED for reason in asked(view, proposals))
        off = view is not None and topic.is_off_topic(view, business)
        yield (*found, Reason.OFF_TOPIC) if off else found


def with_own_terms(proposal: Proposal, parsed: Parsed) -> Proposal:
    """Return a proposal without the figures that belong to other clauses of its sentence, and a note of them."""
    view = ReadSentence.of(proposal, parsed)
    foreign = set() if view is None else terms.foreign(view)
    if not foreign:
        return proposal
    own = without_figures(proposal, foreign)
    return replace(own, doubts=(*own.doubts, Reason.OTHER_CLAUSE_TERM))
