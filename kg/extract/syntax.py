"""One view of a parsed sentence for all languages: who does it, to whom, with which preposition.

French pipelines speak Universal Dependencies, English ones the CLEAR labels; the rest of the
package sees neither. A *place* is where a role's filler stands relative to a trigger word:

- ``agent``: who does it (subject of an active verb, "par"/"by" of a passive one);
- ``patient``: to whom it is done (object of an active verb, subject of a passive one);
- ``bearer``: of whom a noun is said (apposition, copula, "X devient le N");
- ``of``: the noun's complement ("N de X", "X's N", a bare name right after the noun);
- ``prep:with`` and so on: the object of that preposition, in the language's own word;
- ``lead``: the first of two joined names, ``rest``: the others ("X et Y", subject of a plural).
"""

from collections.abc import Iterator

from spacy.tokens import Span, Token

__all__ = [
    "clause_verb",
    "conjuncts",
    "is_listed",
    "is_passive",
    "is_relative_pronoun",
    "joined_to",
    "main_subject",
    "objects",
    "prepositions",
    "stands_alone",
    "subject",
]

_SUBJECT = {"nsubj", "csubj"}
_PASSIVE_SUBJECT = {"nsubj:pass", "nsubjpass"}
_OBJECT = {"obj", "dobj", "attr", "oprd", "xcomp"}
_OBLIQUE = {
    "obl",
    "obl:arg",
    "obl:mod",
    "obl:agent",
    "nmod",
    "advmod",
    "dep",
    "acl",
    "iobj",
    "nmod:appos",
    "conj",
    "appos",
}
_RELATIVE = {"qui", "who", "which", "that", "lequel"}
_BARE_PARTICIPLE = {"acl", "amod", "ROOT", "advcl", "acl:relcl", "acomp"}
_CONTROLLED = {"xcomp", "advcl", "conj", "acl", "ccomp", "pcomp", "parataxis", "obl:mod", "obl:arg", "acomp"}
# A parse is a tree, but a long chain of control says nothing any more.
_DEPTH = 6


# Pronouns that hold their preposition: « dont il détient 6 % », « que lui livre X ».
_WITHIN = {"dont": "de", "lui": "à"}


def is_relative_pronoun(token: Token) -> bool:
    """Whether the token is a subject pronoun that stands for the noun before it."""
    return token.lower_ in _RELATIVE and token.pos_ in {"PRON", "DET", "SCONJ"}


# Verbs of motion and change take « être » in the active voice: « est entré au capital » is no passive.
_ETRE = {"aller", "arriver", "devenir", "entrer", "monter", "naître", "partir", "passer", "rester", "sortir", "venir"}


def is_passive(verb: Token) -> bool:
    """Whether what stands before the verb is what it is done to."""
    auxiliaries = [child for child in verb.children if child.dep_.startswith("aux")]
    if verb.lemma_ in _ETRE or (any(aux.lemma_ == "avoir" for aux in auxiliaries) and len(auxiliaries) == 1):
        return False
    if any(child.dep_ in _PASSIVE_SUBJECT or child.dep_ in {"aux:pass", "auxpass"} for child in verb.children):
        return True
    if verb.dep_ not in _BARE_PARTICIPLE or not _is_past_participle(verb):
        return False
    return not auxiliaries and not any(child.dep_ == "nsubj" for child in verb.children)


def _is_past_participle(verb: Token) -> bool:
    if verb.tag_ == "VBN":
        return True
    return "Part" in verb.morph.get("VerbForm", []) and "Past" in verb.morph.get("Tense", [])


def _is_infinitive(verb: Token) -> bool:
    return verb.tag_ == "VB" or "Inf" in verb.morph.get("VerbForm", [])


def subject(verb: Token, depth: int = 0) -> Token | None:
    """Return the token that stands as subject of the verb, also where another verb lends it.

    « OpenAI vient de conclure » lends OpenAI to « conclure », "entering …" takes the subject of the
    main verb. None where the sentence names none.
    """
    for child in verb.children:
        if child.dep_ in _SUBJECT or child.dep_ in _PASSIVE_SUBJECT:
            return child
    if depth >= _DEPTH or verb.dep_ not in _CONTROLLED or verb.head == verb:
        return None
    head = verb.head
    if verb.dep_ == "acl" and head.pos_ in {"NOUN", "PROPN", "PRON"}:
        # "won a contract to host …": who won hosts; « un contrat signé … » is what is signed.
        to_do = _is_infinitive(verb) and head.pos_ == "NOUN" and (above := clause_verb(head)) is not None
        return subject(above, depth + 1) if to_do and above is not None else head
    if head.pos_ in {"VERB", "AUX"} or any(child.dep_ == "cop" for child in head.children):
        return subject(head, depth + 1)
    return subject(clause, depth + 1) if (clause := clause_verb(head)) is not None and clause != verb else None


def objects(verb: Token) -> Iterator[Token]:
    """Yield the tokens that stand as objects of the verb."""
    for child in verb.children:
        named = child.dep_ in {"iobj", "dative"} and child.pos_ == "PROPN"
        if named or (child.dep_ in _OBJECT and child.pos_ not in {"VERB", "ADV"}):
            yield child


def prepositions(head: Token) -> Iterator[tuple[str, Token]]:
    """Yield (preposition, its object) for all that hang on `head`; the preposition lower-cased.

    A fixed one is joined with spaces: « auprès de », "out of".
    """
    for child in head.children:
        if child.dep_ in {"prep", "agent", "dative", "dep"} and child.pos_ in {"ADP", "SCONJ", "VERB"}:
            for grandchild in child.children:
                if grandchild.dep_ in {"pobj", "pcomp"}:
                    such = any(word.lower_ == "such" for word in child.children)
                    yield "such as" if such else child.lower_, grandchild
                elif grandchild.dep_ == "prep":
                    yield from ((f"{child.lower_} {prep}", obj) for prep, obj in _bare(grandchild))
        elif child.pos_ == "ADV" and any(c.dep_.startswith(("obl", "nmod")) for c in child.children):
            yield from ((f"{child.lower_} {prep}", obj) for prep, obj in prepositions(child))
        elif child.lower_ in _WITHIN and child.pos_ == "PRON":
            yield _WITHIN[child.lower_], child
        elif child.dep_ in _OBLIQUE:
            case = _case(child)
            if case is not None:
                yield case, child


def _bare(prep: Token) -> Iterator[tuple[str, Token]]:
    for child in prep.children:
        if child.dep_ == "pobj":
            yield prep.lower_, child


_CONTRACTED = {"du": "de", "des": "de", "d'": "de", "au": "à", "aux": "à"}


def _case(token: Token) -> str | None:
    """Return the preposition before a French noun, contractions undone."""
    for child in token.children:
        if child.dep_ == "case" or (child.dep_ in {"mark", "fixed"} and child.pos_ == "ADP"):
            words = [child.lower_, *(c.lower_ for c in child.children if c.dep_ == "fixed")]
            return " ".join(_CONTRACTED.get(word, word) for word in words)
    return None


def conjuncts(token: Token) -> Iterator[Token]:
    """Yield the token and those joined to it, in the order of the text."""
    found = [token]
    for item in found:
        found.extend(child for child in item.children if child.dep_ == "conj" and child not in found)
    yield from sorted(found, key=lambda t: t.i)


_ARTICLES = {"un", "une", "des"}


def stands_alone(noun: Token) -> bool:
    """Whether a joined noun has a number or article and no preposition of its own: « un réseau de gares et 40 bus ».

    The parse joins such a noun to the nearest one, be it a complement of what it stands beside.
    """
    before = [child for child in noun.children if child.i < noun.i]
    if noun.dep_ != "conj" or any(child.dep_ == "case" and child.lower_ not in _ARTICLES for child in before):
        return False
    return any(child.pos_ in {"NUM", "DET"} or child.lower_ in _ARTICLES for child in before)


def is_listed(noun: Token) -> bool:
    """Whether what is parsed as an apposition is the second of a list: "30 hubs, 200 planes and 5,000 trucks"."""
    numbered = (any(child.pos_ == "NUM" for child in thing.children) for thing in (noun, noun.head))
    return all(numbered) and any(child.dep_ in {"cc", "conj"} for child in noun.children)


def joined_to(token: Token) -> Token:
    """Return the token's head, or, of an apposition that "and" leads, what the "and" hangs on.

    "X, which runs 24 sites and over 300 buses, …": the parse sets the buses beside X.
    """
    first = min(child.i for child in token.subtree)
    joint = token.doc[first - 1] if token.dep_ == "appos" and first else token
    return joint.head if joint.pos_ == "CCONJ" and joint.head.i < first else token.head


def clause_verb(token: Token) -> Token | None:
    """Return the nearest verb above the token, or the predicate noun with a copula."""
    for ancestor in token.ancestors:
        if ancestor.pos_ in {"VERB", "AUX"} or any(child.dep_ == "cop" for child in ancestor.children):
            return ancestor
    return None


def main_subject(sentence: Span) -> Token | None:
    """Return the subject of the main clause: the first subject that is no relative pronoun."""
    of_root = subject(sentence.root)
    if of_root is not None and not is_relative_pronoun(of_root):
        return of_root
    for token in sentence:
        named = token.dep_ in _SUBJECT or token.dep_ in _PASSIVE_SUBJECT
        if named and not is_relative_pronoun(token) and token.pos_ in {"NOUN", "PROPN", "PRON", "AUX"}:
            return token
    return None
