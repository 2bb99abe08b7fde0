"""Frames laid over a parsed sentence: which words state a relation, between which names."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

from spacy.tokens import Token

from kg.extract.fillers import Filler, Fillers
from kg.extract.goods import is_some
from kg.extract.lexicon import Lexicon
from kg.extract.places import Places
from kg.extract.sentence import Sentence
from kg.extract.syntax import conjuncts, is_passive, objects, prepositions, subject
from kg.extract.templates import Frame
from kg.ontology import Relation, ontology

__all__ = ["Match", "Matcher"]


@dataclass(frozen=True, slots=True)
class Match:
    """A frame found in a sentence; `verb` governs the trigger (or is it), `object` may be a figure's place."""

    frame: Frame
    trigger: Token
    verb: Token | None
    subject: Filler
    object: Filler | None
    sentence: Sentence


def _beside(verb: Token) -> Iterator[Token]:
    """The subject of a verb, what its prepositions lead and its infinitives: « parmi ses clients », "to supply"."""
    lead = subject(verb)
    yield from () if lead is None else (lead,)
    yield from (child for child in verb.children if child.dep_ in {"xcomp", "advcl", "obl:arg", "obl:mod", "obl"})
    for head in (verb, *objects(verb)):
        yield from (thing for _, thing in prepositions(head))


_LEADS = frozenset({"agent", "bearer"})
_LIST = frozenset({"members"})
_LISTS = _LIST | {"of", "owner"}
"""Places at which both ends of a symmetric act stand together: "the merger of X and Y", "their merger"."""


def _is_called(noun: Token, frame: Frame) -> bool:
    """Whether a word of the frame modifies the noun: "a supply agreement", « un contrat de fourniture »."""
    near = [*noun.children, *(obj for _, obj in prepositions(noun))]
    return any(word.lemma_.lower() in frame.called for word in near)


@dataclass(frozen=True, slots=True)
class Matcher:
    """Lays the frames of one language over the sentences of one document."""

    lexicon: Lexicon
    places: Places
    fillers: Fillers

    def matches(self, sentence: Sentence, holds: Callable[[Match], bool]) -> Iterator[Match]:
        """Yield the matches of a sentence: of one trigger and one pair of names, the first frame's that holds."""
        if any(self.lexicon.says("modality.never", t.lemma_.lower()) for t in sentence.span):
            return
        for token in sentence.span:
            seen: set[frozenset[str]] = set()
            for frame in self.lexicon.frames_at(token.lemma_.lower(), token.lower_):
                if not self._fits(token, frame, sentence):
                    continue
                for match in self._of_frame(token, frame, sentence):
                    pair = frozenset({match.subject.mention.name, match.object.mention.name if match.object else ""})
                    if pair not in seen and holds(match):
                        seen.add(pair)
                        yield match

    def _fits(self, token: Token, frame: Frame, sentence: Sentence) -> bool:
        if token.i in sentence.by_token:
            return False
        if any(self.lexicon.says("modality.void", child.lemma_.lower()) for child in token.children):
            return False
        if frame.pos == "compound":
            return token.i - 1 > sentence.span.start and token.nbor(-1).text == "-" and token.i - 2 in sentence.by_token
        return self._verb_fits(token, frame) if frame.pos == "verb" else self._noun_fits(token, frame)

    def _verb_fits(self, token: Token, frame: Frame) -> bool:
        if token.pos_ not in {"VERB", "AUX"} or (frame.passive_only and not is_passive(token)):
            return False
        if frame.reflexive and not any(child.lower_ in {"se", "s'"} for child in token.children):
            return False
        if frame.particle is not None and not any(
            child.lower_ == frame.particle and child.dep_ in {"prt", "prep", "advmod"} for child in token.children
        ):
            return False
        if frame.beside and not any(word.lemma_.lower() in frame.beside for word in _beside(token)):
            return False
        return frame.unless != "shares" or not self._sells_shares(token)

    def _noun_fits(self, token: Token, frame: Frame) -> bool:
        if token.pos_ not in {"NOUN", "PROPN", "ADJ"} or (frame.called and not _is_called(token, frame)):
            return False
        verb = self.places.governor(token, frame.via)
        if not frame.via:
            return True
        return verb is not None and verb.lemma_.lower() in frame.via and not self._reads_back(token, verb, frame)

    def _reads_back(self, noun: Token, verb: Token, frame: Frame) -> bool:
        """Whether the name behind the noun made the goods, and is no customer of who operates them.

        « exploite la flotte de X » works for X, « exploite 50 avions X » uses what X delivers.
        """
        if frame.relation != "supplies" or "of" not in frame.object:
            return False
        goods = [noun, *(thing for _, inner in prepositions(noun) for thing in conjuncts(inner))]
        return any(
            other.relation == frame.relation and "of" in other.subject and verb.lemma_.lower() in other.via
            for thing in goods
            if is_some(thing, self.lexicon)
            for other in self.lexicon.frames_at(thing.lemma_.lower(), thing.lower_)
        )

    def _sells_shares(self, verb: Token) -> bool:
        """Whether the object is a share of a company, not goods (« vendre 30 % de X », "sell its stake")."""
        sold = [word for thing in objects(verb) for word in (thing, *(part for _, part in prepositions(thing)))]
        goods = [word for thing in sold for word in (thing, *thing.children)]
        return any(self.lexicon.says("figures.capital", word.lemma_.lower()) or word.text == "%" for word in goods)

    def _of_frame(self, token: Token, frame: Frame, sentence: Sentence) -> Iterator[Match]:
        relation = ontology().relation(frame.relation)
        verb = token if frame.pos in {"verb", "compound"} else self.places.governor(token, frame.via)
        look = _Look(token, frame, sentence)
        if relation.is_figure:
            for filler in self._subjects(look, relation.domain, frozenset()):
                yield Match(frame, token, verb, filler, None, sentence)
            return
        subjects, others = self._both(look, relation)
        pairs = self._among(frame, subjects, others) if relation.symmetric else product(subjects, others)
        for first, second in pairs:
            if first.mention.name != second.mention.name:
                yield Match(frame, token, verb, first, second, sentence)

    def _both(self, look: "_Look", relation: Relation) -> tuple[list[Filler], list[Filler]]:
        """The fillers of both ends; who acts is found first, and no reference on the other side is him again."""
        frame = look.frame
        if _LEADS.isdisjoint(frame.subject) and not _LEADS.isdisjoint(frame.object):
            others = self._fillers(look, frame.object, relation.range, frozenset())
            return self._subjects(look, relation.domain, frozenset(f.mention.name for f in others)), others
        subjects = self._subjects(look, relation.domain, frozenset())
        others = self._fillers(look, frame.object, relation.range, frozenset(f.mention.name for f in subjects))
        if not subjects and others:
            # A reference on the subject's side may have taken the object's name: try again without it.
            subjects = self._subjects(look, relation.domain, frozenset(f.mention.name for f in others))
        if not subjects and others and frame.act and frame.event and "agent" in frame.subject:
            subjects = self._understood(look, relation.domain, others)
        return subjects, others

    def _understood(self, look: "_Look", kinds: Collection[str], others: Sequence[Filler]) -> list[Filler]:
        """Who does what a noun states and nobody is said to do: « le rachat de X » is what the text is about."""
        done = {filler.mention.name for filler in others}
        if any(self.fillers.references.stands_for_company(token) for token in look.sentence.span):
            return []
        named = [m for m in look.sentence.mentions if m.kind == "Company" and m.name not in done]
        topics = self.fillers.references.topics(look.sentence)
        lead = next((m for m in topics if m.fits(kinds) and m.name not in done), None)
        return [] if named or lead is None else [Filler(lead, look.token, by_reference=True)]

    @staticmethod
    def _among(frame: Frame, subjects: Sequence[Filler], objects: Sequence[Filler]) -> Iterator[tuple[Filler, Filler]]:
        """The pairs of a symmetric relation, whose two ends may stand in one list."""
        if not objects and len(subjects) > 1 and (not frame.act or all(filler.listed for filler in subjects)):
            return combinations(subjects, 2)
        if not subjects and all(filler.listed for filler in objects):
            return combinations(objects, 2)
        return product(subjects, objects)

    def _subjects(self, look: "_Look", kinds: Collection[str], other: frozenset[str]) -> list[Filler]:
        found = self._fillers(look, look.frame.subject, kinds, other)
        return [filler for filler in found if self._is_described(filler, look.frame)]

    def _is_described(self, filler: Filler, frame: Frame) -> bool:
        """Whether the text calls the filler by one of the nouns that the frame wants."""
        if not frame.described:
            return True
        mention, doc = filler.mention, filler.token.doc
        near = [*filler.token.children, filler.token.head]
        near += list(doc[mention.last + 1 : mention.last + 6]) + list(doc[max(0, mention.first - 6) : mention.first])
        if any(t.lemma_.lower() in frame.described and t.pos_ in {"NOUN", "PROPN", "ADJ"} for t in near):
            return True
        return any(token.lemma_.lower() in frame.described for token in filler.token.ancestors if token.pos_ == "NOUN")

    def _fillers(
        self, look: "_Look", places: Sequence[str], kinds: Collection[str], other: frozenset[str]
    ) -> list[Filler]:
        for place in places:
            found: dict[str, Filler] = {}
            for candidate in self.places.at(place, look.token, look.frame, look.sentence):
                for filler in self.fillers.of(candidate, look.frame, look.sentence, other):
                    if filler.mention.name not in other and filler.mention.fits(kinds):
                        found.setdefault(
                            filler.mention.name, replace(filler, listed=place in (_LISTS if look.frame.act else _LIST))
                        )
            if found:
                return list(found.values())
        return []


@dataclass(frozen=True, slots=True)
class _Look:
    """A trigger that is being looked at."""

    token: Token
    frame: Frame
    sentence: Sentence
