"""What a sentence tells of a tie that never came about, or came to nothing: the words above it and beside it.

"A court blocked the merger of X and Y", "reports that X owns Y are untrue", « le rachat de X par Y n'a pas abouti »,
"neither X nor Y owns Z", "X almost bought Y", "had X bought Y".
"""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.lexicon import Lexicon
from kg.extract.syntax import objects, subject

__all__ = ["came_to_nothing", "is_inverted", "is_offered", "nearly", "neither", "refuted"]

_CLIMB = 6
_NOMINAL = frozenset(
    {"nmod", "pobj", "prep", "compound", "acl", "relcl", "acl:relcl", "ccomp", "pcomp", "xcomp", "conj", "amod"}
    | {"appos", "obl:arg", "obl:mod"}
)
_NOUNS = frozenset({"NOUN", "PROPN", "ADP", "SCONJ"})
_SUBJECT = frozenset({"nsubj", "nsubjpass", "nsubj:pass", "csubj", "csubjpass"})
_OBJECT = frozenset({"obj", "dobj", "pobj", "obl:arg", "obl:mod", "prep", "ccomp", "xcomp", "pcomp", "nmod"})
_SAYS = frozenset({"acomp", "attr", "oprd", "xcomp"})


def _above(word: Token) -> Iterator[tuple[Token, Token]]:
    """Yield a word and the nouns that it hangs on, each with its head: "talks" and "reports" of "reports of talks"."""
    token = word
    for _ in range(_CLIMB):
        yield token, token.head
        if token.head == token or token.dep_ not in _NOMINAL or token.head.pos_ not in _NOUNS:
            return
        if token.dep_ in {"relcl", "acl:relcl"} and token.head.pos_ == "PROPN":
            return
        token = token.head


def _top(word: Token) -> Token:
    """The noun phrase that holds a word: "talks" of "talks over a merger between X and Y"."""
    *_, (token, _) = _above(word)
    return token


def refuted(word: Token, lexicon: Lexicon) -> bool:
    """Whether what is said of the noun phrase or clause that holds a word makes it untrue, or forbids it."""
    top = _top(word)
    head = top.head
    if head == top:
        return False
    said = [head, *(child for child in head.children if child.dep_ in _SAYS)]
    if top.dep_ in _SUBJECT or (top.dep_ == "ccomp" and head.lemma_ in {"be", "être"}):
        if any(lexicon.says("modality.untrue", token.lemma_.lower(), token.lower_) for token in said):
            return True
        return top.dep_ != "ccomp" and _is_passive_refusal(head, lexicon)
    if top.dep_ == "ccomp" and lexicon.says("modality.untrue", head.lemma_.lower(), head.lower_):
        return True
    if top.dep_ not in _OBJECT:
        return False
    above = [head, *list(head.ancestors)[:1]] if head.pos_ == "ADP" else [head]
    return any(lexicon.says("modality.forbids", token.lemma_.lower()) for token in above)


def _is_passive_refusal(verb: Token, lexicon: Lexicon) -> bool:
    passive = any(child.dep_ in {"auxpass", "aux:pass"} for child in verb.children)
    return passive and lexicon.says("modality.forbids", verb.lemma_.lower())


def came_to_nothing(word: Token, lexicon: Lexicon) -> bool:
    """Whether the noun phrase that holds a noun is the subject of a failure: "talks have broken down".

    Or of a success that is denied: « n'a pas abouti ».
    """
    if word.pos_ not in {"NOUN", "PROPN"} and word.dep_ not in {"acl", "xcomp", "pcomp"}:
        return False
    top = _top(word)
    verb = top.head
    if top.dep_ in {"obj", "dobj"} and verb.pos_ in {"VERB", "AUX"} and top != word:
        return lexicon.says("modality.ended", verb.lemma_.lower())
    return top.dep_ in _SUBJECT and _fails(verb, lexicon, by_plan=top != word)


def _fails(verb: Token, lexicon: Lexicon, *, by_plan: bool) -> bool:
    """Whether a verb says of its subject, a plan or the deed itself, that nothing came of it."""
    passive = any(child.dep_ in {"auxpass", "aux:pass"} for child in verb.children)
    dropped = by_plan and passive and lexicon.says("modality.ended", verb.lemma_.lower())
    if dropped or lexicon.says("modality.fails", verb.lemma_.lower()):
        return True
    phrase = " ".join(t.lower_ for t in verb.doc[verb.left_edge.i : verb.right_edge.i + 1])
    if any(f" {said}" in f" {phrase}" for said in lexicon.cues.get("modality.fails_phrase", ())):
        return True
    negated = any(lexicon.says("modality.negation", child.lower_) for child in verb.children)
    return negated and lexicon.says("modality.succeeds", verb.lemma_.lower())


def nearly(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a word beside the verb says that it all but happened: "almost bought", « a failli racheter »."""
    if any(child.i < verb.i and lexicon.says("modality.nearly", child.lower_) for child in verb.children):
        return True
    # The parse may take "failli" for an auxiliary, an adjective or a main verb: it stands right before.
    before = verb.doc[max(0, verb.i - 2) : verb.i]
    return any(lexicon.says("modality.nearly", token.lemma_.lower(), token.lower_) for token in before)


def neither(trigger: Token, verb: Token, lexicon: Lexicon) -> bool:
    """Whether the subject or object is of none: "neither X nor Y owns Z", « ni X ni Y ne détiennent Z »."""
    ends = [subject(verb), *objects(verb), subject(trigger)]
    below = [child for end in ends if end is not None for child in end.children]
    before = [end.doc[end.left_edge.i - 1] for end in ends if end is not None and end.left_edge.i]
    return any(lexicon.says("modality.neither", token.lower_) for token in (*below, *before))


def is_inverted(verb: Token) -> bool:
    """Whether it is the condition that English makes by order alone: "had X bought Y, …"."""
    lead = subject(verb)
    first = next((child for child in verb.children if child.dep_ == "aux"), None)
    if lead is None or first is None or verb.dep_ != "advcl":
        return False
    return first.lower_ in {"had", "were", "should"} and first.i < lead.i


def is_offered(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a noun is only what an offer, talks or a plan is about: « l'offre de rachat », "merger talks"."""
    if noun.pos_ not in {"NOUN", "PROPN"}:
        return False
    return any(lexicon.says("modality.offers", token.lemma_.lower()) for token, _ in list(_above(noun))[1:])
