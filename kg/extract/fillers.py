"""From a token in a role to the names it stands for: lists, relative pronouns, noun phrases, references."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.beside import is_bare_name
from kg.extract.goods import is_maker
from kg.extract.names import Mention
from kg.extract.reference import References
from kg.extract.sentence import Sentence
from kg.extract.syntax import conjuncts, is_relative_pronoun, prepositions
from kg.extract.templates import Frame

__all__ = ["Filler", "Fillers"]

_OF = {"de", "of"}
_LIST = {"comme", "tel que", "tels que", "such as", "like", "including", "dont", "notamment"}
_BARE = {"appos", "flat", "flat:name", "nmod", "compound"}
_OBJECT_RELATIVE = {"que", "qu'", "dont"}
_CLAUSE = {"acl:relcl", "relcl"}
_THE = {"le", "la", "l'", "du", "au"}
_BARE_OF = {"de", "d'", "en", "à"}
_COMPLEMENT = 7
"""Tokens from a noun to the name behind its complement."""
_NEAR = 3
"""Tokens from a noun to the bare name in its phrase (« la société américaine X »)."""


@dataclass(frozen=True, slots=True)
class Filler:
    """A name in a role: the token that carries it, whether it is there only by reference.

    `listed` tells that it stands in a list of members (« entre X et Y »).
    """

    mention: Mention
    token: Token
    by_reference: bool
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Fillers:
    """Finds the names that tokens stand for in the sentences of one document."""

    references: References

    def of(self, token: Token, frame: Frame, sentence: Sentence, other: frozenset[str]) -> Iterator[Filler]:
        """Yield the names that a token and what is joined to it stand for, none of `other` by reference."""
        for item in conjuncts(token):
            if "(" in token.doc[token.i : item.i].text and ")" not in token.doc[token.i : item.i].text:
                # « X (éditeur de Y, Z) »: Y and Z are no more of the list.
                continue
            yield from self._one(item, frame, sentence, other)
        mention = sentence.mention(token)
        if mention is not None and not self._is_maker(mention, frame, sentence):
            yield from (Filler(m, token.doc[m.last], by_reference=False) for m in _listed(mention, sentence))

    def _is_maker(self, mention: Mention, frame: Frame, sentence: Sentence) -> bool:
        asked = frame.pos == "verb" and not frame.through
        return asked and is_maker(mention, frame.relation, sentence, self.references.lexicon)

    def _one(self, token: Token, frame: Frame, sentence: Sentence, other: frozenset[str]) -> Iterator[Filler]:
        mention = sentence.mention(token)
        if mention is not None:
            if not _is_counted(mention, token) and not self._is_maker(mention, frame, sentence):
                yield Filler(mention, token, by_reference=False)
            return
        if not frame.through and self.references.lexicon.says("names.part", token.lemma_.lower()):
            return
        if is_relative_pronoun(token) or (token.lower_ in _OBJECT_RELATIVE and token.pos_ == "PRON"):
            yield from self._antecedent(token, frame, sentence, other)
            return
        if self.references.is_pair(token):
            yield from (Filler(m, token, by_reference=True) for m in self.references.pair(token, sentence))
            return
        found = _in_phrase(token, frame, sentence) if token.pos_ in {"NOUN", "PROPN", "ADJ"} else ()
        named = [filler for filler in found if not self._is_maker(filler.mention, frame, sentence)]
        if named:
            yield from named
        elif token.dep_ == "appos" and (beside := sentence.mention(token.head)) is not None:
            # "X, the maker spun off from …": what is said of the noun is said of X.
            yield Filler(beside, token.head, by_reference=False)
        elif self.references.is_reference(token):
            referred = self.references.resolve(token, sentence, other)
            if referred is not None:
                yield Filler(referred, token, by_reference=True)

    def _antecedent(self, token: Token, frame: Frame, sentence: Sentence, other: frozenset[str]) -> Iterator[Filler]:
        """The name right before « qui », or the noun that the relative clause hangs on."""
        at = token.i - 1
        while at > sentence.span.start and (token.doc[at].is_punct or token.doc[at] == token.head):
            # "X, of which …": its own preposition stands between.
            at -= 1
        mention = sentence.by_token.get(at)
        if mention is not None:
            yield Filler(mention, token.doc[at], by_reference=False)
            return
        clause = next((t for t in token.ancestors if t.dep_ in _CLAUSE), token.head)
        head = clause.head
        if head != clause and head.i < token.i:
            yield from self._one(head, frame, sentence, other)


def _is_counted(mention: Mention, token: Token) -> bool:
    """Whether it is « 114 Airbus »: products of the maker, not the company."""
    before = token.doc[mention.first - 1] if mention.first and token.dep_ != "compound" else None
    return before is not None and (before.like_num or before.pos_ == "NUM")


def _listed(mention: Mention, sentence: Sentence) -> Iterator[Mention]:
    """The names that follow in one list, « X, Y et d'autres », where the parse lost them."""
    doc, at = sentence.span.doc, mention.last + 1
    found: list[Mention] = []
    while at < sentence.span.end - 1:
        behind = _behind_share(at, sentence)
        following = sentence.by_token.get(at + 1)
        if behind > at or (found and sentence.by_token.get(at) is None and _is_counted_list(mention, sentence)):
            at = behind
            joint = at < sentence.span.end - 1 and (doc[at].text == "," or doc[at].pos_ == "CCONJ")
            following = _next_holder(at + 1, sentence) if joint else None
            if following is None:
                yield from found
                return
            found.append(following)
            at = following.last + 1
            continue
        if doc[at].pos_ == "CCONJ":
            if following is not None and not doc[following.last].dep_.startswith("nsubj"):
                found.append(following)
            yield from found
            return
        if doc[at].text != "," or following is None or following.first != at + 1:
            return
        found.append(following)
        at = following.last + 1


def _is_counted_list(mention: Mention, sentence: Sentence) -> bool:
    """Whether the list that begins with a name gives each its share: « X (52 %), la société Y (13 %) et Z »."""
    return _behind_share(mention.last + 1, sentence) > mention.last + 1


def _behind_share(at: int, sentence: Sentence) -> int:
    """The token behind a bracket with a percentage that opens at `at`; `at` where there is none."""
    doc, end = sentence.span.doc, sentence.span.end
    if at >= end or doc[at].text != "(":
        return at
    closing = next((t.i for t in doc[at + 1 : min(end, at + _BRACKET)] if t.text == ")"), None)
    if closing is None or not any(t.text == "%" or t.lower_ in _PERCENT for t in doc[at + 1 : closing]):
        return at
    return closing + 1


_BRACKET = 6
"""Tokens of a bracket that holds a share."""
_PERCENT = {"percent", "pct", "cent"}


def _next_holder(at: int, sentence: Sentence) -> Mention | None:
    """The next name of a list of holders, behind its article and what it is called (« la société Y »)."""
    doc = sentence.span.doc
    while at < min(sentence.span.end, at + _NEAR) and at not in sentence.by_token:
        if doc[at].pos_ not in {"DET", "NOUN", "ADJ", "PROPN"}:
            return None
        at += 1
    return sentence.by_token.get(at)


def _after_complement(noun: Token, sentence: Sentence) -> int:
    """The token after a noun's bare complement: X in « la chaîne de parfumeries X »."""
    at = noun.i + 1
    while at < sentence.span.end and at <= noun.i + _COMPLEMENT and at not in sentence.by_token:
        token = noun.doc[at]
        if not (token.lower_ in _BARE_OF or token.pos_ == "ADJ" or (token.pos_ == "NOUN" and token.text.islower())):
            break
        at += 1
    return at if noun.doc[at - 1].pos_ != "ADP" else noun.i + 1


def _in_phrase(noun: Token, frame: Frame, sentence: Sentence) -> Iterator[Filler]:
    """Names inside a noun phrase: « la société X », "suppliers such as X and Y", « les services de X »."""
    heads = [
        child
        for child in noun.children
        if child.dep_ in _BARE
        and (frame.through or child.dep_ != "compound")
        and is_bare_name(child, sentence)
        and abs(sentence.by_token[child.i].first - noun.i) <= _NEAR
    ]
    at = noun.i + 1
    while at < sentence.span.end and at < noun.i + _NEAR and noun.doc[at].pos_ == "ADJ" and at not in sentence.by_token:
        at += 1
    if noun.pos_ != "ADJ" and any(child.lower_ in _THE for child in noun.children):
        at = max(at, _after_complement(noun, sentence))
    following = sentence.by_token.get(at)
    if (
        following is not None
        and noun.pos_ in {"NOUN", "PROPN"}
        and following.first == at
        and (frame.through or noun.doc[following.last].dep_ != "nsubj" or noun.dep_.startswith("nsubj"))
    ):
        heads.append(noun.doc[at])
    heads += [obj for prep, obj in prepositions(noun) if prep in _LIST or (frame.through and prep in _OF)]
    heads += [child for child in noun.children if frame.through and child.dep_ == "poss"]
    for head in heads:
        for item in conjuncts(head):
            if (mention := sentence.mention(item)) is not None:
                yield Filler(mention, item, by_reference=False)
                yield from (Filler(m, item.doc[m.last], by_reference=False) for m in _listed(mention, sentence))
