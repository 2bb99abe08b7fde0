"""The reader of paragraphs: ties that the model of the paragraph sees and no rule has read.

It finds what no sentence says alone: a tie with "the group", with who files the text, with the name in the headline.
What it says is sorted by the same gate, at a confidence that is worked out as that of the rules' readings is.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from kg.extract.names import Mention
from kg.extract.paragraph.seen import Tie
from kg.extract.paragraph.terms import own_terms, terms_of
from kg.extract.proposal import End, Parsed, Proposal
from kg.extract.sentence import Sentence
from kg.ontology import ontology

__all__ = ["Paragraphs"]

_AS_TELLING = 0.5
"""A sentence that has so much of the most attention is as telling, if it names both ends."""
_SURE = 0.5


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Reads the ties of paragraphs. `least` is the score from which it speaks; the gate decides what is admitted."""

    method: str = "paragraph/1"
    least: float = -1.0

    def propose(self, parsed: Parsed, before: Sequence[Proposal]) -> Iterator[Proposal]:
        """Yield a proposal for each tie that is seen and was not read before, in either direction.

        What the rules read the other way round is no further tie: they are the surer ones about who does it to whom.
        """
        read = {(p.subject.name, p.relation, p.object.name) for p in before if p.object is not None}
        for tie in sorted(parsed.seen.ties.values(), key=lambda tie: (-tie.score, tie.subject, tie.object)):
            known = {(tie.subject, tie.relation, tie.object), (tie.object, tie.relation, tie.subject)}
            if tie.score >= self.least and not known & read:
                read |= known
                yield from _proposals(tie, parsed, before, self.method)


def _proposals(tie: Tie, parsed: Parsed, before: Sequence[Proposal], method: str) -> Iterator[Proposal]:
    telling = _telling(tie, parsed)
    sides = ontology().relation(tie.relation)
    subject, object_ = (_nearest(name, telling, parsed) for name in (tie.subject, tie.object))
    if telling is None or subject is None or object_ is None:
        return
    quoted = {telling.start: telling, **{s.start: s for _, s in (subject, object_)}}
    said, printed = terms_of(own_terms(tie, tuple(quoted.values()), parsed, before), parsed)
    yield Proposal(
        subject=_end(subject[0], sides.domain, parsed),
        relation=tie.relation,
        object=_end(object_[0], sides.range, parsed),
        modality=tie.modality,
        evidence=tuple((sentence.start, sentence.end) for sentence in quoted.values()),
        qualifiers=said,
        printed=printed,
        why=f"paragraph/{tie.relation}",
        method=method,
    )


def _telling(tie: Tie, parsed: Parsed) -> Sentence | None:
    """The sentence that tells the tie: the one most attended to, or one nearly as much that names both ends."""
    most = tie.where[0][1] if tie.where else 0.0
    close = [parsed.text.sentence_at(place[0]) for place, share in tie.where if share >= _AS_TELLING * most]
    both = [s for s in close if s is not None and {tie.subject, tie.object} <= {m.name for m in s.mentions}]
    return next(iter([*both, *close]), None)


def _nearest(name: str, telling: Sentence | None, parsed: Parsed) -> tuple[Mention, Sentence] | None:
    """The mention of a name in the telling sentence, or the last one before it, or the first after."""
    found = [(m, s) for s in parsed.text.sentences for m in s.mentions if m.name == name]
    if telling is None or not found:
        return None
    inside = [one for one in found if one[1].start == telling.start]
    before = [one for one in found if one[1].start < telling.start]
    return inside[0] if inside else before[-1] if before else found[0]


def _end(mention: Mention, kinds: Collection[str], parsed: Parsed) -> End:
    """The end that a mention is, of the kind that the names' model gives it, or else that the paragraph's does."""
    kind = mention.kind
    if kind not in kinds:
        seen = parsed.seen.kinds.get(mention.name, {})
        best = max(seen, key=lambda one: seen[one], default=kind)
        kind = best if best in kinds and seen[best] >= _SURE else kind
    return End(mention.name, kind, *mention.place, antecedent=mention.full)
