"""What the rules read otherwise in the sentences that the paragraph's model quotes for a tie.

The words of a sentence mostly tie two names in one way, and the rules know which words did: on marked passages a third
of what the model says beyond that of the same two names is right. And where the rules tie each end to somebody else,
the model may have crossed two pairs: "X bought Y, and Z bought W". In a text that a company files, whoever a sentence
leaves unnamed is the filer or nobody.
"""

from collections.abc import Iterator, Sequence

from kg.extract.proposal import Proposal
from kg.extract.read_sentence import ReadSentence
from kg.reasons import Reason

__all__ = ["doubts"]

_RULES, _PARAGRAPH = "rules", "paragraph"
_FOLLOWS = frozenset({("invests-in", "holds-stake")})
"""Relations that follow from another: who puts money into a company mostly gets a share of it."""


def doubts(view: ReadSentence, proposals: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against a tie of the paragraph's model.

    DISAGREEMENT for another tie of names that the rules tie, and where they tie each of them to others; REFERENCE where
    the sentence that tells it leaves an end unnamed that is not the filer.
    """
    said = view.proposal
    if not said.method.startswith(_PARAGRAPH):
        return
    quoted = set(said.evidence)
    names = frozenset({said.subject.name, view.object.name})
    read = [
        (frozenset({other.subject.name, other.object.name}), other.relation)
        for other in proposals
        if other.object is not None and other.method.startswith(_RULES) and other.evidence[0] in quoted
    ]
    others = [relation for ends, relation in read if ends == names and relation != said.relation]
    differs = any((relation, said.relation) not in _FOLLOWS for relation in others)
    crosses = not others and all(any(name in ends for ends, _ in read) for name in names)
    if differs or crosses:
        yield Reason.DISAGREEMENT
    if any(_is_left_out(name, view) for name in names):
        yield Reason.REFERENCE


def _is_left_out(name: str, view: ReadSentence) -> bool:
    filer = view.parsed.text.filer
    named = {mention.name for mention in view.sentence.mentions}
    return view.parsed.is_filed and name not in named and (filer is None or name != filer.name)
