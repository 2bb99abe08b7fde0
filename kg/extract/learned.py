"""The learned reader: pairs of names that the rules leave alone, judged by a linear model.

It speaks only where it is sure, and never of a pair that the rules have read: what a rule says is
explained by its entry, what the model says by the weights of its features.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from kg.extract import pairs, terms
from kg.extract.fillers import Filler
from kg.extract.goods import is_maker
from kg.extract.lexicon import Lexicon
from kg.extract.linear import weights
from kg.extract.match import Match
from kg.extract.modality import modality
from kg.extract.pairs import Pair
from kg.extract.proposal import Parsed, Proposal
from kg.extract.rules import end_of
from kg.extract.sentence import Sentence
from kg.extract.templates import Frame
from kg.ontology import ontology

__all__ = ["Learned"]

_EVENTS = frozenset({"acquires", "merges-with", "invests-in", "lends-to"})
_TERMS = {
    "supplies": {"amount", "quantity"}, "acquires": {"amount", "percent"}, "invests-in": {"amount", "percent"},
    "holds-stake": {"percent"}, "lends-to": {"amount"}, "partners-with": {"amount"}, "revenue-share-from": {"percent"},
}  # fmt: skip


@cache
def _frame(relation: str) -> Frame:
    """What the terms and the modality of a relation are read by, where no entry of the lexicon is."""
    event = relation in _EVENTS
    took = frozenset(_TERMS.get(relation, ()))
    return Frame(f"learned/{relation}", relation, "verb", frozenset(), (), (), terms=took, event=event, closes=event)


@dataclass(frozen=True, slots=True)
class Learned:
    """Reads the pairs of names that no rule has read. `least` is the probability from which it speaks."""

    method: str = "learned/1"
    least: float = 0.9

    def propose(self, parsed: Parsed, before: Sequence[Proposal]) -> Iterator[Proposal]:
        """Yield a proposal for each pair of names that the model is sure of."""
        read = {frozenset({p.subject.name, p.object.name}) for p in before if p.object is not None}
        for sentence in parsed.text.sentences:
            if any(parsed.lexicon.says("modality.never", token.lemma_.lower()) for token in sentence.span):
                continue
            found = [
                told
                for pair in pairs.pairs(sentence)
                if frozenset({pair.first.name, pair.second.name}) not in read
                for told in self._judged(pair, parsed.lexicon)
            ]
            figures = terms.found_in(sentence, parsed.lexicon, parsed.document.published) if found else None
            for match, sure in found:
                if figures is not None:
                    yield self._proposal(match, sure, figures, parsed.lexicon)

    def _judged(self, pair: Pair, lexicon: Lexicon) -> Iterator[tuple[Match, float]]:
        model = weights(pairs.MODEL)
        sure = model.probabilities(pairs.features(pair, lexicon))
        best = max(range(len(sure)), key=lambda at: sure[at])
        if model.classes[best] == pairs.NONE or sure[best] < self.least:
            return
        relation, turned = model.classes[best].rstrip("<>"), model.classes[best].endswith("<")
        ends = (pair.second, pair.first) if turned else (pair.first, pair.second)
        sides = ontology().relation(relation)
        if any(is_maker(end, relation, pair.sentence, lexicon) for end in ends):
            return
        if ends[0].fits(sides.domain) and ends[1].fits(sides.range):
            yield _match(relation, ends, pair.sentence, pairs.top(pair)), sure[best]

    def _proposal(self, match: Match, sure: float, found: terms.Found, lexicon: Lexicon) -> Proposal:
        sides, sentence = ontology().relation(match.frame.relation), match.sentence
        told = terms.qualifiers(match, [match], found, lexicon)
        return Proposal(
            subject=end_of(match.subject, sentence, sides.domain),
            relation=match.frame.relation,
            object=None if match.object is None else end_of(match.object, sentence, sides.range),
            modality=modality(match, lexicon, dated=told.said.as_of is not None),
            evidence=((sentence.start, sentence.end),),
            qualifiers=told.said,
            printed=told.printed,
            why=match.frame.name,
            trigger=sentence.offset + match.trigger.idx,
            method=self.method,
            confidence=round(sure, 2),
        )


def _match(relation: str, ends: Sequence[pairs.Mention], sentence: Sentence, top: Token) -> Match:
    doc = sentence.span.doc
    subject, object_ = (Filler(m, doc[m.first : m.last + 1].root, by_reference=False) for m in ends)
    return Match(_frame(relation), top, top, subject, object_, sentence)
