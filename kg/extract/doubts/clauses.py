"""Whether both ends belong to the clause of the word that states the relation, and whether what it says happened."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract.doubts.neighbours import has_stranger
from kg.extract.proposal import End, Proposal
from kg.extract.read_sentence import ReadSentence
from kg.extract.syntax import is_relative_pronoun
from kg.model import Modality
from kg.reasons import Reason

__all__ = ["doubts"]

_HAPPENS = frozenset({Modality.ASSERTED, Modality.PAST, Modality.ANNOUNCED, Modality.PLANNED})
_RIVALS, _BACK = 2, 2
"""Companies between a reference and its name, and sentences back, from which on it is uncertain."""
_COMPANY = frozenset({"Company"})
_REACH = 6
"""Words of the tree above a word that govern it."""


def doubts(view: ReadSentence, _: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against the clause, the reference and the event."""
    trigger = view.trigger
    if trigger is not None and (_crosses(trigger, view) or _is_gapped(trigger, view) or has_stranger(trigger, view)):
        yield Reason.OTHER_CLAUSE
    if any(_is_uncertain(end, view) for _, end in view.ends):
        yield Reason.REFERENCE
    if view.proposal.modality in _HAPPENS and _thwarted(view):
        yield Reason.NOT_HAPPENED


def _crosses(trigger: Token, view: ReadSentence) -> bool:
    """Whether a word that opens another clause ("while", « tandis que », ";") parts an end from the word."""
    for _, end in view.ends:
        token = view.token(end.start)
        if token is None:
            continue
        first, last = sorted((token.i, trigger.i))
        if any(view.says("clauses.borders", t) for t in trigger.doc[first + 1 : last]):
            return True
    return False


def _is_gapped(trigger: Token, view: ReadSentence) -> bool:
    """Whether an end stands in a clause that leaves out its verb: "A bought B from C and D from E".

    There two names joined without a verb between each have the same preposition with a name after them.
    """
    doc, by_token = trigger.doc, view.sentence.by_token
    for joint in view.sentence.span:
        if joint.pos_ != "CCONJ" or joint.i + 1 not in by_token or joint.i <= trigger.i:
            continue
        second = by_token[joint.i + 1]
        preposition = doc[second.last + 1] if second.last + 1 < view.sentence.span.end else None
        if preposition is None or preposition.pos_ != "ADP" or second.last + 2 not in by_token:
            continue
        before = [t for t in doc[trigger.i + 1 : joint.i] if t.lower_ == preposition.lower_ and t.i + 1 in by_token]
        if before and any(joint.i < token.i for _, end in view.ends if (token := view.token(end.start)) is not None):
            return True
    return False


def _is_uncertain(end: End, view: ReadSentence) -> bool:
    """Whether a pronoun or common noun may stand for another company: several lie between it and its name.

    Not where it goes on with what the sentence before was about.
    """
    token = view.token(end.start)
    if end.antecedent is None or token is None or token.i in view.sentence.by_token:
        return False
    filer = view.parsed.text.filer
    if filer is not None and filer.name == end.name:
        return False
    start = end.antecedent[0]
    sentences = view.parsed.text.sentences
    back = sum(start < s.start <= view.sentence.start for s in sentences)
    first, last = sorted((start, end.start))
    rivals = {m.name for s in sentences for m in s.mentions if first < m.start < last and m.fits(_COMPANY)} - {end.name}
    lead = next((s.subject_mention() for s in sentences if s.start <= start < s.end), None)
    continues = lead is not None and lead.start == start and back < _BACK
    return not continues and (len(rivals) >= _RIVALS or back >= _BACK or (back > 0 and bool(rivals)))


def _thwarted(view: ReadSentence) -> bool:
    """Whether the word hangs on one that says that it did not happen, or the sentence asks whether it did."""
    if view.sentence.span.text.rstrip(" \"'”»)").endswith("?"):
        return True
    trigger = view.trigger
    if trigger is None:
        return False
    above = _governing(trigger, view)
    governed = [*above, *(c for word in above for c in word.children if c.dep_ in _SAYS)]
    if any(view.says("modality.thwarts", token) for token in governed if token != trigger):
        return True
    lemmas = " ".join(t.lemma_.lower() for t in view.sentence.span)
    printed = " ".join(t.lower_ for t in view.sentence.span)
    phrases = view.parsed.lexicon.cues.get("modality.thwarting_phrase", frozenset())
    return any(f" {phrase} " in f" {text} " for phrase in phrases for text in (lemmas, printed))


def _governing(trigger: Token, view: ReadSentence) -> list[Token]:
    """The word and those above it, up to a clause that tells of a name by the way.

    "Nvidia, which owns 6% of CoreWeave, denied …": the denial does not reach the stake.
    """
    above = [trigger]
    while len(above) <= _REACH and above[-1].head != above[-1]:
        last = above[-1]
        aside = any(is_relative_pronoun(child) and child.lower_ != "that" for child in last.children)
        if last.dep_ in _RELATIVE and aside and last.head.i in view.sentence.by_token:
            break
        above.append(last.head)
    return above


_RELATIVE = frozenset({"relcl", "acl:relcl"})
_SAYS = frozenset(
    {"acomp", "attr", "xcomp", "advmod", "prep", "mark", "nsubj", "nsubj:pass", "nsubjpass", "cop", "obj"}
)
"""Dependents of a governing word that tell what it says: "reports … are untrue", "no truth to"."""
