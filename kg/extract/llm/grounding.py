"""From what a model says to proposals: every word that it quotes is found in the text, or it is refused.

Nothing is matched loosely. Typography is folded (`kg.extract.llm.folded_text`), names are whole words, and every
place that a proposal gives is a place of the text as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.extract.llm.answer import BadClaim, Said
from kg.extract.llm.folded_text import folded_text
from kg.extract.llm.parties import Unfounded, party
from kg.extract.llm.terms import terms
from kg.extract.proposal import Parsed, Proposal, Refusal
from kg.model import Modality
from kg.ontology import ontology
from kg.reasons import Reason

__all__ = ["GROUNDED", "doubted_directions", "grounded"]

GROUNDED = 0.96
"""What a claim of a model is worth whose every word stands in the text, and of which no rule doubts anything.

Behind the first gate .88 of a strong model's claims were right, on texts that it had not seen. The false ones had ends
swapped, another relation, a stand-in that stands for nobody, a part of a word, or an exact figure for a bound: all of
them are refused, sent to review or asked again by now. So this is an estimate, above the usual threshold, and to be
replaced by what `kg evaluate` measures of the model in use."""

_Place = tuple[int, int]

_LONGEST = 1500
"""Characters of a quote: who quotes a page has quoted nothing."""


def grounded(said: Said | BadClaim, parsed: Parsed, method: str, start: int = 0) -> Proposal | Refusal:
    """Return the proposal that a claim of a model makes, or why it cannot be made.

    `start` is where the piece of the text begins that the model was shown: a quote counts from there on first.
    """
    if isinstance(said, BadClaim):
        return Refusal(said.reason, said.detail, said.subject, said.relation, said.object, said.quote, 0, method)
    text = folded_text(parsed.document.text)
    quote = text.find(said.quote, start) or text.find(said.quote)
    if quote is None:
        return _refusal(said, (Reason.NO_QUOTE, "the quote is not in the text"), None, method)
    if quote[1] - quote[0] > _LONGEST:
        return _refusal(said, (Reason.NO_QUOTE, f"the quote is longer than {_LONGEST} characters"), quote, method)
    support = tuple(
        place
        for words in said.support
        if len(words) <= _LONGEST and (place := text.find(words, start) or text.find(words))
        if not quote[0] <= place[0] < place[1] <= quote[1]
    )
    try:
        return _proposal(said, quote, support, parsed, method)
    except Unfounded as error:
        return _refusal(said, (error.reason, str(error)), quote, method)


def _proposal(said: Said, quote: _Place, support: Sequence[_Place], parsed: Parsed, method: str) -> Proposal:
    subject, object_ = (party(side, said, (quote, *support), parsed) for side in (0, 1))
    if subject.is_same_as(object_):
        raise Unfounded(Reason.NO_PARTY_IN_QUOTE, "the same words stand for both ends")
    found = terms(said, (quote, *support), parsed)
    doubts = [*subject.doubts, *object_.doubts, *found.doubts, *([Reason.NOT_HAPPENED] if not said.modality else [])]
    named = (place for place in (subject.named_at, object_.named_at) if place is not None)
    return Proposal(
        subject=subject.end,
        relation=said.relation,
        object=object_.end,
        modality=said.modality or Modality.ASSERTED,
        evidence=tuple(dict.fromkeys([quote, *named, *support])),
        qualifiers=found.qualifiers(),
        printed=found.printed,
        why=f"{method}: {said.relation}",
        method=method,
        confidence=GROUNDED,
        doubts=tuple(dict.fromkeys([*doubts, *found.doubts])),
    )


def _refusal(said: Said, why: tuple[Reason, str], quote: _Place | None, method: str) -> Refusal:
    start = 0 if quote is None else quote[0]
    return Refusal(*why, said.subject, said.relation, said.object, said.quote, start, method)


def doubted_directions(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """Yield proposals, those doubted of which the same quote is said to mean the other direction as well."""
    proposals = tuple(proposals)
    said = {_directed(one) for one in proposals}
    for proposal in proposals:
        quote, subject, relation, object_ = _directed(proposal)
        swapped = (quote, object_, relation, subject) in said and not ontology().relation(relation).symmetric
        yield replace(proposal, doubts=(*proposal.doubts, Reason.DIRECTION)) if swapped else proposal


def _directed(proposal: Proposal) -> tuple[_Place, str, str, str]:
    object_ = "" if proposal.object is None else proposal.object.name
    return proposal.evidence[0], proposal.subject.name, proposal.relation, object_
