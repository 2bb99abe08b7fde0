"""Names of makers: « 250 000 GPU Nvidia », « des avions Airbus », "50 Boeing jets", "Apple shares".

A name that only tells whose make or whose paper a common noun is stands for no company in the place
that the noun fills: who owns such goods does not own their maker. A noun that calls the name what it
is (« la filiale X », "the retailer X") leaves it its place.
"""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.sentence import Sentence

__all__ = ["is_maker", "is_some"]

_OWNS = frozenset({"acquires", "subsidiary-of", "holds-stake", "invests-in", "merges-with"})
"""The relations whose object is a company that is somebody's, where its goods are none."""
_BEFORE = {"compound", "amod", "nmod", "poss"}
_BEHIND = {"nmod", "flat", "flat:name", "appos", "amod", "compound"}
_APART = {"obj", "dobj", "conj", "nsubj", "nsubj:pass", "ROOT"}
_OF = {"de", "d'", "d’"}


def is_maker(mention: Mention, relation: str, sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether the name is but the maker of the goods that stand at an end of the relation.

    Only relations of who owns to what is owned are asked: that A's chips are used does tell that A
    supplies them.
    """
    if relation not in _OWNS:
        return False
    token = sentence.span.doc[mention.first : mention.last + 1].root
    if (noun := _noun_behind(token, sentence)) is not None:
        return _is_share(noun, relation, lexicon) or not _calls(noun, lexicon)
    noun = _noun_before(mention, token, sentence)
    if noun is None or lexicon.lang != "fr":
        # An English noun before a name says what it is: "owns units X and Y".
        return False
    return _is_share(noun, relation, lexicon) or (not _calls(noun, lexicon) and _are_goods(noun, token, lexicon))


def _is_share(noun: Token, relation: str, lexicon: Lexicon) -> bool:
    """Whether what is owned is paper of the company: all of it is another thing than some of it."""
    return relation in {"acquires", "subsidiary-of"} and lexicon.says("figures.capital", noun.lemma_.lower())


def _calls(noun: Token, lexicon: Lexicon) -> bool:
    """Whether the noun, or what it is a bare complement of, calls a name a company: « la chaîne de parfumeries X ».

    A noun that states such a relation is no goods either: "X's purchase".
    """
    words = [word.lemma_.lower() for word in _phrase(noun)]
    cues = ("names.company", "reference.company", "names.called")
    acts = any(frame.relation in _OWNS for word in words for frame in lexicon.frames_at(word, word))
    return acts or any(lexicon.says(cue, *words) for cue in cues)


def _phrase(noun: Token) -> Iterator[Token]:
    """A noun and those above it whose bare complement it is: « flotte » of « une flotte d'avions »."""
    yield noun
    while noun.head != noun and noun.head.pos_ == "NOUN" and any(c.lower_ in _OF for c in noun.children):
        noun = noun.head
        yield noun


def _items(token: Token) -> Iterator[Token]:
    """The name's token and those that it is joined to: of « des puces X et Y », Y and X."""
    yield token
    while token.dep_ == "conj" and token.head.pos_ not in {"VERB", "AUX"}:
        token = token.head
        yield token


def _is_common(token: Token, sentence: Sentence) -> bool:
    return token.pos_ == "NOUN" and token.i not in sentence.by_token


def _noun_behind(token: Token, sentence: Sentence) -> Token | None:
    """The common noun that an English name stands before: "Volvo cars", "Boeing and Airbus planes"."""
    for item in _items(token):
        noun = item.head
        if item.dep_ in _BEFORE and noun.i > token.i and _is_common(noun, sentence):
            return noun
    return None


def _noun_before(mention: Mention, token: Token, sentence: Sentence) -> Token | None:
    """The common noun that a French name follows with nothing but adjectives between: « 30 rames neuves X »."""
    first = mention.first
    for item in _items(token):
        if item != token and (other := sentence.mention(item)) is not None:
            first = min(first, other.first)
    at = first - 1
    while at > sentence.span.start and token.doc[at].pos_ == "ADJ" and at not in sentence.by_token:
        at -= 1
    noun = token.doc[at] if at >= sentence.span.start else token
    if not _is_common(noun, sentence):
        return None
    tops = list(_phrase(noun))
    hangs = any(item.dep_ in _BEHIND and item.head in tops for item in _items(token))
    # The parse may give the verb two objects, « des puces » and « X », or the noun no place at all.
    apart = tops[-1].dep_ in _APART and not any(c.dep_ == "case" and c.lower_ != "des" for c in tops[-1].children)
    return noun if hangs or apart else None


def _are_goods(noun: Token, token: Token, lexicon: Lexicon) -> bool:
    """Whether a noun tells how many there are, or how made, and not which one: « 40 », « des », « une flotte de »."""
    tops = list(_phrase(noun))
    if any(_is_measure(top, lexicon) for top in tops):
        return False
    if _is_which(noun, lexicon):
        plural = "Plur" in noun.morph.get("Number", [])
        listed = any(child.dep_ == "conj" for child in token.children) or token.dep_ == "conj"
        return plural and len(tops) == 1 and not listed and _is_product(noun, lexicon)
    return is_some(noun, lexicon)


def _words_before(noun: Token) -> list[Token]:
    *_, top = _phrase(noun)
    return [child for child in top.children if child.i < top.i]


def _is_which(noun: Token, lexicon: Lexicon) -> bool:
    """Whether an article says which of the things the noun means: « les 300 robots », « sa flotte de robots »."""
    return lexicon.says("names.which", *(word.lower_ for word in _words_before(noun)))


def is_some(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a number or article says only how many there are: « 300 robots », « une flotte de robots »."""
    before = [*_words_before(noun), *(child for child in noun.children if child.i < noun.i)]
    counted = any(word.like_num or word.pos_ == "NUM" for word in before)
    some = counted or lexicon.says("names.some", *(word.lower_ for word in before))
    return some and not _is_which(noun, lexicon)


def _is_measure(noun: Token, lexicon: Lexicon) -> bool:
    """Whether it counts time or money: « a repris il y a deux ans X »."""
    counts = any(noun.lower_ in lexicon.tables[table] for table in ("figures.unit", "figures.currency"))
    return counts or lexicon.says("figures.measure", noun.lemma_.lower())


def _is_product(noun: Token, lexicon: Lexicon) -> bool:
    """Whether the lexicon knows the noun as goods, such as are used of their maker's."""
    lemma = noun.lemma_.lower()
    frames = lexicon.frames_at(lemma, lemma)
    supplied = any(frame.relation == "supplies" and frame.via and "of" in frame.subject for frame in frames)
    return supplied or lexicon.says("names.product", lemma)
