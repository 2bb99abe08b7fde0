"""What stands beside a word, whatever the parse: where it fails, the order of the words still tells."""

from collections.abc import Iterator

from spacy.tokens import Token

from kg.extract.sentence import Sentence

__all__ = ["before_verb", "is_bare_name", "next_name"]

_VERB_GROUP = {"AUX", "ADV", "PART", "PRON"}
_PHRASE = 6
"""Tokens from a word to the name that ends its noun phrase."""


def is_bare_name(token: Token, sentence: Sentence) -> bool:
    """Whether the token belongs to a name that no preposition leads."""
    return token.i in sentence.by_token and not any(c.dep_ == "case" for c in token.children)


def before_verb(verb: Token, sentence: Sentence) -> Iterator[Token]:
    """The name right before a verb and its helpers, whatever the parse: « X n'a pas encore signé »."""
    at = verb.i - 1
    while at > sentence.span.start and verb.doc[at].pos_ in _VERB_GROUP and at not in sentence.by_token:
        if verb.doc[at].dep_.startswith("nsubj"):
            return
        at -= 1
    if at in sentence.by_token:
        yield verb.doc[at]
        first = sentence.by_token[at].first
        if first - 2 >= sentence.span.start and verb.doc[first - 1].pos_ == "CCONJ" and first - 2 in sentence.by_token:
            yield verb.doc[first - 2]


def next_name(token: Token, sentence: Sentence) -> Iterator[Token]:
    """The name that follows within a noun phrase: "Nvidia-backed cloud firm CoreWeave"."""
    for at in range(token.i + 1, min(token.i + _PHRASE, sentence.span.end)):
        if at in sentence.by_token:
            yield token.doc[at]
        if at in sentence.by_token or token.doc[at].pos_ not in {"NOUN", "ADJ", "PROPN"}:
            return
