"""The words of a question as a clause: which names and which word that asks stand where, and how they are marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from kg.asking.tokens import Token
from kg.asking.words import Words, plain
from kg.model import Entity

__all__ = ["CONTRACTIONS", "Clause", "Phrase"]

_CONTRACTED = {
    **dict.fromkeys(("du", "des", "d'", "dont", "duquel", "desquels", "desquelles", "whose"), "de"),
    **dict.fromkeys(("au", "aux", "auquel", "auxquels", "auxquelles"), "à"),
}
_OF = {"en": "of", "fr": "de"}
CONTRACTIONS = frozenset(_CONTRACTED)
"""French words that hold a preposition and an article."""
_BY = {"en": "by", "fr": "par"}
_MOVES = frozenset({"entrer", "monter", "devenir", "aller", "venir", "sortir", "rester", "passer", "arriver"})
"""French verbs whose past is made with "être"."""
_NEAR = 4
"""Words, at the most, between a form of "be" and the participle of its passive."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A named company, or the word that asks (`entity` is None), with the preposition that marks it.

    `owns` says that a possessive follows ("X's"), `joins` that it is listed with the one before ("X and Y").
    """

    at: int
    entity: Entity | None
    preposition: str = ""
    owns: bool = False
    joins: bool = False


class Clause:
    """The tokens of a question, dates and figures taken out."""

    def __init__(self, tokens: Sequence[Token], words: Words) -> None:
        self.tokens = tuple(tokens)
        self.words = words
        self.lang = words.lang
        self._found: dict[tuple[str, bool], tuple[tuple[int, ...], ...]] = {}
        self.of, self.by = _OF[words.lang], _BY[words.lang]

    def matches(self, at: int, phrase: Sequence[str]) -> bool:
        """Whether the words of a phrase stand at a place, in any form."""
        part = self.tokens[at : at + len(phrase)]
        return len(part) == len(phrase) and all(
            not token.named and (token.lower == word or word in token.lemmas)
            for token, word in zip(part, phrase, strict=True)
        )

    def find(self, name: str, *, exact: bool = False) -> tuple[tuple[int, ...], ...]:
        """Return the places of each phrase of a list of the language; `exact` ones are printed as they are listed."""
        found = self._found.get((name, exact))
        if found is None:
            found = self._found[name, exact] = tuple(self._find(name, exact=exact))
        return found

    def _find(self, name: str, *, exact: bool) -> Iterator[tuple[int, ...]]:
        taken: set[int] = set()
        for at in range(len(self.tokens)):
            for phrase in self.words.phrases(name):
                places = tuple(range(at, at + len(phrase)))
                told = self.matches(at, phrase) and (
                    not exact or all(self.tokens[i].lower == w for i, w in zip(places, phrase, strict=True))
                )
                if told and taken.isdisjoint(places):
                    taken.update(places)
                    yield places
                    break

    def is_in(self, at: int, name: str) -> bool:
        """Whether the token at a place is printed as a word of a list."""
        token = self.tokens[at]
        return not token.named and (token.lower in self.words.lists[name])

    def is_thing(self, at: int) -> bool:
        """Whether it is a word for companies in general."""
        return self.tokens[at].says(*self.words.lists["thing"])

    def is_apposition(self, at: int) -> bool:
        """Whether it only tells what the name behind it is: "the programme Stargate"."""
        token, cues = self.tokens[at], self.words.cues
        named = at + 1 < len(self.tokens) and bool(self.tokens[at + 1].named) and not token.lower.endswith("s")
        kinds = cues["names.programme"] | cues["names.product"] | cues["names.company"]
        return named and token.says(*kinds) and token.lemmas.isdisjoint(self.words.constructions)

    # ------------------------------------------------------------------------------ marks
    def preposition_before(self, at: int) -> tuple[str, frozenset[int]]:
        """Return the preposition that marks what stands at a place, and where it stands; "" where there is none."""
        at -= 1
        while at >= 0 and not self.tokens[at].named:
            found = self._preposition_at(at)
            if found[0]:
                return found
            # "the company X" is X, « de sociétés X … » is not.
            one = self.is_thing(at) and not self.tokens[at].lower.endswith("s")
            if not (self.is_in(at, "filler") or one or self.is_apposition(at)) or self.tokens[at].lower == "'s":
                break
            at -= 1
        return "", frozenset()

    def _preposition_at(self, end: int) -> tuple[str, frozenset[int]]:
        for phrase in self.words.prepositions:
            start = end - len(phrase) + 1
            if start >= 0 and all(self._is_printed(start + i, word) for i, word in enumerate(phrase)):
                return " ".join(phrase), frozenset(range(start, end + 1))
        contracted = _CONTRACTED.get(self.tokens[end].lower)
        if contracted is not None and self.lang == "fr":
            before = self.tokens[end - 1].lower if end else ""
            if (f"{before} {contracted}").split() in [list(p) for p in self.words.prepositions] and before:
                return f"{before} {contracted}", frozenset({end - 1, end})
            return contracted, frozenset({end})
        return "", frozenset()

    def _is_printed(self, at: int, word: str) -> bool:
        """Whether a word stands at a place, with accents or without; « a » for « à » only before what it can mark."""
        printed = self.tokens[at].lower
        if printed == word or self.tokens[at].named:
            return printed == word
        if printed != "a":
            return plain(printed) == plain(word)
        before = self.tokens[at - 1] if at else None
        marks = at + 1 < len(self.tokens) and (self.tokens[at + 1].named or (at == 0 and self.is_in(at + 1, "asks")))
        verb = before is None or any(lemma.endswith(("er", "ir", "re")) for lemma in before.lemmas)
        return word == "à" and bool(marks) and verb

    @cached_property
    def names(self) -> tuple[Phrase, ...]:
        """The named companies in order; those listed with one before have its mark."""
        found: list[Phrase] = []
        for at, token in enumerate(self.tokens):
            if not token.named:
                continue
            preposition, _ = self.preposition_before(at)
            behind = self.tokens[at + 1].lower if at + 1 < len(self.tokens) else ""
            phrase = Phrase(at, token.named[0], preposition, owns=behind == "'s" and self.lang == "en")
            joins = bool(found) and self._is_joined(found[-1].at, at)
            if joins:
                phrase = replace(phrase, preposition=preposition or found[-1].preposition, joins=True)
            found.append(phrase)
        return tuple(found)

    @cached_property
    def marks(self) -> frozenset[int]:
        """Where the prepositions of the named companies stand."""
        return frozenset().union(*(self.preposition_before(name.at)[1] for name in self.names))

    def _is_joined(self, one: int, other: int) -> bool:
        between = [token.lower for token in self.tokens[one + 1 : other]]
        articles = {"the", "le", "la", "les", "l'", "de", "d'", "du", "'s"}
        return bool(between) and between[0] in self.words.lists["join"] and set(between[1:]) <= articles

    @cached_property
    def asking(self) -> Phrase | None:
        """The word that asks, or the noun of "list the companies that …"; None where nothing asks for a company."""
        for at in range(len(self.tokens)):
            if self.is_in(at, "asks") and not self._is_filler_that(at):
                preposition = self._preposition_at(at - 1)[0] if at else ""
                own = _CONTRACTED.get(self.tokens[at].lower, "")
                mark = preposition or (self.of if own == "de" else own) or self._stranded
                return Phrase(at, None, mark)
        for at in range(len(self.tokens)):
            if self.is_thing(at):
                return Phrase(at, None, self._stranded)
        return None

    def _is_filler_that(self, at: int) -> bool:
        """Whether « que » opens a clause behind a verb, and asks nothing."""
        return (
            self.lang == "fr"
            and self.tokens[at].lower in {"que", "qu'"}
            and at > 0
            and not self.is_in(at - 1, "filler")
        )

    @cached_property
    def _stranded(self) -> str:
        """The preposition that ends an English question: "Who does X sell to?"."""
        last = len(self.tokens) - 1
        while last >= 0 and self.is_in(last, "filler") and not self._preposition_at(last)[0]:
            last -= 1
        if self.lang != "en" or last < 0 or self.tokens[last].named:
            return ""
        return self._preposition_at(last)[0]

    # ------------------------------------------------------------------------------ verbs
    def is_passive(self, at: int) -> bool:
        """Whether a verb is in the passive."""
        token, after = self.tokens[at], [t.lower for t in self.tokens[at + 1 : at + 2]]
        if self.by in after:
            return True
        if token.lower.endswith("ing") or token.lemmas == {token.lower} or token.says(*_MOVES):
            return False
        opens = max((i for i in range(at) if self.tokens[i].lower in {"that", "que", "qu'"}), default=-1)
        words = [i for i in range(opens + 1, at) if self.tokens[i].is_word][-_NEAR:]
        be, have = ("be", "have") if self.lang == "en" else ("être", "avoir")
        forms = [i for i in words if self.tokens[i].says(be, have)]
        reflexive = self.lang == "fr" and any(self.tokens[i].lower in {"se", "s'"} for i in words)
        return bool(forms) and self.tokens[forms[-1]].says(be) and not reflexive

    def subject_of(self, verb: int) -> Phrase | None:
        """Return who does what a verb says, as the order of words tells; None where nobody is named or asked for."""
        asking = self.asking
        # « CoreWeave fournit qui ? »: what asks stands where its answer would.
        opens = -1 if asking is None or asking.at > verb else asking.at
        bare = [n for n in self.names if not n.preposition and not n.owns]
        before = [n for n in bare if opens < n.at < verb]
        if before:
            return before[-1] if not before[-1].joins else before[0]
        after = [n for n in bare if n.at > verb]
        if asking is None:
            return after[0] if after and not bare[0].at < verb else None
        if self.lang == "fr" and after and (asking.preposition or self._is_object(asking.at, verb)):
            return after[0]
        return None if asking.preposition else asking

    def _is_object(self, asks: int, verb: int) -> bool:
        """Whether the word that asks is the object: « que possède X », « quelles sociétés possède X »."""
        word = self.tokens[asks].lower
        if word in {"que", "qu'", "quoi"}:
            return not (asks + 2 < len(self.tokens) and self.tokens[asks + 2].lower == "qui")
        form = self.tokens[verb].lower
        plural = form.endswith(("ent", "ont")) and not form.endswith("ient")
        return word in {"quels", "quelles", "lesquels", "lesquelles"} and not plural and not self.is_passive(verb)
