"""Where a role's filler stands relative to its trigger: the places that frames name.

- ``agent``: who does it: subject of an active verb, « par X » of a passive one; for a noun, the agent of
  the verb that it hangs on (« X signe un accord », « X détient 6 % des parts »)
- ``patient``: to whom it is done: object of an active verb, subject of a passive one
- ``bearer``: of whom a noun is said: « X, fournisseur de … », « X est le fournisseur de … »
- ``of``: the complement of a noun: « le fournisseur de X », « son fournisseur », « actions X »
- ``prep:w``: the object of the preposition w
- ``owner``: who a possessive names: "X's N", « son N »
- ``members``: all the names of a list: « entre X et Y »
- ``topic``: the company that the sentence is about, where the noun names no owner (« 6 % des parts »)
- ``subject-of``: the complement of the verb's subject: « les clients de X comprennent … »
- ``hyphen`` and ``head``: X and Y of "X-backed Y"
"""

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.extract.beside import before_verb, is_bare_name, next_name
from kg.extract.lexicon import Lexicon
from kg.extract.reference import References
from kg.extract.sentence import Sentence
from kg.extract.syntax import (
    clause_verb,
    conjuncts,
    is_listed,
    is_passive,
    joined_to,
    main_subject,
    objects,
    prepositions,
    stands_alone,
    subject,
)
from kg.extract.templates import Frame

__all__ = ["Places"]

_BY = {"par", "by"}
_OF = {"de", "of"}
_BETWEEN = {"entre", "between", "among"}
_BECOMES = {"être", "devenir", "rester", "demeurer", "be", "become", "remain", "cesser", "constituer", "stay"}
_LENDS_SUBJECT = {"advcl", "acl", "xcomp", "obl:mod", "ccomp", "ROOT"}
_A = {"un", "une", "des"}
_COMPLEMENT = {"nmod", "pobj", "prep", "conj", "appos", "obl:mod", "obl:arg"}
_DEFINITE = {"le", "la", "l'", "les", "du", "des", "the"}
_ONE_OF = {"l'", "un", "une", "des", "one", "of"}
_NOUN_GROUP = {"DET", "ADJ", "NUM", "ADV"}
_OBJECT = {"obj", "dobj", "obl:arg"}
_CLIMB = 5
_NEAR = 2
"""Tokens from a noun to the bare name that it takes (« actions X », "X chips")."""


def _is_definite(noun: Token) -> bool:
    return any(child.lower_ in _DEFINITE for child in noun.children)


@dataclass(frozen=True, slots=True)
class Places:
    """Finds the tokens at a place, by the parse first and by what stands beside where the parse fails."""

    lexicon: Lexicon
    references: References

    def governor(self, noun: Token, via: Collection[str] = ()) -> Token | None:
        """Return the verb that a noun hangs on, through measures (« 6 % des parts ») and prepositions.

        A participle that hangs on the noun is its verb as well: « un accord signé par X »; so is a noun
        of `via`, the act that the verb would state: « la prise de participation ».
        """
        token, apart = noun, False
        for _ in range(_CLIMB):
            head = joined_to(token)
            if head == token or (token.dep_ == "appos" and head == token.head and not self._misplaced(token)):
                break
            if head.pos_ in {"VERB", "AUX"} and token.dep_ not in {"nsubj", "acl"}:
                return head
            if head.lemma_.lower() in via and head.pos_ == "NOUN":
                return head
            # « un réseau de 32 agences et 40 bus »: the parse joins the buses to the agencies, not to the network.
            apart = apart or (stands_alone(token))
            lends = head.pos_ == "ADP" or token.dep_ in {"conj", "appos"} or self._is_amount(head)
            if not lends and not (apart and token.dep_ in _COMPLEMENT):
                break
            token = head
        return next((c for c in noun.children if c.dep_ == "acl" and c.pos_ == "VERB" and is_passive(c)), None)

    @staticmethod
    def _misplaced(noun: Token) -> bool:
        """Whether an apposition is none: « a accordé à X un prêt », where no comma sets the noun apart."""
        first = min(child.i for child in noun.subtree)
        return is_listed(noun) or (noun.doc[first].lower_ in _A and not noun.doc[max(0, first - 1)].is_punct)

    def at(self, place: str, token: Token, frame: Frame, sentence: Sentence) -> Iterator[Token]:
        """Yield the tokens at a place (the head of this module lists them), nearest in the parse first."""
        if place.startswith("prep:"):
            wanted = place.removeprefix("prep:")
            for head in self._verb_heads(token) if frame.pos == "verb" else self._noun_heads(token):
                yield from (obj for prep, obj in prepositions(head) if prep == wanted and obj != token)
            return
        if place in {"agent", "patient"}:
            verb = token if frame.pos == "verb" else self.governor(token, frame.via)
            if verb is not None and verb.pos_ == "NOUN":
                yield from self._doer(verb, token, frame, sentence) if place == "agent" else self._done_to(verb, token)
                return
            find = self._agent if place == "agent" else self._patient
            yield from () if verb is None else find(verb, sentence)
            return
        if place == "hyphen":
            yield token.nbor(-2)
            return
        if place == "members":
            yield from (obj for prep, obj in prepositions(token) if prep in _BETWEEN)
            yield from (o for prep, o in prepositions(token) if prep in _OF and len(list(conjuncts(o))) > 1)
            yield from self._after(token, _BETWEEN, sentence)
            return
        if place == "owner":
            yield from (child for child in token.children if self._is_possessive(child))
            return
        finders = {
            "bearer": self._bearer,
            "of": self._of,
            "topic": self._topic,
            "subject-of": self._subject_of,
            "head": next_name,
        }
        yield from finders[place](token, sentence)

    def _subject_of(self, verb: Token, sentence: Sentence) -> Iterator[Token]:
        lead = subject(verb)
        if lead is not None:
            yield from self._of(lead, sentence)

    def _is_possessive(self, token: Token) -> bool:
        return token.dep_ == "poss" or self.lexicon.says("reference.possessive", token.lower_)

    def _is_measure(self, token: Token) -> bool:
        return self.lexicon.says("figures.measure", token.lemma_.lower(), token.lower_) or token.like_num

    def _is_amount(self, token: Token) -> bool:
        """Whether it says how much of its complement there is: « la moitié », « une flotte », "thousands"."""
        return self._is_measure(token) or self.lexicon.says("figures.collection", token.lemma_.lower(), token.lower_)

    def _verb_heads(self, verb: Token) -> list[Token]:
        """The verb and its objects, on which a parse may hang what is the verb's: « investir 13 milliards dans X »."""
        lent = (c for c in verb.children if self._is_measure(c) or (c.dep_ in _OBJECT and c.pos_ in {"NOUN", "NUM"}))
        return [verb, *lent]

    def _noun_heads(self, noun: Token) -> list[Token]:
        """The noun, and the verb and measures above it: « prendre 10 % du capital de » lends its complements."""
        verb = self.governor(noun)
        between = [t for t in noun.ancestors if verb is not None and t.i != verb.i and verb in list(t.ancestors)]
        below = [obj for prep, obj in prepositions(noun) if prep in _OF]
        return [noun, *between, *([verb] if verb is not None else []), *below]

    def _agent(self, verb: Token, sentence: Sentence) -> Iterator[Token]:
        if is_passive(verb):
            # « détenu à 34 % par X »: the parse may hang X on the percentage.
            lent = (child for child in verb.children if child.dep_.startswith("obl") or self._is_measure(child))
            for head in (verb, *lent):
                yield from (obj for item in conjuncts(head) for prep, obj in prepositions(item) if prep in _BY)
            return
        lead = self._absolute(verb) or subject(verb)
        if lead is None and verb == sentence.span.root:
            lead = main_subject(sentence.span)
        if lead is None and verb.dep_ in _LENDS_SUBJECT:
            lead = main_subject(sentence.span)
        if lead is not None:
            yield lead
        yield from before_verb(verb, sentence)

    def _doer(self, act: Token, noun: Token, frame: Frame, sentence: Sentence) -> Iterator[Token]:
        """Who does what a noun states: « la prise de participation de X », « sa prise … », or the verb's subject."""
        around = [*prepositions(act), *prepositions(noun)]
        yield from (obj for prep, obj in around if prep in _BY)
        yield from (child for child in act.children if self._is_possessive(child))
        if "of" not in frame.object:
            yield from (obj for prep, obj in around if prep in _OF and obj != noun and noun not in obj.subtree)
        elif any(obj == noun and prep not in _OF for prep, obj in prepositions(act)):
            # « l'entrée de X au capital de Y »
            yield from (obj for prep, obj in prepositions(act) if prep in _OF)
        verb = self.governor(act)
        if verb is not None and verb.pos_ != "NOUN":
            yield from self._agent(verb, sentence)

    @staticmethod
    def _done_to(act: Token, noun: Token) -> Iterator[Token]:
        yield from (obj for prep, obj in prepositions(act) if prep in _OF and obj != noun)

    def _absolute(self, verb: Token) -> Token | None:
        """« …, cette dernière ayant signé »: the word right before a participle, when it is « la dernière »."""
        first = min([child.i for child in verb.children if child.dep_.startswith("aux")], default=verb.i)
        before = verb.doc[first - 1] if first else None
        return before if before is not None and self.references.is_latter(before) else None

    def _patient(self, verb: Token, sentence: Sentence) -> Iterator[Token]:
        if not is_passive(verb):
            yield from objects(verb)
            if verb.i + 1 < sentence.span.end and verb.i + 1 in sentence.by_token:
                yield verb.nbor(1)
            return
        lead = subject(verb)
        if lead is None and verb.dep_ in {"acl", "amod", "acl:relcl"} and verb.head.pos_ in {"NOUN", "PROPN"}:
            lead = verb.head
        if lead is not None and self._is_measure(lead) and verb.dep_ == "acl":
            # "X, 13% owned by Y": the parse hangs the participle on the percentage.
            lead = lead.head if lead.head.i in sentence.by_token else None
        if lead is None:
            lead = main_subject(sentence.span)
        if lead is not None:
            yield lead
        yield from before_verb(verb, sentence)

    def _bearer(self, noun: Token, sentence: Sentence) -> Iterator[Token]:
        cop = any(child.dep_ == "cop" for child in noun.children)
        for child in noun.children:
            if child.dep_ in {"appos", "flat:name", "flat"} or (child.dep_ == "nmod" and is_bare_name(child, sentence)):
                yield child
            if cop and child.dep_ in {"nsubj", "nsubj:pass"}:
                yield child
        # "X and its affiliates": the English parse hangs the "and" on X.
        joined = any(c.dep_ == "cc" and c.i < noun.i for word in (noun, noun.head) for c in word.children)
        if (
            noun.dep_ in {"appos", "conj", "compound", "amod", "nmod"}
            and noun.head.i in sentence.by_token
            and not joined
        ):
            yield noun.head
        verb = noun.head if noun.head.pos_ in {"VERB", "AUX"} else clause_verb(noun)
        if (
            (cop or noun.dep_ in {"attr", "xcomp", "obj", "oprd"})
            and verb is not None
            and verb.lemma_.lower() in _BECOMES
        ):
            yield from self._agent(verb, sentence)
        if noun.dep_ == "amod" and noun.head.pos_ == "NOUN" and noun.head.i not in sentence.by_token:
            yield from self._bearer(noun.head, sentence)
        yield from self._beside(noun, sentence)

    def _beside(self, noun: Token, sentence: Sentence) -> Iterator[Token]:
        """The name that a comma sets beside the noun phrase, whatever the parse: « X, principal N », « son N, X »."""
        doc = noun.doc
        left = noun.i - 1
        while left > sentence.span.start and (doc[left].pos_ in _NOUN_GROUP or doc[left].lower_ in _ONE_OF):
            left -= 1
        if doc[left].text == "," and left - 1 in sentence.by_token:
            yield doc[left - 1]
        elif doc[left].lemma_.lower() in _BECOMES:
            yield from before_verb(doc[left], sentence)
        right = noun.i + 1
        while (
            right < sentence.span.end
            and (doc[right].pos_ in {"ADJ", "CCONJ"} or doc[right].dep_ == "conj")
            and right not in sentence.by_token
        ):
            right += 1
        right += right < sentence.span.end and doc[right].text == ","
        if right < sentence.span.end and right in sentence.by_token:
            yield doc[right]

    def _of(self, noun: Token, sentence: Sentence) -> Iterator[Token]:
        for prep, obj in prepositions(noun):
            if prep in _OF:
                yield obj
                # « le chiffre d'affaires de X »: the parse hangs X on « affaires ».
                yield from (
                    inner for again, inner in prepositions(obj) if again in _OF and obj.i not in sentence.by_token
                )
            elif self._is_measure(obj):
                # « filiale à 100 % de X »
                yield from (inner for again, inner in prepositions(obj) if again in _OF)
        for child in noun.children:
            possessive = self._is_possessive(child)
            bare = child.dep_ in {"nmod", "flat:name", "appos", "compound", "amod", "flat"}
            apart = any(token.is_punct for token in noun.doc[noun.i : child.i])
            if possessive or (bare and not apart and is_bare_name(child, sentence) and abs(child.i - noun.i) <= _NEAR):
                yield child
        following = noun.i + 1
        if following < sentence.span.end and following in sentence.by_token:
            yield noun.doc[following]
        if noun.dep_ in {"conj", "amod"} and noun.head.pos_ == "NOUN":
            # « son partenaire et concurrent », « la maison mère de X »: the head noun owns the complement.
            yield from self._of(noun.head, sentence)

    @staticmethod
    def _after(noun: Token, words: Container[str], sentence: Sentence) -> Iterator[Token]:
        """The names of the list after « entre », where the parse lost them: both of « entre X et Y »."""
        at = noun.i + 1
        while at < sentence.span.end and at <= noun.i + _NEAR and noun.doc[at].lower_ not in words:
            at += 1
        while at + 1 < sentence.span.end and at + 1 in sentence.by_token:
            mention = sentence.by_token[at + 1]
            yield noun.doc[mention.last]
            at = mention.last + 1
            if at >= sentence.span.end or not (noun.doc[at].text == "," or noun.doc[at].pos_ == "CCONJ"):
                return

    def _topic(self, token: Token, sentence: Sentence) -> Iterator[Token]:
        if self._owned(token, sentence):
            return
        lead = main_subject(sentence.span)
        if lead is not None:
            yield lead

    def _owned(self, noun: Token, sentence: Sentence) -> bool:
        """Whether the noun names an owner of its own, so that the sentence's topic is not meant.

        The name right behind a role noun is who bears it: "ahead of rival X".
        """
        inner = (obj for prep, obj in prepositions(noun) if prep in _OF)
        # « la levée de fonds » names what is raised, not who raises it.
        owners = (obj for obj in inner if obj.i in sentence.by_token or obj.pos_ != "NOUN" or _is_definite(obj))
        bearers = {token.i for token in self._bearer(noun, sentence)}
        return any(True for _ in owners) or any(
            token.i in sentence.by_token and token.i not in bearers for token in self._of(noun, sentence)
        )
