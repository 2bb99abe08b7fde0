"""The English possessive inside names: "Mac's Hardware" and "Cobb's" are names, "Apple's chips" holds one."""

from spacy.tokens import Token

from kg.extract.capitals import Known, is_word
from kg.extract.lexicon import Lexicon

__all__ = ["POSSESSIVES", "ends_name", "is_owned_name", "owner"]

POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
"""The marks of the possessive as tokens."""
_PLACES = frozenset({"GPE", "LOC", "NORP", "ORG"})
_FREE = frozenset({"CCONJ", "ADP", "AUX", "PART", "SCONJ"})
_COMPARED = frozenset({"of", "than", "as", "like", "unlike", "that"})
"""Words before a name whose possessive stands for something left out: "bigger than Google's"."""


def is_owned_name(mark: Token, lexicon: Lexicon, known: Known) -> bool:
    """Whether a possessive stands inside a name.

    The pipeline sees one name, or a common word goes on with a capital that nothing but the name gives it:
    "Mac's Hardware", "the Prairie Educators' Retirement Plan".
    """
    owner, owned = mark.nbor(-1), mark.nbor(1)
    if not owned.text[:1].isupper() or lexicon.lang != "en":
        return False
    if mark.ent_iob_ == owned.ent_iob_ == "I":
        return True
    if not is_word(owned.lower_, lexicon.lang) or owned.text.isupper() or known(owned.text) is not None:
        return False
    if mark.text in {"'", "’"}:
        return owner.text.endswith("s") and is_word(owner.lower_, lexicon.lang)
    alone = owner.ent_type_ not in _PLACES and known(owner.text) is None
    return alone and not lexicon.says("names.person", owned.lower_) and not _is_title(mark)


def _is_title(mark: Token) -> bool:
    """Whether most words of the line have a capital, so that one tells nothing."""
    words = [token for token in mark.doc if token.is_alpha]
    return sum(token.text[:1].isupper() for token in words) * 2 > len(words)


def ends_name(mark: Token, first: int) -> bool:
    """Whether a possessive without anything owned behind it belongs to the name: "sells to Cobb's"."""
    doc = mark.doc
    if mark.text not in {"'s", "’s"} or mark.tag_ != "POS" or mark.nbor(-1).whitespace_:
        return False
    before = doc[first - 1].lower_ if first else ""
    following = doc[mark.i + 1] if mark.i + 1 < len(doc) else None
    free = following is None or (following.is_punct and following.text not in _QUOTES) or following.pos_ in _FREE
    return free and before not in _COMPARED


def owner(name: str) -> str | None:
    """Return whose a possessive is, None for a name without one.

    >>> owner("Zeltan's"), owner("Zeltan"), owner("Mac's Hardware")
    ('Zeltan', None, None)

    """
    bare = name.removesuffix("'s")
    return bare if bare not in {name, ""} else None


_QUOTES = frozenset("\"“«'‘")
