"""Two names in a sentence as a linear model sees them.

Features speak of the words between and around the two names, of the path that ties them in the
parse, and of what the lexicon says those words can state. The last kind is common to all
languages, so that a language with few annotated sentences learns from the others.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from spacy.tokens import Token

from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.sentence import Sentence
from kg.ontology import ontology

__all__ = ["ENDS", "MODEL", "NONE", "Mention", "Pair", "features", "label", "pairs", "top"]

MODEL = "relations"
"""The weights, in ``ontology/weights``."""
NONE = "none"
ENDS = frozenset({"Company", "PublicBody", "Organisation", "Person"})
"""Kinds of names that can be an end of a relation."""

_WIDEST, _MOST = 60, 14
"""Tokens between two names of a pair, names of a sentence: what lies beyond says nothing for certain."""
_AROUND, _AFTER = 4, 5
_LONG = 6
_TELLING = {
    "neg",
    "aux",
    "auxpass",
    "prt",
    "prep",
    "dobj",
    "attr",
    "acomp",
    "obj",
    "aux:pass",
    "aux:tense",
    "cop",
    "mark",
}
_UNIVERSAL = {
    "nsubjpass": "nsubj:pass", "dobj": "obj", "pobj": "obl", "agent": "obl", "prep": "case", "poss": "nmod",
    "attr": "nsubj", "relcl": "acl:relcl", "compound": "nmod", "obl:arg": "obl", "obl:mod": "obl", "obl:agent": "obl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names of a sentence, in the order of the text."""

    first: Mention
    second: Mention
    sentence: Sentence


def pairs(sentence: Sentence) -> Iterator[Pair]:
    """Yield the pairs of names that may be the two ends of a relation."""
    able = [m for m in sentence.mentions if m.kind in ENDS]
    if len(able) > _MOST:
        return
    for first, second in combinations(able, 2):
        if first.name != second.name and second.first - first.last <= _WIDEST:
            yield Pair(first, second, sentence)


def _word(token: Token, pair: Pair) -> str:
    """A token with its name left out: the two ends are <1> and <2>, other names <N>, numbers <#>."""
    if pair.first.first <= token.i <= pair.first.last:
        return "<1>"
    if pair.second.first <= token.i <= pair.second.last:
        return "<2>"
    if token.i in pair.sentence.by_token or token.pos_ == "PROPN":
        return "<N>"
    if token.pos_ == "NUM" or token.like_num:
        return "<#>"
    return str(token.lemma_.lower())


def _words(tokens: Iterable[Token], pair: Pair) -> list[str]:
    """The words of some tokens, a name of several tokens said once."""
    said: list[str] = []
    for token in tokens:
        word = _word(token, pair)
        if not (said and said[-1] == word and word[0] == "<"):
            said.append(word)
    return said


def _concepts(words: Iterable[str], lexicon: Lexicon) -> set[str]:
    return {f"{frame.relation}" for word in words for frame in lexicon.frames_at(word, word)}


def features(pair: Pair, lexicon: Lexicon) -> set[str]:
    """Return the features of a pair; those of one language's words begin with it, as in "en:mid=acquire"."""
    return {*_between(pair, lexicon), *_names(pair), *_path(pair, lexicon)}


def _between(pair: Pair, lexicon: Lexicon) -> Iterator[str]:
    lang, span = lexicon.lang, pair.sentence.span
    doc = span.doc
    middle = _words(doc[pair.first.first : pair.second.last + 1], pair)
    before = _words(doc[max(span.start, pair.first.first - _AROUND) : pair.first.first], pair)
    after = _words(doc[pair.second.last + 1 : min(span.end, pair.second.last + 1 + _AFTER)], pair)
    for size in (1, 2, 3):
        yield from (f"{lang}:mid={' '.join(middle[at : at + size])}" for at in range(len(middle) - size + 1))
    for name, words in (("before", before), ("after", after), ("all", _words(span, pair))):
        yield from (f"{lang}:{name}={word}" for word in words)
    yield from (f"{lang}:before={one} {two}" for one, two in pairwise([*before, "<1>"]))
    yield from (f"{lang}:after={one} {two}" for one, two in pairwise(["<2>", *after]))
    if len(middle) <= _LONG:
        yield f"{lang}:whole={' '.join(middle)}"
    for name, words in (("mid", middle), ("before", before), ("after", after), ("all", _words(span, pair))):
        yield from (f"{name}~{concept}" for concept in _concepts(words, lexicon))
    yield f"length={min(len(middle) // 4, _LONG)}"
    yield f"names={min(middle.count('<N>'), 3)}"
    yield from (f"mark={mark}" for mark in (",", ":", "(", ";", "«") if mark in middle)


def _names(pair: Pair) -> Iterator[str]:
    yield f"kinds={pair.first.kind}/{pair.second.kind}"
    for end, mention in (("1", pair.first), ("2", pair.second)):
        words = mention.text.split()
        yield f"last{end}={words[-1].casefold()}"
        yield f"first{end}={words[0].casefold()}"


def _chain(token: Token) -> list[Token]:
    return [token, *token.ancestors]


def _dep(token: Token) -> str:
    return _UNIVERSAL.get(token.dep_, token.dep_)


def _path(pair: Pair, lexicon: Lexicon) -> Iterator[str]:
    doc, lang = pair.sentence.span.doc, lexicon.lang
    one, two = (_chain(doc[m.first : m.last + 1].root) for m in (pair.first, pair.second))
    common = next((token for token in one if token in two), None)
    if common is None:
        yield "path=none"
        return
    up, down = one[: one.index(common)], two[: two.index(common)]
    left, right = [_dep(token) for token in up], [_dep(token) for token in down]
    ends = f"{left[0] if left else '-'}/{right[0] if right else '-'}"
    tops = f"{left[-1] if left else '-'}/{right[-1] if right else '-'}"
    yield f"path={'>'.join(left)}|{'<'.join(right)}"
    yield f"ends={ends}"
    between = [*up[1:], common, *down[1:]]
    words = [_word(token, pair) for token in between]
    yield from (f"{lang}:path={word}" for word in words)
    yield f"{lang}:path={' '.join(words[:_LONG])}"
    yield f"{lang}:top={_word(common, pair)}/{tops}"
    for concept in _concepts(words, lexicon):
        yield from (f"path~{concept}", f"path~{concept}/{ends}")
    yield from (f"top~{concept}/{tops}" for concept in _concepts([_word(common, pair)], lexicon))
    yield f"steps={min(len(between), _LONG)}"
    yield from _beside(common, pair, lang)


def _beside(top: Token, pair: Pair, lang: str) -> Iterator[str]:
    """The helpers of the word at the top of the path: negations, auxiliaries, prepositions."""
    for child in top.children:
        if child.dep_ in _TELLING:
            yield f"{lang}:{_dep(child)}={_word(child, pair)}"


def top(pair: Pair) -> Token:
    """Return the word under which the parse ties the two names, or the verb of their sentence."""
    doc = pair.sentence.span.doc
    one, two = (_chain(doc[m.first : m.last + 1].root) for m in (pair.first, pair.second))
    common = next((token for token in one if token in two), pair.sentence.span.root)
    return pair.sentence.span.root if common.i in pair.sentence.by_token else common


def label(relation: str, *, subject_first: bool) -> str:
    """Name the class of a relation by where its subject stands: "acquires>" has it first in the text."""
    return relation if ontology().relation(relation).symmetric else relation + (">" if subject_first else "<")
