"""Whether the word that states a relation stands in the sense that states it.

"Sells" supplies where goods are sold; where a stake, a plant, a business or a company is sold, it is another tie, whose
buyer and object stand elsewhere. "Purchases" buys a company where one is bought; with a number of goods it is trade.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract.proposal import Proposal
from kg.extract.read_sentence import ReadSentence
from kg.extract.syntax import objects
from kg.reasons import Reason

__all__ = ["doubts"]

_ADJUNCT = frozenset({"pobj", "obl", "obl:mod", "nmod"})
_TWO = 2
_CONTROL = frozenset({"acquires", "merges-with", "subsidiary-of"})


def doubts(view: ReadSentence, _: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against the sense of the word."""
    trigger = view.trigger
    if trigger is None:
        return
    relation = view.proposal.relation
    if relation == "supplies" and view.says("senses.sells", trigger):
        yield from _sold(trigger, view)
    if _is_other_sense(trigger, relation, view):
        yield Reason.SENSE
    if _is_doubtful(trigger, relation, view):
        yield Reason.DOUBTFUL_SENSE


def _is_other_sense(trigger: Token, relation: str, view: ReadSentence) -> bool:
    """Whether the word is in an idiom, buys goods, files reports or names an office that somebody holds."""
    if relation in _CONTROL and trigger.pos_ == "NOUN" and view.says("senses.purchase", trigger):
        return _of_goods(trigger, view)
    if relation == "supplies" and any(view.says("senses.files", word) for word in (trigger.head, *trigger.children)):
        return True
    held = relation == "holds-stake" and view.says("senses.office", trigger)
    return _idiom(trigger, view) or (held and view.proposal.qualifiers.percent is None)


def _is_doubtful(trigger: Token, relation: str, view: ReadSentence) -> bool:
    """Whether it may state less than the relation: who works with an authority obeys it; many parties sign a merger."""
    authority = "PublicBody" in {end.kind for _, end in view.ends}
    if relation == "partners-with" and authority and view.says("senses.obeys", trigger):
        return True
    names = {m.name for m in view.sentence.mentions if m.kind == "Company"}
    if relation == "merges-with" and trigger.pos_ == "NOUN" and len(names) > _TWO:
        return True
    person = view.proposal.subject.kind == "Person"
    return person and trigger.dep_ in _ADJUNCT and not _has_doer(trigger, view)


def _sold(verb: Token, view: ReadSentence) -> Iterator[Reason]:
    """What is sold: a share or a business is no goods; where nothing tells, the tie is doubtful."""
    things = [thing for thing in objects(verb) if thing != view.token(view.object.start)]
    held = [t for thing in things for t in (thing, *thing.subtree)]
    assets = any(view.says("senses.asset", t) or t.i in view.sentence.by_token for t in things)
    if assets or any(t.text == "%" or view.says("figures.capital", t) for t in held):
        yield Reason.SENSE
    elif any(t.pos_ == "PRON" for t in things) or any(view.says("senses.asset", t) for t in _whole(things, view)):
        yield Reason.DOUBTFUL_SENSE


def _whole(things: Sequence[Token], view: ReadSentence) -> Iterator[Token]:
    """What a part, a measure or a number is of: who sells half of a plant sells a plant, not so chips for one."""
    cues = ("figures.measure", "figures.part", "figures.collection")
    for thing in things:
        if any(view.says(cue, thing) for cue in cues):
            yield from thing.subtree


def _of_goods(noun: Token, view: ReadSentence) -> bool:
    """Whether purchases are of goods: the noun in the plural without a figure of money or a name as complement."""
    plural = noun.tag_ == "NNS" or "Plur" in noun.morph.get("Number", [])
    titles = any(view.says("senses.office", t) for t in noun.ancestors)
    return plural or titles


def _idiom(trigger: Token, view: ReadSentence) -> bool:
    """Whether the word is part of an idiom that is no tie: « prendre part », "run for", "serve as"."""
    behind = trigger.doc[trigger.i + 1 : min(trigger.i + 4, view.sentence.span.end)]
    lemmas = [f"{trigger.lemma_.lower()} {t.lemma_.lower()}" for t in behind if t.i not in view.sentence.by_token]
    return view.parsed.lexicon.says("senses.idioms", *lemmas)


def _has_doer(noun: Token, view: ReadSentence) -> bool:
    """Whether a noun of action has its own doer: "his purchase of X", unlike "joined through the purchase of X"."""
    start = view.proposal.subject.start
    return any(child.idx + view.sentence.offset == start for child in noun.children)
