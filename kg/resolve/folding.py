"""What stays of a name when only its identity counts."""

import re
import unicodedata

__all__ = ["fold", "has_legal_form", "is_written_as_name", "legal_words"]

_WORD = re.compile(r"[^\W_]+")
# Abbreviated legal forms of the countries whose news we read; a name of nothing else keeps them.
_LEGAL_FORMS = frozenset(
    (
        *("ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "eurl", "gmbh", "group", "groupe"),
        *("holding", "holdings", "inc", "incorporated", "kg", "kgaa", "limited", "llc", "llp", "lp", "ltd", "nv"),
        *("oy", "oyj", "pbc", "plc", "pty", "sa", "sarl", "sas", "sca", "se", "snc", "spa", "srl"),
    )
)
_SMALL = frozenset(
    (
        *("and", "da", "das", "de", "del", "der", "des", "di", "do", "dos", "du", "e", "et", "for", "in", "la", "le"),
        *("les", "of", "on", "the", "und", "van", "von", "y"),
    )
)
"""Words that stay small inside a name."""
_LEADING = frozenset({"the", "groupe", "group"})


def fold(name: str) -> str:
    """Return what stays of a name without case, accents, spaces, hyphens and legal forms.

    >>> fold("Société Générale S.A.") == fold("societe-generale")
    True
    >>> fold("Open AI") == fold("OpenAI"), fold("Groupe TF1") == fold("TF1")
    (True, True)
    """
    words, _ = _words(name)
    return "".join(words)


def has_legal_form(name: str) -> bool:
    """Return whether a name has a legal form, or a word for a group, that `fold` leaves out: then it is a company's.

    >>> has_legal_form("Target Corp."), has_legal_form("Groupe Orange"), has_legal_form("Target")
    (True, True, False)
    """
    return bool(legal_words(name))


def legal_words(name: str) -> frozenset[str]:
    """Return the legal forms and the words for a group that `fold` leaves out of a name.

    >>> sorted(legal_words("Target Group Corp.")), legal_words("Target")
    (['corp', 'group'], frozenset())
    """
    _, left_out = _words(name)
    return left_out


def is_written_as_name(name: str) -> bool:
    """Return whether a text writes a name as one: each word but "of" and its like has a capital or a figure.

    >>> is_written_as_name("Bank of Montreal"), is_written_as_name("monday.com"), is_written_as_name("Best buy")
    (True, False, False)
    """
    words = _WORD.findall(name)
    capitals = [word for word in words if not word.islower()]
    return bool(capitals) and all(word in _SMALL for word in words if word.islower())


def _words(name: str) -> tuple[list[str], frozenset[str]]:
    """The words that identify a name, and the legal forms that stood beside them."""
    plain = name.casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    # S.A. and d.o.o. are one word each; an apostrophe or a hyphen parts two. Canal+ is not Canal.
    words = _WORD.findall(plain.replace(".", "").replace("+", "plus"))
    left_out = set()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        left_out.add(words.pop())
    if len(words) > 1 and words[0] in _LEADING:
        left_out.add(words.pop(0))
    return words, frozenset(left_out) & _LEGAL_FORMS
