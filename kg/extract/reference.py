"""What « l'entreprise », "it", « cette dernière » or "its" stand for: the nearest name that fits.

A subject looks first to what the sentence before was about, anything else to the names of its own
sentence. The name that fills the claim's other end is never the answer: nobody is his own supplier.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from kg.extract.lexicon import Lexicon
from kg.extract.names import Mention
from kg.extract.sentence import Sentence, quoted
from kg.extract.syntax import clause_verb, is_relative_pronoun, main_subject, objects, subject

__all__ = ["References"]

_REACH = 2
"""Sentences back that a reference may look."""
_OBJECT = frozenset({"obj", "dobj"})
_AGENTS = frozenset({"Company", "Organisation", "PublicBody"})


@dataclass(frozen=True, slots=True)
class References:
    """Resolves references in the sentences of one document."""

    sentences: Sequence[Sentence]
    lexicon: Lexicon
    filer: Mention | None

    def is_reference(self, token: Token) -> bool:
        """Whether the token is a word that can stand for a company named elsewhere."""
        lexicon = self.lexicon
        if self.is_latter(token):
            return True
        if lexicon.says("reference.pronoun", token.lower_) and token.pos_ == "PRON":
            return token.morph.get("Number", []) != ["Plur"]
        if lexicon.says("reference.first_person", token.lower_):
            return True
        if token.pos_ == "DET" or token.dep_ == "poss":
            return lexicon.says("reference.possessive", token.lower_)
        return lexicon.says("reference.company", token.lemma_.lower()) and self._is_definite(token)

    def stands_for_company(self, token: Token) -> bool:
        """Whether it is a definite noun that means some company, be it clear which or not: « le géant du logiciel »."""
        definite = any(self.lexicon.says("reference.definite", child.lower_) for child in token.children)
        return definite and token.pos_ == "NOUN" and self.lexicon.says("reference.company", token.lemma_.lower())

    def is_latter(self, token: Token) -> bool:
        """Whether it is « cette dernière », "the latter": the last one named."""
        if not self.lexicon.says("reference.latter", token.lemma_.lower(), token.lower_) or not token.i:
            return False
        last = token.i + 1 == len(token.doc) or token.nbor(1).pos_ not in {"NOUN", "PROPN"}
        return last and self.lexicon.says("reference.definite", token.nbor(-1).lower_)

    def is_pair(self, token: Token) -> bool:
        """Whether it is « les deux entreprises », "the two companies": the last two named."""
        if not self.lexicon.says("reference.company", token.lemma_.lower()) or token.pos_ not in {"NOUN", "PROPN"}:
            return False
        return any(self.lexicon.says("reference.two", child.lower_) for child in token.children)

    def pair(self, token: Token, sentence: Sentence) -> Iterator[Mention]:
        """Yield the two companies that « les deux entreprises » stands for, or nothing."""
        before = [m for m in reversed(sentence.mentions) if m.last < token.i]
        at = self._index(sentence)
        for earlier in reversed(self.sentences[max(0, at - _REACH) : at]):
            before += reversed(earlier.mentions)
        names = {m.name: m for m in reversed(before) if m.kind in _AGENTS}
        last = list(dict.fromkeys(m.name for m in before if m.kind in _AGENTS))[:2]
        if len(last) == len("XY"):
            yield from (names[name] for name in reversed(last))

    def _is_definite(self, token: Token) -> bool:
        determiners = [c.lower_ for c in token.children if c.dep_ == "det" or c.pos_ == "DET"]
        contracted = [c.lower_ for c in token.children if c.dep_ == "case" and c.lower_ in {"du", "au"}]
        if token.morph.get("Number", []) == ["Plur"] or token.tag_ == "NNS":
            return False
        if any(child.dep_ in {"nmod", "prep", "poss"} for child in token.children):
            return False
        if any(self.lexicon.says("reference.unlike", child.lemma_.lower()) for child in token.children):
            return False
        return self.lexicon.says("reference.definite", *determiners, *contracted)

    def resolve(self, token: Token, sentence: Sentence, other: frozenset[str]) -> Mention | None:
        """Return the name that the token stands for, none of `other`; None where nothing fits."""
        # A filing says "we", or "the Company" with a capital, of the one that files it.
        if self.lexicon.says("reference.first_person", token.lower_) and quoted(token):
            return self._speaker(token, sentence, other)
        if token.pos_ == "PRON" and token.dep_ in _OBJECT:
            # Nobody sells himself: who does it is not the one it is done to.
            other |= self._doers(token, sentence)
        titled = token.text[:1].isupper() and not token.is_sent_start and token.pos_ in {"NOUN", "PROPN"}
        we = titled or self.lexicon.says("reference.first_person", token.lower_)
        for candidate in () if we else self._candidates(token, sentence):
            if candidate.kind in _AGENTS and candidate.name not in other:
                return candidate
        return None if self.filer is None or self.filer.name in other else self.filer

    def _doers(self, token: Token, sentence: Sentence) -> frozenset[str]:
        """Who does what is done to a pronoun, named or by reference: "It sold it"."""
        lead = subject(token.head)
        if lead is None or lead == token:
            return frozenset()
        mention = sentence.mention(lead)
        if mention is None and is_relative_pronoun(lead):
            mention = sentence.by_token.get(token.head.head.i)
        if mention is None and self.is_reference(lead):
            mention = self.resolve(lead, sentence, frozenset())
        return frozenset() if mention is None else frozenset({mention.name})

    def _speaker(self, token: Token, sentence: Sentence, other: frozenset[str]) -> Mention | None:
        """For whom a quotation speaks: the company named outside it, behind it first."""
        doc = sentence.span.doc
        outside = [
            m for m in sentence.mentions if m.kind in _AGENTS and m.name not in other and not quoted(doc[m.first])
        ]
        behind = [m for m in outside if m.first > token.i]
        return next(iter([*behind, *reversed(outside)]), None)

    @staticmethod
    def _is_told(doc: Doc, mention: Mention) -> bool:
        """Whether it is whom somebody speaks to: « a répondu à l'AFP »."""
        before = {token.lower_ for token in doc[max(0, mention.first - 2) : mention.first]}
        return not before.isdisjoint({"à", "au", "to"})

    def _candidates(self, token: Token, sentence: Sentence) -> Iterator[Mention]:
        before = [m for m in reversed(sentence.mentions) if m.last < token.i]
        if self.is_latter(token):
            yield from before
        elif token is main_subject(sentence.span):
            yield from self._same_place(token, sentence)
            # « Soutenue par X, la société …» speaks of what the text was about, not of X.
            yield from self.topics(sentence)
        else:
            yield from self._joined(token, sentence)
            yield from self._same_place(token, sentence)
            verb = clause_verb(token)
            own = None if verb is None else subject(verb)
            for lead in (own, main_subject(sentence.span)):
                if lead is not None and lead.i in sentence.by_token:
                    yield sentence.by_token[lead.i]
            yield from before
            main = main_subject(sentence.span)
            if main is not None and main != token and self.is_reference(main):
                yield from self._candidates(main, sentence)
        yield from self.topics(sentence)
        yield from before

    @staticmethod
    def _same_place(token: Token, sentence: Sentence) -> Iterator[Mention]:
        """The name that had the pronoun's place in the clause before: "X bought Y and sold it"."""
        verb = clause_verb(token)
        if token.pos_ != "PRON" or verb is None:
            return
        others = [verb.head] if verb.dep_ in {"conj", "advcl", "parataxis", "dep", "ccomp"} else []
        above = clause_verb(verb.head) if verb.dep_ in {"relcl", "acl:relcl"} else None
        others += [above] if above is not None else []
        others += [child for child in verb.children if child.dep_ in {"ccomp", "parataxis"} and child.i < token.i]
        for other in others:
            same = objects(other) if token.dep_ in _OBJECT else iter([subject(other)])
            yield from (m for word in same if word is not None and (m := sentence.mention(word)) is not None)

    def _joined(self, token: Token, sentence: Sentence) -> Iterator[Mention]:
        """The name that « X et son partenaire » joins to its own possessive."""
        if self.lexicon.says("reference.possessive", token.lower_) and token.i > 1 and token.nbor(-1).pos_ == "CCONJ":
            mention = sentence.by_token.get(token.i - 2)
            if mention is not None:
                yield mention

    def topics(self, sentence: Sentence) -> Iterator[Mention]:
        """Yield what the sentences before are about: subjects first, then any name, nearest first."""
        at = self._index(sentence)
        for earlier in reversed(self.sentences[max(0, at - _REACH) : at]):
            lead = earlier.subject_mention()
            if lead is not None:
                yield lead
                continue
            main = main_subject(earlier.span)
            if main is not None and self.is_reference(main):
                yield from self.topics(earlier)
        for earlier in reversed(self.sentences[max(0, at - _REACH) : at]):
            yield from reversed(earlier.mentions)

    def _index(self, sentence: Sentence) -> int:
        return next(i for i, other in enumerate(self.sentences) if other is sentence)
