"""What changes hands, and whose the word is: things sold or lent that are none, and roles that only one can bear.

A word may stand in its sense and still state another tie by its object: a credit agreement is a loan, a character lent
is no money, "sold to X" without an object sells what the text is about.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from kg.extract.proposal import Proposal
from kg.extract.read_sentence import ReadSentence
from kg.extract.syntax import objects, prepositions
from kg.model import Modality
from kg.reasons import Reason

__all__ = ["doubts"]

_REFLEXIVE = frozenset({"se", "s'", "s’"})
_OPENING, _CLOSING = frozenset('"“«'), frozenset('"”»')
_QUOTED = 6
"""Words between quotation marks that are cited as somebody's own wording, and state nothing."""
_SAID = frozenset({Modality.ASSERTED, Modality.PAST})
_BUYS = frozenset({"acquires", "invests-in"})
_AIMS = frozenset({"pour", "for", "sur", "portant sur"})


def doubts(view: ReadSentence, proposals: Sequence[Proposal]) -> Iterator[Reason]:
    """Yield what speaks against the object of the word, and against an end as bearer of its role."""
    trigger = view.trigger
    if trigger is None:
        return
    relation = view.proposal.relation
    if relation == "supplies" and _is_no_trade(trigger, view):
        yield Reason.DOUBTFUL_SENSE
    if relation == "lends-to" and trigger.pos_ == "VERB" and _is_no_money(trigger, view):
        yield Reason.SENSE
    if relation == "partners-with" and trigger.pos_ == "NOUN" and _is_other_deal(trigger, view):
        yield Reason.DOUBTFUL_SENSE
    if relation in _BUYS and _is_sellers(view):
        yield Reason.DIRECTION
    if view.proposal.modality in _SAID and _is_cited(trigger):
        yield Reason.NOT_HAPPENED
    if _is_second_bearer(trigger, view, proposals):
        yield Reason.OTHER_CLAUSE


def _is_no_trade(verb: Token, view: ReadSentence) -> bool:
    """Whether what is bought or sold is left out, or is the seller himself (« s'est vendue à X »), or a company."""
    if verb.pos_ != "VERB" or not view.says("senses.trades", verb):
        return False
    if any(child.lower_ in _REFLEXIVE for child in verb.children):
        return True
    ends = [view.token(end.start) for _, end in view.ends]
    things = [thing for thing in _things(verb) if thing not in ends]
    held = [t for thing in things for t in (thing, *thing.subtree) if t.i < verb.i or t.head.i >= verb.i]
    owned = any(view.says("senses.asset", t) or view.says("reference.company", t) for t in things)
    left_out = not things and (verb.tag_ == "VBG" or view.says("senses.resells", verb))
    return left_out or owned or any(t.text == "%" or view.says("figures.capital", t) for t in held)


def _things(verb: Token) -> Iterator[Token]:
    """What is bought or sold: the objects, or the noun that a relative clause without one hangs on."""
    found = list(objects(verb))
    yield from found
    if not found and verb.dep_ in {"relcl", "acl:relcl"} and any(child.dep_ == "nsubj" for child in verb.children):
        yield verb.head


def _is_no_money(verb: Token, view: ReadSentence) -> bool:
    """Whether what is lent is neither a sum nor a loan, but some thing: "lends it a character"."""
    if not view.says("senses.lends", verb):
        return False
    named = {view.token(end.start) for _, end in view.ends}
    # "lends X its mascot": the parse sets the mascot beside X.
    told = [*objects(verb), *(c for t in named if t is not None for c in t.children if c.dep_ == "appos")]
    things = [t for t in told if t not in named and t.pos_ in {"NOUN", "PROPN"} and t.i > verb.i]
    held = [t for thing in things for t in thing.subtree]
    sums = any(t.like_num or t.pos_ in {"NUM", "SYM"} or view.says("senses.money", t) for t in held)
    return bool(things) and not sums


def _is_other_deal(noun: Token, view: ReadSentence) -> bool:
    """Whether an agreement is one of supply, credit or purchase, or only one to talk: another tie, or none yet."""
    near = [noun, *noun.children, *(obj for _, obj in prepositions(noun))]
    # « signer avec X un accord pour la fourniture de … »: the parse hangs the aim on the verb.
    near += [obj for prep, obj in prepositions(noun.head) if prep in _AIMS and obj.i > noun.i]
    behind = noun.doc[noun.i + 1 : view.sentence.span.end]
    aims = [t for t in behind if t.head in near or t.head.head in near]
    return view.says("senses.talks", noun) or any(view.says("senses.trade_deal", t) for t in (*near[1:], *aims))


def _is_sellers(view: ReadSentence) -> bool:
    """Whether « les 30 % de X » may be the share that X has, not one of X: the article says that it is known."""
    token = view.token(view.object.start)
    if token is None or view.parsed.document.lang != "fr" or view.proposal.qualifiers.percent is None:
        return False
    doc, at = token.doc, token.i - 1
    while at > view.sentence.span.start and doc[at].text != "%" and token.i - at <= _QUOTED:
        at -= 1
    if doc[at].text != "%" or at < _LEAST or not view.says("senses.of", *doc[at + 1 : at + 2]):
        return False
    return doc[at - 2].lower_ in {"les", "des"} and doc[at - 1].like_num


_LEAST = 2


def _is_cited(trigger: Token) -> bool:
    """Whether the word stands in a few words between quotation marks, which somebody else chose."""
    doc, first, last = trigger.doc, trigger.sent.start, trigger.sent.end
    left = next((t for t in reversed(doc[max(first, trigger.i - _QUOTED) : trigger.i]) if t.text in _MARKS), None)
    right = next((t for t in doc[trigger.i + 1 : min(last, trigger.i + _QUOTED)] if t.text in _MARKS), None)
    if left is None or right is None or left.text not in _OPENING or right.text not in _CLOSING:
        return False
    opened = sum(t.text in _MARKS for t in doc[first : left.i + 1])
    odd = left.text != '"' or opened % 2 == 1
    return odd and right.i - left.i <= _QUOTED


_MARKS = _OPENING | _CLOSING


def _is_second_bearer(trigger: Token, view: ReadSentence, proposals: Sequence[Proposal]) -> bool:
    """Whether a nearer name bears a role that only one can: "X's parent Y ($3bn) and Z" says nothing of Z."""
    if trigger.pos_ != "NOUN" or view.proposal.relation not in _ROLES or "Plur" in trigger.morph.get("Number", []):
        return False
    said, subject, object_ = view.proposal, view.proposal.subject, view.object
    at = view.sentence.offset + trigger.idx

    def far(start: int, end: int) -> int:
        return max(at - end, start - at, 0)

    for other in proposals:
        if other is said or other.trigger != said.trigger or other.relation != said.relation or other.object is None:
            continue
        pairs = ((other.subject, subject, other.object, object_), (other.object, object_, other.subject, subject))
        for its, mine, same, kept in pairs:
            joined = same.name == kept.name and its.name != mine.name
            if joined and far(its.start, its.end) < far(mine.start, mine.end) and _is_bearer(mine.start, trigger, view):
                return True
    return False


_ROLES = frozenset({"holds-stake", "subsidiary-of", "competes-with"})


def _is_bearer(start: int, trigger: Token, view: ReadSentence) -> bool:
    """Whether an end stands behind its role: in the list that begins with who bears it."""
    token = view.token(start)
    return token is not None and token.i > trigger.i
