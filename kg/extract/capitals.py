"""Whether a capitalised word belongs to a name, or is one only by its place, its sort or its habit."""

import functools
import re
from collections.abc import Callable

from spacy.tokens import Token

from kg.extract.lexicon import Lexicon

__all__ = ["INNER_WORDS", "LEGAL_FORM", "Known", "is_name_token", "is_word", "singular"]

Known = Callable[[str], str | None]
"""Tells what a name is (a class of the ontology) where a register knows it, else None."""

_TYPED = frozenset(
    {"ORG", "MISC", "PER", "PERSON", "LOC", "GPE", "FAC", "PRODUCT", "EVENT", "LAW", "NORP", "LANGUAGE", "WORK_OF_ART"}
)
"""The pipeline's labels for names."""
LEGAL_FORM = re.compile(
    r"(?:Inc|INC|Corp|CORP|CORPORATION|LTD|LIMITED|Corporation|Ltd|Limited|LLC|LLP|PLC|PBC|SA|SAS|SE|NV|AG|GmbH)\.?"
)
"""A company's legal form as a token."""
INNER_WORDS = 3
"""Small words that may stand inside a name, one after the other."""
_ACRONYMS = re.compile(r"[A-Z]{2,}s")
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-Z]|\d[A-Z]|[A-Z]\d|[A-Za-z]\+$|&")


def _is_month(token: Token, lexicon: Lexicon) -> bool:
    return token.lower_ in lexicon.tables["dates.months"] and not token.text.isupper()


def singular(word: str) -> str:
    """An acronym in small letters without the s of its plural ("GPUs" → "gpu"); any other word as it stands."""
    return word[:-1].lower() if _ACRONYMS.fullmatch(word) else word


def _opens(token: Token) -> bool:
    """Whether a word is capitalised by its place alone: it begins a sentence or a quotation."""
    return bool(token.is_sent_start) or (
        token.i > 0 and token.nbor(-1).is_punct and token.nbor(-1).text in {":", "«", "“", '"', "-", "–", "•"}
    )


def is_name_token(token: Token, lexicon: Lexicon, known: Known) -> bool:
    """Whether a word is, by itself or with its neighbours, a part of a name."""
    text = token.text
    if lexicon.says("names.never", token.lower_, singular(text)) or not any(c.isalpha() for c in text):
        return False
    if _is_of_a_people(token, lexicon) and not _is_known(token, known):
        return False
    if _INNER_CAPITAL.search(text):
        return True
    if not text[0].isupper() or _is_month(token, lexicon):
        return False
    if _opens(token):
        return _is_name_at_head(token, lexicon, known)
    # « le Groupe » alone stands for a company named before; « Groupe X » is a name.
    return not _is_kind_word(token, lexicon) or _touches_name(token, lexicon) or _is_known(token, known)


def _is_of_a_people(token: Token, lexicon: Lexicon) -> bool:
    """Whether it says where somebody is from ("the German carmaker", « l'Américain »), which names nobody.

    "American Airlines" is a name: the word leads another capital.
    """
    leads = token.i + 1 < len(token.doc) and token.nbor(1).text[:1].isupper()
    if token.ent_type_ == "NORP" and token.pos_ == "ADJ":
        return True
    if not lexicon.says("names.peoples", *_singulars(token.lower_)):
        return False
    # « L'Américain John Smith » is no name; « Le Parisien » is: it has its article with it.
    titled = token.i > 0 and token.nbor(-1).text in {"Le", "La", "L'", "Les"} and not token.nbor(-1).is_sent_start
    return not titled and (lexicon.lang == "fr" or not leads)


def _singulars(word: str) -> tuple[str, ...]:
    """A French or English adjective of a people as it stands, and without the endings of its forms."""
    bare = word.removesuffix("s")
    return word, bare, bare.removesuffix("e"), bare.removesuffix("ne"), f"{bare.removesuffix('que')}c"


def _is_name_at_head(token: Token, lexicon: Lexicon, known: Known) -> bool:
    """Whether the first word of a sentence, capitalised whatever it is, belongs to a name."""
    following = token.nbor(1) if token.i + 1 < len(token.doc) else None
    joined = following is not None and (
        LEGAL_FORM.fullmatch(following.text) is not None
        or (following.text[:1].isupper() and following.ent_type_ == token.ent_type_ != "")
    )
    if joined or _is_shouted(token) or _is_proper(token, following, lexicon, known):
        return True
    if is_word(token.lower_, lexicon.lang) and token.pos_ in _SMALL | {"ADV", "VERB", "INTJ"}:
        return _is_known(token, known)
    if _is_kind_word(token, lexicon):
        return _leads_name(token, lexicon) or _is_known(token, known)
    named = token.ent_type_ in _TYPED or known(token.text) is not None
    strange = token.pos_ not in _SMALL and not is_word(token.lower_, lexicon.lang)
    return named or (len(token.text) > 1 and strange)


def _is_shouted(token: Token) -> bool:
    """Whether a name in capitals begins with it, legal form and all: "WESTERLY NATURAL FOODS, INC."."""
    for following in token.doc[token.i : token.i + _LONGEST]:
        if LEGAL_FORM.fullmatch(following.text):
            return following.i > token.i
        if not (following.text.isupper() or following.text in {",", "&"}):
            return False
    return False


_LONGEST = 8
"""Tokens of the longest name in capitals."""


def _is_proper(token: Token, following: Token | None, lexicon: Lexicon, known: Known) -> bool:
    """Whether an English common word begins a name of several ("Amber Mining"): the parser takes both for proper."""
    if lexicon.lang != "en" or following is None or not following.text[:1].isupper() or token.text.isupper():
        return False
    both = token.pos_ == following.pos_ == "PROPN" and token.dep_ == "compound" and token.head.i > token.i
    return both and known(following.text) is None and not lexicon.says("names.person", token.lower_)


_SMALL = {"DET", "ADP", "PRON", "SCONJ", "CCONJ", "AUX", "NUM"}


@functools.lru_cache(maxsize=65536)
def is_word(text: str, lang: str) -> bool:
    """Whether a dictionary of the language has the word: "Shares" at the head of a sentence is no name.

    What has no letters at all is no name either.
    """
    import simplemma

    if not text:
        return True
    adverb = lang == "fr" and text.endswith("ment")
    return adverb or bool(simplemma.is_known(text, lang)) or not text.replace("'", "").isalpha()


def _is_kind_word(token: Token, lexicon: Lexicon) -> bool:
    return lexicon.says("names.company", token.lower_) or lexicon.says("names.head", token.lower_)


def _leads_name(token: Token, lexicon: Lexicon) -> bool:
    """Whether a capitalised name follows right after the word, or after « de »."""
    at = token.i + 1
    while at < len(token.doc) and lexicon.says("names.inner", token.doc[at].lower_) and at < token.i + INNER_WORDS:
        at += 1
    return at < len(token.doc) and token.doc[at].text[:1].isupper()


def _touches_name(token: Token, lexicon: Lexicon) -> bool:
    before = token.nbor(-1) if token.i else None
    return _leads_name(token, lexicon) or (before is not None and before.text[:1].isupper() and before.pos_ != "DET")


def _is_known(token: Token, known: Known) -> bool:
    """Whether a register knows the word, alone or with the small letters after it (« Crédit agricole »)."""
    return any(known(token.doc[token.i : token.i + size].text) is not None for size in (1, 2, 3))
