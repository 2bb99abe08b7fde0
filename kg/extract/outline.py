"""The clauses of a sentence as a tree, for people: each with its verb, who does it, to what, and its own clauses."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.sentence import Sentence
from kg.extract.syntax import is_passive, objects, prepositions, subject

__all__ = ["Clause", "outline"]

_LINKS = {
    "ccomp": "content",
    "xcomp": "content",
    "pcomp": "content",
    "csubj": "subject",
    "advcl": "circumstance",
    "relcl": "relative",
    "acl:relcl": "relative",
    "acl": "relative",
    "conj": "joined",
    "parataxis": "beside",
}
"""What a clause is to the one above it, by its label in the parse."""
_LONGEST = 60
"""Characters of a phrase that are shown."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: what it is to the one above it, its verb, its parts by role as printed, and the clauses in it."""

    link: str
    verb: str
    parts: tuple[tuple[str, str], ...]
    clauses: tuple["Clause", ...]


def outline(sentence: Sentence) -> Clause:
    """Return the clauses of a sentence, the main one holding the others."""
    return _clause(sentence.span.root, "main")


def _clause(verb: Token, link: str) -> Clause:
    inner = [token for token in verb.subtree if token != verb and _above(token) == verb and _opens(token)]
    words = [*(child for child in verb.children if child.dep_.startswith("aux") or child.dep_ in {"neg", "prt"}), verb]
    told = " ".join(token.text for token in sorted(words, key=lambda token: token.i))
    return Clause(
        link,
        told,
        tuple(_parts(verb)),
        tuple(_clause(token, _LINKS[token.dep_]) for token in inner),
    )


def _opens(token: Token) -> bool:
    """Whether a word is the head of a clause of its own."""
    verbal = token.pos_ in {"VERB", "AUX"} or any(child.dep_ == "cop" for child in token.children)
    return token.dep_ in _LINKS and verbal


def _above(token: Token) -> Token:
    """The head of the clause that a word stands in."""
    return next((above for above in token.ancestors if _opens(above)), token.sent.root)


def _parts(verb: Token) -> Iterator[tuple[str, str]]:
    doer = subject(verb)
    if doer is not None:
        yield "done to" if is_passive(verb) else "who", _phrase(doer)
    yield from (("what", _phrase(thing)) for thing in objects(verb) if not _opens(thing))
    yield from ((word, _phrase(thing)) for word, thing in prepositions(verb) if not _opens(thing))


def _phrase(head: Token) -> str:
    """The words that hang on a word, without the clauses among them and the preposition before."""
    kept = {head.i}
    for token in head.subtree:
        own = token.dep_ != "case" or token.head != head
        if own and not any(_opens(one) for one in (token, *token.ancestors) if head.is_ancestor(one)):
            kept.add(token.i)
    text = "".join(head.doc[at].text_with_ws for at in sorted(kept)).strip(" ,;()")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 2]} …"
