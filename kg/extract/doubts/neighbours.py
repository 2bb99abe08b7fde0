"""Ends that stand beside the word of the relation but are a neighbour's: another verb's, a rival, seller or adviser.

"X bought Y and Z sold W", "X beat Z to buy Y", "Z advised X on its purchase of Y", « X a racheté à Z sa part dans Y »,
« Vendu par Z, Y a été repris par X », « X détient 30 % de Y, aux côtés de Z ».
"""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.proposal import End
from kg.extract.read_sentence import ReadSentence
from kg.extract.syntax import objects, subject

__all__ = ["has_stranger"]

_TRADED = frozenset({"acquires", "invests-in", "holds-stake"})
_BACK = 3
"""Tokens before a name in which the preposition that makes it a seller stands."""


def has_stranger(trigger: Token, view: ReadSentence) -> bool:
    """Whether an end of the proposal is a neighbour's."""
    ends = [(role, end, token) for role, end in view.ends if (token := view.token(end.start)) is not None]
    named = [(role, token) for role, end, token in ends if end.antecedent is None or token.i in view.sentence.by_token]
    return (
        any(_leads_another(token, trigger, view) or _is_beside(token, trigger, view) for _, token in named)
        or any(_is_beaten(token, trigger, view) for _, token in named)
        or any(_advises(end, trigger, view) for _, end in view.ends)
        or _merges_another(trigger, view)
        or any(_is_agent_apart(token, trigger) for _, token in named)
        or any(role == "object" and _is_seller(end, token, trigger, view) for role, end, token in ends)
        or any(role == "object" and _goes_along(token, view) for role, token in named)
    )


def _finite(token: Token) -> bool:
    return token.pos_ in {"VERB", "AUX"} and (token.tag_ in _FINITE or "Fin" in token.morph.get("VerbForm", []))


_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_ADVERBS = frozenset({"ADV", "PART"})
_CLITICS = frozenset({"PRON"})


def _leads_another(token: Token, trigger: Token, view: ReadSentence) -> bool:
    """Whether a name behind the word, joined by "and", has a verb of its own right after it."""
    mention = view.sentence.by_token.get(token.i)
    if mention is None or mention.first <= trigger.i or trigger.pos_ not in {"VERB", "AUX"}:
        return False
    doc, end = token.doc, view.sentence.span.end
    before = doc[mention.first - 1]
    if before.pos_ != "CCONJ" and before.lower_ not in {"le", "la", "les", "the"}:
        return False
    if before.pos_ != "CCONJ" and (mention.first < _PAIR or doc[mention.first - 2].pos_ != "CCONJ"):
        return False
    at = mention.last + 1
    while at < end and (doc[at].pos_ in _ADVERBS | _CLITICS):
        at += 1
    return at < end and _finite(doc[at])


_PAIR = 2


def _is_beside(token: Token, trigger: Token, view: ReadSentence) -> bool:
    """Whether a name before the word has a verb of its own, and after an "and" another name leads the word's clause."""
    mention = view.sentence.by_token.get(token.i)
    if mention is None or mention.last >= trigger.i or trigger.pos_ not in {"VERB", "AUX"}:
        return False
    doc = token.doc
    for joint in doc[mention.last + 1 : trigger.i]:
        if joint.pos_ != "CCONJ":
            continue
        own = any(_finite(word) for word in doc[mention.last + 1 : joint.i])
        follows = view.sentence.by_token.get(joint.i + 1)
        if own and follows is not None and follows.last < trigger.i:
            between = doc[follows.last + 1 : trigger.i]
            if all(word.pos_ in {"ADV", "AUX", "PART", "PRON"} for word in between):
                return True
    return False


def _governing(trigger: Token, view: ReadSentence, cue: str) -> Iterator[Token]:
    yield from (verb for verb in trigger.ancestors if view.says(cue, verb) and verb.pos_ in {"VERB", "AUX"})


def _is_beaten(token: Token, trigger: Token, view: ReadSentence) -> bool:
    """Whether the name is the one that another was quicker than: "X beat Z to buy Y"."""
    mention = view.sentence.by_token.get(token.i)
    beaten = [obj.i for verb in _governing(trigger, view, "clauses.beats") for obj in objects(verb)]
    return mention is not None and any(mention.first <= i <= mention.last for i in beaten)


def _advises(end: End, trigger: Token, view: ReadSentence) -> bool:
    """Whether the end, by name or by reference, only advises on it: "Z advised X on its purchase of Y"."""
    leads = [subject(verb) for verb in _governing(trigger, view, "clauses.advises")]
    mentions = [view.sentence.by_token.get(lead.i) for lead in leads if lead is not None]
    return any(mention is not None and mention.name == end.name for mention in mentions)


def _merges_another(trigger: Token, view: ReadSentence) -> bool:
    """Whether somebody merges what a pronoun stands for with another: "X bought Y and merged it with Z"."""
    if view.proposal.relation != "merges-with" or trigger.pos_ != "VERB":
        return False
    return any(word.pos_ == "PRON" and word.i > trigger.i for word in objects(trigger))


def _is_agent_apart(token: Token, trigger: Token) -> bool:
    """Whether the name is by whom something else is done, which a comma sets apart: « Vendu par Z, Y … »."""
    agent = token.dep_ == "obl:agent" or (token.dep_ == "pobj" and token.head.dep_ == "agent")
    if not agent:
        return False
    head = token.head if token.dep_ == "obl:agent" else token.head.head
    first, last = sorted((token.i, trigger.i))
    return head != trigger and trigger not in head.subtree and any(t.text == "," for t in token.doc[first:last])


def _is_seller(end: End, token: Token, trigger: Token, view: ReadSentence) -> bool:
    """Whether what is bought would be the one from whom it is bought."""
    if view.proposal.relation not in _TRADED:
        return False
    if end.antecedent is not None and token.i not in view.sentence.by_token:
        return False
    mention = view.sentence.by_token.get(token.i)
    first = token.i if mention is None else mention.first
    before = token.doc[max(0, first - _BACK) : first]
    words = [word for word in before if word.pos_ not in {"DET", "NOUN"}]
    above = [trigger, *list(trigger.ancestors)[:_BACK]]
    if not words or not any(view.says("clauses.trades", verb) for verb in above):
        return False
    last = words[-1]
    fixed = last.lower_ in {"de", "d'"} and len(words) > 1 and words[-2].lower_ == "auprès"
    return fixed or (last.i >= first - 2 and last.lower_ in view.parsed.lexicon.cues["clauses.seller"])


def _goes_along(token: Token, view: ReadSentence) -> bool:
    """Whether a name is of who does it as well, not of what it is done to: "alongside Z"."""
    if view.proposal.relation not in _TRADED:
        return False
    mention = view.sentence.by_token.get(token.i)
    first = token.i if mention is None else mention.first
    before = " ".join(word.lower_ for word in token.doc[max(0, first - _BACK) : first])
    return any(before.endswith(cue) for cue in view.parsed.lexicon.cues.get("clauses.alongside", ()))
